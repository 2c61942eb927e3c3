//! Running one scene on one engine, and how far a count lies from a share.

use relume::compile::compile;
use relume::counts::{Counts, Fate};
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::scene::Scene;

/// Counts of a scene that may run, whose ledger must close and whose photons must all end.
pub fn run(engine: &dyn Engine, scene: &Scene, photons: u64, seed: u64, detail: bool) -> Counts {
    assert_eq!(scene.transportable(), Ok(()));
    let tables = compile([scene], detail);
    let mut counts = [Counts::zero(tables.layouts[0])];
    let ranges = [PhotonRange { design: 0, first: 0, count: photons }];
    let job = Job { tables: &tables, seed, ranges: &ranges };
    pollster::block_on(engine.run(job, &mut counts, &Unwatched)).expect("the engine runs");
    let [counts] = counts;
    assert_eq!(counts.photons(), photons, "the ledger is open");
    assert_eq!(counts.fate_total(Fate::Truncated), 0);
    counts
}

/// Deviation of a number of photons from a share, in standard errors.
pub fn deviation(photons: u64, of: u64, expected: f64) -> f64 {
    let n = of as f64;
    let sigma = ((expected * (1.0 - expected)).max(1.0 / n) / n).sqrt();
    (photons as f64 / n - expected).abs() / sigma
}
