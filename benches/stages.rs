//! The stages of a run by themselves, so that a slip is seen where it happens.
//!
//!     cargo bench --bench stages

mod waves;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use relume::bench::designs;
use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::geometry::Photon;
use relume::cpu::{CpuEngine, World, medium, source, tally, transport};
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::scene::{self, Document, Scene};
use relume::tables::Tables;

/// Photons that a stage works on: a few pages of memory.
const PHOTONS: u64 = 1024;

fn film() -> Scene {
    scene::load(Path::new("scenes/hazy_film.toml"), &[]).expect("a shipped scene").scene
}

/// Photons inside the film after a few events, so that they go all ways.
fn inside(world: &World, words: &mut [u64]) -> Vec<Photon> {
    let launched = (0..PHOTONS).map(|index| source::launch(world, index));
    let entered = launched.filter_map(|mut photon| {
        for _ in 0..4 {
            if photon.fate == transport::ALIVE {
                transport::step(world, words, &mut photon);
            }
        }
        (photon.fate == transport::ALIVE).then_some(photon)
    });
    entered.collect()
}

fn photon_stages(criterion: &mut Criterion) {
    let scene = film();
    let tables: Tables = compile([&scene], false);
    let world = World::new(&tables, 0, 1);
    let mut words = vec![0u64; tables.layouts[0].words()];
    let mut photons = inside(&world, &mut words);
    for photon in &mut photons {
        medium::settle(&world, photon);
    }
    let mut group = criterion.benchmark_group("photon");
    group.throughput(Throughput::Elements(PHOTONS));
    group.bench_function("launch", |b| {
        b.iter(|| (0..PHOTONS).for_each(|index| _ = black_box(source::launch(&world, index))))
    });
    group.throughput(Throughput::Elements(photons.len() as u64));
    group.bench_function("step", |b| {
        b.iter(|| {
            for photon in &photons {
                let mut photon = photon.clone();
                transport::step(&world, &mut words, &mut photon);
                black_box(photon);
            }
        })
    });
    group.bench_function("scatter", |b| {
        b.iter(|| {
            for photon in &photons {
                let mut photon = photon.clone();
                let g = medium::choose_scatterer(&world, &mut photon);
                medium::redirect(&world, &mut photon, g);
                black_box(photon);
            }
        })
    });
    group.bench_function("interface", |b| {
        b.iter(|| {
            for photon in &photons {
                let mut photon = photon.clone();
                let n_back = photon.around.n_back;
                transport::meet_interface(&world, &mut photon, n_back, 1, true);
                black_box(photon);
            }
        })
    });
    let mut ended = photons.clone();
    for photon in &mut ended {
        transport::leave(photon, tally::FACE_BACK, 0.7);
    }
    group.bench_function("tally", |b| {
        b.iter(|| ended.iter().for_each(|photon| tally::tally_end(&world, black_box(&mut words), photon)))
    });
    group.finish();
}

fn compile_stages(criterion: &mut Criterion) {
    let scenes = designs().expect("built-in designs");
    let mut group = criterion.benchmark_group("compile");
    for count in [1, 100] {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{count}_designs"), |b| b.iter(|| compile(&scenes[..count], false)));
    }
    group.finish();
}

/// What a sweep does for each of its designs before a photon flies.
fn design_stages(criterion: &mut Criterion) {
    let document = Document::read(Path::new("scenes/hs_mapbbr3_film.toml")).expect("a shipped scene");
    let mut group = criterion.benchmark_group("design");
    group.throughput(Throughput::Elements(1));
    let mut number = 0;
    let mut next = || {
        number += 1;
        let key = |key: &str, value: f64| (format!("layer.film.{key}"), value.to_string());
        let thickness = key("thickness_um", 50.0 + 1e-6 * f64::from(number));
        let concentration = key("emitter.mapbbr3_hs.concentration_wt_pct", 20.0 + 1e-6 * f64::from(number));
        document.with(&[thickness, concentration]).expect("keys of the scene").scene().expect("a scene")
    };
    group.bench_function("scene", |b| b.iter(&mut next));
    group.bench_function("scene_and_compile", |b| b.iter(|| compile([&next()], false)));
    group.finish();
}

/// Whole photons on one thread by what their source asks of launching: the slab of M1, which they soon leave.
fn source_stages(criterion: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut group = criterion.benchmark_group("source");
    group.throughput(Throughput::Elements(100 * PHOTONS));
    for (name, key, value) in [
        ("beam", "title", "\"as it is\""),
        ("spectral", "source.spectrum", "{ peak_nm = 500.0, fwhm_nm = 20.0 }"),
        ("lambertian", "source.kind", "lambertian"),
        ("disc", "source.spot", "{ radius_mm = 1.0 }"),
        ("tracked", "polarisation", "track"),
    ] {
        let settings = [(key.to_string(), value.to_string())];
        let scene = scene::load(Path::new("scenes/bench/m1.toml"), &settings).expect("a shipped scene").scene;
        let tables = compile([&scene], false);
        let ranges = [PhotonRange { design: 0, first: 0, count: 100 * PHOTONS }];
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut counts = [Counts::zero(tables.layouts[0])];
                let job = Job { tables: &tables, seed: 1, ranges: &ranges };
                let engine = CpuEngine::new("cpu");
                pool.install(|| pollster::block_on(engine.run(job, &mut counts, &Unwatched))).expect("a run");
                black_box(counts)
            })
        });
    }
    group.finish();
}

fn coherent_stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("coherent");
    group.throughput(Throughput::Elements((2 * waves::WAVELENGTHS * waves::ANGLES) as u64));
    group.bench_function("7_layers_100_wavelengths_100_angles_2_polarisations", |b| {
        b.iter(|| (0..waves::WAVELENGTHS).flat_map(waves::powers).for_each(|powers| _ = black_box(powers)))
    });
    group.finish();
}

fn dipole_stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dipole");
    group.throughput(Throughput::Elements((waves::DIPOLE_WAVELENGTHS * waves::DIPOLE_POINTS) as u64));
    group.bench_function("spectrum_38_wavelengths_980_u", |b| {
        b.iter(|| (0..waves::DIPOLE_WAVELENGTHS).flat_map(waves::dissipations).for_each(|k| _ = black_box(k)))
    });
    group.finish();
}

criterion_group! {
    name = stages;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = photon_stages, source_stages, compile_stages, design_stages, coherent_stages, dipole_stages
}
criterion_main!(stages);
