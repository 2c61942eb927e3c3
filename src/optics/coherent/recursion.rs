//! The recursion from the exit to the first face, for both polarisations at once.
//!
//! Fields at the front of a layer follow from those at its back by the characteristic matrix (Macleod; physics of
//! docs/thin-films.md). With the factor `exp(-i delta)` taken out of it, every entry stays bounded in thick metals
//! and evanescent waves: only the ratio of fields and the sum of all `delta` are carried.

use bytemuck::{Pod, Zeroable};
use num_complex::Complex64;

use super::stack::{Sheet, Stack};
use crate::optics::elementary::{exp_and_minus_1, sin_cos};

/// Fields are scaled down beyond this squared size, for stacks of very many layers.
const RESCALE_ABOVE: f64 = 1e200;
const RESCALE_BY: f64 = 1e-90;
/// `-ln` of that.
const RESCALE_DEPTH: f64 = 207.232_658_369_464_13;

/// Normal index `q = sqrt(eps - s^2)` with `Re q >= 0`, `Im q >= 0`: the branch of passive media for real `s`, and
/// for `s` below the real axis.
#[inline(always)]
pub(crate) fn normal_index(eps: Complex64, s2: Complex64) -> Complex64 {
    first_quadrant_root(eps - s2)
}

/// Square root of a number of the upper half plane.
#[inline(always)]
pub(crate) fn first_quadrant_root(z: Complex64) -> Complex64 {
    let large = (0.5 * (z.norm_sqr().sqrt() + z.re.abs())).sqrt();
    let small = if large > 0.0 { 0.5 * z.im.abs() / large } else { 0.0 };
    if z.re >= 0.0 { Complex64::new(large, small) } else { Complex64::new(small, large) }
}

/// `exp(i z)` where `Im z >= 0`.
#[inline(always)]
pub(crate) fn exp_i(z: Complex64) -> Complex64 {
    let (sin, cos) = sin_cos(z.re);
    let (size, _) = exp_and_minus_1(-z.im);
    Complex64::new(size * cos, size * sin)
}

/// `F` and `G` at a plane, up to a factor common to both.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Fields {
    pub f: Complex64,
    pub g: Complex64,
}

/// What the layers behind a plane look like from it.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Load {
    /// For s and p.
    pub fields: [Fields; 2],
    /// Sum of `delta` over the layers (and of `-i ln` of scale factors): where `F` is `A f` here, it is
    /// `A exp(i delta_sum)` at the exit.
    pub delta_sum: Complex64,
}

/// One layer passed by the recursion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub q: Complex64,
    /// Infinite or no number where `q` is 0.
    pub inverse_q: Complex64,
    pub delta: Complex64,
    /// Sine and cosine of `Re delta`.
    pub turn: (f64, f64),
    /// `exp(-2 Im delta)`, and that less 1.
    pub fade: (f64, f64),
    pub back: Load,
    pub front: Load,
}

/// Admittances (`q` for s, `q / eps` for p) of the exit medium.
#[inline(always)]
pub(crate) fn admittances(sheet: &Sheet, s2: Complex64) -> [Complex64; 2] {
    let q = normal_index(sheet.eps, s2);
    [q, q * sheet.inverse_eps]
}

impl Sheet {
    /// From the back of the layer to its front, at a squared in-plane index that is real or of negative imaginary part.
    #[inline(always)]
    pub(super) fn pass(&self, s2: Complex64, back: Load) -> Step {
        let q = normal_index(self.eps, s2);
        let size = q.norm_sqr();
        let inverse_q = q.conj() * size.recip();
        let delta = q * self.k0_d;
        let turn @ (sin, cos) = sin_cos(delta.re);
        let fade @ (intensity, minus_1) = exp_and_minus_1(-2.0 * delta.im);
        // -(exp(2 i delta) - 1) / 2, and the same over q, of which grazing waves see the limit
        let half_loss = Complex64::new(intensity * sin * sin - 0.5 * minus_1, -intensity * sin * cos);
        let over_q = half_loss * inverse_q;
        let over_q = if size > 0.0 { over_q } else { Complex64::new(0.0, -self.k0_d) };
        let diagonal = 1.0 - half_loss;
        let back = back.scaled_down();
        let [s, p] = back.fields;
        let fields = [
            Fields { f: diagonal * s.f + over_q * s.g, g: half_loss * q * s.f + diagonal * s.g },
            Fields {
                f: diagonal * p.f + over_q * self.eps * p.g,
                g: half_loss * q * self.inverse_eps * p.f + diagonal * p.g,
            },
        ];
        let front = Load { fields, delta_sum: back.delta_sum + delta };
        Step { q, inverse_q, delta, turn, fade, back, front }
    }
}

impl Step {
    /// `exp(i delta)`.
    #[inline(always)]
    pub(super) fn across(&self) -> Complex64 {
        let (sin, cos) = self.turn;
        Complex64::new(cos, sin) * self.fade.0.sqrt()
    }
}

impl Stack {
    /// Fields at the first face where `F = 1` stands for the exit, for a squared in-plane index `s2` that is real,
    /// or of negative imaginary part. Calls `visit` for each layer, the last one first.
    #[inline]
    pub(crate) fn load(&self, s2: Complex64, mut visit: impl FnMut(&Sheet, Step)) -> Load {
        let mut load = Load::at_exit(&self.exit, s2);
        for sheet in self.sheets.iter().rev() {
            let step = sheet.pass(s2, load);
            load = step.front;
            visit(sheet, step);
        }
        load
    }
}

impl Load {
    #[inline(always)]
    pub(super) fn at_exit(exit: &Sheet, s2: Complex64) -> Self {
        let [y_s, y_p] = admittances(exit, s2);
        let one = Complex64::ONE;
        Self { fields: [Fields { f: one, g: y_s }, Fields { f: one, g: y_p }], delta_sum: Complex64::ZERO }
    }

    /// The same with smaller fields, where they are very large.
    #[inline(always)]
    fn scaled_down(self) -> Self {
        let [s, p] = self.fields;
        let large = s.f.norm_sqr().max(p.f.norm_sqr()) > RESCALE_ABOVE;
        let (scale, depth) = if large { (RESCALE_BY, RESCALE_DEPTH) } else { (1.0, 0.0) };
        let fields = [s, p].map(|Fields { f, g }| Fields { f: f * scale, g: g * scale });
        Self { fields, delta_sum: Complex64::new(self.delta_sum.re, self.delta_sum.im + depth) }
    }

    /// `1 / (Y_0 F + G)` for a polarisation: with an incident wave of unit amplitude, `F` and `G` at the first face
    /// are `2 Y_0` times this times the load's.
    #[inline(always)]
    pub(crate) fn per_incident(&self, polarisation: usize, y_0: Complex64) -> Complex64 {
        let Fields { f, g } = self.fields[polarisation];
        (y_0 * f + g).inv()
    }

    /// Reflection coefficient seen from a medium of admittance `y_0`; -1 for a wave along the layers.
    #[inline(always)]
    pub(crate) fn reflection(&self, polarisation: usize, y_0: Complex64) -> Complex64 {
        let Fields { f, g } = self.fields[polarisation];
        let reflection = (y_0 * f - g) / (y_0 * f + g);
        if y_0.norm_sqr() > 0.0 { reflection } else { Complex64::new(-1.0, 0.0) }
    }
}
