//! Samplers of the Rust twins against their densities, by chi-squared; the shaders have the same bits.

use std::f64::consts::TAU;

use glam::Vec3;
use libtest_mimic::Trial;
use relume::compile::compile;
use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::medium::redirect;
use relume::cpu::rng::{rng_new, rng_next};
use relume::cpu::sampling::*;
use relume::cpu::source::{launch, spot_position};
use relume::scene::{Source, SourceKind, Spot};
use relume::spectrum::{Curve, Spectrum};

use super::common::scenes;
use super::common::stats::{bins_p, equal_bins_p, plausible};
use super::common::trials::anywhere;

const DRAWS: usize = 1_000_000;

/// Calls a test with a photon whose generator has this state.
fn with_photon<T>(test: impl FnOnce(&World, &mut Photon) -> T) -> T {
    let tables = compile([&scenes::film()], false);
    let world = World::new(&tables, 0, 1);
    let mut photon = launch(&world, 0);
    photon.rng = rng_new(20, 26);
    test(&world, &mut photon)
}

/// p-value of draws whose two values should be uniform on [0, 1) and independent: 32 x 8 bins.
fn uniform_p(mut draw: impl FnMut(&mut Photon) -> (f64, f64)) -> f64 {
    let mut counts = [0; 256];
    with_photon(|_, photon| {
        for _ in 0..DRAWS {
            let (a, b) = draw(photon);
            let bin = |x: f64, bins: usize| ((x * bins as f64) as usize).min(bins - 1);
            counts[8 * bin(a, 32) + bin(b, 8)] += 1;
        }
    });
    equal_bins_p(&counts)
}

/// Azimuth as a share of a turn.
fn azimuth(x: f32, y: f32) -> f64 {
    ((y as f64).atan2(x as f64) / TAU).rem_euclid(1.0)
}

/// Distribution function of Henyey and Greenstein's cosine.
fn scattering_cdf(g: f64, mu: f64) -> f64 {
    if g == 0.0 {
        return 0.5 * (1.0 + mu);
    }
    (1.0 - g * g) / (2.0 * g) * ((1.0 + g * g - 2.0 * g * mu).max(0.0).powf(-0.5) - 1.0 / (1.0 + g))
}

/// p-value of scattering angles sampled with g where g_0 is meant, turned from a fixed direction.
fn scattering_p(g: f32, g_0: f64) -> f64 {
    let from = glam::Vec3::new(0.48, -0.6, 0.64);
    let across_1 = from.any_orthonormal_vector();
    let across_2 = from.cross(across_1);
    uniform_p(|photon| {
        let cos_theta = henyey_greenstein(g, uniform_f32(photon));
        let to = deflect(from, cos_theta, uniform_f32(photon));
        // cosine from sine where that is the finer: f32 loses small angles in a cosine near 1
        let mu = to.dot(from) as f64;
        assert!((mu - cos_theta as f64).abs() < 1e-6 && (to.length() - 1.0).abs() < 1e-6);
        (scattering_cdf(g_0, cos_theta as f64), azimuth(to.dot(across_1), to.dot(across_2)))
    })
}

fn free_path_p(stretch: f64) -> f64 {
    uniform_p(|photon| {
        let share = |photon: &mut Photon| (-stretch * free_path(rng_next(photon)) as f64).exp();
        (share(photon), share(photon))
    })
}

/// Paths shorter than `tau`, of all 2^32: the path never grows with the bits, so that bisection counts them.
fn shorter_than(tau: f64) -> u64 {
    let (mut low, mut high) = (0u64, 1u64 << 32);
    while low < high {
        let middle = (low + high) / 2;
        if (free_path(middle as u32) as f64) < tau { high = middle } else { low = middle + 1 }
    }
    (1 << 32) - low
}

/// Over many decades, fine near 1.
fn minus_ln_is_a_logarithm() {
    let numbers = (0..=3000).flat_map(|step| {
        let small = 10f64.powf(-0.01 * step as f64) as f32;
        [small, 1.0 - small]
    });
    for x in numbers.filter(|x| *x > 0.0 && *x < 1.0) {
        let expected = -(x as f64).ln();
        assert!((minus_ln(x) as f64 - expected).abs() <= 4e-7 * expected, "-ln {x}: {}, not {expected}", minus_ln(x));
    }
    assert_eq!(minus_ln(1.0), 0.0);
}

fn free_path_ends() {
    // the short end, to one draw of 2^32 and f32's last place: layers as thin as these count right
    for tau in [1e-9, 1e-8, 1e-7, 1e-6, 1e-3] {
        let expected = -f64::exp_m1(-tau) * 2f64.powi(32);
        let counted = shorter_than(tau) as f64;
        assert!((counted - expected).abs() < 1.0 + 1e-6 * expected, "tau {tau}: {counted}, not {expected}");
    }
    // the long end
    for tau in [1.0f64, 5.0, 10.0, 20.0] {
        let expected = (-tau).exp() * 2f64.powi(32);
        let counted = ((1u64 << 32) - shorter_than(tau)) as f64;
        assert!((counted - expected).abs() < 1.0 + 1e-6 * expected * tau, "tau {tau}: {counted}, not {expected}");
    }
    assert!((free_path(0) as f64 - 33.0 * 2f64.ln()).abs() < 2e-6);
    assert!(free_path(u32::MAX) > 0.0);
    // never grows, over the whole range and where the two halves meet
    let steps = (0..=u32::MAX).step_by(1999).chain(0x7fff_f000..0x8000_1000);
    let mut last = (0, f32::INFINITY);
    for bits in steps {
        let tau = free_path(bits);
        assert!(bits < last.0 || tau <= last.1, "free_path grows at {bits:#x}");
        last = (bits, tau);
    }
}

/// p-value of the nodes drawn from an emitter's table, against the spectrum's shares.
fn nodes_p(spoil: impl Fn(usize, f64) -> f64) -> f64 {
    let mut scene = scenes::film();
    let spectrum = Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 20.0 };
    scene.layers[0].emitters[0].emission = spectrum.clone();
    scene.layers[0].emitters[0].absorption_per_cm = Curve::Constant(100.0);
    let tables = compile([&scene], false);
    let shares: Vec<f64> = spectrum.nodes(&[]).iter().enumerate().map(|(i, node)| spoil(i, node.share)).collect();
    let row = tables.emitters[0];
    assert_eq!(row.nodes as usize, shares.len());
    // far wings together, so that each bin has enough for chi-squared
    let (mut counts, mut chances) = (vec![0; shares.len() + 1], vec![0.0; shares.len() + 1]);
    let place = |i: usize| if shares[i] * (DRAWS as f64) < 20.0 { shares.len() } else { i };
    for i in 0..shares.len() {
        chances[place(i)] += shares[i];
    }
    with_photon(|_, photon| {
        for _ in 0..DRAWS {
            let node = choose_node(&tables.nodes, row.first_node, row.nodes, rng_next(photon));
            counts[place((node - row.first_node) as usize)] += 1;
        }
    });
    bins_p(&counts, &chances)
}

fn spot_p(spot: Spot, power: f64) -> f64 {
    let mut scene = scenes::with_edges(relume::scene::Edges::Open);
    scene.source = Source { kind: SourceKind::Beam { angle_deg: 0.0, spectrum: Spectrum::Line(450.0) }, spot };
    let tables = compile([&scene], false);
    let world = World::new(&tables, 0, 1);
    uniform_p(|photon| {
        let at = spot_position(&world, photon);
        match spot {
            Spot::Face => {
                let share = |x: f32, half: f32| 0.5 + 0.5 * (x / half) as f64;
                (share(at.x, world.design.half_width_um).powf(power), share(at.y, world.design.half_depth_um))
            }
            _ => (((at.length() / world.design.spot_radius_um) as f64).powf(power), azimuth(at.x, at.y)),
        }
    })
}

fn isotropic_p(power: f64) -> f64 {
    let tables = compile([&scenes::film()], false);
    let world = World::new(&tables, 0, 1);
    uniform_p(|photon| {
        photon.direction = Vec3::Z;
        redirect(&world, photon, 0.0);
        let d = photon.direction;
        assert!((d.length() - 1.0).abs() < 1e-6 && d.z != 0.0);
        ((0.5 * (1.0 + d.z as f64)).powf(power), azimuth(d.x, d.y))
    })
}

fn lambertian_p(power: f64) -> f64 {
    uniform_p(|photon| {
        let d = lambertian(photon);
        assert!((d.length() - 1.0).abs() < 1e-6 && d.z > 0.0);
        ((d.z as f64).powf(power), azimuth(d.x, d.y))
    })
}

fn fits(p: f64) {
    assert!(plausible(p), "p = {p:e}");
}

/// The partner: a density that is not the sampler's.
fn misfits(p: f64) {
    assert!(!plausible(p), "p = {p:e}, of a wrong density");
}

pub fn trials() -> Vec<Trial> {
    vec![
        anywhere("sampler_redirect", || fits(isotropic_p(1.0))),
        anywhere("partner_sampler_redirect", || misfits(isotropic_p(1.02))),
        anywhere("sampler_lambertian", || fits(lambertian_p(2.0))),
        anywhere("partner_sampler_lambertian", || misfits(lambertian_p(2.04))),
        anywhere("sampler_henyey_greenstein", || {
            for g in [-0.9, -0.3, 0.0, 1e-4, 0.1, 0.499, 0.501, 0.75, 0.9] {
                fits(scattering_p(g, g as f64));
            }
        }),
        anywhere("partner_sampler_henyey_greenstein", || {
            misfits(scattering_p(0.75, 0.76));
            misfits(scattering_p(0.0, 0.01));
        }),
        anywhere("sampler_free_path", || fits(free_path_p(1.0))),
        anywhere("partner_sampler_free_path", || misfits(free_path_p(1.01))),
        anywhere("sampler_free_path_ends", free_path_ends),
        anywhere("sampler_minus_ln", minus_ln_is_a_logarithm),
        anywhere("sampler_choose_node", || fits(nodes_p(|_, share| share))),
        // a few parts in a hundred moved from odd nodes to even ones
        anywhere("partner_sampler_choose_node", || misfits(nodes_p(|i, s| s * (0.98 + 0.04 * (i % 2) as f64)))),
        anywhere("sampler_disc", || fits(spot_p(Spot::Disc { radius_mm: 0.1 }, 2.0))),
        anywhere("partner_sampler_disc", || misfits(spot_p(Spot::Disc { radius_mm: 0.1 }, 1.95))),
        anywhere("sampler_face", || fits(spot_p(Spot::Face, 1.0))),
        anywhere("partner_sampler_face", || misfits(spot_p(Spot::Face, 1.02))),
    ]
}
