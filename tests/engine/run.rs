//! Runs jobs and reads their counts.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use relume::compile::compile;
use relume::counts::{Counts, Fate, GROUPS};
use relume::engine::{DeviceKind, Engine, Job, Monitor, PhotonRange};
use relume::scene::Scene;
use relume::tables::Tables;

pub const SEED: u64 = 42;

/// Watches a run, and stops it once so many photons have ended.
pub struct Watch {
    start: Instant,
    stop_at: u64,
    pub last: AtomicU64,
}

impl Watch {
    pub fn stopping_at(stop_at: u64) -> Self {
        Self { start: Instant::now(), stop_at, last: AtomicU64::new(0) }
    }
}

impl Monitor for Watch {
    fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        self.last.fetch_max(photons, Ordering::Relaxed);
        if photons >= self.stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

pub fn range(design: u32, first: u64, count: u64) -> PhotonRange {
    PhotonRange { design, first, count }
}

pub fn tables(scenes: &[Scene], detail: bool) -> Tables {
    compile(scenes, detail)
}

/// Adds a job's photons to new counts.
pub fn run_with(
    engine: &dyn Engine,
    tables: &Tables,
    seed: u64,
    ranges: &[PhotonRange],
    monitor: &dyn Monitor,
) -> Vec<Counts> {
    let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
    let job = Job { tables, seed, ranges };
    pollster::block_on(engine.run(job, &mut counts, monitor)).expect("the engine runs");
    counts
}

pub fn run(engine: &dyn Engine, tables: &Tables, ranges: &[PhotonRange]) -> Vec<Counts> {
    run_with(engine, tables, SEED, ranges, &Watch::stopping_at(u64::MAX))
}

/// Photons whose fate differs, at least: half of what the fates differ by, range by range.
pub fn other_fates(a: &[Counts], b: &[Counts]) -> u64 {
    let one = |(a, b): (&Counts, &Counts)| {
        let each =
            (0..GROUPS).flat_map(|group| Fate::ALL.map(|fate| a.fate(group, fate).abs_diff(b.fate(group, fate))));
        each.sum::<u64>() / 2
    };
    a.iter().zip(b).map(one).sum()
}

/// Words that differ at all.
pub fn other_words(a: &[Counts], b: &[Counts]) -> usize {
    let one = |(a, b): (&Counts, &Counts)| a.joined().iter().zip(b.joined()).filter(|(a, b)| **a != *b).count();
    a.iter().zip(b).map(one).sum()
}

/// Largest distance of two independent runs' fates, in standard deviations.
pub fn sigmas(a: &Counts, b: &Counts) -> f64 {
    let total = |counts: &Counts| counts.photons() as f64;
    let one = |fate| {
        let (x, y) = (a.fate_total(fate) as f64, b.fate_total(fate) as f64);
        let p = (x + y + 1.0) / (total(a) + total(b) + 2.0);
        let variance = p * (1.0 - p) * (1.0 / total(a) + 1.0 / total(b));
        (x / total(a) - y / total(b)).abs() / variance.sqrt()
    };
    Fate::ALL.map(one).into_iter().fold(0.0, f64::max)
}

/// Whether a device computes the same bits however a program was compiled. Compilers of graphics drivers join products and
/// sums, each program as suits it.
pub fn is_exact(engine: &dyn Engine) -> bool {
    matches!(engine.device().kind, DeviceKind::Cpu | DeviceKind::Software)
}

/// Photons enough for a device to be stopped among them, where so few are for a processor.
pub fn enough_to_stop(engine: &dyn Engine, few: u64) -> u64 {
    if is_exact(engine) { few } else { 100 * few }
}
