//! CSV files of optical constants and spectra.

use std::path::Path;

use super::{MaterialError, OpticalConstants};
use crate::spectrum::{Curve, Table};
use crate::text_file;

/// A table of optical constants is kilobytes; what is larger is something else.
const MOST_MIB: u64 = 16;

pub(super) fn malformed(path: &Path, why: String) -> MaterialError {
    MaterialError::Malformed { path: path.display().to_string(), why }
}

/// The whole file as text, without a byte order mark.
pub(super) fn read_text(path: &Path) -> Result<String, MaterialError> {
    let unreadable = |why: String| MaterialError::Unreadable { path: path.display().to_string(), why };
    let text = text_file::read(path, MOST_MIB).map_err(|error| unreadable(error.to_string()))?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_string))
}

/// The numbers of a CSV with their line numbers; `#` starts a comment line, and the first line may be a header.
fn rows(text: &str, columns: std::ops::RangeInclusive<usize>, expected: &str) -> Result<Vec<(u64, Vec<f64>)>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<(u64, Vec<f64>)> = Vec::new();
    let mut headings = 0;
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("cannot be read as CSV: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        if index == 0 && record.iter().all(|field| field.parse::<f64>().is_err()) {
            headings = record.len();
            continue;
        }
        if let Some(why) = not_commas(&record, headings) {
            return Err(format!("line {line}: {why}"));
        }
        if !columns.contains(&record.len()) {
            return Err(format!("line {line}: expected {expected}, got {} columns", record.len()));
        }
        let numbers = record.iter().map(|field| match field.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("line {line}: expected {expected}, got \"{}\"", shortened(field))),
        });
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        if let Some((_, first)) = rows.first().filter(|(_, first)| first.len() != numbers.len()) {
            return Err(format!("line {line}: has {} columns, the lines before have {}", numbers.len(), first.len()));
        }
        rows.push((line, numbers));
    }
    if rows.is_empty() {
        return Err(format!("has no numbers; expected lines of {expected}"));
    }
    check_wavelengths(&rows)?;
    Ok(rows)
}

/// What tells that columns are separated by something else than commas, or that commas stand for decimal points.
fn not_commas(record: &csv::StringRecord, headings: usize) -> Option<String> {
    let other = |letter: char| letter == ';' || letter.is_whitespace();
    if let Some(separator) = record.iter().find_map(|field| field.chars().find(|letter| other(*letter))) {
        let separator = if separator == '\t' { "a tab".to_string() } else { format!("'{separator}'") };
        return Some(format!("columns stand apart by commas, decimals take a point; this line has {separator}"));
    }
    (headings > 1 && record.len() > headings).then(|| {
        let columns = record.len();
        format!("has {columns} columns, the heading {headings}: a comma parts columns, decimals take a point")
    })
}

/// What of a field to show in a message.
pub(super) fn shortened(field: &str) -> String {
    const MOST: usize = 40;
    match field.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &field[..end]),
        None => field.to_string(),
    }
}

fn check_wavelengths(rows: &[(u64, Vec<f64>)]) -> Result<(), String> {
    // No optical table ends below 10 nm; one in um does.
    const SHORTEST_END_NM: f64 = 10.0;
    for (line, row) in rows {
        if row[0] <= 0.0 {
            return Err(format!("line {line}: wavelengths must be positive, got {} nm", row[0]));
        }
    }
    for pair in rows.windows(2) {
        if pair[1].1[0] < pair[0].1[0] {
            let (line, row) = &pair[1];
            return Err(format!("line {line}: wavelengths must rise, {} nm comes after {} nm", row[0], pair[0].1[0]));
        }
    }
    let last = rows.last().map_or(0.0, |(_, row)| row[0]);
    if last < SHORTEST_END_NM {
        return Err(format!("wavelengths must be in nm, but the longest is {last}, which looks like um or eV"));
    }
    Ok(())
}

/// One column as a table over the first.
fn table(rows: &[(u64, Vec<f64>)], column: usize) -> Result<Table, String> {
    let wavelength_nm = rows.iter().map(|(_, row)| row[0]).collect();
    let value = rows.iter().map(|(_, row)| row[column]).collect();
    Table::new(wavelength_nm, value, false).map_err(|error| error.to_string())
}

pub(super) fn optical_constants(text: &str) -> Result<OpticalConstants, String> {
    let rows = rows(text, 2..=3, "wavelength in nm, n and perhaps k")?;
    for (line, row) in &rows {
        check_index(row[1], row.get(2).copied()).map_err(|why| format!("line {line}: {why}"))?;
    }
    let has_k = rows[0].1.len() == 3;
    let k = has_k.then(|| table(&rows, 2)).transpose()?;
    Ok(OpticalConstants { n: Curve::Table(table(&rows, 1)?), k: k.map(Curve::Table) })
}

/// Refuses what cannot be an index.
pub(super) fn check_index(n: f64, k: Option<f64>) -> Result<(), String> {
    if !(n > 0.0 && n.is_finite()) {
        return Err(format!("the index n must be a positive number, got {n}"));
    }
    match k {
        Some(k) if !(k >= 0.0 && k.is_finite()) => Err(format!("k must be 0 or more (positive k absorbs), got {k}")),
        _ => Ok(()),
    }
}

/// Any quantity by wavelength.
pub(super) fn values(text: &str) -> Result<Table, String> {
    table(&rows(text, 2..=2, "wavelength in nm and a value")?, 1)
}

pub(super) fn spectrum(text: &str) -> Result<Table, String> {
    let rows = rows(text, 2..=2, "wavelength in nm and photons per nm")?;
    if let Some((line, row)) = rows.iter().find(|(_, row)| row[1] < 0.0) {
        return Err(format!("line {line}: photons per nm must be 0 or more, got {}", row[1]));
    }
    if rows.iter().all(|(_, row)| row[1] == 0.0) {
        return Err("every value is 0; a spectrum needs some light".to_string());
    }
    if rows[0].1[0] == rows[rows.len() - 1].1[0] {
        return Err("a spectrum needs at least two different wavelengths".to_string());
    }
    table(&rows, 1)
}
