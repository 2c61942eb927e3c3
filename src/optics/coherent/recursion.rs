//! The recursion from the exit to the first face, for both polarisations at once.
//!
//! Fields at the front of a layer follow from those at its back by the characteristic matrix (Macleod; physics of
//! docs/thin-films.md). With the factor `exp(-i delta)` taken out of it, every entry stays bounded in thick metals
//! and evanescent waves: only the ratio of fields and the sum of all `delta` are carried.

use num_complex::Complex64;

use super::stack::{Sheet, Stack};

/// Below this `|2 delta|` the series of `(exp(x) - 1) / x` is used: it holds at grazing waves, where `q` is 0.
const SERIES_BELOW: f64 = 0.1;
/// Fields are scaled down beyond this squared size, for stacks of very many layers.
const RESCALE_ABOVE: f64 = 1e200;
const RESCALE_BY: f64 = 1e-90;

/// Normal index `q = sqrt(eps - s^2)` with `Re q >= 0`, `Im q >= 0`: the branch of passive media for real `s`, and
/// for `s` below the real axis.
#[inline]
pub(crate) fn normal_index(eps: Complex64, s2: Complex64) -> Complex64 {
    first_quadrant_root(eps - s2)
}

/// Square root of a number of the upper half plane.
#[inline]
pub(crate) fn first_quadrant_root(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        let root = z.re.abs().sqrt();
        return if z.re >= 0.0 { Complex64::new(root, 0.0) } else { Complex64::new(0.0, root) };
    }
    let large = (0.5 * (z.norm_sqr().sqrt() + z.re.abs())).sqrt();
    let small = 0.5 * z.im.abs() / large;
    if z.re >= 0.0 { Complex64::new(large, small) } else { Complex64::new(small, large) }
}

/// `exp(i z)`, with the parts that are 0 left out.
#[inline]
pub(crate) fn exp_i(z: Complex64) -> Complex64 {
    let size = if z.im == 0.0 { 1.0 } else { (-z.im).exp() };
    if z.re == 0.0 {
        return Complex64::new(size, 0.0);
    }
    let (sin, cos) = z.re.sin_cos();
    Complex64::new(size * cos, size * sin)
}

/// `(exp(x) - 1) / x = 1 + x/2 (1 + x/3 (1 + ...))`, exact in f64 below SERIES_BELOW.
#[inline]
fn exp_minus_1_over(x: Complex64) -> Complex64 {
    let mut sum = Complex64::new(1.0, 0.0);
    for n in (2..=10).rev() {
        sum = 1.0 + x * sum * (1.0 / f64::from(n));
    }
    sum
}

/// `F` and `G` at a plane, up to a factor common to both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub f: Complex64,
    pub g: Complex64,
}

/// What the layers behind a plane look like from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// For s and p.
    pub fields: [Fields; 2],
    /// Sum of `delta` over the layers (and of `-i ln` of scale factors): where `F` is `A f` here, it is
    /// `A exp(i delta_sum)` at the exit.
    pub delta_sum: Complex64,
}

/// One layer passed by the recursion.
pub(crate) struct Step {
    pub q: Complex64,
    pub delta: Complex64,
    /// As in [`Load`], from the layer's front on.
    pub delta_sum: Complex64,
    pub back: [Fields; 2],
    pub front: [Fields; 2],
}

/// Admittances (`q` for s, `q / eps` for p) of the exit medium.
#[inline]
pub(crate) fn admittances(sheet: &Sheet, s2: Complex64) -> [Complex64; 2] {
    let q = normal_index(sheet.eps, s2);
    [q, q * sheet.inverse_eps]
}

impl Stack {
    /// Fields at the first face where `F = 1` stands for the exit, for a squared in-plane index `s2` that is real,
    /// or of negative imaginary part. Calls `visit` for each layer, the last one first.
    #[inline]
    pub(crate) fn load(&self, s2: Complex64, mut visit: impl FnMut(Step)) -> Load {
        let one = Complex64::new(1.0, 0.0);
        let [y_s, y_p] = admittances(&self.exit, s2);
        let mut fields = [Fields { f: one, g: y_s }, Fields { f: one, g: y_p }];
        let mut delta_sum = Complex64::ZERO;
        for sheet in self.sheets.iter().rev() {
            let q = normal_index(sheet.eps, s2);
            let delta = q * sheet.k0_d;
            // -(exp(2 i delta) - 1) / 2 and the same over q
            let x = Complex64::new(-2.0 * delta.im, 2.0 * delta.re);
            let (half_loss, over_q) = if x.norm_sqr() < SERIES_BELOW * SERIES_BELOW {
                let ratio = exp_minus_1_over(x);
                (x * ratio * -0.5, Complex64::new(ratio.im, -ratio.re) * sheet.k0_d)
            } else {
                let half_loss = (1.0 - exp_i(2.0 * delta)) * 0.5;
                (half_loss, half_loss / q)
            };
            let diagonal = 1.0 - half_loss;
            let back = fields;
            let [s, p] = back;
            fields[0] = Fields { f: diagonal * s.f + over_q * s.g, g: half_loss * q * s.f + diagonal * s.g };
            fields[1] = Fields {
                f: diagonal * p.f + over_q * sheet.eps * p.g,
                g: half_loss * q * sheet.inverse_eps * p.f + diagonal * p.g,
            };
            delta_sum += delta;
            visit(Step { q, delta, delta_sum, back, front: fields });
            if fields[0].f.norm_sqr().max(fields[1].f.norm_sqr()) > RESCALE_ABOVE {
                for Fields { f, g } in &mut fields {
                    *f *= RESCALE_BY;
                    *g *= RESCALE_BY;
                }
                delta_sum.im -= RESCALE_BY.ln();
            }
        }
        Load { fields, delta_sum }
    }
}

impl Load {
    /// `1 / (Y_0 F + G)` for a polarisation: with an incident wave of unit amplitude, `F` and `G` at the first face
    /// are `2 Y_0` times this times the load's.
    #[inline]
    pub(crate) fn per_incident(&self, polarisation: usize, y_0: Complex64) -> Complex64 {
        let Fields { f, g } = self.fields[polarisation];
        (y_0 * f + g).inv()
    }

    /// Reflection coefficient seen from a medium of admittance `y_0`; -1 for a wave along the layers.
    #[inline]
    pub(crate) fn reflection(&self, polarisation: usize, y_0: Complex64) -> Complex64 {
        if y_0 == Complex64::ZERO {
            return Complex64::new(-1.0, 0.0);
        }
        let Fields { f, g } = self.fields[polarisation];
        (y_0 * f - g) / (y_0 * f + g)
    }
}
