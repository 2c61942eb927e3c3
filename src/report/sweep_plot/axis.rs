//! Where the values of a varied key lie along an axis: evenly, by their logarithm, or one word after the other.

use std::ops::Range;

use super::key_title::key_title;
use crate::sweep::{Scale, SweepResult};

#[derive(Debug, Clone, PartialEq)]
enum Spacing {
    Linear,
    Log,
    Words(Vec<String>),
}

/// An axis for one varied key. A place on it is a number that plots map evenly to pixels.
#[derive(Debug, Clone)]
pub struct Axis {
    pub title: String,
    /// The place of each row's value.
    pub places: Vec<f64>,
    spacing: Spacing,
}

impl Axis {
    /// The axis of a key of the sweep.
    pub fn new(result: &SweepResult, key: usize) -> Self {
        let title = result.keys.get(key).map_or(String::new(), |varied| key_title(&varied.key));
        let log = result.keys.get(key).is_some_and(|varied| varied.scale == Scale::Log);
        match result.axis(key) {
            Some(values) if log && values.iter().all(|value| *value > 0.0) => {
                let places = values.iter().map(|value| value.log10()).collect();
                Self { title, places, spacing: Spacing::Log }
            }
            Some(places) => Self { title, places, spacing: Spacing::Linear },
            None => Self::of_words(title, result, key),
        }
    }

    fn of_words(title: String, result: &SweepResult, key: usize) -> Self {
        let mut words: Vec<String> = Vec::new();
        let places = result.rows.iter().map(|row| {
            let word = row.values.get(key).map_or("", String::as_str);
            let place = words.iter().position(|own| own == word).unwrap_or_else(|| {
                words.push(word.to_string());
                words.len() - 1
            });
            place as f64
        });
        let places = places.collect();
        Self { title, places, spacing: Spacing::Words(words) }
    }

    /// Whether neighbouring values can be joined by a line.
    pub fn continuous(&self) -> bool {
        !matches!(self.spacing, Spacing::Words(_))
    }

    /// From the first to the last place, with `margin` of the span on either side.
    pub fn range(&self, margin: f64) -> Range<f64> {
        if let Spacing::Words(words) = &self.spacing {
            return -0.5..words.len() as f64 - 0.5;
        }
        let low = self.places.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span = high - low;
        if span > 0.0 {
            low - margin * span..high + margin * span
        } else {
            let half = 0.5 * low.abs().max(1e-9);
            low - half..low + half
        }
    }

    /// Places of ticks within a range.
    pub fn ticks(&self, range: &Range<f64>) -> Vec<f64> {
        match &self.spacing {
            Spacing::Words(words) => (0..words.len()).map(|i| i as f64).collect(),
            Spacing::Linear => nice_ticks(range.start, range.end, 6),
            Spacing::Log => log_ticks(range),
        }
    }

    /// What stands beside a tick.
    pub fn label(&self, place: f64) -> String {
        match &self.spacing {
            Spacing::Words(words) => words.get(place.round().max(0.0) as usize).cloned().unwrap_or_default(),
            Spacing::Linear => number(place),
            Spacing::Log => number(10f64.powf(place)),
        }
    }
}

/// A number for a tick: five digits are enough, and an exponent where it would have many zeros.
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_string();
    }
    let scale = 10f64.powi(4 - value.abs().log10().floor() as i32);
    let rounded = if scale.is_finite() && scale > 0.0 { (value * scale).round() / scale } else { value };
    if (1e-3..1e5).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}

/// Round numbers in steps of 1, 2 or 5, about `wanted` of them between two values.
pub fn nice_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return vec![low];
    }
    let raw = span / wanted.max(1) as f64;
    let decade = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|step| step * decade).into_iter().find(|step| *step >= raw);
    let step = step.unwrap_or(10.0 * decade);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

/// 1, 2, 5 in each decade; over more than three decades the decades alone, over less than half of one, round numbers.
fn log_ticks(range: &Range<f64>) -> Vec<f64> {
    let span = range.end - range.start;
    let within = |place: &f64| (range.start - 1e-9..=range.end + 1e-9).contains(place);
    if span < 0.5 {
        let values = nice_ticks(10f64.powf(range.start), 10f64.powf(range.end), 5);
        return values.into_iter().filter(|value| *value > 0.0).map(f64::log10).filter(within).collect();
    }
    let steps: &[f64] = if span > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let decades = range.start.floor() as i32..=range.end.ceil() as i32;
    let stride = ((span / 8.0).ceil() as usize).max(1);
    let places =
        decades.step_by(stride).flat_map(|decade| steps.iter().map(move |step| step.log10() + f64::from(decade)));
    places.filter(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(nice_ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(number(0.6000000000000001), "0.6");
        assert_eq!(number(49_000.0), "49000");
        assert_eq!(number(1e-5), "1e-5");
        let labels: Vec<_> = log_ticks(&(0.0..40f64.log10())).iter().map(|place| number(10f64.powf(*place))).collect();
        assert_eq!(labels, ["1", "2", "5", "10", "20"]);
        assert_eq!(nice_ticks(3.0, 3.0, 5), [3.0]);
        assert!(log_ticks(&(-20.0..20.0)).len() < 12);
    }
}
