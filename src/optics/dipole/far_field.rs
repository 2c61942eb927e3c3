//! Radiant intensity by angle and polarisation.

use std::f64::consts::TAU;

use super::emitter::{Dipole, Side};

/// Where the far field is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// In the outer medium of the thin layers.
    Layers,
    /// Behind the substrate, what crosses its outer face at the first pass.
    SubstrateAtOnce,
    /// Behind the substrate, with all reflections between its faces.
    Substrate,
}

impl Dipole {
    /// Radiant intensity in 1/sr for s and p at an angle to the normal in the medium looked at, relative to the whole
    /// power in the unbounded medium of index n_e; divide by the Purcell factor for shares of the dipole's own power.
    ///
    /// `I = K(u) (du/dtheta) / (2 pi sin(theta))`, `u = n sin(theta) / n_e`. `horizontal` is the share of dipoles in
    /// the plane of the layers. 0 where the medium absorbs, and behind a substrate that is not there.
    pub fn far_field(&self, side: Side, beyond: Beyond, horizontal: f64, angle_deg: f64) -> [f64; 2] {
        let half = &self.halves[side as usize];
        let medium = match beyond {
            Beyond::Layers => half.outer.open_index(),
            _ => half.from_substrate.as_ref().map(|(_, face)| face.exit_index().re),
        };
        let Some(n) = medium.filter(|_| angle_deg.abs() < 90.0) else {
            return [0.0; 2];
        };
        let (sin, cos) = angle_deg.to_radians().sin_cos();
        let in_plane_index = n * sin.abs();
        let per_steradian = self.per_cosine(side, horizontal, in_plane_index, n * cos).map(|power| n * power / TAU);
        if beyond == Beyond::Layers {
            return per_steradian;
        }
        let pass = usize::from(beyond == Beyond::Substrate);
        let escape = self.substrate_escape(side as usize, in_plane_index);
        [0, 1].map(|pol| per_steradian[pol] * escape[pol][pass])
    }

    /// Power for s and p into the outer medium of a side per unit of the cosine to the normal there, relative to the
    /// whole power in the unbounded medium of index n_e. 0 where that medium absorbs.
    pub fn radiated_per_cosine(&self, side: Side, horizontal: f64, cosine: f64) -> [f64; 2] {
        let Some(n) = self.halves[side as usize].outer.open_index() else {
            return [0.0; 2];
        };
        let in_plane_index = n * ((1.0 - cosine) * (1.0 + cosine)).max(0.0).sqrt();
        self.per_cosine(side, horizontal, in_plane_index, n * cosine).map(|power| n * power)
    }

    /// Cosines in the outer medium of a side between which the power there is smooth, from 0 to 1.
    pub fn smooth_cosines(&self, side: Side) -> Vec<f64> {
        let Some(n) = self.halves[side as usize].outer.open_index() else {
            return vec![0.0, 1.0];
        };
        let sines = self.window_edges().into_iter().map(|u| u * self.n_e / n).filter(|sine| *sine < 1.0 - 1e-12);
        let mut cosines: Vec<f64> = sines.map(|sine| ((1.0 - sine) * (1.0 + sine)).sqrt()).collect();
        cosines.push(0.0);
        cosines.reverse();
        cosines
    }

    /// Power for s and p per `d(n cosine)`, at a normal and an in-plane index of the medium that it goes to.
    fn per_cosine(&self, side: Side, horizontal: f64, in_plane_index: f64, normal_index: f64) -> [f64; 2] {
        let [perp, par_s, par_p] = self.radiation_over_u(in_plane_index / self.n_e)[side as usize];
        let u_du = normal_index / (self.n_e * self.n_e);
        [horizontal * par_s * u_du, (horizontal * par_p + (1.0 - horizontal) * perp) * u_du]
    }
}
