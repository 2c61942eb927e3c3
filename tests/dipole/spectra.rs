//! Spectra and angular patterns of dipoles in the transport, against wave optics alone.

use relume::counts::{ANGLE_BINS, Fate};
use relume::engine::Engine;
use relume::optics::coherent::Layer;
use relume::optics::dipole::{Beyond, Outer, Side};
use relume::optics::quadrature::gauss_legendre;
use relume::scene::Scene;
use relume::spectrum::Spectrum;
use relume::stack::StackReport;

use super::cases::{Case, named};
use super::{SIGMAS, deviation, run};

/// What `relume stack` finds for a broad spectrum, in cells that need not be those of the transport.
pub fn as_by_wave_optics(engine: &dyn Engine, photons: u64) {
    let mut scene = named("LED530_n1.9_0.5_iso").scene();
    let layer = scene.layers.iter().position(|layer| !layer.emitters.is_empty()).expect("an emitter");
    let emitter = &mut scene.layers[layer].emitters[0];
    emitter.emission = Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 30.0 };
    emitter.plqy = 0.8;
    let report = StackReport::new(&scene, "", &[530.0], &[0.0]).expect("a report").dipole.expect("a dipole");
    let counts = run(engine, &scene, photons, false);
    let emitted = report.effective_plqy;
    let expected = [
        (Fate::Nonradiative, 1.0 - emitted),
        (Fate::BackEmission, emitted * report.air),
        (Fate::Guided, emitted * report.guided),
        (Fate::Plasmon, emitted * report.plasmon),
        (Fate::PacketEmission, emitted * (report.absorbed + report.substrate)),
    ];
    for (fate, share) in expected {
        let off = deviation(counts.fate_total(fate), photons, share);
        println!("{fate:?}: {off:.2} standard errors");
        assert!(off <= SIGMAS, "{fate:?}: {off:.1} standard errors from {share}");
    }
}

/// Light that leaks through a thin gap of low index into glass of a high one goes in narrow lines, which must neither be
/// missed nor blurred into the escape cone. Nothing absorbs: what stays in the glass is trapped.
pub fn leaky_modes(engine: &dyn Engine, photons: u64) {
    let air = |gap_nm: f64| {
        let mut case = named("LED530_n2.1_0.5_iso");
        let layer = |index: f64, thickness_nm: f64| Layer { index: index.into(), thickness_nm };
        case.stack.layers = vec![layer(2.1, 200.0), layer(1.3, gap_nm)];
        case.stack.emitter = 0;
        case.stack.back = Outer::substrate(2.4, 1.0);
        let scene = case.scene();
        let counts = run(engine, &scene, photons, false);
        let powers = case.stack.dipole(0.5).expect("a dipole").powers().mix(case.horizontal).fractions();
        (counts.fate_total(Fate::BackEmission), powers.escaped[Side::Back as usize])
    };
    for gap_nm in [100.0, 200.0, 300.0] {
        let (left, expected) = air(gap_nm);
        let off = deviation(left, photons, expected);
        println!("gap of {gap_nm} nm: {off:.2} standard errors");
        assert!(off <= SIGMAS, "gap of {gap_nm} nm: {left} of {photons} for {expected}");
    }
    // partner: the gap matters
    assert!(deviation(air(200.0).0, photons, air(100.0).1) > SIGMAS);
}

/// Shares of the light in air by its cosine there.
fn by_cosine(case: &Case) -> Vec<f64> {
    let dipole = case.stack.dipole(case.zone[0].0).expect("a dipole");
    let purcell = dipole.powers().mix(case.horizontal).purcell;
    let width = 1.0 / ANGLE_BINS as f64;
    let share = |bin: usize| {
        let at = |(x, weight): &(f64, f64)| {
            let angle_deg = ((bin as f64 + x) * width).acos().to_degrees();
            let [s, p] = dipole.far_field(Side::Back, Beyond::Substrate, case.horizontal, angle_deg);
            weight * (s + p)
        };
        std::f64::consts::TAU * width * gauss_legendre(8).iter().map(at).sum::<f64>() / purcell
    };
    (0..ANGLE_BINS).map(share).collect()
}

/// Chi squared over bins, per bin.
fn distance(engine: &dyn Engine, scene: &Scene, expected: &[f64], photons: u64) -> f64 {
    let counts = run(engine, scene, photons, true);
    let chi = |(bin, share): (usize, &f64)| {
        let found = counts.words[counts.layout.angle(true, 1, bin)] as f64;
        let mean = share * photons as f64;
        (found - mean).powi(2) / mean
    };
    expected.iter().enumerate().map(chi).sum::<f64>() / expected.len() as f64
}

pub fn pattern(engine: &dyn Engine, photons: u64) {
    let case = named("LED530_n2.1_0.5_iso");
    let expected = by_cosine(&case);
    let chi = distance(engine, &case.scene(), &expected, photons);
    println!("pattern: chi squared {chi:.2} per bin");
    // five standard deviations of a chi squared of as many degrees of freedom
    let limit = 1.0 + SIGMAS * (2.0 / ANGLE_BINS as f64).sqrt();
    assert!(chi <= limit, "chi squared {chi} per bin");
    // partner: Lambert's law with the same power
    let sum: f64 = expected.iter().sum();
    let lambert = |bin: usize| sum * (2.0 * bin as f64 + 1.0) / (ANGLE_BINS * ANGLE_BINS) as f64;
    let lambert: Vec<f64> = (0..ANGLE_BINS).map(lambert).collect();
    assert!(distance(engine, &case.scene(), &lambert, photons) > limit);
}
