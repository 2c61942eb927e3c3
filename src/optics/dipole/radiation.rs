//! Power that reaches the outer media, by `u`: on the real axis, where fluxes are fluxes.

use num_complex::Complex64;

use super::emitter::Dipole;
use super::powers::{Oriented, Powers};
use crate::optics::coherent::{Load, admittances, exp_i, first_quadrant_root};
use crate::optics::quadrature::{Effort, integrate};

const EFFORT: Effort = Effort { tolerance: 1e-11, start: 4, limit: 1000 };

/// The waves of a dipole at one real `u`.
pub(crate) struct Waves {
    pub loads: [Load; 2],
    /// For each side, what `Re(F conj(G))` with the load's own fields is worth: power per `u du` of a vertical
    /// dipole (p), a horizontal one (s), and a horizontal one (p).
    pub worth: [[f64; 3]; 2],
}

impl Dipole {
    /// Waves that leave the dipole at a real `u`, given the loads of both sides there.
    pub(crate) fn waves(&self, u: f64, loads: [Load; 2]) -> Waves {
        let w2 = (1.0 - u) * (1.0 + u);
        let w = first_quadrant_root(w2.into());
        let y_0 = [w * self.n_e, w / self.n_e];
        // a = r exp(2 i k_e w z), for s and p of both sides
        let a = [0, 1].map(|side| {
            let there_and_back = exp_i(2.0 * self.halves[side].k_e_z * w);
            [0, 1].map(|pol| loads[side].reflection(pol, y_0[pol]) * there_and_back)
        });
        let round = [0, 1].map(|pol| (1.0 - a[0][pol] * a[1][pol]).norm_sqr());
        let worth = [0, 1].map(|side| {
            let other = a[1 - side];
            let reach = (-2.0 * w.im * self.halves[side].k_e_z).exp();
            let set_out =
                [0, 1].map(|pol| 4.0 * reach * loads[side].per_incident(pol, y_0[pol]).norm_sqr() / round[pol]);
            let plus = |z: Complex64| (1.0 + z).norm_sqr();
            [
                0.75 * u * u / self.n_e * plus(other[1]) * set_out[1],
                0.375 * self.n_e * plus(other[0]) * set_out[0],
                0.375 * w2.abs() / self.n_e * plus(-other[1]) * set_out[1],
            ]
        });
        Waves { loads, worth }
    }

    /// Power radiated into each outer medium per `u du`, of (vertical p, horizontal s, horizontal p) dipole waves.
    pub(crate) fn radiation_over_u(&self, u: f64) -> [[f64; 3]; 2] {
        let s2 = Complex64::from((self.n_e * u).powi(2));
        let waves = self.waves(u, [0, 1].map(|side| self.halves[side].stack.load(s2, |_| ())));
        [0, 1].map(|side| self.radiated_flux(side, &waves, s2))
    }

    /// Flux into the outer medium of a side; 0 where that absorbs, since nothing is radiated there.
    pub(crate) fn radiated_flux(&self, side: usize, waves: &Waves, s2: Complex64) -> [f64; 3] {
        if self.halves[side].outer.open_index().is_none() {
            return [0.0; 3];
        }
        self.exit_flux(side, waves, s2)
    }

    /// Flux through the last face of a side.
    pub(crate) fn exit_flux(&self, side: usize, waves: &Waves, s2: Complex64) -> [f64; 3] {
        let exit = &self.halves[side].stack.exit;
        let fade = (-2.0 * waves.loads[side].delta_sum.im).exp();
        let [y_s, y_p] = admittances(exit, s2);
        let worth = waves.worth[side];
        [worth[0] * fade * y_p.re, worth[1] * fade * y_s.re, worth[2] * fade * y_p.re]
    }

    /// Shares of the light in a substrate that leave it at once, and after all reflections, for s and p.
    pub(crate) fn substrate_escape(&self, side: usize, in_plane_index: f64) -> [[f64; 2]; 2] {
        let Some((stack, face)) = &self.halves[side].from_substrate else {
            return [[1.0; 2]; 2];
        };
        if in_plane_index >= face.exit_index().re {
            return [[0.0; 2]; 2];
        }
        let (stack, face) = (stack.power(in_plane_index), face.power(in_plane_index));
        [0, 1].map(|pol| {
            let once = face[pol].transmittance;
            [once, once / (1.0 - face[pol].reflectance * stack[pol].reflectance)]
        })
    }

    /// The radiated parts of the budget.
    pub(crate) fn radiated(&self) -> Oriented<Powers> {
        let mut powers = Oriented { perp: Powers::default(), par: Powers::default() };
        for piece in self.radiating_pieces() {
            let f = |t: f64, out: &mut [f64]| {
                let (u, du) = piece.at(t);
                let u_du = u * du;
                let radiated = self.radiation_over_u(u);
                for side in 0..2 {
                    let [s, p] = self.substrate_escape(side, self.n_e * u);
                    let [perp, par_s, par_p] = radiated[side].map(|power| power * u_du);
                    out[6 * side..][..6].copy_from_slice(&[
                        perp,
                        perp * p[0],
                        perp * p[1],
                        par_s + par_p,
                        par_s * s[0] + par_p * p[0],
                        par_s * s[1] + par_p * p[1],
                    ]);
                }
            };
            let (from, to) = piece.range();
            let integral = integrate(f, 12, from, to, EFFORT).value;
            for side in 0..2 {
                for (powers, part) in [(&mut powers.perp, 0), (&mut powers.par, 3)] {
                    powers.radiated[side] += integral[6 * side + part];
                    powers.escaped_at_once[side] += integral[6 * side + part + 1];
                    powers.escaped[side] += integral[6 * side + part + 2];
                }
            }
        }
        powers
    }
}
