//! Directions of light that dipoles send out of a packet.

use crate::optics::dipole::{Dipole, Side};
use crate::tables::DIPOLE_CELLS;

/// Steps in each piece of `u` in which power is smooth.
const STEPS: usize = 96;
/// Cells of a pattern in each window of `u`.
const CELLS: usize = 192;

/// Power into the thick neighbours by the in-plane wave number `u`, worked out where it is smooth.
pub struct FarField {
    samples: Vec<Sample>,
    windows: Vec<(f64, f64)>,
    /// In the neighbours, front and back: sine of the angle to the normal over `u`; `None` where nothing is radiated.
    sine_per_u: [Option<f64>; 2],
}

struct Sample {
    u: f64,
    /// Where its range ends, and what it weighs in an integral.
    to: f64,
    weight: f64,
    powers: [[f64; 2]; 2],
}

impl FarField {
    /// Even steps of the variable in which each piece is smooth.
    pub fn new(dipole: &Dipole) -> Self {
        let samples = dipole.radiating_pieces().into_iter().flat_map(|piece| {
            let (start, end) = piece.range();
            let step = (end - start) / STEPS as f64;
            (0..STEPS).map(move |i| {
                let (u, du) = piece.at(start + (i as f64 + 0.5) * step);
                let (to, _) = piece.at(start + (i + 1) as f64 * step);
                Sample { u, to, weight: du * step, powers: [[0.0; 2]; 2] }
            })
        });
        Self {
            samples: samples.collect(),
            windows: dipole.radiating_windows(),
            sine_per_u: Side::BOTH.map(|side| dipole.outer_index(side).map(|n| dipole.emitter_index() / n)),
        }
    }

    pub fn add(&mut self, dipole: &Dipole, horizontal: f64, scale: f64) {
        let u: Vec<f64> = self.samples.iter().map(|sample| sample.u).collect();
        for (sample, powers) in self.samples.iter_mut().zip(dipole.radiated_per_u(horizontal, &u)) {
            for (sum, power) in sample.powers.iter_mut().flatten().zip(powers.into_iter().flatten()) {
                *sum += scale * sample.weight * power.max(0.0);
            }
        }
    }

    /// Powers of s and p into each side.
    pub fn by_polarisation(&self) -> [[f64; 2]; 2] {
        let sum = |side: usize, pol: usize| self.samples.iter().map(|sample| sample.powers[side][pol]).sum();
        [0, 1].map(|side| [0, 1].map(|pol| sum(side, pol)))
    }

    /// The same in cells that lie alike at every wavelength, whatever lines there are.
    pub fn pattern(&self) -> Pattern {
        let edge = |(from, to): (f64, f64), i: usize| {
            from + (to - from) * (0.5 * std::f64::consts::PI * i as f64 / CELLS as f64).sin().powi(2)
        };
        let mut cells = Vec::with_capacity(CELLS * self.windows.len());
        let mut below = [[0.0; 2]; 2];
        let (mut passed, mut done, mut start) = ([[0.0; 2]; 2], 0, 0.0);
        for window in &self.windows {
            for i in 0..CELLS {
                let (from, to) = (edge(*window, i), edge(*window, i + 1));
                while done + 1 < self.samples.len() && self.samples[done].to <= to {
                    add(&mut passed, &self.samples[done].powers, 1.0);
                    start = self.samples[done].to;
                    done += 1;
                }
                // power of all u up to here, linear within the range of a sample
                let mut until = passed;
                let sample = &self.samples[done];
                let width = sample.to - start;
                let inside = if width > 0.0 { ((to - start) / width).clamp(0.0, 1.0) } else { 1.0 };
                add(&mut until, &sample.powers, inside);
                let powers = [0, 1].map(|side| [0, 1].map(|pol| f64::max(until[side][pol] - below[side][pol], 0.0)));
                below = until;
                let cosines = self.sine_per_u.map(|ratio| [to, from].map(|u| cosine(u * ratio.unwrap_or(0.0))));
                cells.push(Cell { cosines, powers });
            }
        }
        Pattern { cells }
    }
}

fn add(sum: &mut [[f64; 2]; 2], powers: &[[f64; 2]; 2], scale: f64) {
    for (sum, power) in sum.iter_mut().flatten().zip(powers.iter().flatten()) {
        *sum += scale * power;
    }
}

/// Cosine of a ray of this sine; 0 beyond grazing.
fn cosine(sine: f64) -> f64 {
    ((1.0 - sine) * (1.0 + sine)).max(0.0).sqrt()
}

/// Power into the thick neighbours in ranges of `u`, in its rising order.
#[derive(Debug, Clone)]
pub struct Pattern {
    cells: Vec<Cell>,
}

/// A range of `u`.
#[derive(Debug, Clone)]
struct Cell {
    /// In front and back: the cosines of its ends, the smaller first.
    cosines: [[f64; 2]; 2],
    /// Into front and back, of s and p.
    powers: [[f64; 2]; 2],
}

impl Pattern {
    /// Patterns of several wavelengths, weighted and added up; the nearest where windows come and go between them.
    pub fn sum(parts: &[(f64, &Pattern)]) -> Self {
        let nearest = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).expect("several patterns").1;
        if parts.iter().any(|(_, part)| part.cells.len() != nearest.cells.len()) {
            return nearest.clone();
        }
        let number = |of: &dyn Fn(&Pattern) -> f64| parts.iter().map(|(weight, part)| weight * of(part)).sum::<f64>();
        let cell = |i: usize| Cell {
            cosines: [0, 1]
                .map(|side| [0, 1].map(|end| number(&|part| part.cells[i].cosines[side][end]).clamp(0.0, 1.0))),
            // between wavelengths a power close to 0 may come out just below
            powers: [0, 1].map(|side| [0, 1].map(|pol| number(&|part| part.cells[i].powers[side][pol]).max(0.0))),
        };
        Self { cells: (0..nearest.cells.len()).map(cell).collect() }
    }

    /// Cosines between which equal powers lie, rising from 0, for each way out: front s, front p, back s, back p. A way
    /// that nothing takes goes straight on.
    pub fn quantiles(&self) -> [Vec<f64>; 4] {
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(side, pol)| {
            let power = |cell: &Cell| cell.powers[side][pol];
            let total: f64 = self.cells.iter().map(power).sum();
            if total <= 0.0 {
                return vec![1.0; DIPOLE_CELLS as usize + 1];
            }
            // u rises as the cosine falls
            let lit: Vec<&Cell> = self.cells.iter().rev().filter(|cell| power(cell) > 0.0).collect();
            let (mut at, mut before) = (0, 0.0);
            let quantile = |i: u32| {
                let wanted = total * f64::from(i) / f64::from(DIPOLE_CELLS);
                while at + 1 < lit.len() && before + power(lit[at]) < wanted {
                    before += power(lit[at]);
                    at += 1;
                }
                let inside = ((wanted - before) / power(lit[at])).clamp(0.0, 1.0);
                let [low, high] = lit[at].cosines[side];
                low + (high - low) * inside
            };
            (0..=DIPOLE_CELLS).map(quantile).collect()
        })
    }
}
