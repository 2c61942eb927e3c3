//! Holds the range of every curve against all wavelengths that the scene can produce.

use std::sync::{Arc, LazyLock};

use super::problem::{Log, Stated};
use super::{Scene, SourceKind};
use crate::memo::Memo;
use crate::spectrum::{Curve, Grid};

/// Light of the scene: who gives it, from where to where in nm.
struct Light {
    who: String,
    low_nm: f64,
    high_nm: f64,
}

/// What may be done about a table of points.
pub(super) const WIDER_TABLE: &str = "add extrapolate = \"flat\" or a wider table";
/// ... about a material's index.
pub(super) const HOLD_MATERIAL: &str = "to hold its end values: { material = \"...\", extrapolate = \"flat\" }";
/// ... about an emitter of the library.
pub(super) const OTHER_LIGHT: &str = "the library's model of this emitter ends there";

/// ... about an index that no ray can be followed in.
const METAL: &str = "metals belong in coherent layers";

/// Logs each curve that is not stated for some light of the scene, and each index below 1.
pub(super) fn check(scene: &Scene, log: &Log) {
    let lights = lights(scene);
    let curves = log.take_curves();
    for stated in &curves {
        if let Some(light) = uncovered(&stated.curve, &lights) {
            log.problem(&stated.place, message(stated, light));
        } else if stated.in_waves {
            check_passive(stated, &lights, log);
        } else if is_index(&stated.what) {
            let extinction = format!("{}: k", stated.what);
            let extinction = curves.iter().find(|other| other.place == stated.place && other.what == extinction);
            check_index(stated, extinction.map(|stated| &stated.curve), &lights, log);
        }
    }
}

fn lights(scene: &Scene) -> Vec<Light> {
    let source = match &scene.source.kind {
        SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => Some(("the source", spectrum)),
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => None,
    };
    let emitters = scene.layers.iter().flat_map(|layer| &layer.emitters);
    let emissions = emitters.map(|emitter| (format!("emission of '{}'", emitter.name), &emitter.emission));
    source
        .into_iter()
        .map(|(who, spectrum)| (who.to_owned(), spectrum))
        .chain(emissions)
        .map(|(who, spectrum)| {
            let (low_nm, high_nm) = spectrum.support_nm();
            Light { who, low_nm, high_nm }
        })
        .collect()
}

fn uncovered<'a>(curve: &Curve, lights: &'a [Light]) -> Option<&'a Light> {
    // A grid that ends at 700 nm covers light at 700 nm however its last bit was rounded.
    const SLACK_NM: f64 = 1e-9;
    let (low, high) = curve.range_nm();
    lights.iter().find(|light| light.low_nm < low - SLACK_NM || light.high_nm > high + SLACK_NM)
}

fn message(stated: &Stated, light: &Light) -> String {
    let (low, high) = stated.curve.range_nm();
    let reach = if light.low_nm == light.high_nm {
        format!("is at {} nm", rounded(light.low_nm))
    } else {
        format!("reaches {}..{} nm", rounded(light.low_nm), rounded(light.high_nm))
    };
    format!(
        "{}: stated for {}..{} nm, but {} {reach}; {}",
        stated.what,
        rounded(low),
        rounded(high),
        light.who,
        stated.remedy
    )
}

fn is_index(what: &str) -> bool {
    what.ends_with("index")
}

/// A ray has no meaning in a medium of index below 1, nor in one with k above n: in neither, as in metals, does
/// light travel on as a wave of its own.
fn check_index(stated: &Stated, extinction: Option<&Curve>, lights: &[Light], log: &Log) {
    for light in lights {
        let grid = samples(light);
        let (index, extinction) = (stated.curve.on(&grid), extinction.map(|k| k.on(&grid)));
        for (number, at) in grid.wavelength_nm.iter().enumerate() {
            let (what, n) = (&stated.what, index.at(number));
            if n.is_nan() || n < 1.0 {
                let (n, nm) = (rounded(n), rounded(*at));
                log.problem(&stated.place, format!("{what} must be at least 1, got {n} at {nm} nm; {METAL}"));
                return;
            }
            if let Some(k) = extinction.as_ref().map(|k| k.at(number)).filter(|k| *k > n) {
                let (n, k, nm) = (rounded(n), rounded(k), rounded(*at));
                log.problem(&stated.place, format!("{what}: k must be at most n = {n}, got {k} at {nm} nm; {METAL}"));
                return;
            }
        }
    }
}

/// In a coherent layer any passive index has a meaning: n above 0, k not below.
fn check_passive(stated: &Stated, lights: &[Light], log: &Log) {
    let lowest = if is_index(&stated.what) { f64::MIN_POSITIVE } else { 0.0 };
    for light in lights {
        let grid = samples(light);
        let wrong = |(_, value): &(f64, f64)| value.is_nan() || *value < lowest;
        let mut values = grid.wavelength_nm.iter().map(|at| (*at, stated.curve.at(*at)));
        if let Some((at, value)) = values.find(wrong) {
            let must = if lowest > 0.0 { "must be above 0" } else { "must not be negative (gain)" };
            let (what, value, nm) = (&stated.what, rounded(value), rounded(at));
            log.problem(&stated.place, format!("{what} {must}, got {value} at {nm} nm"));
            return;
        }
    }
}

/// Wavelengths of a light, remembered for the next design.
fn samples(light: &Light) -> Arc<Grid> {
    const SAMPLES: usize = 32;
    static KNOWN: LazyLock<Memo<[u64; 2], Grid>> = LazyLock::new(Memo::default);
    let (low, high) = (light.low_nm, light.high_nm);
    let step = (high - low) / SAMPLES as f64;
    KNOWN.get([low, high].map(f64::to_bits), || {
        Arc::new(Grid::lasting((0..=SAMPLES).map(|i| low + step * i as f64).collect()))
    })
}

/// A number for a message, to four decimals.
pub(super) fn rounded(number: f64) -> f64 {
    if number.abs() < 1e9 { (number * 1e4).round() / 1e4 } else { number }
}
