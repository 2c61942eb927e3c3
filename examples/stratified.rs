//! What `--stratified` gains on the scenes of the benchmark:
//!
//!     cargo run --release --example stratified
//!
//! For each scene and some quantities: the variance that plain runs quote over that which stratified ones do, by many seeds and
//! at several numbers of photons.

use std::path::Path;

use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::outcome::Outcome;
use relume::scene::{self, Scene};
use relume::tables::Tables;

/// Photons of a run, and the runs. One whose error comes from 32 groups knows it to sqrt(2 / 31), S of them to sqrt(2 / 31 S).
const PLAIN: (u64, u64) = (1 << 16, 512);
const STRATIFIED: [(u64, u64); 3] = [(1 << 12, 1024), (1 << 16, 256), (1 << 20, 64)];

const QUANTITIES: [(&str, &[&str]); 6] = [
    ("M1", &["reflected_pump", "transmitted_pump", "absorptance"]),
    ("M3", &["reflected_pump", "transmitted_pump", "absorptance"]),
    ("film", &["eqy", "absorptance", "plqy_external", "front_emission"]),
    ("A", &["eqy", "absorptance", "edge_emission"]),
    ("C", &["eqy", "absorptance", "back_emission"]),
    ("LED", &["eqe_bound", "parasitic"]),
];

fn run(tables: &Tables, seed: u64, photons: u64) -> Counts {
    let mut counts = [Counts::zero(tables.layouts[0])];
    let ranges = [PhotonRange { design: 0, first: 0, count: photons }];
    let job = Job { tables, seed, ranges: &ranges };
    pollster::block_on(CpuEngine::new("cpu").run(job, &mut counts, &Unwatched)).expect("the engine runs");
    let [counts] = counts;
    counts
}

/// Mean variance of each quantity times photons, as runs quote it.
fn variances(scene: &Scene, tables: &Tables, keys: &[&str], (photons, runs): (u64, u64)) -> Vec<f64> {
    let mut sums = vec![0.0; keys.len()];
    for seed in 0..runs {
        let outcome = Outcome::new(&run(tables, seed, photons), scene);
        for (sum, key) in sums.iter_mut().zip(keys) {
            let se = outcome.quantity(key).and_then(|estimate| estimate.se).expect("a quantity with an error");
            *sum += se * se * photons as f64 / runs as f64;
        }
    }
    sums
}

fn main() {
    let photons = STRATIFIED.map(|(photons, _)| format!("2^{} photons", photons.ilog2()));
    println!("| scene | quantity | {} |", photons.join(" | "));
    println!("|---|---|---|---|---|");
    for (name, keys) in QUANTITIES {
        let bench = SCENES.iter().find(|scene| scene.key == name).expect("a scene of the benchmark");
        let Work::One { text, .. } = bench.work else { panic!("{name} is one design") };
        let scene = scene::parse(text, name, Path::new(""), &[]).expect("a valid scene").scene;
        let mut tables = compile([&scene], false);
        let plain = variances(&scene, &tables, keys, PLAIN);
        tables.stratify();
        let stratified = STRATIFIED.map(|runs| variances(&scene, &tables, keys, runs));
        for (k, key) in keys.iter().enumerate() {
            let ratios = stratified.each_ref().map(|own| format!("{:.2}", plain[k] / own[k]));
            println!("| {name} | `{key}` | {} |", ratios.join(" | "));
        }
    }
}
