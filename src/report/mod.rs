//! Results, scenes and materials, written for people and for programs.

pub mod bench;
pub mod check;
mod check_text;
pub mod csv;
pub mod described;
mod formula;
pub mod html;
pub mod json;
pub mod materials;
mod nanocrystals;
pub mod number;
pub mod plot;
pub mod stack;
pub mod stack_files;
pub mod sweep_csv;
pub mod sweep_json;
pub mod sweep_plot;
pub mod sweep_table;
pub mod terminal;

use crate::counts::Counts;
use crate::engine::DeviceInfo;
use crate::outcome::Outcome;
use crate::scene::Scene;
use crate::simulate::{Stopped, Target};

/// One finished run, as the writers see it.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    pub scene: &'a Scene,
    pub scene_hash: &'a str,
    pub device: &'a DeviceInfo,
    /// As made by `--set`.
    pub settings: &'a [(String, String)],
    pub seed: u64,
    pub target: Option<&'a Target>,
    pub counts: &'a Counts,
    pub outcome: &'a Outcome,
    pub stopped: Stopped,
    /// Seconds from the start of the process to the result, and those that the engine took of them.
    pub wall_s: f64,
    pub engine_s: f64,
}
