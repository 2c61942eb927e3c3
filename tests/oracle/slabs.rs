//! Reflectance and transmittance of slabs that absorb and scatter.

use relume::counts::Fate;
use relume::scene::Scene;

use super::judge::share;
use super::scenes::{PUMP_NM, THICKNESS_CM, beam, layer, medium, scatterer, stack};
use super::table::{Row, rows};
use super::{Case, photons_for};

/// Trust of the table where g is 0.9; better elsewhere.
const TRUST: f64 = 2e-6;

pub fn cases() -> Vec<Case> {
    rows(include_str!("data/slabs.csv"))
        .iter()
        .map(|row| {
            let reflected =
                share("reflected", |s| (s.fates(&[Fate::ReflectedPump]), s.launched()), row.number("R_total"), TRUST);
            let transmitted = share(
                "transmitted",
                |s| (s.fates(&[Fate::TransmittedPump]), s.launched()),
                row.number("T_total"),
                TRUST,
            );
            Case::new("slabs", row.text("id"), scene(row), photons_for(1.0), vec![reflected, transmitted])
        })
        .collect()
}

fn scene(row: &Row) -> Scene {
    let angle_deg = row.number("mu0_ext").acos().to_degrees();
    let slab = scattering_layer(row.number("n_slab"), row.number("tau"), row.number("albedo"), row.number("g"));
    let mut scene = stack(beam(PUMP_NM, angle_deg), vec![slab]);
    scene.front = medium(row.number("n_top"));
    scene.back = medium(row.number("n_bot"));
    scene
}

/// A layer of this optical thickness and single-scattering albedo.
pub fn scattering_layer(index: f64, tau: f64, albedo: f64, g: f64) -> relume::scene::Layer {
    let mu_t_per_cm = tau / THICKNESS_CM;
    let mut slab = layer(index);
    slab.absorption_per_cm = relume::spectrum::Curve::Constant(mu_t_per_cm * (1.0 - albedo));
    slab.scatterers = vec![scatterer(mu_t_per_cm * albedo, g)];
    slab
}
