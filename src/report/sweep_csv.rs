//! A sweep as one table: the varied keys, every quantity with its error, photons, and whether it was reweighted.

use std::fmt::Write;

use csv::StringRecord;

use crate::outcome::DEFINITIONS;
use crate::sweep::{DesignRow, VariedKey};

/// The table of all rows. Numbers are written shortest round-trip; what has no meaning is an empty cell.
///
/// # Errors
/// None that text in memory can cause; the csv crate's, if any.
pub fn table<'a>(keys: &[VariedKey], rows: impl IntoIterator<Item = &'a DesignRow>) -> Result<Vec<u8>, csv::Error> {
    let rows: Vec<_> = rows.into_iter().collect();
    let defined = DEFINITIONS.iter().map(|quantity| quantity.key);
    let columns: Vec<&str> = defined.chain(own_columns(rows.iter().copied())).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let results = columns.iter().flat_map(|key| [key.to_string(), format!("{key}_se")]);
    let keys = keys.iter().map(|key| key.key.clone());
    writer.write_record(keys.chain(results).chain(["photons".to_string(), "reweighted".to_string()]))?;
    let mut record = StringRecord::new();
    for row in rows {
        record.clear();
        row.values.iter().for_each(|value| record.push_field(value));
        add_results(&mut record, row, columns.iter().copied());
        writer.write_record(&record)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The table of what waves gave: no errors and no photons. A column for each quantity that some row has.
///
/// # Errors
/// As [`table`].
pub fn table_of_waves(keys: &[VariedKey], rows: &[DesignRow]) -> Result<Vec<u8>, csv::Error> {
    let columns = own_columns(rows);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(keys.iter().map(|key| key.key.as_str()).chain(columns.iter().copied()))?;
    for row in rows {
        let cells = columns.iter().map(|name| cell(row.quantity(name).value));
        writer.write_record(row.values.iter().cloned().chain(cells))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Quantities that some of these designs have and not all do, in the order in which they come.
fn own_columns<'a>(rows: impl IntoIterator<Item = &'a DesignRow>) -> Vec<&'a str> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.into_iter().flat_map(|row| row.own_quantities()) {
        if !columns.contains(&&**name) {
            columns.push(name);
        }
    }
    columns
}

fn cell(number: Option<f64>) -> String {
    let mut text = String::new();
    write_number(&mut text, number);
    text
}

fn write_number(text: &mut String, number: Option<f64>) {
    if let Some(number) = number {
        write!(text, "{number}").expect("a text takes whatever is written");
    }
}

/// Adds the cells of a row behind its varied values, for these quantities.
pub fn add_results<'a>(record: &mut StringRecord, row: &DesignRow, quantities: impl Iterator<Item = &'a str>) {
    // one text for all cells: a sweep writes millions
    let mut text = String::new();
    for key in quantities {
        let estimate = row.quantity(key);
        for number in [estimate.value, estimate.se] {
            text.clear();
            write_number(&mut text, number);
            record.push_field(&text);
        }
    }
    record.push_field(&row.photons.to_string());
    record.push_field(&row.reweighted.to_string());
}
