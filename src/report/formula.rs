//! The formula behind a medium's n and k, as text and as JSON.

use serde_json::{Value, json};

use super::materials::{WIDTH, line, wrap};
use crate::material::{Dispersion, Formula, Oscillators};
use crate::spectrum::Model;

pub(super) fn text(text: &mut String, formula: &Formula) {
    match formula {
        Formula::Indices { n, k } => {
            dispersion_text(text, "n", n);
            match k {
                Some(k) => dispersion_text(text, "k", k),
                None => text.push_str("k   none is stated: taken as transparent\n"),
            }
        }
        Formula::Permittivity(oscillators) => oscillators_text(text, oscillators),
    }
}

/// The values of the keys n, k and permittivity.
pub(super) fn json(formula: &Formula) -> (Value, Value, Value) {
    match formula {
        Formula::Indices { n, k } => (dispersion_json(n), k.as_ref().map_or(Value::Null, dispersion_json), Value::Null),
        Formula::Permittivity(oscillators) => (Value::Null, Value::Null, oscillators_json(oscillators)),
    }
}

fn dispersion_text(text: &mut String, symbol: &str, formula: &Dispersion) {
    let (low, high) = formula.range_nm();
    line(text, format_args!("{symbol}   formula {}, {low} to {high} nm, L in um:", formula.formula()));
    line(text, format_args!("    {}", formula.equation()));
    let coefficients: Vec<_> = formula.coefficients().iter().map(|c| number(*c)).collect();
    for wrapped in wrap(&format!("C = {}", coefficients.join(", ")), WIDTH - 4) {
        line(text, format_args!("    {wrapped}"));
    }
}

fn dispersion_json(formula: &Dispersion) -> Value {
    json!({ "formula": formula.formula(), "equation": formula.equation(), "coefficients": formula.coefficients(),
            "range_nm": formula.range_nm() })
}

fn oscillators_text(text: &mut String, oscillators: &Oscillators) {
    let (low, high) = oscillators.range_nm();
    line(text, format_args!("n, k   oscillators, {low} to {high} nm, energies in eV:"));
    for equation in oscillators.equation() {
        line(text, format_args!("    {equation}"));
    }
    line(text, format_args!("    eps_inf       {}", number(oscillators.eps_inf())));
    for (name, numbers) in terms(oscillators) {
        let numbers: Vec<_> = numbers.iter().map(|value| number(*value)).collect();
        line(text, format_args!("    {name:<13} {}", numbers.join(", ")));
    }
}

fn oscillators_json(oscillators: &Oscillators) -> Value {
    let of = |name: &str| -> Vec<Vec<f64>> {
        terms(oscillators).into_iter().filter(|(term, _)| *term == name).map(|(_, numbers)| numbers).collect()
    };
    json!({ "equation": oscillators.equation(), "eps_inf": oscillators.eps_inf(), "drude": of("Drude"),
            "lorentz": of("Lorentz"), "tauc_lorentz": of("Tauc-Lorentz"), "range_nm": oscillators.range_nm() })
}

/// Each term's name with its numbers, in the order in which the equation names them.
fn terms(oscillators: &Oscillators) -> Vec<(&'static str, Vec<f64>)> {
    let drude = oscillators.drude().into_iter().map(|term| ("Drude", vec![term.plasma_ev, term.width_ev]));
    let lorentz = oscillators.lorentz().iter();
    let lorentz = lorentz.map(|term| ("Lorentz", vec![term.strength, term.energy_ev, term.width_ev]));
    let tauc_lorentz = oscillators.tauc_lorentz().iter();
    let tauc_lorentz =
        tauc_lorentz.map(|term| ("Tauc-Lorentz", vec![term.amplitude_ev, term.energy_ev, term.width_ev, term.gap_ev]));
    drude.chain(lorentz).chain(tauc_lorentz).collect()
}

/// Shortest text that reads back as the same number.
fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 { format!("{value:e}") } else { value.to_string() }
}
