//! Takes typed values out of a table of the scene. A problem is logged and reading goes on.

use std::collections::BTreeMap;

use super::keys::{Keys, what_was_meant};
use super::problem::Log;
use super::tree::{Node, Place, Value};

/// The numbers a key takes, and how a message says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    low: f64,
    high: f64,
    /// Whether the ends themselves are excluded.
    open: (bool, bool),
    words: &'static str,
}

impl Limits {
    pub const SHARE: Limits = Limits::closed(0.0, 1.0, "must lie in 0..=1");
    /// Refractive index. Real materials end near 7; above 10 it is a slip.
    pub const INDEX: Limits = Limits::closed(1.0, 10.0, "must lie in 1..=10");
    /// Of a coherent layer, which may be a metal.
    pub const COHERENT_INDEX: Limits =
        Limits { low: 0.0, high: 10.0, open: (true, false), words: "must be above 0 and at most 10" };
    pub const EXTINCTION: Limits = Limits::closed(0.0, 100.0, "must lie in 0..=100");
    /// 1/cm. The upper end keeps optical depths finite in f32.
    pub const COEFFICIENT: Limits = Limits::closed(0.0, 1e9, "must lie in 0..=1e9");
    pub const ANISOTROPY: Limits =
        Limits { low: -1.0, high: 1.0, open: (true, true), words: "must lie between -1 and 1, both excluded" };
    /// nm. Outside it the unit is wrong.
    pub const WAVELENGTH: Limits = Limits::closed(100.0, 20_000.0, "must lie in 100..=20000");
    /// nm. A narrower peak is a line.
    pub const WIDTH: Limits = Limits::closed(0.001, 2_000.0, "must lie in 0.001..=2000 (for a line: line_nm)");
    pub const ANGLE: Limits = Limits::closed(0.0, 90.0, "must lie in 0..=90");
    pub const NOT_NEGATIVE: Limits = Limits::closed(0.0, 1e9, "must lie in 0..=1e9");
    pub const POSITIVE: Limits =
        Limits { low: 0.0, high: 1e9, open: (true, false), words: "must be above 0 and at most 1e9" };
    /// mm. Below 1 nm or above 1 km it is a slip.
    pub const LENGTH_MM: Limits = Limits::closed(1e-6, 1e6, "must lie in 1e-6..=1e6");
    /// g/cm3. The densest element has 22.6.
    pub const DENSITY: Limits = Limits::closed(0.01, 25.0, "must lie in 0.01..=25");
    pub const POSITIVE_SHARE: Limits =
        Limits { low: 0.0, high: 1.0, open: (true, false), words: "must be above 0 and at most 1" };
    pub const WT_PCT: Limits =
        Limits { low: 0.0, high: 100.0, open: (false, true), words: "must be at least 0 and below 100" };
    pub const ENERGY_MEV: Limits = Limits::closed(0.0, 1e3, "must lie in 0..=1000");
    pub const URBACH_MEV: Limits = Limits::closed(1.0, 200.0, "must lie in 1..=200");
    pub const WEIGHT: Limits = Limits::closed(0.0, 1e30, "must lie in 0..=1e30");

    const fn closed(low: f64, high: f64, words: &'static str) -> Self {
        Limits { low, high, open: (false, false), words }
    }

    /// What is wrong with a number, if anything.
    pub fn complaint(&self, number: f64) -> Option<String> {
        if !number.is_finite() {
            return Some(format!("must be a finite number, got {number}"));
        }
        let low = if self.open.0 { number > self.low } else { number >= self.low };
        let high = if self.open.1 { number < self.high } else { number <= self.high };
        (!(low && high)).then(|| format!("{}, got {number}", self.words))
    }
}

/// A table of the scene under its name in messages (`layer 'film': `).
#[derive(Clone)]
pub(super) struct Reader<'a> {
    pub place: &'a Place,
    pub node: &'a Node,
    entries: &'a BTreeMap<String, Node>,
    pub context: String,
    pub log: &'a Log,
}

impl<'a> Reader<'a> {
    /// Reads a node as a table of these keys; other keys in it are problems.
    pub fn new(node: &'a Node, context: String, keys: &Keys, log: &'a Log) -> Option<Self> {
        let Some(entries) = node.entries() else {
            log.problem(&node.place, format!("{context}must be a table, got {}", node.value));
            return None;
        };
        let reader = Reader { place: &node.place, node, entries, context, log };
        for (key, node) in entries {
            if !keys.known.contains(&key.as_str()) {
                reader.problem(&node.place, what_was_meant(key, keys));
            }
        }
        Some(reader)
    }

    pub fn problem(&self, place: &Place, message: impl std::fmt::Display) {
        self.log.problem(place, format!("{}{message}", self.context));
    }

    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.get(key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub fn require(&self, key: &str) -> Option<&'a Node> {
        let node = self.get(key);
        if node.is_none() {
            self.problem(self.place, format_args!("{key} is missing"));
        }
        node
    }

    /// A table inside this one; its messages start with the key.
    pub fn child(&self, key: &str, keys: &Keys) -> Option<Reader<'a>> {
        self.enter(self.get(key)?, key, keys)
    }

    pub fn enter(&self, node: &'a Node, label: &str, keys: &Keys) -> Option<Reader<'a>> {
        Reader::new(node, format!("{}{label}: ", self.context), keys, self.log)
    }

    /// The number under a key, if it is there and in order.
    pub fn number(&self, key: &str, limits: Limits) -> Option<f64> {
        self.number_in(self.get(key)?, key, limits)
    }

    pub fn required_number(&self, key: &str, limits: Limits) -> Option<f64> {
        self.number_in(self.require(key)?, key, limits)
    }

    pub fn number_in(&self, node: &Node, label: &str, limits: Limits) -> Option<f64> {
        let complaint = match &node.value {
            Value::Number(number) => match limits.complaint(*number) {
                None => return Some(*number),
                Some(complaint) => complaint,
            },
            Value::Text(text) if text.trim().parse::<f64>().is_ok() => {
                format!("must be a number, got {}; write it without quotes", node.value)
            }
            other => format!("must be a number, got {other}"),
        };
        self.problem(&node.place, format_args!("{label} {complaint}"));
        None
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        let node = self.get(key)?;
        if node.text().is_none() {
            self.problem(&node.place, format_args!("{key} must be text, got {}", node.value));
        }
        node.text()
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        let node = self.get(key)?;
        if let Value::Bool(flag) = node.value {
            return Some(flag);
        }
        self.problem(&node.place, format_args!("{key} must be true or false, got {}", node.value));
        None
    }

    /// One of some words. A word of a later version is refused with what it needs.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)], later: &[(&str, &str)]) -> Option<T> {
        let node = self.get(key)?;
        if let Some(text) = node.text() {
            if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
                return Some(*value);
            }
            if let Some((word, why)) = later.iter().find(|(word, _)| *word == text) {
                self.problem(&node.place, format_args!("{key} = \"{word}\" {why}"));
                return None;
            }
        }
        let names: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let text = node.text().map_or_else(|| node.value.to_string(), |text| format!("{text:?}"));
        self.problem(&node.place, format_args!("{key} must be {}, got {text}", names.join(" or ")));
        None
    }

    /// Says of each key that is there why it may not be.
    pub fn refuse(&self, keys: &[&str], why: &str) {
        for key in keys {
            if let Some(node) = self.get(key) {
                self.problem(&node.place, format_args!("{key} {why}"));
            }
        }
    }
}
