//! The result of a sweep as JSON.

use serde::Serialize;

use super::json::{SettingDocument, settings};
use crate::engine::DeviceInfo;
use crate::outcome::{Estimate, Named};
use crate::sweep::{Best, DesignRow, Scale, SweepResult};

pub const SCHEMA: &str = "relume.sweep/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    scene: &'a str,
    scene_hash: &'a str,
    settings: Vec<SettingDocument<'a>>,
    /// Device, seed and whether launches were stratified are null where waves alone were asked; then nothing has an error.
    device: Option<&'a DeviceInfo>,
    seed: Option<u64>,
    stratified: Option<bool>,
    photons: u64,
    wall_s: f64,
    /// Designs asked for; where the sweep was interrupted, `designs` holds those that were done.
    designs_planned: usize,
    interrupted: bool,
    keys: Vec<KeyDocument<'a>>,
    designs: Vec<RowDocument<'a>>,
    best: Option<BestDocument<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct KeyDocument<'a> {
    key: &'a str,
    scale: &'static str,
}

#[derive(Serialize)]
struct RowDocument<'a> {
    values: &'a [String],
    photons: u64,
    reweighted: bool,
    target_reached: bool,
    quantities: &'a Named<Estimate>,
}

#[derive(Serialize)]
struct BestDocument<'a> {
    quantity: &'a str,
    design: usize,
    values: &'a [String],
    estimate: Estimate,
    /// Designs, counted from 0, that cannot be told from it, with the difference.
    ties: Vec<TieDocument>,
}

#[derive(Serialize)]
struct TieDocument {
    design: usize,
    difference: Estimate,
}

/// The result as indented JSON that ends in a line feed. Designs are counted from 0.
pub fn result(sweep: &SweepResult) -> String {
    let launched = sweep.launched.as_ref();
    let document = Document {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        scene: &sweep.title,
        scene_hash: &sweep.scene_hash,
        settings: settings(&sweep.settings),
        device: launched.map(|launched| &launched.device),
        seed: launched.map(|launched| launched.seed),
        stratified: launched.map(|launched| launched.stratified),
        photons: launched.map_or(0, |launched| launched.photons),
        wall_s: sweep.seconds,
        designs_planned: sweep.planned,
        interrupted: sweep.interrupted,
        keys: sweep.keys.iter().map(|key| KeyDocument { key: &key.key, scale: scale(key.scale) }).collect(),
        designs: sweep.rows.iter().map(row).collect(),
        best: sweep.best.as_ref().map(|found| best(sweep, found)),
        notes: &sweep.notes,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("strings, numbers and maps with string keys");
    text.push('\n');
    text
}

fn scale(scale: Scale) -> &'static str {
    match scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
        Scale::List => "list",
    }
}

fn row(row: &DesignRow) -> RowDocument<'_> {
    RowDocument {
        values: &row.values,
        photons: row.photons,
        reweighted: row.reweighted,
        target_reached: row.reached,
        quantities: &row.quantities,
    }
}

fn best<'a>(sweep: &'a SweepResult, best: &'a Best) -> BestDocument<'a> {
    BestDocument {
        quantity: &best.quantity,
        design: best.row,
        values: &sweep.rows[best.row].values,
        estimate: best.estimate,
        ties: best.ties.iter().map(|tie| TieDocument { design: tie.row, difference: tie.difference }).collect(),
    }
}
