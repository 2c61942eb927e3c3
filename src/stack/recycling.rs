//! Light that the emitter takes back and emits again.

use rayon::prelude::*;
use serde::Serialize;

use super::StackProblem;
use super::cells::Cells;
use super::subject::Subject;
use crate::optics::dipole::effective_plqy;
use crate::scene::Recycling;

/// Wavelengths that stand for a spectrum, at most.
const CELLS: usize = 16;

/// What the emitter takes back of its own light.
#[derive(Debug, Clone, Serialize)]
pub struct RecyclingReport {
    /// For the spacer of the scene first; then, where asked for, for half of it and twice.
    pub spacers: Vec<Reabsorption>,
    /// With the spacer of the scene, were light that the emitter takes back lost.
    pub eqe_bound_lost: f64,
    /// ... and with that light emitted again; the same where the scene says it is lost.
    pub eqe_bound: f64,
    pub eqe: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Reabsorption {
    pub spacer_nm: f64,
    /// Shares of the emitted light: absorbed by the emitter layer at first, from light that a substrate sends back,
    /// and leaving by the output side.
    pub p_a: f64,
    pub p_a_substrate: f64,
    pub p_out: f64,
    pub effective_plqy: f64,
    pub eqe_bound: f64,
}

impl Subject<'_> {
    /// For these multiples of the scene's spacer, 1 first. `None` where the emitter does not absorb its own light, of itself or
    /// because the scene says so.
    pub fn recycling(&self, charge_balance: f64, spacers: &[f64]) -> Result<Option<RecyclingReport>, StackProblem> {
        let scene = self.setting.scene;
        let cells = Cells::new(&self.emitter.emission, CELLS);
        let layer = &scene.layers[self.layer];
        let absorbs =
            layer.extinction.as_ref().is_some_and(|k| cells.cells.iter().any(|cell| k.at(cell.wavelength_nm) > 0.0));
        if !absorbs || scene.recycling == Recycling::Transparent {
            return Ok(None);
        }
        let spacers = spacers.iter().map(|times| self.reabsorption(&cells, times * self.dipole.spacer_nm));
        let spacers = spacers.collect::<Result<Vec<_>, _>>()?;
        let Reabsorption { p_out, eqe_bound, effective_plqy, .. } = spacers[0];
        let eqe_bound_lost = effective_plqy * p_out;
        Ok(Some(RecyclingReport { spacers, eqe_bound_lost, eqe_bound, eqe: charge_balance * eqe_bound }))
    }

    fn reabsorption(&self, cells: &Cells, spacer_nm: f64) -> Result<Reabsorption, StackProblem> {
        let horizontal = self.dipole.horizontal;
        let layer = &self.setting.scene.layers[self.layer];
        let number = layer.emitters.iter().position(|emitter| std::ptr::eq(emitter, self.emitter));
        // Purcell factor, and weighted by it: what the emitter takes and what leaves
        let parts = cells.cells.par_iter().map(|cell| {
            let stack = self.setting.emitter_stack(self.layer, cell.wavelength_nm)?;
            let places = stack.places(self.dipole.zone.places.len());
            // the layer's host, or another emitter, keeps the rest
            let share = number.map_or(1.0, |number| layer.emitter_shares(cell.wavelength_nm)[number]);
            let mut sums = [0.0; 4];
            for (position, weight) in &self.dipole.zone.places {
                let part = places.recycling(*position, horizontal, spacer_nm).map_err(|why| self.failed(why))?;
                let emitted = weight * part.purcell;
                let out = part.p_out[self.output as usize];
                let shares = [1.0, share * part.p_a, share * part.p_a_substrate, out];
                sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += emitted * share);
            }
            Ok(sums)
        });
        let parts = parts.collect::<Result<Vec<_>, StackProblem>>()?;
        let [purcell, p_a, p_a_substrate, p_out] = [0, 1, 2, 3].map(|i| cells.mean(parts.iter().map(|part| part[i])));
        let [p_a, p_a_substrate, p_out] = [p_a, p_a_substrate, p_out].map(|sum| sum / purcell);
        let eta = effective_plqy(self.emitter.plqy, purcell);
        let again = if self.setting.scene.recycling == Recycling::On { eta * (p_a + p_a_substrate) } else { 0.0 };
        let eqe_bound = eta * p_out / (1.0 - again);
        Ok(Reabsorption { spacer_nm, p_a, p_a_substrate, p_out, effective_plqy: eta, eqe_bound })
    }
}
