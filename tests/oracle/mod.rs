//! Everything the oracles are made of: cases and what they must give, and the engines that run them.

pub mod closed;
pub mod engines;
pub mod escape;
pub mod fates;
pub mod films;
pub mod finite;
pub mod histogram;
pub mod judge;
pub mod recycling;
pub mod scattering;
pub mod scenes;
pub mod slabs;
pub mod spectra;
pub mod table;

use relume::counts::Counts;
use relume::scene::Scene;

use judge::{Check, Judgement};

/// A scene, how many of its photons to run, and what must come of them.
pub struct Case {
    /// The table or family it belongs to; cases of one family are tried against each other's numbers.
    pub family: &'static str,
    pub name: String,
    pub scene: Scene,
    pub photons: u64,
    /// Whether it needs histograms.
    pub detail: bool,
    pub checks: Vec<Check>,
}

impl Case {
    pub fn new(family: &'static str, name: impl Into<String>, scene: Scene, photons: u64, checks: Vec<Check>) -> Self {
        Self { family, name: name.into(), scene, photons, detail: false, checks }
    }
}

/// Something that two cases must have in common.
pub struct Joint {
    pub name: &'static str,
    /// Names of the two cases.
    pub of: [&'static str; 2],
    pub judge: fn(&Counts, &Counts) -> Vec<Judgement>,
}

/// Every case there is.
pub fn cases() -> Vec<Case> {
    let families = [
        slabs::cases(),
        recycling::cases(),
        scattering::cases(),
        escape::cases(),
        spectra::cases(),
        histogram::cases(),
        closed::cases(),
        finite::cases(),
        fates::cases(),
        films::cases(),
    ];
    families.into_iter().flatten().collect()
}

/// Whether this is the full run: ten times the photons.
pub fn full() -> bool {
    std::env::var_os("RELUME_FULL").is_some_and(|value| value != "0" && !value.is_empty())
}

/// Photons enough for errors below [`SHARE_SIGMA`] and [`NUMBER_SIGMA`] in quantities formed over a `share` of them.
/// A share p has the error sqrt(p (1 - p) / n), 4.1e-4 at most; a number of absorptions N is spread like a geometric
/// distribution, sigma / N <= 1, so that its relative error is 8.2e-4.
pub fn photons_for(share: f64) -> u64 {
    let full_run = 1.5e6 / share;
    if full() { full_run as u64 } else { (full_run / 10.0) as u64 }
}

/// What a standard error may be in the full run: of a share, and of a number relative to it.
pub const SHARE_SIGMA: f64 = 5e-4;
pub const NUMBER_SIGMA: f64 = 1e-3;

/// How much larger errors may be in this run than in the full one.
pub fn error_scale() -> f64 {
    if full() { 1.0 } else { 10f64.sqrt() }
}
