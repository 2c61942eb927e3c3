//! Material files of refractiveindex.info (YAML; wavelengths in um).

use std::sync::Arc;

use serde::Deserialize;

use super::file::{check_index, shortened};
use super::{Dispersion, OpticalConstants};
use crate::spectrum::{Curve, Model, Table};

const NM_PER_UM: f64 = 1000.0;
/// A formula is tried at this many wavelengths across its range before it is trusted.
const TRIALS: u32 = 200;

#[derive(Deserialize)]
struct MaterialFile {
    #[serde(rename = "DATA")]
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    data: Option<String>,
    /// Older files say `range`.
    #[serde(alias = "range")]
    wavelength_range: Option<Words>,
    coefficients: Option<Words>,
}

/// Numbers written as one text, "0.3 1.7", or, where there is a single one, as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Number(f64),
    Text(String),
    List(Vec<f64>),
}

impl Words {
    fn numbers(&self, what: &str) -> Result<Vec<f64>, String> {
        match self {
            Words::Number(number) => Ok(vec![*number]),
            Words::List(numbers) => Ok(numbers.clone()),
            Words::Text(text) => {
                let numbers = text.split_whitespace().map(number).collect::<Result<_, _>>();
                numbers.map_err(|why| format!("{what}: {why}"))
            }
        }
    }
}

fn number(word: &str) -> Result<f64, String> {
    let parsed = word.parse::<f64>().ok().filter(|number| number.is_finite());
    parsed.ok_or_else(|| format!("got \"{}\", which is no number", shortened(word)))
}

/// What one entry under DATA states.
#[derive(Default)]
struct Stated {
    n: Option<Curve>,
    k: Option<Curve>,
}

pub(super) fn optical_constants(text: &str) -> Result<OpticalConstants, String> {
    let file: MaterialFile = serde_saphyr::from_str(text).map_err(|error| {
        let message = error.to_string();
        let line = message.lines().next().unwrap_or_default();
        format!("is no refractiveindex.info file with a list under DATA: {line}")
    })?;
    let mut all = Stated::default();
    for item in &file.data {
        let stated = item.read(text)?;
        for (have, new, name) in [(&mut all.n, stated.n, "n"), (&mut all.k, stated.k, "k")] {
            if have.is_some() && new.is_some() {
                return Err(format!("DATA states {name} twice"));
            }
            *have = have.take().or(new);
        }
    }
    let n = all.n.ok_or("DATA states no index n; expected \"tabulated n\", \"tabulated nk\" or \"formula 1\" to 9")?;
    Ok(OpticalConstants { n, k: all.k })
}

impl Item {
    fn read(&self, text: &str) -> Result<Stated, String> {
        match self.kind.trim() {
            "tabulated nk" => {
                let rows = self.rows(text, 3, "wavelength in um, n and k")?;
                Ok(Stated { n: Some(column(&rows, 1)?), k: Some(column(&rows, 2)?) })
            }
            "tabulated n" => {
                Ok(Stated { n: Some(column(&self.rows(text, 2, "wavelength in um and n")?, 1)?), k: None })
            }
            "tabulated k" => {
                Ok(Stated { n: None, k: Some(column(&self.rows(text, 2, "wavelength in um and k")?, 1)?) })
            }
            kind => match kind.strip_prefix("formula ").and_then(|digits| digits.trim().parse::<u8>().ok()) {
                Some(formula) => Ok(Stated { n: Some(self.formula(formula)?), k: None }),
                None => Err(format!(
                    "type \"{}\" is not known; expected \"tabulated nk\", \"tabulated n\", \"tabulated k\" or \"formula 1\" \
                     to 9",
                    shortened(kind)
                )),
            },
        }
    }

    fn formula(&self, formula: u8) -> Result<Curve, String> {
        let range =
            self.wavelength_range.as_ref().ok_or_else(|| format!("formula {formula} has no wavelength_range"))?;
        let range = range.numbers("wavelength_range")?;
        let [low_um, high_um] = range[..] else {
            return Err(format!("wavelength_range: expected two wavelengths in um, got {}", range.len()));
        };
        let coefficients =
            self.coefficients.as_ref().ok_or_else(|| format!("formula {formula} has no coefficients"))?;
        let coefficients = coefficients.numbers("coefficients")?;
        let range_nm = (low_um * NM_PER_UM, high_um * NM_PER_UM);
        let dispersion = Dispersion::new(formula, coefficients, range_nm)?;
        for trial in 0..=TRIALS {
            let wavelength_nm = range_nm.0 + (range_nm.1 - range_nm.0) * f64::from(trial) / f64::from(TRIALS);
            let n = dispersion.at(wavelength_nm);
            check_index(n, None).map_err(|why| format!("formula {formula} at {wavelength_nm:.1} nm: {why}"))?;
        }
        Ok(Curve::Model(Arc::new(dispersion)))
    }

    /// The rows of a table, each `columns` numbers, wavelength first and in nm.
    fn rows(&self, text: &str, columns: usize, expected: &str) -> Result<Vec<Vec<f64>>, String> {
        let data = self.data.as_deref().unwrap_or_default();
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for row in data.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#')) {
            let numbers = self.row(row, columns, expected).map_err(|why| format!("{}: {why}", place(text, row)))?;
            if rows.last().is_some_and(|last| last[0] > numbers[0]) {
                return Err(format!("{}: wavelengths must rise", place(text, row)));
            }
            rows.push(numbers);
        }
        if rows.is_empty() {
            return Err(format!("\"{}\" has no data; expected lines of {expected}", self.kind.trim()));
        }
        Ok(rows)
    }

    fn row(&self, row: &str, columns: usize, expected: &str) -> Result<Vec<f64>, String> {
        let numbers = row.split_whitespace().map(number).collect::<Result<Vec<_>, _>>();
        let mut numbers = numbers.map_err(|why| format!("expected {expected}, {why}"))?;
        if numbers.len() != columns {
            return Err(format!("expected {expected}, got {} numbers", numbers.len()));
        }
        let (n, k) = match (self.kind.trim(), columns) {
            (_, 3) => (numbers[1], Some(numbers[2])),
            ("tabulated k", _) => (1.0, Some(numbers[1])),
            _ => (numbers[1], None),
        };
        check_index(n, k)?;
        numbers[0] *= NM_PER_UM;
        Ok(numbers)
    }
}

/// Where a row of a table stands: the parser keeps no line numbers inside a block of text, so the first line
/// that reads the same is it.
fn place(text: &str, row: &str) -> String {
    match text.lines().position(|line| line.trim() == row) {
        Some(index) => format!("line {}", index + 1),
        None => format!("\"{}\"", shortened(row)),
    }
}

fn column(rows: &[Vec<f64>], column: usize) -> Result<Curve, String> {
    let wavelength_nm = rows.iter().map(|row| row[0]).collect();
    let value = rows.iter().map(|row| row[column]).collect();
    Table::new(wavelength_nm, value, false).map(Curve::Table).map_err(|error| format!("the table {error}"))
}
