//! Light through coherent packets against the transfer matrix, on both engines: shares within five standard errors,
//! by 1e6 photons on the CPU and 1e5 on the GPU. Trials named `partner` take the numbers of another case and pass
//! only if those are refused.

#[path = "packet/cases.rs"]
mod cases;
#[path = "common/mod.rs"]
mod common;

use std::process::ExitCode;
use std::sync::Arc;

use cases::{Case, cases};
use common::shares::{self, deviation};
use common::trials::{anywhere, on_device, opened};
use libtest_mimic::{Arguments, Trial};
use relume::counts::{Counts, Fate};
use relume::cpu::CpuEngine;
use relume::engine::Engine;
use relume::gpu::GpuEngine;
use relume::outcome::Outcome;
use relume::scene::*;
use relume::spectrum::Spectrum;

const SIGMAS: f64 = 5.0;

fn run(engine: &dyn Engine, scene: &Scene, photons: u64) -> Counts {
    shares::run(engine, scene, photons, 5, false)
}

/// Reflected, transmitted, absorbed in the slab, absorbed in packets.
fn measured(counts: &Counts) -> [u64; 4] {
    [Fate::ReflectedPump, Fate::TransmittedPump, Fate::HostPump, Fate::PacketPump].map(|fate| counts.fate_total(fate))
}

fn worst(counts: &Counts, expected: [f64; 4]) -> f64 {
    let all = measured(counts).into_iter().zip(expected);
    all.map(|(photons, expected)| deviation(photons, counts.photons(), expected)).fold(0.0, f64::max)
}

fn agrees(engine: &dyn Engine, case: &Case, photons: u64) {
    let counts = run(engine, &case.scene, photons);
    let worst = worst(&counts, case.expected);
    println!("{}: {worst:.2} standard errors", case.name);
    assert!(worst <= SIGMAS, "{}: {worst:.1} standard errors; {:?}", case.name, (measured(&counts), case.expected));
    by_layer(&counts, case);
}

/// Where a case knows what each layer absorbs, the outcome says the same by name.
fn by_layer(counts: &Counts, case: &Case) {
    let outcome = Outcome::new(counts, &case.scene);
    for (layer, expected) in case.scene.layers.iter().zip(&case.by_layer) {
        let share = outcome.by_layer.get(&layer.name).and_then(|layer| layer.host_pump.value).expect("a share");
        let off = deviation((share * counts.photons() as f64).round() as u64, counts.photons(), *expected);
        println!("{} {}: {off:.2} standard errors", case.name, layer.name);
        assert!(off <= SIGMAS, "{} {}: {off:.1} standard errors", case.name, layer.name);
    }
}

/// The numbers of the next case must not do.
fn refuses(engine: &dyn Engine, photons: u64) {
    let cases = cases();
    for (case, next) in cases.iter().zip(cases.iter().cycle().skip(1)) {
        let worst = worst(&run(engine, &case.scene, photons), next.expected);
        assert!(worst > SIGMAS, "{} takes the numbers of {}", case.name, next.name);
    }
}

/// A clear slab of index 1.5 that sends out light in all directions between two packets.
fn glowing(k: f64) -> Scene {
    let mut slab = common::scenes::layer(1.5, 50.0, 0.0);
    let mut emitter = common::scenes::emitter("dye", 530.0, 1.0, 1.0);
    emitter.emission = Spectrum::Line(530.0);
    slab.emitters = vec![emitter];
    let mut scene = cases::stack(&[(1.38, 0.0, 96.0), (2.1, k, 40.0)], slab, &[(2.0, 0.0, 130.0)], Polarisation::Track);
    scene.recycling = Recycling::Transparent;
    scene.source.kind = SourceKind::Internal { layer: 2, emitter: 0 };
    scene
}

/// Lossless packets let out what the escape cones hold, whatever they reflect, and trap the rest. Behind a packet that
/// absorbs nothing is trapped, and nobody has to wait for it.
fn trapped(engine: &dyn Engine, photons: u64) {
    let expected = (1.0 - 1.0 / (1.5f64 * 1.5)).sqrt();
    let clear = run(engine, &glowing(0.0), photons);
    let off = deviation(clear.fate_total(Fate::Trapped), photons, expected);
    println!("trapped: {off:.2} standard errors");
    assert!(off <= SIGMAS, "{off}");
    let lossy = run(engine, &glowing(0.1), photons);
    assert!(deviation(lossy.fate_total(Fate::Trapped), photons, expected) > SIGMAS);
    assert_eq!(lossy.fate_total(Fate::Trapped), 0);
    assert!(lossy.fate_total(Fate::PacketEmission) as f64 > expected * photons as f64);
}

/// What the transport does not follow is refused by name.
fn refused() {
    let mut contact = glowing(0.0);
    contact.back = common::scenes::reflector(1.0, ReflectorKind::Specular, 1.0, false);
    let mut emitting = glowing(0.0);
    emitting.layers[1].emitters = emitting.layers[2].emitters.clone();
    for (scene, name) in [(contact, "'b0' touches the back reflector"), (emitting, "emitter 'dye'")] {
        let why = scene.transportable().expect_err("not to be followed");
        assert!(why.contains(name), "{why}");
    }
    assert_eq!(glowing(0.0).transportable(), Ok(()));
}

fn main() -> ExitCode {
    let cpu = || CpuEngine::new("cpu");
    let gpu: Option<Result<Arc<GpuEngine>, String>> =
        opened(|adapter| pollster::block_on(GpuEngine::open(adapter)).map_err(|error| error.to_string()));
    const CPU_PHOTONS: u64 = 1_000_000;
    const GPU_PHOTONS: u64 = 100_000;
    let mut trials: Vec<Trial> = vec![
        anywhere("refused", refused),
        anywhere("cpu/partner", move || refuses(&cpu(), CPU_PHOTONS)),
        anywhere("cpu/trapped", move || trapped(&cpu(), CPU_PHOTONS)),
        on_device("gpu/partner", &gpu, |gpu| refuses(gpu, GPU_PHOTONS)),
        on_device("gpu/trapped", &gpu, |gpu| trapped(gpu, GPU_PHOTONS)),
    ];
    for case in cases().into_iter().map(Arc::new) {
        let own = case.clone();
        trials.push(anywhere(&format!("cpu/{}", case.name), move || agrees(&cpu(), &own, CPU_PHOTONS)));
        let name = format!("gpu/{}", case.name);
        trials.push(on_device(name, &gpu, move |gpu| agrees(gpu, &case, GPU_PHOTONS)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
