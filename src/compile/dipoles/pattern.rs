//! Directions as tables hold them: power by the in-plane wave number, and how a direction is drawn from it.

use crate::tables::DIPOLE_CELLS;

/// Cells of a pattern in each window of `u`.
pub const CELLS: usize = 192;

/// Power into the thick neighbours in ranges of `u`, in its rising order.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub cells: Vec<Cell>,
}

/// A range of `u`.
#[derive(Debug, Clone)]
pub struct Cell {
    /// In front and back: the cosines of its ends, the smaller first.
    pub cosines: [[f64; 2]; 2],
    /// Into front and back, of s and p.
    pub powers: [[f64; 2]; 2],
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

    /// The largest difference of a cosine or of the share of a way's power up to it.
    pub fn distance(&self, other: &Self) -> f64 {
        let ways = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let total = |of: &Self| ways.map(|(side, pol)| of.cells.iter().map(|cell| cell.powers[side][pol]).sum::<f64>());
        let (mut until, totals) = ([[0.0; 4]; 2], [total(self), total(other)]);
        let mut worst = 0.0f64;
        if self.cells.len() != other.cells.len() {
            return 1.0;
        }
        for cells in self.cells.iter().zip(&other.cells) {
            let cells = [cells.0, cells.1];
            for (way, (side, pol)) in ways.into_iter().enumerate() {
                for of in 0..2 {
                    until[of][way] += cells[of].powers[side][pol] / totals[of][way].max(f64::MIN_POSITIVE);
                }
                worst = worst.max((until[0][way] - until[1][way]).abs());
                worst = worst.max((cells[0].cosines[side][0] - cells[1].cosines[side][0]).abs());
            }
        }
        worst
    }

    /// How directions of each way out are drawn: front s, front p, back s, back p. A way that nothing takes goes
    /// straight on.
    pub fn directions(&self) -> [Vec<Direction>; 4] {
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(side, pol)| self.directions_of(side, pol))
    }

    /// Half of the cells of the table go where power is, half are as wide as those of the pattern; ends of windows, where
    /// light may begin to be reflected totally, are ends of cells.
    fn directions_of(&self, side: usize, pol: usize) -> Vec<Direction> {
        let power = |cell: &Cell| cell.powers[side][pol];
        let total: f64 = self.cells.iter().map(power).sum();
        if total <= 0.0 {
            let even = |i| Direction { cosine: 1.0, share: f64::from(i) / f64::from(DIPOLE_CELLS) };
            return (0..=DIPOLE_CELLS).map(even).collect();
        }
        // u rises as the cosine falls
        let windows = self.cells.chunks(CELLS).rev().filter(|cells| cells[0].cosines[side][1] > 0.0);
        let windows: Vec<&[Cell]> = windows.collect();
        let width = 1.0 / (windows.len() * CELLS) as f64;
        let worth = |cell: &Cell| 0.5 * (power(cell) / total + width);
        let worths: Vec<f64> = windows.iter().map(|cells| cells.iter().map(worth).sum()).collect();
        let mut below = 0.0;
        let mut directions = vec![Direction { cosine: windows[0][CELLS - 1].cosines[side][0], share: 0.0 }];
        for ((cells, count), of_window) in windows.iter().zip(allotted(DIPOLE_CELLS as usize, &worths)).zip(&worths) {
            let step = of_window / count as f64;
            let (mut passed, mut made) = (0.0, 0);
            for cell in cells.iter().rev() {
                let [low, high] = cell.cosines[side];
                while made + 1 < count && (made + 1) as f64 * step <= passed + worth(cell) {
                    made += 1;
                    let inside = (made as f64 * step - passed) / worth(cell);
                    let share = (below + inside * power(cell)) / total;
                    directions.push(Direction { cosine: low + (high - low) * inside, share });
                }
                passed += worth(cell);
                below += power(cell);
            }
            directions
                .extend((made..count).map(|_| Direction { cosine: cells[0].cosines[side][1], share: below / total }));
        }
        directions
    }
}

/// A cosine, and the share of the power of its way at smaller ones.
#[derive(Debug, Clone, Copy)]
pub struct Direction {
    pub cosine: f64,
    pub share: f64,
}

/// So many cells for windows of these worths, which add up to 1: one for each at least.
fn allotted(cells: usize, worths: &[f64]) -> Vec<usize> {
    let free = (cells - worths.len()) as f64;
    let mut until = 0.0;
    let mut given = 0;
    let counts = worths.iter().map(|worth| {
        until += worth;
        let to = (free * until).round() as usize;
        let own = to.max(given) - given;
        given += own;
        1 + own
    });
    counts.collect()
}
