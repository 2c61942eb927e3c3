//! The sweep: films of 50 thicknesses and 40 concentrations as one job.

use std::path::Path;

use super::known::Check;
use super::measure::Measured;
use crate::counts::Counts;
use crate::engine::{Engine, EngineError, Job, Monitor, PhotonRange};
use crate::outcome;
use crate::scene::{Document, Problems, Scene};
use crate::tables::Tables;

const THICKNESSES: usize = 50;
const CONCENTRATIONS: usize = 40;
pub const DESIGNS: usize = THICKNESSES * CONCENTRATIONS;
/// Photons of each design in one repeat.
pub const PHOTONS_EACH: u64 = 256;
/// Designs that are run again alone.
const ALONE: [usize; 3] = [0, 917, DESIGNS - 1];

/// The scenes of all designs, 4 to 200 um and 1 to 40 wt%; the concentration changes fastest.
///
/// # Errors
/// Never for the scene that is built in, unless the library it names has changed.
pub fn designs() -> Result<Vec<Scene>, Problems> {
    let text = include_str!("../../scenes/hs_mapbbr3_film.toml");
    let film = Document::parse(text, "hs_mapbbr3_film.toml", Path::new(""))?;
    let design = |number: usize| {
        let (thickness, concentration) = (number / CONCENTRATIONS, number % CONCENTRATIONS);
        let settings = [
            ("layer.film.thickness_um", 4 * (thickness + 1)),
            ("layer.film.emitter.mapbbr3_hs.concentration_wt_pct", concentration + 1),
        ];
        film.with(&settings.map(|(key, value)| (key.to_string(), value.to_string())))?.scene()
    };
    (0..DESIGNS).map(design).collect()
}

/// Runs a few designs again, each as a job of its own from the same tables: their counts must be the same to the last
/// photon. (Tables of one design have a program of their own on a GPU, whose compiler may round otherwise.)
///
/// # Errors
/// When the engine fails.
pub async fn check(
    engine: &dyn Engine,
    scenes: &[Scene],
    tables: &Tables,
    seed: u64,
    measured: &Measured,
    monitor: &dyn Monitor,
) -> Result<Vec<Check>, EngineError> {
    let mut checks = Vec::new();
    for number in ALONE {
        let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
        let ranges = [PhotonRange { design: number as u32, first: 0, count: measured.launched }];
        engine.run(Job { tables, seed, ranges: &ranges }, &mut counts, monitor).await?;
        let alone = &counts[number];
        let eqy = |counts: &Counts| outcome::quantity("eqy", counts, &scenes[number]).and_then(|eqy| eqy.value);
        checks.push(Check {
            what: format!("design {number} alone, EQY"),
            known: eqy(alone).unwrap_or_default(),
            found: eqy(&measured.counts[number]).unwrap_or_default(),
            se: 0.0,
            passed: *alone == measured.counts[number],
        });
    }
    Ok(checks)
}
