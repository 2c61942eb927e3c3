//! A device is believed when it does with the first photons what the processor does, and not otherwise.

use std::sync::Arc;

use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Monitor, PhotonRange, Unwatched};
use relume::scene;
use relume::tables::Tables;
use relume::trial::{TrialError, trial};

/// What a graphics device does wrong.
enum Fault {
    None,
    /// Other random numbers: photons as good as those of the processor.
    OtherSeed,
    /// Tables as they are not.
    Misread(fn(&mut Tables)),
    /// A photon more.
    OneMore,
    Fails,
}

/// The processor under another name, with a fault.
struct Device {
    info: DeviceInfo,
    fault: Fault,
}

impl Engine for Device {
    fn device(&self) -> &DeviceInfo {
        &self.info
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        Box::pin(async move {
            let mut ranges = job.ranges.to_vec();
            let mut tables = job.tables.clone();
            let mut seed = job.seed;
            match self.fault {
                Fault::None => {}
                Fault::OtherSeed => seed += 1,
                Fault::Misread(how) => how(&mut tables),
                Fault::OneMore => ranges.push(PhotonRange { count: 1, ..ranges[0] }),
                Fault::Fails => return Err(EngineError::Device("no such instruction".into())),
            }
            CpuEngine::new("cpu").run(Job { tables: &tables, seed, ranges: &ranges }, counts, monitor).await
        })
    }
}

fn tried(name: &str, fault: Fault) -> Result<(), TrialError> {
    let info = DeviceInfo { name: "other".into(), backend: "vulkan".into(), kind: DeviceKind::Discrete };
    let scene = scene::load(format!("scenes/{name}.toml").as_ref(), &[]).expect("a scene").scene;
    pollster::block_on(trial(&Device { info, fault }, &compile([&scene], false), 1, 1_000_000, &Unwatched))
}

const SCENES: [&str; 5] = ["hazy_film", "bench/m1", "bench/m3", "bench/a", "bench/led"];

#[test]
fn a_device_that_does_the_same_is_believed() {
    for name in SCENES {
        assert!(tried(name, Fault::None).is_ok(), "{name}");
    }
}

/// Photons that live very long all come to differ by rounding.
#[test]
fn photons_that_are_others_but_as_good_are_believed() {
    for name in SCENES {
        assert!(tried(name, Fault::OtherSeed).is_ok(), "{name}");
    }
}

#[test]
fn partner_what_a_device_does_wrong_is_seen() {
    let clear = |tables: &mut Tables| Arc::make_mut(&mut tables.coefficients).iter_mut().for_each(|row| row[1] *= 0.2);
    let dark = |tables: &mut Tables| tables.emitters.iter_mut().for_each(|emitter| emitter.plqy = 0.0);
    let thin = |tables: &mut Tables| tables.media.iter_mut().for_each(|medium| medium.thickness_um *= 0.2);
    for (what, fault) in [("clear", clear as fn(&mut Tables)), ("dark", dark), ("thin", thin)] {
        let outcome = tried("bench/c", Fault::Misread(fault));
        assert!(matches!(outcome, Err(TrialError::Otherwise { .. })), "{what}: {outcome:?}");
    }
    assert!(matches!(tried("hazy_film", Fault::OneMore), Err(TrialError::Open { open: 1, .. })));
    assert!(matches!(tried("hazy_film", Fault::Fails), Err(TrialError::Engine(EngineError::Device(_)))));
}
