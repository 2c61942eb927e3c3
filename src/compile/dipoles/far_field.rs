//! Directions of light that dipoles send out of a packet.

use crate::optics::dipole::{Dipole, Side};
use crate::optics::lanes::Row;
use crate::optics::quadrature::{Effort, samples};
use crate::tables::DIPOLE_CELLS;

/// How well power is sampled in each piece of `u` in which it is smooth.
const EFFORT: Effort = Effort { tolerance: 1e-5, start: 6, limit: 1000 };
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
    /// Where its range of `u` ends.
    to: f64,
    powers: [[f64; 2]; 2],
}

impl FarField {
    /// Of several dipoles in one layer, each with what it weighs. `cuts` are indices of media that light may meet later: it
    /// is reflected totally at one from where its own index times the sine is that.
    pub fn new(parts: &[(f64, &Dipole)], horizontal: f64, cuts: &[f64]) -> Self {
        let dipole = parts[0].1;
        let windows = dipole.radiating_windows(cuts);
        let samples = dipole.pieces(&windows).into_iter().flat_map(|piece| {
            let power = |t: &Row, out: &mut [Row]| {
                let [u, du] = piece.at_each(t);
                out.fill(Row::default());
                for (scale, dipole) in parts {
                    let powers = dipole.radiated_per_u(horizontal, &u);
                    for (sum, power) in out.iter_mut().zip(powers.as_flattened()) {
                        for lane in 0..u.len() {
                            sum[lane] += scale * du[lane] * power[lane].max(0.0);
                        }
                    }
                }
            };
            let (start, end) = piece.range();
            let samples = samples(power, 4, start, end, EFFORT).into_iter();
            samples.map(move |of| {
                let [front_s, front_p, back_s, back_p] = [0, 1, 2, 3].map(|way| of.weight * of.values[way]);
                Sample { to: piece.at(of.to).0, powers: [[front_s, front_p], [back_s, back_p]] }
            })
        });
        Self {
            samples: samples.collect(),
            windows,
            sine_per_u: Side::BOTH.map(|side| dipole.outer_index(side).map(|n| dipole.emitter_index() / n)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optics::coherent::Layer;
    use crate::optics::dipole::{EmitterStack, Outer};
    use crate::optics::fresnel::reflection;

    /// Stacks of all kinds between glass of an index above all others' and air behind it: `next` gives numbers below 1.
    fn stack(next: &mut impl FnMut() -> f64) -> (EmitterStack, f64) {
        let thick = next() < 0.3;
        let mut between = |low: f64, high: f64| low + (high - low) * next();
        let thickness_nm = |wide: f64| if thick { 20.0 + 3000.0 * wide } else { 20.0 + 150.0 * wide };
        let count = between(1.0, 5.0) as usize;
        let mut layers: Vec<Layer> =
            (0..count).map(|_| Layer::new(between(1.4, 2.4), 0.0, thickness_nm(between(0.0, 1.0)))).collect();
        let mirror = between(0.0, 1.0) < 0.5;
        if mirror {
            layers.insert(0, Layer::new(between(0.05, 0.5), between(2.0, 5.0), 20.0 + 80.0 * between(0.0, 1.0)));
        }
        let emitter = layers.len() - 1 - between(0.0, count as f64) as usize;
        let ambient = between(1.0, 1.4);
        let of = EmitterStack {
            wavelength_nm: between(450.0, 650.0),
            front: Outer::endless(1.0),
            layers,
            emitter,
            back: Outer::substrate(between(1.45, 1.9), ambient),
        };
        (of, between(0.1, 0.9))
    }

    /// What crosses the outer face of the glass at once: by the waves, and with directions out of a table cut at these
    /// indices.
    fn escaped(of: &EmitterStack, position: f64, horizontal: f64, cuts: &[f64]) -> [f64; 2] {
        let (side, glass) = (Side::Back as usize, of.back.index);
        let exact = of.dipole(position).expect("a dipole").budget(horizontal).expect("modes apart").0;
        let endless = EmitterStack { back: Outer::endless(glass), ..of.clone() };
        let dipole = endless.dipole(position).expect("a dipole");
        let far_field = FarField::new(&[(1.0, &dipole)], horizontal, cuts);
        let powers = far_field.by_polarisation()[side];
        let directions = far_field.pattern().directions();
        let passes = |cosine: f64, pol: usize| {
            let face = reflection(glass.re, of.back.ambient.expect("air").into(), cosine);
            1.0 - [face.r_s, face.r_p][pol].norm_sqr()
        };
        let mean = |pol: usize| {
            let cell = |pair: &[Direction]| {
                let wide = pair[1].cosine - pair[0].cosine;
                let points = (0..8).map(|i| pair[0].cosine + wide * (f64::from(i) + 0.5) / 8.0);
                let through = points.map(|cosine| passes(cosine, pol)).sum::<f64>() / 8.0;
                (pair[1].share - pair[0].share) * through
            };
            directions[2 * side + pol].windows(2).map(cell).sum::<f64>()
        };
        let through = (powers[0] * mean(0) + powers[1] * mean(1)) / (powers[0] + powers[1]);
        [exact.escaped_at_once[side], exact.radiated[side] * through]
    }

    #[test]
    fn light_leaves_glass_as_the_waves_say() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut worst = [0.0f64; 2];
        for _ in 0..200 {
            let (of, position) = stack(&mut next);
            let horizontal = next();
            // partner: a table that knows nothing of the air
            for (worst, cuts) in worst.iter_mut().zip([&of.back.ambient.into_iter().collect::<Vec<_>>()[..], &[]]) {
                let [exact, table] = escaped(&of, position, horizontal, cuts);
                *worst = worst.max((table / exact - 1.0).abs());
            }
        }
        println!("off by {:.1e} at most, without cuts {:.1e}", worst[0], worst[1]);
        assert!(worst[0] < 1e-3 && worst[1] > 5.0 * worst[0], "{worst:?}");
    }
}
