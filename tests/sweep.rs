//! Sweeps through the library: batches and neighbours change nothing, targets stop where they should, the best
//! design is found.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use pollster::block_on;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{DeviceInfo, DeviceKind, Engine, EngineFuture, Job, Monitor};
use relume::gpu::{self, Features, GpuEngine, adapters};
use relume::report::sweep_csv;
use relume::scene::Document;
use relume::simulate::Target;
use relume::sweep::schedule::BATCH_BYTES;
use relume::sweep::{DesignRow, Observer, Plan, Settings, Swept, Vary, sweep, validate};

const SCENE: &str = r#"
schema = 1
title = "film"
[source]
kind = "beam"
wavelength_nm = 450.0
[[layer]]
name = "film"
thickness_um = 50.0
index = 1.5
absorption_per_cm = 1.0
scattering = { mu_s_per_cm = 200.0, g = 0.7 }
[[layer.emitter]]
name = "dots"
plqy = 0.9
absorption = { wavelength_nm = [440, 500, 520, 530, 540, 550, 560], per_cm = [1500, 800, 600, 200, 40, 8, 1], extrapolate = "flat" }
emission = { peak_nm = 530.0, fwhm_nm = 20.0 }
"#;

const THICKNESS: &str = "layer.film.thickness_um";
const PLQY: &str = "layer.film.emitter.dots.plqy";

struct Quiet(Instant);

impl Monitor for Quiet {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }

    fn progress(&self, _photons: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Observer for Quiet {
    fn finished(&self, _design: usize, _row: &DesignRow) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

fn document(text: &str) -> Document {
    Document::parse(text, "test.toml", Path::new("")).unwrap()
}

fn grid(document: &Document, varied: &[(&str, &str)]) -> Plan {
    let vary = |(key, values): &(&str, &str)| Vary { key: (*key).into(), values: (*values).into() };
    Plan::grid(&varied.iter().map(vary).collect::<Vec<_>>(), document).unwrap()
}

fn settings(photons: u64) -> Settings {
    Settings { photons, seed: 1, stratified: false, target: None, reweight: true, best: None, batch_bytes: BATCH_BYTES }
}

fn run(engine: &dyn Engine, document: &Document, plan: &Plan, settings: &Settings) -> Swept {
    block_on(sweep(engine, document, plan, settings, Vec::new(), &Quiet(Instant::now()))).unwrap()
}

fn csv(plan: &Plan, swept: &Swept) -> String {
    let rows = swept.rows.iter().map(|row| row.as_ref().unwrap());
    String::from_utf8(sweep_csv::table(&plan.keys, rows).unwrap()).unwrap()
}

fn cpu() -> CpuEngine {
    CpuEngine::new("test")
}

/// The first adapter, with one program for jobs of all sizes, whose bits are then the same; `None` where there is none and
/// none is required.
fn gpu() -> Option<GpuEngine> {
    let found = block_on(adapters(None));
    let required = std::env::var("RELUME_REQUIRE_GPU").is_ok_and(|value| value == "1");
    assert!(!required || !found.is_empty(), "no adapter, and RELUME_REQUIRE_GPU=1 asks for one");
    let settings = gpu::Settings { always: Features::ALL, ..Default::default() };
    found.first().map(|adapter| block_on(GpuEngine::open_with(adapter, settings)).unwrap())
}

fn alone_and_among(engine: &dyn Engine, designs: usize, photons: u64) {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, &format!("5:200:{designs}:log"))]);
    let all = run(engine, &document, &plan, &settings(photons));
    let lines: Vec<String> = csv(&plan, &all).lines().map(String::from).collect();
    for design in [0, designs / 3, designs - 1] {
        let one = grid(&document, &[(THICKNESS, &plan.values(design)[0])]);
        let alone = csv(&one, &run(engine, &document, &one, &settings(photons)));
        assert_eq!(alone.lines().nth(1).unwrap(), lines[design + 1]);
    }
    let other = Settings { seed: 2, ..settings(photons) };
    assert_ne!(csv(&plan, &run(engine, &document, &plan, &other)), csv(&plan, &all), "another seed changes rows");
}

#[test]
fn a_design_is_the_same_alone_and_among_many() {
    alone_and_among(&cpu(), 2000, 200);
}

#[test]
fn a_design_is_the_same_alone_and_among_many_on_an_adapter() {
    match gpu() {
        Some(engine) => alone_and_among(&engine, 100, 200),
        None => eprintln!("ignored: there is no adapter"),
    }
}

/// Passes jobs on and remembers how large they were.
struct Spy {
    engine: CpuEngine,
    device: DeviceInfo,
    jobs: Mutex<Vec<(usize, usize)>>,
}

impl Spy {
    /// The processor, taken for a device of some kind.
    fn new(kind: DeviceKind) -> Self {
        let device = DeviceInfo { kind, ..cpu().device().clone() };
        Self { engine: cpu(), device, jobs: Mutex::default() }
    }
}

impl Engine for Spy {
    fn device(&self) -> &DeviceInfo {
        &self.device
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        let words: usize = counts.iter().map(|counts| counts.words.len()).sum();
        self.jobs.lock().unwrap().push((counts.len(), job.tables.bytes() + 8 * words));
        self.engine.run(job, counts, monitor)
    }
}

#[test]
fn memory_is_bounded_and_batches_change_nothing() {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, "5:200:60")]);
    let large = run(&cpu(), &document, &plan, &settings(100));
    // a discrete device runs a batch while the next one is built
    let kinds = [DeviceKind::Cpu, DeviceKind::Discrete];
    for (budget, kind) in [1 << 18, 1 << 20, 1].into_iter().flat_map(|budget| kinds.map(|kind| (budget, kind))) {
        let spy = Spy::new(kind);
        let small = run(&spy, &document, &plan, &Settings { batch_bytes: budget, ..settings(100) });
        assert_eq!(csv(&plan, &small), csv(&plan, &large));
        let jobs = spy.jobs.into_inner().unwrap();
        assert_eq!(jobs.iter().map(|job| job.0).sum::<usize>(), 60);
        assert!(jobs.iter().all(|(designs, bytes)| *bytes <= budget || *designs == 1), "{jobs:?}");
        assert!(budget == 1 || jobs.iter().any(|job| job.0 > 1), "{jobs:?}");
    }
}

#[test]
fn a_target_holds_for_every_design_and_stops_on_its_own_counts() {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, "1,5,50")]);
    let target = Some(Target { quantity: "eqy".into(), se: 0.002 });
    let asked = Settings { target, ..settings(1 << 20) };
    let swept = run(&cpu(), &document, &plan, &asked);
    let rows: Vec<_> = swept.rows.iter().flatten().collect();
    assert!(rows.iter().all(|row| row.reached && row.photons.is_power_of_two() && row.photons >= 1 << 14));
    assert!(rows.iter().all(|row| row.quantity("eqy").se.unwrap() <= 0.002));
    assert_ne!(rows[0].photons, rows[2].photons, "designs need different numbers of photons");
    assert_eq!(swept.photons, rows.iter().map(|row| row.photons).sum::<u64>());
    let split = Settings { batch_bytes: 1, ..asked.clone() };
    assert_eq!(csv(&plan, &run(&cpu(), &document, &plan, &split)), csv(&plan, &swept));
    let capped = run(&cpu(), &document, &plan, &Settings { photons: 20_000, ..asked });
    assert!(capped.rows.iter().flatten().any(|row| !row.reached && row.photons == 20_000));
}

#[test]
fn a_sweep_over_plqy_takes_one_transport_for_all() {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, "10,50"), (PLQY, "0.5:0.9:5")]);
    let swept = run(&cpu(), &document, &plan, &settings(20_000));
    assert_eq!(swept.photons, 40_000);
    assert!(swept.rows.iter().flatten().all(|row| row.reweighted && row.photons == 20_000));
    let direct = run(&cpu(), &document, &plan, &Settings { reweight: false, ..settings(20_000) });
    assert_eq!(direct.photons, 200_000);
    assert!(direct.rows.iter().flatten().all(|row| !row.reweighted));
    for (a, b) in swept.rows.iter().flatten().zip(direct.rows.iter().flatten()) {
        let (a, b) = (a.quantity("eqy"), b.quantity("eqy"));
        assert!((a.value.unwrap() - b.value.unwrap()).abs() < 5.0 * a.se.unwrap().hypot(b.se.unwrap()));
    }
}

#[test]
fn the_short_cut_is_refused_where_chains_are_too_long() {
    // nothing is lost and next to nothing gets out: hundreds of emissions a photon
    let text = SCENE
        .replace("absorption_per_cm = 1.0\nscattering = { mu_s_per_cm = 200.0, g = 0.7 }\n", "")
        .replace(
            "per_cm = [1500, 800, 600, 200, 40, 8, 1]",
            "per_cm = [90000, 90000, 90000, 90000, 90000, 90000, 90000]",
        )
        .replace("thickness_um = 50.0", "thickness_um = 1000.0");
    let document = document(&text);
    let plan = grid(&document, &[(PLQY, "0.5,0.9999")]);
    let swept = run(&cpu(), &document, &plan, &settings(2000));
    let rows: Vec<_> = swept.rows.iter().flatten().collect();
    assert!(rows[0].reweighted && !rows[1].reweighted);
    assert_eq!(swept.photons, 4000);
    // in batches of one, built ahead
    let plan = grid(&document, &[(THICKNESS, "1000,1100"), (PLQY, "0.5,0.9999")]);
    let ahead = Settings { batch_bytes: 1, ..settings(2000) };
    let ahead = run(&Spy::new(DeviceKind::Discrete), &document, &plan, &ahead);
    assert_eq!(csv(&plan, &ahead), csv(&plan, &run(&cpu(), &document, &plan, &settings(2000))));
    assert_eq!(ahead.photons, 8000);
}

/// Stops after so many photons.
struct Stopping(Quiet, u64);

impl Monitor for Stopping {
    fn seconds(&self) -> f64 {
        self.0.seconds()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        if photons > self.1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Observer for Stopping {
    fn finished(&self, _design: usize, _row: &DesignRow) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

#[test]
fn an_interrupt_leaves_what_is_built_ahead() {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, "5:200:12")]);
    let asked = Settings { batch_bytes: 1, ..settings(10_000) };
    let whole = run(&cpu(), &document, &plan, &asked);
    let stopping = Stopping(Quiet(Instant::now()), 35_000);
    let spy = Spy::new(DeviceKind::Discrete);
    let swept = block_on(sweep(&spy, &document, &plan, &asked, Vec::new(), &stopping)).unwrap();
    assert!(swept.interrupted);
    let done = swept.rows.iter().flatten().count();
    assert!((3..12).contains(&done), "{done}");
    // the rest goes on from there
    let quiet = Quiet(Instant::now());
    let rest = block_on(sweep(&spy, &document, &plan, &asked, swept.rows, &quiet)).unwrap();
    assert_eq!(csv(&plan, &rest), csv(&plan, &whole));
    assert!(rest.photons < whole.photons);
}

#[test]
fn the_best_design_is_found_and_refined() {
    let document = document(SCENE);
    let plan = grid(&document, &[(THICKNESS, "1:400:60:log")]);
    let asked = Settings { best: Some("eqy".into()), ..settings(4096) };
    let swept = run(&cpu(), &document, &plan, &asked);
    let best = swept.best.unwrap();
    let rows: Vec<_> = swept.rows.iter().flatten().collect();
    let largest = rows.iter().map(|row| row.quantity("eqy").value.unwrap()).fold(0.0, f64::max);
    assert!(best.estimate.value.unwrap() >= largest - 0.02);
    assert_eq!(rows[best.row].quantity("eqy"), best.estimate);
    assert!(rows[best.row].photons > 4096, "what may be best got more photons");
    assert_eq!(rows[0].photons, 4096, "what cannot be best got none");
    assert!(rows.iter().all(|row| row.photons <= 16 * 4096));
    for tie in &best.ties {
        assert!(tie.difference.value.unwrap() <= 2.0 * tie.difference.se.unwrap());
    }
}

#[test]
fn plans_say_everything_that_is_wrong_at_once() {
    let document = document(SCENE);
    let vary = |key: &str, values: &str| Vary { key: key.into(), values: values.into() };
    let problems = Plan::grid(&[vary("layer.film.thicknes_um", "5:1:3"), vary(THICKNESS, "1:2:0")], &document);
    let problems = problems.unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains(THICKNESS) && problems[1].contains("1:5:3"), "{problems:?}");
    let table = |text: &str| Plan::table(text, "d.csv", &document).unwrap_err().join("\n");
    assert!(table("").contains("header") || table("").contains("first line"));
    assert!(table("layer.film.thickness_um\n").contains("no designs"));
    let cells = table("layer.film.thickness_um,layer.film.emitter.dots.plqy\n5,\n7\n1,nan\n");
    assert!(cells.contains("d.csv:2") && cells.contains("d.csv:3") && cells.contains("finite"), "{cells}");
    let bad = grid(&document, &[(THICKNESS, "-1:1:40")]);
    let lines = validate::validate(&document, &bad, validate::for_photons).unwrap_err();
    assert_eq!(lines.len(), 11);
    assert!(lines[0].contains("design 1") && lines[10].contains("more"), "{lines:?}");
}
