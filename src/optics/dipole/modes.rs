//! Modes, guided or leaking into an outer medium: where K(u) has its lines.
//!
//! A mode of the stack is a zero of `(Y F_b + G_b)(Y F_t + G_t) - exp(2 i k_e w d)(Y F_b - G_b)(Y F_t - G_t)`, which is
//! `1 - a_b a_t` without its poles, so that modes of one side alone are among the zeros. With weak absorption the
//! zeros lie just above the real axis, where a step from the axis by Newton's rule reaches them.

use num_complex::Complex64;

use super::emitter::Dipole;
use crate::optics::coherent::{Load, Polarisation, exp_i, first_quadrant_root};
use crate::optics::lanes::{LANES, Row};

const SAMPLES_PER_WINDOW: usize = 256;
/// Step below the axis for a derivative.
const STEP: f64 = 1e-7;
/// Narrower lines are those of modes without any loss, to rounding.
const NARROWEST: f64 = 1e-13;
/// Wider lines need no care.
const WIDEST: f64 = 5e-3;

/// A mode, beyond the light line guided, below it leaking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mode {
    pub u: f64,
    /// Half width of its line in K(u), in units of `u`; the mode loses power as `exp(-2 half_width k_e x)` along x.
    pub half_width: f64,
    pub polarisation: Polarisation,
}

impl Dipole {
    fn mode_function(&self, u: Complex64) -> [Complex64; 2] {
        let s2 = self.in_plane_squared(u);
        let loads = [0, 1].map(|side| self.halves[side].stack.load(s2, |_, _| ()));
        self.mode_function_of(u, &loads)
    }

    #[inline(always)]
    fn mode_function_of(&self, u: Complex64, loads: &[Load; 2]) -> [Complex64; 2] {
        let w = first_quadrant_root((1.0 - u) * (1.0 + u));
        let across = exp_i(2.0 * (self.halves[0].k_e_z + self.halves[1].k_e_z) * w);
        let y_0 = self.own_admittances(w);
        let mut functions = [Complex64::ZERO; 2];
        for pol in 0..2 {
            let (y_0, front, back) = (y_0[pol], loads[0].fields[pol], loads[1].fields[pol]);
            let plus = (y_0 * front.f + front.g) * (y_0 * back.f + back.g);
            let minus = (y_0 * front.f - front.g) * (y_0 * back.f - back.g);
            functions[pol] = plus - across * minus;
        }
        functions
    }

    /// Modes whose lines are narrow, in rising order of `u`. Lines without width are left out.
    pub fn narrow_modes(&self) -> Vec<Mode> {
        self.modes().iter().filter(|mode| mode.half_width > NARROWEST).copied().collect()
    }

    /// Whether a mode below the light line loses nothing that rounding would show: it is guided all the same.
    pub(crate) fn keeps_light_below_light_line(&self) -> bool {
        let light_line = self.light_line();
        self.modes().iter().any(|mode| mode.u < light_line && mode.half_width <= NARROWEST)
    }

    /// Modes whose lines are narrow or have no width, in rising order of `u`.
    fn modes(&self) -> &[Mode] {
        self.modes.get_or_init(|| self.scan_for_modes())
    }

    /// A scan of each window: of two modes closer than 1/256 of one, one may be missed.
    fn scan_for_modes(&self) -> Vec<Mode> {
        let edges = self.window_edges();
        let mut modes: Vec<Mode> = Vec::new();
        for edge in edges.windows(2) {
            let at = |i: usize| edge[0] + (edge[1] - edge[0]) * (i as f64 + 0.5) / SAMPLES_PER_WINDOW as f64;
            let first = (0..SAMPLES_PER_WINDOW).step_by(LANES);
            let sizes: Vec<_> = first.flat_map(|i| sizes(self, &std::array::from_fn(|lane| at(i + lane)))).collect();
            for i in 0..SAMPLES_PER_WINDOW {
                for polarisation in Polarisation::BOTH {
                    let size = |i: usize| sizes.get(i).map_or(f64::INFINITY, |size| size[polarisation as usize]);
                    if size(i) <= size(i.wrapping_sub(1)) && size(i) <= size(i + 1) {
                        modes.extend(self.mode_near(at(i), (edge[0], edge[1]), polarisation));
                    }
                }
            }
        }
        modes.sort_by(|a, b| a.u.total_cmp(&b.u));
        modes.dedup_by(|a, b| a.polarisation == b.polarisation && (a.u - b.u).abs() < 1e-9);
        modes
    }

    fn mode_near(&self, start: f64, (from, to): (f64, f64), polarisation: Polarisation) -> Option<Mode> {
        let mut u = start;
        for _ in 0..30 {
            let here = self.mode_function(u.into())[polarisation as usize];
            let below = self.mode_function(Complex64::new(u, -STEP))[polarisation as usize];
            let step = -here * Complex64::new(0.0, STEP) / (here - below);
            u += step.re;
            if !(u > from && u < to) {
                return None;
            }
            if step.re.abs() < 1e-14 + 1e-4 * step.im.abs() {
                return (step.im.abs() < WIDEST).then_some(Mode { u, half_width: step.im, polarisation });
            }
        }
        None
    }
}

/// Squared sizes of the mode functions of s and p at real `u`, by wave.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn sizes(dipole: &Dipole, u: &Row) -> [[f64; 2]; LANES] {
    let (_, [front, back]) = dipole.loads_at(|lane| u[lane].into());
    let mut sizes = [[0.0; 2]; LANES];
    for lane in 0..LANES {
        let [s, p] = dipole.mode_function_of(u[lane].into(), &[front.get(lane), back.get(lane)]);
        sizes[lane] = [s.norm_sqr(), p.norm_sqr()];
    }
    sizes
}
