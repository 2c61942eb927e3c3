//! What a scene makes expect without any photon, in the place of what was counted: how much light the first surface throws
//! back, and what emitters lose. Of photons whose launch is stratified, so that errors come from groups (PHYSICS.md,
//! "Expected numbers").

use super::losses::Losses;
use super::tally::Tally;
use crate::compile::first_reflectance;
use crate::counts::{Fate, Sum};
use crate::scene::{Scene, Side};

#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// `None` where that is left to photons.
    first_reflectance: Option<f64>,
    /// `None` where emitters' losses are left as counted.
    losses: Option<Losses>,
    output: Side,
}

impl Expected {
    pub fn of(scene: &Scene) -> Self {
        Self { first_reflectance: first_reflectance(scene), losses: Some(Losses::of(scene)), output: scene.output }
    }

    /// Of a run that is reweighted to other PLQYs, which takes losses as they were counted.
    pub fn counting_losses(self) -> Self {
        Self { losses: None, ..self }
    }

    pub(super) fn put_into(&self, tally: &mut Tally) {
        if let Some(reflectance) = self.first_reflectance {
            expect_reflection(tally, reflectance);
        }
        if let Some(losses) = self.losses.as_ref().filter(|losses| losses.are_known()) {
            losses.expect(tally, self.output);
        }
    }
}

/// As many photons reflected by the first surface as its reflectance says; what became of the others is scaled to the rest.
fn expect_reflection(tally: &mut Tally, reflectance: f64) {
    let (launched, counted) = (tally.launched as f64, tally.sum(Sum::FirstReflected));
    if counted >= launched {
        return;
    }
    let (reflected, scale) = (reflectance * launched, (1.0 - reflectance) * launched / (launched - counted));
    let reflected_later = tally.fate(Fate::ReflectedPump) - counted;
    let layout = tally.layout;
    tally.words.iter_mut().for_each(|word| *word *= scale);
    tally.words[layout.fate(0, Fate::ReflectedPump)] = reflected + scale * reflected_later;
    tally.words[layout.sum(0, Sum::FirstReflected)] = reflected;
}
