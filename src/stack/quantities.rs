//! What a sweep gives of each design: numbers of [`Emission`], by the names that they have in the JSON of a stack.

use super::Tandem;
use super::dipoles::Emission;
use crate::outcome::{Estimate, Named, Unit};
use crate::scene::{Layer, Recycling, Scene, SourceKind};

/// A number that a stack gives of an emitter.
pub struct Quantity {
    pub key: &'static str,
    /// A few words for a reader of the result.
    pub meaning: &'static str,
    pub unit: Unit,
    value: fn(&Emission) -> Option<f64>,
}

const fn share(key: &'static str, meaning: &'static str, value: fn(&Emission) -> Option<f64>) -> Quantity {
    Quantity { key, meaning, unit: Unit::Fraction, value }
}

const fn number(key: &'static str, meaning: &'static str, value: fn(&Emission) -> Option<f64>) -> Quantity {
    Quantity { key, meaning, unit: Unit::Number, value }
}

const fn nm(key: &'static str, meaning: &'static str, value: fn(&Emission) -> Option<f64>) -> Quantity {
    Quantity { key, meaning, unit: Unit::Nm, value }
}

/// In the order of their columns; behind them stand what each layer absorbs and the units of a tandem.
pub const QUANTITIES: [Quantity; 28] = [
    number("purcell", "rate of emission over that in the bulk", |of| Some(of.purcell)),
    share("air", "leaves by the output side", |of| Some(of.air)),
    share("substrate", "trapped in a substrate", |of| Some(of.substrate)),
    share("substrate_to_air", "of it, crosses and leaves by the output side", |of| Some(of.substrate_to_air)),
    share("substrate_to_top", "of it, crosses and leaves by the other side", |of| Some(of.substrate_to_top)),
    share("guided", "guided in the thin layers", |of| Some(of.guided)),
    share("plasmon", "surface plasmons and near fields", |of| Some(of.plasmon)),
    share("absorbed", "absorbed on the way out", |of| Some(of.absorbed)),
    share("top", "leaves by the other side", |of| Some(of.top)),
    share("effective_plqy", "PLQY with the Purcell factor", |of| Some(of.effective_plqy)),
    share("outcoupling_efficiency", "of emitted photons, no recycling", |of| Some(of.outcoupling_efficiency)),
    share("eqe_bound", "no recycling, all charges recombine", |of| Some(of.eqe_bound)),
    share("eqe", "no recycling", |of| Some(of.eqe)),
    share("recycling.p_a", "taken back by the emitter layer at first", |of| {
        of.recycling.as_ref().map(|of| of.spacers[0].p_a)
    }),
    share("recycling.p_a_substrate", "taken back of what a substrate returns", |of| {
        of.recycling.as_ref().map(|of| of.spacers[0].p_a_substrate)
    }),
    share("recycling.p_out", "leaves an emitter layer that absorbs", |of| {
        of.recycling.as_ref().map(|of| of.spacers[0].p_out)
    }),
    share("recycling.eqe_bound_lost", "were light taken back lost", |of| {
        of.recycling.as_ref().map(|of| of.eqe_bound_lost)
    }),
    share("recycling.eqe_bound", "with recycling, all charges recombine", |of| {
        of.recycling.as_ref().map(|of| of.eqe_bound)
    }),
    share("recycling.eqe", "what is taken back is emitted again", |of| of.recycling.as_ref().map(|of| of.eqe)),
    nm("mean_emission_nm", "of the light that leaves", |of| Some(of.mean_emission_nm)),
    nm("width_nm", "of the spectrum that leaves", |of| Some(of.width_nm)),
    number("colour.x", "CIE 1931", |of| of.colour.as_ref().map(|of| of.x)),
    number("colour.y", "CIE 1931", |of| of.colour.as_ref().map(|of| of.y)),
    number("colour.luminous_efficacy_lm_per_w", "of the light that leaves", |of| {
        of.colour.as_ref().map(|of| of.luminous_efficacy_lm_per_w)
    }),
    number("colour.current_efficiency_cd_per_a", "along the normal, no recycling", |of| {
        of.colour.as_ref().map(|of| of.current_efficiency_cd_per_a)
    }),
    number("brightness.radiant_exitance_w_per_m2", "output side, no recycling", |of| {
        of.brightness.as_ref().map(|of| of.radiant_exitance_w_per_m2)
    }),
    number("brightness.radiance_w_per_sr_m2", "along the normal, no recycling", |of| {
        of.brightness.as_ref().map(|of| of.radiance_w_per_sr_m2)
    }),
    number("brightness.luminance_cd_per_m2", "along the normal, no recycling", |of| {
        of.brightness.as_ref().map(|of| of.luminance_cd_per_m2)
    }),
];

/// What stands before the name of a layer, for what it absorbs.
const BY_LAYER: &str = "by_layer.";

impl Quantity {
    /// The quantity of a key; that of a layer for `by_layer.NAME`, of a tandem for `tandem.eqe`.
    pub fn of(key: &str) -> Option<&'static Quantity> {
        const OF_LAYER: Quantity = share(BY_LAYER, "absorbed by the layer", |_| None);
        const OF_TANDEM: Quantity = share(TANDEM, "photons per pair of charges", |_| None);
        if key.starts_with(BY_LAYER) {
            return Some(&OF_LAYER);
        }
        if key.starts_with(TANDEM) {
            return Some(&OF_TANDEM);
        }
        QUANTITIES.iter().find(|quantity| quantity.key == key)
    }

    /// Whether a design can have a number of this key, before it is worked out.
    pub fn may_be_of(key: &str, scene: &Scene) -> bool {
        if let Some(name) = key.strip_prefix(BY_LAYER) {
            return scene.layers.iter().any(|layer| layer.coherent && layer.name == name);
        }
        let dipoles = |layer: &&Layer| layer.emitters.iter().any(|emitter| emitter.dipole.is_some());
        if let Some(rest) = key.strip_prefix(TANDEM) {
            let units: Vec<&str> = scene.layers.iter().filter(dipoles).map(|layer| layer.name.as_str()).collect();
            let unit = rest.strip_prefix("units.").map(|unit| unit.strip_suffix(".eqe").unwrap_or(unit));
            return units.len() > 1 && unit.is_none_or(|unit| units.contains(&unit));
        }
        if key.starts_with("recycling.") {
            let absorbs = scene.layers.iter().filter(dipoles).any(|layer| layer.extinction.is_some());
            return absorbs && scene.recycling != Recycling::Transparent;
        }
        let SourceKind::Electroluminescence { current_density_ma_per_cm2, .. } = scene.source.kind else {
            return !key.starts_with("brightness.");
        };
        !key.starts_with("brightness.") || current_density_ma_per_cm2.is_some()
    }
}

/// What stands before the numbers of a tandem.
const TANDEM: &str = "tandem.";

/// All numbers of an emitter and its device, without errors: waves have none.
pub(super) fn all(emission: &Emission, tandem: Option<&Tandem>) -> Named<Estimate> {
    let exact = |value: Option<f64>| Estimate::new(value.filter(|value| value.is_finite()), None);
    let own = QUANTITIES.iter().map(|quantity| (quantity.key.into(), exact((quantity.value)(emission))));
    let layers =
        emission.by_layer.0.iter().map(|(name, share)| (format!("{BY_LAYER}{name}").into(), exact(Some(*share))));
    let units = tandem.into_iter().flat_map(|of| &of.units.0);
    let units = units.map(|(layer, unit)| (format!("{TANDEM}units.{layer}.eqe").into(), exact(Some(unit.eqe))));
    let sums = tandem.into_iter().flat_map(|of| {
        let sums = [("eqe", of.eqe), ("eqe_with_recycling", of.eqe_with_recycling)];
        sums.map(|(name, sum)| (format!("{TANDEM}{name}").into(), exact(Some(sum))))
    });
    Named(own.chain(layers).chain(units).chain(sums).collect())
}
