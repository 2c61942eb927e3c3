//! What a benchmark found, as JSON that people share.

use serde::{Deserialize, Serialize};

use super::known::Check;
use super::scenes::SCENES;
use crate::engine::DeviceInfo;

pub const SCHEMA: &str = "relume.bench/1";

/// A whole benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub schema: String,
    pub version: String,
    pub device: DeviceInfo,
    /// Of a graphics adapter.
    pub driver: Option<String>,
    /// Threads that the processor gives.
    pub threads: usize,
    /// Seconds for the repeats of one scene.
    pub seconds_per_scene: f64,
    pub scenes: Vec<SceneRecord>,
    /// Geometric mean of photons/s relative to the reference; `null` unless every scene that has one passed.
    pub score: Option<f64>,
    pub reference: String,
    /// What may have disturbed the measurement.
    pub hints: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SceneRecord {
    pub scene: String,
    pub what: String,
    pub status: Status,
    /// Why it failed.
    pub why: Option<String>,
    pub designs: usize,
    pub table_bytes: usize,
    pub checks: Vec<Check>,
    /// `null` where the scene failed.
    pub rates: Option<Rates>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Passed,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Median over the repeats.
    pub photons_per_s: f64,
    /// Distance of the quartiles over the median.
    pub spread: f64,
    pub repeats: usize,
    pub photons_per_repeat: u64,
    pub events_per_s: f64,
    /// Turns of the transport loop per photon.
    pub events_per_photon: f64,
    pub precision: Option<Precision>,
    /// Photons/s over the reference's.
    pub relative: Option<f64>,
}

/// How long a quantity takes to a standard error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    pub quantity: String,
    pub se: f64,
    pub seconds: f64,
}

/// The score of these scenes: `None` unless all scenes that have a reference are there and passed.
pub fn score(scenes: &[SceneRecord]) -> Option<f64> {
    let relative = |key: &str| scenes.iter().find(|scene| scene.scene == key)?.rates.as_ref()?.relative;
    let with_reference = SCENES.iter().filter(|scene| scene.reference_per_s.is_some());
    let logs = with_reference.map(|scene| relative(scene.key).map(f64::ln)).collect::<Option<Vec<_>>>()?;
    Some((logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

/// Reads a record that someone shared.
///
/// # Errors
/// When the text is no record of this schema.
pub fn read(text: &str) -> Result<Record, String> {
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    let schema = serde_json::from_str::<Schema>(text).map_err(|error| format!("is no benchmark: {error}"))?.schema;
    if schema != SCHEMA {
        return Err(format!("has the schema '{schema}', not '{SCHEMA}'"));
    }
    serde_json::from_str(text).map_err(|error| format!("is no benchmark: {error}"))
}
