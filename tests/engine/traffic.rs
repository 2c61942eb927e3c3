//! What goes to the device and back, and how busy its lanes are.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};

use libtest_mimic::Trial;
use relume::counts::Counts;
use relume::engine::{Jobs, Monitor};
use relume::gpu::{GpuAdapter, GpuEngine, Settings, Traffic};

use super::common::scenes;
use super::common::trials::{on_device, opened};
use super::run::*;

/// An engine of its own, whose counters nobody else moves.
fn engine(adapter: &GpuAdapter, settings: Settings) -> GpuEngine {
    pollster::block_on(GpuEngine::open_with(adapter, settings)).expect("the adapter opens")
}

/// A clock on which every dispatch takes as long as it should: what a dispatch flies does not depend on the machine.
#[derive(Default)]
struct SteadyClock {
    looks: AtomicU32,
}

impl Monitor for SteadyClock {
    fn seconds(&self) -> f64 {
        0.0499 * self.looks.fetch_add(1, Ordering::Relaxed) as f64
    }

    fn progress(&self, _photons: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Jobs of the same tables send them once, and count what one job counts.
fn tables_are_sent_once(adapter: &GpuAdapter) {
    let engine = engine(adapter, Settings::default());
    let tables = tables(&[scenes::film(), scenes::two_emitters()], false);
    let stages: [[_; 2]; 4] =
        std::array::from_fn(|stage| [0, 1].map(|design| range(design, 3000 * stage as u64, 3000)));
    let whole = run(&engine, &tables, &[range(0, 0, 12_000), range(1, 0, 12_000)]);
    let once = engine.traffic().sent_bytes;

    let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
    let mut jobs = Jobs::new(&engine, &tables);
    let watch = Watch::stopping_at(u64::MAX);
    for stage in &stages {
        pollster::block_on(jobs.run(SEED, stage, &mut counts, &watch)).expect("the engine runs");
    }
    assert_eq!(counts, whole);
    let sent = engine.traffic().sent_bytes - once;
    assert!((once..once + 1000).contains(&sent), "{sent} bytes for four jobs, {once} for one");
    // partner: jobs that know nothing of each other
    for stage in &stages {
        run(&engine, &tables, stage);
    }
    assert!(engine.traffic().sent_bytes - once - sent > 3 * once);
}

/// Counts that are read back while dispatches go on are those read back at the end.
fn counts_on_the_way(adapter: &GpuAdapter) {
    let tables = tables(&[scenes::film(), scenes::two_emitters()], true);
    let ranges = [range(0, 0, 200_000), range(1, 5, 100_000)];
    let read = |events_at_once| {
        let engine = engine(adapter, Settings { events_at_once, ..Settings::default() });
        (run_with(&engine, &tables, SEED, &ranges, &SteadyClock::default()), engine.traffic())
    };
    let (at_the_end, few) = read(1 << 31);
    let (on_the_way, many) = read(1 << 20);
    assert_eq!(on_the_way, at_the_end);
    // partner: they were indeed read more often
    assert!(many.read_bytes > 2 * few.read_bytes, "{few:?} {many:?}");
}

/// Share of the lanes' turns that were flown.
fn use_of_lanes(engine: &GpuEngine, designs: usize, photons: u64) -> f64 {
    let before = engine.traffic();
    let tables = tables(&vec![scenes::film(); designs], false);
    let ranges: Vec<_> = (0..designs as u32).map(|design| range(design, 0, photons)).collect();
    run_with(engine, &tables, SEED, &ranges, &SteadyClock::default());
    let Traffic { turns, flown, .. } = engine.traffic();
    (flown - before.flown) as f64 / (turns - before.turns) as f64
}

/// Designs share random numbers. Where each has but two photons of a group, some groups have twice the work of others.
fn no_group_waits_for_another(adapter: &GpuAdapter) {
    let engine = engine(adapter, Settings::default());
    if !is_exact(&engine) {
        println!("a large device has more lanes than so few photons fill");
        return;
    }
    let one = use_of_lanes(&engine, 1, 128_000);
    let many = use_of_lanes(&engine, 2000, 64);
    assert!(many > 0.85 * one, "{many} of the turns are flown, {one} with one design");
    // partner: too few photons for the lanes
    assert!(use_of_lanes(&engine, 1, 3_200) < 0.85 * one);
}

pub fn trials() -> Vec<Trial> {
    let adapter = opened(|adapter| Ok(adapter.clone()));
    vec![
        on_device("tables_are_sent_once", &adapter, tables_are_sent_once),
        on_device("counts_on_the_way", &adapter, counts_on_the_way),
        on_device("no_group_waits_for_another", &adapter, no_group_waits_for_another),
    ]
}
