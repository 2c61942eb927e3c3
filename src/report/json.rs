//! The result of a run as JSON.

use serde::Serialize;

use super::Run;
use crate::engine::DeviceInfo;
use crate::outcome::{EmitterOutcome, Estimate, LayerOutcome, Named};
use crate::simulate::Stopped;

pub const SCHEMA: &str = "relume.result/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    scene: &'a str,
    scene_hash: &'a str,
    settings: Vec<SettingDocument<'a>>,
    device: &'a DeviceInfo,
    seed: u64,
    stratified: bool,
    /// done, target_reached, target_not_reached or interrupted.
    stopped: &'static str,
    target: Option<TargetDocument<'a>>,
    photons: u64,
    events: u64,
    wall_s: f64,
    counts: &'a Named<u64>,
    quantities: &'a Named<Estimate>,
    by_layer: &'a Named<LayerOutcome>,
    by_emitter: &'a Named<EmitterOutcome>,
    notes: &'a [String],
}

/// A value of the scene as `--set` changed it.
#[derive(Serialize)]
pub(super) struct SettingDocument<'a> {
    key: &'a str,
    value: &'a str,
}

pub(super) fn settings(settings: &[(String, String)]) -> Vec<SettingDocument<'_>> {
    settings.iter().map(|(key, value)| SettingDocument { key, value }).collect()
}

#[derive(Serialize)]
struct TargetDocument<'a> {
    quantity: &'a str,
    se: f64,
}

/// The result as indented JSON that ends in a line feed. Numbers are written shortest round-trip.
pub fn result(run: &Run) -> String {
    let Run { outcome, .. } = run;
    let document = Document {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        scene: &run.scene.title,
        scene_hash: run.scene_hash,
        settings: settings(run.settings),
        device: run.device,
        seed: run.seed,
        stratified: run.counts.layout.stratified,
        stopped: match run.stopped {
            Stopped::Done => "done",
            Stopped::TargetReached => "target_reached",
            Stopped::TargetNotReached => "target_not_reached",
            Stopped::Interrupted => "interrupted",
        },
        target: run.target.map(|target| TargetDocument { quantity: &target.quantity, se: target.se }),
        photons: outcome.photons,
        events: outcome.events,
        wall_s: run.wall_s,
        counts: &outcome.fates,
        quantities: &outcome.quantities,
        by_layer: &outcome.by_layer,
        by_emitter: &outcome.by_emitter,
        notes: &run.scene.notes,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("strings, numbers and maps with string keys");
    text.push('\n');
    text
}
