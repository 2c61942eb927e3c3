//! The yardstick: a plain f64 analog loop, nothing clever, beside the CPU engine on the same scenes. Both must give
//! the known fates before anything is timed.
//!
//!     cargo bench --bench yardstick
//!
//! First rounds that alternate between the two are timed and their medians and ratio printed, so that whatever slows
//! the machine down slows both; then criterion times each with its statistics.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::counts::{Counts, Fate};
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::scene;
use relume::tables::Tables;

mod plain;

use plain::{Emission, Fates, Slab, Table};

/// Photons of the check: five standard errors of a share are 1.3e-3 at most.
const CHECKED: u64 = 4_000_000;
const ROUNDS: usize = 7;

/// A scene of `relume bench` as the plain loop knows it, with the known answer in its own counts.
struct Case {
    key: &'static str,
    /// Photons of one timed run: long enough that starting threads does not count.
    photons: u64,
    slab: Slab,
    known: Vec<Part>,
}

/// A name, the photons it counts, and their known share.
type Part = (&'static str, Photons, f64);
type Photons = fn(&Fates) -> u64;

fn cases() -> Vec<Case> {
    let clear = Slab {
        n: 1.5,
        thickness: 0.1,
        half_width: f64::INFINITY,
        mu_s: 0.0,
        g: 0.0,
        host: 0.1,
        dye: Table::constant(0.0),
        plqy: 0.0,
        emission: Emission::Box(560.0, 680.0),
        pump_nm: 555.0,
    };
    let dyed = || Slab { dye: Table::new(&[(600.0, 20.0), (600.0, 0.0)]), plqy: 0.95, ..clear.clone() };
    let reflected = |share| -> Part { ("reflected", |f| f.top + f.first, share) };
    let transmitted = |share| -> Part { ("transmitted", |f| f.bottom, share) };
    let luminescent = |shares: [f64; 6]| -> Vec<Part> {
        let parts: [(&str, Photons); 6] = [
            ("first surface", |f| f.first),
            ("top", |f| f.top),
            ("bottom", |f| f.bottom),
            ("edges", |f| f.edges),
            ("dye", |f| f.dye),
            ("host", |f| f.host),
        ];
        parts.into_iter().zip(shares).map(|((what, part), share)| (what, part, share)).collect()
    };
    let film_absorption = Table::new(&[
        (440.0, 1500.0),
        (500.0, 800.0),
        (520.0, 600.0),
        (530.0, 200.0),
        (540.0, 40.0),
        (550.0, 8.0),
        (560.0, 1.0),
    ]);
    vec![
        Case {
            key: "M1",
            photons: 4_000_000,
            slab: Slab { n: 1.0, thickness: 0.02, mu_s: 90.0, g: 0.75, host: 10.0, ..clear.clone() },
            known: vec![reflected(0.09739), transmitted(0.66096)],
        },
        Case {
            key: "M3",
            photons: 500_000,
            slab: Slab { mu_s: 100.0, ..clear.clone() },
            known: vec![reflected(0.74954), transmitted(0.20478), ("host", |f| f.host, 0.04568)],
        },
        Case {
            key: "film",
            photons: 1_000_000,
            slab: Slab {
                thickness: 0.005,
                mu_s: 200.0,
                g: 0.7,
                host: 0.0,
                dye: film_absorption,
                plqy: 0.996,
                emission: Emission::gaussian(530.0, 20.0),
                pump_nm: 450.0,
                ..clear.clone()
            },
            known: vec![("EQY", |f| f.emitted_out, 0.9398)],
        },
        Case {
            key: "A",
            photons: 2_000_000,
            slab: Slab { half_width: 2.5, ..dyed() },
            known: luminescent([0.0400, 0.1158, 0.2288, 0.2673, 0.0583, 0.2898]),
        },
        Case {
            key: "C",
            photons: 500_000,
            slab: Slab { mu_s: 100.0, ..dyed() },
            known: luminescent([0.0400, 0.6883, 0.1757, 0.0, 0.0550, 0.0409]),
        },
    ]
}

fn engine_run(engine: &CpuEngine, tables: &Tables, seed: u64, count: u64) -> Counts {
    let mut counts = [Counts::zero(tables.layouts[0])];
    let ranges = [PhotonRange { design: 0, first: 0, count }];
    pollster::block_on(engine.run(Job { tables, seed, ranges: &ranges }, &mut counts, &Unwatched))
        .expect("the CPU engine");
    let [counts] = counts;
    counts
}

fn tables_of(key: &str) -> (Tables, &'static [relume::bench::Known]) {
    let bench = SCENES.iter().find(|scene| scene.key == key).expect("a scene of the benchmark");
    let Work::One { text, known, .. } = bench.work else { panic!("{key} is one design") };
    let scene = scene::parse(text, key, Path::new(""), &[]).expect("a built-in scene").scene;
    (compile([&scene], false), known)
}

/// Both must give the known fates.
fn check(case: &Case, engine: &CpuEngine, tables: &Tables, known: &[relume::bench::Known]) {
    let fates = plain::run(&case.slab, 1, CHECKED);
    assert_eq!(fates.all(), CHECKED, "{}: every photon ends once", case.key);
    for (what, part, share) in &case.known {
        let found = part(&fates) as f64 / CHECKED as f64;
        let se = (share * (1.0 - share) / CHECKED as f64).sqrt();
        assert!((found - share).abs() <= 5.0 * se + 1e-4, "{}: {what} {found}, not {share}", case.key);
    }
    let counts = engine_run(engine, tables, 1, CHECKED);
    for known in known {
        let check = known.check(&counts);
        assert!(check.passed, "{}: {check:?}", case.key);
    }
    let events = counts.events();
    assert_eq!(counts.fate_total(Fate::Truncated), 0);
    println!(
        "{:<5} fates agree; events per photon: plain {:.3}, engine {:.3}",
        case.key,
        fates.events as f64 / CHECKED as f64,
        events as f64 / CHECKED as f64
    );
}

/// Medians of rounds that alternate.
fn alternate(case: &Case, engine: &CpuEngine, tables: &Tables) {
    let seconds = |work: &dyn Fn()| {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64()
    };
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let photons = case.photons as f64;
    let rounds = (0..ROUNDS as u64).map(|seed| {
        let plain = seconds(&|| _ = black_box(plain::run(&case.slab, seed, case.photons)));
        let ours = seconds(&|| _ = black_box(engine_run(engine, tables, seed, case.photons)));
        (photons / plain / 1e6, photons / ours / 1e6, plain / ours)
    });
    let rounds: Vec<_> = rounds.collect();
    let of = |part: fn(&(f64, f64, f64)) -> f64| median(rounds.iter().map(part).collect());
    println!("{:<5} {:>8.2} M/s {:>8.2} M/s {:>8.2}", case.key, of(|r| r.0), of(|r| r.1), of(|r| r.2));
}

fn main() {
    let engine = CpuEngine::new("cpu");
    let cases = cases();
    let prepared: Vec<_> = cases.iter().map(|case| (case, tables_of(case.key))).collect();
    for (case, (tables, known)) in &prepared {
        check(case, &engine, tables, known);
    }
    println!("\nscene     plain f64   CPU engine    ratio   (medians of {ROUNDS} alternating rounds)");
    for (case, (tables, _)) in &prepared {
        alternate(case, &engine, tables);
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for (case, (tables, _)) in &prepared {
        let mut group = criterion.benchmark_group(case.key);
        group.throughput(Throughput::Elements(case.photons));
        group.bench_function("plain_f64", |b| b.iter(|| plain::run(&case.slab, 1, case.photons)));
        group.bench_function("cpu_engine", |b| b.iter(|| engine_run(&engine, tables, 1, case.photons)));
        group.finish();
    }
    criterion.final_summary();
}
