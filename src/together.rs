//! Several engines as one: photons are handed out in pieces to whichever engine is free, and counts are added. A
//! photon's life depends on no device, so the sum is that of one engine, to the bit where the engines are.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::counts::Counts;
use crate::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Jobs, Monitor, PhotonRange};

/// What an engine's first piece is, before its speed is known.
const FIRST_PHOTONS: u64 = 1 << 15;
/// What later pieces should take.
const PIECE_SECONDS: f64 = 0.5;

/// Engines that share every job.
pub struct Together {
    device: DeviceInfo,
    engines: Vec<Box<dyn Engine + Send + Sync>>,
}

impl Together {
    /// Takes the name of all, and the kind of the first.
    pub fn new(engines: Vec<Box<dyn Engine + Send + Sync>>) -> Self {
        let joined = |part: fn(&DeviceInfo) -> &str| {
            engines.iter().map(|engine| part(engine.device())).collect::<Vec<_>>().join(" + ")
        };
        let kind = engines.first().map_or(DeviceKind::Cpu, |engine| engine.device().kind);
        let device =
            DeviceInfo { name: joined(|device| &device.name), backend: joined(|device| &device.backend), kind };
        Self { device, engines }
    }

    fn run_now(&self, job: Job, counts: &mut [Counts], monitor: &dyn Monitor) -> Result<(), EngineError> {
        let shared = Shared {
            left: Mutex::new(Pieces::new(job.ranges)),
            ended: self.engines.iter().map(|_| AtomicU64::new(0)).collect(),
            rates: Mutex::new(vec![None; self.engines.len()]),
            stopped: AtomicBool::new(false),
            monitor,
        };
        let sums = Mutex::new(counts);
        std::thread::scope(|scope| {
            let (shared, sums) = (&shared, &sums);
            let worker = |number| move || self.work(number, job, shared, sums);
            let threads: Vec<_> = (0..self.engines.len()).map(|number| scope.spawn(worker(number))).collect();
            let results = threads.into_iter().map(|thread| thread.join().expect("an engine does not panic"));
            // every thread is waited for before the first error is told
            results.collect::<Vec<_>>().into_iter().collect()
        })
    }

    /// One engine's share of the job, piece by piece.
    fn work(&self, number: usize, job: Job, shared: &Shared, sums: &Mutex<&mut [Counts]>) -> Result<(), EngineError> {
        let mut own: Vec<_> = job.tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
        let mut jobs = Jobs::new(&*self.engines[number], job.tables);
        let (mut wanted, mut before) = (FIRST_PHOTONS, 0);
        loop {
            let ranges = shared.take(number, wanted);
            let photons = ranges.iter().map(|range| range.count).sum::<u64>();
            if photons == 0 {
                break;
            }
            let start = shared.monitor.seconds();
            let watch = Watch { shared, number, before };
            if let Err(error) = pollster::block_on(jobs.run(job.seed, &ranges, &mut own, &watch)) {
                shared.stopped.store(true, Ordering::Relaxed);
                return Err(error);
            }
            before += photons;
            let rate = photons as f64 / (shared.monitor.seconds() - start).max(1e-6);
            shared.rates.lock().expect("no thread panics while it tells")[number] = Some(rate);
            wanted = ((rate * PIECE_SECONDS) as u64).clamp(FIRST_PHOTONS, 8 * photons.max(FIRST_PHOTONS));
        }
        let mut sums = sums.lock().expect("no thread panics while it adds");
        sums.iter_mut().zip(&own).for_each(|(sum, own)| sum.add(&own.words));
        Ok(())
    }
}

impl Engine for Together {
    fn device(&self) -> &DeviceInfo {
        &self.device
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        Box::pin(async move { self.run_now(job, counts, monitor) })
    }
}

/// What is left of a job's ranges.
struct Pieces {
    /// Backwards, so that the next one is the last.
    ranges: Vec<PhotonRange>,
    photons: u64,
}

impl Pieces {
    fn new(ranges: &[PhotonRange]) -> Self {
        let photons = ranges.iter().map(|range| range.count).sum();
        Self { ranges: ranges.iter().rev().copied().collect(), photons }
    }

    /// The next photons, as many as are left at most.
    fn take(&mut self, mut photons: u64) -> Vec<PhotonRange> {
        let mut taken = Vec::new();
        while photons > 0
            && let Some(range) = self.ranges.pop()
        {
            let count = range.count.min(photons);
            taken.push(PhotonRange { count, ..range });
            if count < range.count {
                self.ranges.push(PhotonRange { first: range.first + count, count: range.count - count, ..range });
            }
            photons -= count;
            self.photons -= count;
        }
        taken
    }
}

/// What the engines' threads share.
struct Shared<'a> {
    left: Mutex<Pieces>,
    /// Photons that each engine has ended.
    ended: Vec<AtomicU64>,
    /// Photons that each engine ends in a second, where it is known.
    rates: Mutex<Vec<Option<f64>>>,
    stopped: AtomicBool,
    monitor: &'a dyn Monitor,
}

impl Shared<'_> {
    /// About so many photons for an engine, near the end half of what is its share by its speed, so that all engines end
    /// together; none after a stop, or where the others end sooner without it.
    fn take(&self, number: usize, wanted: u64) -> Vec<PhotonRange> {
        if self.stopped.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut left = self.left.lock().expect("no thread panics while it takes");
        let mut rates = self.rates.lock().expect("no thread panics while it tells");
        match share(left.photons, number, &rates) {
            Some(share) => left.take(wanted.min(share)),
            None => {
                // nobody counts on it any more
                rates[number] = Some(0.0);
                Vec::new()
            }
        }
    }
}

/// What an engine may take of the photons left, by photons a second of all engines (0 of one that takes no more); those that
/// do not know theirs take what tells it. `None` where the others need less time for all that is left than the engine for the least that is worth taking.
fn share(left: u64, number: usize, rates: &[Option<f64>]) -> Option<u64> {
    const LEAST: u64 = FIRST_PHOTONS / 4;
    let Some(own) = rates[number] else { return Some(FIRST_PHOTONS) };
    let all: f64 = rates.iter().flatten().sum();
    let others = all - own;
    if others > 0.0 && LEAST as f64 / own > left as f64 / others {
        return None;
    }
    Some(((left as f64 * own / (2.0 * all)) as u64).max(LEAST))
}

/// Adds one engine's progress to that of the others.
struct Watch<'a> {
    shared: &'a Shared<'a>,
    number: usize,
    /// Photons of the engine's earlier pieces.
    before: u64,
}

impl Monitor for Watch<'_> {
    fn seconds(&self) -> f64 {
        self.shared.monitor.seconds()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        self.shared.ended[self.number].fetch_max(self.before + photons, Ordering::Relaxed);
        let ended = self.shared.ended.iter().map(|ended| ended.load(Ordering::Relaxed)).sum();
        let flow = self.shared.monitor.progress(ended);
        if flow.is_break() {
            self.shared.stopped.store(true, Ordering::Relaxed);
        }
        if self.shared.stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_take_by_their_speed() {
        let rates = [Some(1e9), Some(2e7), None];
        let fast = share(1_000_000_000, 0, &rates).expect("a share");
        let slow = share(1_000_000_000, 1, &rates).expect("a share");
        assert!((fast as f64 / slow as f64 - 50.0).abs() < 1e-3 && fast < 500_000_000, "{fast} {slow}");
        assert_eq!(share(1_000_000_000, 2, &rates), Some(FIRST_PHOTONS));
        // 0.4 ms for the least of the slow one, 0.1 ms for the fast one to end all
        assert_eq!(share(100_000, 1, &rates), None);
        assert_eq!(share(100_000, 0, &rates), Some(49_019));
        // once that one has left the other goes on, however little there is
        assert_eq!(share(10, 0, &[Some(1e6), Some(0.0)]), Some(FIRST_PHOTONS / 4));
        // alone one takes all in the end
        assert_eq!(share(10, 0, &[Some(1e6)]), Some(FIRST_PHOTONS / 4));
    }
}
