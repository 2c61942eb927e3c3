//! Total power lost, window by window, along half-ellipses below the real axis of `u`.
//!
//! Guided modes are poles of K(u) on the real axis, or just above it where layers absorb; nothing singular lies
//! below it, so a path there from one end of a window to the other gives the window's power without meeting them.
//! Windows end at the branch points (grazing waves of the outer media, and `u = 1`), where the integrand goes as a
//! square root or its inverse; `phi = pi sin^2(pi t / 2)` along the path removes that.

use std::f64::consts::PI;

use bytemuck::{Pod, Zeroable};
use num_complex::Complex64;

use super::dissipation::dissipations;
use super::emitter::Dipole;
use super::powers::Oriented;
use crate::optics::elementary::sin_cos;
use crate::optics::lanes::{LANES, Many, Row};
use crate::optics::quadrature::{Effort, integrate};

const EFFORT: Effort = Effort { tolerance: 1e-11, start: 2, limit: 400 };
/// Waves are followed until `exp(-2 u k_e z)` at the nearest absorber falls to `exp` of minus this.
const TAIL_EXPONENT: f64 = 60.0;
/// Closer than this (k_e z) to a face the tail is taken on the real axis: along a path below it the reactive near
/// field, which grows as `(k_e z)^-3` and must cancel, would cost digits.
const PATH_BELOW_AXIS_FROM: f64 = 0.02;

/// Power lost in a window of `u` by dipoles along and across the normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    pub to: f64,
    pub perp: f64,
    pub par: f64,
}

impl Dipole {
    /// Ends of the windows from 0 to where only evanescent waves of every layer are left.
    pub(crate) fn window_edges(&self) -> Vec<f64> {
        let mut edges = vec![0.0, 1.0];
        let mut highest = 1.0f64;
        for half in &self.halves {
            for index in half.outer.open_index().into_iter().chain(half.outer.ambient) {
                edges.push(index / self.n_e);
            }
            for sheet in half.stack.sheets.iter().chain([&half.stack.exit]) {
                if sheet.eps.re > 0.0 {
                    highest = highest.max(sheet.index.re / self.n_e);
                }
            }
        }
        let last = edges.iter().fold(highest, |most, edge| most.max(*edge));
        edges.push(1.2 * last);
        edges.sort_by(f64::total_cmp);
        edges.dedup_by(|a, b| *a - *b < 1e-12);
        edges
    }

    /// Ends of further windows, each twice as far as the last, until all near fields have died away.
    pub(crate) fn tail_edges(&self, from: f64) -> Vec<f64> {
        let mut edges = vec![from];
        if let Some(k_e_z) = self.k_e_to_loss {
            let last = (0.5 * TAIL_EXPONENT / k_e_z).max(from);
            let mut edge = from;
            while edge < last {
                edge = (2.0 * edge).min(last);
                edges.push(edge);
            }
        }
        edges
    }

    /// Power lost in each window that ends by some `u`; the tail's windows are the last ones.
    pub(crate) fn dissipated(&self, up_to: f64) -> Vec<Window> {
        let edges = self.window_edges();
        let near = edges.windows(2).filter(|edge| edge[1] <= up_to);
        let near = near.map(|edge| self.along_half_ellipse(edge[0], edge[1]));
        near.chain(self.tail(edges[edges.len() - 1], up_to)).collect()
    }

    /// Power lost in all: one path below every window, which meets no branch point, and the tail.
    pub(crate) fn dissipated_in_all(&self) -> Oriented<f64> {
        let edges = self.window_edges();
        let last = edges[edges.len() - 1];
        let near = self.along_half_ellipse(0.0, last);
        self.tail(last, f64::INFINITY).fold(Oriented { perp: near.perp, par: near.par }, |sum, window| Oriented {
            perp: sum.perp + window.perp,
            par: sum.par + window.par,
        })
    }

    fn tail(&self, from: f64, up_to: f64) -> impl Iterator<Item = Window> {
        let nearest = self.halves[0].k_e_z.min(self.halves[1].k_e_z);
        let edges = self.tail_edges(from);
        let within = edges.partition_point(|edge| *edge <= up_to);
        (1..within).map(move |i| {
            if nearest > PATH_BELOW_AXIS_FROM {
                self.along_half_ellipse(edges[i - 1], edges[i])
            } else {
                self.along_axis(edges[i - 1], edges[i])
            }
        })
    }

    fn along_half_ellipse(&self, from: f64, to: f64) -> Window {
        let path = HalfEllipse { from, to };
        let integral = integrate(|t, out| lost_along(self, &path, t, out), 2, 0.0, 1.0, EFFORT);
        Window { to, perp: integral.value[0], par: integral.value[1] }
    }

    fn along_axis(&self, from: f64, to: f64) -> Window {
        let real = |u: &Row, lost: &mut [Row]| {
            let [perp, par_s, par_p] = *dissipations(self, u).rows();
            lost[0] = perp;
            lost[1] = std::array::from_fn(|lane| par_s[lane] + par_p[lane]);
        };
        let integral = integrate(real, 2, from, to, EFFORT);
        Window { to, perp: integral.value[0], par: integral.value[1] }
    }
}

/// The path from one end of a window to the other.
struct HalfEllipse {
    from: f64,
    to: f64,
}

/// A point of a path.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Point {
    u: Complex64,
    /// `1 - u^2`.
    w2: Complex64,
    /// `du/dt`.
    along: Complex64,
}

impl HalfEllipse {
    /// At `t` from 0 to 1.
    #[inline(always)]
    fn at(&self, t: f64) -> Point {
        let half = 0.5 * (self.to - self.from);
        let depth = half.min(0.25);
        let (sin_t, cos_t) = sin_cos(0.5 * PI * t);
        // half the way along the half-ellipse from its start, or to its end: what is shorter
        let from_start = sin_t < cos_t;
        let shorter = if from_start { sin_t } else { cos_t };
        let (near, far) = sin_cos(0.5 * PI * shorter * shorter);
        let (sin_phi, cos_phi) = (2.0 * near * far, far * far - near * near);
        let below = -depth * sin_phi;
        let [short, long] = [near, far].map(|sin| 2.0 * half * sin * sin);
        let (past, left) = if from_start { (short, long) } else { (long, short) };
        let (past_start, to_end) = (Complex64::new(past, below), Complex64::new(left, -below));
        let u = self.from + past_start;
        let one_minus_u = if self.to == 1.0 {
            to_end
        } else if self.from == 1.0 {
            -past_start
        } else {
            1.0 - u
        };
        let downwards = if from_start { -depth * cos_phi } else { depth * cos_phi };
        let along = Complex64::new(half * sin_phi, downwards) * (PI * PI * sin_t * cos_t);
        Point { u, w2: one_minus_u * (1.0 + u), along }
    }
}

/// K times `du/dt` of vertical and of horizontal dipoles along a path.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn lost_along(dipole: &Dipole, path: &HalfEllipse, t: &Row, lost: &mut [Row]) {
    let [lost_perp, lost_par] = lost else { unreachable!("two kinds of dipoles") };
    let mut points: Many<Point, 6> = Many::zero();
    for lane in 0..LANES {
        points.put(lane, path.at(t[lane]));
    }
    let (_, [front, back]) = dipole.loads_at(|lane| points.get(lane).u);
    for lane in 0..LANES {
        let Point { u, w2, along } = points.get(lane);
        let [perp, par_s, par_p] = dipole.kernel(u, w2, &[front.get(lane), back.get(lane)]);
        lost_perp[lane] = (perp * along).re;
        lost_par[lane] = ((par_s + par_p) * along).re;
    }
}
