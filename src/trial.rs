//! Whether a device does with the first photons of some designs what the processor does with them. Compilers and drivers
//! of graphics devices are many, and few have run these shaders before: each is asked before its answer is believed.

use std::ops::ControlFlow;

use crate::counts::{Counts, Fate, GROUPS};
use crate::cpu::CpuEngine;
use crate::engine::{DeviceKind, Engine, EngineError, Job, Monitor, PhotonRange};
use crate::tables::Tables;

/// Photons of each design.
const PHOTONS: u64 = 256;
/// How many of them may end otherwise. Rounding makes one in some ten thousand do so, and of photons that live very long
/// all: two unlike samples of this size differ by 20, give or take 5.
const OTHERWISE: u64 = 40;

#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("it does not do what the processor does: of the first {PHOTONS} photons {0} end otherwise")]
    Otherwise(u64),
    #[error("it does not do what the processor does: of the first {PHOTONS} photons {0} are lost or doubled")]
    Open(u64),
}

/// Runs the first photons of each design on an engine and on the processor. An engine that is the processor is not asked,
/// and neither are tables that cannot be run.
///
/// # Errors
/// When the engine fails, or what it counts is not what the processor counts.
pub async fn trial(engine: &dyn Engine, tables: &Tables, seed: u64, monitor: &dyn Monitor) -> Result<(), TrialError> {
    if engine.device().kind == DeviceKind::Cpu || !tables.problems.is_empty() {
        return Ok(());
    }
    let monitor = Unheard(monitor);
    let found = first_photons(engine, tables, seed, &monitor).await?;
    let expected = first_photons(&CpuEngine::new("cpu"), tables, seed, &monitor).await?;
    found.iter().zip(&expected).try_for_each(|(found, expected)| compare(found, expected))
}

fn compare(found: &Counts, expected: &Counts) -> Result<(), TrialError> {
    let open: u64 = (0..GROUPS).map(|group| found.ended(group).abs_diff(expected.ended(group))).sum();
    if open > 0 {
        return Err(TrialError::Open(open));
    }
    let differences = Fate::ALL.map(|fate| found.fate_total(fate).abs_diff(expected.fate_total(fate)));
    // one that ends otherwise is missed by one fate and found by another
    match differences.iter().sum::<u64>() / 2 {
        few if few <= OTHERWISE => Ok(()),
        many => Err(TrialError::Otherwise(many)),
    }
}

async fn first_photons(
    engine: &dyn Engine,
    tables: &Tables,
    seed: u64,
    monitor: &dyn Monitor,
) -> Result<Vec<Counts>, EngineError> {
    let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
    let range = |design| PhotonRange { design, first: 0, count: PHOTONS };
    let ranges: Vec<_> = (0..tables.designs.len() as u32).map(range).collect();
    engine.run(Job { tables, seed, ranges: &ranges }, &mut counts, monitor).await?;
    Ok(counts)
}

/// Photons of a trial are none of the run's; a stop is heard by what comes next.
struct Unheard<'a>(&'a dyn Monitor);

impl Monitor for Unheard<'_> {
    fn seconds(&self) -> f64 {
        self.0.seconds()
    }

    fn progress(&self, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
