//! `relume run`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use relume::compile::compile;
use relume::counts::Fate;
use relume::engine::{Engine, Monitor};
use relume::outcome::Outcome;
use relume::report::html::Given;
use relume::report::{self, Run};
use relume::scene;
use relume::simulate::{Settings, SimulateError, Stopped, simulate};
use relume::trial::trial;

use super::args::RunArgs;
use super::out::{OutFile, OutFolder, all_written, keep_apart};
use super::progress::Progress;
use super::{ERROR, Failure, INTERRUPTED, NOT_CREDIBLE, TARGET_NOT_REACHED, device, print, style, tell};

const DEFAULT_PHOTONS: u64 = 1_000_000;
/// Where a run with a target gives up, unless told.
const DEFAULT_LIMIT: u64 = 100_000_000;

pub fn run(args: &RunArgs, started: Instant) -> Result<ExitCode, Failure> {
    let args = &args.job;
    let mut loaded = scene::load(&args.scene, &args.settings)?;
    let of_transport: Vec<_> = loaded.scene.transport_notes().collect();
    loaded.scene.notes.extend(of_transport);
    loaded.scene.transportable().map_err(|why| Failure::new(ERROR, why))?;
    keep_apart(&loaded.files_read, &[("the scene", Some(&*args.scene)), ("--json", args.json.as_deref())])?;
    let folder = args.out.as_deref().map(|place| OutFolder::prepare(place, args.overwrite)).transpose()?;
    let json_alone = args.json.as_deref() == Some(Path::new("-"));
    let file =
        args.json.as_deref().filter(|_| !json_alone).map(|place| OutFile::prepare(place, "--json")).transpose()?;
    let mut tables = compile([&loaded.scene], folder.is_some());
    if args.stratified {
        tables.stratify();
    }
    let photons = args.photons.unwrap_or(if args.target.is_some() { DEFAULT_LIMIT } else { DEFAULT_PHOTONS });
    let settings = Settings { photons, seed: args.seed, target: args.target.clone() };
    let proof = |engine: &dyn Engine| {
        pollster::block_on(trial(engine, &tables, args.seed, photons, &Progress::without_bar(started)))
    };
    let engine = device::open(&args.device, args.backend, &proof)?;
    let progress = Progress::new(photons, started);
    let engine_started_s = progress.seconds();
    let simulated = pollster::block_on(simulate(&*engine, &loaded.scene, &tables, &settings, &progress));
    progress.finish();
    let simulation = simulated.map_err(failure)?;

    let outcome = Outcome::new(&simulation.counts, &loaded.scene);
    let wall_s = progress.seconds();
    let run = Run {
        scene: &loaded.scene,
        scene_hash: &loaded.hash,
        device: engine.device(),
        settings: &args.settings,
        seed: args.seed,
        target: settings.target.as_ref(),
        counts: &simulation.counts,
        outcome: &outcome,
        stopped: simulation.stopped,
        wall_s,
        engine_s: wall_s - engine_started_s,
    };
    let json = report::json::result(&run);
    let command = report::html::command_line(typed());
    let given = Given { command: &command, scene_text: &loaded.text, settings: &args.settings };
    let page = if json_alone { json.clone() } else { report::terminal::page(&run, style()) };
    let written = all_written([
        folder.map_or(Ok(()), |folder| write_folder(folder, &run, &given, &json)),
        file.map_or(Ok(()), |file| file.finish(json.as_bytes())),
        print(&page).map_err(Into::into),
    ]);
    warn(&run);
    written?;
    Ok(match simulation.stopped {
        Stopped::Done | Stopped::TargetReached => ExitCode::SUCCESS,
        Stopped::TargetNotReached => ExitCode::from(TARGET_NOT_REACHED),
        Stopped::Interrupted => ExitCode::from(INTERRUPTED),
    })
}

/// The command as it was typed, by its own name.
pub fn typed() -> impl Iterator<Item = String> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    std::iter::once("relume".to_string()).chain(words)
}

fn write_folder(folder: OutFolder, run: &Run, given: &Given, json: &str) -> anyhow::Result<()> {
    folder.write("result.json", json.as_bytes())?;
    folder.write("report.html", report::html::run(run, given)?.as_bytes())?;
    for (name, table) in report::csv::tables(run)? {
        folder.write(name, &table)?;
    }
    for (name, plot) in report::plot::plots(run)? {
        folder.write(name, plot.as_bytes())?;
    }
    folder.finish()
}

/// What helps where an error is still too large.
pub fn more_or_better(stratified: bool) -> &'static str {
    if stratified { "more photons (-n)" } else { "more photons (-n), or as many with --stratified," }
}

fn warn(run: &Run) {
    for layer in run.scene.layers.iter().filter(|layer| layer.is_thin_for_rays()) {
        tell(&format!("warning: layer '{}' is thinner than 1 um: rays know nothing of its interference", layer.name));
    }
    let truncated = run.counts.fate_total(Fate::Truncated);
    if truncated > 0 {
        tell(&format!("warning: {truncated} photons reached the event limit and were given up"));
    }
    match run.stopped {
        Stopped::TargetNotReached => {
            tell(&format!("the target was not reached; {} may do it", more_or_better(run.counts.layout.stratified)))
        }
        Stopped::Interrupted => tell("interrupted; the result holds the photons followed until then"),
        Stopped::Done | Stopped::TargetReached => {}
    }
}

fn failure(error: SimulateError) -> Failure {
    let code = if matches!(error, SimulateError::Ledger(_)) { NOT_CREDIBLE } else { ERROR };
    Failure { code, error: error.into() }
}
