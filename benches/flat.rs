//! Whether an event costs the same in small and large jobs, and for one design and many.
//!
//!     cargo bench --bench flat -- [cpu|gpu] [seconds]
//!
//! Jobs of all sizes take turns, so that whatever slows the machine down slows all of them; the fastest of each, in
//! nanoseconds of the whole device for an event. Tables lie on the device before; the first job of a kind, which brings them
//! there and compiles shaders, does not count.

use std::ops::ControlFlow;
use std::time::Instant;

use relume::bench::{DESIGNS, SCENES, Work, designs};
use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{DeviceKind, Engine, Jobs, Monitor, PhotonRange};
use relume::gpu::{GpuEngine, adapters};
use relume::scene;
use relume::tables::Tables;

struct Clock(Instant);

impl Monitor for Clock {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
    fn progress(&self, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A job of so many photons of each design.
struct Case<'a> {
    name: String,
    tables: &'a Tables,
    jobs: Jobs<'a>,
    photons: u64,
    ns: Vec<f64>,
}

impl<'a> Case<'a> {
    fn new(engine: &'a dyn Engine, (name, tables, photons): &'a (String, Tables, u64)) -> Self {
        Self { name: name.clone(), tables, jobs: Jobs::new(engine, tables), photons: *photons, ns: Vec::new() }
    }

    fn run(&mut self, seed: u64) {
        let clock = Clock(Instant::now());
        let designs = 0..self.tables.designs.len() as u32;
        let ranges: Vec<_> = designs.map(|design| PhotonRange { design, first: 0, count: self.photons }).collect();
        let mut counts: Vec<_> = self.tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
        let started = Instant::now();
        pollster::block_on(self.jobs.run(seed, &ranges, &mut counts, &clock)).expect("the engine runs");
        let seconds = started.elapsed().as_secs_f64();
        let events: u64 = counts.iter().map(Counts::events).sum();
        self.ns.push(1e9 * seconds / events as f64);
    }

    fn fastest(&self) -> f64 {
        self.ns.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let device = words.next().unwrap_or_else(|| "cpu".into());
    let seconds: f64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(60.0);
    let engine: Box<dyn Engine> = match device.as_str() {
        "gpu" => {
            let adapters = pollster::block_on(adapters(None));
            let adapter = adapters.first().expect("a graphics adapter");
            Box::new(pollster::block_on(GpuEngine::open(adapter)).expect("an adapter that takes the shaders"))
        }
        _ => Box::new(CpuEngine::new("cpu")),
    };
    // up to a second of work
    let sizes: &[u64] = match engine.device().kind {
        DeviceKind::Discrete => &[100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000],
        _ => &[100_000, 1_000_000, 10_000_000],
    };
    let mut work = Vec::new();
    for key in ["M1", "film"] {
        let scene = SCENES.iter().find(|scene| scene.key == key).expect("a scene of the benchmark");
        let Work::One { text, .. } = scene.work else { continue };
        let scene = scene::parse(text, key, "".as_ref(), &[]).expect("a scene of the benchmark").scene;
        let of_size = |photons: &u64| (format!("{key}, {photons} photons"), compile([&scene], false), *photons);
        work.extend(sizes.iter().map(of_size));
    }
    let films = designs().expect("the scenes of the benchmark's sweep");
    for number in [1, 20, 200, 2000] {
        // spread over the grid, so that all have the same work on average
        let some: Vec<_> = (0..number).map(|i| &films[(2 * i + 1) * DESIGNS / (2 * number)]).collect();
        let tables = compile(some, false);
        let photons = 1_024_000 / number as u64;
        work.push((format!("{number} designs, {photons} photons each"), tables, photons));
    }
    let mut cases: Vec<_> = work.iter().map(|of| Case::new(&*engine, of)).collect();
    cases.iter_mut().for_each(|case| case.run(0));
    cases.iter_mut().for_each(|case| case.ns.clear());
    let started = Instant::now();
    let mut seed = 1;
    while started.elapsed().as_secs_f64() < seconds || seed < 4 {
        cases.iter_mut().for_each(|case| case.run(seed));
        seed += 1;
    }
    println!("| {} | ns per event |\n|---|---|", engine.device().name);
    cases.iter().for_each(|case| println!("| {} | {:.2} |", case.name, case.fastest()));
}
