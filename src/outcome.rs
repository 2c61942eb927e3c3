//! From counts to quantities with standard errors.

mod definitions;
mod expected;
mod ledger;
mod losses;
mod parts;
mod reweight;
mod tally;

pub use definitions::{DEFINITIONS, Definition, Formula, Needs, Setting, Unit};
pub use expected::Expected;
pub use ledger::{LedgerError, check_ledger, check_truncation, launched_per_group};
pub use parts::{BY_EMITTER, EmitterOutcome, LEFT_BY, LayerOutcome, emitter_names, light_by_emitter};
pub use reweight::{Reweighted, Reweighting};
pub use tally::{Estimate, Groups, Tally, ratio};

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::counts::{Counts, Fate};
use crate::scene::Scene;

/// A list of named things that is written as a JSON object, in its own order. Names that the program has are not copied.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<T>(pub Vec<(Cow<'static, str>, T)>);

impl<T> Named<T> {
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// What came of one design.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Photons that ended.
    pub photons: u64,
    /// Turns of the transport loop.
    pub events: u64,
    /// Every fate, in the order of [`Fate::ALL`]; they sum to `photons`.
    pub fates: Named<u64>,
    /// The same as shares of `photons`.
    pub fate_shares: Named<Estimate>,
    /// In the order of [`DEFINITIONS`].
    pub quantities: Named<Estimate>,
    pub by_layer: Named<LayerOutcome>,
    pub by_emitter: Named<EmitterOutcome>,
}

impl Outcome {
    /// Forms all quantities of a design's counts. `scene` must be the scene that was run.
    pub fn new(counts: &Counts, scene: &Scene) -> Self {
        let setting = Setting::of_run(scene, counts.layout.stratified);
        let groups = Groups::new(counts, &setting);
        let fates = Fate::ALL.iter().map(|fate| (fate.key().into(), counts.fate_total(*fate)));
        let fate_shares = Fate::ALL.iter().map(|fate| (fate.key().into(), groups.share(|tally| tally.fate(*fate))));
        let quantities = DEFINITIONS.iter().map(|quantity| (quantity.key.into(), quantity.estimate(&groups, &setting)));
        Self {
            photons: groups.all.launched,
            events: counts.events(),
            fates: Named(fates.collect()),
            fate_shares: Named(fate_shares.collect()),
            quantities: Named(quantities.collect()),
            by_layer: parts::by_layer(&groups, scene),
            by_emitter: parts::by_emitter(&groups, scene),
        }
    }

    pub fn quantity(&self, key: &str) -> Option<Estimate> {
        self.quantities.get(key).copied()
    }
}

/// The definition of a quantity, if there is one of that key.
pub fn definition(key: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.key == key)
}

/// Whether a scene can have a value for a quantity: emission needs emitters, and pump quantities a pump.
pub fn has_meaning(key: &str, scene: &Scene) -> bool {
    definition(key).is_some_and(|definition| Setting::of(scene).meets(definition.needs))
}

/// One quantity of a design's counts, without forming the others. `None` for an unknown key.
pub fn quantity(key: &str, counts: &Counts, scene: &Scene) -> Option<Estimate> {
    let setting = Setting::of_run(scene, counts.layout.stratified);
    quantity_of(key, &Groups::new(counts, &setting), &setting)
}

/// One quantity of groups that have been formed already.
fn quantity_of(key: &str, groups: &Groups, setting: &Setting) -> Option<Estimate> {
    definition(key).map(|definition| definition.estimate(groups, setting))
}

/// How much a quantity changes from the second design to the first, with the error of the change:
/// smaller than the two errors suggest, since both designs ran the same random numbers. `None` for an
/// unknown key.
pub fn difference(key: &str, (counts, scene): (&Counts, &Scene), other: (&Counts, &Scene)) -> Option<Estimate> {
    let definition = definition(key)?;
    let [setting, other_setting] =
        [(counts, scene), other].map(|(counts, scene)| Setting::of_run(scene, counts.layout.stratified));
    let parts = |tally: &Tally| definition.parts(tally, &setting);
    let other_parts = |tally: &Tally| definition.parts(tally, &other_setting);
    Some(Groups::new(counts, &setting).difference(&Groups::new(other.0, &other_setting), parts, other_parts))
}
