//! Random numbers turned into free paths, directions and choices. Twin of `shaders/sampling.wgsl`.
//!
//! Logarithm, sine and cosine are written out as polynomials: the accuracy of a device's own is not
//! promised (Vulkan allows sin an error of 2^-11), and this way both engines compute the same bits.

use std::hint::select_unpredictable;

use glam::{Vec2, Vec3, vec2, vec3};

use super::geometry::{GRAZING, Photon};
use super::rng::rng_next;
use crate::tables::Node;

pub const LN_2: f32 = std::f32::consts::LN_2;
/// The largest f32 below 1.
pub const BELOW_ONE: f32 = 1.0 - f32::EPSILON / 2.0;
pub const PI: f32 = std::f32::consts::PI;

/// A uniform number on [0, 1), a multiple of 2^-24: 1 cannot occur.
#[inline(always)]
pub fn uniform_f32(photon: &mut Photon) -> f32 {
    (rng_next(photon) >> 8) as f32 * exp2_int(-24)
}

/// A uniform number from 32 random bits, fine near 0, for choices in which what is rare matters. 1 cannot occur.
#[inline(always)]
pub fn uniform_fine(bits: u32) -> f32 {
    ((bits as f32 + 0.5) * exp2_int(-32)).min(BELOW_ONE)
}

/// 2^exponent, exactly, for -126 <= exponent <= 127.
#[inline(always)]
pub fn exp2_int(exponent: i32) -> f32 {
    f32::from_bits(((exponent + 127) as u32) << 23)
}

/// ln((1 + s) / (1 - s)) = 2 artanh(s) for |s| <= 1/3, to f32 accuracy relative to the result.
#[inline(always)]
pub fn ln_ratio(s: f32) -> f32 {
    let q = s * s;
    let mut series = 1.0 / 15.0;
    series = series * q + 1.0 / 13.0;
    series = series * q + 1.0 / 11.0;
    series = series * q + 1.0 / 9.0;
    series = series * q + 1.0 / 7.0;
    series = series * q + 1.0 / 5.0;
    series = series * q + 1.0 / 3.0;
    2.0 * s + 2.0 * s * q * series
}

/// An optical depth with density exp(-tau), from 32 random bits: -ln((bits + 1/2) / 2^32), fine at both
/// ends, so that a layer of optical depth 1e-7 comes out right.
#[inline(always)]
pub fn free_path(bits: u32) -> f32 {
    let parts = free_path_parts(bits);
    ln_ratio(parts.x) - parts.y
}

/// What `free_path` takes the logarithm of, as `ln_ratio` wants it, and how much less it is.
#[inline(always)]
pub fn free_path_parts(bits: u32) -> Vec2 {
    // which half, counted from its own end
    let short = bits >= 0x8000_0000;
    let x = if short { !bits } else { bits } as i32 as f32 + 0.5;
    // the short half is -ln(1 - y) = ln_ratio(y / (2 - y)), with y at most 1/2
    let y = x * exp2_int(-32);
    // the long half is -ln(mantissa * 2^exponent), with the mantissa in [1, 2)
    let exponent = (x.to_bits() >> 23) as i32 - 127 - 32;
    let mantissa = f32::from_bits((x.to_bits() & 0x007f_ffff) | 0x3f80_0000);
    let numerator = if short { y } else { 1.0 - mantissa };
    let denominator = if short { 2.0 - y } else { 1.0 + mantissa };
    // a product where a choice would do: compilers of shaders round differently what they make of that
    let long = if short { 0.0 } else { 1.0 };
    vec2(numerator / denominator, long * exponent as f32 * LN_2)
}

/// -ln(x) for 0 < x <= 1, to f32 accuracy relative to the result.
#[inline(always)]
pub fn minus_ln(x: f32) -> f32 {
    if x > 0.5 {
        return ln_ratio((1.0 - x) / (1.0 + x));
    }
    let exponent = (x.to_bits() >> 23) as i32 - 127;
    let mantissa = f32::from_bits((x.to_bits() & 0x007f_ffff) | 0x3f80_0000);
    ln_ratio((1.0 - mantissa) / (1.0 + mantissa)) - exponent as f32 * LN_2
}

/// Cosine and sine of a share of a full turn, 0 <= share < 1, from those of the half angle.
#[inline(always)]
pub fn cos_sin_turn(share: f32) -> Vec2 {
    // the turn counted from its middle: the half angle lies in -pi/2 .. pi/2, and both signs change
    let x = (share - 0.5) * PI;
    let q = x * x;
    let mut sine = 1.0 / 6_227_020_800.0;
    sine = sine * q - 1.0 / 39_916_800.0;
    sine = sine * q + 1.0 / 362_880.0;
    sine = sine * q - 1.0 / 5040.0;
    sine = sine * q + 1.0 / 120.0;
    sine = sine * q - 1.0 / 6.0;
    sine = x + x * q * sine;
    let mut cosine = -1.0 / 87_178_291_200.0;
    cosine = cosine * q + 1.0 / 479_001_600.0;
    cosine = cosine * q - 1.0 / 3_628_800.0;
    cosine = cosine * q + 1.0 / 40_320.0;
    cosine = cosine * q - 1.0 / 720.0;
    cosine = cosine * q + 1.0 / 24.0;
    cosine = cosine * q - 0.5;
    cosine = 1.0 + cosine * q;
    vec2(2.0 * sine * sine - 1.0, -2.0 * sine * cosine)
}

/// A direction into z > 0 whose flux density goes with cos(theta).
#[inline(always)]
pub fn lambertian(photon: &mut Photon) -> Vec3 {
    // 1 - uniform lies in (0, 1], so the direction never grazes exactly
    let cos2_theta = 1.0 - uniform_f32(photon);
    let sin_theta = (1.0 - cos2_theta).sqrt();
    let turn = cos_sin_turn(uniform_f32(photon));
    vec3(sin_theta * turn.x, sin_theta * turn.y, cos2_theta.sqrt())
}

/// Cosine of the scattering angle by Henyey and Greenstein (1941), inverted at the uniform number u.
#[inline(always)]
pub fn henyey_greenstein(g: f32, u: f32) -> f32 {
    let s = 2.0 * u - 1.0;
    let a = 1.0 - g + 2.0 * g * u;
    // for weak anisotropy the closed form with g divided out of its numerator, so that g = 0 needs no case of its own
    let weak = g.abs() < 0.5;
    let numerator = s + g * (1.5 + 0.5 * s * s) + g * g * s + 0.5 * g * g * g * (s * s - 1.0);
    let ratio = if weak { numerator } else { 1.0 - g * g } / if weak { a * a } else { a };
    let strong = (1.0 + g * g - ratio * ratio) / if weak { 1.0 } else { 2.0 * g };
    if weak { ratio } else { strong }.clamp(-1.0, 1.0)
}

/// The direction turned by an angle, at an azimuth given as a share of a full turn.
#[inline(always)]
pub fn deflect(direction: Vec3, cos_theta: f32, azimuth: f32) -> Vec3 {
    deflect_at(direction, cos_theta, cos_sin_turn(azimuth))
}

/// The same at an azimuth given by its cosine and sine.
#[inline(always)]
pub fn deflect_at(direction: Vec3, cos_theta: f32, turn: Vec2) -> Vec3 {
    // two unit vectors across the direction (Duff et al., J. Comput. Graph. Tech. 6(1), 2017)
    let up = if direction.z >= 0.0 { 1.0 } else { -1.0 };
    let a = -1.0 / (up + direction.z);
    let b = direction.x * direction.y * a;
    let across_1 = vec3(1.0 + up * direction.x * direction.x * a, up * b, -up * direction.x);
    let across_2 = vec3(b, up + direction.y * direction.y * a, -direction.y);
    let sin_theta = (1.0 - cos_theta * cos_theta).max(0.0).sqrt();
    let turned = across_1 * (sin_theta * turn.x) + across_2 * (sin_theta * turn.y) + direction * cos_theta;
    // one Newton step back to unit length, and never exactly in the plane of the layers
    let unit = turned * (1.5 - 0.5 * turned.dot(turned));
    vec3(unit.x, unit.y, if unit.z == 0.0 { GRAZING } else { unit.z })
}

/// A node of a spectrum by its alias table (Walker 1977; Vose 1991): the high half of bits x length picks
/// the node, the low half decides between it and its alias.
#[inline(always)]
pub fn choose_node(nodes: &[Node], first_node: u32, length: u32, bits: u32) -> u32 {
    let product = bits as u64 * length as u64;
    let node = first_node + (product >> 32) as u32;
    let Node { threshold, alias_node, .. } = nodes[node as usize];
    select_unpredictable((product as u32) < threshold, node, alias_node)
}
