//! Tables of `tests/stacks_data`, and stacks written as text.

use std::collections::HashMap;

use num_complex::Complex64;
use relume::optics::coherent::Layer;
use relume::optics::dipole::{EmitterStack, Outer};

pub type Row = HashMap<String, String>;

/// Definitions of stacks by name, and rows by column.
pub fn table(text: &str) -> (HashMap<String, String>, Vec<Row>) {
    let (comments, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    let stacks = comments.iter().filter_map(|line| line.strip_prefix("# STACK ")?.split_once(": "));
    let header: Vec<&str> = lines[0].split(',').collect();
    let row = |line: &&str| header.iter().map(|h| h.to_string()).zip(line.split(',').map(String::from)).collect();
    (stacks.map(|(name, stack)| (name.into(), stack.into())).collect(), lines[1..].iter().map(row).collect())
}

pub fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// `1.9+0.01i` or `1.9`.
pub fn index(text: &str) -> Complex64 {
    let text = text.trim();
    match text.strip_suffix('i').and_then(|text| text.split_once('+')) {
        Some((n, k)) => Complex64::new(n.parse().unwrap(), k.parse().unwrap()),
        None => Complex64::new(text.parse().unwrap(), 0.0),
    }
}

/// `1.9+0.01i(100)`.
pub fn layer(text: &str) -> Layer {
    let (n, thickness_nm) = text.trim().trim_end_matches(')').split_once('(').unwrap();
    Layer { index: index(n), thickness_nm: thickness_nm.parse().unwrap() }
}

/// The emitter of a row between the layers `below || above`; light leaves through glass to air below.
pub fn emitter_stack(text: &str, row: &Row) -> EmitterStack {
    let side = |text: &str| {
        let mut parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let outer = index(parts.pop().unwrap().strip_suffix("(inf)").unwrap());
        (parts.into_iter().map(layer).collect::<Vec<_>>(), outer)
    };
    let (below, above) = text.split_once("||").unwrap();
    let ((below, substrate), (above, top)) = (side(below), side(above));
    let mut layers: Vec<Layer> = above.into_iter().rev().collect();
    let emitter = layers.len();
    layers.push(Layer::new(number(row, "n_e"), 0.0, number(row, "d_e_nm")));
    layers.extend(below);
    EmitterStack {
        wavelength_nm: number(row, "wavelength_nm"),
        front: Outer::endless(top),
        layers,
        emitter,
        back: Outer::substrate(substrate, 1.0),
    }
}
