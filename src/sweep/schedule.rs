//! Runs the designs of a plan: in batches whose tables fit in memory, each batch as one job a round. While a device runs
//! a batch, the processor builds the next one.
//!
//! Without a target every design gets the photons asked for. With one, a design is tested when its own
//! count reaches 2^14, 2^15, ... and stops there as soon as its error is small enough: how many photons it
//! gets follows from the command alone, whatever the batches and the device.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::batch::{Batch, Builder, Source};
use super::best;
use super::plan::Plan;
use super::result::{Best, DesignRow};
use super::transports::{Transport, Watched, transports};
use super::validate::named;
use crate::counts::Counts;
use crate::engine::{DeviceKind, Engine, EngineError, Jobs, Monitor, PhotonRange};
use crate::outcome::{self, LedgerError};
use crate::scene::{Document, Problems};
use crate::simulate::Target;

/// Photons of a design at which a target is first tested; then at every doubling.
pub const FIRST_TEST_PHOTONS: u64 = 1 << 14;
/// Bytes of tables and counts in one batch, of which there are two at a time where one is built while the other runs.
pub const BATCH_BYTES: usize = 64 << 20;
/// The same for each thread of the processor's own engine: few enough to be read from its caches after they were built,
/// and to be written where the batch before stood.
const THREAD_BATCH_BYTES: usize = 2 << 20;
/// Photons of the first batch's first round; later batches are as large as fits in [`BATCH_SECONDS`].
const FIRST_BATCH_PHOTONS: u64 = 1 << 16;
/// What a batch should take: long against its start, short against what a killed sweep may lose.
const BATCH_SECONDS: [f64; 2] = [1.0, 4.0];

/// Bytes of tables and counts that a batch should have on a device.
pub fn batch_bytes(device: DeviceKind) -> usize {
    match device {
        DeviceKind::Cpu => BATCH_BYTES.min(THREAD_BATCH_BYTES * rayon::current_num_threads()),
        _ => BATCH_BYTES,
    }
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Photons of each design; with a target, at most.
    pub photons: u64,
    pub seed: u64,
    /// Whether launches are stratified; see [`crate::tables::Tables::stratify`].
    pub stratified: bool,
    pub target: Option<Target>,
    /// Whether designs that differ in the PLQY of one emitter alone share one transport.
    pub reweight: bool,
    /// The quantity whose best design is sought.
    pub best: Option<String>,
    /// Bytes of tables and counts in one batch, see [`batch_bytes`]; a single design may be larger.
    pub batch_bytes: usize,
}

/// What a sweep tells its surroundings beside what an engine does.
pub trait Observer: Monitor {
    /// A design is done; rows come in any order. This is where a journal is kept.
    ///
    /// # Errors
    /// Whatever should end the sweep, such as a full disk.
    fn finished(&self, design: usize, row: &DesignRow) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error("no photons asked for; at least 1 is needed")]
    NoPhotons,
    #[error("there is no quantity '{0}'")]
    UnknownQuantity(String),
    #[error(transparent)]
    Scene(#[from] Problems),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{design}: {error}")]
    Ledger { design: String, error: LedgerError },
    #[error("{0}")]
    Record(Box<dyn std::error::Error + Send + Sync>),
}

/// What has been run.
#[derive(Debug)]
pub struct Swept {
    /// In design order; `None` for what an interrupted sweep left undone.
    pub rows: Vec<Option<DesignRow>>,
    /// Photons followed here; rows known before are not counted.
    pub photons: u64,
    pub interrupted: bool,
    /// Its `row` is a place in `rows`.
    pub best: Option<Best>,
}

/// A sweep under way.
pub(super) struct Sweep<'a> {
    pub engine: &'a dyn Engine,
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub settings: &'a Settings,
    pub observer: &'a dyn Observer,
    pub photons: u64,
}

/// Runs all designs of `plan` that `known` does not hold already.
///
/// # Errors
/// Settings that ask for nothing, a design that is no scene, an engine that fails, a ledger that does
/// not close, an observer that gives up.
pub async fn sweep(
    engine: &dyn Engine,
    document: &Document,
    plan: &Plan,
    settings: &Settings,
    known: Vec<Option<DesignRow>>,
    observer: &dyn Observer,
) -> Result<Swept, SweepError> {
    check(settings)?;
    let mut rows = known;
    rows.resize(plan.len(), None);
    let mut sweep = Sweep { engine, document, plan, settings, observer, photons: 0 };
    let watched = Watched::of(document, plan).filter(|_| settings.reweight);
    let mut all = transports(plan, watched.as_ref());
    // all of a transport's designs have a say in where it stops: it is run whole or not at all
    all.retain(|transport| transport.designs.iter().any(|design| rows[*design].is_none()));
    let source = Source {
        document,
        plan,
        watched: watched.as_ref(),
        bytes: settings.batch_bytes,
        stratified: settings.stratified,
    };
    let mut interrupted = sweep.run_all(source, all, &mut rows).await?;
    let mut found = None;
    if let Some(quantity) = settings.best.as_ref().filter(|_| !interrupted) {
        (found, interrupted) = best::best(&mut sweep, &mut rows, quantity).await?;
    }
    Ok(Swept { rows, photons: sweep.photons, interrupted, best: found })
}

/// Photons of a batch, from those of an earlier one and the time that it took.
fn adapted(photons: u64, seconds: f64) -> u64 {
    if seconds < BATCH_SECONDS[0] {
        photons.saturating_mul(if seconds < 0.25 * BATCH_SECONDS[0] { 4 } else { 2 })
    } else if seconds > BATCH_SECONDS[1] {
        (photons / 2).max(FIRST_BATCH_PHOTONS)
    } else {
        photons
    }
}

fn check(settings: &Settings) -> Result<(), SweepError> {
    if settings.photons == 0 {
        return Err(SweepError::NoPhotons);
    }
    match &settings.target {
        Some(target) if outcome::definition(&target.quantity).is_none() => {
            Err(SweepError::UnknownQuantity(target.quantity.clone()))
        }
        _ => Ok(()),
    }
}

impl Sweep<'_> {
    /// The count at which a round ends that begins at this one.
    fn round_end(&self, launched: u64) -> u64 {
        match self.settings.target {
            None => self.settings.photons,
            Some(_) => self.settings.photons.min(launched.saturating_mul(2).max(FIRST_TEST_PHOTONS)),
        }
    }

    /// Runs all transports, batch after batch; designs that theirs refuse are run by themselves in the end. `true` when it
    /// was broken off.
    async fn run_all(
        &mut self,
        source: Source<'_>,
        transports: Vec<Transport>,
        rows: &mut [Option<DesignRow>],
    ) -> Result<bool, SweepError> {
        // the processor itself has no core to spare
        let ahead = self.engine.device().kind != DeviceKind::Cpu;
        let round = self.round_end(0);
        let at_most = |photons: u64| (photons / round).max(1) as usize;
        let mut builder = Builder::new(source, transports);
        let mut refused = Vec::new();
        let mut photons = FIRST_BATCH_PHOTONS;
        // built while the one before ran, and the photons that it was to have at most
        let mut ready: Option<(Batch, u64)> = None;
        loop {
            if ready.is_none() && builder.is_done() {
                builder = Builder::new(source, std::mem::take(&mut refused));
                if builder.is_done() {
                    return Ok(false);
                }
            }
            let (batch, of_batch) = match ready.take() {
                Some(ready) => ready,
                None => (builder.batch(at_most(photons), &AtomicBool::new(false))?, photons),
            };
            let started = self.observer.seconds();
            let (interrupted, ended) = if ahead && !builder.is_done() {
                let build = |stop: &AtomicBool| builder.batch(at_most(photons), stop);
                let (interrupted, ended, next) = self.run_beside(batch, rows, &mut refused, build)?;
                ready = next.map(|next| (next, photons));
                (interrupted, ended)
            } else {
                let interrupted = self.run_batch(batch, rows, &mut refused).await?;
                (interrupted, self.observer.seconds())
            };
            if interrupted {
                return Ok(true);
            }
            photons = adapted(of_batch, ended - started);
        }
    }

    /// Runs a batch while another thread builds the next one: whether it was broken off, when it ended, and the next one where
    /// it was not.
    fn run_beside(
        &mut self,
        batch: Batch,
        rows: &mut [Option<DesignRow>],
        refused: &mut Vec<Transport>,
        build: impl FnOnce(&AtomicBool) -> Result<Batch, Problems> + Send,
    ) -> Result<(bool, f64, Option<Batch>), SweepError> {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let building = scope.spawn(|| build(&stop));
            let ran = pollster::block_on(self.run_batch(batch, rows, refused));
            let ended = self.observer.seconds();
            stop.store(!matches!(ran, Ok(false)), Ordering::Relaxed);
            let built = building.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            match ran? {
                true => Ok((true, ended, None)),
                false => Ok((false, ended, Some(built?))),
            }
        })
    }

    /// Runs a batch round by round; `true` when it was broken off.
    async fn run_batch(
        &mut self,
        batch: Batch,
        rows: &mut [Option<DesignRow>],
        refused: &mut Vec<Transport>,
    ) -> Result<bool, SweepError> {
        let mut counts: Vec<_> = batch.tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
        let mut active: Vec<usize> = (0..batch.units.len()).collect();
        // those that share rows one after the other: caches hold them then
        active.sort_by_key(|unit| batch.tables.designs[*unit].first_row);
        let mut jobs = Jobs::new(self.engine, &batch.tables);
        let mut launched = 0;
        while !active.is_empty() {
            let end = self.round_end(launched);
            let range = |unit: &usize| PhotonRange { design: *unit as u32, first: launched, count: end - launched };
            let ranges: Vec<_> = active.iter().map(range).collect();
            let broken = self.run_job(&mut jobs, &ranges, &mut counts).await?;
            launched = end;
            active.retain(|unit| !broken || counts[*unit].photons() == launched);
            let (plan, target) = (self.plan, self.settings.target.as_ref());
            let answers: Vec<_> = active
                .par_iter()
                .map(|unit| {
                    check_ledger(plan, &batch, *unit, &counts[*unit], launched)?;
                    Ok::<_, SweepError>(batch.rows(plan, *unit, &counts[*unit], target))
                })
                .collect();
            let mut unfinished = Vec::new();
            for (unit, answer) in active.into_iter().zip(answers) {
                let found = answer?;
                let reached = found.iter().all(|(_, row)| row.as_ref().is_none_or(|row| row.reached));
                if !reached && launched < self.settings.photons {
                    unfinished.push(unit);
                    continue;
                }
                for (design, row) in found {
                    let Some(row) = row else {
                        if rows[design].is_none() {
                            refused.push(Transport::direct(design));
                        }
                        continue;
                    };
                    if rows[design].is_none() {
                        self.observer.finished(design, &row).map_err(SweepError::Record)?;
                        rows[design] = Some(row);
                    }
                }
            }
            if broken {
                return Ok(true);
            }
            active = unfinished;
        }
        Ok(false)
    }

    /// One engine job; `true` when it was broken off.
    pub(super) async fn run_job(
        &mut self,
        jobs: &mut Jobs<'_>,
        ranges: &[PhotonRange],
        counts: &mut [Counts],
    ) -> Result<bool, SweepError> {
        let watch = Watch {
            observer: self.observer,
            before: self.photons,
            ended: AtomicU64::new(0),
            broken: AtomicBool::new(false),
        };
        jobs.run(self.settings.seed, ranges, counts, &watch).await?;
        let asked: u64 = ranges.iter().map(|range| range.count).sum();
        let broken = watch.broken.into_inner();
        self.photons += if broken { watch.ended.into_inner() } else { asked };
        Ok(broken)
    }
}

/// Whether all photons of a unit are accounted for.
pub(super) fn check_ledger(
    plan: &Plan,
    batch: &Batch,
    unit: usize,
    counts: &Counts,
    launched: u64,
) -> Result<(), SweepError> {
    let design = || named(plan, batch.units[unit].transport.designs[0]);
    outcome::check_ledger(counts, &outcome::launched_per_group(launched))
        .map_err(|error| SweepError::Ledger { design: design(), error })
}

/// Passes progress on, counted from the first photon of the sweep, and remembers a break.
struct Watch<'a> {
    observer: &'a dyn Observer,
    before: u64,
    ended: AtomicU64,
    broken: AtomicBool,
}

impl Monitor for Watch<'_> {
    fn seconds(&self) -> f64 {
        self.observer.seconds()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        self.ended.fetch_max(photons, Ordering::Relaxed);
        let flow = self.observer.progress(self.before + photons);
        if flow.is_break() {
            self.broken.store(true, Ordering::Relaxed);
        }
        flow
    }
}
