//! The answer at every PLQY of one emitter, from one run in which that emitter lost nothing.
//!
//! A photon that the emitter sent out m times on its way to its end would have got there at PLQY q with
//! probability q^m, and would otherwise have ended as nonradiative. How many photons had which end and
//! which m ([`crate::counts::Layout::emissions`]) is thus all that is needed, for errors too: first and second
//! moments are sums over that table, and a quotient's error follows by the delta method. Where launches were stratified,
//! each group has its table, and errors come from leaving groups out.

mod classes;

use super::definitions::{DEFINITIONS, EMISSION, PARASITIC_EMISSION, PARASITIC_PUMP, Setting};
use super::tally::{Estimate, Groups, ratio, se_of_quotient};
use super::{Expected, Named};
use crate::counts::{Counts, Fate};
use crate::scene::Side;
use classes::{Cell, Class, cells};

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

/// Counts of a run in which one emitter was watched and lost nothing, ready to be asked for any PLQY of it.
pub struct Reweighting {
    groups: Groups,
    setting: Setting,
    emitters: usize,
    cells: Vec<Cell>,
}

impl Reweighting {
    /// `emitters` is their number in the scene.
    pub fn new(counts: &Counts, setting: &Setting, emitters: usize) -> Self {
        // losses of the emitter are what is asked for; others keep theirs as counted
        let setting = Setting { expected: setting.expected.clone().map(Expected::counting_losses), ..setting.clone() };
        let groups = Groups::new(counts, &setting);
        let cells = cells(counts, &groups, &setting, emitters);
        Self { groups, setting, emitters, cells }
    }

    /// All quantities at PLQY `q` of the emitter.
    pub fn at(&self, q: f64) -> Reweighted {
        let Self { groups, setting, .. } = self;
        if q >= 1.0 {
            let quantities = DEFINITIONS.iter().map(|own| (own.key.into(), own.estimate(groups, setting)));
            return Reweighted { quantities: Named(quantities.collect()), sharp: true };
        }
        let table = Table { groups, classes: self.cells.iter().map(|cell| cell.at(q)).collect() };
        let mut sharp = true;
        let quantities = DEFINITIONS.iter().map(|own| {
            let estimate = match parts(own.key, setting, self.emitters) {
                _ if !setting.meets(own.needs) => Estimate::NONE,
                Some(parts) => {
                    let (estimate, fine) = table.estimate(&parts);
                    sharp &= fine;
                    estimate
                }
                // no emission has a part in these
                None if PUMP_ALONE.contains(&own.key) => own.estimate(groups, setting),
                None => Estimate::NONE,
            };
            (own.key.into(), estimate)
        });
        let quantities = Named(quantities.collect());
        Reweighted { quantities, sharp }
    }
}

/// What each photon of a class is worth, and how much that may be off.
type Worth = Box<dyn Fn(&Class) -> (f64, f64)>;

/// What a quantity is made of.
enum Parts {
    /// Per launched photon, times a factor.
    Share(Worth, f64),
    Quotient(Worth, Worth),
}

const PUMP_ALONE: [&str; 5] = ["absorptance", "reflected_pump", "transmitted_pump", "pump_leakage", "first_absorbed"];

/// The parts of a quantity; `None` where classes do not tell.
fn parts(key: &str, setting: &Setting, emitters: usize) -> Option<Parts> {
    let arriving = |fates: &[Fate]| -> Worth {
        let fates = fates.to_vec();
        Box::new(move |class| if fates.contains(&class.fate) { (class.arrives, class.tail[0]) } else { (0.0, 0.0) })
    };
    let emissions = || -> Worth { Box::new(|class| (class.emissions, class.tail[1])) };
    let reabsorbed = || -> Worth { Box::new(|class| (class.absorptions - class.first_absorbed, class.tail[2])) };
    let first_absorbed = || -> Worth { Box::new(|class| (class.first_absorbed, 0.0)) };
    let (one, internal) = (emitters == 1, setting.internal);
    let parts = match key {
        "eqy" | "eqe_bound" => Parts::Share(arriving(&EMISSION), 1.0),
        "eqe" => Parts::Share(arriving(&EMISSION), setting.charge_balance.unwrap_or(1.0)),
        "outcoupling_efficiency" if one => Parts::Quotient(arriving(&EMISSION), emissions()),
        "front_emission" => Parts::Share(arriving(&[Fate::FrontEmission]), 1.0),
        "back_emission" => Parts::Share(arriving(&[Fate::BackEmission]), 1.0),
        "edge_emission" => Parts::Share(arriving(&[Fate::EdgeEmission]), 1.0),
        "cce_photon" => {
            let output = match setting.output {
                Side::Front => Fate::FrontEmission,
                Side::Back => Fate::BackEmission,
            };
            Parts::Share(arriving(&[output]), 1.0)
        }
        "parasitic" => Parts::Share(arriving(&[&PARASITIC_PUMP[..], &PARASITIC_EMISSION[..]].concat()), 1.0),
        "plqy_external" => {
            let lost = move |class: &Class| f64::from(PARASITIC_PUMP.contains(&class.fate) && !internal);
            let absorbed = move |class: &Class| (class.first_absorbed + lost(class), 0.0);
            Parts::Quotient(arriving(&EMISSION), Box::new(absorbed))
        }
        "emissions_per_first_emission" if one => {
            Parts::Quotient(emissions(), Box::new(|class| (class.first_emitted, 0.0)))
        }
        "reabsorptions_per_absorption" if one => Parts::Quotient(reabsorbed(), first_absorbed()),
        "reabsorption_probability" if one => Parts::Quotient(reabsorbed(), emissions()),
        "recycling_efficiency" if one => {
            Parts::Quotient(Box::new(|class| (class.emissions - class.first_emitted, class.tail[1])), emissions())
        }
        _ => return None,
    };
    Some(parts)
}

/// All classes at one PLQY.
struct Table<'a> {
    groups: &'a Groups,
    classes: Vec<Class<'a>>,
}

/// What photons are worth together.
struct Total {
    /// Of all, and where groups tell errors, of all but each.
    worth: Vec<f64>,
    /// How much that of all may be off.
    off: f64,
}

impl Table<'_> {
    /// An estimate, and whether it is sharp.
    fn estimate(&self, parts: &Parts) -> (Estimate, bool) {
        let (above, below) = match parts {
            Parts::Share(worth, factor) => (self.total(worth, *factor), self.launched()),
            Parts::Quotient(above, below) => (self.total(above, 1.0), self.total(below, 1.0)),
        };
        let Some(value) = ratio(above.worth[0], below.worth[0]) else { return (Estimate::NONE, true) };
        let tail = (above.off + value * below.off) / below.worth[0];
        let se = match parts {
            _ if !self.groups.independent => {
                let rests = above.worth.iter().zip(&below.worth).skip(1).map(|(above, below)| [*above, *below]);
                se_of_quotient(rests).map(|se| se.max(self.least(parts, value)))
            }
            Parts::Share(worth, factor) => Some(factor * self.se_of_share(worth)),
            Parts::Quotient(above, below) => Some(self.se_of_quotient(above, below, value)),
        };
        let sharp = se.is_none_or(|se| tail <= 0.1 * se);
        (Estimate::new(Some(value), se.map(|se| se + tail)), sharp)
    }

    /// What one photon more could change that did what none was seen to do.
    fn least(&self, parts: &Parts, value: f64) -> f64 {
        match parts {
            Parts::Share(_, factor) => factor / (self.groups.all.launched as f64 + 2.0),
            Parts::Quotient(_, below) => {
                let counts = |class: &&Class| below(class).0 != 0.0;
                value.abs() / (self.classes.iter().filter(counts).map(|class| class.photons[0]).sum::<f64>() + 2.0)
            }
        }
    }

    fn total(&self, worth: &Worth, factor: f64) -> Total {
        let mut total = Total { worth: vec![0.0; 1 + self.groups.without_one.len()], off: 0.0 };
        for class in &self.classes {
            let (worth, off) = worth(class);
            total.worth.iter_mut().zip(class.photons).for_each(|(sum, photons)| *sum += factor * worth * photons);
            total.off += factor * off * class.photons[0];
        }
        total
    }

    fn launched(&self) -> Total {
        let rests = self.groups.without_one.iter().map(|(_, rest)| rest.launched as f64);
        Total { worth: std::iter::once(self.groups.all.launched as f64).chain(rests).collect(), off: 0.0 }
    }

    /// Of a mean over independent photons: one more of worth 1, and one of worth 0, as (k+1)/(n+2) has it for plain counts.
    fn se_of_share(&self, worth: &Worth) -> f64 {
        let n = self.groups.all.launched as f64;
        let moment =
            |power: i32| self.classes.iter().map(|class| class.photons[0] * worth(class).0.powi(power)).sum::<f64>();
        let mean = (moment(1) + 1.0) / (n + 2.0);
        (((moment(2) + 1.0) / (n + 2.0) - mean * mean) / n).sqrt()
    }

    fn se_of_quotient(&self, above: &Worth, below: &Worth, value: f64) -> f64 {
        let square = |class: &Class| class.photons[0] * (above(class).0 - value * below(class).0).powi(2);
        self.classes.iter().map(square).sum::<f64>().sqrt() / self.total(below, 1.0).worth[0]
    }
}
