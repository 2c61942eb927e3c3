//! The built-in library: data files beside this folder, read once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::{CoreIndex, Dispersion, Drude, Formula, Lorentz, Medium, Nanocrystal, Oscillators, TaucLorentz};

const MEDIA_FILES: [&str; 6] = [
    include_str!("../library/glasses.toml"),
    include_str!("../library/polymers.toml"),
    include_str!("../library/oxides.toml"),
    include_str!("../library/conductors.toml"),
    include_str!("../library/charge_layers.toml"),
    include_str!("../library/perovskites.toml"),
];
const NANOCRYSTAL_FILE: &str = include_str!("../library/nanocrystals.toml");

/// The data files are part of the program and a test reads them: an error in one is an error in the program.
pub(super) static MEDIA: LazyLock<Vec<Medium>> = LazyLock::new(|| {
    let files = MEDIA_FILES.iter().map(|text| toml::from_str::<MediaFile>(text).expect("a library file is valid"));
    files.flat_map(|file| file.medium).map(|entry| entry.medium().expect("a library formula is valid")).collect()
});

pub(super) static NANOCRYSTALS: LazyLock<Vec<Nanocrystal>> = LazyLock::new(|| {
    let file: NanocrystalFile = toml::from_str(NANOCRYSTAL_FILE).expect("the nanocrystal file is valid");
    file.nanocrystal.iter().map(|entry| entry.nanocrystal(&file.core[&entry.core])).collect()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediaFile {
    medium: Vec<MediumEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediumEntry {
    name: String,
    title: String,
    density_g_per_cm3: Option<f64>,
    n: Option<FormulaEntry>,
    k: Option<FormulaEntry>,
    oscillators: Option<OscillatorsEntry>,
    cite: String,
    source: String,
    fit: Option<String>,
    estimate: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormulaEntry {
    formula: u8,
    coefficients: Vec<f64>,
    range_nm: (f64, f64),
}

impl FormulaEntry {
    fn dispersion(self) -> Result<Dispersion, String> {
        Dispersion::new(self.formula, self.coefficients, self.range_nm)
    }
}

/// A permittivity: numbers in the order of the fields of [`Drude`], [`Lorentz`] and [`TaucLorentz`], in eV.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OscillatorsEntry {
    eps_inf: f64,
    drude: Option<[f64; 2]>,
    #[serde(default)]
    lorentz: Vec<[f64; 3]>,
    #[serde(default)]
    tauc_lorentz: Vec<[f64; 4]>,
    range_nm: (f64, f64),
}

impl OscillatorsEntry {
    fn oscillators(self) -> Result<Oscillators, String> {
        let drude = self.drude.map(|[plasma_ev, width_ev]| Drude { plasma_ev, width_ev });
        let lorentz = self.lorentz.into_iter();
        let lorentz = lorentz.map(|[strength, energy_ev, width_ev]| Lorentz { strength, energy_ev, width_ev });
        let tauc_lorentz = self.tauc_lorentz.into_iter().map(|[amplitude_ev, energy_ev, width_ev, gap_ev]| {
            TaucLorentz { amplitude_ev, energy_ev, width_ev, gap_ev }
        });
        Oscillators::new(self.eps_inf, drude, lorentz.collect(), tauc_lorentz.collect(), self.range_nm)
    }
}

impl MediumEntry {
    fn medium(self) -> Result<Medium, String> {
        let formula = match (self.n, self.oscillators) {
            (Some(n), None) => {
                Formula::Indices { n: n.dispersion()?, k: self.k.map(FormulaEntry::dispersion).transpose()? }
            }
            (None, Some(oscillators)) if self.k.is_none() => Formula::Permittivity(oscillators.oscillators()?),
            _ => return Err(format!("{}: give n and perhaps k, or oscillators", self.name)),
        };
        Ok(Medium {
            name: self.name,
            title: self.title,
            optical: formula.optical_constants(),
            formula,
            density_g_per_cm3: self.density_g_per_cm3,
            cite: self.cite,
            source: self.source,
            fit: self.fit,
            estimate: self.estimate,
            note: self.note,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NanocrystalFile {
    core: BTreeMap<String, Core>,
    nanocrystal: Vec<NanocrystalEntry>,
}

/// A number, or a list of them, with its source.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Sourced<T> {
    value: T,
    source: String,
    #[serde(default)]
    estimate: bool,
}

/// What shelled and bare particles share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Core {
    peak_nm: Sourced<f64>,
    fwhm_nm: Sourced<f64>,
    stokes_mev: Sourced<f64>,
    urbach_mev: Sourced<f64>,
    exciton_binding_mev: Sourced<f64>,
    mu_i_450_per_cm: Sourced<f64>,
    stated_host_index: Sourced<f64>,
    core_density_g_per_cm3: Sourced<f64>,
    blue_shape: Sourced<[f64; 2]>,
    core_index: Sourced<[f64; 5]>,
    lifetime_ns: Sourced<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NanocrystalEntry {
    name: String,
    title: String,
    core: String,
    plqy: Sourced<f64>,
    core_mass_fraction: Sourced<f64>,
    haze_constant_per_cm: Sourced<f64>,
    haze_per_cm_at_20_wt_pct: Sourced<f64>,
    haze_g: Sourced<f64>,
}

/// Takes a value and files its source under the quantity's name.
struct Sources(Vec<(String, String, bool)>);

impl Sources {
    fn take<T: Copy>(&mut self, quantity: &str, entry: &Sourced<T>) -> T {
        self.0.push((quantity.to_string(), entry.source.clone(), entry.estimate));
        entry.value
    }
}

impl NanocrystalEntry {
    fn nanocrystal(&self, core: &Core) -> Nanocrystal {
        let mut from = Sources(Vec::new());
        let [a, b, c, below_exciton_mev, width_mev] = core.core_index.value;
        let mut nanocrystal = Nanocrystal {
            name: self.name.clone(),
            title: self.title.clone(),
            plqy: from.take("plqy", &self.plqy),
            peak_nm: from.take("peak_nm", &core.peak_nm),
            fwhm_nm: from.take("fwhm_nm", &core.fwhm_nm),
            stokes_mev: from.take("stokes_mev", &core.stokes_mev),
            urbach_mev: from.take("urbach_mev", &core.urbach_mev),
            exciton_binding_mev: from.take("exciton_binding_mev", &core.exciton_binding_mev),
            mu_i_450_per_cm: from.take("mu_i_450_per_cm", &core.mu_i_450_per_cm),
            stated_host_index: from.take("stated_host_index", &core.stated_host_index),
            core_density_g_per_cm3: from.take("core_density_g_per_cm3", &core.core_density_g_per_cm3),
            core_mass_fraction: from.take("core_mass_fraction", &self.core_mass_fraction),
            shell_density_g_per_cm3: None,
            haze_per_cm_at_20_wt_pct: from.take("haze_per_cm_at_20_wt_pct", &self.haze_per_cm_at_20_wt_pct),
            haze_constant_per_cm: from.take("haze_constant_per_cm", &self.haze_constant_per_cm),
            haze_g: from.take("haze_g", &self.haze_g),
            lifetime_ns: Some(from.take("lifetime_ns", &core.lifetime_ns)),
            blue_shape: from.take("blue_shape", &core.blue_shape),
            core_index: CoreIndex { a, b, c, below_exciton_mev, width_mev },
            sources: Arc::new([]),
        };
        from.take("core_index", &core.core_index);
        nanocrystal.sources = from.0.into();
        nanocrystal
    }
}
