//! One scene on one engine: a fixed number of photons, or until a standard error is reached.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::counts::Counts;
use crate::engine::{Engine, EngineError, Jobs, Monitor, PhotonRange};
use crate::outcome::{self, LedgerError};
use crate::scene::Scene;
use crate::tables::Tables;

/// Photons after which a target is first tested; then at every doubling, so that where a run stops
/// depends on its photons alone and not on the machine.
pub const FIRST_TEST_PHOTONS: u64 = 1 << 16;

#[derive(Debug, Clone)]
pub struct Settings {
    /// Photons to launch; with a target, at most.
    pub photons: u64,
    pub seed: u64,
    pub target: Option<Target>,
}

/// Run until the standard error of a quantity is at most this.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// A key of [`outcome::DEFINITIONS`].
    pub quantity: String,
    pub se: f64,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// All photons asked for have ended.
    Done,
    TargetReached,
    TargetNotReached,
    /// The monitor broke off; the counts hold the photons that were launched by then.
    Interrupted,
}

#[derive(Debug, Clone)]
pub struct Simulation {
    pub counts: Counts,
    pub stopped: Stopped,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error("no photons asked for; at least 1 is needed")]
    NoPhotons,
    #[error("{0}")]
    NotTransportable(String),
    #[error("there is no quantity '{0}'")]
    UnknownQuantity(String),
    #[error("'{0}' has no meaning for this scene, so that no number of photons reaches a target for it")]
    NoMeaning(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Runs `scene`, whose tables `tables` are, as their only design.
///
/// # Errors
/// Settings that ask for nothing or for an unknown quantity, an engine that fails, a ledger that does
/// not close, too many truncated photons.
pub async fn simulate(
    engine: &dyn Engine,
    scene: &Scene,
    tables: &Tables,
    settings: &Settings,
    monitor: &dyn Monitor,
) -> Result<Simulation, SimulateError> {
    if settings.photons == 0 {
        return Err(SimulateError::NoPhotons);
    }
    scene.transportable().map_err(SimulateError::NotTransportable)?;
    if let Some(problem) = tables.problems.first() {
        return Err(SimulateError::NotTransportable(problem.clone()));
    }
    if let Some(target) = &settings.target
        && outcome::definition(&target.quantity).is_none()
    {
        return Err(SimulateError::UnknownQuantity(target.quantity.clone()));
    }
    if let Some(target) = &settings.target
        && !outcome::has_meaning(&target.quantity, scene)
    {
        return Err(SimulateError::NoMeaning(target.quantity.clone()));
    }
    let mut counts = [Counts::zero(tables.layouts[0])];
    let mut launched: u64 = 0;
    let mut jobs = Jobs::new(engine, tables);
    let stopped = loop {
        let end = match settings.target {
            None => settings.photons,
            Some(_) => settings.photons.min(launched.saturating_mul(2).max(FIRST_TEST_PHOTONS)),
        };
        let watch = Watch { monitor, before: launched, broken: AtomicBool::new(false) };
        let ranges = [PhotonRange { design: 0, first: launched, count: end - launched }];
        jobs.run(settings.seed, &ranges, &mut counts, &watch).await?;
        launched = end;
        if watch.broken.into_inner() && counts[0].photons() != end {
            break Stopped::Interrupted;
        }
        match &settings.target {
            None => break Stopped::Done,
            Some(target) if reached(target, &counts[0], scene) => break Stopped::TargetReached,
            Some(_) if end == settings.photons => break Stopped::TargetNotReached,
            Some(_) => {}
        }
    };
    let [counts] = counts;
    if stopped == Stopped::Interrupted {
        outcome::check_truncation(&counts)?;
    } else {
        outcome::check_ledger(&counts, &outcome::launched_per_group(launched))?;
    }
    Ok(Simulation { counts, stopped })
}

fn reached(target: &Target, counts: &Counts, scene: &Scene) -> bool {
    let se = outcome::quantity(&target.quantity, counts, scene).and_then(|estimate| estimate.se);
    se.is_some_and(|se| se <= target.se)
}

/// Passes progress on, counted from the first photon of the run, and remembers a break.
struct Watch<'a> {
    monitor: &'a dyn Monitor,
    before: u64,
    broken: AtomicBool,
}

impl Monitor for Watch<'_> {
    fn seconds(&self) -> f64 {
        self.monitor.seconds()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        let flow = self.monitor.progress(self.before + photons);
        if flow.is_break() {
            self.broken.store(true, Ordering::Relaxed);
        }
        flow
    }
}
