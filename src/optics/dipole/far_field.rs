//! Radiant intensity by angle and polarisation.

use std::f64::consts::TAU;

use super::emitter::{Dipole, Side};
use super::radiation::radiated;
use crate::optics::lanes::{LANES, Row};

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
        let [perp, par_s, par_p] = self.radiation_over_u(in_plane_index / self.n_e)[side as usize];
        let u_du = n * n * cos / (self.n_e * self.n_e * TAU);
        let per_steradian = [u_du * horizontal * par_s, u_du * (horizontal * par_p + (1.0 - horizontal) * perp)];
        if beyond == Beyond::Layers {
            return per_steradian;
        }
        let side = side as usize;
        let escape = self.escape(in_plane_index);
        [0, 1].map(|pol| {
            let of = &escape[pol];
            per_steradian[pol] * if beyond == Beyond::Substrate { of.own(side) } else { of.through[side] }
        })
    }

    /// Power into both outer media for s and p, per unit of each `u`, relative to the whole power in the unbounded medium
    /// of index n_e. 0 where that medium absorbs.
    pub(crate) fn radiated_per_u(&self, horizontal: f64, u: &Row) -> [[Row; 2]; 2] {
        let radiated = radiated(self, u);
        let mut powers = [[[0.0; LANES]; 2]; 2];
        for lane in 0..LANES {
            for (powers, [perp, par_s, par_p]) in powers.iter_mut().zip(radiated.get(lane)) {
                powers[0][lane] = u[lane] * horizontal * par_s;
                powers[1][lane] = u[lane] * (horizontal * par_p + (1.0 - horizontal) * perp);
            }
        }
        powers
    }

    /// Index of the outer medium of a side, by which `sin = u n_e / n` there; `None` where it absorbs.
    pub fn outer_index(&self, side: Side) -> Option<f64> {
        self.halves[side as usize].outer.open_index()
    }
}
