//! Dispersion formulas, numbered as refractiveindex.info numbers them.
//!
//! Source: M. N. Polyanskiy, "Refractiveindex.info database of optical constants", Sci. Data 11, 94 (2024),
//! and the file "Dispersion formulas.pdf" that goes with the database (both recalled).

use crate::spectrum::{Key, Model};

/// A formula with its coefficients, for the wavelengths (nm) it is stated for.
///
/// Formulas 1 to 9 give an index; formula 5, a plain sum of powers, also stands for k here.
/// Coefficients are as printed in the source, for wavelengths in um.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispersion {
    formula: u8,
    coefficients: Vec<f64>,
    range_nm: (f64, f64),
}

impl Dispersion {
    /// # Errors
    /// One sentence when there is no such formula, when it has more coefficients than listed (missing ones
    /// count as 0), or when the range is no range.
    pub fn new(formula: u8, coefficients: Vec<f64>, range_nm: (f64, f64)) -> Result<Self, String> {
        let most = match formula {
            1..=3 | 5 => 17,
            4 => 17,
            6 => 11,
            7 => 6,
            8 => 4,
            9 => 6,
            _ => return Err(format!("formula {formula} is not known; formulas 1 to 9 are")),
        };
        if coefficients.is_empty() || coefficients.len() > most {
            return Err(format!("formula {formula} takes 1 to {most} coefficients, got {}", coefficients.len()));
        }
        if let Some(bad) = coefficients.iter().find(|c| !c.is_finite()) {
            return Err(format!("formula {formula} has the coefficient {bad}, which is not a finite number"));
        }
        let (low, high) = range_nm;
        if !(low > 0.0 && high > low && high.is_finite()) {
            return Err(format!("the wavelength range {low}..{high} nm must rise and be positive"));
        }
        Ok(Self { formula, coefficients, range_nm })
    }

    pub fn formula(&self) -> u8 {
        self.formula
    }

    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The formula in words and symbols, wavelength in um.
    pub fn equation(&self) -> &'static str {
        match self.formula {
            1 => "n^2 = 1 + C1 + C2 L^2/(L^2 - C3^2) + C4 L^2/(L^2 - C5^2) + ... (Sellmeier)",
            2 => "n^2 = 1 + C1 + C2 L^2/(L^2 - C3) + C4 L^2/(L^2 - C5) + ... (Sellmeier)",
            3 => "n^2 = C1 + C2 L^C3 + C4 L^C5 + ... (polynomial)",
            4 => "n^2 = C1 + C2 L^C3/(L^2 - C4^C5) + C6 L^C7/(L^2 - C8^C9) + C10 L^C11 + ...",
            5 if self.coefficients.len() == 1 => "C1 (constant)",
            5 => "C1 + C2 L^C3 + C4 L^C5 + ... (Cauchy)",
            6 => "n = 1 + C1 + C2/(C3 - L^-2) + C4/(C5 - L^-2) + ... (gases)",
            7 => "n = C1 + C2/(L^2 - 0.028) + C3/(L^2 - 0.028)^2 + C4 L^2 + C5 L^4 + C6 L^6 (Herzberger)",
            8 => "(n^2 - 1)/(n^2 + 2) = C1 + C2 L^2/(L^2 - C3) + C4 L^2 (retro)",
            _ => "n^2 = C1 + C2/(L^2 - C3) + C4 (L - C5)/((L - C5)^2 + C6) (exotic)",
        }
    }

    fn c(&self, i: usize) -> f64 {
        self.coefficients.get(i).copied().unwrap_or(0.0)
    }

    /// Pairs of coefficients from the one with index `from` on; a missing second one is 0.
    fn pairs(&self, from: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        (from..self.coefficients.len()).step_by(2).map(|i| (self.c(i), self.c(i + 1)))
    }

    fn powers(&self, from: usize, um: f64) -> f64 {
        self.pairs(from).map(|(factor, power)| factor * um.powf(power)).sum()
    }

    fn evaluate(&self, um: f64) -> f64 {
        let square = um * um;
        match self.formula {
            1 => (1.0 + self.c(0) + self.pairs(1).map(|(b, c)| b * square / (square - c * c)).sum::<f64>()).sqrt(),
            2 => (1.0 + self.c(0) + self.pairs(1).map(|(b, c)| b * square / (square - c)).sum::<f64>()).sqrt(),
            3 => (self.c(0) + self.powers(1, um)).sqrt(),
            4 => {
                let pole = |i: usize| match self.c(i) {
                    0.0 => 0.0,
                    factor => factor * um.powf(self.c(i + 1)) / (square - self.c(i + 2).powf(self.c(i + 3))),
                };
                (self.c(0) + pole(1) + pole(5) + self.powers(9, um)).sqrt()
            }
            5 => self.c(0) + self.powers(1, um),
            6 => 1.0 + self.c(0) + self.pairs(1).map(|(b, c)| b / (c - 1.0 / square)).sum::<f64>(),
            7 => {
                let pole = 1.0 / (square - 0.028);
                self.c(0)
                    + self.c(1) * pole
                    + self.c(2) * pole * pole
                    + square * (self.c(3) + square * (self.c(4) + square * self.c(5)))
            }
            8 => {
                let ratio = self.c(0) + self.c(1) * square / (square - self.c(2)) + self.c(3) * square;
                ((1.0 + 2.0 * ratio) / (1.0 - ratio)).sqrt()
            }
            _ => {
                let offset = um - self.c(4);
                let exotic = match self.c(3) {
                    0.0 => 0.0,
                    factor => factor * offset / (offset * offset + self.c(5)),
                };
                (self.c(0) + self.c(1) / (square - self.c(2)) + exotic).sqrt()
            }
        }
    }
}

impl Model for Dispersion {
    fn at(&self, wavelength_nm: f64) -> f64 {
        self.evaluate(wavelength_nm / 1000.0)
    }

    fn range_nm(&self) -> (f64, f64) {
        self.range_nm
    }

    fn key(&self) -> Option<Key> {
        let (low, high) = self.range_nm;
        let numbers = [f64::from(self.formula), low, high, self.coefficients.len() as f64];
        Some(Key::of::<Self>(numbers.into_iter().chain(self.coefficients.iter().copied())))
    }
}
