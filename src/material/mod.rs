//! What layers are made of: the built-in library, files of optical constants, and nanocrystal emitters
//! whose concentration in wt% becomes absorption, scattering and effective index.

use std::path::Path;

use crate::scene::Scatterer;
use crate::spectrum::{Curve, Spectrum, Table};

/// A host or substrate of the library.
#[derive(Debug, Clone)]
pub struct Medium {
    pub name: String,
    /// What it is, in words.
    pub title: String,
    pub optical: OpticalConstants,
    pub density_g_per_cm3: Option<f64>,
    /// Where the formula comes from.
    pub source: String,
    /// Why the numbers are an estimate, where they are one.
    pub estimate: Option<String>,
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
    /// Where each number comes from, and which are estimates: (quantity, source, is an estimate).
    pub sources: Vec<(String, String, bool)>,
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
}

/// Names of the library's hosts and substrates, in the order they are listed.
pub fn medium_names() -> Vec<&'static str> {
    todo!()
}

pub fn medium(_name: &str) -> Option<Medium> {
    todo!()
}

/// Names of the library's emitters.
pub fn nanocrystal_names() -> Vec<&'static str> {
    todo!()
}

pub fn nanocrystal(_name: &str) -> Option<Nanocrystal> {
    todo!()
}

/// Optical constants from a refractiveindex.info YAML file (formulas 1 to 9, tabulated nk, n, k) or from a
/// CSV with two or three columns: wavelength in nm, n, k.
///
/// # Errors
/// When the file cannot be read or is no such file; the message names it, the line and what was expected.
pub fn load_optical_constants(_path: &Path) -> Result<OpticalConstants, MaterialError> {
    todo!()
}

/// A spectrum from a CSV with two columns: wavelength in nm, photons per nm (any scale).
///
/// # Errors
/// As [`load_optical_constants`].
pub fn load_spectrum(_path: &Path) -> Result<Table, MaterialError> {
    todo!()
}

impl Nanocrystal {
    /// Disperses the particles in a host.
    ///
    /// # Errors
    /// When the concentration is not in 0..100 wt%, or the core volume fraction leaves the model's range.
    pub fn disperse(
        &self,
        _concentration_wt_pct: f64,
        _host_index: &Curve,
        _host_density_g_per_cm3: f64,
    ) -> Result<Dispersed, MaterialError> {
        todo!()
    }
}

/// Index of a host with inclusions by Maxwell Garnett, real part only: (core volume fraction, core index) each.
pub fn effective_index(_host_index: &Curve, _inclusions: &[(f64, OpticalConstants)]) -> Curve {
    todo!()
}
