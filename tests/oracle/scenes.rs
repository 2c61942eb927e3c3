//! Scenes in code.

use std::sync::Arc;

use relume::scene::*;
use relume::spectrum::{Curve, Model, Spectrum, Table};

/// The pump of every case whose table names none.
pub const PUMP_NM: f64 = 400.0;
/// Where tables of coefficients step from the pump's value to the emission's.
const BETWEEN_NM: f64 = 430.0;
/// All slabs of the tables are 1 mm thick.
pub const THICKNESS_UM: f64 = 1000.0;
pub const THICKNESS_CM: f64 = 0.1;

pub fn medium(index: f64) -> Outer {
    Outer { index: Curve::Constant(index), reflector: None }
}

/// A surface in contact that reflects nothing.
pub fn black() -> Outer {
    Outer {
        index: Curve::Constant(1.0),
        reflector: Some(Reflector { kind: ReflectorKind::Specular, reflectance: 0.0, gap: false }),
    }
}

/// A clear layer 1 mm thick.
pub fn layer(index: f64) -> Layer {
    Layer {
        name: "slab".into(),
        thickness_um: THICKNESS_UM,
        coherent: false,
        index: Curve::Constant(index),
        extinction: None,
        absorption_per_cm: Curve::Constant(0.0),
        scatterers: vec![],
        emitters: vec![],
    }
}

pub fn scatterer(mu_s_per_cm: f64, g: f64) -> Scatterer {
    Scatterer { mu_s_per_cm: Curve::Constant(mu_s_per_cm), g: Curve::Constant(g) }
}

pub fn beam(wavelength_nm: f64, angle_deg: f64) -> SourceKind {
    SourceKind::Beam { angle_deg, spectrum: Spectrum::Line(wavelength_nm) }
}

pub fn lambertian() -> SourceKind {
    SourceKind::Lambertian { spectrum: Spectrum::Line(PUMP_NM) }
}

/// Excitations of the only emitter of a layer.
pub fn internal(layer: usize) -> SourceKind {
    SourceKind::Internal { layer, emitter: 0 }
}

/// A stack in air, laterally infinite.
pub fn stack(source: SourceKind, layers: Vec<Layer>) -> Scene {
    Scene {
        title: "oracle".into(),
        polarisation: Polarisation::Average,
        recycling: Recycling::On,
        output: Side::Back,
        front: medium(1.0),
        back: medium(1.0),
        source: Source { kind: source, spot: Spot::Point },
        layers,
        extent: None,
        notes: vec![],
    }
}

/// A rectangle with edges towards air.
pub fn extent(width_mm: f64, edges: Edges) -> Option<Extent> {
    Some(Extent { width_mm, depth_mm: width_mm, edges, index: Curve::Constant(1.0) })
}

pub fn table(wavelength_nm: &[f64], value: &[f64]) -> Curve {
    Curve::Table(Table::new(wavelength_nm.to_vec(), value.to_vec(), true).expect("a table"))
}

/// One value for the pump, another for the emission.
pub fn pump_and_emission(pump: f64, emission: f64) -> Curve {
    table(&[PUMP_NM, BETWEEN_NM, BETWEEN_NM, 620.0], &[pump, pump, emission, emission])
}

pub fn emitter(plqy: f64, absorption_per_cm: Curve, emission: Spectrum) -> Emitter {
    Emitter { name: "dye".into(), plqy, lifetime_ns: None, dipole: None, absorption_per_cm, emission }
}

/// An emitter of the line 515 nm that absorbs nothing of it.
pub fn clear_emitter() -> Emitter {
    emitter(1.0, Curve::Constant(0.0), Spectrum::Line(515.0))
}

/// Absorption of the `gauss` slabs, per cm: a constant for the pump, a falling edge at 505 nm across the emission.
#[derive(Debug)]
struct Edge {
    pump_per_cm: f64,
    top_per_cm: f64,
}

impl Model for Edge {
    fn at(&self, wavelength_nm: f64) -> f64 {
        if wavelength_nm < BETWEEN_NM {
            self.pump_per_cm
        } else {
            self.top_per_cm / (1.0 + ((wavelength_nm - 505.0) / 5.0).exp())
        }
    }

    fn range_nm(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

pub fn edge(pump_per_cm: f64, top_per_cm: f64) -> Curve {
    Curve::Model(Arc::new(Edge { pump_per_cm, top_per_cm }))
}

pub fn gaussian() -> Spectrum {
    Spectrum::GaussianInWavelength { peak_nm: 515.0, fwhm_nm: 20.0 }
}
