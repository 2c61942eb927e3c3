//! Quantities that depend on wavelength: a number or a table of points.

use super::keys::{Keys, VALUES};
use super::ranges::WIDER_TABLE;
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use crate::spectrum::{Curve, Table};

/// A number, or `{ wavelength_nm, value }` with an optional `extrapolate = "flat"`.
pub(super) fn read(owner: &Reader, key: &str, limits: Limits) -> Option<Curve> {
    number_or_points(owner, owner.get(key)?, key, &VALUES, "value", limits)
}

/// As [`read`], with the values under another name.
pub(super) fn number_or_points(
    owner: &Reader,
    node: &Node,
    label: &str,
    keys: &Keys,
    values: &str,
    limits: Limits,
) -> Option<Curve> {
    let curve = match &node.value {
        Value::Table(_) => Curve::Table(points(&owner.enter(node, label, keys)?, values, limits)?),
        _ => Curve::Constant(owner.number_in(node, label, limits)?),
    };
    owner.log.stated(&node.place, format!("{}{label}", owner.context), &curve, WIDER_TABLE);
    Some(curve)
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

/// A list of numbers. The first bad one is named, counted from 0 as in messages about points.
fn list(table: &Reader, key: &str, limits: Limits) -> Option<Vec<f64>> {
    let node = table.require(key)?;
    let Value::List(items) = &node.value else {
        table.problem(&node.place, format_args!("{key} must be a list of numbers, got {}", node.value));
        return None;
    };
    items.iter().enumerate().map(|(i, item)| table.number_in(item, &format!("{key}: point {i}"), limits)).collect()
}
