//! The material library as text for a terminal and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::formula;
use super::nanocrystals;
use crate::material::{Medium, medium, medium_names, nanocrystal, nanocrystal_names};
use crate::spectrum::Curve;

/// Wavelengths in nm at which the list shows an index, and at which a medium is shown in full.
const LIST_NM: [f64; 3] = [450.0, 530.0, 630.0];
const SHOW_NM: [f64; 9] = [365.0, 400.0, 450.0, 500.0, 530.0, 560.0, 600.0, 700.0, 850.0];
pub(super) const WIDTH: usize = 100;

/// The whole library in aligned columns, at most 100 wide.
pub fn list() -> String {
    let mut text =
        String::from("Hosts, substrates and layer materials, with the refractive index at three wavelengths\n\n");
    line(
        &mut text,
        format_args!(
            "{:<12} {:<32} {:>6} {:>6} {:>6}  {:<8} source",
            "name", "what", "450 nm", "530 nm", "630 nm", "valid nm"
        ),
    );
    for medium in medium_names().into_iter().filter_map(medium) {
        let [a, b, c] = LIST_NM.map(|wavelength_nm| index_at(&medium.optical.n, wavelength_nm));
        let (low, high) = medium.optical.n.range_nm();
        let range = format!("{low}-{high}");
        let mark = if medium.estimate.is_some() { ", ESTIMATE" } else { "" };
        let title = shortened(&medium.title, 32);
        let source = format!("{}{mark}", medium.cite);
        line(&mut text, format_args!("{:<12} {title:<32} {a:>6} {b:>6} {c:>6}  {range:<8} {source}", medium.name));
    }
    text.push_str("\nNanocrystal emitters: emission, internal quantum yield, absorption of the core at 450 nm\n\n");
    line(&mut text, format_args!("{:<13} {:>7} {:>7} {:>7} {:>10}  what", "name", "nm", "fwhm", "plqy", "mu_i 1/cm"));
    for particles in nanocrystal_names().into_iter().filter_map(nanocrystal) {
        line(
            &mut text,
            format_args!(
                "{:<13} {:>7} {:>7} {:>7} {:>10}  {}",
                particles.name,
                particles.peak_nm,
                particles.fwhm_nm,
                particles.plqy,
                particles.mu_i_450_per_cm,
                particles.title
            ),
        );
    }
    text.push_str("\n`relume materials NAME` shows one of them with formula, numbers and sources.\n");
    text
}

/// One material with everything known of it, or `None` where the library has no such name.
pub fn show(name: &str, json: bool) -> Option<String> {
    if let Some(medium) = medium(name) {
        return Some(if json { pretty(&medium_json(medium)) } else { medium_text(medium) });
    }
    let particles = nanocrystal(name)?;
    Some(if json { pretty(&nanocrystals::json(&particles)) } else { nanocrystals::text(&particles) })
}

fn medium_text(medium: &Medium) -> String {
    let mut text = format!("{}: {}\n\n", medium.name, medium.title);
    formula::text(&mut text, &medium.formula);
    if let Some(density) = medium.density_g_per_cm3 {
        line(&mut text, format_args!("density {density} g/cm3"));
    }
    line(&mut text, format_args!("\n{:>8} {:>10} {:>10} {:>16}", "nm", "n", "k", "absorption 1/cm"));
    for row in rows(medium) {
        let k = row.k.map_or("-".to_string(), |k| format!("{k:.2e}"));
        let absorption = row.absorption_per_cm.map_or("-".to_string(), |mu| format!("{mu:.3e}"));
        line(&mut text, format_args!("{:>8} {:>10.5} {k:>10} {absorption:>16}", row.wavelength_nm, row.n));
    }
    text.push('\n');
    paragraph(&mut text, "source    ", &medium.source);
    for (label, words) in [("fit       ", &medium.fit), ("estimate  ", &medium.estimate), ("note      ", &medium.note)]
    {
        if let Some(words) = words {
            paragraph(&mut text, label, words);
        }
    }
    text
}

struct Row {
    wavelength_nm: f64,
    n: f64,
    k: Option<f64>,
    absorption_per_cm: Option<f64>,
}

/// n and, where it is stated, k at the wavelengths that a medium is shown at.
fn rows(medium: &Medium) -> Vec<Row> {
    const NM_PER_CM: f64 = 1e7;
    let n = &medium.optical.n;
    let known = SHOW_NM.into_iter().filter(|wavelength_nm| is_stated(n, *wavelength_nm));
    known
        .map(|wavelength_nm| {
            let k = medium.optical.k.as_ref().filter(|k| is_stated(k, wavelength_nm)).map(|k| k.at(wavelength_nm));
            let absorption_per_cm = k.map(|k| 4.0 * std::f64::consts::PI * k / wavelength_nm * NM_PER_CM);
            Row { wavelength_nm, n: n.at(wavelength_nm), k, absorption_per_cm }
        })
        .collect()
}

fn medium_json(medium: &Medium) -> Value {
    let values: Vec<_> = rows(medium)
        .iter()
        .map(|row| {
            json!({ "wavelength_nm": row.wavelength_nm, "n": row.n, "k": row.k,
                    "absorption_per_cm": row.absorption_per_cm })
        })
        .collect();
    let (n, k, permittivity) = formula::json(&medium.formula);
    json!({ "name": medium.name, "title": medium.title, "kind": "medium", "n": n, "k": k,
            "permittivity": permittivity, "density_g_per_cm3": medium.density_g_per_cm3,
            "values": values, "source": medium.source, "fit": medium.fit, "estimate": medium.estimate,
            "note": medium.note })
}

fn is_stated(curve: &Curve, wavelength_nm: f64) -> bool {
    let (low, high) = curve.range_nm();
    (low..=high).contains(&wavelength_nm)
}

fn index_at(n: &Curve, wavelength_nm: f64) -> String {
    if is_stated(n, wavelength_nm) { format!("{:.4}", n.at(wavelength_nm)) } else { "-".to_string() }
}

fn pretty(value: &Value) -> String {
    // A JSON value made of numbers and strings always has a text.
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}

/// A line of text; writing to a string cannot fail.
pub(super) fn line(text: &mut String, line: std::fmt::Arguments) {
    let start = text.len();
    let _ = text.write_fmt(line);
    text.truncate(start + text[start..].trim_end().len());
    text.push('\n');
}

/// Words beside a label, wrapped.
pub(super) fn paragraph(text: &mut String, label: &str, words: &str) {
    let indent = label.len();
    for (i, wrapped) in wrap(words, WIDTH - indent).iter().enumerate() {
        let label = if i == 0 { label } else { "" };
        line(text, format_args!("{label:<indent$}{wrapped}"));
    }
}

pub(super) fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_string());
            continue;
        }
        if !lines[last].is_empty() {
            lines[last].push(' ');
        }
        lines[last].push_str(word);
    }
    lines
}

/// The start of a text, cut between words.
fn shortened(words: &str, width: usize) -> String {
    let first = wrap(words, width - 3).swap_remove(0);
    if first.len() == words.len() { first } else { format!("{}...", first.trim_end_matches([',', ';'])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_fits_100_columns_and_names_its_source() {
        let names: Vec<_> = medium_names().into_iter().chain(nanocrystal_names()).collect();
        let list = list();
        for name in &names {
            assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name} is not listed");
        }
        let texts = names.iter().map(|name| show(name, false).expect("a listed name can be shown"));
        for text in texts.chain([list.clone()]) {
            for line in text.lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
        }
    }

    #[test]
    fn json_parses_and_flags_estimates() {
        let parse = |name| serde_json::from_str::<Value>(&show(name, true).expect("a known name")).expect("valid JSON");
        assert!(parse("siloxane")["estimate"].is_string() && parse("fused_silica")["estimate"].is_null());
        let particles = parse("mapbbr3_hs");
        assert_eq!(particles["parameters"]["core_mass_fraction"]["estimate"], true);
        assert_eq!(particles["parameters"]["urbach_mev"]["estimate"], false);
        assert_eq!(particles["films"]["rows"].as_array().map(Vec::len), Some(5));
        assert!(show("unobtainium", true).is_none());
        let silver = parse("ag");
        assert!(silver["permittivity"]["drude"].is_array() && silver["n"].is_null());
        assert!(silver["values"][0]["k"].is_f64());
    }
}
