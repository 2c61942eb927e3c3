//! A complex permittivity as a sum of oscillators: n and k from one causal function.

use num_complex::Complex64;

use super::tauc_lorentz::TaucLorentz;
use crate::spectrum::HC_EV_NM;

/// Relative permittivity `eps = eps_inf + Drude + Lorentz terms + Tauc-Lorentz terms`, energies E in eV.
///
/// Every term is causal and absorbs (its imaginary part is at least 0), so that n and k are
/// Kramers-Kronig consistent and k is at least 0 by form. Time dependence exp(-i omega t), index n + i k.
#[derive(Debug, Clone, PartialEq)]
pub struct Oscillators {
    eps_inf: f64,
    drude: Option<Drude>,
    lorentz: Vec<Lorentz>,
    tauc_lorentz: Vec<TaucLorentz>,
    range_nm: (f64, f64),
}

/// Free carriers: `-E_p^2 / (E^2 + i G E)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drude {
    pub plasma_ev: f64,
    pub width_ev: f64,
}

/// A bound resonance: `S E_0^2 / (E_0^2 - E^2 - i G E)`. Width 0 is a lossless pole outside the range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lorentz {
    pub strength: f64,
    pub energy_ev: f64,
    pub width_ev: f64,
}

impl Drude {
    fn permittivity(&self, energy_ev: f64) -> Complex64 {
        -self.plasma_ev * self.plasma_ev / (energy_ev * Complex64::new(energy_ev, self.width_ev))
    }
}

impl Lorentz {
    fn permittivity(&self, energy_ev: f64) -> Complex64 {
        let square = self.energy_ev * self.energy_ev;
        self.strength * square / Complex64::new(square - energy_ev * energy_ev, -self.width_ev * energy_ev)
    }
}

impl Oscillators {
    /// The sum of these terms, for wavelengths in nm.
    ///
    /// # Errors
    /// One sentence when a term is no absorbing, causal one, when a lossless pole lies inside the range, or
    /// when the range is no range.
    pub fn new(
        eps_inf: f64,
        drude: Option<Drude>,
        lorentz: Vec<Lorentz>,
        tauc_lorentz: Vec<TaucLorentz>,
        range_nm: (f64, f64),
    ) -> Result<Self, String> {
        let (low, high) = range_nm;
        if !(low > 0.0 && high > low && high.is_finite()) {
            return Err(format!("the wavelength range {low}..{high} nm must rise and be positive"));
        }
        if !(eps_inf >= 1.0 && eps_inf.is_finite()) {
            return Err(format!("eps_inf must be at least 1, got {eps_inf}"));
        }
        let positive = |term: &str, values: &[f64]| match values.iter().find(|v| !(**v > 0.0 && v.is_finite())) {
            Some(bad) => Err(format!("a {term} term takes positive numbers, got {bad}")),
            None => Ok(()),
        };
        if let Some(term) = &drude {
            positive("Drude", &[term.plasma_ev, term.width_ev])?;
        }
        for term in &lorentz {
            positive("Lorentz", &[term.strength, term.energy_ev])?;
            if !(term.width_ev >= 0.0 && term.width_ev.is_finite()) {
                return Err(format!("a Lorentz term's width must be at least 0 eV, got {}", term.width_ev));
            }
            let wavelength_nm = HC_EV_NM / term.energy_ev;
            if term.width_ev == 0.0 && (low..=high).contains(&wavelength_nm) {
                return Err(format!("the lossless Lorentz term at {} eV lies inside {low}..{high} nm", term.energy_ev));
            }
        }
        for term in &tauc_lorentz {
            term.check()?;
        }
        Ok(Self { eps_inf, drude, lorentz, tauc_lorentz, range_nm })
    }

    pub fn eps_inf(&self) -> f64 {
        self.eps_inf
    }

    pub fn drude(&self) -> Option<Drude> {
        self.drude
    }

    pub fn lorentz(&self) -> &[Lorentz] {
        &self.lorentz
    }

    pub fn tauc_lorentz(&self) -> &[TaucLorentz] {
        &self.tauc_lorentz
    }

    /// The wavelengths for which the model is stated, in nm.
    pub fn range_nm(&self) -> (f64, f64) {
        self.range_nm
    }

    /// Relative permittivity at a vacuum wavelength in nm.
    pub fn permittivity(&self, wavelength_nm: f64) -> Complex64 {
        let energy_ev = HC_EV_NM / wavelength_nm;
        let mut sum = Complex64::from(self.eps_inf);
        sum += self.drude.iter().map(|term| term.permittivity(energy_ev)).sum::<Complex64>();
        sum += self.lorentz.iter().map(|term| term.permittivity(energy_ev)).sum::<Complex64>();
        sum + self.tauc_lorentz.iter().map(|term| term.permittivity(energy_ev)).sum::<Complex64>()
    }

    /// Complex index n + i k at a vacuum wavelength in nm: the root with n and k at least 0.
    pub fn index(&self, wavelength_nm: f64) -> Complex64 {
        // The principal root lies in the upper right quadrant, because no term has a negative imaginary part.
        self.permittivity(wavelength_nm).sqrt()
    }

    /// The formula in symbols, one line a term; energies in eV.
    pub fn equation(&self) -> Vec<&'static str> {
        let mut lines = vec!["(n + i k)^2 = eps_inf + the terms below, E = 1239.842 / wavelength in nm"];
        if self.drude.is_some() {
            lines.push("Drude (Ep, G): -Ep^2 / (E^2 + i G E)");
        }
        if !self.lorentz.is_empty() {
            lines.push("Lorentz (S, E0, G): S E0^2 / (E0^2 - E^2 - i G E)");
        }
        if !self.tauc_lorentz.is_empty() {
            lines.push("Tauc-Lorentz (A, E0, C, Eg): Re by Kramers-Kronig of the closed form; Im is 0 below Eg, above");
            lines.push("    A E0 C (E - Eg)^2 / (((E^2 - E0^2)^2 + C^2 E^2) E)");
        }
        lines
    }
}
