//! The parts every report is made of. Text is escaped here, and only plots go in as they are.

use super::Given;
use crate::outcome::{DEFINITIONS, Definition, Estimate, Unit};
use crate::report::number::{grouped, with_error};
use crate::sweep::Launched;

const STYLE: &str = include_str!("style.css");

/// Text that a browser shows as it is written.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no place for other control letters.
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

/// The whole document around its sections.
pub fn document(title: &str, lead: &str, sections: &[String]) -> String {
    let title = if title.trim().is_empty() { "Untitled scene" } else { title };
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<header>\n<h1>{title}</h1>\n<p class=\"soft\">{}</p>\n</header>\n{}\n</main>\n</body>\n</html>\n",
        escape(lead),
        sections.concat()
    )
}

/// A part with a heading; `body` is HTML.
pub fn section(id: &str, heading: &str, body: &str) -> String {
    format!("<section id=\"{id}\">\n<h2>{}</h2>\n{body}</section>\n", escape(heading))
}

/// A paragraph of text.
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// Plots side by side, where there is room; each with what it shows.
pub fn figures(plots: &[(String, String)]) -> String {
    let mut out = String::from("<div class=\"figures\">\n");
    for (name, svg) in plots {
        let what = name.trim_end_matches(".svg").replace('_', " ");
        let drawing = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{}\" ", escape(&what)), 1);
        // Inside HTML a drawing needs no name space.
        let drawing = drawing.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
        let shape = match size(svg) {
            Some((width, _)) if width > 1000 => " class=\"wide\"",
            Some((width, height)) if height > width => " class=\"tall\"",
            _ => "",
        };
        out.push_str(&format!("<figure{shape}>{drawing}</figure>\n"));
    }
    out + "</div>\n"
}

fn size(svg: &str) -> Option<(u32, u32)> {
    let number = |key: &str| svg.split_once(key)?.1.split('"').next()?.parse().ok();
    Some((number(" width=\"")?, number(" height=\"")?))
}

/// A table; columns are `(heading, is a number)`, cells are text.
pub fn table(columns: &[(String, bool)], rows: &[Vec<String>]) -> String {
    let class =
        |column: usize| if columns.get(column).is_some_and(|(_, number)| *number) { " class=\"n\"" } else { "" };
    let mut out = String::from("<div class=\"scroll\"><table>\n<thead><tr>");
    for (i, (heading, _)) in columns.iter().enumerate() {
        out.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(i), escape(heading)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            out.push_str(&format!("<td{}>{}</td>", class(i), escape(cell)));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table></div>\n"
}

/// Columns from their headings; those with a `#` before them hold numbers.
pub fn columns<S: AsRef<str>>(headings: &[S]) -> Vec<(String, bool)> {
    headings
        .iter()
        .map(|heading| match heading.as_ref().strip_prefix('#') {
            Some(heading) => (heading.to_string(), true),
            None => (heading.as_ref().to_string(), false),
        })
        .collect()
}

/// An estimate as a person reads it, with its unit.
pub fn quantity(unit: Unit, estimate: Estimate) -> String {
    if estimate.value.is_none() {
        return "-".to_string();
    }
    match unit {
        Unit::Fraction => format!("{} %", with_error(estimate, 100.0, "±")),
        Unit::Number => with_error(estimate, 1.0, "±"),
        Unit::Nm => format!("{} nm", with_error(estimate, 1.0, "±")),
    }
}

/// The key of a quantity as a title: `plqy_external` gives `External PLQY`.
pub fn name(key: &str) -> String {
    match key {
        "eqy" => "EQY".into(),
        "plqy_external" => "External PLQY".into(),
        "cce_photon" => "CCE, photons".into(),
        "eqe" => "EQE".into(),
        "eqe_bound" => "EQE bound".into(),
        "recycling.eqe" => "EQE with recycling".into(),
        "recycling.eqe_bound" => "EQE bound with recycling".into(),
        "effective_plqy" => "Effective PLQY".into(),
        "cce_power" => "CCE, power".into(),
        "emissions_per_first_emission" => "Emissions per photon (N_PR)".into(),
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

/// The definition of a quantity, by its key.
pub fn definition(key: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.key == key)
}

pub fn assumptions(notes: &[String]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let items: String = notes.iter().map(|note| format!("<li>{}</li>\n", escape(note))).collect();
    section("assumptions", "What was assumed", &format!("<ul class=\"notes\">\n{items}</ul>\n"))
}

pub fn scene(given: &Given) -> String {
    let mut body = String::new();
    if !given.settings.is_empty() {
        body.push_str("<p>Changed on the command line:</p>\n<pre>");
        for (key, value) in given.settings {
            body.push_str(&escape(&format!("{key} = {value}\n")));
        }
        body.push_str("</pre>\n<p>The file, as it was given:</p>\n");
    }
    body.push_str(&format!("<pre>{}</pre>\n", escape(given.scene_text.trim_end())));
    section("scene", "Scene", &body)
}

/// How to come to the same numbers, and what they were made with.
pub fn reproduce(given: &Given, hash: &str, launched: Option<&Launched>, seconds: f64) -> String {
    let mut rows = vec![("version", format!("relume {}", env!("CARGO_PKG_VERSION"))), ("scene", hash.to_string())];
    if let Some(Launched { seed, stratified, device, photons }) = launched {
        rows.push(("seed", format!("{seed}{}", if *stratified { ", stratified" } else { "" })));
        rows.push(("photons", grouped(*photons)));
        rows.push(("device", format!("{} ({})", device.name, device.backend)));
    }
    rows.push(("time", format!("{seconds:.2} s")));
    let again = match launched {
        Some(_) => {
            "The same scene, seed and number of photons give the same photons on any device; between devices a few \
             photons may round differently."
        }
        None => "Computed from waves, without photons: there is no statistical error.",
    };
    let items: String = rows.iter().map(|(what, is)| format!("<dt>{what}</dt><dd>{}</dd>\n", escape(is))).collect();
    let body = format!("<pre>{}</pre>\n<dl>\n{items}</dl>\n<p class=\"soft\">{again}</p>\n", escape(given.command));
    section("reproduce", "How to reproduce it", &body)
}
