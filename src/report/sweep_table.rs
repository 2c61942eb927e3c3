//! A sweep as a table for a person.

use super::number::{grouped, prefixed, with_error};
use super::terminal::Style;
use crate::outcome::{Unit, definition};
use crate::sweep::SweepResult;

/// Rows shown; a CSV has them all.
const SHOWN: usize = 60;
/// Designs listed that cannot be told from the best.
const TIES_SHOWN: usize = 12;
const QUANTITIES: [&str; 4] = ["eqy", "plqy_external", "absorptance", "emissions_per_first_emission"];

/// The page. `quantity` is a further one to show, such as the one a target was set for.
pub fn page(sweep: &SweepResult, quantity: Option<&str>, style: Style) -> String {
    let shown: Vec<_> = quantity.into_iter().filter(|key| !QUANTITIES.contains(key)).chain(QUANTITIES).collect();
    let mut lines = vec![
        sweep.title.clone(),
        format!(
            "{} designs, {} photons, seed {}, on {} ({})",
            grouped(sweep.rows.len() as u64),
            grouped(sweep.photons),
            sweep.seed,
            sweep.device.name,
            sweep.device.backend
        ),
        format!("{:.2} s, {}photons/s", sweep.seconds, prefixed(sweep.photons as f64 / sweep.seconds.max(1e-9))),
        String::new(),
    ];
    let heads = sweep.keys.iter().map(|key| last_part(&key.key).to_string());
    let mut table: Vec<Vec<String>> = vec![heads.chain(shown.iter().map(|key| head(key))).collect()];
    for row in sweep.rows.iter().take(SHOWN) {
        let cells = shown.iter().map(|key| {
            let percent = definition(key).is_some_and(|quantity| quantity.unit == Unit::Fraction);
            with_error(row.quantity(key), if percent { 100.0 } else { 1.0 }, style.plus_minus())
        });
        table.push(row.values.iter().cloned().chain(cells).collect());
    }
    lines.extend(aligned(&table));
    if sweep.rows.len() > SHOWN {
        lines.push(format!("... and {} more; --csv FILE writes them all", sweep.rows.len() - SHOWN));
    }
    lines.extend(best(sweep, style));
    lines.join("\n") + "\n"
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn head(key: &str) -> String {
    match (key, definition(key).map(|quantity| quantity.unit)) {
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

fn best(sweep: &SweepResult, style: Style) -> Vec<String> {
    let Some(best) = &sweep.best else { return Vec::new() };
    let named = |row: usize| {
        let values = sweep.keys.iter().zip(&sweep.rows[row].values);
        values.map(|(key, value)| format!("{} = {value}", last_part(&key.key))).collect::<Vec<_>>().join(", ")
    };
    let written = with_error(best.estimate, 1.0, style.plus_minus());
    let mut lines = vec![String::new(), format!("Best {}: {written} at {}", best.quantity, named(best.row))];
    if best.ties.is_empty() {
        lines.push("No other design comes within two standard errors of the difference.".into());
    } else {
        lines.push(format!(
            "{} designs cannot be told from it (the difference is within two of its standard errors):",
            best.ties.len()
        ));
    }
    for tie in best.ties.iter().take(TIES_SHOWN) {
        let difference = with_error(tie.difference, 1.0, style.plus_minus());
        lines.push(format!("  {difference}  {}", named(tie.row)));
    }
    if best.ties.len() > TIES_SHOWN {
        lines.push(format!("  ... and {} more", best.ties.len() - TIES_SHOWN));
    }
    lines
}
