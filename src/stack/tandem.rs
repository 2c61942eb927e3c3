//! Units of a tandem: emitting layers one above the other, each of which makes light of every pair of charges.

use serde::Serialize;

use super::StackProblem;
use super::dipoles::{Detail, Emission};
use super::led::Colour;
use crate::outcome::Named;
use crate::scene::{Scene, SourceKind};

/// A device whose units stand in series. What one unit absorbs of another's light is lost here.
#[derive(Debug, Clone, Serialize)]
pub struct Tandem {
    /// By layer, in the order of the scene.
    pub units: Named<Unit>,
    /// Photons per injected pair of charges, from all units together: up to 1 each.
    pub eqe: f64,
    /// ... where each unit emits again what it takes back of its own light.
    pub eqe_with_recycling: f64,
    /// Of the light of all units; `None` where none can be seen.
    pub colour: Option<Colour>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Unit {
    pub emitter: String,
    pub outcoupling_efficiency: f64,
    pub effective_plqy: f64,
    pub eqe: f64,
    pub eqe_with_recycling: f64,
    pub mean_emission_nm: f64,
}

impl Tandem {
    /// `None` where the source is no current, or fewer than two layers have a dipole, or one has several.
    pub(super) fn of(scene: &Scene) -> Result<Option<Self>, StackProblem> {
        let SourceKind::Electroluminescence { .. } = scene.source.kind else { return Ok(None) };
        let dipoles = |layer: &crate::scene::Layer| {
            let all = layer.emitters.iter().enumerate();
            all.filter(|(_, emitter)| emitter.dipole.is_some()).map(|(number, _)| number).collect::<Vec<_>>()
        };
        let all = scene.layers.iter().enumerate().map(|(layer, own)| (layer, dipoles(own)));
        let layers: Vec<_> = all.filter(|(_, emitters)| !emitters.is_empty()).collect();
        if layers.len() < 2 || layers.iter().any(|(_, emitters)| emitters.len() > 1) {
            return Ok(None);
        }
        let emissions = layers
            .iter()
            .map(|(layer, emitters)| Emission::new(scene, *layer, emitters[0], &Detail::numbers(), &mut Vec::new()))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Self::sum(&emissions)))
    }

    fn sum(emissions: &[Emission]) -> Self {
        let unit = |of: &Emission| Unit {
            emitter: of.emitter.clone(),
            outcoupling_efficiency: of.outcoupling_efficiency,
            effective_plqy: of.effective_plqy,
            eqe: of.eqe,
            eqe_with_recycling: of.recycling.as_ref().map_or(of.eqe, |recycling| recycling.eqe),
            mean_emission_nm: of.mean_emission_nm,
        };
        let units: Vec<_> = emissions.iter().map(|of| (of.layer.clone().into(), unit(of))).collect();
        let photons = |of: &Emission| {
            let per_pair = of.charge_balance * of.effective_plqy;
            of.left.iter().map(move |(nm, share)| (*nm, per_pair * share)).collect::<Vec<_>>()
        };
        let photons: Vec<_> = emissions.iter().flat_map(photons).collect();
        // light along the normal adds up unit by unit
        let cd_per_a = emissions.iter().filter_map(|of| of.colour.as_ref()).map(|of| of.current_efficiency_cd_per_a);
        let colour = Colour::new(&photons, 0.0);
        let colour = colour.map(|colour| Colour { current_efficiency_cd_per_a: cd_per_a.sum(), ..colour });
        Tandem {
            eqe: units.iter().map(|(_, unit)| unit.eqe).sum(),
            eqe_with_recycling: units.iter().map(|(_, unit)| unit.eqe_with_recycling).sum(),
            units: Named(units),
            colour,
        }
    }
}
