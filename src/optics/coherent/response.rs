//! What a stack does to a plane wave: reflection, transmission, absorption.

use bytemuck::{Pod, Zeroable};
use num_complex::Complex64;

use super::Polarisation;
use super::absorption::Workspace;
use super::recursion::{Load, admittances, first_quadrant_root};
use super::stack::Stack;
use crate::optics::elementary::exp_and_minus_1;

/// Shares of the incident power.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Power {
    pub reflectance: f64,
    /// Power that enters the exit medium; 0 beyond total reflection.
    pub transmittance: f64,
}

/// Shares of the incident power, with the absorptance of each layer in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub reflectance: f64,
    pub transmittance: f64,
    pub absorptance: Vec<f64>,
}

impl Stack {
    /// Admittances of the incidence medium for s and p.
    #[inline(always)]
    pub(crate) fn incident_admittances(&self, s2: Complex64) -> [Complex64; 2] {
        let eps = self.incidence * self.incidence;
        let q = first_quadrant_root(eps - s2);
        [q, q / eps]
    }

    /// Reflectance and transmittance for s and p; for many waves, [`Stack::powers`].
    ///
    /// An in-plane index of at least the incidence medium's brings no power: all is reflected.
    #[inline]
    pub fn power(&self, in_plane_index: f64) -> [Power; 2] {
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        let load = self.load(s2, |_, _| ());
        self.power_of(&load, s2)
    }

    #[inline(always)]
    pub(crate) fn power_of(&self, load: &Load, s2: Complex64) -> [Power; 2] {
        let [s, p] = self.incident_admittances(s2);
        let [y_s, y_p] = admittances(&self.exit, s2);
        let (fade, _) = exp_and_minus_1(-2.0 * load.delta_sum.im);
        // T = Re(Y_exit) |t|^2 / Y_0 with t = 2 Y_0 / (Y_0 F + G): exact also where Y_0 is nearly 0
        let brought_in = self.brought_in(load, s2);
        let mut powers = [Power { reflectance: 1.0, transmittance: 0.0 }; 2];
        for (pol, (y_0, y_exit)) in [(s, y_s), (p, y_p)].into_iter().enumerate() {
            let reflectance = load.reflection(pol, y_0).norm_sqr();
            let reflectance = if y_0.re > 0.0 { reflectance } else { 1.0 };
            powers[pol] = Power { reflectance, transmittance: y_exit.re * fade * brought_in[pol] };
        }
        powers
    }

    /// Everything about one polarisation at an in-plane index.
    pub fn response(&self, in_plane_index: f64, polarisation: Polarisation) -> Response {
        let mut workspace = Workspace::default();
        let power = self.absorptances(in_plane_index, &mut workspace)[polarisation as usize];
        let absorptance = workspace.layers().map(|of| of[polarisation as usize]).collect();
        Response { reflectance: power.reflectance, transmittance: power.transmittance, absorptance }
    }

    /// [`Stack::response`] at an angle to the normal in the incidence medium.
    pub fn response_at_angle(&self, angle_deg: f64, polarisation: Polarisation) -> Response {
        self.response(self.in_plane_index(angle_deg), polarisation)
    }
}
