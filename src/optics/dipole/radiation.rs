//! Power that reaches the outer media, by `u`: on the real axis, where fluxes are fluxes.

use num_complex::Complex64;

use super::emitter::Dipole;
use super::powers::{Oriented, Powers};
use crate::optics::coherent::{Load, admittances, first_quadrant_root};
use crate::optics::elementary::exp_and_minus_1;
use crate::optics::lanes::{LANES, Many, Row};
use crate::optics::quadrature::{Effort, integrate};

const EFFORT: Effort = Effort { tolerance: 1e-11, start: 4, limit: 1000 };

/// For each side, what `Re(F conj(G))` with the fields of that side's load is worth: power per `u du` of a vertical dipole
/// (p), a horizontal one (s), and a horizontal one (p).
pub(crate) type Worth = [[f64; 3]; 2];

impl Dipole {
    /// What the waves that leave the dipole at a real `u` are worth, given the loads of both sides there.
    #[inline(always)]
    pub(crate) fn worth(&self, u: f64, loads: &[Load; 2]) -> Worth {
        let w2 = (1.0 - u) * (1.0 + u);
        let w = first_quadrant_root(Complex64::new(w2, 0.0));
        let front = self.there_and_back(0, w, &loads[0]);
        let back = self.there_and_back(1, w, &loads[1]);
        let rounds = [(1.0 - front[0] * back[0]).norm_sqr().recip(), (1.0 - front[1] * back[1]).norm_sqr().recip()];
        [
            self.worth_of(0, (u, w2, w), &loads[0], &back, &rounds),
            self.worth_of(1, (u, w2, w), &loads[1], &front, &rounds),
        ]
    }

    /// The same of one side, from `a` of the other and what all rounds between the two multiply power with, for s and p.
    #[inline(always)]
    fn worth_of(
        &self,
        side: usize,
        (u, w2, w): (f64, f64, Complex64),
        load: &Load,
        other: &[Complex64; 2],
        rounds: &[f64; 2],
    ) -> [f64; 3] {
        let (reach, _) = exp_and_minus_1(-2.0 * w.im * self.halves[side].k_e_z);
        let [y_s, y_p] = self.own_admittances(w);
        let s = 4.0 * reach * load.per_incident(0, y_s).norm_sqr() * rounds[0];
        let p = 4.0 * reach * load.per_incident(1, y_p).norm_sqr() * rounds[1];
        [
            0.75 * u * u / self.n_e * (1.0 + other[1]).norm_sqr() * p,
            0.375 * self.n_e * (1.0 + other[0]).norm_sqr() * s,
            0.375 * w2.abs() / self.n_e * (1.0 - other[1]).norm_sqr() * p,
        ]
    }

    /// Power radiated into each outer medium per `u du`, of (vertical p, horizontal s, horizontal p) dipole waves.
    pub(crate) fn radiation_over_u(&self, u: f64) -> Worth {
        let s2 = self.in_plane_squared(u.into());
        let loads = [0, 1].map(|side| self.halves[side].stack.load(s2, |_, _| ()));
        self.radiated_flux(s2, &self.worth(u, &loads), &loads)
    }

    /// Flux into the outer media; 0 into one that absorbs, since nothing is radiated there.
    #[inline(always)]
    pub(crate) fn radiated_flux(&self, s2: Complex64, worth: &Worth, loads: &[Load; 2]) -> Worth {
        [self.radiated_by(0, s2, &worth[0], &loads[0]), self.radiated_by(1, s2, &worth[1], &loads[1])]
    }

    #[inline(always)]
    fn radiated_by(&self, side: usize, s2: Complex64, worth: &[f64; 3], load: &Load) -> [f64; 3] {
        let open = self.halves[side].outer.open_index().is_some();
        let [perp, par_s, par_p] = self.exit_flux(side, s2, worth, load);
        if open { [perp, par_s, par_p] } else { [0.0; 3] }
    }

    /// Flux through the last face of a side.
    #[inline(always)]
    pub(crate) fn exit_flux(&self, side: usize, s2: Complex64, worth: &[f64; 3], load: &Load) -> [f64; 3] {
        let (fade, _) = exp_and_minus_1(-2.0 * load.delta_sum.im);
        let [y_s, y_p] = admittances(&self.halves[side].stack.exit, s2);
        [worth[0] * fade * y_p.re, worth[1] * fade * y_s.re, worth[2] * fade * y_p.re]
    }

    /// The radiated parts of the budget.
    pub(crate) fn radiated(&self) -> Oriented<Powers> {
        // of each side: radiated, escaped at once, escaped, crossed
        const PARTS: usize = 4;
        let mut powers = Oriented { perp: Powers::default(), par: Powers::default() };
        for piece in self.pieces(&self.radiating_windows(&[])) {
            let f = |t: &Row, out: &mut [Row]| {
                let [u, du] = piece.at_each(t);
                let radiated = radiated(self, &u);
                for lane in 0..LANES {
                    let u_du = u[lane] * du[lane];
                    let entering = radiated.get(lane).map(|powers| powers.map(|power| power * u_du));
                    let [s, p] = self.escape(self.n_e * u[lane]);
                    for (side, rows) in out.chunks_exact_mut(2 * PARTS).enumerate() {
                        let [perp, par_s, par_p] = [(0, &p), (1, &s), (2, &p)].map(|(wave, escape)| {
                            let of = entering[side][wave];
                            let crossed = escape.crossed_to(side, [entering[0][wave], entering[1][wave]]);
                            [of, of * escape.through[side], of * escape.own(side), crossed]
                        });
                        for part in 0..PARTS {
                            rows[part][lane] = perp[part];
                            rows[PARTS + part][lane] = par_s[part] + par_p[part];
                        }
                    }
                }
            };
            let (from, to) = piece.range();
            let integral = integrate(f, 4 * PARTS, from, to, EFFORT).value;
            for (side, parts) in integral.chunks_exact(2 * PARTS).enumerate() {
                let (perp, par) = parts.split_at(PARTS);
                for (powers, part) in [(&mut powers.perp, perp), (&mut powers.par, par)] {
                    powers.radiated[side] += part[0];
                    powers.escaped_at_once[side] += part[1];
                    powers.escaped[side] += part[2];
                    powers.crossed[side] += part[3];
                }
            }
        }
        powers
    }
}

/// As [`Dipole::radiation_over_u`], at the `u` of each wave.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub(crate) fn radiated(dipole: &Dipole, u: &Row) -> Many<Worth, 6> {
    let (s2, [front, back]) = dipole.loads_at(|lane| u[lane].into());
    let mut radiated = Many::zero();
    for lane in 0..LANES {
        let loads = [front.get(lane), back.get(lane)];
        radiated.put(lane, dipole.radiated_flux(s2.get(lane), &dipole.worth(u[lane], &loads), &loads));
    }
    radiated
}
