//! What a current makes of an EQE.

use serde::Serialize;

use crate::spectrum::HC_EV_NM;

/// Light of a device at a current, by its EQE without recycling.
#[derive(Debug, Clone, Serialize)]
pub struct Brightness {
    pub current_density_ma_per_cm2: f64,
    /// Into the half-space of the output side.
    pub radiant_exitance_w_per_m2: f64,
    /// Along the normal.
    pub radiance_w_per_sr_m2: f64,
}

impl Brightness {
    /// `eqe` photons per pair of charges, of this mean energy, and `per_sr` of them per steradian along the normal.
    pub(super) fn new(current_density_ma_per_cm2: f64, eqe: f64, per_sr: f64, mean_ev: f64) -> Self {
        // mA/cm2 are 10 A/m2; a pair per electron, so that amperes times electronvolts are watts
        let w_per_m2_of_1 = 10.0 * current_density_ma_per_cm2 * mean_ev;
        Brightness {
            current_density_ma_per_cm2,
            radiant_exitance_w_per_m2: eqe * w_per_m2_of_1,
            radiance_w_per_sr_m2: per_sr * w_per_m2_of_1,
        }
    }
}

/// Mean photon energy in eV of photons by wavelength: (nm, photons).
pub(super) fn mean_ev(photons: &[(f64, f64)]) -> f64 {
    let sum: f64 = photons.iter().map(|(_, share)| share).sum();
    photons.iter().map(|(wavelength_nm, share)| share * HC_EV_NM / wavelength_nm).sum::<f64>() / sum
}
