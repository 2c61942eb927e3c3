//! Light of dipoles through the transport, on both engines: against the budgets of `tests/stacks_data`, the closed
//! form of recycling, and what scattering glass does in the limit. Shares within five standard errors. Trials named
//! `partner` take the numbers of another case and pass only if those are refused.

#[path = "dipole/cases.rs"]
mod cases;
#[path = "common/mod.rs"]
mod common;
#[path = "stacks/data.rs"]
mod data;
#[path = "dipole/mixing.rs"]
mod mixing;
#[path = "dipole/recycling.rs"]
mod recycling;
#[path = "dipole/spectra.rs"]
mod spectra;

use std::process::ExitCode;
use std::sync::Arc;

use cases::{Case, cases, named};
use common::shares::{self, deviation};
use common::trials::{anywhere, on_device, opened};
use libtest_mimic::{Arguments, Trial};
use relume::counts::{Counts, Fate};
use relume::cpu::CpuEngine;
use relume::engine::Engine;
use relume::gpu::GpuEngine;
use relume::scene::{ReflectorKind, Scene};

const SIGMAS: f64 = 5.0;
const CPU_PHOTONS: u64 = 400_000;
const GPU_PHOTONS: u64 = 40_000;

fn run(engine: &dyn Engine, scene: &Scene, photons: u64, detail: bool) -> Counts {
    shares::run(engine, scene, photons, 11, detail)
}

fn worst(counts: &Counts, case: &Case) -> f64 {
    let of = counts.photons();
    let all = case.expected().into_iter().map(|(fate, share)| deviation(counts.fate_total(fate), of, share));
    all.fold(0.0, f64::max)
}

fn agrees(engine: &dyn Engine, case: &Case, photons: u64) {
    let counts = run(engine, &case.scene(), photons, false);
    let worst = worst(&counts, case);
    println!("{}: {worst:.2} standard errors", case.name);
    let found: Vec<_> = case.expected().iter().map(|(fate, _)| counts.fate_total(*fate)).collect();
    assert!(worst <= SIGMAS, "{}: {worst:.1} standard errors; {found:?} for {:?}", case.name, case.expected());
}

/// The numbers of the next case must not do.
fn refuses(engine: &dyn Engine, photons: u64) {
    let cases = cases();
    for (case, next) in cases.iter().zip(cases.iter().cycle().skip(1)) {
        let worst = worst(&run(engine, &case.scene(), photons, false), next);
        assert!(worst > SIGMAS, "{} takes the numbers of {}", case.name, next.name);
    }
}

/// A black face under the glass takes all that is radiated into it.
fn black_face(engine: &dyn Engine, photons: u64) {
    let case = named("LED530_n2.1_0.5_iso");
    let mut scene = case.scene();
    scene.back = common::scenes::reflector(1.0, ReflectorKind::Specular, 0.0, false);
    let counts = run(engine, &scene, photons, false);
    let taken = counts.fate_total(Fate::ReflectorEmission);
    let off = deviation(taken, photons, case.column("radiated"));
    println!("substrate_total: {off:.2} standard errors");
    assert!(off <= SIGMAS, "{taken} of {photons}: {off:.1} standard errors");
    assert!(deviation(taken, photons, case.column("air_incoh")) > SIGMAS);
}

type Test = fn(&dyn Engine, u64);

fn main() -> ExitCode {
    let cpu = || CpuEngine::new("cpu");
    let gpu: Option<Result<Arc<GpuEngine>, String>> =
        opened(|adapter| pollster::block_on(GpuEngine::open(adapter)).map_err(|error| error.to_string()));
    let tests: [(&str, Test); 11] = [
        ("partner", refuses),
        ("black_face", black_face),
        ("recycling", recycling::closed_form),
        ("partner_recycling", recycling::partner),
        ("light_that_the_glass_returns", recycling::light_that_the_glass_returns),
        ("light_that_crosses_the_layers", recycling::light_that_crosses_the_layers),
        ("spectrum", spectra::as_by_wave_optics),
        ("pattern", spectra::pattern),
        ("leaky_modes", spectra::leaky_modes),
        ("mixing_gains", mixing::gains),
        ("mixing_limit", mixing::limit),
    ];
    let mut trials = Vec::new();
    for (name, test) in tests {
        trials.push(anywhere(&format!("cpu/{name}"), move || test(&cpu(), CPU_PHOTONS)));
        trials.push(on_device(format!("gpu/{name}"), &gpu, move |gpu| test(gpu, GPU_PHOTONS)));
    }
    for case in cases().into_iter().map(Arc::new) {
        let own = case.clone();
        trials.push(anywhere(&format!("cpu/{}", case.name), move || agrees(&cpu(), &own, CPU_PHOTONS)));
        trials.push(on_device(format!("gpu/{}", case.name), &gpu, move |gpu| agrees(gpu, &case, GPU_PHOTONS)));
    }
    let trials: Vec<Trial> = trials;
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
