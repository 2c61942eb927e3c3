//! Scattering glass under a light-emitting stack.
//!
//! Where scattering mixes all directions, light meets both faces of the glass as Lambert's law has it. Let R_g and R_p
//! be the reflectances of the glass face and of the packet for such light, and T the share of it that a plate with
//! this scattering but without faces lets through. Adding up the passes, of the light radiated into the glass
//!
//! `T_out = (1 - R_g) T / [(1 - R_g (1 - T)) (1 - R_p (1 - T)) - R_p R_g T^2]`
//!
//! leaves by the face; `(4/3) / ((1 - R_p) tau)` in very thick glass, where `T = (4/3) / (tau + 2 * 0.7104)` (isotropic
//! scattering; the constant is Milne's).

use relume::counts::Fate;
use relume::cpu::fresnel::fresnel;
use relume::engine::Engine;
use relume::optics::coherent::Stack;
use relume::optics::quadrature::gauss_legendre;
use relume::scene::Scene;

use super::cases::{Case, named};
use super::common::scenes::scatterer;
use super::{SIGMAS, run};

const GLASS_CM: f64 = 0.1;

fn case() -> Case {
    named("LED530_n2.1_0.5_iso")
}

fn scattering(case: &Case, optical_depth: f64) -> Scene {
    let mut scene = case.scene();
    let glass = scene.layers.last_mut().expect("the glass");
    glass.scatterers = vec![scatterer(optical_depth / GLASS_CM, 0.0)];
    scene
}

fn out(engine: &dyn Engine, optical_depth: f64, photons: u64) -> f64 {
    let counts = run(engine, &scattering(&case(), optical_depth), photons, false);
    counts.fate_total(Fate::BackEmission) as f64 / photons as f64
}

/// A scattering substrate lets out more light than a clear one, and too much scattering less.
pub fn gains(engine: &dyn Engine, photons: u64) {
    let clear = case().column("air_incoh");
    let (some, much) = (out(engine, 1.0, photons), out(engine, 100.0, photons));
    println!("air: clear {clear:.4}, optical depth 1 {some:.4}, 100 {much:.4}");
    assert!(some > 1.1 * clear && much < clear, "clear {clear}, optical depth 1 {some}, 100 {much}");
}

/// Reflectances of the glass face and of the packet for Lambertian light in the glass.
fn faces(case: &Case) -> [f64; 2] {
    let (glass, stack) = (case.stack.back.index.re, &case.stack);
    let layers: Vec<_> = stack.layers.iter().rev().copied().collect();
    let packet = Stack::new(stack.wavelength_nm, glass, &layers, stack.front.index).expect("a stack");
    // in pieces, for the glass face has its critical angle
    let nodes = (0..64).flat_map(|piece| {
        gauss_legendre(8).into_iter().map(move |(x, weight)| ((piece as f64 + x) / 64.0, weight / 64.0))
    });
    nodes.fold([0.0; 2], |[face, under], (cosine, weight)| {
        let [s, p] = packet.power(glass * (1.0 - cosine * cosine).sqrt());
        let flux = 2.0 * cosine * weight;
        let reflected = f64::from(fresnel(glass as f32, 1.0, cosine as f32, 0.5).reflectance);
        [face + flux * reflected, under + flux * 0.5 * (s.reflectance + p.reflectance)]
    })
}

fn mixed(case: &Case, optical_depth: f64) -> f64 {
    let [face, packet] = faces(case);
    let through = 4.0 / 3.0 / (optical_depth + 2.0 * 0.7104);
    let back = 1.0 - through;
    let round = (1.0 - face * back) * (1.0 - packet * back) - packet * face * through * through;
    case.column("radiated") * (1.0 - face) * through / round
}

/// In thick glass that scatters strongly the sum over passes is approached, and it comes from mixing: the same sum for
/// a plate that lets all light through is far off.
pub fn limit(engine: &dyn Engine, photons: u64) {
    let case = case();
    for (optical_depth, allowed) in [(10.0, 0.04), (30.0, 0.03), (100.0, 0.01)] {
        let (found, expected) = (out(engine, optical_depth, photons), mixed(&case, optical_depth));
        let error = (found * (1.0 - found) / photons as f64).sqrt();
        println!("optical depth {optical_depth}: {found:.4} +- {error:.4}, mixed {expected:.4}");
        let limit = allowed * expected + SIGMAS * error;
        assert!((found - expected).abs() <= limit, "optical depth {optical_depth}: {found} for {expected}");
        // partner
        let [face, packet] = faces(&case);
        let clear = case.column("radiated") * (1.0 - face) / (1.0 - face * packet);
        assert!((found - clear).abs() > limit, "optical depth {optical_depth}: {found} would do for {clear}");
    }
    // very thick: (4/3) / ((1 - R_p) tau)
    let [_, packet] = faces(&case);
    let thick = case.column("radiated") * 4.0 / 3.0 / ((1.0 - packet) * 1e6);
    assert!((mixed(&case, 1e6) / thick - 1.0).abs() < 1e-4);
}
