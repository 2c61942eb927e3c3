//! Which designs share a transport: those that differ in nothing but the PLQY of one emitter.

use std::collections::HashMap;

use super::plan::Plan;
use crate::scene::{Document, Scene};

/// Designs that one transport answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Transport {
    /// Their places in the plan.
    pub designs: Vec<usize>,
    /// Each design's PLQY of the emitter that is watched; empty where a design is run as it is.
    pub plqy: Vec<f64>,
}

impl Transport {
    pub fn direct(design: usize) -> Self {
        Self { designs: vec![design], plqy: Vec::new() }
    }
}

/// The emitter whose PLQY is varied, where it is exactly one: number of the key, layer and emitter.
#[derive(Debug, Clone)]
pub struct Watched {
    key: usize,
    layer: String,
    emitter: String,
}

impl Watched {
    pub fn of(document: &Document, plan: &Plan) -> Option<Self> {
        let varied = plan.keys.iter().enumerate();
        let mut found = varied.filter_map(|(key, varied)| {
            let (layer, emitter) = document.plqy_of(&varied.key)?;
            Some(Self { key, layer, emitter })
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// Its number among the emitters of a scene.
    pub fn number(&self, scene: &Scene) -> Option<usize> {
        let emitters = scene.layers.iter().flat_map(|layer| layer.emitters.iter().map(move |own| (layer, own)));
        emitters.into_iter().position(|(layer, own)| layer.name == self.layer && own.name == self.emitter)
    }
}

/// All transports of a plan, in the order of their first designs.
pub fn transports(plan: &Plan, watched: Option<&Watched>) -> Vec<Transport> {
    let Some(watched) = watched else { return (0..plan.len()).map(Transport::direct).collect() };
    let mut places = HashMap::new();
    let mut transports: Vec<Transport> = Vec::new();
    for design in 0..plan.len() {
        let mut values = plan.values(design);
        let Ok(plqy) = values.remove(watched.key).parse() else {
            transports.push(Transport::direct(design));
            continue;
        };
        let place = *places.entry(values).or_insert(transports.len());
        if place == transports.len() {
            transports.push(Transport { designs: Vec::new(), plqy: Vec::new() });
        }
        transports[place].designs.push(design);
        transports[place].plqy.push(plqy);
    }
    // one alone gains nothing
    transports.iter_mut().filter(|own| own.designs.len() == 1).for_each(|own| own.plqy.clear());
    transports
}
