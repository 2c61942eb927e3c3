//! `--set KEY=VALUE`: keys follow the names in the scene, `layer.film.emitter.dots.plqy`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::settable;
use super::tree::{self, Node, Place, Value};
use super::{emitters, layers};

/// Keys that say the same thing in different ways: setting one takes the others out.
const ALTERNATIVES: [&[&str]; 3] = [
    &["thickness_um", "thickness_nm", "thickness_mm"],
    &["wavelength_nm", "spectrum"],
    &["absorption_per_cm", "od_per_cm"],
];

/// Sets one value in the tree of a scene.
pub(super) fn set(root: &mut Node, key: &str, value: &str) -> Result<(), String> {
    let path = known_path(root, key)?;
    let place = Place::Set(format!("{key}={value}"));
    let node = tree::parse_value(value, &place)?;
    put(root, &path, node)
}

/// Refuses two settings of one thing: the same key twice, or a value in two units.
pub(super) fn only_once(settings: &[(String, String)]) -> Result<(), (usize, String)> {
    for (later, (key, _)) in settings.iter().enumerate() {
        if let Some((key, value)) = settings[..later].iter().find(|(earlier, _)| set_the_same(earlier, key)) {
            return Err((later, format!("sets what --set {key}={value} sets as well; leave one of them out")));
        }
    }
    Ok(())
}

/// Whether two keys set one thing: they are the same, or a value in two units.
pub fn set_the_same(a: &str, b: &str) -> bool {
    let [a, b] = [a, b].map(key_parts);
    let (Some((a, about_a)), Some((b, about_b))) = (a.split_last(), b.split_last()) else { return false };
    let alike = |group: &&[&str]| group.contains(&&**a) && group.contains(&&**b);
    about_a == about_b && (a == b || ALTERNATIVES.iter().any(alike))
}

/// The parts of a key that can be set in this scene.
pub(super) fn known_path<'a>(root: &Node, key: &'a str) -> Result<Vec<Cow<'a, str>>, String> {
    let path = split(key)?;
    names_exist(root, &path)?;
    if !settable::knows(root, &path) {
        return Err(settable::unknown(key, &settable::keys(root)));
    }
    Ok(path)
}

/// The parts of a key between dots; none of a key that could not be set.
pub fn key_parts(key: &str) -> Vec<Cow<'_, str>> {
    split(key).unwrap_or_default()
}

/// The parts of a key between dots; a part in quotes may hold dots.
fn split(key: &str) -> Result<Vec<Cow<'_, str>>, String> {
    let parts = if key.contains(['"', '\'']) {
        split_quoted(key)?.into_iter().map(Cow::Owned).collect()
    } else {
        key.trim().split('.').map(Cow::Borrowed).collect::<Vec<_>>()
    };
    if parts.iter().any(|part| part.is_empty()) {
        return Err(format!("the key '{key}' has an empty part"));
    }
    Ok(parts)
}

fn split_quoted(key: &str) -> Result<Vec<String>, String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for letter in key.trim().chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '.') => parts.push(String::new()),
            _ => parts.last_mut().expect("there is a part").push(letter),
        }
    }
    if quote.is_some() {
        return Err(format!("the quote in the key {key} is not closed"));
    }
    Ok(parts)
}

/// A key from its parts, with quotes about a part that needs them.
pub(super) fn join<S: AsRef<str>>(parts: &[S]) -> String {
    let quoted = |part: &S| {
        let part = part.as_ref();
        match (part.contains(['.', '\'', '"']), part.contains('"')) {
            (false, _) => part.to_owned(),
            (true, false) => format!("\"{part}\""),
            (true, true) => format!("'{part}'"),
        }
    };
    parts.iter().map(quoted).collect::<Vec<_>>().join(".")
}

/// Layers and emitters are looked up by name before the rest of the key is judged.
fn names_exist(root: &Node, path: &[Cow<str>]) -> Result<(), String> {
    let [first, name, rest @ ..] = path else { return Ok(()) };
    if first != "layer" {
        return Ok(());
    }
    let named = layers::named(root);
    let Some((_, layer)) = named.iter().find(|(known, _)| known == name) else {
        return Err(format!("no layer '{name}'; the layers are {}", list(&named)));
    };
    if let [first, emitter, ..] = rest
        && first == "emitter"
    {
        let named = emitters::named(layer);
        if !named.iter().any(|(known, _)| known == emitter) {
            let has = if named.is_empty() { "none".to_owned() } else { list(&named) };
            return Err(format!("no emitter '{emitter}' in layer '{name}', which has {has}"));
        }
    }
    Ok(())
}

fn list(named: &[(Cow<str>, &Node)]) -> String {
    named.iter().map(|(name, _)| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

/// Walks to the table that holds the last part, making tables that are not there, and puts the node.
fn put(at: &mut Node, path: &[Cow<str>], node: Node) -> Result<(), String> {
    let [key, rest @ ..] = path else { return Err("the key is empty".to_owned()) };
    let named = match &**key {
        "layer" => layers::named(at),
        "emitter" => emitters::named(at),
        _ => Vec::new(),
    };
    let position = rest.first().and_then(|name| named.iter().position(|(known, _)| known == name));
    let Value::Table(table) = &mut at.value else {
        return Err(format!("'{key}' lies inside something that is no table"));
    };
    if let Some(position) = position
        && let Some(Node { value: Value::List(list), .. }) = table.get_mut(&**key)
    {
        return put(&mut list[position], &rest[1..], node);
    }
    if rest.is_empty() {
        take_alternatives_out(table, key);
        table.insert(key.to_string(), node);
        return Ok(());
    }
    let empty = || Node { place: node.place.clone(), value: Value::Table(BTreeMap::new()) };
    let inner = table.entry(key.to_string()).or_insert_with(empty);
    if let Value::List(list) = &mut inner.value {
        // Several scatterers are counted from 1: scattering.2.g.
        let item = rest[0].parse::<usize>().ok().and_then(|number| list.get_mut(number.checked_sub(1)?));
        return put(item.ok_or_else(|| format!("'{key}' has no item '{}'", rest[0]))?, &rest[1..], node);
    }
    if key == "orientation" && inner.text().is_some() {
        // a word such as isotropic gives way to the share that it stands for
        inner.value = Value::Table(BTreeMap::new());
    }
    put(inner, rest, node)
}

fn take_alternatives_out(table: &mut BTreeMap<String, Node>, key: &str) {
    for group in ALTERNATIVES.iter().filter(|group| group.contains(&key)) {
        // A table of points has a wavelength_nm too; there it stands beside its values.
        if !table.contains_key("value") && !table.contains_key("n") && !table.contains_key("per_cm") {
            group.iter().for_each(|other| drop(table.remove(*other)));
        }
    }
}
