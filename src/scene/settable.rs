//! The keys that can be set in a scene, and the nearest of them to one that cannot.

use std::borrow::Cow;

use super::keys::{
    DIPOLE, EMITTER, EXTENT, LAYER, ORIENTATION, OUTER, REFLECTOR, SCATTERING, SCENE, SHORT_EMITTER, SOURCE, SPOT,
};
use super::set::join;
use super::tree::{Node, Value};
use super::{emitters, layers};

/// Keys that hold tables listed on their own, or that name what is set.
const NOT_SET: [&str; 7] = ["schema", "front", "back", "source", "layer", "extent", "emitter"];

/// Every key that can be set, present or not, in the order of the scene.
pub(super) fn keys(root: &Node) -> Vec<String> {
    let mut keys = Vec::new();
    each(root, &mut |at, lasts| {
        for last in lasts {
            let path: Vec<&str> = at.iter().copied().chain([last]).collect();
            let key = join(&path);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    });
    keys
}

/// Whether a key can be set.
pub(super) fn knows(root: &Node, path: &[Cow<str>]) -> bool {
    let Some((own, before)) = path.split_last() else { return false };
    let mut found = false;
    each(root, &mut |at, lasts| {
        if before == at {
            for last in lasts {
                found |= own == last;
            }
        }
    });
    found
}

/// The parts of keys before the last one, and all that may come last.
type Tell<'a> = dyn FnMut(&[&str], &mut dyn Iterator<Item = &str>) + 'a;

/// Tells of every key that can be set. Some are told of twice.
fn each(root: &Node, tell: &mut Tell) {
    let mut list = List(tell);
    list.known(&[], SCENE.known);
    for side in ["front", "back"] {
        list.known(&[side], OUTER.known);
        list.known(&[side, "reflector"], REFLECTOR.known);
    }
    list.known(&["source"], SOURCE.known);
    list.known(&["source"], &["layer", "emitter"]);
    list.known(&["source", "spot"], SPOT.known);
    list.present(&["source", "spectrum"], root.get("source").and_then(|source| source.get("spectrum")));
    for (name, layer) in layers::named(root) {
        let at = ["layer", &name];
        list.known(&at, LAYER.known);
        scattering(&mut list, &at, layer.get("scattering"));
        list.present(&[at[0], at[1], "index"], layer.get("index"));
        for key in ["absorption_per_cm", "od_per_cm"] {
            list.values(&[at[0], at[1], key], layer.get(key));
        }
        for (emitter, node) in emitters::named(layer) {
            let at = ["layer", &name, "emitter", &emitter];
            list.known(&at, if node.get("material").is_some() { SHORT_EMITTER.known } else { EMITTER.known });
            list.values(&[at[0], at[1], at[2], at[3], "absorption"], node.get("absorption"));
            list.present(&[at[0], at[1], at[2], at[3], "emission"], node.get("emission"));
            if let Some(dipole) = node.get("dipole") {
                let at = ["layer", &name, "emitter", &emitter, "dipole"];
                list.known(&at, DIPOLE.known);
                list.present(&[at[0], at[1], at[2], at[3], at[4], "position"], dipole.get("position"));
                list.known(&[at[0], at[1], at[2], at[3], at[4], "orientation"], ORIENTATION.known);
            }
        }
    }
    list.known(&["extent"], EXTENT.known);
}

fn scattering(list: &mut List, at: &[&str; 2], node: Option<&Node>) {
    match node {
        Some(Node { value: Value::List(scatterers), .. }) => {
            for (number, node) in scatterers.iter().enumerate() {
                scatterer(list, &[at[0], at[1], "scattering", &(number + 1).to_string()], Some(node));
            }
        }
        _ => scatterer(list, &[at[0], at[1], "scattering"], node),
    }
}

fn scatterer(list: &mut List, at: &[&str], node: Option<&Node>) {
    list.known(at, SCATTERING.known);
    for key in ["mu_s_per_cm", "g"] {
        list.values(&[at, &[key]].concat(), node.and_then(|node| node.get(key)));
    }
}

struct List<'a>(&'a mut Tell<'a>);

impl List<'_> {
    fn known(&mut self, at: &[&str], keys: &[&str]) {
        // The source names a layer and an emitter; elsewhere these words hold tables.
        let names = at == ["source"];
        let may = |key: &&&str| !NOT_SET.contains(*key) || names && ["layer", "emitter"].contains(*key);
        (self.0)(at, &mut keys.iter().filter(may).copied());
    }

    /// The keys of a table of values by wavelength that stands in the scene; it may be scaled, if it is not yet.
    fn values(&mut self, at: &[&str], node: Option<&Node>) {
        self.present(at, node);
        if node.and_then(Node::entries).is_some() {
            self.known(at, &["scale"]);
        }
    }

    /// The keys of a table that stands in the scene, such as the peak of a Gaussian.
    fn present(&mut self, at: &[&str], node: Option<&Node>) {
        (self.0)(at, &mut node.and_then(Node::entries).into_iter().flatten().map(|(key, _)| key.as_str()));
    }
}

/// The message for a key that cannot be set, with those that come nearest.
pub(super) fn unknown(key: &str, known: &[String]) -> String {
    const NEAREST: usize = 3;
    const BEHIND: f64 = 0.05;
    /// What is less alike was not meant.
    const ALIKE: f64 = 0.4;
    let unknown = format!("unknown key '{key}'");
    if key == "schema" {
        return format!("{unknown}; the schema is that of the file and cannot be set");
    }
    let inside: Vec<_> = known.iter().filter(|known| known.starts_with(&format!("{key}."))).take(NEAREST).collect();
    if let [first, ..] = inside[..] {
        return format!("{unknown}; it holds keys of its own, such as {first}");
    }
    let likeness = |candidate: &String| {
        if candidate.ends_with(&format!(".{key}")) {
            1.0
        } else if key.contains('.') {
            strsim::normalized_damerau_levenshtein(key, candidate)
        } else {
            // a key without its table
            let last = candidate.rsplit('.').next().unwrap_or(candidate);
            strsim::normalized_damerau_levenshtein(key, last)
        }
    };
    let mut ranked: Vec<_> = known.iter().map(|candidate| (likeness(candidate), candidate)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = ranked.first().map_or(0.0, |(likeness, _)| *likeness);
    let near: Vec<_> = ranked
        .iter()
        .take_while(|(likeness, _)| *likeness >= best - BEHIND)
        .take(NEAREST)
        .map(|(_, name)| name.as_str())
        .collect();
    if best < ALIKE {
        let example = known.iter().find(|known| known.ends_with("thickness_um")).or(known.first());
        return format!(
            "{unknown}; keys follow the names in the scene, such as {}",
            example.map_or("", String::as_str)
        );
    }
    format!("{unknown}; nearest: {}", near.join(", "))
}
