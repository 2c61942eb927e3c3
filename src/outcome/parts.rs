//! What each layer and each emitter did.

use std::borrow::Cow;

use serde::Serialize;

use super::Named;
use super::tally::{Estimate, Groups, Tally};
use crate::compile::absorbers;
use crate::counts::{Fate, Sum};
use crate::scene::Scene;

/// Light lost to a layer's host, or to a coherent layer, per launched photon.
#[derive(Debug, Clone, Serialize)]
pub struct LayerOutcome {
    pub host_pump: Estimate,
    pub host_emission: Estimate,
}

/// What an emitter did. Numbers are per launched photon.
#[derive(Debug, Clone, Serialize)]
pub struct EmitterOutcome {
    /// As given in the scene, per absorption event.
    pub plqy: f64,
    /// Absorptions of light from the `pump` and from each emitter, by name.
    pub absorptions: Named<Estimate>,
    pub emissions: Estimate,
    /// Its emission that left by each face.
    pub front_emission: Estimate,
    pub back_emission: Estimate,
    pub edge_emission: Estimate,
    /// Share of its emissions that followed an absorption of its own light.
    pub recycling_efficiency: Estimate,
}

pub fn by_layer(groups: &Groups, scene: &Scene) -> Named<LayerOutcome> {
    let layers = scene.layers.iter().zip(absorbers(scene)).map(|(layer, place)| {
        let lost = |emission| groups.share(|tally| tally.host(place, emission));
        (layer.name.clone().into(), LayerOutcome { host_pump: lost(false), host_emission: lost(true) })
    });
    Named(layers.collect())
}

pub fn by_emitter(groups: &Groups, scene: &Scene) -> Named<EmitterOutcome> {
    let names = emitter_names(scene);
    let events = Events { several: names.len() > 1 };
    let plqy = scene.layers.iter().flat_map(|layer| &layer.emitters).map(|emitter| emitter.plqy);
    let outcomes = plqy.enumerate().map(|(emitter, plqy)| {
        let per_launched = |events: &dyn Fn(&Tally) -> f64| {
            groups.ratio(|tally| [events(tally), tally.launched as f64]) //
        };
        let absorptions = std::iter::once(("pump".into(), None))
            .chain(names.iter().enumerate().map(|(from, name)| (name.clone().into(), Some(from))))
            .map(|(name, from)| (name, per_launched(&|tally| events.absorptions(tally, emitter, from))));
        // An emission leaves at most once, so that these are shares of the photons.
        let left = |face| groups.share(|tally| events.left(tally, emitter, face));
        EmitterOutcome {
            plqy,
            absorptions: Named(absorptions.collect()),
            emissions: per_launched(&|tally| events.emissions(tally, emitter)),
            front_emission: left(0),
            back_emission: left(1),
            edge_emission: left(2),
            recycling_efficiency: groups
                .ratio(|tally| [events.reemissions(tally, emitter), events.emissions(tally, emitter)]),
        }
    });
    let outcomes: Vec<_> = outcomes.collect();
    Named(names.into_iter().map(Cow::Owned).zip(outcomes).collect())
}

/// The light of each of several emitters that left by each face, per launched photon, under the names that it has among
/// all results: `by_emitter.NAME.front_emission`. None of one alone, whose light is all that there is.
pub fn light_by_emitter(groups: &Groups, names: &[String]) -> Vec<(Cow<'static, str>, Estimate)> {
    let several = names.len() > 1;
    let emitters = names.iter().enumerate().filter(|_| several);
    let light = emitters.flat_map(|(emitter, name)| {
        LEFT_BY.iter().enumerate().map(move |(face, key)| {
            let left = groups.share(|tally| Events { several }.left(tally, emitter, face));
            (format!("{BY_EMITTER}{name}.{key}").into(), left)
        })
    });
    light.collect()
}

/// How the names of an emitter's results begin.
pub const BY_EMITTER: &str = "by_emitter.";
/// How those of its light end, by face.
pub const LEFT_BY: [&str; 3] = ["front_emission", "back_emission", "edge_emission"];

/// The emitters' names, in the order of the design; with the layer's where two share one.
pub fn emitter_names(scene: &Scene) -> Vec<String> {
    let pairs: Vec<_> = scene
        .layers
        .iter()
        .flat_map(|layer| layer.emitters.iter().map(|emitter| (&layer.name, &emitter.name)))
        .collect();
    let shared = |name: &str| pairs.iter().filter(|(_, other)| *other == name).count() > 1;
    pairs.iter().map(|(layer, name)| if shared(name) { format!("{layer}.{name}") } else { (*name).clone() }).collect()
}

/// Events of one emitter: from the matrix of several, or from the totals where there is only one.
pub(super) struct Events {
    pub(super) several: bool,
}

impl Events {
    pub(super) fn absorptions(&self, tally: &Tally, emitter: usize, from: Option<usize>) -> f64 {
        let first = tally.sum(Sum::FirstAbsorbed);
        match from {
            _ if self.several => tally.absorbed(emitter, from),
            None => first,
            Some(_) => tally.sum(Sum::Absorptions) - first,
        }
    }

    pub(super) fn emissions(&self, tally: &Tally, emitter: usize) -> f64 {
        if self.several { tally.emissions_of(emitter) } else { tally.sum(Sum::Emissions) }
    }

    fn reemissions(&self, tally: &Tally, emitter: usize) -> f64 {
        if self.several {
            tally.emitted(emitter, Some(emitter))
        } else {
            tally.sum(Sum::Emissions) - tally.sum(Sum::FirstEmitted)
        }
    }

    pub(super) fn left(&self, tally: &Tally, emitter: usize, face: usize) -> f64 {
        if self.several {
            tally.left(emitter, face)
        } else {
            tally.fate([Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission][face])
        }
    }
}
