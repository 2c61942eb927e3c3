//! Power absorbed in each layer, from the field in it.
//!
//! The drop of `Re(F conj(G))` across a layer is the integral of `k_0 Im(eps) |E|^2` over it (Poynting). The integral
//! is taken in closed form, so that a layer that absorbs next to nothing keeps all its digits and a lossless one
//! gives exactly 0; that R + T + sum of A is 1 is then a result and no definition.

use num_complex::Complex64;

use super::recursion::{Load, Step};
use super::response::Power;
use super::stack::{Sheet, Stack};
use crate::optics::elementary::exp_and_minus_1;

/// Below this `|delta|` the integral goes by quadrature, since waves to and fro are then not told apart well.
const QUADRATURE_BELOW: f64 = 0.05;

/// Absorption by layer of one evaluation, kept between evaluations so that nothing is allocated.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// For s and p, the last layer first.
    absorbed: Vec<[f64; 2]>,
    /// `Im` of what the load at each layer's front has as `delta_sum`.
    depths: Vec<f64>,
}

impl Workspace {
    /// Absorptance of each layer for s and p, of the last evaluation.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = [f64; 2]> + Clone + '_ {
        self.absorbed.iter().rev().copied()
    }
}

impl Stack {
    /// Reflectance and transmittance for s and p; the absorptances are left in the workspace.
    pub fn absorptances(&self, in_plane_index: f64, workspace: &mut Workspace) -> [Power; 2] {
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        workspace.absorbed.clear();
        workspace.depths.clear();
        let load = self.load(s2, |sheet, step| {
            let absorbs = sheet.eps.im > 0.0;
            let thin = is_thin(&step);
            workspace.absorbed.push(match (absorbs, thin) {
                (false, _) => [0.0; 2],
                (true, false) => sheet.absorbed(s2, &step),
                (true, true) => sheet.absorbed_when_thin(s2, &step),
            });
            workspace.depths.push(step.front.delta_sum.im);
        });
        let brought_in = self.brought_in(&load, s2);
        for (absorbed, depth) in workspace.absorbed.iter_mut().zip(&workspace.depths) {
            let (scale, _) = exp_and_minus_1(-2.0 * (load.delta_sum.im - depth));
            *absorbed = [absorbed[0] * scale * brought_in[0], absorbed[1] * scale * brought_in[1]];
        }
        self.power_of(&load, s2)
    }

    /// What `Re(F conj(G))` with the fields of the load is worth for s and p: incident powers of 1 bring so much.
    #[inline(always)]
    pub(super) fn brought_in(&self, load: &Load, s2: Complex64) -> [f64; 2] {
        let mut worth = [0.0; 2];
        for (pol, y_0) in self.incident_admittances(s2).into_iter().enumerate() {
            let of_load = 4.0 * y_0.re * load.per_incident(pol, y_0).norm_sqr();
            worth[pol] = if y_0.re > 0.0 { of_load } else { 0.0 };
        }
        worth
    }
}

/// Whether the integral over a layer goes by quadrature.
#[inline(always)]
pub(super) fn is_thin(step: &Step) -> bool {
    step.delta.norm_sqr() < QUADRATURE_BELOW * QUADRATURE_BELOW
}

impl Sheet {
    /// Drop of `Re(F conj(G))` across the layer for s and p where the fields at its front are the step's.
    #[inline(always)]
    pub(super) fn absorbed(&self, s2: Complex64, step: &Step) -> [f64; 2] {
        let across = step.across();
        let (a, b) = (step.delta.re, 2.0 * step.delta.im);
        // mean of exp(-b x) and of cos(a (2 x - 1)) over the layer
        let decay = if b > 0.0 { -step.fade.1 / b } else { 1.0 };
        let wave = if a > 0.0 { step.turn.0 / a } else { 1.0 };
        let to_and_fro = step.fade.0.sqrt() * wave;
        let half_over_y = [0.5 * step.inverse_q, 0.5 * step.inverse_q * self.eps];
        let size = step.q.norm_sqr();
        let y_squared = [size, size * self.inverse_eps.norm_sqr()];
        let mut squares = [[0.0; 2]; 2];
        for pol in 0..2 {
            // F = a exp(i q k_0 z) + b exp(i q k_0 (d - z)), each wave taken where it starts
            let (front, back) = (step.front.fields[pol], step.back.fields[pol]);
            let a = 0.5 * front.f + half_over_y[pol] * front.g;
            let b = (0.5 * back.f - half_over_y[pol] * back.g) * across;
            let alone = (a.norm_sqr() + b.norm_sqr()) * self.k0_d * decay;
            let crossed = 2.0 * (a * b.conj()).re * self.k0_d * to_and_fro;
            squares[pol] = [alone + crossed, y_squared[pol] * (alone - crossed)];
        }
        self.power_of(s2, squares)
    }

    /// The same of a layer that is thin beside the wave in it.
    #[inline(always)]
    pub(super) fn absorbed_when_thin(&self, s2: Complex64, step: &Step) -> [f64; 2] {
        let s = self.squares_by_quadrature(step, 0, step.q);
        let p = self.squares_by_quadrature(step, 1, step.q * self.inverse_eps);
        self.power_of(s2, [s, p])
    }

    /// From integrals of `|F|^2` and `|G|^2` over the layer for s and p, by `k_0 z`.
    #[inline(always)]
    fn power_of(&self, s2: Complex64, [s, p]: [[f64; 2]; 2]) -> [f64; 2] {
        let in_plane = s2.re * self.inverse_eps.norm_sqr();
        [self.eps.im * s[0], self.eps.im * (p[1] + in_plane * p[0])]
    }

    /// Four-point Gauss-Legendre, in units of the fields at the front.
    #[inline(always)]
    fn squares_by_quadrature(&self, step: &Step, pol: usize, y: Complex64) -> [f64; 2] {
        const NODES: [(f64, f64); 4] = [
            (0.069_431_844_202_973_71, 0.173_927_422_568_726_93),
            (0.330_009_478_207_571_87, 0.326_072_577_431_273_07),
            (0.669_990_521_792_428_1, 0.326_072_577_431_273_07),
            (0.930_568_155_797_026_3, 0.173_927_422_568_726_93),
        ];
        let to_back = step.across();
        let back = step.back.fields[pol];
        let y_of_eps = if pol == 0 { Complex64::ONE } else { self.eps };
        let (mut f_squared, mut g_squared) = (0.0, 0.0);
        for (x, weight) in NODES {
            // the characteristic matrix over a share x of the layer; sin(delta x) / y stays finite where y is 0
            let phase = step.delta * x;
            let (sin_over_phase, cos) = small_sin_over_and_cos(phase);
            let sin_over_y = sin_over_phase * (x * self.k0_d) * y_of_eps;
            let minus_i = -Complex64::i();
            let f_here = (cos * back.f + minus_i * sin_over_y * back.g) * to_back;
            let g_here = (minus_i * y * sin_over_phase * phase * back.f + cos * back.g) * to_back;
            f_squared += weight * f_here.norm_sqr();
            g_squared += weight * g_here.norm_sqr();
        }
        [f_squared * self.k0_d, g_squared * self.k0_d]
    }
}

/// `sin(x)/x` and `cos(x)` of a small complex number.
#[inline(always)]
fn small_sin_over_and_cos(x: Complex64) -> (Complex64, Complex64) {
    let x2 = x * x;
    let sin_over = 1.0 - x2 / 6.0 * (1.0 - x2 / 20.0 * (1.0 - x2 / 42.0 * (1.0 - x2 / 72.0)));
    let cos = 1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0 * (1.0 - x2 / 56.0)));
    (sin_over, cos)
}
