//! What came of a sweep: one row a design, as tables, plots and reports read it.

use std::borrow::Cow;

use crate::engine::DeviceInfo;
use crate::outcome::{DEFINITIONS, Estimate, Named};

/// A finished sweep.
#[derive(Debug, Clone)]
pub struct SweepResult {
    /// Title of the scene that was varied.
    pub title: String,
    /// Names the scene before it was varied; see [`crate::scene::Document::hash`].
    pub scene_hash: String,
    /// As made by `--set`, before anything was varied.
    pub settings: Vec<(String, String)>,
    /// `None` where waves alone were asked, which have no photons and no errors.
    pub launched: Option<Launched>,
    /// In the order in which they were given; the last one changes fastest.
    pub keys: Vec<VariedKey>,
    /// Designs asked for; an interrupted sweep may have rows of fewer.
    pub planned: usize,
    /// In design order.
    pub rows: Vec<DesignRow>,
    /// Whether it was broken off: before all designs were done, or while the best ones were told apart.
    pub interrupted: bool,
    /// The best design, where one was asked for and the quantity has a meaning.
    pub best: Option<Best>,
    /// What the scenes assumed, each once.
    pub notes: Vec<String>,
    /// Seconds from the start of the process to the result.
    pub seconds: f64,
}

/// The photons of a sweep.
#[derive(Debug, Clone)]
pub struct Launched {
    pub seed: u64,
    /// Whether launches were stratified; see [`crate::tables::Tables::stratify`].
    pub stratified: bool,
    pub device: DeviceInfo,
    /// Photons followed; a transport that serves several reweighted rows counts once.
    pub photons: u64,
}

/// A key of the scene and how its values were laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariedKey {
    /// As on the command line: `layer.film.thickness_um`.
    pub key: String,
    pub scale: Scale,
}

/// How the values of a key are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Linear,
    Log,
    /// Values written down one by one; they may be words.
    List,
}

/// One design and what came of it.
#[derive(Debug, Clone)]
pub struct DesignRow {
    /// As in the CSV, one for each key.
    pub values: Vec<String>,
    /// Photons of this design; of the transport that it shares, where it was reweighted; 0 of waves.
    pub photons: u64,
    /// In the order of [`crate::outcome::DEFINITIONS`], then the light of each of several emitters; of waves, of [`crate::stack::QUANTITIES`] and the layers.
    pub quantities: Named<Estimate>,
    /// Whether the row follows from the transport of another PLQY.
    pub reweighted: bool,
    /// Whether the target was reached; true where there was none.
    pub reached: bool,
}

/// The design with the largest value of a quantity.
#[derive(Debug, Clone)]
pub struct Best {
    pub quantity: String,
    /// Its place in [`SweepResult::rows`].
    pub row: usize,
    pub estimate: Estimate,
    /// Designs that cannot be told from it.
    pub ties: Vec<Tie>,
}

/// A design within two standard errors of the best one.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    pub row: usize,
    /// The best design's value less this one's, with the error of the difference.
    pub difference: Estimate,
}

impl SweepResult {
    /// Keys at the least or greatest of whose values, three at least, the best design lies.
    pub fn best_at_ends(&self) -> Vec<&VariedKey> {
        let Some(best) = &self.best else { return Vec::new() };
        let at_end = |key: &usize| {
            let mut values = self.axis(*key)?;
            let own = *values.get(best.row)?;
            values.sort_by(f64::total_cmp);
            values.dedup();
            Some(values.len() > 2 && (own == values[0] || own == values[values.len() - 1]))
        };
        (0..self.keys.len()).filter(|key| at_end(key) == Some(true)).map(|key| &self.keys[key]).collect()
    }

    /// The varied values of one key as numbers, a row each; `None` where one is no number.
    pub fn axis(&self, key: usize) -> Option<Vec<f64>> {
        self.rows.iter().map(|row| row.number(key)).collect()
    }
}

impl DesignRow {
    /// The value of a varied key, where it is a number.
    pub fn number(&self, key: usize) -> Option<f64> {
        self.values.get(key)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Those that not every design has.
    pub fn own_quantities(&self) -> impl Iterator<Item = &(Cow<'static, str>, Estimate)> {
        let defined = if self.photons > 0 { DEFINITIONS.len() } else { 0 };
        self.quantities.0.iter().skip(defined)
    }

    /// A quantity; without a value for an unknown key.
    pub fn quantity(&self, key: &str) -> Estimate {
        self.quantities.get(key).copied().unwrap_or(Estimate::NONE)
    }
}
