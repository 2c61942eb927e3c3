//! What implicit capture would gain on the scenes of the benchmark, alone and with stratified launch:
//!
//!     cargo run --release --example implicit_capture
//!
//! Instead of ending by chance where a host absorbs or an emitter does not emit, a photon goes on with the share that is
//! left of it; one of which little is left ends by Russian roulette. For each scene and some quantities: the variance of plain photons
//! over that of such ones, and the events of both. Photons are led by the engine's own functions, on tables from which
//! absorption by hosts and losses of emitters are taken out.

use std::path::Path;
use std::sync::Arc;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32;
use rayon::prelude::*;
use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::counts::Fate;
use relume::cpu::World;
use relume::cpu::geometry::{Photon, next_face};
use relume::cpu::medium::{coefficients, redirect, settle};
use relume::cpu::source::launch;
use relume::cpu::transport::{ALIVE, fly, follow_excitation};
use relume::scene;
use relume::tables::{NONE, STRAIGHT, Tables, medium_row};

/// Photons of a run, and the runs: their variance is known to 4 %, a ratio of two to 6 %.
const PHOTONS: u64 = 1 << 12;
const RUNS: u64 = 1024;
/// What is left of a photon when a roulette decides on it, and its chance.
const LITTLE: f64 = 0.1;
const CHANCE: f64 = 0.1;

const EMISSION: [Fate; 3] = [Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission];
/// Its key, and the fates that it counts.
type Quantity = (&'static str, &'static [Fate]);

const QUANTITIES: [(&str, &[Quantity]); 5] = [
    ("M1", &[("reflected_pump", &[Fate::ReflectedPump]), ("transmitted_pump", &[Fate::TransmittedPump])]),
    ("M3", &[("reflected_pump", &[Fate::ReflectedPump]), ("transmitted_pump", &[Fate::TransmittedPump])]),
    ("film", &[("eqy", &EMISSION), ("front_emission", &[Fate::FrontEmission])]),
    ("A", &[("eqy", &EMISSION), ("edge_emission", &[Fate::EdgeEmission])]),
    ("C", &[("eqy", &EMISSION), ("back_emission", &[Fate::BackEmission])]),
];

/// The tables without absorption by hosts, where they do not absorb all, and without losses of emitters.
fn without_losses(tables: &Tables) -> Tables {
    let mut clear = tables.clone();
    let design = clear.designs[0];
    let rows = Arc::make_mut(&mut clear.coefficients);
    for block in rows[..tables.nodes.len() * design.row_stride as usize].chunks_exact_mut(design.row_stride as usize) {
        for medium in 0..design.slabs + 3 {
            let [_, _, host_end, absorb_end] = &mut block[medium_row(design.slabs, medium) as usize];
            if *host_end < 1.0 {
                *absorb_end = (*absorb_end - *host_end) / (1.0 - *host_end);
                *host_end = 0.0;
            }
        }
    }
    clear.emitters.iter_mut().for_each(|emitter| emitter.plqy = 1.0);
    clear
}

/// How a photon ends, what is left of it then, and its events.
struct End {
    fate: u32,
    weight: f64,
    events: u32,
}

/// Leads a photon through `world`, which loses nothing, and takes from it what `lossy` loses.
fn live(world: &World, lossy: &World, tally: &mut [u64], index: u64) -> End {
    let mut photon: Photon = launch(world, index);
    let mut roulette = Pcg32::seed_from_u64(index ^ world.seed << 32);
    let mut weight = 1.0;
    while photon.fate == ALIVE {
        photon.events += 1;
        if photon.unsettled == 1 {
            settle(world, &mut photon);
        }
        let mut g = STRAIGHT;
        if photon.excited == NONE {
            let interacts = photon.tau < next_face(world, &photon).distance_um * photon.here.mu_t;
            let host_end = coefficients(lossy, &photon, photon.medium).host_end;
            if interacts && host_end < 1.0 {
                weight *= 1.0 - f64::from(host_end);
            }
            g = fly(world, &mut photon);
        }
        if photon.excited != NONE {
            let before = photon.emissions;
            g = follow_excitation(world, tally, &mut photon);
            if photon.emissions > before {
                weight *= f64::from(lossy.emitters[photon.emitter as usize].plqy);
            }
        }
        if g != STRAIGHT {
            redirect(world, &mut photon, g);
        }
        if photon.fate == ALIVE && weight < LITTLE {
            if roulette.random::<f64>() >= CHANCE {
                return End { fate: ALIVE, weight: 0.0, events: photon.events };
            }
            weight /= CHANCE;
        }
    }
    End { fate: photon.fate, weight, events: photon.events }
}

/// Mean and variance of one photon for each quantity, and events of a photon.
fn measure(tables: &Tables, lossy: &Tables, quantities: &[Quantity]) -> (Vec<[f64; 2]>, f64) {
    let run = |seed: u64| {
        let (world, lossy) = (World::new(tables, 0, seed), World::new(lossy, 0, seed));
        let mut tally = vec![0; tables.layouts[0].words()];
        let (mut means, mut events) = (vec![0.0; quantities.len()], 0.0);
        for index in 0..PHOTONS {
            let end = live(&world, &lossy, &mut tally, index);
            events += f64::from(end.events) / PHOTONS as f64;
            for (mean, (_, fates)) in means.iter_mut().zip(quantities) {
                if fates.iter().any(|fate| *fate as u32 == end.fate) {
                    *mean += end.weight / PHOTONS as f64;
                }
            }
        }
        (means, events)
    };
    let runs: Vec<_> = (0..RUNS).into_par_iter().map(run).collect();
    let of_quantity = |k: usize| {
        let mean = runs.iter().map(|(means, _)| means[k]).sum::<f64>() / RUNS as f64;
        let squares: f64 = runs.iter().map(|(means, _)| (means[k] - mean).powi(2)).sum();
        [mean, squares / (RUNS - 1) as f64 * PHOTONS as f64]
    };
    let events = runs.iter().map(|(_, events)| events).sum::<f64>() / RUNS as f64;
    ((0..quantities.len()).map(of_quantity).collect(), events)
}

fn main() {
    println!("| scene | quantity | value | implicit | stratified | both | events | implicit |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, quantities) in QUANTITIES {
        let bench = SCENES.iter().find(|scene| scene.key == name).expect("a scene of the benchmark");
        let Work::One { text, .. } = bench.work else { panic!("{name} is one design") };
        let scene = scene::parse(text, name, Path::new(""), &[]).expect("a valid scene").scene;
        let plain = compile([&scene], false);
        let clear = without_losses(&plain);
        let stratified = [&plain, &clear].map(|tables| {
            let mut tables = tables.clone();
            tables.stratify();
            tables
        });
        // a photon that is led through its own tables loses nothing of its weight: analog
        let lossless = &clear;
        let [analog, implicit, strata, both] = [
            measure(&plain, lossless, quantities),
            measure(&clear, &plain, quantities),
            measure(&stratified[0], lossless, quantities),
            measure(&stratified[1], &plain, quantities),
        ];
        for (k, (key, _)) in quantities.iter().enumerate() {
            let value = analog.0[k][0];
            let off = (implicit.0[k][0] - value) / (analog.0[k][1] / (RUNS * PHOTONS) as f64).sqrt();
            assert!(off.abs() < 5.0, "{name} {key}: implicit capture is off by {off} standard errors");
            let gain = |own: &(Vec<[f64; 2]>, f64)| analog.0[k][1] / own.0[k][1];
            println!(
                "| {name} | `{key}` | {value:.4} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} |",
                gain(&implicit),
                gain(&strata),
                gain(&both),
                analog.1,
                implicit.1
            );
        }
    }
}
