//! Sine, cosine and exponential without branches, so that loops over many waves become vector instructions.
//!
//! The argument is brought near 0 by whole quarter turns, or doublings, that are subtracted in parts of few digits
//! (W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980, (recalled)); there the Taylor series is exact
//! to rounding. Results are within 1.1 units of the last digit (tests below).

use std::f64::consts::{FRAC_2_PI, LOG2_E};

/// Added to a number and taken away again, it leaves the nearest integer, which the last digits of the sum show.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// A quarter turn, in parts whose products with an integer of 20 bits are exact, and the rest.
const QUARTER: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];
/// Beyond this an argument does not tell its place in a turn; it counts as 0.
const PHASE_LOST: f64 = 1e15;
const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
/// Below this `exp` would leave the normal numbers; it counts as 0.
const SMALLEST_EXPONENT: f64 = -708.0;

/// `1 / n!` from `n = 0` on.
const INVERSE_FACTORIAL: [f64; 17] = {
    let mut terms = [1.0; 17];
    let mut n = 1;
    while n < 17 {
        terms[n] = terms[n - 1] / n as f64;
        n += 1;
    }
    terms
};

/// `sum of z^i (-1)^i / (from + 2 i)!`, that many terms of a sine's or a cosine's series.
#[inline(always)]
fn alternating(z: f64, from: usize, terms: usize) -> f64 {
    let mut sum = 0.0;
    for i in (0..terms).rev() {
        sum = INVERSE_FACTORIAL[from + 2 * i] - z * sum;
    }
    sum
}

/// Sine and cosine.
#[inline(always)]
pub(crate) fn sin_cos(x: f64) -> (f64, f64) {
    // infinities become NaN
    let x = x - if x.abs() > PHASE_LOST { x } else { 0.0 };
    let shifted = x * FRAC_2_PI + SHIFT;
    let quarters = shifted - SHIFT;
    let rest = ((x - quarters * QUARTER[0]) - quarters * QUARTER[1]) - quarters * QUARTER[2];
    let z = rest * rest;
    let sin = rest - rest * z * alternating(z, 3, 7);
    let cos = 1.0 - (0.5 * z - z * z * alternating(z, 4, 7));
    let turn = shifted.to_bits();
    let (s, c) = if turn & 1 == 0 { (sin, cos) } else { (cos, sin) };
    let negative = |yes: u64, number: f64| f64::from_bits(number.to_bits() ^ (yes & 2) << 62);
    (negative(turn, s), negative(turn.wrapping_add(1), c))
}

/// `exp(x)` and `exp(x) - 1` for `x <= 709`.
#[inline(always)]
pub(crate) fn exp_and_minus_1(x: f64) -> (f64, f64) {
    let vanishes = x < SMALLEST_EXPONENT;
    let x = if vanishes { SMALLEST_EXPONENT } else { x };
    let shifted = x * LOG2_E + SHIFT;
    let doublings = shifted - SHIFT;
    let rest = (x - doublings * LN_2[0]) - doublings * LN_2[1];
    let mut sum = 0.0;
    for term in INVERSE_FACTORIAL[2..15].iter().rev() {
        sum = term + rest * sum;
    }
    let minus_1 = rest + rest * rest * sum;
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    let power = if vanishes { 0.0 } else { power };
    (power + power * minus_1, power * minus_1 + (power - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A difference in units of the last digit of `unit`.
    fn digits(a: f64, b: f64, unit: f64) -> f64 {
        (a - b).abs() / (unit * f64::EPSILON)
    }

    #[test]
    fn close_to_the_standard_library() {
        let mut worst = [0.0f64; 4];
        for i in 0..400_000 {
            let x = (i as f64 - 200_000.0) * 1e-3 + (i as f64 * 0.7).sin() * 1e-4;
            for x in [x, x * 1e-5, x * 37.0] {
                let ((sin, cos), (s, c)) = (x.sin_cos(), sin_cos(x));
                worst[0] = worst[0].max(digits(s, sin, sin.abs())).max(digits(c, cos, cos.abs()));
                let x = -x.abs();
                let (exp, minus_1) = exp_and_minus_1(x);
                if x > SMALLEST_EXPONENT {
                    worst[1] = worst[1].max(digits(exp, x.exp(), x.exp()));
                }
                worst[2] = worst[2].max(digits(minus_1, x.exp_m1(), x.exp_m1().abs().max(1e-300)));
                let (exp, minus_1) = exp_and_minus_1(-x * 0.05);
                let larger = (-x * 0.05).exp();
                worst[3] = worst[3].max(digits(exp, larger, larger)).max(digits(minus_1, (-x * 0.05).exp_m1(), larger));
            }
        }
        println!("{worst:?}");
        assert!(worst.iter().all(|digits| *digits < 1.1), "{worst:?}");
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!(sin_cos(0.0), (0.0, 1.0));
        assert_eq!(exp_and_minus_1(0.0), (1.0, 0.0));
        assert_eq!([exp_and_minus_1(-1e6), exp_and_minus_1(f64::NEG_INFINITY)], [(0.0, -1.0); 2]);
        assert!(exp_and_minus_1(-707.0).0 > 0.0);
        let (sin, cos) = sin_cos(1e13);
        assert!((sin - 1e13f64.sin()).abs() < 1e-2 && (cos - 1e13f64.cos()).abs() < 1e-2, "{sin}, {cos}");
        assert!(sin_cos(f64::NAN).0.is_nan() && sin_cos(f64::INFINITY).1.is_nan());
        assert!(exp_and_minus_1(f64::NAN).0.is_nan());
        assert!(sin_cos(1e300).0.abs() <= 1.0);
    }
}
