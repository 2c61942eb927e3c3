//! One scene from its text to its record.

use std::path::Path;

use super::known::Check;
use super::measure::{Measured, Plan, Size, Watch, measure};
use super::record::{Precision, Rates, SceneRecord, Status};
use super::scenes::{BenchScene, Work};
use super::sweep;
use crate::compile::compile;
use crate::counts::Counts;
use crate::engine::{Engine, Monitor};
use crate::outcome;
use crate::scene::{self, Scene};
use crate::tables::Tables;

/// The standard error whose time is told.
const TARGET_SE: f64 = 1e-3;

/// The monitor broke off; what had been measured of the scene is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Measures a scene and checks its fates. Whatever goes wrong is in the record, which then has no rates.
///
/// # Errors
/// When the monitor breaks off.
pub async fn run_scene(
    engine: &dyn Engine,
    bench: &BenchScene,
    plan: &Plan,
    monitor: &dyn Monitor,
) -> Result<SceneRecord, Interrupted> {
    let mut record = SceneRecord {
        scene: bench.key.into(),
        what: bench.what.into(),
        status: Status::Failed,
        why: None,
        designs: 0,
        table_bytes: 0,
        checks: Vec::new(),
        rates: None,
    };
    if let Err(stop) = fill(engine, bench, plan, monitor, &mut record).await {
        match stop {
            Stop::Interrupted => return Err(Interrupted),
            Stop::Failed(why) => record.why = Some(why),
        }
    }
    Ok(record)
}

enum Stop {
    Interrupted,
    Failed(String),
}

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Failed(error.to_string())
    }
}

async fn fill(
    engine: &dyn Engine,
    bench: &BenchScene,
    plan: &Plan,
    monitor: &dyn Monitor,
    record: &mut SceneRecord,
) -> Result<(), Stop> {
    let (scenes, size) = match bench.work {
        Work::One { text, .. } => (vec![scene::parse(text, bench.key, Path::new(""), &[])?.scene], Size::Timed),
        Work::Sweep => (sweep::designs()?, Size::Each(sweep::PHOTONS_EACH)),
    };
    let tables = compile(&scenes, false);
    (record.designs, record.table_bytes) = (scenes.len(), tables.bytes());
    let watch = Watch::new(monitor);
    let measured = measure(engine, &tables, size, plan, &watch).await?;
    if watch.broken() {
        return Err(Stop::Interrupted);
    }
    for counts in &measured.counts {
        outcome::check_ledger(counts, &outcome::launched_per_group(measured.launched))?;
    }
    let checks = checks(engine, bench, &scenes, &tables, plan, &measured, &watch).await?;
    if watch.broken() {
        return Err(Stop::Interrupted);
    }
    record.checks = checks;
    let wrong: Vec<_> = record.checks.iter().filter(|check| !check.passed).map(|check| check.what.as_str()).collect();
    if !wrong.is_empty() {
        return Err(Stop::Failed(format!("not the known answer: {}", wrong.join(", "))));
    }
    record.status = Status::Passed;
    record.rates = Some(rates(bench, &scenes, &measured));
    Ok(())
}

async fn checks(
    engine: &dyn Engine,
    bench: &BenchScene,
    scenes: &[Scene],
    tables: &Tables,
    plan: &Plan,
    measured: &Measured,
    monitor: &dyn Monitor,
) -> Result<Vec<Check>, Stop> {
    Ok(match bench.work {
        Work::One { known, .. } => known.iter().map(|known| known.check(&measured.counts[0])).collect(),
        Work::Sweep => sweep::check(engine, scenes, tables, plan.seed, measured, monitor).await?,
    })
}

fn rates(bench: &BenchScene, scenes: &[Scene], measured: &Measured) -> Rates {
    let mut per_s: Vec<_> = measured.seconds.iter().map(|s| measured.photons as f64 / s.max(1e-9)).collect();
    per_s.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&per_s, share);
    let photons_per_s = at(0.5);
    let events_per_photon = events(&measured.counts) as f64 / photons(&measured.counts) as f64;
    let precision = match bench.work {
        Work::One { quantity, .. } => precision(quantity, &measured.counts[0], &scenes[0], photons_per_s),
        Work::Sweep => None,
    };
    Rates {
        photons_per_s,
        spread: (at(0.75) - at(0.25)) / photons_per_s,
        repeats: per_s.len(),
        photons_per_repeat: measured.photons,
        events_per_s: photons_per_s * events_per_photon,
        events_per_photon,
        precision,
        relative: bench.reference_per_s.map(|reference| photons_per_s / reference),
    }
}

/// How long the quantity takes to its standard error: the error falls with the root of the photons.
fn precision(quantity: &str, counts: &Counts, scene: &Scene, photons_per_s: f64) -> Option<Precision> {
    let se = outcome::quantity(quantity, counts, scene)?.se?;
    let photons = counts.photons() as f64 * (se / TARGET_SE).powi(2);
    Some(Precision { quantity: quantity.into(), se: TARGET_SE, seconds: photons / photons_per_s })
}

fn photons(counts: &[Counts]) -> u64 {
    counts.iter().map(Counts::photons).sum()
}

fn events(counts: &[Counts]) -> u64 {
    counts.iter().map(Counts::events).sum()
}

/// Linear between the sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, rest) = (place.floor() as usize, place.fract());
    sorted[low] + rest * (sorted[(low + 1).min(sorted.len() - 1)] - sorted[low])
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::time::Instant;

    use super::*;
    use crate::bench::{Known, SCENES, score};
    use crate::cpu::CpuEngine;

    struct Clock(Instant, ControlFlow<()>);

    impl Monitor for Clock {
        fn seconds(&self) -> f64 {
            self.0.elapsed().as_secs_f64()
        }
        fn progress(&self, _: u64) -> ControlFlow<()> {
            self.1
        }
    }

    fn run(bench: &BenchScene, flow: ControlFlow<()>) -> Result<SceneRecord, Interrupted> {
        let clock = Clock(Instant::now(), flow);
        pollster::block_on(run_scene(&CpuEngine::new("cpu"), bench, &Plan::new(0.05), &clock))
    }

    #[test]
    fn the_right_answer_passes_and_a_wrong_one_has_no_number() {
        let right = run(&SCENES[0], ControlFlow::Continue(())).expect("nobody interrupts");
        assert_eq!((right.status, right.checks.len()), (Status::Passed, 2));
        assert!(right.rates.as_ref().is_some_and(|rates| rates.photons_per_s > 0.0 && rates.repeats >= 3));

        let mut wrong = SCENES[0];
        let Work::One { text, quantity, known } = wrong.work else { panic!("M1 is one design") };
        let shift = |known: &Known| Known { share: known.share + 0.02, ..*known };
        let shifted: Vec<_> = known.iter().map(shift).collect();
        wrong.work = Work::One { text, quantity, known: shifted.leak() };
        let wrong = run(&wrong, ControlFlow::Continue(())).expect("nobody interrupts");
        assert_eq!((wrong.status, &wrong.rates), (Status::Failed, &None));
        assert!(wrong.why.as_ref().is_some_and(|why| why.contains("transmitted")), "{wrong:?}");
        assert_eq!(score(&[right, wrong]), None);
    }

    #[test]
    fn a_break_leaves_no_record() {
        assert_eq!(run(&SCENES[0], ControlFlow::Break(())), Err(Interrupted));
    }

    #[test]
    fn quantiles() {
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|share| quantile(&[1.0, 2.0, 4.0], share)), [1.0, 1.5, 2.0, 4.0]);
        assert_eq!(quantile(&[3.0], 0.5), 3.0);
    }
}
