//! Where the power of an emitter's dipoles goes at one wavelength.

use super::far_field::FarField;
use super::pattern::Pattern;
use crate::compile::coefficients::cumulative;
use crate::optics::dipole::{self, EmitterStack, LayerPowers, Places, Powers};
use crate::scene::{Dipole, Emitter};
use crate::stack::{Setting, StackProblem};
use crate::tables::DIPOLE_CELLS;

/// Where the power of dipoles goes at one wavelength, averaged over their zone.
pub struct Budget {
    pub purcell: f64,
    /// Into the thick neighbours: front s, front p, back s, back p.
    out: [f64; 4],
    plasmon: f64,
    guided: f64,
    /// By the layers of the packet, then by their emitters.
    absorbed: Vec<f64>,
    pub(super) pattern: Pattern,
}

/// What one dipole of the zone does.
struct Part {
    dipole: dipole::Dipole,
    powers: Powers,
    /// Absorbed by each layer of the packet, for `u < 1` and below the light line.
    propagating: Vec<f64>,
    below_light_line: Vec<f64>,
}

impl Part {
    /// An emitter layer that absorbs does so outside a lossless slab (docs/thin-films.md).
    fn new(places: &Places, stack: &EmitterStack, position: f64, of: &Dipole) -> Result<Self, dipole::DipoleError> {
        let lossless = places.dipole(position)?.on_first_pass();
        let lost = lossless.lost(f64::INFINITY).mix(of.horizontal);
        if stack.layers[stack.emitter].index.im == 0.0 {
            let (powers, layers) = lossless.propagating_budget(of.horizontal, &lost)?;
            let LayerPowers { propagating, below_light_line, .. } = layers;
            return Ok(Self { dipole: lossless, powers, propagating, below_light_line });
        }
        let Powers { purcell, plasmon, .. } = lost;
        let slab = places.in_slab(position, of.spacer_nm)?.on_first_pass();
        let lost = Powers { purcell, plasmon, ..slab.dipole.lost(slab.dipole.far()).mix(of.horizontal) };
        let (powers, layers) = slab.dipole.propagating_budget(of.horizontal, &lost)?;
        let [propagating, below_light_line] =
            [&layers.propagating, &layers.below_light_line].map(|of| slab.by_layer(of));
        Ok(Self { dipole: slab.dipole, powers, propagating, below_light_line })
    }
}

impl Budget {
    pub fn new(
        setting: &Setting,
        layer: usize,
        (emitter, own): (&Emitter, &Dipole),
        wavelength_nm: f64,
    ) -> Result<Self, StackProblem> {
        let stack = setting.emitter_stack(layer, wavelength_nm)?;
        let failed = |why| StackProblem::Dipole { emitter: emitter.name.clone(), why };
        let places = stack.places(own.zone.places.len());
        let part = |position: f64| Part::new(&places, &stack, position, own);
        let parts = own.zone.places.iter().map(|(position, weight)| Ok((*weight, part(*position)?)));
        let parts = parts.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let shares = setting.emitter_shares(wavelength_nm);
        let purcell = parts.iter().map(|(weight, part)| weight * part.powers.purcell).sum();
        let (mut plasmon, mut guided, mut radiated) = (0.0, 0.0, [0.0; 2]);
        let mut by_layer = vec![0.0; shares.len()];
        let mut by_emitter: Vec<Vec<f64>> = shares.iter().map(|of| vec![0.0; of.len()]).collect();
        let scaled = parts.iter().map(|(weight, part)| {
            let emitted = part.powers.below_light_line + part.powers.guided + part.powers.plasmon;
            (weight * part.powers.purcell / emitted, part)
        });
        let scaled: Vec<(f64, &Part)> = scaled.collect();
        for (scale, part) in &scaled {
            plasmon += scale * part.powers.plasmon;
            guided += scale * part.powers.guided;
            for (sum, power) in radiated.iter_mut().zip(part.powers.radiated) {
                *sum += scale * power;
            }
            for (i, of_layer) in shares.iter().enumerate() {
                let (all, leaking) = (part.propagating[i], part.below_light_line[i]);
                // waves of u < 1 that reach a thick neighbour, and those that do not
                let (leaks, is_guided) = (leaking.min(all), (all - leaking).max(0.0));
                let taken: f64 = of_layer.iter().sum();
                by_layer[i] += scale * (leaking - taken * leaks);
                guided -= scale * taken * is_guided;
                for (sum, share) in by_emitter[i].iter_mut().zip(of_layer) {
                    *sum += scale * share * (leaks + is_guided);
                }
            }
        }
        let dipoles: Vec<_> = scaled.iter().map(|(scale, part)| (*scale, &part.dipole)).collect();
        let far_field = FarField::new(&dipoles, own.horizontal, &setting.met_later(wavelength_nm));
        let [front, back] = far_field.by_polarisation();
        let split = |side: usize, [s, p]: [f64; 2]| {
            let sum = if s + p > 0.0 { s + p } else { 1.0 };
            [s, p].map(|power| (radiated[side] * power / sum).max(0.0))
        };
        let ([front_s, front_p], [back_s, back_p]) = (split(0, front), split(1, back));
        let absorbed = by_layer.into_iter().chain(by_emitter.into_iter().flatten());
        Ok(Self {
            purcell,
            out: [front_s, front_p, back_s, back_p],
            plasmon: plasmon.max(0.0),
            guided: guided.max(0.0),
            absorbed: absorbed.map(|power: f64| power.max(0.0)).collect(),
            pattern: far_field.pattern(),
        })
    }

    /// The rows of a node; the absorbers' only where the packet's tables keep them.
    pub fn rows(&self, kept: usize) -> Vec<[f32; 4]> {
        let stays = [self.plasmon, self.guided];
        let parts = [&self.out[..], &stays, &self.absorbed[..kept]].concat();
        let ends: Vec<f32> = cumulative(&parts).collect();
        let mut rows = vec![[ends[0], ends[1], ends[2], ends[3]], [ends[4], ends[5], 1.0, 1.0]];
        for (number, way) in self.pattern.directions().into_iter().enumerate() {
            // the same numbers at both ends as those by which the way is chosen
            let (low, high) = (if number > 0 { ends[number - 1] } else { 0.0 }, ends[number]);
            let share = |of_way: f64| (f64::from(low) + f64::from(high - low) * of_way) as f32;
            let mut shares: Vec<f32> = way.iter().map(|direction| share(direction.share).min(high)).collect();
            (shares[0], shares[DIPOLE_CELLS as usize]) = (low, high);
            let eighth = DIPOLE_CELLS as usize / 8;
            let every_sixteenth: Vec<f32> = (0..8).map(|i| shares[eighth * i]).collect();
            let cosines: Vec<f32> = way.iter().map(|direction| direction.cosine as f32).collect();
            for numbers in [every_sixteenth, shares, cosines] {
                rows.extend(numbers.chunks(4).map(|four| [0, 1, 2, 3].map(|i| four.get(i).copied().unwrap_or(1.0))));
            }
        }
        for four in ends[6..].chunks(4) {
            rows.push([0, 1, 2, 3].map(|i| four.get(i).copied().unwrap_or(1.0)));
        }
        rows
    }

    /// Budgets of several wavelengths, weighted and added up.
    pub fn sum(parts: &[(f64, &Budget)]) -> Self {
        let number = |of: &dyn Fn(&Budget) -> f64| parts.iter().map(|(weight, part)| weight * of(part)).sum::<f64>();
        // between wavelengths a power close to 0 may come out just below
        let power = |of: &dyn Fn(&Budget) -> f64| number(of).max(0.0);
        Self {
            purcell: number(&|part| part.purcell),
            out: [0, 1, 2, 3].map(|way| power(&|part| part.out[way])),
            plasmon: power(&|part| part.plasmon),
            guided: power(&|part| part.guided),
            absorbed: (0..parts[0].1.absorbed.len()).map(|i| power(&|part| part.absorbed[i])).collect(),
            pattern: Pattern::sum(&parts.iter().map(|(weight, part)| (*weight, &part.pattern)).collect::<Vec<_>>()),
        }
    }

    /// The largest difference of any share of the power.
    pub fn distance(&self, other: &Budget) -> f64 {
        let shares = |budget: &Budget| {
            let powers = budget.out.into_iter().chain([budget.plasmon, budget.guided]).chain(budget.absorbed.clone());
            powers.map(|power| power / budget.purcell).chain([budget.purcell.ln()]).collect::<Vec<_>>()
        };
        shares(self).into_iter().zip(shares(other)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}
