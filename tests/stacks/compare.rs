//! Layers between two media written as text, and the worst of many comparisons.

use relume::optics::coherent::{Layer, Stack};

use super::data::{index, layer};

/// `1 | 2(100) | 1.52`.
pub fn stack(text: &str, wavelength_nm: f64) -> Stack {
    let parts: Vec<&str> = text.split('|').collect();
    let (first, last) = (index(parts[0]), index(parts[parts.len() - 1]));
    assert_eq!(first.im, 0.0);
    let layers: Vec<Layer> = parts[1..parts.len() - 1].iter().map(|part| layer(part)).collect();
    Stack::new(wavelength_nm, first.re, &layers, last).unwrap()
}

/// The largest deviation seen so far, and where.
#[derive(Default)]
pub struct Worst {
    pub deviation: f64,
    pub at: String,
    pub count: usize,
}

impl Worst {
    pub fn see(&mut self, value: f64, expected: f64, at: impl FnOnce() -> String) {
        self.count += 1;
        let deviation = (value - expected).abs();
        if deviation > self.deviation || deviation.is_nan() {
            (self.deviation, self.at) = (deviation, format!("{}: {value} for {expected}", at()));
        }
    }

    pub fn must_be_below(&self, tolerance: f64) {
        println!("{} values, worst {:.1e} at {}", self.count, self.deviation, self.at);
        assert!(self.count > 0 && self.deviation < tolerance, "{:e} at {}", self.deviation, self.at);
    }
}
