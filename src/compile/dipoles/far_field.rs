//! Directions of light that dipoles send out of a packet.

use crate::optics::dipole::{Dipole, Side};
use crate::tables::DIPOLE_CELLS;

/// Steps in each smooth piece of a far field.
const STEPS: usize = 96;

/// Power into the thick neighbours by the cosine there.
#[derive(Debug, Clone)]
pub struct FarField {
    sides: [Vec<Cell>; 2],
}

/// A range of cosines.
#[derive(Debug, Clone)]
struct Cell {
    from: f64,
    to: f64,
    /// Where it is sampled, and what the sample weighs in an integral.
    middle: f64,
    weight: f64,
    /// Of s and p.
    powers: [f64; 2],
}

impl FarField {
    /// Cells in which power is smooth: `cosine = from + width sin^2(pi t / 2)` in each piece, even steps of t.
    pub fn new(dipole: &Dipole) -> Self {
        let cells = |side| {
            let edges = dipole.smooth_cosines(side);
            let pieces = edges.windows(2).map(|edge| (edge[0], edge[1] - edge[0]));
            let cell = |(from, width): (f64, f64), i: usize| {
                let at = |t: f64| from + width * (0.5 * std::f64::consts::PI * t).sin().powi(2);
                let step = 1.0 / STEPS as f64;
                let (start, middle) = (i as f64 * step, (i as f64 + 0.5) * step);
                let (sin, cos) = (0.5 * std::f64::consts::PI * middle).sin_cos();
                let weight = width * std::f64::consts::PI * sin * cos * step;
                Cell { from: at(start), to: at(start + step), middle: at(middle), weight, powers: [0.0; 2] }
            };
            pieces.flat_map(|piece| (0..STEPS).map(move |i| cell(piece, i))).collect()
        };
        Self { sides: Side::BOTH.map(cells) }
    }

    pub fn add(&mut self, dipole: &Dipole, horizontal: f64, scale: f64) {
        for (cells, side) in self.sides.iter_mut().zip(Side::BOTH) {
            for cell in cells {
                let powers = dipole.radiated_per_cosine(side, horizontal, cell.middle);
                for (sum, power) in cell.powers.iter_mut().zip(powers) {
                    *sum += scale * cell.weight * power.max(0.0);
                }
            }
        }
    }

    /// Far fields of several wavelengths, weighted and added up; the nearest where smooth pieces come and go between
    /// them.
    pub fn sum(parts: &[(f64, &FarField)]) -> Self {
        let nearest = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).expect("several far fields").1;
        if parts
            .iter()
            .any(|(_, part)| [0, 1].map(|side| part.sides[side].len() != nearest.sides[side].len()) != [false; 2])
        {
            return nearest.clone();
        }
        let cell = |side: usize, i: usize| {
            let number = |of: &dyn Fn(&Cell) -> f64| {
                parts.iter().map(|(weight, part)| weight * of(&part.sides[side][i])).sum::<f64>()
            };
            Cell {
                from: number(&|cell| cell.from).clamp(0.0, 1.0),
                to: number(&|cell| cell.to).clamp(0.0, 1.0),
                middle: number(&|cell| cell.middle),
                weight: number(&|cell| cell.weight),
                // between wavelengths a power close to 0 may come out just below
                powers: [0, 1].map(|pol| number(&|cell| cell.powers[pol]).max(0.0)),
            }
        };
        Self { sides: [0, 1].map(|side| (0..nearest.sides[side].len()).map(|i| cell(side, i)).collect()) }
    }

    /// Powers of s and p into each side.
    pub fn by_polarisation(&self) -> [[f64; 2]; 2] {
        [0, 1].map(|side| [0, 1].map(|pol| self.sides[side].iter().map(|cell| cell.powers[pol]).sum()))
    }

    /// Cosines between which equal powers lie, for each way out. A way that nothing takes goes straight on.
    pub fn quantiles(&self) -> [Vec<f64>; 4] {
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(side, pol)| {
            let cells = &self.sides[side];
            let total: f64 = cells.iter().map(|cell| cell.powers[pol]).sum();
            if total <= 0.0 {
                return vec![1.0; DIPOLE_CELLS as usize + 1];
            }
            let (mut at, mut before) = (0, 0.0);
            let quantile = |i: u32| {
                let wanted = total * f64::from(i) / f64::from(DIPOLE_CELLS);
                while at + 1 < cells.len() && before + cells[at].powers[pol] < wanted {
                    before += cells[at].powers[pol];
                    at += 1;
                }
                let cell = &cells[at];
                let inside = if cell.powers[pol] > 0.0 { (wanted - before) / cell.powers[pol] } else { 0.0 };
                cell.from + (cell.to - cell.from) * inside.clamp(0.0, 1.0)
            };
            (0..=DIPOLE_CELLS).map(quantile).collect()
        })
    }
}
