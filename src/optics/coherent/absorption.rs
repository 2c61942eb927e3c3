//! Power absorbed in each layer, from the field in it.
//!
//! The drop of `Re(F conj(G))` across a layer is the integral of `k_0 Im(eps) |E|^2` over it (Poynting). The integral
//! is taken in closed form, so that a layer that absorbs next to nothing keeps all its digits and a lossless one
//! gives exactly 0; that R + T + sum of A is 1 is then a result and no definition.

use num_complex::Complex64;

use super::recursion::{Fields, Load, Step, exp_i};
use super::response::Power;
use super::stack::{Sheet, Stack};

/// Below this `|delta|` the integral goes by quadrature, since waves to and fro are then not told apart well.
const QUADRATURE_BELOW: f64 = 0.05;

/// Per-layer numbers of one evaluation, kept between evaluations so that nothing is allocated.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    passes: Vec<Pass>,
    absorbed: Vec<[f64; 2]>,
}

#[derive(Debug, Clone, Copy)]
struct Pass {
    q: Complex64,
    delta: Complex64,
    delta_sum: Complex64,
    back: [Fields; 2],
    front: [Fields; 2],
}

impl Workspace {
    /// Absorptance of each layer for s and p, of the last evaluation.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = [f64; 2]> + Clone + '_ {
        self.absorbed.iter().copied()
    }
}

impl Stack {
    /// Reflectance and transmittance for s and p; the absorptances are left in the workspace.
    pub fn absorptances(&self, in_plane_index: f64, workspace: &mut Workspace) -> [Power; 2] {
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        let y_0 = self.incident_admittances(s2);
        let load = self.absorbed_per_load(in_plane_index, workspace);
        let brought_in = [0, 1].map(|pol| {
            if y_0[pol].re <= 0.0 {
                return 0.0;
            }
            4.0 * y_0[pol].re * load.per_incident(pol, y_0[pol]).norm_sqr()
        });
        for absorbed in &mut workspace.absorbed {
            *absorbed = [absorbed[0] * brought_in[0], absorbed[1] * brought_in[1]];
        }
        self.power_of(&load, s2)
    }

    /// Leaves in the workspace the drop of `Re(F conj(G))` across each layer where the fields at the first face are
    /// the load's.
    pub(crate) fn absorbed_per_load(&self, in_plane_index: f64, workspace: &mut Workspace) -> Load {
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        workspace.passes.clear();
        let load = self.load(s2, |Step { q, delta, delta_sum, back, front, .. }| {
            workspace.passes.push(Pass { q, delta, delta_sum, back, front });
        });
        workspace.absorbed.clear();
        for (sheet, pass) in self.sheets.iter().zip(workspace.passes.iter().rev()) {
            if sheet.eps.im == 0.0 {
                workspace.absorbed.push([0.0; 2]);
                continue;
            }
            // true fields over the pass's, squared, at the layer's front
            let scale = (-2.0 * (load.delta_sum.im - pass.delta_sum.im)).exp();
            let [(s_f, _), (p_f, p_g)] = squares(sheet, pass);
            let in_plane = s2.re * sheet.inverse_eps.norm_sqr();
            let size = sheet.eps.im * scale;
            workspace.absorbed.push([size * s_f, size * (p_g + in_plane * p_f)]);
        }
        load
    }
}

/// Integrals of `|F|^2` and `|G|^2` over a layer for s and p, by `k_0 z`, in units of the fields at its front.
fn squares(sheet: &Sheet, pass: &Pass) -> [(f64, f64); 2] {
    let y = [pass.q, pass.q * sheet.inverse_eps];
    if pass.delta.norm_sqr() < QUADRATURE_BELOW * QUADRATURE_BELOW {
        return [0, 1].map(|pol| squares_by_quadrature(sheet, pass, pol, y[pol]));
    }
    let across = exp_i(pass.delta);
    let k0_d = sheet.k0_d;
    let decay = mean_decay(2.0 * pass.delta.im);
    let (fade, wave) = ((-pass.delta.im).exp(), sinc(pass.delta.re));
    [0, 1].map(|pol| {
        // F = a exp(i q k_0 z) + b exp(i q k_0 (d - z)), each wave taken where it starts
        let half_over_y = 0.5 / y[pol];
        let a = 0.5 * pass.front[pol].f + half_over_y * pass.front[pol].g;
        let b = (0.5 * pass.back[pol].f - half_over_y * pass.back[pol].g) * across;
        let alone = (a.norm_sqr() + b.norm_sqr()) * k0_d * decay;
        let crossed = 2.0 * (a * b.conj()).re * k0_d * fade * wave;
        (alone + crossed, y[pol].norm_sqr() * (alone - crossed))
    })
}

/// Four-point Gauss-Legendre over a layer that is thin beside the wave in it.
fn squares_by_quadrature(sheet: &Sheet, pass: &Pass, pol: usize, y: Complex64) -> (f64, f64) {
    const NODES: [(f64, f64); 4] = [
        (0.069_431_844_202_973_71, 0.173_927_422_568_726_93),
        (0.330_009_478_207_571_87, 0.326_072_577_431_273_07),
        (0.669_990_521_792_428_1, 0.326_072_577_431_273_07),
        (0.930_568_155_797_026_3, 0.173_927_422_568_726_93),
    ];
    let to_back = exp_i(pass.delta);
    let Fields { f, g } = pass.back[pol];
    let (mut f_squared, mut g_squared) = (0.0, 0.0);
    for (x, weight) in NODES {
        // the characteristic matrix over a share x of the layer; sin(delta x) / y stays finite where y is 0
        let phase = pass.delta * x;
        let (sin_over_phase, cos) = small_sin_over_and_cos(phase);
        let sin_over_y = sin_over_phase * (x * sheet.k0_d) * if pol == 0 { Complex64::ONE } else { sheet.eps };
        let minus_i = -Complex64::i();
        let f_here = (cos * f + minus_i * sin_over_y * g) * to_back;
        let g_here = (minus_i * y * sin_over_phase * phase * f + cos * g) * to_back;
        f_squared += weight * f_here.norm_sqr();
        g_squared += weight * g_here.norm_sqr();
    }
    (f_squared * sheet.k0_d, g_squared * sheet.k0_d)
}

/// `sin(x)/x` and `cos(x)` of a small complex number.
fn small_sin_over_and_cos(x: Complex64) -> (Complex64, Complex64) {
    let x2 = x * x;
    let sin_over = 1.0 - x2 / 6.0 * (1.0 - x2 / 20.0 * (1.0 - x2 / 42.0 * (1.0 - x2 / 72.0)));
    let cos = 1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0 * (1.0 - x2 / 56.0)));
    (sin_over, cos)
}

/// `(1 - exp(-x)) / x`.
fn mean_decay(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { -(-x).exp_m1() / x }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}
