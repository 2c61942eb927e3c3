//! A plane face into a medium that may absorb, in f64 (PHYSICS.md, Fresnel).
//!
//! Fields go with exp(-i omega t), so that k > 0 absorbs. r_p is the coefficient of the magnetic field: at
//! normal incidence r_p = -r_s.

use num_complex::Complex64;

/// Amplitude coefficients of reflection, and the cosine of the refracted wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reflection {
    pub r_s: Complex64,
    pub r_p: Complex64,
    /// Complex where the second medium absorbs, imaginary for total reflection.
    pub cos_t: Complex64,
}

impl Reflection {
    /// Power reflectances for s and p.
    pub fn reflectances(&self) -> (f64, f64) {
        (self.r_s.norm_sqr(), self.r_p.norm_sqr())
    }

    /// (R_s + R_p) / 2.
    pub fn unpolarised(&self) -> f64 {
        let (s, p) = self.reflectances();
        0.5 * (s + p)
    }
}

/// Reflection from a medium of real index `n_i` at one of complex index `n_t` = n + i k.
/// `cos_i` is the cosine of the angle of incidence, 0..=1.
pub fn reflection(n_i: f64, n_t: Complex64, cos_i: f64) -> Reflection {
    // Snell's law with sin^2 = (1 - cos)(1 + cos), of the two roots the one that decays away from the face
    let sin_t = n_i * ((1.0 - cos_i) * (1.0 + cos_i)).max(0.0).sqrt() / n_t;
    let root = (1.0 - sin_t * sin_t).sqrt();
    let cos_t = if (n_t * root).im < 0.0 { -root } else { root };
    Reflection {
        r_s: (n_i * cos_i - n_t * cos_t) / (n_i * cos_i + n_t * cos_t),
        r_p: (n_t * cos_i - n_i * cos_t) / (n_t * cos_i + n_i * cos_t),
        cos_t,
    }
}
