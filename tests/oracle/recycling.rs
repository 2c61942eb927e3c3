//! Photon recycling in slabs without scattering.

use relume::counts::Fate::{BackEmission, FrontEmission, HostEmission};
use relume::scene::{Recycling, Scene};
use relume::spectrum::{Curve, Spectrum};

use super::judge::{Check, Part, number, share, value};
use super::scenes::*;
use super::table::{Row, rows};
use super::{Case, SHARE_SIGMA, photons_for};

/// Error of the comparison in a share, beside statistics. The table is good to 1e-6. In the gauss slabs a cell of the
/// emission spectrum, h = 1/4 nm wide, takes its absorption at its mean wavelength, which differs from the cell's mean
/// absorption by h^2 / (24 w^2) = 1e-4 of it at most (edge width w = 5 nm); no escape share moves by more than 0.2
/// of a relative change in absorption, which bounds this error by 2e-5, a fifth of which is taken as its sigma. The
/// Gaussian is cut at 5 sigma here and at 6.5 there: 6e-7 of its photons.
fn share_trust(row: &Row) -> f64 {
    if row.text("kind") == "gauss" { 4e-6 } else { 1e-6 }
}

pub fn table() -> Vec<Row> {
    rows(include_str!("data/recycling.csv"))
}

pub fn cases() -> Vec<Case> {
    let table = table();
    let recycled = table.iter().map(|row| {
        // emissions are spread more widely than absorptions: sigma^2 = N (1 + N)
        let photons = photons_for(absorbed_share(row) / (1.0 + 1.0 / row.number("N_em")));
        Case::new("recycling", row.text("id"), scene(row), photons, checks(row))
    });
    // a reabsorbed photon ends: what leaves is what first emissions give
    let lost = table.iter().map(|row| {
        let mut scene = scene(row);
        scene.recycling = Recycling::Lost;
        let photons = photons_for(absorbed_share(row));
        Case::new("recycling_lost", row.text("id"), scene, photons, first_generation_checks(row))
    });
    recycled.chain(lost).collect()
}

/// Share of the launched photons that the emitter absorbs.
pub fn absorbed_share(row: &Row) -> f64 {
    if is_beam(row) { row.number("A_exc") } else { 1.0 }
}

fn is_beam(row: &Row) -> bool {
    row.text("gen") == "beam"
}

pub fn scene(row: &Row) -> Scene {
    let per_cm = |column| row.number(column) / THICKNESS_CM;
    let pump = if is_beam(row) { per_cm("tau_exc") } else { 0.0 };
    let (absorption, emission) = match row.text("kind") {
        "mono" => (pump_and_emission(pump, per_cm("tau0")), Spectrum::Line(515.0)),
        "gauss" => (edge(pump, per_cm("tau0")), gaussian()),
        kind => panic!("no such kind: {kind}"),
    };
    let mut slab = layer(row.number("n"));
    slab.absorption_per_cm = Curve::Constant(per_cm("tau_par"));
    slab.emitters = vec![emitter(row.number("eta"), absorption, emission)];
    let mut scene = stack(if is_beam(row) { beam(PUMP_NM, 0.0) } else { internal(0) }, vec![slab]);
    scene.front = medium(row.number("n1"));
    scene.back = medium(row.number("n2"));
    scene
}

fn checks(row: &Row) -> Vec<Check> {
    let trust = share_trust(row);
    let of_absorbed = |what, column, part: Part| share(what, part, row.number(column), trust);
    let mut checks = vec![
        of_absorbed("external PLQY", "PLQY_ext", |s| (s.emission(), s.absorbed())),
        of_absorbed("front emission", "front", |s| (s.fates(&[FrontEmission]), s.absorbed())),
        of_absorbed("back emission", "back", |s| (s.fates(&[BackEmission]), s.absorbed())),
        value("reabsorption probability", |s| s.reabsorption(), (row.number("a_eff"), trust), SHARE_SIGMA),
        // dN / N = eta N da
        number(
            "absorptions",
            |s| s.absorptions() / s.absorbed() as f64,
            row.number("N_abs"),
            trust * row.number("N_abs").powi(2),
        ),
        number(
            "emissions",
            |s| s.emissions() / s.absorbed() as f64,
            row.number("N_em"),
            trust * row.number("N_abs").powi(2),
        ),
        // cells keep mean and share of the spectrum, wavelengths are counted in 1/256 nm; 0.02 nm is 1/400 of sigma
        value("mean wavelength", |s| s.mean_nm(), (row.number("lam_mean_ext"), 1e-4), 0.02),
        value(
            "emission lost to the host",
            |s| s.fates(&[HostEmission]) as f64 / s.emissions(),
            (row.number("parasitic_per_em"), trust),
            SHARE_SIGMA,
        ),
    ];
    if is_beam(row) {
        checks.push(share("absorbed by the emitter", |s| (s.absorbed(), s.launched()), row.number("A_exc"), 1e-6));
    }
    if row.number("tau_par") == 0.0 {
        checks.push(identity(row.number("eta")));
    }
    checks
}

/// PLQY = q (1 - p) / (1 - q p) with the measured p, for one emitter without parasitics. Both sides come from the same
/// photons: what is left is the scatter of emissions about q times absorptions.
fn identity(q: f64) -> Check {
    Box::new(move |counts, _| {
        let measured = super::judge::jackknife(counts, |s| {
            let p = s.reabsorption();
            s.emission() as f64 / s.absorbed() as f64 - q * (1.0 - p) / (1.0 - q * p)
        });
        let sharp = measured.1 <= SHARE_SIGMA * super::error_scale();
        // counts leave a rounding error where both sides are 1 exactly
        vec![super::judge::Judgement::new("PLQY - q (1 - p) / (1 - q p)", measured, (0.0, 1e-12)).sharp_if(sharp)]
    })
}

fn first_generation_checks(row: &Row) -> Vec<Check> {
    let (eta, trust) = (row.number("eta"), share_trust(row));
    let of_absorbed = |what, column, part: Part| share(what, part, eta * row.number(column), trust);
    vec![
        of_absorbed("front emission", "esc1_front", |s| (s.fates(&[FrontEmission]), s.absorbed())),
        of_absorbed("back emission", "esc1_back", |s| (s.fates(&[BackEmission]), s.absorbed())),
        of_absorbed("reabsorbed", "a1", |s| (s.sum(relume::counts::Sum::Absorptions) - s.absorbed(), s.absorbed())),
    ]
}
