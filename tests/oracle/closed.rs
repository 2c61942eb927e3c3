//! Closed forms of laterally infinite stacks.

use relume::counts::Counts;
use relume::counts::Fate::{
    BackEmission, FrontEmission, HostPump, Nonradiative, ReflectedPump, TransmittedPump, Trapped,
};
use relume::scene::{Polarisation, Recycling, Scene};
use relume::spectrum::Curve;

use super::judge::{Judgement, Sums, equal, share, share_sigma};
use super::scenes::*;
use super::{Case, Joint, full, photons_for};

pub fn cases() -> Vec<Case> {
    let mut cases = thin_absorbers();
    cases.extend(clear_slabs());
    cases.extend(tilted_slabs());
    cases.extend(lossless());
    cases.extend(no_reabsorption());
    cases.push(Case::new("reciprocity", "inwards", two_layers(false), photons_for(1.0), vec![]));
    cases.push(Case::new("reciprocity", "outwards", two_layers(true), photons_for(1.0), vec![]));
    cases
}

pub fn joints() -> Vec<Joint> {
    vec![Joint { name: "reciprocity", of: ["reciprocity/inwards", "reciprocity/outwards"], judge: reciprocity }]
}

/// Layers so thin that few photons are absorbed, all the same as many as should be. In the short run the thinnest
/// expects 2 photons, and is no more than a guard against gross errors; `tests/rare_losses.rs` counts the paths that end so soon.
fn thin_absorbers() -> Vec<Case> {
    let case = |(name, depth, expected, photons): (&str, f64, f64, u64)| {
        let mut slab = layer(1.0);
        slab.absorption_per_cm = Curve::Constant(depth / THICKNESS_CM);
        let photons = if full() { 50 * photons } else { photons };
        let check = share("absorbed", |s| (s.fates(&[HostPump]), s.launched()), expected, 0.0);
        Case::new("thin_absorber", name, stack(beam(PUMP_NM, 0.0), vec![slab]), photons, vec![check])
    };
    // 1 - exp(-depth)
    [
        ("1e-7", 1e-7, 9.999_999_5e-8, 20_000_000),
        ("1e-5", 1e-5, 9.999_95e-6, 5_000_000),
        ("1e-3", 1e-3, 9.995_002e-4, 5_000_000),
    ]
    .map(case)
    .into()
}

/// An absorbing slab without scattering between different media, at normal incidence:
/// T = (1 - R1) (1 - R2) a / (1 - R1 R2 a^2) and R = R1 + (1 - R1)^2 R2 a^2 / (1 - R1 R2 a^2), a = exp(-depth).
fn clear_slabs() -> Vec<Case> {
    let case = |(name, front, index, back, depth): (&str, f64, f64, f64, f64)| {
        let face = |a: f64, b: f64| ((a - b) / (a + b)).powi(2);
        let (r1, r2, a) = (face(front, index), face(index, back), (-depth).exp());
        let bounces = 1.0 - r1 * r2 * a * a;
        let transmitted = (1.0 - r1) * (1.0 - r2) * a / bounces;
        let reflected = r1 + (1.0 - r1).powi(2) * r2 * a * a / bounces;
        let mut slab = layer(index);
        slab.absorption_per_cm = Curve::Constant(depth / THICKNESS_CM);
        let mut scene = stack(beam(PUMP_NM, 0.0), vec![slab]);
        (scene.front, scene.back) = (medium(front), medium(back));
        let checks = vec![
            share("reflected", |s| (s.fates(&[ReflectedPump]), s.launched()), reflected, 1e-7),
            share("transmitted", |s| (s.fates(&[TransmittedPump]), s.launched()), transmitted, 1e-7),
        ];
        Case::new("clear_slab", name, scene, photons_for(1.0), checks)
    };
    [("high_index", 1.0, 3.5, 1.5, 0.2), ("clear", 1.33, 2.0, 1.0, 0.0), ("dark", 1.0, 1.5, 1.0, 2.0)].map(case).into()
}

/// A slab in air without scattering, met obliquely: the closed form of [`clear_slabs`] for s and for p, whose results are
/// averaged where a photon keeps what it is, or for the mean of both faces' reflectances. The partner
/// holds each against the row two below, the other kind of the same slab.
fn tilted_slabs() -> Vec<Case> {
    let case = |(name, deg, depth, polarisation): (&str, f64, f64, Polarisation)| {
        const INDEX: f64 = 1.5;
        let cos = f64::to_radians(deg).cos();
        let cos_inside = (1.0 - (1.0 - cos * cos) / (INDEX * INDEX)).sqrt();
        let face = |a: f64, b: f64| ((a - b) / (a + b)).powi(2);
        let (s, p) = (face(cos, INDEX * cos_inside), face(INDEX * cos, cos_inside));
        let a = (-depth / cos_inside).exp();
        let slab_of = |r: f64| {
            let bounces = 1.0 - r * r * a * a;
            [r + (1.0 - r).powi(2) * r * a * a / bounces, (1.0 - r).powi(2) * a / bounces]
        };
        let [reflected, transmitted] = match polarisation {
            Polarisation::Track => [0, 1].map(|i| 0.5 * (slab_of(s)[i] + slab_of(p)[i])),
            Polarisation::Average => slab_of(0.5 * (s + p)),
        };
        let mut slab = layer(INDEX);
        slab.absorption_per_cm = Curve::Constant(depth / THICKNESS_CM);
        let mut scene = stack(beam(PUMP_NM, deg), vec![slab]);
        scene.polarisation = polarisation;
        let checks = vec![
            share("reflected", |s| (s.fates(&[ReflectedPump]), s.launched()), reflected, 1e-6),
            share("transmitted", |s| (s.fates(&[TransmittedPump]), s.launched()), transmitted, 1e-6),
        ];
        Case::new("tilted_slab", name, scene, photons_for(1.0), checks)
    };
    [
        ("clear_60_tracked", 60.0, 0.0, Polarisation::Track),
        ("dim_75_tracked", 75.0, 0.3, Polarisation::Track),
        ("clear_60_averaged", 60.0, 0.0, Polarisation::Average),
        ("dim_75_averaged", 75.0, 0.3, Polarisation::Average),
    ]
    .map(case)
    .into()
}

/// Where nothing is lost, nothing is lost: exact integers.
fn lossless() -> Vec<Case> {
    let mut white = layer(1.5);
    white.scatterers = vec![scatterer(100.0, 0.0), scatterer(50.0, 0.8)];
    let all_pump = equal("pump that left", |s| (s.fates(&[ReflectedPump, TransmittedPump]), s.launched()));
    let white = stack(beam(PUMP_NM, 30.0), vec![white]);
    let mut glowing = layer(1.5);
    glowing.emitters = vec![emitter(1.0, edge(40.0, 20.0), gaussian())];
    let all_emission = equal("emission that left", |s| (s.emission(), s.absorbed()));
    let glowing = stack(beam(PUMP_NM, 0.0), vec![glowing]);
    // 1 - R - T of an optical depth of 4 between two faces of reflectance 0.04
    let absorbed = share("absorbed", |s| (s.absorbed(), s.launched()), 0.943_107_9, 1e-6);
    vec![
        Case::new("lossless", "scattering", white, photons_for(1.0), vec![all_pump]),
        Case::new("lossless", "external_plqy_1", glowing, photons_for(1.0), vec![all_emission, absorbed]),
    ]
}

/// Emission that emitters do not absorb, in an otherwise clear slab: the cones leave and the rest is trapped.
fn no_reabsorption() -> Vec<Case> {
    let case = |(name, n, q): (&str, f64, f64)| {
        let cone = 0.5 * (1.0 - (1.0 - 1.0 / (n * n)).sqrt());
        let mut slab = layer(n);
        slab.emitters = vec![emitter(q, edge(40.0, 20.0), gaussian())];
        let mut scene = stack(beam(PUMP_NM, 0.0), vec![slab]);
        scene.recycling = Recycling::Transparent;
        let checks = vec![
            share("front", |s| (s.fates(&[FrontEmission]), s.absorbed()), q * cone, 1e-7),
            share("back", |s| (s.fates(&[BackEmission]), s.absorbed()), q * cone, 1e-7),
            share("trapped", |s| (s.fates(&[Trapped]), s.absorbed()), q * (1.0 - 2.0 * cone), 1e-7),
            share("not emitted", |s| (s.fates(&[Nonradiative]), s.absorbed()), 1.0 - q, 1e-7),
        ];
        // what the faces reflect is not absorbed
        Case::new("transparent", name, scene, photons_for(0.7), checks)
    };
    [("n1.5", 1.5, 0.8), ("n2", 2.0, 0.6)].map(case).into()
}

const BACK_INDEX: f64 = 1.5;

/// Two layers that scatter and absorb, between air and glass, lit diffusely from air or from glass.
fn two_layers(from_glass: bool) -> Scene {
    let (mut low, mut high) = (layer(1.4), layer(1.8));
    low.scatterers = vec![scatterer(20.0, 0.7)];
    high.scatterers = vec![scatterer(30.0, 0.0)];
    high.absorption_per_cm = Curve::Constant(2.0);
    let mut scene = stack(lambertian(), if from_glass { vec![high, low] } else { vec![low, high] });
    let (front, back) = if from_glass { (BACK_INDEX, 1.0) } else { (1.0, BACK_INDEX) };
    (scene.front, scene.back) = (medium(front), medium(back));
    scene
}

/// Diffuse transmittance inwards is n^2 times that outwards.
fn reciprocity(inwards: &Counts, outwards: &Counts) -> Vec<Judgement> {
    let transmittance = |counts: &Counts, scale: f64| {
        let (photons, of) = (Sums::of(counts).fates(&[TransmittedPump]), counts.photons());
        let share = photons as f64 / of as f64;
        (scale * share, scale * share_sigma(share, of))
    };
    let (inwards, outwards) = (transmittance(inwards, 1.0), transmittance(outwards, BACK_INDEX * BACK_INDEX));
    vec![Judgement::new("diffuse transmittance inwards, against n^2 outwards", inwards, outwards)]
}
