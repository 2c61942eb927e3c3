//! What was understood of a scene: the stack and its coefficients at some wavelengths.

use std::collections::BTreeMap;

use serde::Serialize;

use super::check_text;
use crate::scene::{Layer, Scene, SourceKind};
use crate::spectrum::{Curve, Spectrum};

/// A scene as it was understood. Displayed as a page of text; serialised as `check --json` gives it.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    pub schema: &'static str,
    pub title: String,
    pub source: String,
    pub front: String,
    pub back: String,
    pub extent: String,
    /// Where light is wanted, and what becomes of reabsorbed photons.
    pub purpose: String,
    pub layers: Vec<LayerReport>,
    pub wavelengths: Vec<AtWavelength>,
    pub notes: Vec<String>,
    /// Empty: a scene with problems gives no report.
    pub problems: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LayerReport {
    pub name: String,
    pub thickness_um: f64,
    pub coherent: bool,
    pub emitters: Vec<EmitterReport>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EmitterReport {
    pub name: String,
    pub plqy: f64,
    pub emission: String,
    /// Where the dipoles sit and how they lie.
    pub dipole: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AtWavelength {
    pub wavelength_nm: f64,
    pub layers: Vec<LayerAt>,
}

/// A layer at one wavelength. `None` where something is not stated for it, and `g` where nothing scatters.
#[derive(Debug, Clone, Serialize)]
pub struct LayerAt {
    pub name: String,
    pub index: Option<f64>,
    /// Imaginary part of a coherent layer's index.
    pub k: Option<f64>,
    pub mu_s_per_cm: Option<f64>,
    /// The mean over the layer's scatterers, weighted with their coefficients.
    pub g: Option<f64>,
    /// Base e, by `host` and by emitter.
    pub absorption_per_cm: BTreeMap<String, Option<f64>>,
    /// Absorption and scattering together, across the layer at normal incidence.
    pub optical_thickness: Option<f64>,
}

impl CheckReport {
    /// The report at these wavelengths, in nm.
    pub fn new(scene: &Scene, wavelengths_nm: &[f64]) -> Self {
        let layers = scene.layers.iter().map(|layer| LayerReport {
            name: layer.name.clone(),
            thickness_um: layer.thickness_um,
            coherent: layer.coherent,
            emitters: layer
                .emitters
                .iter()
                .map(|emitter| EmitterReport {
                    name: emitter.name.clone(),
                    plqy: emitter.plqy,
                    emission: check_text::spectrum(&emitter.emission),
                    dipole: emitter.dipole.as_ref().map(check_text::dipole),
                })
                .collect(),
        });
        CheckReport {
            schema: "relume.check/1",
            title: scene.title.clone(),
            source: check_text::source(scene),
            front: check_text::outer(&scene.front),
            back: check_text::outer(&scene.back),
            extent: check_text::extent(scene),
            purpose: check_text::purpose(scene),
            layers: layers.collect(),
            wavelengths: wavelengths_nm.iter().map(|at| at_wavelength(scene, *at)).collect(),
            notes: scene.notes.clone(),
            problems: Vec::new(),
        }
    }
}

/// The mean wavelength of the source and the peak of each emitter, in nm, without repeats.
pub fn default_wavelengths_nm(scene: &Scene) -> Vec<f64> {
    let source = match &scene.source.kind {
        SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => Some(mean_nm(spectrum)),
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => None,
    };
    let emitters = scene.layers.iter().flat_map(|layer| &layer.emitters);
    let mut list: Vec<f64> = Vec::new();
    for wavelength_nm in source.into_iter().chain(emitters.map(|emitter| peak_nm(&emitter.emission))) {
        if !list.contains(&wavelength_nm) {
            list.push(wavelength_nm);
        }
    }
    list
}

/// Mean over photons, to a thousandth of a nm but of a line.
fn mean_nm(spectrum: &Spectrum) -> f64 {
    if let Spectrum::Line(wavelength_nm) = spectrum {
        return *wavelength_nm;
    }
    let mean: f64 = spectrum.nodes(&[]).iter().map(|node| node.share * node.wavelength_nm).sum();
    (mean * 1e3).round() / 1e3
}

fn peak_nm(spectrum: &Spectrum) -> f64 {
    match spectrum {
        Spectrum::Line(wavelength_nm) => *wavelength_nm,
        Spectrum::GaussianInWavelength { peak_nm, .. } | Spectrum::GaussianInEnergy { peak_nm, .. } => *peak_nm,
        Spectrum::Table(table) => {
            let highest = table.points().max_by(|a, b| a.1.total_cmp(&b.1));
            highest.map_or(f64::NAN, |(wavelength_nm, _)| wavelength_nm)
        }
    }
}

fn at_wavelength(scene: &Scene, wavelength_nm: f64) -> AtWavelength {
    let layers = scene.layers.iter().map(|layer| layer_at(layer, wavelength_nm)).collect();
    AtWavelength { wavelength_nm, layers }
}

fn layer_at(layer: &Layer, wavelength_nm: f64) -> LayerAt {
    const CM_PER_UM: f64 = 1e-4;
    let at = |curve: &Curve| stated(curve, wavelength_nm);
    let host_curves = [Some(&layer.absorption_per_cm), layer.extinction.as_ref()];
    let host = host_curves
        .into_iter()
        .flatten()
        .all(|curve| at(curve).is_some())
        .then(|| layer.host_absorption_per_cm(wavelength_nm));
    let emitters = layer.emitters.iter().map(|emitter| (emitter.name.clone(), at(&emitter.absorption_per_cm)));
    let absorption_per_cm: BTreeMap<_, _> = [("host".to_owned(), host)].into_iter().chain(emitters).collect();

    let scatterers: Option<Vec<(f64, f64)>> =
        layer.scatterers.iter().map(|scatterer| Some((at(&scatterer.mu_s_per_cm)?, at(&scatterer.g)?))).collect();
    // Folded from 0.0: the empty sum of floats is -0.0.
    let mu_s = scatterers.as_ref().map(|list| list.iter().fold(0.0, |sum, (mu_s, _)| sum + mu_s));
    let g = scatterers.zip(mu_s).and_then(|(list, mu_s)| {
        let weighted: f64 = list.iter().map(|(mu_s, g)| mu_s * g).sum();
        (mu_s > 0.0).then(|| weighted / mu_s)
    });
    let absorbed: Option<f64> = absorption_per_cm.values().copied().sum();
    LayerAt {
        name: layer.name.clone(),
        index: at(&layer.index),
        k: if layer.coherent { layer.extinction.as_ref().map_or(Some(0.0), at) } else { None },
        mu_s_per_cm: mu_s,
        g,
        absorption_per_cm,
        optical_thickness: absorbed.zip(mu_s).map(|(mu_a, mu_s)| (mu_a + mu_s) * layer.thickness_um * CM_PER_UM),
    }
}

/// The value of a curve where it is stated.
fn stated(curve: &Curve, wavelength_nm: f64) -> Option<f64> {
    let (low, high) = curve.range_nm();
    (low..=high).contains(&wavelength_nm).then(|| curve.at(wavelength_nm))
}
