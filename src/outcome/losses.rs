//! Losses of emitters as their PLQY makes them expect, instead of as they happened.
//!
//! A scene says how likely light follows an absorption by an emitter: its PLQY. So photons need only tell where light of an
//! emitter goes: out, to an emitter again, or to what else takes it. With q_i the PLQY of emitter i, a_i the
//! absorptions of pump light (or excitations by the source) and r_ki the share of the emissions of k that i absorbs, there are
//!
//! `m_i = q_i (a_i + sum_k r_ki m_k)`
//!
//! emissions, and all that follows those of k is scaled from as many as were counted to as many as these (PHYSICS.md, "Expected numbers").

use super::parts::Events;
use super::tally::{ROUNDING, Tally, ratio};
use crate::counts::{FACES, Fate, Sum};
use crate::scene::{Recycling, Scene, Side};

/// What a scene says of the losses of its emitters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Losses {
    /// In the order of the design; `None` for one among coherent layers, whose PLQY depends on what surrounds it.
    plqy: Vec<Option<f64>>,
    /// Whether what is absorbed again is lost.
    recycling_lost: bool,
}

impl Losses {
    pub(super) fn of(scene: &Scene) -> Self {
        let plqy = scene.emitters().map(|(_, emitter)| emitter.dipole.is_none().then_some(emitter.plqy));
        Self { plqy: plqy.collect(), recycling_lost: scene.recycling == Recycling::Lost }
    }

    pub(super) fn are_known(&self) -> bool {
        self.plqy.iter().any(Option::is_some)
    }

    /// Puts what they make expect in the place of what was counted. `output` is the side of [`Sum::OutputEnergyLow`].
    pub(super) fn expect(&self, tally: &mut Tally, output: Side) {
        let counted = Light::of(tally, self);
        counted.expected().write(tally, &counted, output);
    }
}

/// Ends of emission that does not leave,
const LOST_EMISSION: [Fate; 6] = [
    Fate::HostEmission,
    Fate::ReflectorEmission,
    Fate::EdgeAbsorbedEmission,
    Fate::PacketEmission,
    Fate::Guided,
    Fate::Plasmon,
];
/// and of light that may be emission or not.
const LOST_LIGHT: [Fate; 2] = [Fate::Trapped, Fate::Truncated];
const BY_FACE: [Fate; FACES.len()] = [Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission];

/// What emitters absorb and emit, and where their light goes; by emitter, in the order of the design.
#[derive(Clone)]
struct Light {
    recycling_lost: bool,
    /// Emissions of an absorption; as counted, where the PLQY is not known.
    plqy: Vec<f64>,
    emissions: Vec<f64>,
    /// Absorptions of what no emitter emitted.
    first: Vec<f64>,
    /// Absorptions of emission: `again[k][i]` by i of what k emitted.
    again: Vec<Vec<f64>>,
    left: Vec<[f64; FACES.len()]>,
}

impl Light {
    fn of(tally: &Tally, losses: &Losses) -> Self {
        let emitters = 0..losses.plqy.len();
        let events = Events { several: emitters.len() > 1 };
        let mut own = Self {
            recycling_lost: losses.recycling_lost,
            plqy: Vec::new(),
            emissions: emitters.clone().map(|i| events.emissions(tally, i)).collect(),
            first: emitters.clone().map(|i| events.absorptions(tally, i, None)).collect(),
            again: (emitters.clone())
                .map(|k| emitters.clone().map(|i| events.absorptions(tally, i, Some(k))).collect())
                .collect(),
            left: emitters.clone().map(|k| std::array::from_fn(|face| events.left(tally, k, face))).collect(),
        };
        let excitations =
            |i: usize| own.first[i] + own.again.iter().map(|from| own.excited_again(from[i])).sum::<f64>();
        // nothing tells where light of an emitter goes that none was seen of
        let plqy = |i: usize| losses.plqy[i].filter(|_| own.emissions[i] > 0.0);
        let as_counted = |i: usize| ratio(own.emissions[i], excitations(i)).unwrap_or(0.0);
        own.plqy = emitters.map(|i| plqy(i).unwrap_or_else(|| as_counted(i))).collect();
        own
    }

    /// Of light that is absorbed again, what may be emitted again.
    fn excited_again(&self, absorbed: f64) -> f64 {
        if self.recycling_lost { 0.0 } else { absorbed }
    }

    fn absorptions(&self) -> f64 {
        self.first.iter().sum::<f64>() + self.again.iter().flatten().sum::<f64>()
    }

    fn first_emitted(&self) -> f64 {
        self.plqy.iter().zip(&self.first).map(|(plqy, first)| plqy * first).sum()
    }

    fn left(&self, face: usize) -> f64 {
        self.left.iter().map(|by_face| by_face[face]).sum()
    }

    fn out(&self) -> f64 {
        (0..FACES.len()).map(|face| self.left(face)).sum()
    }

    /// Emissions that neither left nor were absorbed by emitters.
    fn elsewhere(&self) -> f64 {
        self.emissions.iter().sum::<f64>() - self.again.iter().flatten().sum::<f64>() - self.out()
    }

    /// The same, with as many emissions as the PLQYs make expect.
    fn expected(&self) -> Self {
        let mut own = self.clone();
        own.emissions = self.expected_emissions();
        for (k, emissions) in own.emissions.iter().enumerate() {
            let scale = ratio(*emissions, self.emissions[k]).unwrap_or(1.0);
            own.again[k].iter_mut().chain(&mut own.left[k]).for_each(|light| *light *= scale);
        }
        own
    }

    /// The m of `m_i = q_i (a_i + sum_k r_ki m_k)`, by elimination: no more than all of an emitter's light is absorbed
    /// again and emitted, so that what stands on the diagonal is the largest of its column.
    fn expected_emissions(&self) -> Vec<f64> {
        let emitters = 0..self.plqy.len();
        let mut emissions: Vec<_> = self.plqy.iter().zip(&self.first).map(|(plqy, first)| plqy * first).collect();
        let again = |i: usize, k: usize| self.excited_again(self.again[k][i]);
        let share = |i: usize, k: usize| self.plqy[i] * ratio(again(i, k), self.emissions[k]).unwrap_or(0.0);
        let row = |i: usize| emitters.clone().map(|k| f64::from(i == k) - share(i, k)).collect();
        let mut rows: Vec<Vec<f64>> = emitters.clone().map(row).collect();
        for pivot in emitters.clone() {
            let (own, own_emissions) = (rows[pivot].clone(), emissions[pivot]);
            for other in emitters.clone().filter(|other| *other != pivot) {
                let factor = rows[other][pivot] / own[pivot];
                rows[other].iter_mut().zip(&own).for_each(|(number, own)| *number -= factor * own);
                emissions[other] -= factor * own_emissions;
            }
        }
        emissions.iter().zip(&rows).enumerate().map(|(i, (emissions, row))| emissions / row[i]).collect()
    }

    /// Writes these into the tally of which `counted` was read.
    fn write(&self, tally: &mut Tally, counted: &Self, output: Side) {
        let change = |part: fn(&Self) -> f64| ratio(part(self), part(counted)).unwrap_or(1.0);
        let (out, elsewhere) = (change(Self::out), change(Self::elsewhere));
        let output_face = match output {
            Side::Front => 0,
            Side::Back => 1,
        };
        let output = ratio(self.left(output_face), counted.left(output_face)).unwrap_or(1.0);
        // of light that may be emission, as much as is left of what went elsewhere
        let caught = counted.elsewhere() - tally.fates(&LOST_EMISSION);
        let share = ratio(caught, tally.fates(&LOST_LIGHT)).unwrap_or(0.0);

        let layout = tally.layout;
        LOST_EMISSION.iter().for_each(|fate| tally.words[layout.fate(0, *fate)] *= elsewhere);
        LOST_LIGHT.iter().for_each(|fate| tally.words[layout.fate(0, *fate)] *= 1.0 + share * (elsewhere - 1.0));
        (0..layout.absorbers()).for_each(|absorber| tally.words[layout.host(0, absorber, true)] *= elsewhere);
        for (sum, factor) in [
            (Sum::WavelengthLow, out),
            (Sum::WavelengthHigh, out),
            (Sum::OutputEnergyLow, output),
            (Sum::OutputEnergyHigh, output),
        ] {
            tally.words[layout.sum(0, sum)] *= factor;
        }
        let (absorptions, emissions) = (self.absorptions(), self.emissions.iter().sum::<f64>());
        BY_FACE.iter().enumerate().for_each(|(face, fate)| tally.words[layout.fate(0, *fate)] = self.left(face));
        let lost = absorptions - emissions;
        tally.words[layout.fate(0, Fate::Nonradiative)] = if lost > ROUNDING * absorptions { lost } else { 0.0 };
        tally.words[layout.sum(0, Sum::Absorptions)] = absorptions;
        tally.words[layout.sum(0, Sum::Emissions)] = emissions;
        tally.words[layout.sum(0, Sum::FirstEmitted)] = self.first_emitted();
        if self.plqy.len() > 1 {
            self.write_by_emitter(tally);
        }
    }

    fn write_by_emitter(&self, tally: &mut Tally) {
        let layout = tally.layout;
        for (i, plqy) in self.plqy.iter().enumerate() {
            tally.words[layout.emitted(0, i, None)] = plqy * self.first[i];
            for (k, again) in self.again.iter().enumerate() {
                tally.words[layout.absorbed(0, i, Some(k))] = again[i];
                tally.words[layout.emitted(0, i, Some(k))] = plqy * self.excited_again(again[i]);
            }
            self.left[i].iter().enumerate().for_each(|(face, left)| tally.words[layout.left(0, i, face)] = *left);
        }
    }
}
