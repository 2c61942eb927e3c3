//! Spectra of sources and emitters, in photons per nm.

use super::curves;
use super::files::Files;
use super::keys::{SPECTRUM, nearest};
use super::reader::{Limits, Reader};
use super::tree::Value;
use crate::spectrum::{Spectrum, Table};

/// A spectrum by name: what is known about its shape, as a Gaussian.
struct Preset {
    name: &'static str,
    peak_nm: f64,
    fwhm_nm: f64,
    note: &'static str,
}

const PRESETS: [Preset; 1] = [Preset {
    name: "blue_led",
    peak_nm: 450.0,
    fwhm_nm: 20.0,
    note: "\"blue_led\" is an estimate: a Gaussian at 450 nm, 20 nm wide, typical of InGaN pump LEDs",
}];

/// The spectrum under a key. `presets` says whether a name such as "blue_led" may stand there.
pub(super) fn read(owner: &Reader, key: &str, presets: bool, files: &Files) -> Option<Spectrum> {
    let node = owner.get(key)?;
    match &node.value {
        Value::Text(name) if presets => preset(owner, key, name),
        Value::Table(_) => {
            let table = owner.enter(node, key, &SPECTRUM)?;
            let spectrum = of_table(&table, files)?;
            within_reach(&table, &spectrum).then_some(spectrum)
        }
        other => {
            let hint = if matches!(other, Value::Number(_)) { "; one wavelength is { line_nm = ... }" } else { "" };
            owner.problem(
                &node.place,
                format_args!("{key} must be a table such as {{ peak_nm, fwhm_nm }}, got {other}{hint}"),
            );
            None
        }
    }
}

fn preset(owner: &Reader, key: &str, name: &str) -> Option<Spectrum> {
    if let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) {
        owner.log.note(format!("{}{key} {}", owner.context, preset.note));
        return Some(Spectrum::GaussianInWavelength { peak_nm: preset.peak_nm, fwhm_nm: preset.fwhm_nm });
    }
    let names = PRESETS.iter().map(|preset| preset.name);
    let hint = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => {
            format!("known: {}; or give a table such as {{ peak_nm, fwhm_nm }}", names.collect::<Vec<_>>().join(", "))
        }
    };
    owner.problem(&owner.get(key)?.place, format_args!("{key}: no spectrum \"{name}\"; {hint}"));
    None
}

fn of_table(table: &Reader, files: &Files) -> Option<Spectrum> {
    let forms = ["peak_nm", "wavelength_nm", "line_nm", "file"];
    let given: Vec<_> = forms.into_iter().filter(|key| table.has(key)).collect();
    let belongs = |keys: &[&str], form: &str| table.refuse(keys, &format!("does not go with {form}"));
    match given[..] {
        ["peak_nm"] => {
            belongs(&["value"], "peak_nm");
            let peak_nm = table.required_number("peak_nm", Limits::WAVELENGTH);
            let fwhm_nm = table.required_number("fwhm_nm", Limits::WIDTH);
            let in_energy = match table.get("axis") {
                None => Some(false),
                Some(_) => table.word("axis", &[("wavelength", false), ("energy", true)], &[]),
            };
            let (peak_nm, fwhm_nm) = (peak_nm?, fwhm_nm?);
            Some(if in_energy? {
                Spectrum::GaussianInEnergy { peak_nm, fwhm_nm }
            } else {
                Spectrum::GaussianInWavelength { peak_nm, fwhm_nm }
            })
        }
        ["wavelength_nm"] => {
            belongs(&["fwhm_nm", "axis"], "wavelength_nm");
            not_empty(table, curves::points(table, "value", Limits::WEIGHT)?)
        }
        ["line_nm"] => {
            belongs(&["fwhm_nm", "axis", "value"], "line_nm");
            Some(Spectrum::Line(table.required_number("line_nm", Limits::WAVELENGTH)?))
        }
        ["file"] => {
            belongs(&["fwhm_nm", "axis", "value"], "file");
            match &*files.spectrum(table.text("file")?) {
                Ok(points) => not_empty(table, points.clone()),
                Err(error) => {
                    table.problem(table.place, error);
                    None
                }
            }
        }
        _ => {
            let got = if given.is_empty() { "none".to_owned() } else { given.join(" and ") };
            table.problem(table.place, format_args!("give one of {}, got {got}", forms.join(", ")));
            None
        }
    }
}

/// A tabled spectrum must have some area, none of it negative.
fn not_empty(table: &Reader, points: Table) -> Option<Spectrum> {
    let list: Vec<_> = points.points().collect();
    if let Some((wavelength_nm, value)) = list.iter().find(|(_, value)| *value < 0.0) {
        table.problem(table.place, format_args!("is negative at {wavelength_nm} nm: {value}"));
        return None;
    }
    let area: f64 = list.windows(2).map(|pair| 0.5 * (pair[0].1 + pair[1].1) * (pair[1].0 - pair[0].0)).sum();
    if area > 0.0 {
        return Some(Spectrum::Table(points));
    }
    let hint = if list.len() == 1 { "one point has no width; one wavelength is { line_nm = ... }" } else { "all zero" };
    table.problem(table.place, format_args!("the spectrum has no area: {hint}"));
    None
}

/// Keeps spectra inside the wavelengths that any coefficient may be stated for.
fn within_reach(table: &Reader, spectrum: &Spectrum) -> bool {
    const REACH_NM: (f64, f64) = (50.0, 30_000.0);
    let (low, high) = spectrum.support_nm();
    let inside = low >= REACH_NM.0 && high <= REACH_NM.1;
    if !inside {
        let (low, high) = (super::ranges::rounded(low), super::ranges::rounded(high));
        table.problem(table.place, format_args!("reaches {low}..{high} nm, beyond 50..30000 nm; make it narrower"));
    }
    inside
}
