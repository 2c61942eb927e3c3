//! K(u): the power a dipole loses to waves of one in-plane wave number.

use bytemuck::{Pod, Zeroable};
use num_complex::Complex64;

use super::emitter::Dipole;
use crate::optics::coherent::{Load, Loads, exp_i, first_quadrant_root, loads};
use crate::optics::lanes::{Complexes, LANES, Many, Row, row};

/// Power lost per unit of `u`, relative to the whole power in the unbounded medium of index n_e.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
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

    /// The same at each `u`, side by side: several times faster.
    pub fn dissipations(&self, u: &[f64]) -> Vec<Dissipation> {
        let several = |u: &[f64]| {
            let k = dissipations(self, &row(u));
            (0..u.len()).map(move |lane| k.get(lane))
        };
        u.chunks(LANES).flat_map(several).collect()
    }

    /// Square of the in-plane index.
    #[inline(always)]
    pub(crate) fn in_plane_squared(&self, u: Complex64) -> Complex64 {
        u * u * (self.n_e * self.n_e)
    }

    /// The same for each wave, and the loads of both sides there.
    #[inline(always)]
    pub(crate) fn loads_at(&self, u: impl Fn(usize) -> Complex64) -> (Complexes, [Loads; 2]) {
        let mut s2 = Complexes::zero();
        for lane in 0..LANES {
            s2.put(lane, self.in_plane_squared(u(lane)));
        }
        (s2, [loads(&self.halves[0].stack, &s2), loads(&self.halves[1].stack, &s2)])
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
fn on_axis(u: f64) -> [f64; 2] {
    let u = if u == 1.0 { 1.0 - 1e-12 } else { u };
    [u, (1.0 - u) * (1.0 + u)]
}

/// As [`Dipole::dissipation`], at the `u` of each wave.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub(crate) fn dissipations(dipole: &Dipole, u: &Row) -> Many<Dissipation, 3> {
    let (_, [front, back]) = dipole.loads_at(|lane| on_axis(u[lane])[0].into());
    let mut dissipations = Many::zero();
    for lane in 0..LANES {
        let [u, w2] = on_axis(u[lane]);
        let [perp, par_s, par_p] = dipole.kernel(u.into(), w2.into(), &[front.get(lane), back.get(lane)]);
        dissipations.put(lane, Dissipation { perp: perp.re, par_s: par_s.re, par_p: par_p.re });
    }
    dissipations
}

/// K(u) of dipoles (one for each wavelength, say) at each `u`: the dispersion map, a row for each dipole.
pub fn dispersion_map(dipoles: &[Dipole], u: &[f64]) -> Vec<Vec<Dissipation>> {
    dipoles.iter().map(|dipole| dipole.dissipations(u)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optics::coherent::Layer;
    use crate::optics::dipole::{EmitterStack, Outer};

    #[test]
    fn many_waves_are_each_as_one() {
        let layers = [(1.6, 0.0, 40.0), (2.2, 0.0, 30.0), (1.9, 0.01, 120.0)].map(|(n, k, nm)| Layer::new(n, k, nm));
        let stack = EmitterStack {
            wavelength_nm: 540.0,
            front: Outer::endless(Complex64::new(0.9, 6.3)),
            layers: layers.into(),
            emitter: 1,
            back: Outer::substrate(1.52, 1.0),
        };
        let dipole = stack.dipole(0.3).unwrap();
        // grazing in the substrate and in the emitter layer, and between them
        let u: Vec<f64> = (0..37).map(|i| f64::from(i) / 30.0).chain([1.52 / 2.2, 1.0, 40.0]).collect();
        let one_by_one: Vec<_> = u.iter().map(|u| dipole.dissipation(*u)).collect();
        let many = dipole.dissipations(&u);
        assert_eq!(many, one_by_one);
        // partner: another wave's
        assert_ne!(many[1], one_by_one[2]);
    }
}
