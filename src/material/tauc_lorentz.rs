//! Tauc-Lorentz term: a resonance that absorbs only above a gap.

use std::f64::consts::PI;

use num_complex::Complex64;

/// `Im eps = A E_0 C (E - E_g)^2 / (((E^2 - E_0^2)^2 + C^2 E^2) E)` above the gap E_g, 0 below; the real part
/// is its Kramers-Kronig transform in closed form. Energies in eV.
///
/// G. E. Jellison and F. A. Modine, Appl. Phys. Lett. 69, 371 (1996), doi:10.1063/1.118064, with the erratum
/// 69, 2137 (1996), doi:10.1063/1.118155.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaucLorentz {
    pub amplitude_ev: f64,
    pub energy_ev: f64,
    pub width_ev: f64,
    pub gap_ev: f64,
}

impl TaucLorentz {
    pub(super) fn check(&self) -> Result<(), String> {
        let numbers = [self.amplitude_ev, self.energy_ev, self.width_ev, self.gap_ev];
        if let Some(bad) = numbers.iter().find(|number| !(**number > 0.0 && number.is_finite())) {
            return Err(format!("a Tauc-Lorentz term takes positive numbers, got {bad}"));
        }
        if self.width_ev >= 2.0 * self.energy_ev {
            return Err(format!(
                "a Tauc-Lorentz term's width must be below twice its energy {} eV, got {}",
                self.energy_ev, self.width_ev
            ));
        }
        Ok(())
    }

    /// The term's part of the permittivity at a photon energy in eV.
    pub(super) fn permittivity(&self, energy_ev: f64) -> Complex64 {
        Complex64::new(self.real(energy_ev), self.imaginary(energy_ev))
    }

    fn imaginary(&self, e: f64) -> f64 {
        let Self { amplitude_ev: a, energy_ev: e0, width_ev: c, gap_ev: eg } = *self;
        if e <= eg {
            return 0.0;
        }
        let off = e * e - e0 * e0;
        a * e0 * c * (e - eg).powi(2) / ((off * off + c * c * e * e) * e)
    }

    /// Symbols as in the source: zeta^4, alpha, gamma^2, a_ln, a_atan.
    fn real(&self, e: f64) -> f64 {
        let Self { amplitude_ev: a, energy_ev: e0, width_ev: c, gap_ev: eg } = *self;
        let (e_2, e0_2, eg_2, c_2) = (e * e, e0 * e0, eg * eg, c * c);
        let alpha = (4.0 * e0_2 - c_2).sqrt();
        let gamma_2 = e0_2 - c_2 / 2.0;
        let zeta_4 = (e_2 - gamma_2).powi(2) + alpha * alpha * c_2 / 4.0;
        let a_ln = (eg_2 - e0_2) * e_2 + eg_2 * c_2 - e0_2 * (e0_2 + 3.0 * eg_2);
        let a_atan = (e_2 - e0_2) * (e0_2 + eg_2) + eg_2 * c_2;

        let ratio = (e0_2 + eg_2 + alpha * eg) / (e0_2 + eg_2 - alpha * eg);
        let first = c * a_ln / (2.0 * alpha * e0) * ratio.ln();
        let angles = PI - ((2.0 * eg + alpha) / c).atan() + ((alpha - 2.0 * eg) / c).atan();
        let second = -a_atan / e0 * angles;
        let angle = PI + 2.0 * (2.0 * (gamma_2 - eg_2) / (alpha * c)).atan();
        let third = 2.0 * e0 * eg * (e_2 - gamma_2) / alpha * angle;

        // The source's two logarithms of |E - Eg| are taken together: each alone is infinite at the gap.
        let below = (e - eg).abs();
        let at_gap = if below == 0.0 { 0.0 } else { -below * below / e * below.ln() };
        let above = ((e_2 + eg_2) / e + 2.0 * eg) * (e + eg).ln();
        let pole = eg * ((e0_2 - eg_2).powi(2) + eg_2 * c_2).ln();
        let last = e0 * c * (at_gap + above - pole);
        a / (PI * zeta_4) * (first + second + third + last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: TaucLorentz = TaucLorentz { amplitude_ev: 30.0, energy_ev: 3.5, width_ev: 0.8, gap_ev: 2.3 };

    /// `2/pi P int x eps2(x) / (x^2 - E^2) dx`, by midpoints with the pole subtracted; the substitution
    /// `x = Eg / (1 - t)` brings infinity to t = 1.
    fn kramers_kronig(e: f64) -> f64 {
        let at_pole = e * TERM.imaginary(e);
        let steps = 400_000;
        let sum: f64 = (0..steps)
            .map(|i| {
                let t = (f64::from(i) + 0.5) / f64::from(steps);
                let x = TERM.gap_ev / (1.0 - t);
                let dx = TERM.gap_ev / (1.0 - t).powi(2) / f64::from(steps);
                (x * TERM.imaginary(x) - at_pole) / (x * x - e * e) * dx
            })
            .sum();
        // P int_Eg^inf dx / (x^2 - E^2) = ln|(Eg + E) / (Eg - E)| / (2 E).
        let rest =
            if at_pole == 0.0 { 0.0 } else { at_pole * ((TERM.gap_ev + e) / (TERM.gap_ev - e)).abs().ln() / (2.0 * e) };
        2.0 / PI * (sum + rest)
    }

    #[test]
    fn real_part_is_the_kramers_kronig_transform() {
        for e in [1.5, 2.29, 2.6, 3.3, 4.1] {
            let (closed, integral) = (TERM.real(e), kramers_kronig(e));
            assert!((closed - integral).abs() < 1e-5, "{e} eV: {closed} against {integral}");
            let other = TaucLorentz { gap_ev: 2.4, ..TERM }.real(e);
            assert!((other - integral).abs() > 1e-3, "another gap must be seen at {e} eV");
        }
    }

    #[test]
    fn nothing_jumps_at_the_gap() {
        let at = TERM.permittivity(TERM.gap_ev);
        assert!(at.re.is_finite() && at.im == 0.0);
        assert!((TERM.permittivity(TERM.gap_ev + 1e-9) - at).norm() < 1e-6);
    }
}
