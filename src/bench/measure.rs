//! Timing an engine: a warm-up, then repeats on new photons until the time is spent.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::counts::Counts;
use crate::engine::{Engine, EngineError, Jobs, Monitor, PhotonRange};
use crate::tables::Tables;

/// Repeats without which a median means little.
const FEWEST_REPEATS: usize = 3;
/// Photons of the first warm-up.
const FIRST_PHOTONS: u64 = 1 << 14;
/// How much longer one warm-up may be than the one before.
const GROWTH: f64 = 8.0;
const MOST_PHOTONS: f64 = 1e12;

/// How long to measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// About what one repeat takes.
    pub repeat_s: f64,
    /// What all repeats of a scene take together, the warm-up apart.
    pub scene_s: f64,
    pub seed: u64,
}

impl Plan {
    /// So many seconds for each scene, in about ten repeats.
    pub fn new(scene_s: f64) -> Self {
        Self { repeat_s: scene_s / 10.0, scene_s, seed: 1 }
    }
}

/// Photons of one repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As many as the plan's time for a repeat allows.
    Timed,
    /// So many for each design.
    Each(u64),
}

/// What was measured. Photon 0 and all that followed it are in the counts, the warm-up's too.
#[derive(Debug, Clone)]
pub struct Measured {
    pub counts: Vec<Counts>,
    /// Photons launched of each design, warm-up included.
    pub launched: u64,
    /// Photons of one repeat, over all designs.
    pub photons: u64,
    /// Seconds of each repeat.
    pub seconds: Vec<f64>,
}

/// Measures all designs of the tables as one job a repeat. Where the monitor breaks off, the last repeat is cut short
/// and there may be none.
///
/// # Errors
/// When the engine fails.
pub async fn measure(
    engine: &dyn Engine,
    tables: &Tables,
    size: Size,
    plan: &Plan,
    monitor: &dyn Monitor,
) -> Result<Measured, EngineError> {
    let designs = tables.layouts.len() as u64;
    let watch = Watch::new(monitor);
    let mut measured = Measured {
        counts: tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect(),
        launched: 0,
        photons: 0,
        seconds: Vec::new(),
    };
    let mut jobs = Jobs::new(engine, tables);
    let mut each = match size {
        Size::Timed => FIRST_PHOTONS.div_ceil(designs.max(1)),
        Size::Each(photons) => photons,
    };
    // the first job has shaders compiled and tables sent for it, which says nothing of how many photons fill a repeat
    repeat(&mut jobs, plan.seed, each, &mut measured, &watch).await?;
    while size == Size::Timed && !watch.broken() {
        let seconds = repeat(&mut jobs, plan.seed, each, &mut measured, &watch).await?;
        let wanted = plan.repeat_s / seconds.max(1e-6);
        each = (each as f64 * wanted.clamp(0.1, GROWTH)).clamp(1.0, MOST_PHOTONS) as u64;
        if wanted < 2.0 {
            break;
        }
    }
    measured.photons = each * designs;
    let mut spent_s = 0.0;
    while !watch.broken() && (spent_s < plan.scene_s || measured.seconds.len() < FEWEST_REPEATS) {
        let seconds = repeat(&mut jobs, plan.seed, each, &mut measured, &watch).await?;
        spent_s += seconds;
        measured.seconds.push(seconds);
    }
    Ok(measured)
}

/// The next `each` photons of every design; how long they took.
async fn repeat(
    jobs: &mut Jobs<'_>,
    seed: u64,
    each: u64,
    measured: &mut Measured,
    watch: &Watch<'_>,
) -> Result<f64, EngineError> {
    let first = measured.launched;
    let designs = 0..measured.counts.len() as u32;
    let ranges: Vec<_> = designs.map(|design| PhotonRange { design, first, count: each }).collect();
    let started_s = watch.seconds();
    jobs.run(seed, &ranges, &mut measured.counts, watch).await?;
    measured.launched += each;
    Ok(watch.seconds() - started_s)
}

/// Remembers that the monitor broke off.
pub(super) struct Watch<'a> {
    monitor: &'a dyn Monitor,
    broken: AtomicBool,
}

impl<'a> Watch<'a> {
    pub fn new(monitor: &'a dyn Monitor) -> Self {
        Self { monitor, broken: AtomicBool::new(false) }
    }

    pub fn broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Monitor for Watch<'_> {
    fn seconds(&self) -> f64 {
        self.monitor.seconds()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        let flow = self.monitor.progress(photons);
        if flow.is_break() {
            self.broken.store(true, Ordering::Relaxed);
        }
        flow
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::bench::{SCENES, Work};
    use crate::compile::compile;
    use crate::cpu::CpuEngine;
    use crate::engine::{DeviceInfo, EngineFuture, Job};
    use crate::scene;

    /// Microseconds of a made-up clock.
    #[derive(Default)]
    struct Clock(AtomicU64);

    impl Monitor for Clock {
        fn seconds(&self) -> f64 {
            self.0.load(Ordering::Relaxed) as f64 * 1e-6
        }
        fn progress(&self, _: u64) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }

    /// The CPU engine as a device on which a photon takes a microsecond, and the first job two seconds more.
    struct SlowToStart<'a> {
        engine: CpuEngine,
        clock: &'a Clock,
    }

    impl Engine for SlowToStart<'_> {
        fn device(&self) -> &DeviceInfo {
            self.engine.device()
        }

        fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
            let start = if self.clock.0.load(Ordering::Relaxed) == 0 { 2_000_000 } else { 0 };
            self.clock.0.fetch_add(start + job.photons(), Ordering::Relaxed);
            self.engine.run(job, counts, monitor)
        }
    }

    #[test]
    fn what_a_device_needs_to_start_does_not_shorten_the_repeats() {
        let Work::One { text, .. } = SCENES[0].work else { panic!("M1 is one design") };
        let scene = scene::parse(text, "M1", Path::new(""), &[]).expect("a built-in scene").scene;
        let tables = compile([&scene], false);
        let clock = Clock::default();
        let engine = SlowToStart { engine: CpuEngine::new("cpu"), clock: &clock };
        let plan = Plan::new(2.0);
        let measuring = measure(&engine, &tables, Size::Timed, &plan, &clock);
        let measured = pollster::block_on(measuring).expect("the CPU engine");
        assert!((190_000..=210_000).contains(&measured.photons), "{} photons in 0.2 s", measured.photons);
        assert!(measured.seconds.len() >= 9, "{:?}", measured.seconds);
    }
}
