//! What a current makes of an EQE, and how it looks.

use colorimetry::observer::Observer;
use serde::Serialize;

use crate::spectrum::HC_EV_NM;

/// Lumens per watt at the peak of the eye's sensitivity.
const LM_PER_W: f64 = 683.002;

/// Light of the output side, of the whole half-space, for the CIE 1931 observer (2 degrees).
#[derive(Debug, Clone, Serialize)]
pub struct Colour {
    pub x: f64,
    pub y: f64,
    pub luminous_efficacy_lm_per_w: f64,
    /// Luminance along the normal per current density, without recycling.
    pub current_efficiency_cd_per_a: f64,
}

/// Light of a device at a current, without recycling.
#[derive(Debug, Clone, Serialize)]
pub struct Brightness {
    pub current_density_ma_per_cm2: f64,
    /// Into the half-space of the output side.
    pub radiant_exitance_w_per_m2: f64,
    /// Along the normal.
    pub radiance_w_per_sr_m2: f64,
    /// Along the normal.
    pub luminance_cd_per_m2: f64,
}

impl Colour {
    /// Of photons by wavelength (nm, photons), of which `per_sr` leave per pair of charges and steradian along the
    /// normal. `None` where there are none that can be seen.
    pub(super) fn new(photons: &[(f64, f64)], per_sr: f64) -> Option<Self> {
        let (mut xyz, mut power) = ([0.0; 3], 0.0);
        for (wavelength_nm, share) in photons {
            let watts = share / wavelength_nm;
            power += watts;
            for (sum, bar) in xyz.iter_mut().zip(matching(*wavelength_nm)) {
                *sum += watts * bar;
            }
        }
        let sum: f64 = xyz.iter().sum();
        let efficacy = LM_PER_W * xyz[1] / power;
        (sum > 0.0).then(|| Colour {
            x: xyz[0] / sum,
            y: xyz[1] / sum,
            luminous_efficacy_lm_per_w: efficacy,
            // amperes times electronvolts are watts
            current_efficiency_cd_per_a: per_sr * mean_ev(photons) * efficacy,
        })
    }
}

/// Colour-matching functions, linear between their nanometres; 0 outside 380..780 nm.
fn matching(wavelength_nm: f64) -> [f64; 3] {
    let at = |nm: usize| Observer::Cie1931.xyz_at_wavelength(nm).map_or([0.0; 3], |xyz| xyz.to_array());
    let peak = at(555)[1];
    let from = wavelength_nm.floor();
    let (low, high) = (at(from as usize), at(from as usize + 1));
    [0, 1, 2].map(|i| (low[i] + (high[i] - low[i]) * (wavelength_nm - from)) / peak)
}

impl Brightness {
    /// `eqe` photons per pair of charges, of this mean energy, and `per_sr` of them per steradian along the normal.
    pub(super) fn new(current: f64, eqe: f64, per_sr: f64, photons: &[(f64, f64)], colour: Option<&Colour>) -> Self {
        const A_PER_M2_OF_1: f64 = 10.0;
        let watts_of_1 = A_PER_M2_OF_1 * current * mean_ev(photons);
        Brightness {
            current_density_ma_per_cm2: current,
            radiant_exitance_w_per_m2: eqe * watts_of_1,
            radiance_w_per_sr_m2: per_sr * watts_of_1,
            luminance_cd_per_m2: colour
                .map_or(0.0, |colour| A_PER_M2_OF_1 * current * colour.current_efficiency_cd_per_a),
        }
    }
}

/// Mean photon energy in eV of photons by wavelength: (nm, photons).
fn mean_ev(photons: &[(f64, f64)]) -> f64 {
    let sum: f64 = photons.iter().map(|(_, share)| share).sum();
    photons.iter().map(|(wavelength_nm, share)| share * HC_EV_NM / wavelength_nm).sum::<f64>() / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wavelength_has_its_point_on_the_locus_and_its_efficacy() {
        let green = Colour::new(&[(555.0, 1.0)], 1.0 / std::f64::consts::PI).unwrap();
        assert!((green.luminous_efficacy_lm_per_w - LM_PER_W).abs() < 1e-9);
        let red = Colour::new(&[(700.0, 2.0)], 0.1).unwrap();
        assert!((red.x - 0.73469).abs() < 2e-4 && (red.y - 0.26531).abs() < 2e-4, "{red:?}");
        assert!(Colour::new(&[(900.0, 1.0)], 0.1).is_none());
    }
}
