//! The report of a sweep: the best design, then the plane, then every design.

use super::Given;
use super::page::{
    assumptions, columns, document, escape, figures, name, paragraph, quantity, reproduce, scene, section, table,
};
use crate::outcome::Estimate;
use crate::report::described::described;
use crate::report::number::{grouped, with_error};
use crate::report::plot::PlotError;
use crate::report::sweep_plot::{Pictures, key_title, pictures};
use crate::report::sweep_table::{beyond, designs as designs_done};
use crate::sweep::{Best, DesignRow, SweepResult};

/// Designs that one page holds; the CSV holds all.
const MOST_ROWS: usize = 300;
const MOST_TIES: usize = 8;

/// Names and contents of what `--out` writes of a sweep beside its CSV: the report, and each plot on its own.
///
/// # Errors
/// What the plotting library refuses.
pub fn files(result: &SweepResult, given: &Given) -> Result<Vec<(String, String)>, PlotError> {
    let pictures = pictures(result)?;
    let report = page(result, given, &pictures);
    let mut files = vec![("report.html".to_string(), report)];
    files.extend(pictures.plots);
    Ok(files)
}

/// The report of a sweep as HTML.
///
/// # Errors
/// What the plotting library refuses.
pub fn sweep(result: &SweepResult, given: &Given) -> Result<String, PlotError> {
    Ok(page(result, given, &pictures(result)?))
}

fn page(result: &SweepResult, given: &Given, pictures: &Pictures) -> String {
    let mut plots = String::new();
    if !pictures.plots.is_empty() {
        plots.push_str(&figures(&pictures.plots));
        let waves = result.launched.is_none();
        plots.push_str(&paragraph(if waves {
            "Waves have no statistical error. The ring marks the best design."
        } else if result.keys.len() == 1 {
            "Bands are one standard error on either side. Designs share their random numbers, so that the noise of \
             neighbours is alike: curves are smoother, and differences sharper, than the bands suggest. Open dots were \
             reweighted from another PLQY. The ring marks the best design."
        } else {
            "Contour lines are straight from design to design. The ring marks the best design, \
             dots the designs that cannot be told from it."
        }));
    }
    if let Some(reason) = &pictures.refused {
        plots.push_str(&paragraph(reason));
    }
    let sections = [
        answer(result),
        section("plots", "Plots", &plots),
        designs(result),
        assumptions(&result.notes),
        scene(given),
        reproduce(given, &result.scene_hash, result.launched.as_ref(), result.seconds),
    ];
    let by = match &result.launched {
        Some(launched) => format!("{} photons on {}", grouped(launched.photons), launched.device.name),
        None => "by waves alone, without photons".to_string(),
    };
    let lead = format!("{}, {by}, relume {}", designs_done(result), env!("CARGO_PKG_VERSION"));
    document(&result.title, &lead, &sections)
}

fn value(result: &SweepResult, key: &str, estimate: Estimate) -> String {
    described(result, key).map_or_else(|| with_error(estimate, 1.0, "±"), |own| quantity(own.unit, estimate))
}

fn answer(result: &SweepResult) -> String {
    let mut body = match &result.best {
        Some(best) => best_design(result, best),
        None => paragraph("No best design was sought, or the quantity has no meaning here."),
    };
    if result.interrupted {
        let until = if result.rows.len() < result.planned {
            "these are the designs that were done by then"
        } else {
            "all designs were done, but the best ones were not told apart"
        };
        body.push_str(&format!("<p class=\"warning\">Interrupted: {until}.</p>\n"));
    }
    let short = result.rows.iter().filter(|row| !row.reached).count();
    if short > 0 {
        body.push_str(&format!(
            "<p class=\"warning\">{} of {} designs did not reach the target with all photons allowed.</p>\n",
            grouped(short as u64),
            grouped(result.rows.len() as u64)
        ));
    }
    format!("<section id=\"answer\">\n{body}</section>\n")
}

fn best_design(result: &SweepResult, best: &Best) -> String {
    let text = value(result, &best.quantity, best.estimate);
    let (number, error) = text.split_once(" ±").map_or((text.as_str(), String::new()), |(n, e)| (n, format!(" ±{e}")));
    let mut body = format!(
        "<div class=\"answers\">\n<div><p class=\"what\">Best {}</p><p class=\"big\">{}<small>{}</small></p></div>\n",
        escape(&name(&best.quantity)),
        escape(number),
        escape(&error)
    );
    for (key, at) in result.keys.iter().zip(result.rows.get(best.row).map_or(&[][..], |row| &row.values)) {
        let title = key_title(&key.key);
        let (what, unit) = title.split_once(" / ").unwrap_or((&title, ""));
        let (what, at) = (escape(what), escape(&shortened(at)));
        body.push_str(&format!(
            "<div><p class=\"what\">at {what}</p><p class=\"big\">{at}<small> {}</small></p></div>\n",
            escape(unit)
        ));
    }
    body.push_str("</div>\n");
    body.extend(beyond(result).map(|sentence| paragraph(&sentence)));
    if result.launched.is_none() {
        return body;
    }
    let sentence = match best.ties.len() {
        0 => "Every other design is more than two standard errors of the difference below it.".to_string(),
        1 => "One design cannot be told from it, by two standard errors of the difference:".to_string(),
        ties => format!(
            "{} designs cannot be told from it, by two standard errors of the difference{}:",
            grouped(ties as u64),
            if ties > MOST_TIES { format!("; the nearest {MOST_TIES}") } else { String::new() }
        ),
    };
    body.push_str(&paragraph(&sentence));
    if !best.ties.is_empty() {
        let mut ties: Vec<_> = best.ties.iter().collect();
        ties.sort_by(|a, b| a.difference.value.unwrap_or(0.0).total_cmp(&b.difference.value.unwrap_or(0.0)));
        let rows = ties.iter().take(MOST_TIES).filter_map(|tie| {
            let row = result.rows.get(tie.row)?;
            let mut cells: Vec<_> = row.values.iter().map(|value| shortened(value)).collect();
            cells.push(value(result, &best.quantity, row.quantity(&best.quantity)));
            cells.push(value(result, &best.quantity, tie.difference));
            Some(cells)
        });
        let mut headings: Vec<_> = result.keys.iter().map(|key| format!("#{}", key_title(&key.key))).collect();
        headings.push(format!("#{}", name(&best.quantity)));
        headings.push("#best less this".to_string());
        body.push_str(&table(&columns(&headings), &rows.collect::<Vec<_>>()));
    }
    body
}

/// Values of a range have as many digits as a double; five are enough for a reader.
fn shortened(value: &str) -> String {
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite() && value.len() > 7 && *number != 0.0);
    number.map_or_else(
        || value.to_string(),
        |number| {
            let scale = 10f64.powi(4 - number.abs().log10().floor() as i32);
            if scale.is_finite() && scale > 0.0 {
                ((number * scale).round() / scale).to_string()
            } else {
                value.to_string()
            }
        },
    )
}

fn designs(result: &SweepResult) -> String {
    const OF_PHOTONS: [&str; 9] = [
        "eqe",
        "outcoupling_efficiency",
        "eqy",
        "plqy_external",
        "absorptance",
        "pump_leakage",
        "emissions_per_first_emission",
        "recycling_efficiency",
        "mean_emission_nm",
    ];
    const OF_WAVES: [&str; 9] =
        ["tandem.eqe", "eqe", "recycling.eqe", "air", "substrate", "guided", "plasmon", "absorbed", "purcell"];
    let main: &[&str] = if result.launched.is_some() { &OF_PHOTONS } else { &OF_WAVES };
    let meant = |key: &&str| result.rows.iter().any(|row| row.quantity(key).value.is_some());
    let extra = result.best.as_ref().map(|best| best.quantity.as_str()).filter(|key| !main.contains(key));
    let shown: Vec<&str> = extra.into_iter().chain(main.iter().copied()).filter(meant).collect();
    let mut rows: Vec<(usize, &DesignRow)> = result.rows.iter().enumerate().collect();
    let mut body = String::new();
    if rows.len() > MOST_ROWS {
        let key = result.best.as_ref().map_or(main[0], |best| &best.quantity);
        let worth = |row: &DesignRow| row.quantity(key).value.unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| worth(b.1).total_cmp(&worth(a.1)));
        rows.truncate(MOST_ROWS);
        body.push_str(&paragraph(&format!(
            "The {MOST_ROWS} designs of largest {} out of {}; the CSV holds all.",
            name(key),
            grouped(result.rows.len() as u64)
        )));
    }
    let cells = rows.iter().map(|(number, row)| {
        let mut cells = vec![(number + 1).to_string()];
        cells.extend(row.values.iter().map(|value| shortened(value)));
        cells.extend(shown.iter().map(|key| value(result, key, row.quantity(key))));
        if result.launched.is_none() {
            return cells;
        }
        cells.push(grouped(row.photons));
        let marks = [(row.reweighted, "reweighted"), (!row.reached, "target not reached")];
        cells.push(marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect::<Vec<_>>().join(", "));
        cells
    });
    let cells: Vec<_> = cells.collect();
    let mut headings = vec!["#design".to_string()];
    headings.extend(result.keys.iter().map(|key| format!("#{}", key_title(&key.key))));
    headings.extend(shown.iter().map(|key| format!("#{}", name(key))));
    if result.launched.is_some() {
        headings.extend(["#photons".to_string(), String::new()]);
    }
    body.push_str(&table(&columns(&headings), &cells));
    section("designs", "Designs", &body)
}
