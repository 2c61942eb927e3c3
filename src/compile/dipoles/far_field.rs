//! Directions of light that dipoles send out of a packet.

use crate::optics::dipole::{Dipole, Side};
use crate::tables::DIPOLE_CELLS;

/// Steps in each piece of `u` in which power is smooth.
const STEPS: usize = 96;

/// Power into the thick neighbours by the in-plane wave number `u`.
#[derive(Debug, Clone)]
pub struct FarField {
    cells: Vec<Cell>,
    /// In the neighbours, front and back: sine of the angle to the normal over `u`; `None` where nothing is radiated.
    sine_per_u: [Option<f64>; 2],
}

/// A range of `u`.
#[derive(Debug, Clone)]
struct Cell {
    from: f64,
    to: f64,
    /// Where it is sampled, and what the sample weighs in an integral.
    middle: f64,
    weight: f64,
    /// Into front and back, of s and p.
    powers: [[f64; 2]; 2],
}

impl FarField {
    /// Even steps of the variable in which each piece is smooth.
    pub fn new(dipole: &Dipole) -> Self {
        let cells = dipole.radiating_pieces().into_iter().flat_map(|piece| {
            let (start, end) = piece.range();
            let step = (end - start) / STEPS as f64;
            (0..STEPS).map(move |i| {
                let from = start + i as f64 * step;
                let (middle, du) = piece.at(from + 0.5 * step);
                let (from, to) = (piece.at(from).0, piece.at(from + step).0);
                Cell { from, to, middle, weight: du * step, powers: [[0.0; 2]; 2] }
            })
        });
        let sine_per_u = Side::BOTH.map(|side| dipole.outer_index(side).map(|n| dipole.emitter_index() / n));
        Self { cells: cells.collect(), sine_per_u }
    }

    pub fn add(&mut self, dipole: &Dipole, horizontal: f64, scale: f64) {
        for cell in &mut self.cells {
            let powers = dipole.radiated_per_u(horizontal, cell.middle);
            for (sum, power) in cell.powers.iter_mut().flatten().zip(powers.into_iter().flatten()) {
                *sum += scale * cell.weight * power.max(0.0);
            }
        }
    }

    /// Far fields of several wavelengths, weighted and added up; the nearest where pieces come and go between them.
    pub fn sum(parts: &[(f64, &FarField)]) -> Self {
        let nearest = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).expect("several far fields").1;
        if parts.iter().any(|(_, part)| part.cells.len() != nearest.cells.len()) {
            return nearest.clone();
        }
        let number = |of: &dyn Fn(&FarField) -> f64| parts.iter().map(|(weight, part)| weight * of(part)).sum::<f64>();
        let cell = |i: usize| Cell {
            from: number(&|part| part.cells[i].from),
            to: number(&|part| part.cells[i].to),
            middle: number(&|part| part.cells[i].middle),
            weight: number(&|part| part.cells[i].weight),
            // between wavelengths a power close to 0 may come out just below
            powers: [0, 1].map(|side| [0, 1].map(|pol| number(&|part| part.cells[i].powers[side][pol]).max(0.0))),
        };
        Self {
            cells: (0..nearest.cells.len()).map(cell).collect(),
            sine_per_u: [0, 1].map(|side| {
                nearest.sine_per_u[side].map(|own| number(&|part| part.sine_per_u[side].unwrap_or(own))) //
            }),
        }
    }

    /// Powers of s and p into each side.
    pub fn by_polarisation(&self) -> [[f64; 2]; 2] {
        [0, 1].map(|side| [0, 1].map(|pol| self.cells.iter().map(|cell| cell.powers[side][pol]).sum()))
    }

    /// Cosines between which equal powers lie, rising from 0, for each way out. A way that nothing takes goes straight on.
    pub fn quantiles(&self) -> [Vec<f64>; 4] {
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(side, pol)| {
            let total = self.by_polarisation()[side][pol];
            let Some(sine_per_u) = self.sine_per_u[side].filter(|_| total > 0.0) else {
                return vec![1.0; DIPOLE_CELLS as usize + 1];
            };
            let cosine = |u: f64| {
                let sine = u * sine_per_u;
                ((1.0 - sine) * (1.0 + sine)).max(0.0).sqrt()
            };
            let power = |cell: &Cell| cell.powers[side][pol];
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
                let (low, high) = (cosine(lit[at].to), cosine(lit[at].from));
                low + (high - low) * inside
            };
            (0..=DIPOLE_CELLS).map(quantile).collect()
        })
    }
}
