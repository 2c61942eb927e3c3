//! The engines under test. Each runs all cases as one job, and the cases that need histograms as another.

use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::Instant;

use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, Monitor, PhotonRange};
use relume::gpu::{GpuAdapter, GpuEngine, adapters};

use super::Case;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Cpu,
    Gpu,
    /// The processor, with photons that start as points of a sequence.
    Stratified,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Cpu, Kind::Gpu, Kind::Stratified];

    pub fn key(self) -> &'static str {
        match self {
            Kind::Cpu => "cpu",
            Kind::Gpu => "gpu",
            Kind::Stratified => "stratified",
        }
    }
}

/// The adapter to test: the first one there is.
pub fn adapter() -> Option<GpuAdapter> {
    pollster::block_on(adapters(None)).into_iter().next()
}

/// The results of one engine, made when first asked for.
pub struct Bench {
    pub kind: Kind,
    plain: OnceLock<Results>,
    detailed: OnceLock<Results>,
}

/// Counts by the number of the case, or why there are none.
type Results = Result<Vec<Option<Counts>>, String>;

impl Bench {
    pub fn new(kind: Kind) -> Self {
        Self { kind, plain: OnceLock::new(), detailed: OnceLock::new() }
    }

    /// The counts of a case, after all cases of its job have run.
    pub fn counts(&self, cases: &[Case], number: usize) -> Result<&Counts, String> {
        let detail = cases[number].detail;
        let job = if detail { &self.detailed } else { &self.plain };
        match job.get_or_init(|| self.run(cases, detail)) {
            Ok(counts) => Ok(counts[number].as_ref().expect("a case of this job")),
            Err(error) => Err(error.clone()),
        }
    }

    fn run(&self, cases: &[Case], detail: bool) -> Results {
        let members: Vec<usize> = (0..cases.len()).filter(|i| cases[*i].detail == detail).collect();
        let mut tables = compile(members.iter().map(|i| &cases[*i].scene), detail);
        if self.kind == Kind::Stratified {
            tables.stratify();
        }
        let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
        let range = |(design, case): (usize, &usize)| PhotonRange {
            design: design as u32,
            first: 0,
            count: cases[*case].photons,
        };
        let ranges: Vec<_> = members.iter().enumerate().map(range).collect();
        let job = Job { tables: &tables, seed: SEED, ranges: &ranges };
        let clock = Clock(Instant::now());
        let engine = self.open()?;
        pollster::block_on(engine.run(job, &mut counts, &clock)).map_err(|error| error.to_string())?;
        let mut by_case: Vec<_> = cases.iter().map(|_| None).collect();
        for (case, counts) in members.into_iter().zip(counts) {
            by_case[case] = Some(counts);
        }
        Ok(by_case)
    }

    fn open(&self) -> Result<Box<dyn Engine>, String> {
        if self.kind != Kind::Gpu {
            return Ok(Box::new(CpuEngine::new("cpu")));
        }
        let adapter = adapter().ok_or("there is no graphics adapter, and RELUME_REQUIRE_GPU asks for one")?;
        let engine = pollster::block_on(GpuEngine::open(&adapter)).map_err(|error| error.to_string())?;
        Ok(Box::new(engine))
    }
}

const SEED: u64 = 1;

struct Clock(Instant);

impl Monitor for Clock {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }

    fn progress(&self, _photons: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
