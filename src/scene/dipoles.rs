//! Dipoles of emitters in coherent layers: where they sit, how they lie, and what they absorb.

use std::sync::Arc;

use super::emitters::Host;
use super::keys::{DIPOLE, ORIENTATION, ZONE};
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use super::{Dipole, Zone, absorption_of_k_per_cm};
use crate::optics::dipole::{DEFAULT_SPACER_NM, ISOTROPIC};
use crate::optics::quadrature::gauss_legendre;
use crate::spectrum::{Curve, Model, Spectrum};

/// Reads `dipole` of an emitter in a coherent layer.
pub(super) fn read(emitter: &Reader, host: Host, emission: Option<&Spectrum>) -> Option<Dipole> {
    let table = emitter.child("dipole", &DIPOLE)?;
    if let Some((n, k, nm)) = emission.and_then(|emission| metal(host, emission)) {
        table.problem(table.place, format_args!("a dipole cannot sit in a metal (n = {n}, k = {k} at {nm} nm)"));
    }
    let zone = zone(&table, host.thickness_um.unwrap_or(0.0));
    let horizontal = orientation(&table);
    let spacer_nm = match table.has("spacer_nm") {
        true => table.number("spacer_nm", Limits::POSITIVE),
        false => Some(DEFAULT_SPACER_NM),
    };
    let (zone, spacer_nm) = (zone?, spacer_nm?);
    if let (Some(_), Some(thickness_um)) = (host.extinction, host.thickness_um)
        && outside_slab(&zone, spacer_nm, 1e3 * thickness_um) < LITTLE
    {
        table.log.note(format!(
            "{}spacer_nm = {spacer_nm} leaves next to nothing of the layer to take light back at first: what a substrate \
             returns is then all that is recycled",
            table.context
        ));
    }
    Some(Dipole { zone, horizontal: horizontal?, spacer_nm })
}

/// Share of a layer that absorbs what its dipoles emit, of which so little is worth a note.
const LITTLE: f64 = 0.1;

/// Share of a layer outside the lossless slab about a dipole, over its zone.
fn outside_slab(zone: &Zone, spacer_nm: f64, thickness_nm: f64) -> f64 {
    let of_place = |(share, weight): &(f64, f64)| {
        let depth_nm = share * thickness_nm;
        let slab_nm = (depth_nm + spacer_nm).min(thickness_nm) - (depth_nm - spacer_nm).max(0.0);
        weight * (1.0 - slab_nm / thickness_nm)
    };
    zone.places.iter().map(of_place).sum()
}

/// Index of the layer where it is a metal's (the real part of n^2 not above 0) at some wavelength of the emission.
fn metal(host: Host, emission: &Spectrum) -> Option<(f64, f64, f64)> {
    const SAMPLES: usize = 32;
    let (low, high) = emission.support_nm();
    let at = (0..=SAMPLES).map(|i| low + (high - low) * i as f64 / SAMPLES as f64);
    let rounded = super::ranges::rounded;
    at.map(|nm| (host.index.at(nm), host.extinction.map_or(0.0, |k| k.at(nm)), nm))
        .find(|(n, k, _)| k >= n)
        .map(|(n, k, nm)| (rounded(n), rounded(k), rounded(nm)))
}

fn zone(table: &Reader, thickness_um: f64) -> Option<Zone> {
    let node = table.require("position")?;
    match &node.value {
        Value::Text(text) if text == "uniform" => Some(uniform(thickness_um)),
        Value::Text(_) => {
            table.problem(&node.place, "position must be a share of the thickness, \"uniform\" or { share, weight }");
            None
        }
        Value::Table(_) => profile(&table.enter(node, "position", &ZONE)?).map(Zone::at),
        _ => table.number_in(node, "position", Limits::SHARE).map(|share| Zone::at(vec![(share, 1.0)])),
    }
}

/// A layer filled evenly: as many places as it takes to follow standing waves, which repeat within 100 nm or more.
fn uniform(thickness_um: f64) -> Zone {
    const NM_PER_PLACE: f64 = 27.0;
    const COUNT: (f64, f64) = (10.0, 40.0);
    let count = (1e3 * thickness_um / NM_PER_PLACE).ceil().clamp(COUNT.0, COUNT.1);
    Zone { places: gauss_legendre(count as usize), fills_layer: true }
}

fn profile(table: &Reader) -> Option<Vec<(f64, f64)>> {
    let share = list(table, "share", Limits::SHARE);
    let weight = list(table, "weight", Limits::WEIGHT);
    let (share, weight) = (share?, weight?);
    if share.len() != weight.len() {
        let (shares, weights) = (share.len(), weight.len());
        table.problem(table.place, format_args!("needs a weight for each share, got {shares} and {weights}"));
        return None;
    }
    let sum: f64 = weight.iter().sum();
    if sum <= 0.0 {
        table.problem(table.place, "needs a weight above 0");
        return None;
    }
    Some(share.into_iter().zip(weight).filter(|at| at.1 > 0.0).map(|(share, weight)| (share, weight / sum)).collect())
}

fn list(table: &Reader, key: &str, limits: Limits) -> Option<Vec<f64>> {
    let node = table.require(key)?;
    let Value::List(items) = &node.value else {
        table.problem(&node.place, format_args!("{key} must be a list of numbers, got {}", node.value));
        return None;
    };
    let number = |(i, item): (usize, &Node)| table.number_in(item, &format!("{key}: item {}", i + 1), limits);
    items.iter().enumerate().map(number).collect()
}

/// Share of the dipoles in the plane of the layers.
fn orientation(table: &Reader) -> Option<f64> {
    match table.get("orientation") {
        None => Some(ISOTROPIC),
        Some(Node { value: Value::Table(_), .. }) => {
            table.child("orientation", &ORIENTATION)?.required_number("horizontal", Limits::SHARE)
        }
        Some(_) => table.word("orientation", &[("isotropic", ISOTROPIC), ("horizontal", 1.0), ("vertical", 0.0)], &[]),
    }
}

/// All that a coherent layer absorbs, for its emitter.
pub(super) fn all_of(extinction: Option<&Curve>) -> Curve {
    match extinction {
        None | Some(Curve::Constant(0.0)) => Curve::Constant(0.0),
        Some(k) => Curve::Model(Arc::new(AllOf(k.clone()))),
    }
}

/// Absorption of an extinction coefficient.
#[derive(Debug)]
struct AllOf(Curve);

impl Model for AllOf {
    fn at(&self, wavelength_nm: f64) -> f64 {
        absorption_of_k_per_cm(self.0.at(wavelength_nm), wavelength_nm)
    }

    fn range_nm(&self) -> (f64, f64) {
        self.0.range_nm()
    }
}
