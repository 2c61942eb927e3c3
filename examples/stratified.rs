//! What `--stratified` gains on the scenes of the benchmark:
//!
//!     cargo run --release --example stratified
//!
//! For each scene and main quantities: the variance of plain runs over that of stratified ones, from the groups of many
//! seeds, at several numbers of photons; and how much longer stratified runs take. The product of the first and the
//! inverse of the second is the gain in time to equal error.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, Monitor, PhotonRange};
use relume::outcome::Outcome;
use relume::scene::{self, Scene};
use relume::tables::Tables;

/// Photons of a run, and the runs: each tells a variance by its 32 groups, so that the mean of S of them is known to
/// sqrt(2 / 31 S).
const RUNS: [(u64, u64); 3] = [(1 << 12, 1024), (1 << 16, 128), (1 << 20, 48)];
const ROUNDS: usize = 9;

const QUANTITIES: [(&str, &[&str]); 6] = [
    ("M1", &["reflected_pump", "transmitted_pump", "absorptance"]),
    ("M3", &["reflected_pump", "transmitted_pump", "absorptance"]),
    ("film", &["eqy", "absorptance", "plqy_external", "front_emission"]),
    ("A", &["eqy", "absorptance", "edge_emission"]),
    ("C", &["eqy", "absorptance", "back_emission"]),
    ("LED", &["eqe_bound", "parasitic"]),
];

struct Patient;

impl Monitor for Patient {
    fn seconds(&self) -> f64 {
        0.0
    }

    fn progress(&self, _photons: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn run(tables: &Tables, seed: u64, photons: u64) -> Counts {
    let mut counts = [Counts::zero(tables.layouts[0])];
    let ranges = [PhotonRange { design: 0, first: 0, count: photons }];
    let job = Job { tables, seed, ranges: &ranges };
    pollster::block_on(CpuEngine::new("cpu").run(job, &mut counts, &Patient)).expect("the engine runs");
    let [counts] = counts;
    counts
}

/// Mean variance of each quantity, as the groups tell it.
fn variances(scene: &Scene, tables: &Tables, keys: &[&str], photons: u64, runs: u64) -> Vec<f64> {
    let mut sums = vec![0.0; keys.len()];
    for seed in 0..runs {
        let mut counts = run(tables, seed, photons);
        // a plain run is asked for its groups, too, so that both are measured alike
        counts.layout.stratified = true;
        let outcome = Outcome::new(&counts, scene);
        for (sum, key) in sums.iter_mut().zip(keys) {
            let se = outcome.quantity(key).and_then(|estimate| estimate.se).expect("a quantity with an error");
            *sum += se * se;
        }
    }
    sums
}

/// Median over rounds of the time of stratified runs over that of plain ones, in turns.
fn slower(plain: &Tables, stratified: &Tables) -> f64 {
    let seconds = |tables: &Tables, seed, photons| {
        let start = Instant::now();
        run(tables, seed, photons);
        start.elapsed().as_secs_f64()
    };
    let photons = (0.3 / seconds(plain, 0, 1 << 18) * (1 << 18) as f64) as u64;
    let round = |seed| seconds(stratified, seed, photons) / seconds(plain, seed, photons);
    let mut ratios: Vec<_> = (0..ROUNDS as u64).map(round).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}

fn main() {
    let photons: Vec<_> = RUNS.iter().map(|(photons, _)| format!("2^{}", photons.ilog2())).collect();
    println!("| scene | quantity | variance plain / stratified at {} photons | time | gain |", photons.join(", "));
    println!("|---|---|---|---|---|");
    for (name, keys) in QUANTITIES {
        let bench = SCENES.iter().find(|scene| scene.key == name).expect("a scene of the benchmark");
        let Work::One { text, .. } = bench.work else { continue };
        let scene = scene::parse(text, name, Path::new(""), &[]).expect("a valid scene").scene;
        let plain = compile([&scene], false);
        let mut stratified = plain.clone();
        stratified.stratify();
        let time = slower(&plain, &stratified);
        let ratios = RUNS.map(|(photons, runs)| {
            let of = |tables| variances(&scene, tables, keys, photons, runs);
            of(&plain).iter().zip(of(&stratified)).map(|(plain, own)| plain / own).collect::<Vec<_>>()
        });
        for (k, key) in keys.iter().enumerate() {
            let each = ratios.each_ref().map(|ratio| format!("{:.2}", ratio[k])).join(", ");
            println!("| {name} | {key} | {each} | {time:.3} | {:.2} |", ratios[2][k] / time);
        }
    }
}
