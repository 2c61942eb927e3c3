//! The layers of the stack.

use std::borrow::Cow;

use super::curves;
use super::emitters::{self, Host};
use super::files::Files;
use super::indices::{self, Index, Light};
use super::keys::{LAYER, SCATTERING};
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use super::{Layer, Scatterer};
use crate::material;
use crate::spectrum::Curve;

/// The nodes of `[[layer]]`, with the names that messages and `--set` use.
pub(super) fn named(scene: &Node) -> Vec<(Cow<'_, str>, &Node)> {
    let Some(Node { value: Value::List(list), .. }) = scene.get("layer") else { return Vec::new() };
    let named = list.iter().enumerate().map(|(i, node)| {
        let name = node.get("name").and_then(Node::text);
        (name.map_or_else(|| Cow::Owned(format!("layer{}", i + 1)), Cow::Borrowed), node)
    });
    named.collect()
}

/// One layer; `None` where a part of it could not be read.
pub(super) fn read(scene: &Reader, name: &str, node: &Node, files: &Files) -> Option<Layer> {
    let layer = Reader::new(node, format!("layer '{name}': "), &LAYER, scene.log)?;
    if let Some(node) = layer.get("name")
        && layer.text("name").is_some_and(str::is_empty)
    {
        layer.problem(&node.place, "name must not be empty");
    }
    let coherent = layer.has("coherent") && layer.flag("coherent")?;
    let thickness_um = thickness_um(&layer, coherent);
    let host = index(&layer, if coherent { Light::Waves } else { Light::Rays }, files);
    if coherent {
        layer.refuse(&["scattering"], "has no place in a coherent layer");
        layer.refuse(
            &["absorption_per_cm", "od_per_cm"],
            "has no place in a coherent layer: k of its index is all of it",
        );
    }
    let absorption_per_cm = absorption(&layer, files);
    let mut scatterers = scattering(&layer, files);
    let effective = match layer.get("effective_index") {
        None => Some(true),
        Some(_) => layer.word("effective_index", &[("on", true), ("off", false)], &[]),
    };
    let density_g_per_cm3 = layer.number("density_g_per_cm3", Limits::DENSITY);

    let density = density_g_per_cm3.or(host.as_ref().and_then(|host| host.density_g_per_cm3));
    let around = host.as_ref().map(|host| Host {
        index: &host.n,
        extinction: host.k.as_ref(),
        density_g_per_cm3: density,
        coherent,
        thickness_um,
    });
    let brought = emitters::read_all(&layer, around, files)?;
    let Index { n, k, .. } = host?;
    scatterers.as_mut()?.extend(brought.haze);
    let index = if effective? && !brought.inclusions.is_empty() {
        // It is stated wherever the host and the emitters are, which are held against the scene's light themselves.
        material::effective_index(&n, &brought.inclusions)
    } else {
        n
    };
    Some(Layer {
        name: name.to_owned(),
        thickness_um: thickness_um?,
        coherent,
        index,
        extinction: k,
        absorption_per_cm: absorption_per_cm?,
        scatterers: scatterers?,
        emitters: brought.emitters,
    })
}

fn thickness_um(layer: &Reader, coherent: bool) -> Option<f64> {
    const UNITS: [(&str, f64); 3] = [("thickness_um", 1.0), ("thickness_nm", 1e-3), ("thickness_mm", 1e3)];
    let given: Vec<_> = UNITS.iter().filter(|(key, _)| layer.has(key)).collect();
    let [(key, um)] = given[..] else {
        let keys: Vec<_> = given.iter().map(|(key, _)| *key).collect();
        if keys.is_empty() {
            layer.problem(layer.place, "thickness is missing: thickness_um, thickness_nm or thickness_mm");
        } else {
            layer.problem(layer.place, format_args!("give one thickness, not {}", keys.join(" and ")));
        }
        return None;
    };
    let thickness_um = um * layer.required_number(key, Limits::POSITIVE)?;
    // From a hundredth of an atom to ten metres: what f32 can hold beside its neighbours.
    if !(1e-6..=1e7).contains(&thickness_um) {
        let place = &layer.get(key)?.place;
        layer.problem(place, format_args!("{key} must give 1e-6..=1e7 um, got {thickness_um} um"));
        return None;
    }
    if thickness_um < 1.0 && !coherent {
        layer.log.note(format!(
            "{}{thickness_um} um is thin for rays; interference is left out (coherent = true takes it in)",
            layer.context
        ));
    }
    Some(thickness_um)
}

fn index(layer: &Reader, light: Light, files: &Files) -> Option<Index> {
    layer.require("index")?;
    indices::read(layer, "index", light, files)
}

/// Parasitic absorption; a decadic one is multiplied by ln 10.
fn absorption(layer: &Reader, files: &Files) -> Option<Curve> {
    match (layer.get("absorption_per_cm"), layer.get("od_per_cm")) {
        (None, None) => Some(Curve::Constant(0.0)),
        (Some(_), None) => curves::read(layer, "absorption_per_cm", Limits::COEFFICIENT, files),
        (None, Some(_)) => curves::read(layer, "od_per_cm", Limits::COEFFICIENT, files).map(base_e),
        (Some(_), Some(node)) => {
            layer.problem(&node.place, "give absorption_per_cm or od_per_cm, not both");
            None
        }
    }
}

/// A decadic coefficient as one to base e.
pub(super) fn base_e(decadic: Curve) -> Curve {
    match decadic {
        Curve::Constant(value) => Curve::Constant(value * std::f64::consts::LN_10),
        other => Curve::Scaled(std::f64::consts::LN_10, Box::new(other)),
    }
}

/// One scatterer or a list of several.
fn scattering(layer: &Reader, files: &Files) -> Option<Vec<Scatterer>> {
    let Some(node) = layer.get("scattering") else { return Some(Vec::new()) };
    match &node.value {
        Value::List(list) => {
            let read = |(i, node): (usize, &Node)| scatterer(layer, node, &format!("scattering {}", i + 1), files);
            // All of them are read before any is given up, so that every problem is logged.
            list.iter().enumerate().map(read).collect::<Vec<_>>().into_iter().collect()
        }
        _ => scatterer(layer, node, "scattering", files).map(|one| vec![one]),
    }
}

fn scatterer(layer: &Reader, node: &Node, label: &str, files: &Files) -> Option<Scatterer> {
    if node.get("kind").and_then(Node::text) == Some("mie") {
        layer.problem(
            &node.place,
            format_args!("{label}: kind = \"mie\" comes in a later version; give mu_s_per_cm and g"),
        );
        return None;
    }
    let table = layer.enter(node, label, &SCATTERING)?;
    table.word("kind", &[("hg", ())], &[]);
    let (mu_s, g) = (table.require("mu_s_per_cm"), table.require("g"));
    let mu_s_per_cm = mu_s.and_then(|_| curves::read(&table, "mu_s_per_cm", Limits::COEFFICIENT, files));
    let g = g.and_then(|_| curves::read(&table, "g", Limits::ANISOTROPY, files));
    Some(Scatterer { mu_s_per_cm: mu_s_per_cm?, g: g? })
}
