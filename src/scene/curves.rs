//! Quantities that depend on wavelength: a number, or points in the scene or in a file.

use super::files::Files;
use super::keys::{Keys, VALUES};
use super::ranges::WIDER_TABLE;
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use crate::spectrum::{Curve, Table};

/// A number, or a table: `{ wavelength_nm, value }` or `{ file }`, with an optional `scale` and `extrapolate = "flat"`.
pub(super) fn read(owner: &Reader, key: &str, limits: Limits, files: &Files) -> Option<Curve> {
    number_or_table(owner, (owner.get(key)?, key), (&VALUES, "value"), limits, files)
}

/// As [`read`], with the values under another name.
pub(super) fn number_or_table(
    owner: &Reader,
    (node, label): (&Node, &str),
    (keys, values): (&Keys, &str),
    limits: Limits,
    files: &Files,
) -> Option<Curve> {
    let curve = match &node.value {
        Value::Table(_) => {
            let table = owner.enter(node, label, keys)?;
            let points = if table.has("file") { of_file(&table, files) } else { points(&table, values, limits) };
            Curve::Table(scaled(&table, points?).filter(|points| within(&table, points, limits))?)
        }
        _ => Curve::Constant(owner.number_in(node, label, limits)?),
    };
    owner.log.stated(&node.place, format!("{}{label}", owner.context), &curve, WIDER_TABLE);
    Some(curve)
}

/// The points of a file, which may have any values yet.
fn of_file(table: &Reader, files: &Files) -> Option<Table> {
    table.refuse(&["wavelength_nm", "value", "per_cm", "od_per_cm"], "stands beside a file, which brings its own");
    let flat = flat_outside(table);
    match &*files.values(table.text("file")?) {
        Ok(points) => {
            let mut points = points.clone();
            points.flat_outside = flat?;
            Some(points)
        }
        Err(error) => {
            table.problem(table.place, error);
            None
        }
    }
}

/// A table times its `scale`, if it has one.
fn scaled(table: &Reader, points: Table) -> Option<Table> {
    if table.has("scale") { Some(points.scaled(table.number("scale", Limits::NOT_NEGATIVE)?)) } else { Some(points) }
}

/// Whether all points of a table are; the first that is not is told.
fn within(table: &Reader, points: &Table, limits: Limits) -> bool {
    let complaint = |(nm, value): (f64, f64)| {
        let wavelength = Limits::WAVELENGTH.complaint(nm).map(|complaint| format!("wavelengths {complaint}"));
        wavelength.or_else(|| limits.complaint(value).map(|complaint| format!("{complaint} at {nm} nm")))
    };
    let complaint = points.points().find_map(complaint);
    if let Some(complaint) = &complaint {
        let file = table
            .get("file")
            .map_or_else(|| "values".to_string(), |file| format!("file {}", file.text().unwrap_or_default()));
        let times = if table.has("scale") { " times scale" } else { "" };
        table.problem(table.place, format_args!("{file}{times}: {complaint}"));
    }
    complaint.is_none()
}

/// The points of a table: `wavelength_nm` and a list of values of the same length.
pub(super) fn points(table: &Reader, values: &str, limits: Limits) -> Option<Table> {
    let flat = flat_outside(table);
    let wavelength_nm = list(table, "wavelength_nm", Limits::WAVELENGTH);
    let value = list(table, values, limits);
    match Table::new(wavelength_nm?, value?, flat?) {
        Ok(points) => Some(points),
        Err(error) => {
            let place = table.get("wavelength_nm").map_or(table.place, |node| &node.place);
            table.problem(place, error);
            None
        }
    }
}

/// Whether the table says `extrapolate = "flat"`; `None` where it says something else.
pub(super) fn flat_outside(table: &Reader) -> Option<bool> {
    if table.has("extrapolate") { table.word("extrapolate", &[("flat", true)], &[]) } else { Some(false) }
}

/// A list of numbers. The bad ones are named, counted from 1.
fn list(table: &Reader, key: &str, limits: Limits) -> Option<Vec<f64>> {
    let node = table.require(key)?;
    let Value::List(items) = &node.value else {
        table.problem(&node.place, format_args!("{key} must be a list of numbers, got {}", node.value));
        return None;
    };
    items
        .iter()
        .enumerate()
        .map(|(i, item)| table.number_in(item, &format!("{key}: point {}", i + 1), limits))
        .collect()
}
