//! Directions of light that dipoles send out of a packet.

use super::pattern::{CELLS, Cell, Pattern};
use crate::optics::dipole::{Dipole, Side};
use crate::optics::lanes::Row;
use crate::optics::quadrature::{Effort, samples};

/// How well power is sampled in each piece of `u` in which it is smooth.
const EFFORT: Effort = Effort { tolerance: 1e-5, start: 6, limit: 1000 };

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

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg32;

    use super::super::pattern::Direction;
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
        let mut random = Pcg32::seed_from_u64(7);
        let mut next = || random.random::<f64>();
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
