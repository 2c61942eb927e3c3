//! The answer at every PLQY of one emitter, from one run in which that emitter lost nothing.
//!
//! A photon that the emitter sent out m times on its way to its end would have got there at PLQY q with
//! probability q^m, and would otherwise have ended as nonradiative. How many photons had which end and
//! which m ([`crate::counts::Layout::emissions`]) is thus all that is needed, for errors too: first and second
//! moments are sums over that table, and a quotient's error follows by the delta method.

use super::definitions::{DEFINITIONS, EMISSION, PARASITIC_EMISSION, PARASITIC_PUMP, Setting};
use super::tally::{Estimate, Groups, ratio};
use super::{Named, quantity_of};
use crate::counts::{Counts, EMISSION_BINS, Fate, Sum};
use crate::scene::Side;

/// The quantities of a design at another PLQY.
#[derive(Debug, Clone)]
pub struct Reweighted {
    /// In the order of [`DEFINITIONS`]; what needs wavelengths, or the order of events of several emitters,
    /// has no value.
    pub quantities: Named<Estimate>,
    /// Whether photons emitted more than 255 times add less than a tenth to every error. Otherwise a
    /// direct run must take the place of this.
    pub sharp: bool,
}

/// Photons of one fate with the same number of emissions, and what one of them is worth at PLQY q.
struct Class {
    fate: Fate,
    photons: f64,
    /// Probability of coming to this end.
    arrives: f64,
    /// Expected emissions, first emissions, absorptions; for a scene of one emitter.
    emissions: f64,
    first_emitted: f64,
    absorptions: f64,
    /// 1 where an emitter ever absorbed it; between where that is not known of each.
    first_absorbed: f64,
    /// How much `arrives`, `emissions` and `absorptions` may be off at most, for want of a higher bin.
    tail: [f64; 3],
}

/// A sum over photons: what each class is worth, and how much that may be off.
type Worth<'a> = &'a dyn Fn(&Class) -> (f64, f64);

/// Forms all quantities at PLQY `q` from counts in which the emitter was watched and lost nothing.
/// `emitters` is their number in the scene.
pub fn reweighted(counts: &Counts, setting: &Setting, emitters: usize, q: f64) -> Reweighted {
    let groups = Groups::as_counted(counts);
    if q >= 1.0 {
        let quantities = DEFINITIONS.iter().map(|own| (own.key.into(), own.estimate(&groups, setting)));
        return Reweighted { quantities: Named(quantities.collect()), sharp: true };
    }
    let table = Table { classes: classes(counts, setting, emitters, q), photons: groups.all.launched as f64 };
    let mut sharp = true;
    let quantities = DEFINITIONS.iter().map(|own| {
        let estimate = if !setting.meets(own.needs) {
            Estimate::NONE
        } else {
            let (estimate, fine) = table.quantity(own.key, setting, emitters, &groups);
            sharp &= fine;
            estimate
        };
        (own.key.into(), estimate)
    });
    let quantities = Named(quantities.collect());
    Reweighted { quantities, sharp }
}

/// Everything that occurred, by fate and number of emissions.
fn classes(counts: &Counts, setting: &Setting, emitters: usize, q: f64) -> Vec<Class> {
    let mut classes = Vec::new();
    for fate in Fate::ALL {
        for m in 0..EMISSION_BINS {
            let photons = counts.words[counts.layout.emissions(fate, m)] as f64;
            if photons == 0.0 {
                continue;
            }
            let arrives = q.powi(m as i32);
            // q + q^2 + ... + q^m, and the same from 1 to q^(m-1)
            let absorbed_and_emitted = (1.0 - arrives) / (1.0 - q);
            let overflow = if m == EMISSION_BINS - 1 { arrives } else { 0.0 };
            // with nothing lost at emission, it is recycling = "lost" that ends photons here: absorbed once more
            let last_absorption = if fate == Fate::Nonradiative { arrives } else { 0.0 };
            classes.push(Class {
                fate,
                photons,
                arrives,
                emissions: q * absorbed_and_emitted,
                first_emitted: if m > 0 { q } else { 0.0 },
                absorptions: absorbed_and_emitted + last_absorption,
                first_absorbed: if m > 0 || surely_absorbed(fate) || setting.internal { 1.0 } else { 0.0 },
                tail: [overflow, overflow * q / (1.0 - q), overflow / (1.0 - q)],
            });
        }
    }
    if emitters > 1 {
        share_out_unknown(&mut classes, counts);
    }
    classes
}

/// Whether this end follows an absorption by some emitter.
fn surely_absorbed(fate: Fate) -> bool {
    fate == Fate::Nonradiative || EMISSION.contains(&fate) || PARASITIC_EMISSION.contains(&fate)
}

/// Photons trapped or given up without an emission of the watched emitter may have met another one. How many
/// did is known of all together.
fn share_out_unknown(classes: &mut [Class], counts: &Counts) {
    let all: u64 = (0..crate::counts::GROUPS).map(|group| counts.sum(group, Sum::FirstAbsorbed)).sum();
    let unknown = [Fate::Trapped, Fate::Truncated, Fate::Guided, Fate::Plasmon];
    let known: f64 = classes.iter().map(|class| class.first_absorbed * class.photons).sum();
    let open = |class: &Class| class.first_absorbed == 0.0 && unknown.contains(&class.fate);
    let photons: f64 = classes.iter().filter(|class| open(class)).map(|class| class.photons).sum();
    let share = ratio(all as f64 - known, photons).unwrap_or(0.0).clamp(0.0, 1.0);
    classes.iter_mut().filter(|class| open(class)).for_each(|class| class.first_absorbed = share);
}

struct Table {
    classes: Vec<Class>,
    photons: f64,
}

impl Table {
    /// An estimate, and whether it is sharp.
    fn quantity(&self, key: &str, setting: &Setting, emitters: usize, groups: &Groups) -> (Estimate, bool) {
        let emission = |class: &Class| self.arriving(class, &EMISSION);
        let output = match setting.output {
            Side::Front => Fate::FrontEmission,
            Side::Back => Fate::BackEmission,
        };
        let reabsorbed = |class: &Class| (class.absorptions - class.first_absorbed, class.tail[2]);
        let emissions = |class: &Class| (class.emissions, class.tail[1]);
        let first_absorbed = |class: &Class| (class.first_absorbed, 0.0);
        let one = emitters == 1;
        match key {
            "eqy" | "eqe_bound" => self.share(&emission),
            "eqe" => {
                let balance = setting.charge_balance.unwrap_or(1.0);
                let (bound, sharp) = self.share(&emission);
                let scaled = |value: Option<f64>| value.map(|value| balance * value);
                (Estimate::new(scaled(bound.value), scaled(bound.se)), sharp)
            }
            "outcoupling_efficiency" if one => self.quotient(&emission, &emissions),
            "front_emission" => self.share(&|class| self.arriving(class, &[Fate::FrontEmission])),
            "back_emission" => self.share(&|class| self.arriving(class, &[Fate::BackEmission])),
            "edge_emission" => self.share(&|class| self.arriving(class, &[Fate::EdgeEmission])),
            "cce_photon" => self.share(&|class| self.arriving(class, &[output])),
            "parasitic" => {
                self.share(&|class| self.arriving(class, &[&PARASITIC_PUMP[..], &PARASITIC_EMISSION[..]].concat()))
            }
            "plqy_external" => {
                let lost = |class: &Class| f64::from(PARASITIC_PUMP.contains(&class.fate) && !setting.internal);
                self.quotient(&emission, &|class| (class.first_absorbed + lost(class), 0.0))
            }
            "emissions_per_first_emission" if one => self.quotient(&emissions, &|class| (class.first_emitted, 0.0)),
            "reabsorptions_per_absorption" if one => self.quotient(&reabsorbed, &first_absorbed),
            "reabsorption_probability" if one => self.quotient(&reabsorbed, &emissions),
            "recycling_efficiency" if one => {
                self.quotient(&|class| (class.emissions - class.first_emitted, class.tail[1]), &emissions)
            }
            // no emission has a part in these
            "absorptance" | "reflected_pump" | "transmitted_pump" | "pump_leakage" | "first_absorbed" => {
                (quantity_of(key, groups, setting).unwrap_or(Estimate::NONE), true)
            }
            _ => (Estimate::NONE, true),
        }
    }

    fn arriving(&self, class: &Class, fates: &[Fate]) -> (f64, f64) {
        if fates.contains(&class.fate) { (class.arrives, class.tail[0]) } else { (0.0, 0.0) }
    }

    fn sum(&self, term: impl Fn(&Class) -> f64) -> f64 {
        self.classes.iter().map(|class| class.photons * term(class)).sum()
    }

    /// A mean per launched photon. Its error counts one photon more of worth 1, and one of worth 0, as
    /// (k+1)/(n+2) does for plain counts.
    fn share(&self, worth: Worth) -> (Estimate, bool) {
        let n = self.photons;
        let (first, second) = (self.sum(|class| worth(class).0), self.sum(|class| worth(class).0.powi(2)));
        let mean = (first + 1.0) / (n + 2.0);
        let se = (((second + 1.0) / (n + 2.0) - mean * mean) / n).sqrt();
        with_tail(ratio(first, n), se, self.sum(|class| worth(class).1) / n)
    }

    fn quotient(&self, above: Worth, below: Worth) -> (Estimate, bool) {
        let (a, b) = (self.sum(|class| above(class).0), self.sum(|class| below(class).0));
        let Some(value) = ratio(a, b) else { return (Estimate::NONE, true) };
        let squares = self.sum(|class| (above(class).0 - value * below(class).0).powi(2));
        let tail = self.sum(|class| above(class).1 + value * below(class).1);
        with_tail(Some(value), squares.sqrt() / b, tail / b)
    }
}

fn with_tail(value: Option<f64>, se: f64, tail: f64) -> (Estimate, bool) {
    (Estimate::new(value, Some(se + tail)), tail <= 0.1 * se)
}
