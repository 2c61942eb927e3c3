//! Power absorbed in each layer, by the fields of the dipole's plane waves in it.

use num_complex::Complex64;

use super::emitter::Dipole;
use super::pieces::pieces;
use super::powers::Oriented;
use crate::optics::coherent::Workspace;
use crate::optics::quadrature::{Effort, integrate};

const EFFORT: Effort = Effort { tolerance: 1e-9, start: 8, limit: 2000 };

/// Powers absorbed, relative to the dipole's in an unbounded medium of index n_e. Layers are those of the whole stack;
/// the emitter's own is 0 here, since it enters without absorption.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerPowers {
    /// From waves of `u < 1`, as light reaches the layers for the first time.
    pub propagating: Vec<f64>,
    /// Of that, from waves that reach an outer medium.
    pub below_light_line: Vec<f64>,
    /// From waves of `u > 1`.
    pub evanescent: Vec<f64>,
    /// From light that the outer face of a substrate sends back, on all its passes.
    pub after_substrate: Vec<f64>,
    /// In outer media that absorb, front and back.
    pub outer: [f64; 2],
}

impl LayerPowers {
    fn zero(layers: usize) -> Self {
        let none = vec![0.0; layers];
        Self {
            propagating: none.clone(),
            below_light_line: none.clone(),
            evanescent: none.clone(),
            after_substrate: none,
            outer: [0.0; 2],
        }
    }

    /// Dipoles of which a share lies in the plane of the layers.
    fn mixed(parts: [(&Self, f64); 2]) -> Self {
        let sum = |of: fn(&Self) -> &[f64]| {
            let [(a, x), (b, y)] = parts;
            of(a).iter().zip(of(b)).map(|(a, b)| a * x + b * y).collect::<Vec<_>>()
        };
        let outer = sum(|powers| &powers.outer);
        Self {
            propagating: sum(|powers| &powers.propagating),
            below_light_line: sum(|powers| &powers.below_light_line),
            evanescent: sum(|powers| &powers.evanescent),
            after_substrate: sum(|powers| &powers.after_substrate),
            outer: [outer[0], outer[1]],
        }
    }

    /// Absorbed in one layer at the first pass, from waves of any `u`.
    pub fn at_once(&self, layer: usize) -> f64 {
        self.propagating[layer] + self.evanescent[layer]
    }

    /// Absorbed at the first pass in all layers and absorbing outer media.
    pub fn total_at_once(&self) -> f64 {
        self.propagating.iter().chain(&self.evanescent).chain(&self.outer).sum()
    }
}

impl Oriented<LayerPowers> {
    /// Dipoles of which a share lies in the plane of the layers: 2/3 isotropic, 1 horizontal, 0 vertical.
    pub fn mix(&self, horizontal: f64) -> LayerPowers {
        LayerPowers::mixed([(&self.perp, 1.0 - horizontal), (&self.par, horizontal)])
    }
}

impl Dipole {
    /// Absorption by layer. It is integrated on the real axis, so that power in a guided mode that no layer absorbs
    /// (a line without width) is not part of it: F less the radiated and the absorbed power is that power. Narrow
    /// lines of weakly absorbed modes are found first and each given a variable of its own.
    pub fn layer_powers(&self) -> Oriented<LayerPowers> {
        self.layer_powers_up_to(f64::INFINITY)
    }

    /// The same of waves up to some `u`.
    pub(super) fn layer_powers_up_to(&self, up_to: f64) -> Oriented<LayerPowers> {
        let count = self.layer_count;
        let mut powers = Oriented { perp: LayerPowers::zero(count), par: LayerPowers::zero(count) };
        if self.k_e_to_loss.is_none() {
            return powers;
        }
        let edges = self.window_edges();
        let light_line = self.light_line();
        let tail = self.tail_edges(edges[edges.len() - 1]);
        let modes = self.narrow_modes();
        let mut workspace = [Workspace::default(), Workspace::default(), Workspace::default()];
        // (perp, par) by layer at once, by layer after the substrate, in the outer media
        let quantities = 2 * (2 * count + 2);
        let windows = edges.windows(2).chain(tail.windows(2)).filter(|edge| edge[1] <= up_to);
        for piece in windows.flat_map(|edge| pieces((edge[0], edge[1]), &modes)) {
            let (from, to) = piece.range();
            let f = |t: f64, out: &mut [f64]| {
                let (u, du) = piece.at(t);
                self.absorption_over_u(u, &mut workspace, out);
                out.iter_mut().for_each(|power| *power *= u * du);
            };
            let value = integrate(f, quantities, from, to, EFFORT).value;
            for (of, powers) in [&mut powers.perp, &mut powers.par].into_iter().enumerate() {
                for layer in 0..count {
                    let at_once = value[2 * layer + of];
                    // the edges of windows are merged within 1e-12
                    if piece.to <= light_line + 1e-11 {
                        powers.below_light_line[layer] += at_once;
                    }
                    let all = if piece.to <= 1.0 { &mut powers.propagating } else { &mut powers.evanescent };
                    all[layer] += at_once;
                    powers.after_substrate[layer] += value[2 * (count + layer) + of];
                }
                for side in 0..2 {
                    powers.outer[side] += value[2 * (2 * count + side) + of];
                }
            }
        }
        powers
    }

    /// Absorption per `u du`, as [`Dipole::layer_powers`] orders it.
    fn absorption_over_u(&self, u: f64, workspace: &mut [Workspace; 3], out: &mut [f64]) {
        out.fill(0.0);
        let count = self.layer_count;
        let in_plane_index = self.n_e * u;
        let s2 = Complex64::from(in_plane_index * in_plane_index);
        let loads = [0, 1].map(|side| self.halves[side].stack.absorbed_per_load(in_plane_index, &mut workspace[side]));
        let waves = self.waves(u, loads);
        for side in 0..2 {
            let [perp, par_s, par_p] = waves.worth[side];
            for (outwards, [s, p]) in workspace[side].layers().enumerate() {
                let layer = self.layer_number(side, outwards);
                out[2 * layer] = perp * p;
                out[2 * layer + 1] = par_s * s + par_p * p;
            }
            if self.halves[side].outer.open_index().is_none() {
                let [perp, par_s, par_p] = self.exit_flux(side, &waves, s2);
                out[2 * (2 * count + side)] = perp;
                out[2 * (2 * count + side) + 1] = par_s + par_p;
            }
        }
        for side in 0..2 {
            let Some((stack, face)) = &self.halves[side].from_substrate else { continue };
            if in_plane_index >= stack.incidence_index() {
                continue;
            }
            let [perp, par_s, par_p] = self.radiated_flux(side, &waves, s2);
            let back = stack.absorptances(in_plane_index, &mut workspace[2]);
            let face = face.power(in_plane_index);
            // light sent back by the face, all passes, over what first enters the substrate
            let [s, p] = [0, 1].map(|pol| {
                let round = 1.0 - face[pol].reflectance * back[pol].reflectance;
                if round > 1e-14 { face[pol].reflectance / round } else { 0.0 }
            });
            for (inwards, [absorbed_s, absorbed_p]) in workspace[2].layers().enumerate() {
                let layer = if side == 0 { inwards } else { count - 1 - inwards };
                out[2 * (count + layer)] += perp * p * absorbed_p;
                out[2 * (count + layer) + 1] += par_s * s * absorbed_s + par_p * p * absorbed_p;
            }
        }
    }
}
