//! What an engine is: it takes tables of designs and ranges of photons, and adds to counts.

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::tables::Tables;

/// Consecutive photons of one design. Indices count from 0 in every design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotonRange {
    pub design: u32,
    pub first: u64,
    pub count: u64,
}

/// Photons to run. Their lives depend on the seed, their index and their design's tables, on nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    pub tables: &'a Tables,
    pub seed: u64,
    pub ranges: &'a [PhotonRange],
}

impl Job<'_> {
    pub fn photons(&self) -> u64 {
        self.ranges.iter().map(|range| range.count).sum()
    }
}

/// What an engine asks of its surroundings, so that it needs no clock and never blocks.
pub trait Monitor: Sync {
    /// Seconds since some fixed moment.
    fn seconds(&self) -> f64;
    /// Told now and then how many photons of the job have ended; `Break` stops the job early:
    /// photons under way still end, no new ones start.
    fn progress(&self, photons: u64) -> ControlFlow<()>;
}

/// Nobody watches: time stands still, and nothing is broken off.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Monitor for Unwatched {
    fn seconds(&self) -> f64 {
        0.0
    }

    fn progress(&self, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// The device an engine runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    pub name: String,
    /// `cpu`, `vulkan`, `metal` or `dx12`.
    pub backend: String,
    pub kind: DeviceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    Cpu,
    Discrete,
    Integrated,
    /// A graphics interface emulated on the CPU.
    Software,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the design needs {needed} bytes in one buffer, the device allows {allowed}")]
    TooLarge { needed: u64, allowed: u64 },
    #[error("the device stopped working: {0}")]
    Device(String),
}

pub type EngineFuture<'a> = Pin<Box<dyn Future<Output = Result<(), EngineError>> + 'a>>;

pub trait Engine {
    fn device(&self) -> &DeviceInfo;

    /// Runs the job and adds to `counts`, one for each design of the tables.
    ///
    /// # Errors
    /// When the tables do not fit the device, or the device fails.
    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a>;

    /// Keeps tables where photons run, so that the jobs to come need not bring them there again; `None` where an engine
    /// reads them where they lie. [`Jobs`] asks for it.
    fn load<'a>(&'a self, _tables: &'a Tables) -> Option<Box<dyn Loaded + 'a>> {
        None
    }
}

/// Tables that an engine keeps.
pub trait Loaded {
    /// What [`Engine::run`] does, of these tables.
    ///
    /// # Errors
    /// Those of [`Engine::run`].
    fn run<'a>(
        &'a mut self,
        seed: u64,
        ranges: &'a [PhotonRange],
        counts: &'a mut [Counts],
        monitor: &'a dyn Monitor,
    ) -> EngineFuture<'a>;
}

/// Jobs of the same tables, one after the other.
pub struct Jobs<'a> {
    engine: &'a dyn Engine,
    tables: &'a Tables,
    loaded: Option<Box<dyn Loaded + 'a>>,
}

impl<'a> Jobs<'a> {
    pub fn new(engine: &'a dyn Engine, tables: &'a Tables) -> Self {
        Self { engine, tables, loaded: engine.load(tables) }
    }

    /// Runs a job and adds to `counts`, one for each design of the tables.
    ///
    /// # Errors
    /// Those of [`Engine::run`].
    pub async fn run(
        &mut self,
        seed: u64,
        ranges: &[PhotonRange],
        counts: &mut [Counts],
        monitor: &dyn Monitor,
    ) -> Result<(), EngineError> {
        match &mut self.loaded {
            Some(loaded) => loaded.run(seed, ranges, counts, monitor).await,
            None => self.engine.run(Job { tables: self.tables, seed, ranges }, counts, monitor).await,
        }
    }
}
