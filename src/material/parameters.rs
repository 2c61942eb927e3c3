//! What a nanocrystal's parameters may be.

use super::edge::BLEND_NM;
use super::{MaterialError, Nanocrystal};
use crate::spectrum::HC_EV_NM;

impl Nanocrystal {
    /// A parameter that is one number, by its field's name.
    pub fn value(&self, quantity: &str) -> Option<f64> {
        Some(match quantity {
            "plqy" => self.plqy,
            "peak_nm" => self.peak_nm,
            "fwhm_nm" => self.fwhm_nm,
            "stokes_mev" => self.stokes_mev,
            "urbach_mev" => self.urbach_mev,
            "exciton_binding_mev" => self.exciton_binding_mev,
            "mu_i_450_per_cm" => self.mu_i_450_per_cm,
            "stated_host_index" => self.stated_host_index,
            "core_density_g_per_cm3" => self.core_density_g_per_cm3,
            "core_mass_fraction" => self.core_mass_fraction,
            "haze_per_cm_at_20_wt_pct" => self.haze_per_cm_at_20_wt_pct,
            "haze_constant_per_cm" => self.haze_constant_per_cm,
            "haze_g" => self.haze_g,
            "shell_density_g_per_cm3" => self.shell_density_g_per_cm3?,
            "lifetime_ns" => self.lifetime_ns?,
            _ => return None,
        })
    }

    pub(super) fn check_positive(&self, quantity: &str, value: f64) -> Result<(), MaterialError> {
        if value > 0.0 && value.is_finite() {
            return Ok(());
        }
        Err(MaterialError::Parameter(format!("{}: {quantity} must be positive, got {value}", self.name)))
    }

    /// Refuses parameters for which the model has no meaning.
    pub(super) fn check(&self) -> Result<(), MaterialError> {
        let refuse = |what: String| Err(MaterialError::Parameter(format!("{}: {what}", self.name)));
        for (quantity, low, high) in [
            ("plqy", 0.0, 1.0),
            ("peak_nm", 350.0, 850.0),
            ("fwhm_nm", 0.1, 300.0),
            ("stokes_mev", 0.0, 500.0),
            ("urbach_mev", 1.0, 200.0),
            ("exciton_binding_mev", 1.0, 500.0),
            ("mu_i_450_per_cm", 0.0, 1e7),
            ("stated_host_index", 1.0, 4.0),
            ("core_density_g_per_cm3", 0.01, 30.0),
            ("shell_density_g_per_cm3", 0.01, 30.0),
            ("haze_per_cm_at_20_wt_pct", 0.0, 1e6),
            ("haze_constant_per_cm", 0.0, 1e6),
            ("haze_g", -0.999, 0.999),
        ] {
            if let Some(value) = self.value(quantity).filter(|value| !(low..=high).contains(value)) {
                return refuse(format!("{quantity} must be {low} to {high}, got {value}"));
            }
        }
        if !(self.core_mass_fraction > 0.0 && self.core_mass_fraction <= 1.0) {
            return refuse(format!(
                "core_mass_fraction must be above 0 and at most 1, got {}",
                self.core_mass_fraction
            ));
        }
        let gap_nm = HC_EV_NM / (self.exciton_ev() + self.exciton_binding_mev / 1000.0);
        if gap_nm < BLEND_NM.1 {
            return refuse(format!(
                "the band gap lies at {gap_nm:.0} nm, but the absorption model is normalised at 450 nm and needs a gap \
                 beyond {} nm",
                BLEND_NM.1
            ));
        }
        Ok(())
    }
}
