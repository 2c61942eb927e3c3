//! Power absorbed in each layer, by the fields of the dipole's plane waves in it.

use bytemuck::must_cast;

use super::emitter::Dipole;
use super::pieces::pieces;
use super::plates::{Arrivals, Plate};
use super::powers::Oriented;
use super::radiation::Worth;
use crate::optics::coherent::{Loads, Powers, Workspaces};
use crate::optics::lanes::{LANES, Many, Row};
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
        let (light_line, far) = (self.light_line(), self.far());
        let tail = self.tail_edges(edges[edges.len() - 1]);
        let modes = self.narrow_modes();
        let mut workspaces: [Workspaces; 4] = Default::default();
        // (perp, par) by layer at once, by layer after the substrate, in the outer media
        let quantities = 2 * (2 * count + 2);
        let windows = edges.windows(2).chain(tail.windows(2)).filter(|edge| edge[1] <= up_to);
        for piece in windows.flat_map(|edge| pieces((edge[0], edge[1]), &modes)) {
            let (from, to) = piece.range();
            let f = |t: &Row, out: &mut [Row]| {
                let [u, du] = piece.at_each(t);
                self.absorption_over_u(&u, &mut workspaces, out);
                for row in out {
                    for lane in 0..LANES {
                        row[lane] *= u[lane] * du[lane];
                    }
                }
            };
            let value = integrate(f, quantities, from, to, EFFORT).value;
            for (of, powers) in [&mut powers.perp, &mut powers.par].into_iter().enumerate() {
                for layer in 0..count {
                    let at_once = value[2 * layer + of];
                    // the edges of windows are merged within 1e-12
                    if piece.to <= light_line + 1e-11 {
                        powers.below_light_line[layer] += at_once;
                    }
                    let all = if piece.to <= far { &mut powers.propagating } else { &mut powers.evanescent };
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
    fn absorption_over_u(&self, u: &Row, workspaces: &mut [Workspaces; 4], out: &mut [Row]) {
        out.fill([0.0; LANES]);
        let count = self.layer_count;
        let in_plane = u.map(|u| self.n_e * u);
        let ([front, back], from_substrate) = workspaces.split_first_chunk_mut().expect("two of four");
        let loads = [
            self.halves[0].stack.absorbed_per_load(&in_plane, front),
            self.halves[1].stack.absorbed_per_load(&in_plane, back),
        ];
        let [worth, flux] = worth_and_flux(self, u, &loads);
        for (side, workspaces) in [front, back].into_iter().enumerate() {
            for (outwards, absorbed) in workspaces.layers().enumerate() {
                add(&mut out[2 * self.layer_number(side, outwards)..], &worth[side], absorbed);
            }
            if self.halves[side].outer.open_index().is_none() {
                let [perp, par_s, par_p] = flux[side];
                out[2 * (2 * count + side)] = perp;
                out[2 * (2 * count + side) + 1] = std::array::from_fn(|lane| par_s[lane] + par_p[lane]);
            }
        }
        let plates = [0, 1].map(|side| {
            let (stack, face) = self.halves[side].from_substrate.as_ref()?;
            let layers = stack.absorptances_of_many(&in_plane, &mut from_substrate[side]);
            let face = face.absorptances_of_many(&in_plane, &mut Workspaces::default());
            Some((stack.incidence_index(), layers, face))
        });
        if plates.iter().all(Option::is_none) {
            return;
        }
        let sent_back = sent_back(&plates, &in_plane, &flux);
        for side in 0..2 {
            if plates[side].is_none() {
                continue;
            }
            for (inwards, absorbed) in from_substrate[side].layers().enumerate() {
                let layer = if side == 0 { inwards } else { count - 1 - inwards };
                add(&mut out[2 * (count + layer)..], &sent_back[side], absorbed);
            }
        }
    }
}

/// Of a substrate: its index, and what the layers and its outer face do with light from within it.
type PlateRows = (f64, Powers, Powers);

/// What the outer face of each substrate sends back on all passes, of waves with these first fluxes into them.
fn sent_back(plates: &[Option<PlateRows>; 2], in_plane: &Row, flux: &[[Row; 3]; 2]) -> [[Row; 3]; 2] {
    let mut sent_back = [[[0.0; LANES]; 3]; 2];
    for lane in 0..LANES {
        let at = plates.each_ref().map(|plate| {
            let (index, layers, face) = plate.as_ref()?;
            (in_plane[lane] < *index).then(|| Plate { layers: layers.get(lane), face: face.get(lane) })
        });
        // vertical p, horizontal s and horizontal p
        for (wave, pol) in [1, 0, 1].into_iter().enumerate() {
            let arrivals = Arrivals::new(&at, pol);
            let entering = [0, 1].map(|side| flux[side][wave][lane]);
            for to in 0..2 {
                let Some(plate) = &at[to] else { continue };
                let all = arrivals.own[to] * entering[to] + arrivals.crossed_to(to, entering);
                sent_back[to][wave][lane] = plate.face[pol].reflectance * all;
            }
        }
    }
    sent_back
}

/// Adds what is absorbed of s and p, weighted with what waves of vertical p, horizontal s and horizontal p are worth.
fn add(out: &mut [Row], [perp, par_s, par_p]: &[Row; 3], [s, p]: &[Row; 2]) {
    for lane in 0..LANES {
        out[0][lane] += perp[lane] * p[lane];
        out[1][lane] += par_s[lane] * s[lane] + par_p[lane] * p[lane];
    }
}

/// For both sides, what waves are worth where loads have their own fields, and their flux through the last face.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn worth_and_flux(dipole: &Dipole, u: &Row, loads: &[Loads; 2]) -> [[[Row; 3]; 2]; 2] {
    let (mut worths, mut fluxes) = (Many::<Worth, 6>::zero(), Many::<Worth, 6>::zero());
    for lane in 0..LANES {
        let loads = [loads[0].get(lane), loads[1].get(lane)];
        let worth = dipole.worth(u[lane], &loads);
        let s2 = dipole.in_plane_squared(u[lane].into());
        worths.put(lane, worth);
        let front = dipole.exit_flux(0, s2, &worth[0], &loads[0]);
        fluxes.put(lane, [front, dipole.exit_flux(1, s2, &worth[1], &loads[1])]);
    }
    [worths, fluxes].map(|of| must_cast(*of.rows()))
}
