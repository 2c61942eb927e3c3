//! From a concentration in wt% to what the particles bring to a layer.

use std::sync::Arc;

use super::edge::{Edge, EdgeParameters};
use super::{CoreIndex, Dispersed, MaterialError, Nanocrystal, OpticalConstants};
use crate::optics::effective::clausius_mossotti;
use crate::scene::Scatterer;
use crate::spectrum::{Curve, Grid, HC_EV_NM, Key, Model, Spectrum, Values};
use num_complex::Complex64;

/// Wavelengths in nm for which nanocrystal models are stated.
pub const NANOCRYSTAL_RANGE_NM: (f64, f64) = (350.0, 850.0);

/// Maxwell Garnett is good to here; beyond, neighbours shape each other's field and a note says so.
const DILUTE_VOLUME_FRACTION: f64 = 0.2;
/// Beyond one half the particles are the host, and Maxwell Garnett has its phases the wrong way round.
const MOST_VOLUME_FRACTION: f64 = 0.5;

impl Nanocrystal {
    /// Core volume in the volume of cores, shells and host, for a share of the weighed particles in wt% beside others
    /// (particles and their wt%, each of the whole layer).
    ///
    /// `(w x / rho_core) / (sum over all particles of (w x / rho_core + w (1 - x) / rho_shell) + (1 - sum of w) / rho_host)`.
    pub fn core_volume_fraction(
        &self,
        beside: &[(&Nanocrystal, f64)],
        concentration_wt_pct: f64,
        host_density_g_per_cm3: f64,
    ) -> f64 {
        let all = beside.iter().copied().chain([(self, concentration_wt_pct)]);
        let particles: f64 =
            all.clone().map(|(of, wt_pct)| of.volumes(wt_pct, host_density_g_per_cm3).iter().sum::<f64>()).sum();
        let weight: f64 = all.map(|(_, wt_pct)| wt_pct / 100.0).sum();
        let [core, _] = self.volumes(concentration_wt_pct, host_density_g_per_cm3);
        core / (particles + (1.0 - weight) / host_density_g_per_cm3)
    }

    /// Volume of cores and of shells in cm3 per gram of layer.
    fn volumes(&self, concentration_wt_pct: f64, host_density_g_per_cm3: f64) -> [f64; 2] {
        let weight = concentration_wt_pct / 100.0;
        let shell_density = self.shell_density_g_per_cm3.unwrap_or(host_density_g_per_cm3);
        let core = weight * self.core_mass_fraction / self.core_density_g_per_cm3;
        [core, weight * (1.0 - self.core_mass_fraction) / shell_density]
    }

    /// Energy of the lowest exciton in eV.
    pub fn exciton_ev(&self) -> f64 {
        HC_EV_NM / self.peak_nm + self.stokes_mev / 1000.0
    }

    /// Intrinsic absorption coefficient, per volume of core, in the stated host: 1/cm, base e, 350 to 850 nm.
    ///
    /// # Errors
    /// As [`Nanocrystal::disperse`], for the parameters of the edge.
    pub fn intrinsic_absorption(&self) -> Result<Intrinsic, MaterialError> {
        self.check()?;
        let parameters = EdgeParameters {
            exciton_ev: self.exciton_ev(),
            exciton_binding_ev: self.exciton_binding_mev / 1000.0,
            urbach_ev: self.urbach_mev / 1000.0,
            blue_shape: self.blue_shape,
        };
        Ok(Intrinsic { mu_i_450_per_cm: self.mu_i_450_per_cm, edge: Edge::cached(parameters) })
    }

    /// Disperses the particles in a host, beside others (particles and their wt%, each of the whole layer).
    ///
    /// The intrinsic absorption is rescaled from its stated host to this one at each wavelength (a host of
    /// the stated index leaves it exactly as it is), and the haze at core volume fraction f is
    /// `haze_constant + haze_at_20_wt_pct f / f(20 wt%)`. The constant part belongs to the film: of several particles
    /// each brings its own by its share of their weight, and none without a weight.
    ///
    /// # Errors
    /// When a concentration or their sum is not in 0..=100 wt%, when the core volume fraction of all leaves the model's
    /// range, or when a parameter has no meaning; the message names the particle, the quantity and what is allowed.
    pub fn disperse_beside(
        &self,
        beside: &[(&Nanocrystal, f64)],
        concentration_wt_pct: f64,
        host_index: &Curve,
        host_density_g_per_cm3: f64,
    ) -> Result<Dispersed, MaterialError> {
        let intrinsic = self.intrinsic_absorption()?;
        if !(0.0..=100.0).contains(&concentration_wt_pct) {
            let message = format!("{}: concentration must be 0 to 100 wt%, got {concentration_wt_pct}", self.name);
            return Err(MaterialError::Concentration(message));
        }
        self.check_positive("host density (g/cm3)", host_density_g_per_cm3)?;
        let others_wt_pct: f64 = beside.iter().map(|(_, wt_pct)| wt_pct).sum();
        let all_wt_pct = concentration_wt_pct + others_wt_pct;
        if all_wt_pct > 100.0 {
            return Err(MaterialError::Concentration(format!(
                "{}: {concentration_wt_pct} wt% and {others_wt_pct} wt% of other particles are more than the whole layer",
                self.name
            )));
        }
        let volume_fraction = self.core_volume_fraction(beside, concentration_wt_pct, host_density_g_per_cm3);
        let of_other = |(i, (other, wt_pct)): (usize, &(&Nanocrystal, f64))| {
            let rest = beside.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, of)| *of);
            let beside: Vec<_> = rest.chain([(self, concentration_wt_pct)]).collect();
            other.core_volume_fraction(&beside, *wt_pct, host_density_g_per_cm3)
        };
        let all_fractions = volume_fraction + beside.iter().enumerate().map(of_other).sum::<f64>();
        if all_fractions > MOST_VOLUME_FRACTION {
            let with = if beside.is_empty() { "" } else { " with the other particles" };
            return Err(MaterialError::Concentration(format!(
                "{}: {concentration_wt_pct} wt% is a core volume fraction of {all_fractions:.3}{with}; the model of particles \
                 in a host ends at {MOST_VOLUME_FRACTION}",
                self.name
            )));
        }
        let core = ExcitonIndex { exciton_ev: self.exciton_ev(), shape: self.core_index };
        let absorption = DispersedAbsorption {
            volume_fraction,
            in_host: HostFactor {
                intrinsic,
                core,
                stated_host_index: self.stated_host_index,
                host_index: host_index.clone(),
            },
        };
        Ok(Dispersed {
            volume_fraction,
            absorption_per_cm: Curve::Model(Arc::new(absorption)),
            emission: Spectrum::GaussianInEnergy { peak_nm: self.peak_nm, fwhm_nm: self.fwhm_nm },
            haze: self.haze(volume_fraction, concentration_wt_pct / all_wt_pct, host_density_g_per_cm3),
            core_index: OpticalConstants { n: Curve::Model(Arc::new(core)), k: None },
            notes: self.notes(all_fractions),
        })
    }

    /// Haze that follows the core volume fraction, and haze that does not, as one scatterer. `share` is that of the particles
    /// in the weight of all, no number where there are none.
    fn haze(&self, volume_fraction: f64, share: f64, host_density_g_per_cm3: f64) -> Vec<Scatterer> {
        let at_20_wt_pct = self.core_volume_fraction(&[], 20.0, host_density_g_per_cm3);
        let following = self.haze_per_cm_at_20_wt_pct * volume_fraction / at_20_wt_pct;
        let mu_s_per_cm = if share > 0.0 { self.haze_constant_per_cm * share + following } else { 0.0 };
        if mu_s_per_cm == 0.0 {
            return Vec::new();
        }
        vec![Scatterer { mu_s_per_cm: Curve::Constant(mu_s_per_cm), g: Curve::Constant(self.haze_g) }]
    }

    fn notes(&self, volume_fraction: f64) -> Vec<String> {
        let mut notes = Vec::new();
        if volume_fraction > DILUTE_VOLUME_FRACTION {
            notes.push(format!(
                "{}: the core volume fraction {volume_fraction:.3} is above {DILUTE_VOLUME_FRACTION}, where Maxwell Garnett \
                 and absorption in proportion to the volume fraction are extrapolations",
                self.name
            ));
        }
        let library = super::library::NANOCRYSTALS.iter().find(|particle| particle.name == self.name);
        for (quantity, source, _) in self.sources.iter().filter(|(.., estimate)| *estimate) {
            // A number that the user replaced is the user's, and no estimate of the library's.
            let own = library.is_none_or(|library| library.value(quantity) == self.value(quantity));
            if let (true, Some(value)) = (own, self.value(quantity)) {
                let value = value.to_string();
                notes.push([&self.name, ": ", quantity, " = ", &value, " is an estimate: ", source].concat());
            }
        }
        notes
    }
}

/// Intrinsic absorption coefficient in the stated host.
#[derive(Debug, Clone)]
pub struct Intrinsic {
    mu_i_450_per_cm: f64,
    edge: Arc<Edge>,
}

impl Model for Intrinsic {
    fn at(&self, wavelength_nm: f64) -> f64 {
        self.mu_i_450_per_cm * self.edge.relative(wavelength_nm)
    }

    fn range_nm(&self) -> (f64, f64) {
        NANOCRYSTAL_RANGE_NM
    }

    fn key(&self) -> Option<Key> {
        let edge = self.edge.bits().map(f64::from_bits);
        Some(Key::of::<Self>([self.mu_i_450_per_cm].into_iter().chain(edge)))
    }
}

/// Real index of a core: the logarithmic peak that goes with a step of absorption near the exciton, on a slope.
///
/// `n^2 = a - b ln sqrt((E - E_0)^2 + width^2) + c E`, energies in eV, `E_0 = E_exciton - below_exciton`.
#[derive(Debug, Clone, Copy)]
struct ExcitonIndex {
    exciton_ev: f64,
    shape: CoreIndex,
}

impl Model for ExcitonIndex {
    fn at(&self, wavelength_nm: f64) -> f64 {
        let CoreIndex { a, b, c, below_exciton_mev, width_mev } = self.shape;
        let energy_ev = HC_EV_NM / wavelength_nm;
        let offset_ev = energy_ev - (self.exciton_ev - below_exciton_mev / 1000.0);
        (a - b * offset_ev.hypot(width_mev / 1000.0).ln() + c * energy_ev).sqrt()
    }

    fn range_nm(&self) -> (f64, f64) {
        NANOCRYSTAL_RANGE_NM
    }

    fn key(&self) -> Option<Key> {
        let CoreIndex { a, b, c, below_exciton_mev, width_mev } = self.shape;
        Some(Key::of::<Self>([self.exciton_ev, a, b, c, below_exciton_mev, width_mev]))
    }
}

/// Absorption coefficient of the layer by the particles: volume fraction times mu_i in this host.
#[derive(Debug, Clone)]
struct DispersedAbsorption {
    volume_fraction: f64,
    in_host: HostFactor,
}

impl Model for DispersedAbsorption {
    fn at(&self, wavelength_nm: f64) -> f64 {
        self.volume_fraction * self.in_host.intrinsic.at(wavelength_nm) * self.in_host.at(wavelength_nm)
    }

    fn range_nm(&self) -> (f64, f64) {
        self.in_host.range_nm()
    }

    fn key(&self) -> Option<Key> {
        Some(Key::of::<Self>([self.volume_fraction]).around(self.in_host.key()?))
    }

    fn on(&self, grid: &Grid) -> Values {
        let (intrinsic, factor) = (self.in_host.intrinsic.on(grid), self.in_host.on(grid));
        Values::by(grid, |number| self.volume_fraction * intrinsic.at(number) * factor.at(number))
    }
}

/// mu_i in a host over mu_i in the stated one.
#[derive(Debug, Clone)]
struct HostFactor {
    intrinsic: Intrinsic,
    core: ExcitonIndex,
    stated_host_index: f64,
    host_index: Curve,
}

impl Model for HostFactor {
    fn at(&self, wavelength_nm: f64) -> f64 {
        let (mu_i_per_cm, core_n) = (self.intrinsic.at(wavelength_nm), self.core.at(wavelength_nm));
        let host = self.host_index.at(wavelength_nm);
        host_factor(mu_i_per_cm, wavelength_nm, core_n, self.stated_host_index, host)
    }

    fn range_nm(&self) -> (f64, f64) {
        let (low, high) = self.host_index.range_nm();
        (low.max(NANOCRYSTAL_RANGE_NM.0), high.min(NANOCRYSTAL_RANGE_NM.1))
    }

    fn key(&self) -> Option<Key> {
        let own = Key::of::<Self>([self.stated_host_index]);
        Some(own.around(self.intrinsic.key()?).around(self.core.key()?).around(self.host_index.key()?))
    }
}

/// `|f_LF|^2` with `f_LF = 3 eps_m / (eps_core + 2 eps_m) = 1 - b`, b the Clausius-Mossotti factor.
fn local_field(core_index: Complex64, host_index: f64) -> f64 {
    (1.0 - clausius_mossotti(core_index, host_index.into())).norm_sqr()
}

/// mu_i in a host over mu_i in the stated one: `(n1 / n2) |f_LF2|^2 / |f_LF1|^2`, at each wavelength.
///
/// The core's k follows from mu_i itself, `mu_i = 4 pi k n |f_LF|^2 / (n_host lambda)`, by iteration.
/// Z. Hens and I. Moreels, J. Mater. Chem. 22, 10406 (2012).
fn host_factor(mu_i_per_cm: f64, wavelength_nm: f64, core_n: f64, stated_host: f64, host: f64) -> f64 {
    const NM_PER_CM: f64 = 1e7;
    // No semiconductor has a larger k here; the bound keeps the iteration from running away.
    const LARGEST_K: f64 = 3.0;
    if host == stated_host {
        return 1.0;
    }
    let weak = mu_i_per_cm * stated_host * wavelength_nm / (4.0 * std::f64::consts::PI * core_n * NM_PER_CM);
    let mut k = 0.0;
    for _ in 0..20 {
        let next = (weak / local_field(Complex64::new(core_n, k), stated_host)).min(LARGEST_K);
        if next == k {
            break;
        }
        k = next;
    }
    let core = Complex64::new(core_n, k);
    stated_host / host * local_field(core, host) / local_field(core, stated_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_factor_agrees_with_the_bulk_formula() {
        let mu_i = |n: f64, k: f64, host: f64, nm: f64| {
            4.0 * std::f64::consts::PI * k * n / (host * nm * 1e-7) * local_field(Complex64::new(n, k), host)
        };
        let (n, k, nm) = (2.279, 0.23, 450.0);
        let stated = mu_i(n, k, 1.56, nm);
        assert!((stated / 4.9e4 - 1.0).abs() < 0.02, "the two-crystal mean gives about 4.9e4, got {stated}");
        for host in [1.33, 1.41, 1.5, 1.7] {
            let factor = host_factor(stated, nm, n, 1.56, host);
            assert!((factor / (mu_i(n, k, host, nm) / stated) - 1.0).abs() < 1e-9);
            assert!((factor - 1.0).abs() > 0.01, "another host must change the absorption");
        }
        assert_eq!(host_factor(stated, nm, n, 1.56, 1.56), 1.0);
    }
}
