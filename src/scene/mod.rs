//! The scene: valid by construction. Layers are listed in the order the light meets them.

mod build;
mod coherent;
mod curves;
mod dipoles;
mod document;
mod emitters;
mod files;
mod hash;
mod indices;
mod keys;
mod layers;
mod library;
mod outer;
mod problem;
mod ranges;
mod reader;
mod remarks;
mod set;
mod settable;
mod sources;
mod spectra;
mod tree;

pub use coherent::Packet;
pub use document::{Document, Loaded, load, parse};
pub use problem::Problems;
pub use set::{key_parts, set_the_same};

use crate::spectrum::{Curve, Grid, Spectrum, Values};

#[derive(Debug, Clone)]
pub struct Scene {
    pub title: String,
    pub polarisation: Polarisation,
    pub recycling: Recycling,
    /// The side the light is wanted on.
    pub output: Side,
    pub front: Outer,
    pub back: Outer,
    pub source: Source,
    pub layers: Vec<Layer>,
    /// Without it the stack is laterally infinite.
    pub extent: Option<Extent>,
    /// Inputs that are estimates, and other things a reader of the result should know.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarisation {
    /// (Rs + Rp)/2 at every face.
    Average,
    /// A photon is s or p.
    Track,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recycling {
    On,
    /// A reabsorbed photon ends there (`nonradiative`).
    Lost,
    /// Emitters do not absorb emission.
    Transparent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Front,
    Back,
}

/// The half-space in front of or behind the stack.
#[derive(Debug, Clone)]
pub struct Outer {
    /// Refractive index; not used beside a reflector in contact.
    pub index: Curve,
    pub reflector: Option<Reflector>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reflector {
    pub kind: ReflectorKind,
    /// 0..=1.
    pub reflectance: f64,
    /// Whether a thin gap of the outer medium's index lies between stack and reflector.
    pub gap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReflectorKind {
    Specular,
    /// Lambertian.
    Diffuse,
}

#[derive(Debug, Clone)]
pub struct Source {
    pub kind: SourceKind,
    pub spot: Spot,
}

#[derive(Debug, Clone)]
pub enum SourceKind {
    /// Collimated light from the front medium at this angle to the normal, 0..=90.
    Beam { angle_deg: f64, spectrum: Spectrum },
    /// Light whose radiance in the front medium is the same in all directions.
    Lambertian { spectrum: Spectrum },
    /// Excitations of one emitter, uniform in its layer's volume. Indices into `layers` and `emitters`.
    Internal { layer: usize, emitter: usize },
    /// Pairs of charges that recombine in an emitter with a dipole. Indices into `layers` and `emitters`.
    Electroluminescence {
        layer: usize,
        emitter: usize,
        /// Pairs that recombine in the emitter, of those injected: 0..=1.
        charge_balance: f64,
        current_density_ma_per_cm2: Option<f64>,
    },
}

/// Where on the front face the source lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot {
    /// At the centre.
    Point,
    /// A uniform disc about the centre.
    Disc { radius_mm: f64 },
    /// The whole face, uniform; a point where the stack is laterally infinite.
    Face,
}

#[derive(Debug, Clone)]
pub struct Layer {
    pub name: String,
    pub thickness_um: f64,
    /// Thin: its faces are met by waves, not by rays. Nothing scatters in it, and k is all of its absorption.
    pub coherent: bool,
    /// Real part of the refractive index.
    pub index: Curve,
    /// Imaginary part of the refractive index, where one was given: host absorption 4 pi k / lambda.
    pub extinction: Option<Curve>,
    /// Parasitic absorption beside that of `extinction`, base e.
    pub absorption_per_cm: Curve,
    pub scatterers: Vec<Scatterer>,
    pub emitters: Vec<Emitter>,
}

impl Layer {
    /// Whether interference, which rays leave out, matters for a layer of this thickness.
    pub fn is_thin_for_rays(&self) -> bool {
        !self.coherent && self.thickness_um < 1.0
    }

    /// Shares of each emitter in all that a coherent layer absorbs; the host has the rest.
    pub fn emitter_shares(&self, wavelength_nm: f64) -> Vec<f64> {
        let k = self.extinction.as_ref().map_or(0.0, |k| k.at(wavelength_nm));
        let own: Vec<f64> = self.emitters.iter().map(|emitter| emitter.absorption_per_cm.at(wavelength_nm)).collect();
        let all = absorption_of_k_per_cm(k, wavelength_nm).max(own.iter().sum());
        own.into_iter().map(|absorption| if k > 0.0 { absorption / all } else { 0.0 }).collect()
    }

    /// All parasitic absorption of the host at a wavelength, in 1/cm, base e. In a coherent layer it is what the
    /// emitters leave of k.
    pub fn host_absorption_per_cm(&self, wavelength_nm: f64) -> f64 {
        let k = self.extinction.as_ref().map_or(0.0, |k| k.at(wavelength_nm));
        let by_k = absorption_of_k_per_cm(k, wavelength_nm);
        if self.coherent {
            let emitters: f64 = self.emitters.iter().map(|emitter| emitter.absorption_per_cm.at(wavelength_nm)).sum();
            return (by_k - emitters).max(0.0);
        }
        self.absorption_per_cm.at(wavelength_nm) + by_k
    }

    /// k from all that a layer which is not coherent absorbs, with its emitters or without.
    pub fn all_k(&self, wavelength_nm: f64, emitters_absorb: bool) -> f64 {
        let emitters = self.emitters.iter().map(|emitter| emitter.absorption_per_cm.at(wavelength_nm));
        let emitters: f64 = if emitters_absorb { emitters.sum() } else { 0.0 };
        let all = self.host_absorption_per_cm(wavelength_nm) + emitters;
        all / absorption_of_k_per_cm(1.0, wavelength_nm)
    }

    /// [`Layer::host_absorption_per_cm`] on a grid, of a layer that is not coherent.
    pub fn host_absorption_per_cm_on(&self, grid: &Grid) -> Values {
        let absorption = self.absorption_per_cm.on(grid);
        let Some(k) = &self.extinction else { return absorption };
        let k = k.on(grid);
        let by_k = |number| absorption_of_k_per_cm(k.at(number), grid.wavelength_nm[number]);
        Values::by(grid, |number| absorption.at(number) + by_k(number))
    }
}

/// Absorption coefficient 4 pi k / lambda in 1/cm.
fn absorption_of_k_per_cm(k: f64, wavelength_nm: f64) -> f64 {
    const NM_PER_CM: f64 = 1e7;
    4.0 * std::f64::consts::PI * k / wavelength_nm * NM_PER_CM
}

#[derive(Debug, Clone)]
pub struct Scatterer {
    pub mu_s_per_cm: Curve,
    /// Henyey-Greenstein anisotropy, -1 < g < 1.
    pub g: Curve,
}

#[derive(Debug, Clone)]
pub struct Emitter {
    pub name: String,
    /// Internal photoluminescence quantum yield, per absorption event.
    pub plqy: f64,
    /// Base e.
    pub absorption_per_cm: Curve,
    pub emission: Spectrum,
    pub lifetime_ns: Option<f64>,
    /// How it radiates; in coherent layers only.
    pub dipole: Option<Dipole>,
}

/// Where in their layer dipoles sit.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// (Share of the layer's thickness from its first face, weight), weights of sum 1.
    pub places: Vec<(f64, f64)>,
    /// Whether the places are nodes that stand for the whole layer.
    pub fills_layer: bool,
}

impl Zone {
    /// These places alone.
    pub fn at(places: Vec<(f64, f64)>) -> Self {
        Self { places, fills_layer: false }
    }
}

/// Dipoles of an emitter in a coherent layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Dipole {
    pub zone: Zone,
    /// Share that lies in the plane of the layers: 2/3 isotropic, 0..=1.
    pub horizontal: f64,
    /// Half the thickness of the lossless slab about the dipole, for reabsorption.
    pub spacer_nm: f64,
}

#[derive(Debug, Clone)]
pub struct Extent {
    pub width_mm: f64,
    pub depth_mm: f64,
    pub edges: Edges,
    /// Refractive index beyond open edges.
    pub index: Curve,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edges {
    /// Fresnel faces; what passes leaves at the edge.
    Open,
    Mirror,
    Absorbing,
}
