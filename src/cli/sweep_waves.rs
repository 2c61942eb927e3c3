//! `relume sweep --stack`: designs looked at by waves alone.

use std::process::ExitCode;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use relume::report::{sweep_csv, sweep_json, sweep_table};
use relume::scene::Document;
use relume::stack::{self, Quantity};
use relume::sweep::{Best, DesignRow, SweepResult, validate};

use super::args::SweepArgs;
use super::out::{OutFile, OutFolder, all_written};
use super::progress::{self, listen_for_interrupt};
use super::sweep::{Asked, alone, lines, places_differ, plan, write_folder};
use super::{ERROR, Failure, INTERRUPTED, USAGE, print, style, tell};

pub fn sweep(args: &SweepArgs, started: Instant) -> Result<ExitCode, Failure> {
    let job = &args.job;
    if let Some(key) = args.best.as_ref().filter(|key| Quantity::of(key).is_none()) {
        return Err(Failure::new(
            USAGE,
            format_args!("--best {key}: is a quantity of photons, which --stack has none of"),
        ));
    }
    let document = Document::read(&job.scene)?.with(&job.settings)?;
    let plan = plan(args, &document)?;
    let asked = Asked::new(args.best.as_deref());
    let notes = validate::validate(&document, &plan, |scene| {
        asked.look(|key| Quantity::may_be_of(key, &scene));
        stack::check(scene)
    });
    let mut notes = notes.map_err(lines)?;
    asked.met()?;
    places_differ(args, &document)?;
    let folder = job.out.as_deref().map(|place| OutFolder::prepare(place, job.overwrite)).transpose()?;
    let json = job.json.as_deref().filter(|_| !alone(&job.json));
    let json = json.map(|place| OutFile::prepare(place, "--json")).transpose()?;
    let csv = args.csv.as_deref().filter(|_| !alone(&args.csv));
    let csv = csv.map(|place| OutFile::prepare(place, "--csv")).transpose()?;

    listen_for_interrupt();
    let bar = bar(plan.len());
    let swept = stack::sweep(&document, &plan, &|| !progress::interrupted(), &|| bar.inc(1));
    bar.finish_and_clear();
    let swept = swept.map_err(|why| Failure::new(ERROR, why))?;
    notes.extend(swept.notes);
    let interrupted = swept.rows.iter().any(Option::is_none);
    let rows: Vec<DesignRow> = swept.rows.into_iter().flatten().collect();
    let result = SweepResult {
        title: validate::scene(&document, &plan, 0)?.title,
        scene_hash: document.hash(),
        settings: job.settings.clone(),
        launched: None,
        planned: plan.len(),
        keys: plan.keys.clone(),
        interrupted,
        best: args.best.as_deref().and_then(|key| best(&rows, key)),
        rows,
        notes,
        seconds: started.elapsed().as_secs_f64(),
    };
    if let Some(key) = args.best.as_ref().filter(|_| result.best.is_none()) {
        tell(&format!("--best {key}: no design has it"));
    }
    let table = sweep_csv::table_of_waves(&result.keys, &result.rows)?;
    let page = if alone(&args.csv) {
        String::from_utf8_lossy(&table).into_owned()
    } else if alone(&job.json) {
        sweep_json::result(&result)
    } else {
        sweep_table::page(&result, args.best.as_deref(), style())
    };
    all_written([
        folder.map_or(Ok(()), |folder| write_folder(folder, &result, &table, &document)),
        json.map_or(Ok(()), |file| file.finish(sweep_json::result(&result).as_bytes())),
        csv.map_or(Ok(()), |file| file.finish(&table)),
        print(&page).map_err(Into::into),
    ])?;
    if alone(&args.csv) {
        sweep_table::best(&result, style()).iter().for_each(|line| tell(line));
    }
    if !interrupted {
        return Ok(ExitCode::SUCCESS);
    }
    tell("interrupted; the result holds the designs that were done by then");
    Ok(ExitCode::from(INTERRUPTED))
}

/// The first design of the largest value; `None` where no design has one.
fn best(rows: &[DesignRow], key: &str) -> Option<Best> {
    let value = |row: &usize| rows[*row].quantity(key).value.unwrap_or(f64::NEG_INFINITY);
    let row = (0..rows.len()).rev().max_by(|a, b| value(a).total_cmp(&value(b)))?;
    let estimate = rows[row].quantity(key);
    estimate.value?;
    Some(Best { quantity: key.to_string(), row, estimate, ties: Vec::new() })
}

/// A bar on stderr, where that is a terminal.
fn bar(designs: usize) -> ProgressBar {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let bar = if dumb { ProgressBar::hidden() } else { ProgressBar::new(designs as u64) };
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} designs  {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
