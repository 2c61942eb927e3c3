//! Every quantity and what it means: one table, read as a glossary.
//!
//! Numbers of photons, per launched photon unless the meaning says otherwise.

use std::sync::{Arc, LazyLock};

use super::expected::Expected;
use super::tally::{Estimate, Groups, Tally, ratio};
use crate::counts::{ENERGY_UNIT_EV, Fate, Sum, WAVELENGTH_UNIT_NM};
use crate::memo::Memo;
use crate::scene::{Scene, Side, SourceKind};
use crate::spectrum::{HC_EV_NM, Spectrum};

/// What a quantity needs of a scene to have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    pub pump: bool,
    pub emitters: bool,
    /// Electroluminescence, or anything but that.
    pub current: Option<bool>,
}

const NOTHING: Needs = Needs { pump: false, emitters: false, current: None };
/// Absorption as a beginning: a current has none.
const ABSORPTION: Needs = Needs { current: Some(false), ..NOTHING };
const ABSORPTION_AND_EMITTERS: Needs = Needs { emitters: true, ..ABSORPTION };
const PUMP: Needs = Needs { pump: true, ..NOTHING };
const EMITTERS: Needs = Needs { emitters: true, ..NOTHING };
const PUMP_AND_EMITTERS: Needs = Needs { pump: true, emitters: true, ..NOTHING };
const CURRENT: Needs = Needs { current: Some(true), ..NOTHING };

/// How a quantity follows from the sums.
#[derive(Clone, Copy)]
pub enum Formula {
    /// A number of launched photons, to be divided by all of them.
    Share(fn(&Tally, &Setting) -> f64),
    /// Of photons, or what they are worth, how many come out: two sums, above and below; undefined where the one below is 0.
    Yield(fn(&Tally, &Setting) -> [f64; 2]),
    /// Any other quotient of two sums.
    Ratio(fn(&Tally, &Setting) -> [f64; 2]),
}

pub struct Definition {
    pub key: &'static str,
    /// A few words for a reader of the result.
    pub meaning: &'static str,
    pub unit: Unit,
    pub needs: Needs,
    pub formula: Formula,
}

/// How a quantity is best written for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of the whole, 0 to 1.
    Fraction,
    Number,
    Nm,
}

/// What the definitions need to know of a scene.
#[derive(Debug, Clone)]
pub struct Setting {
    pub output: Side,
    /// The source excites an emitter directly: there is no pump light.
    pub internal: bool,
    pub emitters: bool,
    /// Mean photon energy of the pump, in eV.
    pub pump_ev: f64,
    /// Of an electroluminescent scene: pairs that recombine in the emitter, of those injected.
    pub charge_balance: Option<f64>,
    /// Which of several emitters the current drives; `None` where there are not several.
    pub driven: Option<usize>,
    /// What need not be counted; in stratified runs alone.
    pub expected: Option<Expected>,
}

impl Setting {
    pub fn of(scene: &Scene) -> Self {
        let (internal, pump_ev) = match &scene.source.kind {
            SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => (true, f64::NAN),
            SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => (false, mean_ev(spectrum)),
        };
        let emitters: usize = scene.layers.iter().map(|layer| layer.emitters.len()).sum();
        let (charge_balance, driven) = match scene.source.kind {
            SourceKind::Electroluminescence { charge_balance, layer, emitter, .. } => {
                let before: usize = scene.layers[..layer].iter().map(|layer| layer.emitters.len()).sum();
                (Some(charge_balance), (emitters > 1).then_some(before + emitter))
            }
            _ => (None, None),
        };
        Self { output: scene.output, internal, emitters: emitters > 0, pump_ev, charge_balance, driven, expected: None }
    }

    /// That of a run: with what is expected of it, if its launches were stratified.
    pub fn of_run(scene: &Scene, stratified: bool) -> Self {
        Self { expected: stratified.then(|| Expected::of(scene)), ..Self::of(scene) }
    }

    pub(super) fn meets(&self, needs: Needs) -> bool {
        (!needs.pump || !self.internal)
            && (!needs.emitters || self.emitters)
            && needs.current.is_none_or(|current| current == self.charge_balance.is_some())
    }
}

/// Mean photon energy of a spectrum, in eV; remembered, since the designs of a sweep mostly share their pump.
fn mean_ev(spectrum: &Spectrum) -> f64 {
    static KNOWN: LazyLock<Memo<Vec<u64>, f64>> = LazyLock::new(Memo::default);
    *KNOWN.get(spectrum.bits(), || {
        Arc::new(spectrum.nodes(&[]).iter().map(|node| node.share * HC_EV_NM / node.wavelength_nm).sum())
    })
}

impl Definition {
    pub fn estimate(&self, groups: &Groups, setting: &Setting) -> Estimate {
        if !setting.meets(self.needs) {
            return Estimate::NONE;
        }
        match self.formula {
            Formula::Share(photons) => groups.share(|tally| photons(tally, setting)),
            Formula::Yield(parts) => groups.yields(|tally| parts(tally, setting)),
            Formula::Ratio(parts) => groups.ratio(|tally| parts(tally, setting)),
        }
    }

    /// The value alone, of some groups.
    pub fn value(&self, tally: &Tally, setting: &Setting) -> Option<f64> {
        let [above, below] = self.parts(tally, setting)?;
        ratio(above, below)
    }

    /// The two sums whose quotient it is; `None` where it has no meaning.
    pub fn parts(&self, tally: &Tally, setting: &Setting) -> Option<[f64; 2]> {
        setting.meets(self.needs).then(|| match self.formula {
            Formula::Share(photons) => [photons(tally, setting), tally.launched as f64],
            Formula::Yield(parts) | Formula::Ratio(parts) => parts(tally, setting),
        })
    }
}

pub(super) const EMISSION: [Fate; 3] = [Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission];
pub(super) const PARASITIC_PUMP: [Fate; 4] =
    [Fate::HostPump, Fate::ReflectorPump, Fate::EdgeAbsorbedPump, Fate::PacketPump];
pub(super) const PARASITIC_EMISSION: [Fate; 4] =
    [Fate::HostEmission, Fate::ReflectorEmission, Fate::EdgeAbsorbedEmission, Fate::PacketEmission];

/// Photons absorbed by an emitter at least once. An internal source begins with that.
fn first_absorbed(tally: &Tally, setting: &Setting) -> f64 {
    if setting.internal { tally.launched as f64 } else { tally.sum(Sum::FirstAbsorbed) }
}

fn absorbed(tally: &Tally, setting: &Setting) -> f64 {
    // The two never overlap: pump light lost to a host has met no emitter before.
    first_absorbed(tally, setting) + if setting.internal { 0.0 } else { tally.fates(&PARASITIC_PUMP) }
}

fn reabsorptions(tally: &Tally) -> f64 {
    tally.sum(Sum::Absorptions) - tally.sum(Sum::FirstAbsorbed)
}

/// Emissions that were not a photon's first.
fn reemissions(tally: &Tally) -> f64 {
    tally.sum(Sum::Emissions) - tally.sum(Sum::FirstEmitted)
}

/// Emissions by the emitter that a current drives.
fn driven_emissions(tally: &Tally, setting: &Setting) -> f64 {
    setting.driven.map_or_else(|| tally.sum(Sum::Emissions), |emitter| tally.emissions_of(emitter))
}

fn emission_by_output(tally: &Tally, setting: &Setting) -> f64 {
    tally.fate(match setting.output {
        Side::Front => Fate::FrontEmission,
        Side::Back => Fate::BackEmission,
    })
}

fn leakage(tally: &Tally, setting: &Setting) -> f64 {
    match setting.output {
        // A reflector in front can take what the first surface threw back; nothing leaked then.
        Side::Front => (tally.fate(Fate::ReflectedPump) - tally.sum(Sum::FirstReflected)).max(0.0),
        Side::Back => tally.fate(Fate::TransmittedPump),
    }
}

fn cce_power(tally: &Tally, setting: &Setting) -> [f64; 2] {
    let emitted_ev = tally.wide_sum(Sum::OutputEnergyLow, Sum::OutputEnergyHigh) * ENERGY_UNIT_EV;
    [emitted_ev / setting.pump_ev, tally.launched as f64]
}

fn mean_emission_nm(tally: &Tally) -> [f64; 2] {
    let sum_nm = tally.wide_sum(Sum::WavelengthLow, Sum::WavelengthHigh) * WAVELENGTH_UNIT_NM;
    [sum_nm, tally.fates(&EMISSION)]
}

/// A share of the launched photons.
const fn share(
    key: &'static str,
    needs: Needs,
    photons: fn(&Tally, &Setting) -> f64,
    meaning: &'static str,
) -> Definition {
    Definition { key, meaning, unit: Unit::Fraction, needs, formula: Formula::Share(photons) }
}

/// What comes out of something that is not all photons launched.
const fn yields(
    key: &'static str,
    needs: Needs,
    parts: fn(&Tally, &Setting) -> [f64; 2],
    meaning: &'static str,
) -> Definition {
    Definition { key, meaning, unit: Unit::Fraction, needs, formula: Formula::Yield(parts) }
}

/// Any other quotient.
const fn other(
    key: &'static str,
    unit: Unit,
    needs: Needs,
    parts: fn(&Tally, &Setting) -> [f64; 2],
    meaning: &'static str,
) -> Definition {
    Definition { key, meaning, unit, needs, formula: Formula::Ratio(parts) }
}

/// All quantities, in the order in which results list them.
#[rustfmt::skip]
pub static DEFINITIONS: [Definition; 21] = [
    share("absorptance", ABSORPTION, absorbed,
        "pump absorbed, by emitters or lost"),
    share("eqy", EMITTERS, |t, _| t.fates(&EMISSION),
        "emission that left by any face"),
    yields("plqy_external", ABSORPTION_AND_EMITTERS, |t, s| [t.fates(&EMISSION), absorbed(t, s)],
        "eqy / absorptance, as a sphere measures"),
    share("front_emission", EMITTERS, |t, _| t.fate(Fate::FrontEmission),
        "emission that left by the front"),
    share("back_emission", EMITTERS, |t, _| t.fate(Fate::BackEmission),
        "emission that left by the back"),
    share("edge_emission", EMITTERS, |t, _| t.fate(Fate::EdgeEmission),
        "emission that left by the edges"),
    share("reflected_pump", PUMP, |t, _| t.fate(Fate::ReflectedPump),
        "pump that left by the front"),
    share("transmitted_pump", PUMP, |t, _| t.fate(Fate::TransmittedPump),
        "pump that left by the back"),
    share("pump_leakage", PUMP, leakage,
        "pump out of the output side"),
    share("first_absorbed", ABSORPTION, first_absorbed,
        "pump absorbed by emitters"),
    other("emissions_per_first_emission", Unit::Number, EMITTERS,
        |t, _| [t.sum(Sum::Emissions), t.sum(Sum::FirstEmitted)],
        "emissions of a photon emitted at all"),
    other("reabsorptions_per_absorption", Unit::Number, EMITTERS,
        |t, s| [reabsorptions(t), first_absorbed(t, s)],
        "reabsorptions / first absorptions"),
    other("reabsorption_probability", Unit::Fraction, EMITTERS,
        |t, _| [reabsorptions(t), t.sum(Sum::Emissions)],
        "reabsorptions / emissions"),
    other("recycling_efficiency", Unit::Fraction, EMITTERS,
        |t, _| [reemissions(t), t.sum(Sum::Emissions)],
        "re-emissions / emissions"),
    share("parasitic", NOTHING, |t, _| t.fates(&PARASITIC_PUMP) + t.fates(&PARASITIC_EMISSION),
        "lost to layers, reflectors and edges"),
    share("cce_photon", PUMP_AND_EMITTERS, emission_by_output,
        "emission out of the output side"),
    yields("cce_power", PUMP_AND_EMITTERS, cce_power,
        "the same, watt per watt of pump"),
    other("mean_emission_nm", Unit::Nm, EMITTERS, |t, _| mean_emission_nm(t),
        "mean wavelength of what left"),
    share("eqe_bound", CURRENT, |t, _| t.fates(&EMISSION),
        "photons out per pair that recombines"),
    yields("eqe", CURRENT,
        |t, s| [s.charge_balance.unwrap_or(1.0) * t.fates(&EMISSION), t.launched as f64],
        "photons out per pair injected"),
    other("outcoupling_efficiency", Unit::Fraction, CURRENT,
        |t, s| [t.fates(&EMISSION), driven_emissions(t, s)],
        "photons out per emission of the LED"),
];
