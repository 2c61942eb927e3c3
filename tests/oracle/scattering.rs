//! Photon recycling in slabs that also scatter.

use relume::counts::Fate::{BackEmission, FrontEmission, HostEmission, ReflectedPump, TransmittedPump};
use relume::scene::{Scatterer, Scene};
use relume::spectrum::{Curve, Spectrum};

use super::judge::{Check, number, share, value};
use super::scenes::*;
use super::table::{Row, rows};
use super::{Case, SHARE_SIGMA, photons_for};

pub fn cases() -> Vec<Case> {
    let mono = rows(include_str!("data/scattering_mono.csv"));
    let spectral = rows(include_str!("data/scattering_spectral.csv"));
    let mono = mono.iter().map(|row| {
        Case::new(
            "scattering_mono",
            row.text("id"),
            mono_scene(row),
            photons_for(row.number("A_exc")),
            mono_checks(row),
        )
    });
    let spectral = spectral.iter().map(|row| {
        let photons = photons_for(row.number("A_exc"));
        Case::new("scattering_spectral", row.text("id"), spectral_scene(row), photons, spectral_checks(row))
    });
    mono.chain(spectral).collect()
}

fn mono_scene(row: &Row) -> Scene {
    let absorption = Curve::Constant(row.number("tau_a") / THICKNESS_CM);
    let mut slab = layer(row.number("n"));
    slab.scatterers = vec![scatterer(row.number("tau_s") / THICKNESS_CM, row.number("g"))];
    slab.emitters = vec![emitter(row.number("eta"), absorption, Spectrum::Line(515.0))];
    stack(beam(PUMP_NM, 0.0), vec![slab])
}

fn mono_checks(row: &Row) -> Vec<Check> {
    let trust = 1e-6;
    let n_abs = row.number("N_abs");
    vec![
        share(
            "all light by the front",
            |s| (s.fates(&[ReflectedPump, FrontEmission]), s.launched()),
            row.number("R_total"),
            trust,
        ),
        share(
            "all light by the back",
            |s| (s.fates(&[TransmittedPump, BackEmission]), s.launched()),
            row.number("T_total"),
            trust,
        ),
        share("reflected pump", |s| (s.fates(&[ReflectedPump]), s.launched()), row.number("R0"), trust),
        share("transmitted pump", |s| (s.fates(&[TransmittedPump]), s.launched()), row.number("T0"), trust),
        share("absorbed", |s| (s.absorbed(), s.launched()), row.number("A_exc"), trust),
        share("external PLQY", |s| (s.emission(), s.absorbed()), row.number("PLQY_ext"), trust),
        share("front emission", |s| (s.fates(&[FrontEmission]), s.absorbed()), row.number("front"), trust),
        share("back emission", |s| (s.fates(&[BackEmission]), s.absorbed()), row.number("back"), trust),
        number("absorptions", |s| s.absorptions() / s.absorbed() as f64, n_abs, trust * n_abs),
    ]
}

fn spectral_scene(row: &Row) -> Scene {
    let per_cm = |column| row.number(column) / THICKNESS_CM;
    let mut slab = layer(row.number("n"));
    slab.absorption_per_cm = Curve::Constant(per_cm("tau_par"));
    slab.scatterers = vec![Scatterer {
        mu_s_per_cm: pump_and_emission(per_cm("tau_s_exc"), per_cm("tau_s_em")),
        g: Curve::Constant(row.number("g")),
    }];
    slab.emitters = vec![emitter(row.number("eta"), edge(per_cm("tau_exc"), per_cm("tau0")), gaussian())];
    let mut scene = stack(beam(PUMP_NM, 0.0), vec![slab]);
    scene.front = medium(row.number("n1"));
    scene.back = medium(row.number("n2"));
    scene
}

/// The table's own errors count: those it states, and for the rest those of shares of its 8e6 photons.
fn spectral_checks(row: &Row) -> Vec<Check> {
    // five decimals
    let rounding = 1e-5 / 12f64.sqrt();
    let table_photons = 8_000_000;
    let absorbed = (row.number("A_exc") * table_photons as f64) as u64;
    let trust = |column, of| super::judge::share_sigma(row.number(column), of).hypot(rounding);
    let stated = |column| row.number(column).hypot(rounding);
    // its error goes with the emissions' number, which is larger than that of the absorbed pump photons
    let parasitic = row.number("parasitic_per_em");
    vec![
        share(
            "reflected pump",
            |s| (s.fates(&[ReflectedPump]), s.launched()),
            row.number("R_exc"),
            trust("R_exc", table_photons),
        ),
        share(
            "transmitted pump",
            |s| (s.fates(&[TransmittedPump]), s.launched()),
            row.number("T_exc"),
            trust("T_exc", table_photons),
        ),
        share("absorbed", |s| (s.absorbed(), s.launched()), row.number("A_exc"), stated("sigma_A")),
        share("external PLQY", |s| (s.emission(), s.absorbed()), row.number("PLQY_ext"), stated("sigma_PLQY")),
        share(
            "front emission",
            |s| (s.fates(&[FrontEmission]), s.absorbed()),
            row.number("front"),
            trust("front", absorbed),
        ),
        share(
            "back emission",
            |s| (s.fates(&[BackEmission]), s.absorbed()),
            row.number("back"),
            trust("back", absorbed),
        ),
        number("absorptions", |s| s.absorptions() / s.absorbed() as f64, row.number("N_abs"), stated("sigma_Nabs")),
        value(
            "emission lost to the host",
            |s| s.fates(&[HostEmission]) as f64 / s.emissions(),
            (parasitic, super::judge::share_sigma(parasitic, absorbed).hypot(rounding)),
            SHARE_SIGMA,
        ),
    ]
}
