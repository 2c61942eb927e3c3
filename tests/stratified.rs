//! Stratified runs: the same means as plain ones, errors that are what runs with other seeds scatter by, and smaller
//! ones where the first flight or losses of emitters decide much. On the CPU; the engines are held to each other in `engines`.

#[path = "common/mod.rs"]
mod common;

use std::ops::Range;
use std::path::Path;

use common::scenes;
use rayon::prelude::*;
use relume::bench::{SCENES, Work};
use relume::compile::{compile, compile_watching};
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::outcome::{Estimate, Outcome, Reweighting, Setting};
use relume::scene::{self, Edges, Scene};
use relume::simulate::{FIRST_TEST_PHOTONS, Settings, Stopped, Target, simulate};
use relume::spectrum::Curve;
use relume::tables::Tables;

fn bench(key: &str) -> Scene {
    let found = SCENES.iter().find(|scene| scene.key == key).expect("a scene of the benchmark");
    let Work::One { text, .. } = found.work else { panic!("{key} is one design") };
    scene::parse(text, key, Path::new(""), &[]).expect("a valid scene").scene
}

/// The hazy film of the benchmark with other lines in the place of its source's.
fn film_under(source: &str) -> Scene {
    let found = SCENES.iter().find(|scene| scene.key == "film").expect("a scene of the benchmark");
    let Work::One { text, .. } = found.work else { panic!("the film is one design") };
    let line = "kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0";
    assert!(text.contains(line));
    scene::parse(&text.replace(line, source), "film", Path::new(""), &[]).expect("a valid scene").scene
}

fn tables(scene: &Scene, stratified: bool) -> Tables {
    let mut tables = compile([scene], false);
    if stratified {
        tables.stratify();
    }
    tables
}

fn counts(tables: &Tables, seed: u64, photons: u64) -> Counts {
    let mut counts = [Counts::zero(tables.layouts[0])];
    let ranges = [PhotonRange { design: 0, first: 0, count: photons }];
    let job = Job { tables, seed, ranges: &ranges };
    pollster::block_on(CpuEngine::new("cpu").run(job, &mut counts, &Unwatched)).expect("the engine runs");
    let [counts] = counts;
    counts
}

/// What runs with many seeds gave for one quantity.
struct Runs {
    mean: f64,
    /// Variance of one run, as the runs scatter, and the mean of what they quote.
    scatter: f64,
    quoted: f64,
    seeds: f64,
}

impl Runs {
    fn of(estimates: &[Estimate]) -> Option<Self> {
        let pairs: Option<Vec<_>> = estimates.iter().map(|estimate| estimate.value.zip(estimate.se)).collect();
        let (pairs, seeds) = (pairs?, estimates.len() as f64);
        let mean = pairs.iter().map(|(value, _)| value).sum::<f64>() / seeds;
        let scatter = pairs.iter().map(|(value, _)| (value - mean).powi(2)).sum::<f64>() / (seeds - 1.0);
        let quoted = pairs.iter().map(|(_, se)| se * se).sum::<f64>() / seeds;
        Some(Self { mean, scatter, quoted, seeds })
    }

    /// How far the scatter lies from what is quoted, in standard errors: chi-squared of the runs over that of their 32
    /// groups.
    fn misquoted(&self) -> f64 {
        (self.scatter / self.quoted - 1.0) / (2.0 / (self.seeds - 1.0) * (1.0 + 1.0 / 31.0)).sqrt()
    }

    /// How far two means lie apart, in standard errors.
    fn apart(&self, other: &Self) -> f64 {
        (self.mean - other.mean) / (self.scatter / self.seeds + other.scatter / other.seeds).sqrt()
    }

    /// How much less the runs scatter than others, and how far that is from 1 in standard errors.
    fn gain(&self, other: &Self) -> (f64, f64) {
        let ratio = other.scatter / self.scatter;
        (ratio, ratio.ln() / (2.0 / self.seeds + 2.0 / other.seeds).sqrt())
    }
}

const SIGMAS: f64 = 5.0;
const SEEDS: u64 = 1000;
/// Of M1, whose photons are fast and gain less.
const MORE_SEEDS: u64 = 4000;
const PHOTONS: u64 = 2048;

/// Every quantity of a scene that is no rare event, over these seeds. `judged` may look at the counts in another way.
fn runs(scene: &Scene, stratified: bool, seeds: Range<u64>, judged: fn(Counts) -> Counts) -> Vec<(String, Runs)> {
    let tables = tables(scene, stratified);
    let outcomes: Vec<_> =
        seeds.into_par_iter().map(|seed| Outcome::new(&judged(counts(&tables, seed, PHOTONS)), scene)).collect();
    outcomes.iter().for_each(assert_all_shares_add_up);
    let keys = outcomes[0].quantities.0.iter().map(|(key, _)| key.to_string());
    let of = |key: String| {
        let estimates: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.quantity(&key)).collect();
        Some((key, Runs::of(&estimates)?))
    };
    let common = |(_, runs): &(String, Runs)| runs.mean * PHOTONS as f64 > 50.0 && runs.scatter > 0.0;
    keys.filter_map(of).filter(common).collect()
}

/// Every photon has a fate, also where losses are those to be expected.
fn assert_all_shares_add_up(outcome: &Outcome) {
    let shares: Vec<_> = outcome.fate_shares.0.iter().map(|(_, share)| share.value.expect("a share")).collect();
    let sum: f64 = shares.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12 && shares.iter().all(|share| *share >= 0.0), "{shares:?}");
}

/// Beams and Lambertian light, lines and spectra, side edges, recycling, packets and dipoles in them.
fn all() -> Vec<(&'static str, Scene)> {
    let mut all = ["M1", "film", "A", "LED"].map(|key| (key, bench(key))).to_vec();
    all.extend([
        ("two_emitters", scenes::two_emitters()),
        ("open_edges", scenes::with_edges(Edges::Open)),
        ("between_reflectors", scenes::between_reflectors()),
        ("clear", scenes::clear(None)),
        ("packets", scenes::packets(None)),
        ("pumped_led", scenes::pumped_led()),
        ("broad", film_under("kind = \"beam\"\nangle_deg = 50\nspectrum = \"blue_led\"\nspot = { radius_mm = 1 }")),
        ("diffuse", film_under("kind = \"lambertian\"\nspectrum = \"blue_led\"")),
        ("opaque", opaque()),
    ]);
    all
}

/// The film with so much absorption that its face reflects by the whole index, under light from a denser medium.
fn opaque() -> Scene {
    let mut scene = film_under("kind = \"lambertian\"\nwavelength_nm = 450");
    scene.layers[0].absorption_per_cm = Curve::Constant(1e5);
    scene.layers[0].emitters[0].absorption_per_cm = Curve::Constant(4e5);
    scene.layers[0].scatterers[0].mu_s_per_cm = Curve::Constant(5e5);
    scene.front.index = Curve::Constant(1.7);
    scene
}

fn by_key<'a>(runs: &'a [(String, Runs)], key: &str) -> &'a Runs {
    &runs.iter().find(|(own, _)| own == key).unwrap_or_else(|| panic!("{key} is rare or has no meaning")).1
}

/// What the first flight and the first surface decide for the most part: it has to scatter less,
const DECIDED_FIRST: [(&str, &str); 5] = [
    ("M1", "transmitted_pump"),
    ("M1", "absorptance"),
    ("film", "absorptance"),
    ("film", "reflected_pump"),
    ("A", "transmitted_pump"),
];
/// and what is expected or told by one number decides much of, by this factor at least.
const DECIDED_BY_CHOICE: [(&str, &str, f64); 14] = [
    ("film", "eqy", 15.0),
    ("film", "absorptance", 20.0),
    ("broad", "eqy", 15.0),
    ("broad", "absorptance", 20.0),
    ("diffuse", "eqy", 10.0),
    ("diffuse", "absorptance", 15.0),
    ("opaque", "absorptance", 1.5),
    ("film", "plqy_external", 30.0),
    ("two_emitters", "eqy", 1.3),
    ("open_edges", "eqy", 2.0),
    ("open_edges", "plqy_external", 3.5),
    ("packets", "eqy", 1.2),
    ("LED", "eqe_bound", 6.0),
    ("LED", "parasitic", 7.0),
];

#[test]
fn means_agree_and_errors_are_what_runs_scatter_by() {
    let mut compared = 0;
    for (name, scene) in all() {
        let seeds = 0..if name == "M1" { MORE_SEEDS } else { SEEDS };
        let [plain, stratified] =
            [false, true].map(|stratified| runs(&scene, stratified, seeds.clone(), |counts| counts));
        for (key, own) in &stratified {
            let other = by_key(&plain, key);
            let (gain, certain) = own.gain(other);
            let (apart, misquoted) = (own.apart(other), own.misquoted());
            println!("{name} {key}: {:.5}, apart {apart:.1}, misquoted {misquoted:.1}, gain {gain:.2}", own.mean);
            assert!(apart.abs() < SIGMAS, "{name} {key}: {:.6} beside {:.6}", own.mean, other.mean);
            // errors of about one photon are rather too large
            let of_one_photon = own.quoted.sqrt() < 2.0 / PHOTONS as f64;
            let sound = misquoted < SIGMAS && (of_one_photon || misquoted > -SIGMAS);
            assert!(sound, "{name} {key}: {:e} quoted, {:e}", own.quoted, own.scatter);
            assert!(certain > -SIGMAS, "{name} {key}: scatters more, {gain:.2}");
            let decided_first = DECIDED_FIRST.contains(&(name, key.as_str()));
            assert!(!decided_first || certain > SIGMAS, "{name} {key}: scatters as much, {gain:.2}");
            let least = DECIDED_BY_CHOICE.iter().find(|(scene, own, _)| (*scene, *own) == (name, key.as_str()));
            assert!(least.is_none_or(|(.., least)| gain > *least), "{name} {key}: scatters too much, {gain:.2}");
            compared += 1;
        }
    }
    assert!(compared > 90, "{compared}");
}

/// Errors of independent photons are not those of stratified ones, other seeds do not scatter less, and another film has
/// another mean.
#[test]
fn partner_means_agree_and_errors_are_what_runs_scatter_by() {
    let as_if_plain = |mut counts: Counts| {
        counts.layout.stratified = false;
        counts
    };
    for (name, key) in [("M1", "transmitted_pump"), ("film", "eqy")] {
        let wrong = runs(&bench(name), true, 0..SEEDS, as_if_plain);
        let misquoted = by_key(&wrong, key).misquoted();
        assert!(misquoted < -SIGMAS, "{name} {key}: {misquoted:.1}");
    }
    let [plain, same] = [0, SEEDS].map(|first| runs(&bench("film"), false, first..first + SEEDS, |counts| counts));
    for (_, key) in DECIDED_FIRST.iter().filter(|(name, _)| *name == "film") {
        assert!(by_key(&same, key).gain(by_key(&plain, key)).1 < SIGMAS, "{key}");
    }
    let mut other = bench("film");
    other.layers[0].emitters[0].plqy *= 0.99;
    let [own, other] = [bench("film"), other].map(|scene| runs(&scene, true, 0..SEEDS, |counts| counts));
    assert!(by_key(&own, "eqy").apart(by_key(&other, "eqy")) > SIGMAS);
    // losses that are expected where they were not run
    let tables = tables(&bench("film"), true);
    let mut expecting = bench("film");
    expecting.layers[0].emitters[0].plqy -= 3e-4;
    let eqy = |seed| Outcome::new(&counts(&tables, seed, PHOTONS), &expecting).quantity("eqy");
    let wrong = Runs::of(&(0..SEEDS).filter_map(eqy).collect::<Vec<_>>()).expect("errors");
    assert!(by_key(&own, "eqy").apart(&wrong) > SIGMAS);
}

/// Losses of a host so rare that few photons may see none, where those of the emitter are expected: errors still cover them.
#[test]
fn errors_cover_losses_that_were_not_seen() {
    let mut scene = bench("film");
    scene.layers[0].absorption_per_cm = Curve::Constant(0.3);
    let tables = tables(&scene, true);
    let quantities = |seed, photons| Outcome::new(&counts(&tables, seed, photons), &scene).quantities;
    let long = quantities(1, 1 << 22);
    for key in ["eqy", "plqy_external", "parasitic"] {
        let truth = long.get(key).and_then(|estimate| estimate.value).expect("a value");
        let off = |seed| {
            let estimate = *quantities(seed, 100).get(key).expect("a quantity");
            (estimate.value.expect("a value") - truth).abs() / estimate.se.expect("an error")
        };
        let off: Vec<_> = (0..2000).into_par_iter().map(off).collect();
        let beyond = off.iter().filter(|off| **off > 3.0).count();
        println!(
            "{key}: {truth:.5}, {beyond} of 2000 beyond three errors, {:.1} at most",
            off.iter().copied().fold(0.0, f64::max)
        );
        assert!(beyond < 40, "{key}: {beyond} of 2000 beyond three errors");
    }
}

/// Few photons by strongly absorbing, badly emitting dots: losses have no expectation that is negative or more than all.
#[test]
fn few_photons_that_are_lost_often_have_shares_that_add_up() {
    for plqy in [0.02, 0.5, 0.98] {
        let mut scene = scenes::two_emitters();
        scene.layers.iter_mut().flat_map(|layer| &mut layer.emitters).for_each(|emitter| emitter.plqy = plqy);
        let tables = tables(&scene, true);
        let outcomes = (0..2000).map(|seed| Outcome::new(&counts(&tables, seed, 33 + seed % 40), &scene));
        outcomes.into_iter().for_each(|outcome| assert_all_shares_add_up(&outcome));
    }
}

/// Rows that are reweighted to another PLQY gain as those of direct runs do, and quote what they scatter by.
#[test]
fn reweighted_errors_are_what_runs_scatter_by() {
    let scene = bench("film");
    let mut tables = compile_watching(&scene, 0);
    tables.stratify();
    let plqy = scene.layers[0].emitters[0].plqy;
    let setting = Setting::of_run(&scene, true);
    let estimates_of = |key: &str, q: f64| {
        let of = |seed| Reweighting::new(&counts(&tables, seed, PHOTONS), &setting, 1).at(q).quantities;
        let all: Vec<_> = (0..SEEDS).into_par_iter().map(of).collect();
        Runs::of(&all.iter().filter_map(|row| row.get(key).copied()).collect::<Vec<_>>()).expect("errors")
    };
    let estimates = |q| estimates_of("eqy", q);
    let own = estimates(plqy);
    println!("{:e} quoted, {:e}", own.quoted, own.scatter);
    assert!(own.misquoted().abs() < SIGMAS, "{:e} quoted, {:e}", own.quoted, own.scatter);
    // a small PLQY leaves few emissions, and errors that go with it
    for key in ["emissions_per_first_emission", "reabsorption_probability", "recycling_efficiency", "plqy_external"] {
        let runs = estimates_of(key, 0.05);
        let excess = runs.quoted / runs.scatter;
        println!("{key} at 0.05: {:.5}, quoted / scatter {excess:.2}", runs.mean);
        assert!((0.7..4.0).contains(&excess), "{key}: {:e} quoted, {:e}", runs.quoted, runs.scatter);
    }
    // the same mean as of runs at that PLQY; partner: not that of another
    let direct = runs(&scene, true, SEEDS..2 * SEEDS, |counts| counts);
    assert!(own.apart(by_key(&direct, "eqy")).abs() < SIGMAS);
    assert!(own.quoted < 1.5 * by_key(&direct, "eqy").quoted);
    assert!(estimates(plqy - 0.001).apart(by_key(&direct, "eqy")).abs() > SIGMAS);
}

/// Few photons: no more than groups are independent of each other, and what never happened has an error.
#[test]
fn few_photons_have_sensible_errors() {
    for photons in [1, 2, 31, 32, 33, 64, 100] {
        let own = |stratified| {
            let tables = tables(&bench("film"), stratified);
            Outcome::new(&counts(&tables, 3, photons), &bench("film"))
        };
        for (key, share) in own(true).fate_shares.0 {
            let se = share.se.expect("an error");
            // one photon at least is what could still differ
            let least = if photons > 32 { 0.999 / (photons as f64 + 2.0) } else { 0.0 };
            assert!(se > 0.0 && se >= least && se <= 0.51, "{photons} {key}: {se}");
        }
        // one photon in each group at most: the error of independent photons
        let share = own(true).fate_shares.get("front_emission").copied().expect("a fate");
        let k = share.value.expect("a share") * photons as f64;
        let p = (k + 1.0) / (photons as f64 + 2.0);
        let independent = (p * (1.0 - p) / photons as f64).sqrt();
        assert_eq!(photons <= 32, (share.se.expect("an error") - independent).abs() < 1e-12, "{photons}");
    }
}

/// Where a run stops depends on its error, and that is blind to which way its value lies: over many seeds the mean is
/// that of runs that do not stop.
#[test]
fn a_target_stops_earlier_and_without_bias() {
    let scene = bench("M1");
    let (stratified, plain) = (tables(&scene, true), tables(&scene, false));
    let key = "transmitted_pump";
    let of = |counts: &Counts| relume::outcome::quantity(key, counts, &scene).expect("a quantity of that key");
    // what the first test finds, so that about half of the runs stop there
    let se = Runs::of(&(0..64).map(|seed| of(&counts(&stratified, seed, FIRST_TEST_PHOTONS))).collect::<Vec<_>>());
    let target = Target { quantity: key.into(), se: se.expect("errors").quoted.sqrt() };
    let run = |tables: &Tables, seed| {
        let settings = Settings { photons: 1 << 20, seed, target: Some(target.clone()) };
        let done = pollster::block_on(simulate(&CpuEngine::new("cpu"), &scene, tables, &settings, &Unwatched));
        let done = done.expect("a run");
        assert_eq!(done.stopped, Stopped::TargetReached);
        (done.counts.photons(), of(&done.counts))
    };
    let seeds = 100..500;
    let done: Vec<_> = seeds.clone().into_par_iter().map(|seed| run(&stratified, seed)).collect();
    let first = done.iter().filter(|(photons, _)| *photons == FIRST_TEST_PHOTONS).count();
    assert!((100..300).contains(&first), "{first} of 400 stopped at the first test");
    assert!(seeds.clone().take(20).all(|seed| run(&plain, seed).0 > FIRST_TEST_PHOTONS));
    let stopped: Vec<_> = done.into_iter().map(|(_, estimate)| estimate).collect();
    let whole: Vec<_> =
        seeds.into_par_iter().map(|seed| of(&counts(&plain, seed + 1000, FIRST_TEST_PHOTONS))).collect();
    let (stopped, whole) = (Runs::of(&stopped).expect("errors"), Runs::of(&whole).expect("errors"));
    let (apart, ratio) = (stopped.apart(&whole), (stopped.scatter / stopped.quoted).sqrt());
    println!("apart {apart:.1}, scatter / quoted {ratio:.3}, {first} of 400 at the first test");
    assert!(apart.abs() < SIGMAS, "{:.6} beside {:.6}", stopped.mean, whole.mean);
    // errors that are known to 13 % and stop a run when they are low are quoted a little too low
    assert!((0.8..1.25).contains(&ratio), "{ratio}");
}
