//! Spectra of the light that leaves luminescent slabs, by chi-squared.

use relume::counts::{Counts, FACES};
use relume::scene::Scene;

use super::histogram::{Spline, chi_squared, integral};
use super::judge::{Check, Sums};
use super::table::{Row, rows};
use super::{Case, full, recycling};

pub fn cases() -> Vec<Case> {
    let spectra = rows(include_str!("data/recycling_spectra.csv"));
    let slabs = recycling::table();
    let case = |id: &str| {
        let slab = slabs.iter().find(|row| row.text("id") == id).expect("a slab of this name");
        let points: Vec<&Row> = spectra.iter().filter(|row| row.text("case") == id).collect();
        let checks = [0, 1].map(|face| check(face, &points));
        let photons = if full() { 4_000_000 } else { 400_000 };
        let scene = recycling::scene(slab);
        Case { detail: true, ..Case::new("recycling_spectra", id, scene, photons, checks.into()) }
    };
    ["G03", "G05", "G06", "G08"].map(case).into()
}

/// Photons per nm of the emission itself.
fn emitted(wavelength_nm: f64) -> f64 {
    let sigma_nm = 20.0 / (8.0 * std::f64::consts::LN_2).sqrt();
    let x = (wavelength_nm - 515.0) / sigma_nm;
    (-0.5 * x * x).exp() / (sigma_nm * std::f64::consts::TAU.sqrt())
}

/// The share of emission that leaves is a smooth function of wavelength, so its logarithm is splined, and the product
/// with the emission is integrated over each bin of 1 nm. On the table's 2 nm grid a cubic spline of an edge 5 nm wide
/// errs by 5/384 (2/5)^4 of its logarithm at most, 3e-4 near tau = 1 and far less elsewhere; a bin's statistical error
/// is 2e-3 at best in the full run.
fn check(face: usize, points: &[&Row]) -> Check {
    let knots = points.iter().map(|row| {
        let wavelength_nm = row.number("lambda_nm");
        (wavelength_nm, (row.number(FACES[face]) / emitted(wavelength_nm)).ln())
    });
    let escape = Spline::new(knots.collect());
    let (first, last) = (points[0].number("lambda_nm"), points[points.len() - 1].number("lambda_nm"));
    Box::new(move |counts: &Counts, _: &Scene| {
        let absorbed = Sums::of(counts).absorbed() as f64;
        let bins =
            (0..counts.layout.spectrum_bins).map(|bin| (bin, (counts.layout.first_bin_nm as usize + bin) as f64));
        let bins = bins.filter(|(_, nm)| *nm >= first && *nm < last).map(|(bin, nm)| {
            let share = integral(nm, nm + 1.0, |nm| emitted(nm) * escape.at(nm).exp());
            (counts.words[counts.layout.spectrum(true, face, bin)], absorbed * share)
        });
        vec![chi_squared(FACES[face], &bins.collect::<Vec<_>>(), absorbed)]
    })
}
