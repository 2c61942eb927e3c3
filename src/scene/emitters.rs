//! Emitters of a layer: with explicit numbers, or from the library by material and concentration.

use std::borrow::Cow;

use super::curves;
use super::dipoles;
use super::files::Files;
use super::keys::{ABSORPTION, EMITTER, SHORT_EMITTER};
use super::layers::base_e;
use super::library::{self, Particles};
use super::reader::{Limits, Reader};
use super::spectra;
use super::tree::{Node, Value};
use super::{Emitter, Scatterer};
use crate::material::OpticalConstants;
use crate::spectrum::Curve;

/// What particles find around them.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub index: &'a Curve,
    pub extinction: Option<&'a Curve>,
    pub density_g_per_cm3: Option<f64>,
    pub coherent: bool,
    pub thickness_um: Option<f64>,
}

/// All that a layer's emitters bring to it.
#[derive(Default)]
pub(super) struct Brought {
    pub emitters: Vec<Emitter>,
    /// Haze of library particles.
    pub haze: Vec<Scatterer>,
    /// Core volume fraction and core index of library particles.
    pub inclusions: Vec<(f64, OpticalConstants)>,
}

/// The nodes of `[[layer.emitter]]` in a layer, with the names that messages and `--set` use.
pub(super) fn named(layer: &Node) -> Vec<(Cow<'_, str>, &Node)> {
    let Some(Node { value: Value::List(list), .. }) = layer.get("emitter") else { return Vec::new() };
    let named = list.iter().enumerate().map(|(i, node)| {
        let name = node.get("name").or(node.get("material")).and_then(Node::text);
        (name.map_or_else(|| Cow::Owned(format!("emitter{}", i + 1)), Cow::Borrowed), node)
    });
    named.collect()
}

const IN_WAVES: &str = "a library emitter brings absorption and haze of its own; in a coherent layer, where k is all of \
                        it, give name, plqy and emission";

/// Reads all emitters of a layer; `None` where one could not be read.
pub(super) fn read_all(layer: &Reader, host: Option<Host>, files: &Files) -> Option<Brought> {
    if let Some(node) = layer.get("emitter")
        && !matches!(node.value, Value::List(_))
    {
        layer.problem(&node.place, "emitter must be a list of tables: write [[layer.emitter]]");
    }
    let mut read = Vec::new();
    let mut complete = true;
    for (name, node) in named(layer.node) {
        let one = read_one(layer, &name, node, host, files);
        complete &= one.is_some();
        read.extend(one);
    }
    let mut brought = Brought::default();
    for (i, one) in read.iter().enumerate() {
        match one {
            Read::Explicit(emitter) => brought.emitters.push(emitter.clone()),
            Read::Particles(particles) => {
                let beside = read.iter().enumerate().filter(|(j, _)| *j != i);
                let beside = beside.filter_map(|(_, other)| match other {
                    Read::Particles(other) => Some(other.weighed()),
                    Read::Explicit(_) => None,
                });
                let beside: Vec<_> = beside.collect();
                complete &= host.and_then(|host| particles.disperse(host, &beside, &mut brought)).is_some();
            }
        }
    }
    complete.then_some(brought)
}

/// An emitter, as far as it is known without those beside it.
enum Read<'a> {
    Explicit(Emitter),
    Particles(Particles<'a>),
}

fn read_one<'a>(layer: &Reader<'a>, name: &str, node: &'a Node, host: Option<Host>, files: &Files) -> Option<Read<'a>> {
    let context = format!("{}emitter '{name}': ", layer.context);
    let short = node.get("material").is_some();
    let keys = if short { &SHORT_EMITTER } else { &EMITTER };
    let table = Reader::new(node, context, keys, layer.log)?;
    let coherent = host.is_some_and(|host| host.coherent);
    if coherent && short {
        table.problem(&node.place, IN_WAVES);
        return None;
    }
    if host.is_some() && !coherent {
        table.refuse(&["dipole"], "needs a coherent layer: write coherent = true in the layer");
    }
    if short {
        library::read(table, name).map(Read::Particles)
    } else {
        explicit(&table, name, host, files).map(Read::Explicit)
    }
}

fn explicit(table: &Reader, name: &str, host: Option<Host>, files: &Files) -> Option<Emitter> {
    if table.require("name").is_some() && table.text("name").is_some_and(str::is_empty) {
        table.problem(table.place, "name must not be empty");
    }
    let plqy = table.required_number("plqy", Limits::SHARE);
    let absorption_per_cm = match host {
        Some(host) if host.coherent && !table.has("absorption") => Some(dipoles::all_of(host.extinction)),
        _ => absorption(table, files),
    };
    let emission = table.require("emission").and_then(|_| spectra::read(table, "emission", false, files));
    let lifetime_ns = table.number("lifetime_ns", Limits::POSITIVE);
    if host.is_some_and(|host| host.coherent && host.extinction.is_none())
        && absorption_per_cm.as_ref().is_some_and(|absorption| !matches!(absorption, Curve::Constant(0.0)))
    {
        let why = "absorption has no effect: k is all that a coherent layer absorbs, and this one has none";
        table.log.note(format!("{}{why}", table.context));
    }
    let dipole = match host.filter(|host| host.coherent && table.has("dipole")) {
        Some(host) => Some(dipoles::read(table, host, emission.as_ref())?),
        None => None,
    };
    Some(Emitter {
        name: name.to_owned(),
        plqy: plqy?,
        absorption_per_cm: absorption_per_cm?,
        emission: emission?,
        lifetime_ns,
        dipole,
    })
}

/// A number in 1/cm, or a table with `per_cm` (base e) or `od_per_cm` (decadic), or a file that says which by `unit`.
fn absorption(table: &Reader, files: &Files) -> Option<Curve> {
    let node = table.require("absorption")?;
    let values = match (node.get("file"), node.get("per_cm"), node.get("od_per_cm")) {
        (None, Some(_), Some(_)) => {
            table.problem(&node.place, "absorption: give per_cm or od_per_cm, not both");
            return None;
        }
        (None, None, Some(_)) => "od_per_cm",
        (None, ..) => "per_cm",
        (Some(_), ..) => unit(&table.enter(node, "absorption", &ABSORPTION)?)?,
    };
    if let (None, Some(unit)) = (node.get("file"), node.get("unit")) {
        table.problem(&unit.place, "absorption: unit goes with file; points say it by per_cm or od_per_cm");
    }
    let keys = (&ABSORPTION, values);
    let curve = curves::number_or_table(table, (node, "absorption"), keys, Limits::COEFFICIENT, files)?;
    Some(if values == "od_per_cm" { base_e(curve) } else { curve })
}

/// What the values of a file of absorption are.
fn unit(absorption: &Reader) -> Option<&'static str> {
    if !absorption.has("unit") {
        let why = "a file needs unit = \"per_cm\" (base e) or \"od_per_cm\" (decadic)";
        absorption.problem(absorption.place, why);
    }
    absorption.word("unit", &[("per_cm", "per_cm"), ("od_per_cm", "od_per_cm")], &[])
}
