//! K(u): the power a dipole loses to waves of one in-plane wave number.

use num_complex::Complex64;

use super::emitter::Dipole;
use crate::optics::coherent::{exp_i, first_quadrant_root};

/// Power lost per unit of `u`, relative to the whole power in the unbounded medium of index n_e.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dissipation {
    /// A vertical dipole; its waves are all p polarised.
    pub perp: f64,
    /// A horizontal dipole, its s polarised waves.
    pub par_s: f64,
    /// A horizontal dipole, its p polarised waves.
    pub par_p: f64,
}

impl Dipole {
    /// K at a real `u >= 0`.
    ///
    /// `K_perp = 3/2 Re[u^3/w (1 + a_b)(1 + a_t) / (1 - a_b a_t)]`, with `w = sqrt(1 - u^2)` and `a = r exp(2 i k_e w z)`
    /// of p; `K_par` likewise with `3/4 u/w` for s, and with `3/4 u w` and `1 - a` for p (Furno 2012, section II).
    pub fn dissipation(&self, u: f64) -> Dissipation {
        // w = 0 there: 0/0, of a finite limit unless the medium has no layers
        let u = if u == 1.0 { 1.0 - 1e-12 } else { u };
        let [perp, par_s, par_p] = self.kernel(u.into(), ((1.0 - u) * (1.0 + u)).into());
        Dissipation { perp: perp.re, par_s: par_s.re, par_p: par_p.re }
    }

    /// K before its real part is taken, at `u` on or below the real axis; `w2` is `1 - u^2`, which the caller knows
    /// better than a difference near 1.
    #[inline]
    pub(crate) fn kernel(&self, u: Complex64, w2: Complex64) -> [Complex64; 3] {
        let w = first_quadrant_root(w2);
        let s2 = u * u * (self.n_e * self.n_e);
        let y_0 = [w * self.n_e, w / self.n_e];
        let [[front_s, front_p], [back_s, back_p]] = [0, 1].map(|side| {
            let half = &self.halves[side];
            let load = half.stack.load(s2, |_| ());
            let there_and_back = exp_i(2.0 * half.k_e_z * w);
            [0, 1].map(|pol| load.reflection(pol, y_0[pol]) * there_and_back)
        });
        let u_over_w = u / w;
        let loop_s = (1.0 - front_s * back_s).inv();
        let loop_p = (1.0 - front_p * back_p).inv();
        [
            1.5 * u * u * u_over_w * (1.0 + front_p) * (1.0 + back_p) * loop_p,
            0.75 * u_over_w * (1.0 + front_s) * (1.0 + back_s) * loop_s,
            0.75 * u * w * (1.0 - front_p) * (1.0 - back_p) * loop_p,
        ]
    }
}

/// K(u) of dipoles (one for each wavelength, say) at each `u`: the dispersion map, a row for each dipole.
pub fn dispersion_map(dipoles: &[Dipole], u: &[f64]) -> Vec<Vec<Dissipation>> {
    dipoles.iter().map(|dipole| u.iter().map(|u| dipole.dissipation(*u)).collect()).collect()
}
