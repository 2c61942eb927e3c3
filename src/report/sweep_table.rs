//! A sweep as a table for a person.

use super::described::described;
use super::number::{grouped, prefixed, with_error};
use super::sweep_plot::key_title;
use super::terminal::{Style, listed};
use crate::outcome::Unit;
use crate::sweep::{Launched, SweepResult, VariedKey};

/// Rows shown; a CSV has them all.
const SHOWN: usize = 60;
/// Notes listed: where each design has its own, a few tell what they are like.
const NOTES_SHOWN: usize = 12;
/// Designs listed that cannot be told from the best.
const TIES_SHOWN: usize = 12;
const OF_PHOTONS: [&str; 7] = [
    "eqe",
    "eqe_bound",
    "outcoupling_efficiency",
    "eqy",
    "plqy_external",
    "absorptance",
    "emissions_per_first_emission",
];
/// What an electroluminescent scene says twice.
const TWICE: &str = "eqy";
const OF_WAVES: [&str; 8] = ["tandem.eqe", "eqe", "recycling.eqe", "air", "substrate", "guided", "plasmon", "absorbed"];

/// The page. `quantity` is a further one to show, such as the one a target was set for.
pub fn page(sweep: &SweepResult, quantity: Option<&str>, style: Style) -> String {
    let main: &[&str] = if sweep.launched.is_some() { &OF_PHOTONS } else { &OF_WAVES };
    let has = |key: &str| sweep.rows.iter().any(|row| row.quantity(key).value.is_some());
    let meant = |key: &&str| has(key) && !(*key == TWICE && has("eqe_bound"));
    let shown: Vec<_> = quantity.into_iter().filter(|key| !main.contains(key)).collect();
    let shown: Vec<_> = shown.into_iter().chain(main.iter().copied().filter(meant)).collect();
    let mut lines: Vec<_> = Some(&sweep.title).filter(|title| !title.is_empty()).cloned().into_iter().collect();
    lines.extend(effort(sweep));
    lines.push(String::new());
    let names = names(sweep);
    let heads = names.iter().cloned();
    let mut table: Vec<Vec<String>> = vec![heads.chain(shown.iter().map(|key| head(sweep, key))).collect()];
    for row in sweep.rows.iter().take(SHOWN) {
        let cells = shown.iter().map(|key| {
            let percent = described(sweep, key).is_some_and(|quantity| quantity.unit == Unit::Fraction);
            with_error(row.quantity(key), if percent { 100.0 } else { 1.0 }, style.plus_minus())
        });
        table.push(row.values.iter().cloned().chain(cells).collect());
    }
    lines.extend(aligned(&table));
    if sweep.rows.len() > SHOWN {
        lines.push(format!("... and {} more, which --csv FILE and --out DIR hold", sweep.rows.len() - SHOWN));
    }
    let best = best(sweep, style);
    if !best.is_empty() {
        lines.push(String::new());
        lines.extend(best);
    }
    lines.extend(notes(sweep, style));
    lines.join("\n") + "\n"
}

/// What the designs assumed.
fn notes(sweep: &SweepResult, style: Style) -> Vec<String> {
    let Some(more) = sweep.notes.len().checked_sub(1) else { return Vec::new() };
    let mut lines = vec![String::new(), style.heading("What was assumed")];
    lines.extend(sweep.notes.iter().take(NOTES_SHOWN).flat_map(|note| listed(note)));
    if more >= NOTES_SHOWN {
        lines.push(format!("  ... and {} more, which --json and --out hold", more + 1 - NOTES_SHOWN));
    }
    lines
}

/// How many designs, of those asked for where not all are done.
pub(super) fn designs(sweep: &SweepResult) -> String {
    let (done, planned) = (sweep.rows.len(), sweep.planned);
    let noun = if planned == 1 { "design" } else { "designs" };
    if sweep.interrupted && done == planned {
        return format!("{} {noun}, interrupted before the best were told apart", grouped(done as u64));
    }
    if sweep.interrupted {
        return format!("{} of {} {noun}, interrupted", grouped(done as u64), grouped(planned as u64));
    }
    format!("{} {noun}", grouped(done as u64))
}

/// Whether the best design may lie beyond what was varied.
pub(super) fn beyond(sweep: &SweepResult) -> Option<String> {
    let ends = sweep.best_at_ends();
    let names: Vec<_> = ends.iter().map(|key| key_title(&key.key)).collect();
    let names = names.join(", ");
    (!ends.is_empty()).then(|| format!("It lies at an end of what was varied ({names}): a better one may lie beyond."))
}

/// How many designs, by what, and how fast.
fn effort(sweep: &SweepResult) -> Vec<String> {
    let (designs, seconds) = (designs(sweep), sweep.seconds);
    let Some(Launched { seed, stratified, device, photons }) = &sweep.launched else {
        return vec![format!("{designs} by waves alone, in {seconds:.2} s")];
    };
    vec![
        format!(
            "{designs}, {} photons, seed {seed}{}, on {} ({})",
            grouped(*photons),
            if *stratified { ", stratified" } else { "" },
            device.name,
            device.backend
        ),
        format!("{seconds:.2} s, {}photons/s", prefixed(*photons as f64 / seconds.max(1e-9))),
    ]
}

/// What the varied keys are called: by their last part, or at length where two would be called the same.
fn names(sweep: &SweepResult) -> Vec<String> {
    let last = |key: &VariedKey| key.key.rsplit('.').next().unwrap_or(&key.key).to_string();
    let short: Vec<_> = sweep.keys.iter().map(last).collect();
    let twice = |name: &String| short.iter().filter(|other| *other == name).count() > 1;
    sweep
        .keys
        .iter()
        .zip(&short)
        .map(|(key, name)| if twice(name) { key_title(&key.key) } else { name.clone() })
        .collect()
}

fn head(sweep: &SweepResult, key: &str) -> String {
    match (key, described(sweep, key).map(|quantity| quantity.unit)) {
        ("emissions_per_first_emission", _) => "N_PR".to_string(),
        (_, Some(Unit::Fraction)) => format!("{key} / %"),
        _ => key.to_string(),
    }
}

fn aligned(table: &[Vec<String>]) -> Vec<String> {
    let columns = table[0].len();
    let widths: Vec<usize> =
        (0..columns).map(|i| table.iter().map(|row| row[i].chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
    };
    table.iter().map(line).collect()
}

/// The best design and those that cannot be told from it, where one was sought, as lines.
pub fn best(sweep: &SweepResult, style: Style) -> Vec<String> {
    let Some(best) = &sweep.best else { return Vec::new() };
    let names = names(sweep);
    let named = |row: usize| {
        let values = names.iter().zip(&sweep.rows[row].values);
        values.map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
    };
    // as in the table above
    let percent = described(sweep, &best.quantity).is_some_and(|quantity| quantity.unit == Unit::Fraction);
    let written = |estimate| match percent {
        true => with_error(estimate, 100.0, style.plus_minus()) + " %",
        false => with_error(estimate, 1.0, style.plus_minus()),
    };
    let mut lines = vec![format!("Best {}: {} at {}", best.quantity, written(best.estimate), named(best.row))];
    lines.extend(beyond(sweep));
    if sweep.launched.is_none() {
        return lines;
    }
    if best.ties.is_empty() {
        lines.push("No other design comes within two standard errors of the difference.".into());
    } else {
        let noun = if best.ties.len() == 1 { "design" } else { "designs" };
        lines.push(format!(
            "{} {noun} cannot be told from it (the difference is within two of its standard errors):",
            best.ties.len()
        ));
    }
    for tie in best.ties.iter().take(TIES_SHOWN) {
        lines.push(format!("  {}  {}", written(tie.difference), named(tie.row)));
    }
    if best.ties.len() > TIES_SHOWN {
        lines.push(format!("  ... and {} more", best.ties.len() - TIES_SHOWN));
    }
    lines
}
