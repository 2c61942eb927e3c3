//! What is compared, and how: a measured number, what it should be, and both errors.

use relume::counts::{Counts, Fate, GROUPS, Sum};
use relume::scene::Scene;

use super::{NUMBER_SIGMA, SHARE_SIGMA, error_scale};

/// Standard errors that a deviation may have.
pub const SIGMAS: f64 = 5.0;

/// One comparison.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub what: String,
    pub measured: f64,
    pub expected: f64,
    /// Statistical and table error combined; 0 where the two must be equal.
    pub sigma: f64,
    /// Whether the statistical error is small enough for the comparison to matter.
    pub sharp: bool,
}

impl Judgement {
    pub fn new(what: impl Into<String>, (measured, sigma): (f64, f64), (expected, table_sigma): (f64, f64)) -> Self {
        Self { what: what.into(), measured, expected, sigma: sigma.hypot(table_sigma), sharp: true }
    }

    /// Two numbers that must be the same.
    pub fn exact(what: impl Into<String>, measured: u64, expected: u64) -> Self {
        Self { what: what.into(), measured: measured as f64, expected: expected as f64, sigma: 0.0, sharp: true }
    }

    /// The statistical error must not exceed this.
    pub fn sharp_if(self, sharp: bool) -> Self {
        Self { sharp, ..self }
    }

    pub fn deviation(&self) -> f64 {
        let difference = (self.measured - self.expected).abs();
        if difference == 0.0 { 0.0 } else { difference / self.sigma }
    }

    pub fn passes(&self) -> bool {
        self.deviation() <= SIGMAS && self.sharp
    }
}

impl std::fmt::Display for Judgement {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { what, measured, expected, sigma, .. } = self;
        write!(f, "{what}: measured {measured:.6}, expected {expected:.6}, error {sigma:.1e}")?;
        write!(f, ", {:.1} sigma{}", self.deviation(), if self.sharp { "" } else { ", error too large to matter" })
    }
}

/// Judges counts, and is told the scene whose they are.
pub type Check = Box<dyn Fn(&Counts, &Scene) -> Vec<Judgement> + Send + Sync>;

/// Fates and sums of some groups added up.
#[derive(Clone)]
pub struct Sums {
    fates: [u64; Fate::COUNT],
    sums: [u64; Sum::COUNT],
}

impl Sums {
    fn over(counts: &Counts, groups: impl Iterator<Item = usize>) -> Self {
        let mut all = Self { fates: [0; Fate::COUNT], sums: [0; Sum::COUNT] };
        for group in groups {
            for fate in Fate::ALL {
                all.fates[fate as usize] += counts.fate(group, fate);
            }
            for (slot, word) in all.sums.iter_mut().enumerate() {
                *word += counts.words[counts.layout.sum(group, Sum::FirstReflected) + slot];
            }
        }
        all
    }

    pub fn of(counts: &Counts) -> Self {
        Self::over(counts, 0..GROUPS)
    }

    pub fn fates(&self, fates: &[Fate]) -> u64 {
        fates.iter().map(|fate| self.fates[*fate as usize]).sum()
    }

    pub fn sum(&self, sum: Sum) -> u64 {
        self.sums[sum as usize]
    }

    pub fn launched(&self) -> u64 {
        self.fates.iter().sum()
    }

    /// Emission that left by any face.
    pub fn emission(&self) -> u64 {
        self.fates(&[Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission])
    }

    pub fn absorbed(&self) -> u64 {
        self.sum(Sum::FirstAbsorbed)
    }

    pub fn absorptions(&self) -> f64 {
        self.sum(Sum::Absorptions) as f64
    }

    pub fn emissions(&self) -> f64 {
        self.sum(Sum::Emissions) as f64
    }

    /// Chance of emitted light to be reabsorbed by an emitter.
    pub fn reabsorption(&self) -> f64 {
        (self.absorptions() - self.absorbed() as f64) / self.emissions()
    }

    /// Mean wavelength in nm of the emission that left.
    pub fn mean_nm(&self) -> f64 {
        let wide = self.sum(Sum::WavelengthLow) as f64 + self.sum(Sum::WavelengthHigh) as f64 * 2f64.powi(32);
        wide * relume::counts::WAVELENGTH_UNIT_NM / self.emission() as f64
    }
}

/// A function of the sums with its standard error, by the delete-one jackknife over groups (Efron 1982).
pub fn jackknife(counts: &Counts, quantity: impl Fn(&Sums) -> f64) -> (f64, f64) {
    let without = |left_out| quantity(&Sums::over(counts, (0..GROUPS).filter(|group| *group != left_out)));
    let values: Vec<f64> = (0..GROUPS).map(without).collect();
    let mean = values.iter().sum::<f64>() / GROUPS as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (quantity(&Sums::of(counts)), (squares * (GROUPS - 1) as f64 / GROUPS as f64).sqrt())
}

/// The error of a share whose true value is `p`, among `of` photons; never 0.
pub fn share_sigma(p: f64, of: u64) -> f64 {
    let of = of.max(1) as f64;
    ((p * (1.0 - p)).max(1.0 / of) / of).sqrt()
}

/// How many photons of how many: the first number is part of the second.
pub type Part = fn(&Sums) -> (u64, u64);

/// A share must be `expected`, known to `table_sigma`.
pub fn share(what: &'static str, part: Part, expected: f64, table_sigma: f64) -> Check {
    Box::new(move |counts, _| {
        let (photons, of) = part(&Sums::of(counts));
        let sigma = share_sigma(expected, of);
        let measured = photons as f64 / of.max(1) as f64;
        let judgement = Judgement::new(what, (measured, sigma), (expected, table_sigma));
        vec![judgement.sharp_if(sigma <= SHARE_SIGMA * error_scale())]
    })
}

/// A function of the sums must be `expected`; its own error may be `largest_sigma` in the full run.
pub fn value(
    what: &'static str,
    quantity: fn(&Sums) -> f64,
    (expected, table_sigma): (f64, f64),
    largest_sigma: f64,
) -> Check {
    Box::new(move |counts, _| {
        let measured = jackknife(counts, quantity);
        let judgement = Judgement::new(what, measured, (expected, table_sigma));
        vec![judgement.sharp_if(measured.1 <= largest_sigma * error_scale())]
    })
}

/// A mean number of events, with an error relative to it.
pub fn number(what: &'static str, quantity: fn(&Sums) -> f64, expected: f64, table_sigma: f64) -> Check {
    value(what, quantity, (expected, table_sigma), NUMBER_SIGMA * expected)
}

/// Two numbers of photons that must be equal.
pub fn equal(what: &'static str, pair: fn(&Sums) -> (u64, u64)) -> Check {
    Box::new(move |counts, _| {
        let (measured, expected) = pair(&Sums::of(counts));
        vec![Judgement::exact(what, measured, expected)]
    })
}

/// Whether all launched photons ended, and none at the event limit.
pub fn ledger(counts: &Counts, launched: u64) -> Vec<Judgement> {
    vec![
        Judgement::exact("photons that ended", counts.photons(), launched),
        Judgement::exact("truncated photons", counts.fate_total(Fate::Truncated), 0),
    ]
}
