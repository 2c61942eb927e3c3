//! Field and absorption against depth.

use num_complex::Complex64;

use super::Polarisation;
use super::recursion::Step;
use super::stack::Stack;

/// Field at one depth, for an incident wave of unit electric field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldPoint {
    pub depth_nm: f64,
    /// Layer that the depth lies in.
    pub layer: usize,
    /// `|E|^2` over that of the incident wave.
    pub intensity: f64,
    /// Share of the incident power absorbed per nm of depth; its integral over a layer is the layer's absorptance.
    pub absorbed_per_nm: f64,
}

impl Stack {
    /// Field at `points` depths in each layer, evenly spaced from its front to its back.
    ///
    /// For an in-plane index below that of the incidence medium; empty otherwise.
    pub fn field_profile(&self, in_plane_index: f64, polarisation: Polarisation, points: usize) -> Vec<FieldPoint> {
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        let pol = polarisation as usize;
        let y_0 = self.incident_admittances(s2)[pol];
        if y_0.re <= 0.0 || points == 0 {
            return Vec::new();
        }
        let mut steps: Vec<Step> = Vec::new();
        let load = self.load(s2, |_, step| steps.push(step));
        let incident = 2.0 * y_0 * load.per_incident(pol, y_0);
        let mut profile = Vec::with_capacity(points * self.sheets.len());
        let mut top_nm = 0.0;
        for (layer, (sheet, step)) in self.sheets.iter().zip(steps.iter().rev()).enumerate() {
            let Step { q, delta, .. } = *step;
            let (front, back) = (step.front.fields[pol], step.back.fields[pol]);
            let at_front = incident * (Complex64::i() * (load.delta_sum - step.front.delta_sum)).exp();
            let y = if pol == 0 { q } else { q * sheet.inverse_eps };
            let thickness_nm = sheet.k0_d / self.k0_per_nm();
            // waves from the front and from the back, each taken where it starts; a wave along the layers (y = 0)
            // is the straight line between the faces
            let a = 0.5 * (front.f + front.g / y) * at_front;
            let b = 0.5 * (back.f - back.g / y) * at_front * (Complex64::i() * delta).exp();
            for point in 0..points {
                let share = if points == 1 { 0.5 } else { point as f64 / (points - 1) as f64 };
                let forth = a * (Complex64::i() * delta * share).exp();
                let back_wave = b * (Complex64::i() * delta * (1.0 - share)).exp();
                let (f, g) = if y.norm_sqr() > 0.0 {
                    (forth + back_wave, y * (forth - back_wave))
                } else {
                    let end = back.f * (Complex64::i() * delta).exp();
                    ((front.f + (end - front.f) * share) * at_front, front.g * at_front)
                };
                // |E|^2 over the incident one: for p, H of the incident wave is n_0 times its E
                let electric = match polarisation {
                    Polarisation::S => f.norm_sqr(),
                    Polarisation::P => g.norm_sqr() + s2.re * (f * sheet.inverse_eps).norm_sqr(),
                };
                let per_flux = electric / y_0.re;
                let intensity = match polarisation {
                    Polarisation::S => electric,
                    Polarisation::P => electric * self.incidence * self.incidence,
                };
                profile.push(FieldPoint {
                    depth_nm: top_nm + share * thickness_nm,
                    layer,
                    intensity,
                    absorbed_per_nm: self.k0_per_nm() * sheet.eps.im * per_flux,
                });
            }
            top_nm += thickness_nm;
        }
        profile
    }
}
