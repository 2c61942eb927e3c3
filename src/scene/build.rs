//! The tree of a scene file as a [`Scene`], or everything that is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::files::Files;
use super::keys::SCENE;
use super::problem::{Log, Problem};
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use super::{Layer, Polarisation, Recycling, Scene, Side, emitters, layers, outer, ranges, remarks, sources};

/// Tables grow with the product of both, and counts with the square of emitters.
const MOST_LAYERS: usize = 1000;
const MOST_EMITTERS: usize = 100;

pub(super) fn scene(root: &Node, files: &Files) -> Result<Scene, Vec<Problem>> {
    let log = Log::default();
    let scene = read(root, files, &log);
    if let Some(scene) = &scene {
        ranges::check(scene, &log);
    }
    if let Some(scene) = scene.as_ref().filter(|_| !log.has_problems()) {
        remarks::note(scene, &log);
    }
    let (problems, notes) = log.into_parts();
    match scene {
        Some(scene) if problems.is_empty() => Ok(Scene { notes, ..scene }),
        _ => Err(problems),
    }
}

fn read(root: &Node, files: &Files, log: &Log) -> Option<Scene> {
    let scene = Reader::new(root, String::new(), &SCENE, log)?;
    schema(&scene);
    let recyclings = [("on", Recycling::On), ("lost", Recycling::Lost), ("transparent", Recycling::Transparent)];
    let recycling =
        if scene.has("recycling") { scene.word("recycling", &recyclings, &[]) } else { Some(Recycling::On) };
    let title = if scene.has("title") { scene.text("title") } else { Some("") };

    let front = outer::read(&scene, "front", files);
    let back = outer::read(&scene, "back", files);
    let extent = outer::extent(&scene, front.as_ref().map(|front| &front.index), files);
    let (names, stack) = stack(&scene, files);
    let polarisation = polarisation(&scene, &stack);
    let source = sources::read(&scene, &stack, &names, extent.as_ref(), files);
    let output = match scene.get("output") {
        Some(_) => scene.word("output", &[("front", Side::Front), ("back", Side::Back)], &[]),
        // Where the back is a mirror, the light that is wanted leaves by the front.
        None if back.as_ref().is_some_and(|back| back.reflector.is_some()) => Some(Side::Front),
        None => Some(Side::Back),
    };
    Some(Scene {
        title: title?.to_owned(),
        polarisation: polarisation?,
        recycling: recycling?,
        output: output?,
        front: front?,
        back: back?,
        source: source?,
        layers: stack.into_iter().collect::<Option<_>>()?,
        extent,
        notes: Vec::new(),
    })
}

fn schema(scene: &Reader) {
    if let Some(node) = scene.require("schema")
        && scene.number_in(node, "schema", Limits::NOT_NEGATIVE).is_some_and(|schema| schema != 1.0)
    {
        scene.problem(&node.place, format_args!("schema must be 1, got {}", node.value));
    }
}

/// Tracked by default where there are coherent layers, which tell s from p most.
fn polarisation(scene: &Reader, stack: &[Option<Layer>]) -> Option<Polarisation> {
    let coherent = stack.iter().any(|layer| layer.as_ref().is_none_or(|layer| layer.coherent));
    if !scene.has("polarisation") {
        return Some(if coherent { Polarisation::Track } else { Polarisation::Average });
    }
    scene.word("polarisation", &[("average", Polarisation::Average), ("track", Polarisation::Track)], &[])
}

/// The layers and their names; a layer that could not be read is `None`.
fn stack(scene: &Reader, files: &Files) -> (Vec<String>, Vec<Option<Layer>>) {
    match scene.get("layer") {
        None => scene.problem(scene.place, "there is no layer: write [[layer]]"),
        Some(Node { value: Value::List(list), place }) if list.is_empty() => {
            scene.problem(place, "there is no layer: write [[layer]]");
        }
        Some(Node { value: Value::List(_), .. }) => {}
        Some(node) => scene.problem(&node.place, "layer must be a list of tables: write [[layer]]"),
    }
    let named = layers::named(scene.node);
    let emitters: usize = named.iter().map(|(_, layer)| emitters::named(layer).len()).sum();
    for (number, most, what) in [(named.len(), MOST_LAYERS, "layers"), (emitters, MOST_EMITTERS, "emitters")] {
        if number > most {
            scene.problem(scene.place, format_args!("has {number} {what}; tables are made for at most {most}"));
            return (Vec::new(), vec![None]);
        }
    }
    unique_names(scene, &named);
    let stack = named.iter().map(|(name, node)| layers::read(scene, name, node, files)).collect();
    (named.into_iter().map(|(name, _)| name.into_owned()).collect(), stack)
}

/// Layers are addressed by name, and totals of emitters are kept by name.
fn unique_names(scene: &Reader, named: &[(Cow<str>, &Node)]) {
    let mut layer_names = BTreeMap::new();
    let mut emitter_names = BTreeMap::new();
    for (at, (layer, node)) in named.iter().enumerate() {
        if layer_names.insert(layer, at).is_some() {
            scene.problem(&node.place, format_args!("layer '{layer}': another layer has this name; give each its own"));
        }
        for (emitter, node) in emitters::named(node) {
            if emitter == "host" {
                let why = "the name 'host' is kept for the layer's own absorption; choose another";
                scene.problem(&node.place, format_args!("layer '{layer}': emitter '{emitter}': {why}"));
            }
            let Some(before) = emitter_names.insert(emitter.clone(), at) else { continue };
            let other = &named[before].0;
            let whose = if before == at { "this layer".to_owned() } else { format!("layer '{other}'") };
            scene.problem(
                &node.place,
                format_args!(
                    "layer '{layer}': emitter '{emitter}': {whose} has an emitter of this name; \
                     totals are kept by name, so give each its own: name = \"...\""
                ),
            );
        }
    }
}
