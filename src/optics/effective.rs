//! Effective media: the index that light sees in a host with inclusions far smaller than its wavelength.
//!
//! Source: A. Sihvola, Electromagnetic Mixing Formulas and Applications (IEE, 1999), ch. 3 (recalled).

use num_complex::Complex64;

use crate::spectrum::{Curve, Grid, Key, Model, Values};

/// Clausius-Mossotti factor `b = (eps_i - eps_m) / (eps_i + 2 eps_m)` of a sphere in a host.
pub fn clausius_mossotti(inclusion_index: Complex64, host_index: Complex64) -> Complex64 {
    let (eps_i, eps_m) = (inclusion_index * inclusion_index, host_index * host_index);
    (eps_i - eps_m) / (eps_i + 2.0 * eps_m)
}

/// Maxwell Garnett for spheres of several kinds: (volume fraction, complex index) each.
///
/// `eps = eps_m (1 + 2 s) / (1 - s)`, `s = sum of f b`. Good for a total volume fraction up to about 0.2.
pub fn maxwell_garnett(host_index: Complex64, inclusions: &[(f64, Complex64)]) -> Complex64 {
    maxwell_garnett_sum(host_index, inclusions.iter().copied())
}

fn maxwell_garnett_sum(host_index: Complex64, inclusions: impl Iterator<Item = (f64, Complex64)>) -> Complex64 {
    let s: Complex64 = inclusions.map(|(fraction, index)| fraction * clausius_mossotti(index, host_index)).sum();
    (host_index * host_index * (1.0 + 2.0 * s) / (1.0 - s)).sqrt()
}

/// Index of a host with inclusions by [`maxwell_garnett`], from real indices: absorption by the inclusions
/// enters transport through their absorption coefficient and must not be counted twice.
#[derive(Debug, Clone)]
pub struct EffectiveIndex {
    pub host_index: Curve,
    /// (volume fraction, real index).
    pub inclusions: Vec<(f64, Curve)>,
}

impl Model for EffectiveIndex {
    fn at(&self, wavelength_nm: f64) -> f64 {
        let inclusions = self.inclusions.iter().map(|(fraction, index)| (*fraction, index.at(wavelength_nm).into()));
        maxwell_garnett_sum(self.host_index.at(wavelength_nm).into(), inclusions).re
    }

    fn range_nm(&self) -> (f64, f64) {
        let ranges = self.inclusions.iter().map(|(_, index)| index.range_nm());
        ranges.fold(self.host_index.range_nm(), |a, b| (a.0.max(b.0), a.1.min(b.1)))
    }

    fn key(&self) -> Option<Key> {
        let own = Key::of::<Self>(
            self.inclusions.iter().map(|(fraction, _)| *fraction).chain([self.inclusions.len() as f64]),
        );
        let inner = [&self.host_index].into_iter().chain(self.inclusions.iter().map(|(_, index)| index));
        inner.map(Curve::key).try_fold(own, |own, inner| Some(own.around(inner?)))
    }

    fn on(&self, grid: &Grid) -> Values {
        let host = self.host_index.on(grid);
        let inclusions: Vec<_> = self.inclusions.iter().map(|(fraction, index)| (*fraction, index.on(grid))).collect();
        let at = |number| inclusions.iter().map(move |(fraction, index)| (*fraction, index.at(number).into()));
        Values::by(grid, |number| maxwell_garnett_sum(host.at(number).into(), at(number)).re)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (index and k of the inclusion, host, volume fraction, Maxwell Garnett n and k),
    /// computed independently in f64 from the formula above.
    const ROWS: [[f64; 6]; 5] = [
        [2.2, 0.15, 1.5, 0.01, 1.5062856688, 0.0011504556],
        [2.2, 0.15, 1.5, 0.1, 1.5632653381, 0.0116653557],
        [2.2, 0.0, 1.41, 0.3, 1.6214543193, 0.0],
        [2.0, 0.05, 1.45, 0.5, 1.7110774952, 0.0220829713],
        [2.65, 0.0, 1.5, 0.02, 1.5186779323, 0.0],
    ];

    #[test]
    fn the_mixing_formula_agrees_with_independent_values() {
        for [n, k, host, fraction, mg_n, mg_k] in ROWS {
            let mg = maxwell_garnett(host.into(), &[(fraction, Complex64::new(n, k))]);
            assert!((mg - Complex64::new(mg_n, mg_k)).norm() < 2e-10, "Maxwell Garnett {mg} at {fraction}");
        }
    }

    #[test]
    fn two_kinds_alike_are_one_kind() {
        let index = Complex64::new(2.2, 0.15);
        let one = maxwell_garnett(1.5.into(), &[(0.1, index)]);
        let two = maxwell_garnett(1.5.into(), &[(0.04, index), (0.06, index)]);
        assert!((one - two).norm() < 1e-14);
        assert!((one - maxwell_garnett(1.5.into(), &[(0.04, index)])).norm() > 1e-3);
    }
}
