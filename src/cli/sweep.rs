//! `relume sweep`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use relume::compile::compile;
use relume::engine::{Engine, Monitor};
use relume::outcome::{definition, has_meaning};
use relume::report::{html, sweep_csv, sweep_json, sweep_table};
use relume::scene::{Document, Scene, set_the_same};
use relume::simulate::{SimulateError, Target};
use relume::sweep::journal::Identity;
use relume::sweep::schedule::batch_bytes;
use relume::sweep::{self as library, DesignRow, Launched, Plan, Settings, SweepError, SweepResult, Vary, validate};
use relume::text_file;
use relume::trial::{TrialError, trial};

use super::args::{JobArgs, RunArgs, SweepArgs};
use super::journal::{Journal, journal_of};
use super::out::{OutFile, OutFolder, all_written, is_special, keep_apart};
use super::progress::Progress;
use super::run::{more_or_better, typed};
use super::sweep_progress::SweepProgress;
use super::{
    ERROR, Failure, INTERRUPTED, NOT_CREDIBLE, TARGET_NOT_REACHED, USAGE, device, print, style, sweep_waves, tell,
};

const DEFAULT_PHOTONS: u64 = 100_000;
/// Where a design with a target gives up, unless told.
const DEFAULT_LIMIT: u64 = 10_000_000;

/// A table of designs is not larger.
const MOST_MIB: u64 = 256;
/// Photons of a curve's transport, and its points.
const CURVE_PHOTONS: u64 = 1_000_000;
const CURVE: &str = "0:1:21";

pub fn sweep(args: &SweepArgs, started: Instant) -> Result<ExitCode, Failure> {
    let job = &args.job;
    if args.stack {
        return sweep_waves::sweep(args, started);
    }
    if let Some(key) = args.best.as_ref().filter(|key| definition(key).is_none()) {
        return Err(Failure::new(USAGE, format_args!("--best {key}: is a quantity of stacks; --stack asks for it")));
    }
    let document = Document::read(&job.scene)?.with(&job.settings)?;
    let plan = plan(args, &document)?;
    let asked = Asked::new(args.best.as_deref());
    let notes = validate::validate(&document, &plan, |scene| {
        asked.look(|key| has_meaning(key, &scene));
        check(scene, job.target.as_ref())
    });
    let notes = notes.map_err(lines)?;
    asked.met()?;
    places_differ(args, &document)?;
    let folder = job.out.as_deref().map(|place| OutFolder::prepare(place, job.overwrite)).transpose()?;
    let json = job.json.as_deref().filter(|_| !alone(&job.json)).map(|place| OutFile::prepare(place, "--json"));
    let json = json.transpose()?;
    let engine = device::open(&job.device, job.backend, &|engine| prove(engine, &document, &plan, job, started))?;
    let settings = Settings {
        photons: job.photons.unwrap_or(if job.target.is_some() { DEFAULT_LIMIT } else { DEFAULT_PHOTONS }),
        seed: job.seed,
        stratified: job.stratified,
        target: job.target.clone(),
        reweight: !args.no_reweighting,
        best: args.best.clone(),
        batch_bytes: batch_bytes(engine.device().kind),
    };

    let csv = args.csv.as_deref().filter(|_| !alone(&args.csv));
    let (journal, known) = journal(csv, args.resume, &identity(&document, &plan, &*engine, &settings), &plan)?;
    let progress = SweepProgress::new(plan.len(), known.iter().flatten().count(), journal, started);
    let swept = library::sweep(&*engine, &document, &plan, &settings, known, &progress);
    let swept = pollster::block_on(swept);
    progress.finish();
    let swept = swept.map_err(failure)?;

    let interrupted = swept.interrupted;
    let result = SweepResult {
        title: validate::scene(&document, &plan, 0)?.title,
        scene_hash: document.hash(),
        settings: job.settings.clone(),
        launched: Some(Launched {
            seed: settings.seed,
            stratified: settings.stratified,
            device: engine.device().clone(),
            photons: swept.photons,
        }),
        keys: plan.keys.clone(),
        planned: plan.len(),
        rows: swept.rows.into_iter().flatten().collect(),
        interrupted,
        best: swept.best,
        notes,
        seconds: progress.seconds(),
    };
    let table = sweep_csv::table(&result.keys, &result.rows)?;
    let page = if alone(&args.csv) {
        String::from_utf8_lossy(&table).into_owned()
    } else if alone(&job.json) {
        sweep_json::result(&result)
    } else {
        let shown = args.best.as_deref().or(settings.target.as_ref().map(|target| target.quantity.as_str()));
        sweep_table::page(&result, shown, style())
    };
    all_written([
        folder.map_or(Ok(()), |folder| write_folder(folder, &result, &table, &document)),
        json.map_or(Ok(()), |file| file.finish(sweep_json::result(&result).as_bytes())),
        csv.map_or(Ok(()), |place| finish_csv(place, &table, progress.into_journal(), interrupted)),
        print(&page).map_err(Into::into),
    ])?;
    if alone(&args.csv) {
        sweep_table::best(&result, style()).iter().for_each(|line| tell(line));
    }
    Ok(exit_code(&result))
}

/// Has an engine follow photons of the first design and of the last as the processor does.
fn prove(
    engine: &dyn Engine,
    document: &Document,
    plan: &Plan,
    job: &JobArgs,
    started: Instant,
) -> Result<(), TrialError> {
    let ends = [0, plan.len() - 1].map(|design| validate::scene(document, plan, design));
    // what is no scene is told by the sweep
    let scenes: Vec<_> = ends.into_iter().flatten().collect();
    let mut tables = compile(&scenes, false);
    if job.stratified {
        tables.stratify();
    }
    let photons = job.photons.unwrap_or(DEFAULT_PHOTONS);
    pollster::block_on(trial(engine, &tables, job.seed, photons, &Progress::without_bar(started)))
}

/// The quantity that `--best` asks for, and whether any design can have it.
pub struct Asked<'a> {
    key: Option<&'a str>,
    met: AtomicBool,
}

impl<'a> Asked<'a> {
    pub fn new(key: Option<&'a str>) -> Self {
        Self { key, met: AtomicBool::new(key.is_none()) }
    }

    /// Looks at one design.
    pub fn look(&self, may_have: impl FnOnce(&str) -> bool) {
        if self.key.is_some_and(may_have) {
            self.met.store(true, Ordering::Relaxed);
        }
    }

    /// Refuses what no design can have.
    pub fn met(&self) -> Result<(), Failure> {
        match self.key.filter(|_| !self.met.load(Ordering::Relaxed)) {
            Some(key) => Err(anyhow!("--best {key}: has no meaning for any of these designs").into()),
            None => Ok(()),
        }
    }
}

/// What a design assumes, or why it cannot be run to the target.
fn check(scene: Scene, target: Option<&Target>) -> Result<Vec<String>, String> {
    match target {
        Some(Target { quantity, .. }) if !has_meaning(quantity, &scene) => {
            Err(SimulateError::NoMeaning(quantity.clone()).to_string())
        }
        _ => validate::for_photons(scene),
    }
}

/// Refuses a sweep whose files would overwrite each other or what it reads.
pub fn places_differ(args: &SweepArgs, document: &Document) -> Result<(), Failure> {
    if alone(&args.job.json) && alone(&args.csv) {
        return Err(anyhow!("--json and --csv - both want stdout; give one of them a file").into());
    }
    let journal = args.csv.as_deref().filter(|_| !args.stack).and_then(journal_of);
    let files = [
        ("the scene", Some(&*args.job.scene)),
        ("--designs", args.designs.as_deref()),
        ("--csv", args.csv.as_deref()),
        ("the journal of --csv", journal.as_deref()),
        ("--json", args.job.json.as_deref()),
    ];
    Ok(keep_apart(&document.files_read(), &files)?)
}

/// Whether something goes to stdout instead of a file.
pub fn alone(path: &Option<PathBuf>) -> bool {
    path.as_deref() == Some(Path::new("-"))
}

/// Everything that `--out` holds of a sweep.
pub fn write_folder(folder: OutFolder, result: &SweepResult, table: &[u8], document: &Document) -> anyhow::Result<()> {
    folder.write("sweep.csv", table)?;
    folder.write("result.json", sweep_json::result(result).as_bytes())?;
    let command = html::command_line(typed());
    let given = html::Given { command: &command, scene_text: document.text(), settings: &result.settings };
    for (name, contents) in html::files(result, &given)? {
        folder.write(&name, contents.as_bytes())?;
    }
    folder.finish()
}

/// The journal beside a CSV file, and what it holds; none without such a file.
fn journal(
    csv: Option<&Path>,
    resume: bool,
    identity: &Identity,
    plan: &Plan,
) -> anyhow::Result<(Option<Journal>, Vec<Option<DesignRow>>)> {
    match csv {
        Some(place) if place.is_dir() => bail!("--csv {}: is a folder", place.display()),
        Some(place) if is_special(place) && resume => {
            bail!("--csv {}: is no plain file, so that there is nothing to resume", place.display())
        }
        Some(place) if !is_special(place) => {
            let (journal, known) = Journal::open(place, resume, identity, plan)?;
            Ok((Some(journal), known))
        }
        _ => Ok((None, Vec::new())),
    }
}

/// What a sweep must share with the journal that it goes on from.
fn identity(document: &Document, plan: &Plan, engine: &dyn Engine, settings: &Settings) -> Identity {
    let target = settings.target.as_ref().map_or("none".into(), |target| format!("{}:{}", target.quantity, target.se));
    let pairs = [
        ("version", env!("CARGO_PKG_VERSION").to_string()),
        ("scene", document.hash()),
        ("designs", plan.fingerprint()),
        ("seed", settings.seed.to_string()),
        ("stratified", settings.stratified.to_string()),
        ("device", format!("{} ({})", engine.device().name, engine.device().backend)),
        ("target", target),
        ("photons", settings.photons.to_string()),
        ("reweighting", settings.reweight.to_string()),
    ];
    Identity(pairs.map(|(name, value)| (name.to_string(), value)).to_vec())
}

/// Puts the CSV in its place and takes the journal away; an interrupted sweep keeps its journal instead.
fn finish_csv(place: &Path, table: &[u8], journal: Option<Journal>, interrupted: bool) -> anyhow::Result<()> {
    if let (true, Some(journal)) = (interrupted, &journal) {
        tell(&format!("{} keeps what was done; --resume goes on from there", journal.path().display()));
        return Ok(());
    }
    OutFile::prepare(place, "--csv")?.finish(table)?;
    journal.map_or(Ok(()), Journal::remove)
}

/// `relume run --plqy-curve`: a sweep over the PLQY of one emitter.
pub fn plqy_curve(args: RunArgs, started: Instant) -> Result<ExitCode, Failure> {
    let mut job = args.job;
    let document = Document::read(&job.scene)?.with(&job.settings)?;
    let wanted = args.plqy_curve.unwrap_or_default();
    let keys: Vec<_> = document.keys().into_iter().filter_map(|key| Some((document.plqy_of(&key)?, key))).collect();
    let fits = |(layer, emitter): &(String, String)| {
        wanted.is_empty() || wanted == *emitter || wanted == format!("{layer}.{emitter}")
    };
    let found: Vec<_> = keys.iter().filter(|(names, _)| fits(names)).collect();
    let [(_, key)] = found[..] else {
        let names: Vec<_> = keys.iter().map(|((layer, emitter), _)| format!("{layer}.{emitter}")).collect();
        let why = match (keys.len(), found.len()) {
            (0, _) => "the scene has no emitter".to_string(),
            (_, 0) => format!("there is no emitter '{wanted}'; there are {}", names.join(", ")),
            _ => format!("which emitter? --plqy-curve=LAYER.EMITTER, one of {}", names.join(", ")),
        };
        return Err(anyhow!("--plqy-curve: {why}").into());
    };
    if job.target.is_none() {
        job.photons = job.photons.or(Some(CURVE_PHOTONS));
    }
    let vary = vec![Vary { key: key.clone(), values: CURVE.to_string() }];
    // the curve replaces what the scene or --set says
    job.settings.retain(|(set, _)| set != key);
    let args = SweepArgs {
        job,
        vary,
        designs: None,
        stack: false,
        csv: None,
        best: None,
        resume: false,
        no_reweighting: false,
    };
    sweep(&args, started)
}

pub fn plan(args: &SweepArgs, document: &Document) -> Result<Plan, Failure> {
    let plan = match &args.designs {
        None => Plan::grid(&args.vary, document),
        Some(file) => {
            let text = text_file::read(file, MOST_MIB).with_context(|| format!("--designs {}", file.display()))?;
            Plan::table(&text, &file.display().to_string(), document)
        }
    };
    let plan = plan.map_err(lines)?;
    let settings = args.job.settings.iter();
    let set_and_varied = settings.flat_map(|(set, _)| plan.keys.iter().map(move |varied| (set, &varied.key)));
    match set_and_varied.into_iter().find(|(set, varied)| set_the_same(set, varied)) {
        Some((set, varied)) if set == varied => Err(anyhow!("{varied} is set by --set and varied as well").into()),
        Some((set, varied)) => Err(anyhow!("{varied} is varied, and --set {set} sets the same").into()),
        None => Ok(plan),
    }
}

pub fn lines(problems: Vec<String>) -> Failure {
    Failure::new(ERROR, problems.join("\n"))
}

fn exit_code(result: &SweepResult) -> ExitCode {
    let missed = result.rows.iter().filter(|row| !row.reached).count();
    if missed > 0 {
        let stratified = result.launched.as_ref().is_some_and(|launched| launched.stratified);
        tell(&format!("{missed} designs did not reach the target; {} may do it", more_or_better(stratified)));
    }
    if result.interrupted {
        tell("interrupted; what is shown are the designs that were done by then");
        return ExitCode::from(INTERRUPTED);
    }
    if missed > 0 { ExitCode::from(TARGET_NOT_REACHED) } else { ExitCode::SUCCESS }
}

fn failure(error: SweepError) -> Failure {
    let code = if matches!(error, SweepError::Ledger { .. }) { NOT_CREDIBLE } else { ERROR };
    Failure { code, error: error.into() }
}
