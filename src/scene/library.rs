//! Emitters of the material library, with the overrides that a scene may make.

use super::Emitter;
use super::emitters::{Brought, Host};
use super::keys::nearest;
use super::ranges::OTHER_LIGHT;
use super::reader::{Limits, Reader};
use crate::material::{self, Nanocrystal};
use crate::spectrum::Curve;

/// Particles of the library in a layer, as far as they are known without what is beside them.
pub(super) struct Particles<'a> {
    table: Reader<'a>,
    name: String,
    particle: Nanocrystal,
    concentration_wt_pct: f64,
    /// Whether absorption is rescaled to the host's index.
    rescaled: bool,
}

/// Reads `material`, `concentration_wt_pct` and overrides.
pub(super) fn read<'a>(table: Reader<'a>, name: &str) -> Option<Particles<'a>> {
    let mut particle = particle(&table)?;
    let concentration = table.required_number("concentration_wt_pct", Limits::WT_PCT);
    let overridden = override_all(&table, &mut particle);
    let rescaled = match table.get("rescale_host_index") {
        None => Some(true),
        Some(_) => table.word("rescale_host_index", &[("on", true), ("off", false)], &[]),
    };
    overridden?;
    let (concentration_wt_pct, rescaled) = (concentration?, rescaled?);
    Some(Particles { table, name: name.to_owned(), particle, concentration_wt_pct, rescaled })
}

impl Particles<'_> {
    /// What stands beside them in the layer's mass balance.
    pub fn weighed(&self) -> (&Nanocrystal, f64) {
        (&self.particle, self.concentration_wt_pct)
    }

    /// Adds what the particles bring to their layer.
    pub fn disperse(&self, host: Host, beside: &[(&Nanocrystal, f64)], brought: &mut Brought) -> Option<()> {
        let Self { table, particle, .. } = self;
        let Some(density_g_per_cm3) = host.density_g_per_cm3 else {
            table.problem(
                table.place,
                "the host's density is not known: give density_g_per_cm3 in the layer, or a library material as its index",
            );
            return None;
        };
        // In its stated host the intrinsic absorption stands as stated.
        let stated = Curve::Constant(particle.stated_host_index);
        let index = if self.rescaled { host.index } else { &stated };
        let dispersed = match particle.disperse_beside(beside, self.concentration_wt_pct, index, density_g_per_cm3) {
            Ok(dispersed) => dispersed,
            Err(error) => {
                let place = table.get("concentration_wt_pct").map_or(table.place, |node| &node.place);
                table.problem(place, error);
                return None;
            }
        };
        // The library's notes start with the material, which the context has named already.
        let material = format!("{}: ", particle.name);
        for note in &dispersed.notes {
            table.log.note([&table.context, note.strip_prefix(&material).unwrap_or(note)].concat());
        }
        table.log.stated(
            table.place,
            format!("{}absorption", table.context),
            &dispersed.absorption_per_cm,
            OTHER_LIGHT,
        );
        brought.haze.extend(dispersed.haze);
        brought.inclusions.push((dispersed.volume_fraction, dispersed.core_index));
        brought.emitters.push(Emitter {
            name: self.name.clone(),
            plqy: particle.plqy,
            absorption_per_cm: dispersed.absorption_per_cm,
            emission: dispersed.emission,
            lifetime_ns: particle.lifetime_ns,
            dipole: None,
        });
        Some(())
    }
}

fn particle(table: &Reader) -> Option<Nanocrystal> {
    let wanted = table.text("material")?;
    let found = material::nanocrystal(wanted);
    if found.is_none() {
        let names = material::nanocrystal_names();
        let hint = match nearest(wanted, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("the library has {}", names.join(", ")),
        };
        table.problem(&table.get("material")?.place, format_args!("no emitter \"{wanted}\"; {hint}"));
    }
    found
}

/// Every number that a scene may put in the place of the library's.
fn override_all(table: &Reader, particle: &mut Nanocrystal) -> Option<()> {
    let fields: [(&str, Limits, &mut f64); 10] = [
        ("plqy", Limits::SHARE, &mut particle.plqy),
        ("core_mass_fraction", Limits::POSITIVE_SHARE, &mut particle.core_mass_fraction),
        ("stokes_mev", Limits::ENERGY_MEV, &mut particle.stokes_mev),
        ("urbach_mev", Limits::URBACH_MEV, &mut particle.urbach_mev),
        ("peak_nm", Limits::WAVELENGTH, &mut particle.peak_nm),
        ("fwhm_nm", Limits::WIDTH, &mut particle.fwhm_nm),
        ("mu_i_450_per_cm", Limits::COEFFICIENT, &mut particle.mu_i_450_per_cm),
        ("haze_per_cm_at_20_wt_pct", Limits::COEFFICIENT, &mut particle.haze_per_cm_at_20_wt_pct),
        ("haze_constant_per_cm", Limits::COEFFICIENT, &mut particle.haze_constant_per_cm),
        ("haze_g", Limits::ANISOTROPY, &mut particle.haze_g),
    ];
    let mut sound = true;
    for (key, limits, field) in fields {
        if table.has(key) {
            match table.number(key, limits) {
                Some(value) => *field = value,
                None => sound = false,
            }
        }
    }
    for (key, limits, field) in [
        ("shell_density_g_per_cm3", Limits::DENSITY, &mut particle.shell_density_g_per_cm3),
        ("lifetime_ns", Limits::POSITIVE, &mut particle.lifetime_ns),
    ] {
        if table.has(key) {
            *field = table.number(key, limits);
            sound &= field.is_some();
        }
    }
    sound.then_some(())
}
