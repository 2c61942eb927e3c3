//! Photons by their end and the number of their emissions, and what they are worth at another PLQY.

use crate::counts::{Counts, EMISSION_BINS, Fate, Sum};
use crate::outcome::definitions::{EMISSION, PARASITIC_EMISSION, Setting};
use crate::outcome::tally::{Groups, Tally, ratio};

/// Photons of one fate with the same number of emissions.
pub struct Cell {
    pub fate: Fate,
    pub emissions: usize,
    /// Whether an emitter ever absorbed them.
    pub absorbed: bool,
    /// Of all groups, and where these tell errors, of all but each.
    pub photons: Vec<f64>,
}

/// What each photon of a cell is worth at PLQY q.
pub struct Class<'a> {
    pub fate: Fate,
    pub photons: &'a [f64],
    /// Probability of coming to this end.
    pub arrives: f64,
    /// Expected emissions, first emissions, absorptions; for a scene of one emitter.
    pub emissions: f64,
    pub first_emitted: f64,
    pub absorptions: f64,
    /// 1 where an emitter ever absorbed it.
    pub first_absorbed: f64,
    /// How much `arrives`, `emissions` and `absorptions` may be off at most, for want of a higher bin.
    pub tail: [f64; 3],
}

/// Everything that occurred. `emitters` is their number in the scene.
pub fn cells(counts: &Counts, groups: &Groups, setting: &Setting, emitters: usize) -> Vec<Cell> {
    let rests = groups.without_one.iter().filter(|_| !groups.independent);
    let tallies: Vec<&Tally> = std::iter::once(&groups.all).chain(rests.clone().map(|(_, rest)| rest)).collect();
    let mut cells = Vec::new();
    for fate in Fate::ALL {
        let of_fate = cells.len();
        for emissions in 0..EMISSION_BINS {
            let all = counts.emissions(fate, emissions);
            if all > 0 {
                let of = |group: usize| counts.words[counts.layout.emissions(group, fate, emissions)];
                let without = rests.clone().map(|(group, _)| (all - of(*group)) as f64);
                let absorbed = emissions > 0 || surely_absorbed(fate) || setting.internal;
                let photons = std::iter::once(all as f64).chain(without).collect();
                cells.push(Cell { fate, emissions, absorbed, photons });
            }
        }
        // tallies may expect more or fewer of a fate than were counted
        for (table, tally) in tallies.iter().enumerate() {
            let counted: f64 = cells[of_fate..].iter().map(|cell| cell.photons[table]).sum();
            let scale = ratio(tally.fate(fate), counted).unwrap_or(1.0);
            cells[of_fate..].iter_mut().for_each(|cell| cell.photons[table] *= scale);
        }
    }
    if emitters > 1 {
        share_out_unknown(&mut cells, &tallies);
    }
    cells
}

/// Whether this end follows an absorption by some emitter.
fn surely_absorbed(fate: Fate) -> bool {
    fate == Fate::Nonradiative || EMISSION.contains(&fate) || PARASITIC_EMISSION.contains(&fate)
}

/// Photons trapped or given up without an emission of the watched emitter may have met another one. How many
/// did is known of all together.
fn share_out_unknown(cells: &mut Vec<Cell>, tallies: &[&Tally]) {
    const UNKNOWN: [Fate; 4] = [Fate::Trapped, Fate::Truncated, Fate::Guided, Fate::Plasmon];
    let open = |cell: &Cell| !cell.absorbed && UNKNOWN.contains(&cell.fate);
    let share = |(table, tally): (usize, &&Tally)| {
        let sum = |which: &dyn Fn(&Cell) -> bool| -> f64 {
            cells.iter().filter(|cell| which(cell)).map(|cell| cell.photons[table]).sum()
        };
        let others = tally.sum(Sum::FirstAbsorbed) - sum(&|cell| cell.absorbed);
        ratio(others, sum(&open)).unwrap_or(0.0).clamp(0.0, 1.0)
    };
    let shares: Vec<f64> = tallies.iter().enumerate().map(share).collect();
    let part = |cell: &Cell, absorbed: bool| {
        let of = |(photons, share): (&f64, &f64)| photons * if absorbed { *share } else { 1.0 - share };
        Cell { absorbed, photons: cell.photons.iter().zip(&shares).map(of).collect(), ..*cell }
    };
    let parts: Vec<Cell> =
        cells.iter().filter(|cell| open(cell)).flat_map(|cell| [part(cell, true), part(cell, false)]).collect();
    cells.retain(|cell| !open(cell));
    cells.extend(parts);
}

impl Cell {
    pub fn at(&self, q: f64) -> Class<'_> {
        let arrives = q.powi(self.emissions as i32);
        // q + q^2 + ... + q^m, and the same from 1 to q^(m-1)
        let absorbed_and_emitted = (1.0 - arrives) / (1.0 - q);
        let overflow = if self.emissions == EMISSION_BINS - 1 { arrives } else { 0.0 };
        // with nothing lost at emission, it is recycling = "lost" that ends photons here: absorbed once more
        let last_absorption = if self.fate == Fate::Nonradiative { arrives } else { 0.0 };
        Class {
            fate: self.fate,
            photons: &self.photons,
            arrives,
            emissions: q * absorbed_and_emitted,
            first_emitted: if self.emissions > 0 { q } else { 0.0 },
            absorptions: absorbed_and_emitted + last_absorption,
            first_absorbed: f64::from(u8::from(self.absorbed)),
            tail: [overflow, overflow * q / (1.0 - q), overflow / (1.0 - q)],
        }
    }
}
