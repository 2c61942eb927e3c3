//! What layers are made of: the built-in library, files of optical constants, and nanocrystal emitters
//! whose concentration in wt% becomes absorption, scattering and effective index.

mod disperse;
mod dispersion;
mod edge;
mod file;
mod formula;
mod library;
mod oscillators;
mod parameters;
mod tauc_lorentz;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use crate::optics::effective::EffectiveIndex;
use crate::scene::Scatterer;
use crate::spectrum::{Curve, Spectrum, Table};

pub use disperse::{Intrinsic, NANOCRYSTAL_RANGE_NM};
pub use dispersion::Dispersion;
pub use formula::Formula;
pub use oscillators::{Drude, Lorentz, Oscillators};
pub use tauc_lorentz::TaucLorentz;

/// A host, a substrate or a layer material of the library.
#[derive(Debug, Clone)]
pub struct Medium {
    pub name: String,
    /// What it is, in words.
    pub title: String,
    pub optical: OpticalConstants,
    /// What is behind `optical`.
    pub formula: Formula,
    pub density_g_per_cm3: Option<f64>,
    /// The source in two words, for lists.
    pub cite: String,
    /// Where the formula comes from.
    pub source: String,
    /// How well the formula meets the source, where it is a fit to a table.
    pub fit: Option<String>,
    /// Why the numbers are an estimate, where they are one.
    pub estimate: Option<String>,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// Real and, where known, imaginary part of a refractive index.
#[derive(Debug, Clone)]
pub struct OpticalConstants {
    pub n: Curve,
    pub k: Option<Curve>,
}

/// A nanocrystal emitter of the library. Every field that a scene may override is public.
#[derive(Debug, Clone)]
pub struct Nanocrystal {
    pub name: String,
    pub title: String,
    pub plqy: f64,
    pub peak_nm: f64,
    pub fwhm_nm: f64,
    /// Emission peak to lowest exciton.
    pub stokes_mev: f64,
    pub urbach_mev: f64,
    pub exciton_binding_mev: f64,
    /// Intrinsic absorption coefficient at 450 nm in a host of index `stated_host_index`, 1/cm.
    pub mu_i_450_per_cm: f64,
    pub stated_host_index: f64,
    pub core_density_g_per_cm3: f64,
    /// Perovskite share of the weighed nanocrystal mass; the rest (shell, ligands) has `shell_density_g_per_cm3`.
    pub core_mass_fraction: f64,
    /// `None`: the host's density.
    pub shell_density_g_per_cm3: Option<f64>,
    /// Haze that follows the core volume fraction, stated at 20 wt%, and haze that does not, 1/cm.
    pub haze_per_cm_at_20_wt_pct: f64,
    pub haze_constant_per_cm: f64,
    pub haze_g: f64,
    pub lifetime_ns: Option<f64>,
    /// Absorption below 450 nm: `ln(mu_i / mu_i(450 nm)) = c1 x + c2 x^2`, x in eV above 450 nm.
    pub blue_shape: [f64; 2],
    /// Real index of the core.
    pub core_index: CoreIndex,
    /// Where each number comes from, and which are estimates: (quantity, source, is an estimate).
    pub sources: Arc<[(String, String, bool)]>,
}

/// Real index of a core: `n^2 = a - b ln sqrt((E - E_0)^2 + width^2) + c E`, energies in eV, where
/// `E_0` lies `below_exciton_mev` under the lowest exciton: the peak of the index that goes with the
/// absorption step there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoreIndex {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub below_exciton_mev: f64,
    pub width_mev: f64,
}

/// What a nanocrystal at a concentration brings to its layer.
#[derive(Debug, Clone)]
pub struct Dispersed {
    /// Core volume fraction.
    pub volume_fraction: f64,
    /// Base e.
    pub absorption_per_cm: Curve,
    pub emission: Spectrum,
    /// Haze of the particles; empty where there is none.
    pub haze: Vec<Scatterer>,
    /// Index of the core material, for the layer's effective index.
    pub core_index: OpticalConstants,
    /// Estimates and model limits that a reader of the result should know, one sentence each.
    pub notes: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    #[error("cannot read {path}: {why}")]
    Unreadable { path: String, why: String },
    #[error("{path}: {why}")]
    Malformed { path: String, why: String },
    #[error("{0}")]
    Concentration(String),
    #[error("{0}")]
    Parameter(String),
}

/// Names of the library's hosts, substrates and layer materials, in the order they are listed.
pub fn medium_names() -> Vec<&'static str> {
    library::MEDIA.iter().map(|medium| medium.name.as_str()).collect()
}

pub fn medium(name: &str) -> Option<&'static Medium> {
    library::MEDIA.iter().find(|medium| medium.name == name)
}

/// Names of the library's emitters.
pub fn nanocrystal_names() -> Vec<&'static str> {
    library::NANOCRYSTALS.iter().map(|nanocrystal| nanocrystal.name.as_str()).collect()
}

pub fn nanocrystal(name: &str) -> Option<Nanocrystal> {
    library::NANOCRYSTALS.iter().find(|nanocrystal| nanocrystal.name == name).cloned()
}

/// Optical constants from a refractiveindex.info YAML file (formulas 1 to 9, tabulated nk, n, k) or from a
/// CSV with two or three columns: wavelength in nm, n, k.
///
/// # Errors
/// When the file cannot be read or is no such file; the message names it, the line and what was expected.
pub fn load_optical_constants(path: &Path) -> Result<OpticalConstants, MaterialError> {
    let text = file::read_text(path)?;
    let is_yaml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yml") || e.eq_ignore_ascii_case("yaml"));
    let constants = if is_yaml { yaml::optical_constants(&text) } else { file::optical_constants(&text) };
    constants.map_err(|why| file::malformed(path, why))
}

/// A spectrum from a CSV with two columns: wavelength in nm, photons per nm (any scale).
///
/// # Errors
/// As [`load_optical_constants`].
pub fn load_spectrum(path: &Path) -> Result<Table, MaterialError> {
    file::spectrum(&file::read_text(path)?).map_err(|why| file::malformed(path, why))
}

/// A quantity by wavelength from a CSV with two columns: wavelength in nm, and the value in whatever unit is meant.
///
/// # Errors
/// As [`load_optical_constants`].
pub fn load_values(path: &Path) -> Result<Table, MaterialError> {
    file::values(&file::read_text(path)?).map_err(|why| file::malformed(path, why))
}

impl Nanocrystal {
    /// Disperses the particles alone in a host; see [`Nanocrystal::disperse_beside`].
    ///
    /// # Errors
    /// As there.
    pub fn disperse(
        &self,
        concentration_wt_pct: f64,
        host_index: &Curve,
        host_density_g_per_cm3: f64,
    ) -> Result<Dispersed, MaterialError> {
        self.disperse_beside(&[], concentration_wt_pct, host_index, host_density_g_per_cm3)
    }
}

/// Index of a host with inclusions by Maxwell Garnett, real part only: (core volume fraction, core index) each.
pub fn effective_index(host_index: &Curve, inclusions: &[(f64, OpticalConstants)]) -> Curve {
    if inclusions.is_empty() {
        return host_index.clone();
    }
    let inclusions = inclusions.iter().map(|(fraction, core)| (*fraction, core.n.clone())).collect();
    Curve::Model(Arc::new(EffectiveIndex { host_index: host_index.clone(), inclusions }))
}
