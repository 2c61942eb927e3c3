//! K(u): the power a dipole loses to waves of one in-plane wave number.

use num_complex::Complex64;

use super::emitter::Dipole;
use crate::optics::coherent::{Load, exp_i, first_quadrant_root};

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
        let [u, w2] = on_axis(u).map(Complex64::from);
        let s2 = self.in_plane_squared(u);
        let loads = [0, 1].map(|side| self.halves[side].stack.load(s2, |_, _| ()));
        let [perp, par_s, par_p] = self.kernel(u, w2, &loads);
        Dissipation { perp: perp.re, par_s: par_s.re, par_p: par_p.re }
    }

    /// Square of the in-plane index.
    #[inline(always)]
    pub(crate) fn in_plane_squared(&self, u: Complex64) -> Complex64 {
        u * u * (self.n_e * self.n_e)
    }

    /// K before its real part is taken, at `u` on or below the real axis; `w2` is `1 - u^2`, which the caller knows
    /// better than a difference near 1, and the loads are those of both sides there.
    #[inline(always)]
    pub(crate) fn kernel(&self, u: Complex64, w2: Complex64, loads: &[Load; 2]) -> [Complex64; 3] {
        let w = first_quadrant_root(w2);
        let [front_s, front_p] = self.there_and_back(0, w, &loads[0]);
        let [back_s, back_p] = self.there_and_back(1, w, &loads[1]);
        let u_over_w = u / w;
        let loop_s = (1.0 - front_s * back_s).inv();
        let loop_p = (1.0 - front_p * back_p).inv();
        [
            1.5 * u * u * u_over_w * (1.0 + front_p) * (1.0 + back_p) * loop_p,
            0.75 * u_over_w * (1.0 + front_s) * (1.0 + back_s) * loop_s,
            0.75 * u * w * (1.0 - front_p) * (1.0 - back_p) * loop_p,
        ]
    }

    /// `a = r exp(2 i k_e w z)` of a side for s and p: a wave's way to its layers and back.
    #[inline(always)]
    pub(crate) fn there_and_back(&self, side: usize, w: Complex64, load: &Load) -> [Complex64; 2] {
        let way = exp_i(2.0 * self.halves[side].k_e_z * w);
        let [y_s, y_p] = self.own_admittances(w);
        [load.reflection(0, y_s) * way, load.reflection(1, y_p) * way]
    }

    /// Admittances of the emitter layer.
    #[inline(always)]
    pub(crate) fn own_admittances(&self, w: Complex64) -> [Complex64; 2] {
        [w * self.n_e, w * (1.0 / self.n_e)]
    }
}

/// A real `u` and `1 - u^2`; not quite at 1, where there is 0/0 of a finite limit, unless the medium has no layers.
#[inline(always)]
pub(crate) fn on_axis(u: f64) -> [f64; 2] {
    let u = if u == 1.0 { 1.0 - 1e-12 } else { u };
    [u, (1.0 - u) * (1.0 + u)]
}

/// K(u) of dipoles (one for each wavelength, say) at each `u`: the dispersion map, a row for each dipole.
pub fn dispersion_map(dipoles: &[Dipole], u: &[f64]) -> Vec<Vec<Dissipation>> {
    dipoles.iter().map(|dipole| u.iter().map(|u| dipole.dissipation(*u)).collect()).collect()
}
