//! Scenes with packets, and what the transfer matrix says of them.

use num_complex::Complex64;
use relume::optics::coherent::{self, Face, Power, Stack, incoherent_slab};
use relume::optics::fresnel::reflection;
use relume::scene::{Layer, Polarisation, Scene, SourceKind};
use relume::spectrum::Spectrum;

use super::common::scenes;

pub struct Case {
    pub name: String,
    pub scene: Scene,
    /// Reflected, transmitted, absorbed in the slab, absorbed in packets.
    pub expected: [f64; 4],
    /// Absorbed in each layer, where that is known.
    pub by_layer: Vec<f64>,
}

/// n, k and thickness in nm.
type Film = (f64, f64, f64);

const WAVELENGTH_NM: f64 = 450.0;
const COATING: [Film; 1] = [(1.22, 0.0, 92.2)];
const SILVER: [Film; 1] = [(0.05, 2.6, 100.0)];
/// Absorbs in some of its layers alone.
const TINTED: [Film; 5] = [(1.7, 0.0, 70.0), (2.2, 0.08, 40.0), (0.2, 2.9, 12.0), (1.5, 0.0, 110.0), (1.9, 0.03, 60.0)];

/// Quarter waves of 573 nm, eighths of a wave outside: blue passes, green returns.
fn dichroic() -> Vec<Film> {
    let (low, high, outer) = ((1.46, 0.0, 98.1), (2.4, 0.0, 59.6), (1.46, 0.0, 49.05));
    let inner = [high, low].into_iter().cycle().take(15);
    std::iter::once(outer).chain(inner).chain([outer]).collect()
}

fn glass(absorption_per_cm: f64) -> Layer {
    scenes::layer(1.5, 1000.0, absorption_per_cm)
}

fn thin(films: &[Film], letter: char) -> impl Iterator<Item = Layer> {
    let layer = move |(number, &(n, k, nm)): (usize, &Film)| Layer {
        name: format!("{letter}{number}"),
        ..scenes::thin(n, k, nm)
    };
    films.iter().enumerate().map(layer)
}

pub fn stack(front: &[Film], slab: Layer, back: &[Film], polarisation: Polarisation) -> Scene {
    let mut scene = scenes::scene(thin(front, 'a').chain([slab]).chain(thin(back, 'b')).collect());
    scene.polarisation = polarisation;
    scene
}

fn matrix(wavelength_nm: f64, from: f64, films: &[Film], to: f64) -> Stack {
    let layer = |&(n, k, thickness_nm): &Film| coherent::Layer { index: Complex64::new(n, k), thickness_nm };
    let layers: Vec<_> = films.iter().map(layer).collect();
    Stack::new(wavelength_nm, from, &layers, to.into()).expect("a stack")
}

fn mean(powers: [Power; 2]) -> Power {
    Power {
        reflectance: 0.5 * (powers[0].reflectance + powers[1].reflectance),
        transmittance: 0.5 * (powers[0].transmittance + powers[1].transmittance),
    }
}

/// A thick slab between packets in air (physics of docs/thin-films.md, a thick slab).
fn coated(
    name: &str,
    wavelength_nm: f64,
    angle_deg: f64,
    (front, slab, back): (&[Film], Layer, &[Film]),
    polarisation: Polarisation,
) -> Case {
    let index = slab.index.at(wavelength_nm);
    let in_plane = angle_deg.to_radians().sin();
    let cos_inside = (1.0 - (in_plane / index).powi(2)).sqrt();
    let depth = slab.absorption_per_cm.at(wavelength_nm) * slab.thickness_um * 1e-4 / cos_inside;
    let front_stack = matrix(wavelength_nm, 1.0, front, index);
    let back_stack = matrix(wavelength_nm, index, back, 1.0);
    let front_powers = [front_stack.power(in_plane), front_stack.reversed().expect("clear glass").power(in_plane)];
    let back_powers = [back_stack.reversed().expect("air").power(in_plane), back_stack.power(in_plane)];
    let slab_power = |pick: &dyn Fn([Power; 2]) -> Power| {
        let power = incoherent_slab(
            Face::new(pick(front_powers[0]), pick(front_powers[1])),
            Face::new(pick(back_powers[0]), pick(back_powers[1])),
            depth,
        );
        [power.reflectance, power.transmittance, power.absorbed_in_slab, power.absorbed_in_faces.iter().sum()]
    };
    let expected = match polarisation {
        Polarisation::Average => slab_power(&mean),
        Polarisation::Track => {
            let (s, p) = (slab_power(&|powers| powers[0]), slab_power(&|powers| powers[1]));
            std::array::from_fn(|i| 0.5 * (s[i] + p[i]))
        }
    };
    let mut scene = stack(front, slab, back, polarisation);
    scene.source = scenes::beam(angle_deg);
    if let SourceKind::Beam { spectrum, .. } = &mut scene.source.kind {
        *spectrum = Spectrum::Line(wavelength_nm);
    }
    let kind = if polarisation == Polarisation::Track { "track" } else { "average" };
    Case { name: format!("{name}_{angle_deg}_{kind}"), scene, expected, by_layer: Vec::new() }
}

/// A packet between two half-spaces: the transfer matrix itself, layer by layer.
fn alone(name: &str, angle_deg: f64, from: f64, films: &[Film], to: f64) -> Case {
    let matrix = matrix(WAVELENGTH_NM, from, films, to);
    let both = coherent::Polarisation::BOTH.map(|polarisation| matrix.response_at_angle(angle_deg, polarisation));
    let mean = |part: &dyn Fn(&coherent::Response) -> f64| 0.5 * (part(&both[0]) + part(&both[1]));
    let by_layer: Vec<f64> = (0..films.len()).map(|layer| mean(&|response| response.absorptance[layer])).collect();
    let mut scene = scenes::scene(thin(films, 'a').collect());
    scene.polarisation = Polarisation::Track;
    scene.front = scenes::outer(from);
    scene.back = scenes::outer(to);
    scene.source = scenes::beam(angle_deg);
    let shares = [mean(&|response| response.reflectance), mean(&|response| response.transmittance)];
    let expected = [shares[0], shares[1], 0.0, by_layer.iter().sum()];
    Case { name: format!("{name}_{angle_deg}"), scene, expected, by_layer }
}

/// An absorbing slab at 60 degrees: what is left of a table's beam that scattering takes light from.
fn plain(polarisation: Polarisation, reflected: f64, transmitted: f64) -> Case {
    // optical depth 2 along the normal
    let case = coated("plain", WAVELENGTH_NM, 60.0, (&[], glass(20.0), &[]), polarisation);
    assert!((case.expected[0] - reflected).abs() < 1e-8 && (case.expected[1] - transmitted).abs() < 1e-8);
    case
}

/// Pairs of a Bragg mirror for 530 nm.
fn bragg(pairs: usize) -> Vec<Film> {
    [(2.35, 0.0, 56.3829787), (1.46, 0.0, 90.7534247)].into_iter().cycle().take(2 * pairs).collect()
}

/// A packet in air under a pump of many wavelengths, whose transmittance has a line far narrower than the pump's nodes.
fn cavity() -> Case {
    let mirror = bragg(6);
    let films: Vec<Film> =
        mirror.iter().copied().chain([(2.35, 0.0, 112.765_957)]).chain(mirror.iter().rev().copied()).collect();
    let spectrum = Spectrum::GaussianInWavelength { peak_nm: 550.0, fwhm_nm: 60.0 };
    let sigma_nm = 60.0 / (8.0 * 2f64.ln()).sqrt();
    let (mut through, mut all) = (0.0, 0.0);
    for i in -10_000..=10_000 {
        let off_nm = f64::from(i) * 0.01;
        let photons = (-0.5 * (off_nm / sigma_nm).powi(2)).exp();
        through += photons * matrix(550.0 + off_nm, 1.0, &films, 1.0).power(0.0)[0].transmittance;
        all += photons;
    }
    let mut case = alone("cavity", 0.0, 1.0, &films, 1.0);
    case.expected = [1.0 - through / all, through / all, 0.0, 0.0];
    case.by_layer.clear();
    case.scene.source.kind = SourceKind::Beam { angle_deg: 0.0, spectrum };
    case
}

/// The same cavity between more pairs under a beam of one wavelength, on a line that is narrower in angle than f32 tells
/// angles apart.
fn line() -> Case {
    const ANGLE_DEG: f64 = 51.3;
    let mirror = bragg(14);
    let films: Vec<Film> =
        mirror.iter().copied().chain([(2.35, 0.0, 112.765_957)]).chain(mirror.iter().rev().copied()).collect();
    let powers = |nm: f64| matrix(nm, 1.0, &films, 1.0).power(ANGLE_DEG.to_radians().sin());
    let through = |nm: f64| powers(nm)[0].transmittance;
    // ever closer about the highest of some places; the flank, where half of s gets through, is steepest
    let (mut from, mut to) = (480.0, 484.0);
    for _ in 0..12 {
        let places = (0..=60).map(|i| from + (to - from) * f64::from(i) / 60.0);
        let highest = places.max_by(|a, b| through(*a).total_cmp(&through(*b))).expect("places");
        let step = (to - from) / 60.0;
        (from, to) = (highest - step, highest + step);
    }
    let (mut low, mut high) = (0.5 * (from + to), 0.5 * (from + to) + 0.01);
    assert!(through(low) > 0.9 && through(high) < 0.1, "{} {}", through(low), through(high));
    while high - low > 1e-12 * high {
        let middle = 0.5 * (low + high);
        if through(middle) > 0.5 { low = middle } else { high = middle }
    }
    let shares = mean(powers(low));
    let mut case = alone("line", ANGLE_DEG, 1.0, &films, 1.0);
    case.expected = [shares.reflectance, shares.transmittance, 0.0, 0.0];
    case.by_layer.clear();
    case.scene.source.kind = SourceKind::Beam { angle_deg: ANGLE_DEG, spectrum: Spectrum::Line(low) };
    case
}

/// A thick layer that lets nothing through and reflects by its whole index.
fn opaque(angle_deg: f64, from: f64, index: Complex64, polarisation: Polarisation) -> Case {
    let layer =
        Layer { extinction: Some(relume::spectrum::Curve::Constant(index.im)), ..scenes::layer(index.re, 1000.0, 0.0) };
    let reflected = reflection(from, index, angle_deg.to_radians().cos()).unpolarised();
    let by_n = reflection(from, index.re.into(), angle_deg.to_radians().cos()).unpolarised();
    assert!((reflected - by_n).abs() > 0.02, "{reflected} {by_n}");
    let mut scene = scenes::scene(vec![layer]);
    scene.polarisation = polarisation;
    scene.front = scenes::outer(from);
    scene.source = scenes::beam(angle_deg);
    let name = format!("opaque_{index}_{angle_deg}_{polarisation:?}");
    Case { name, scene, expected: [reflected, 0.0, 1.0 - reflected, 0.0], by_layer: vec![1.0 - reflected] }
}

/// The same behind a coat of 90 nm.
fn coated_opaque(angle_deg: f64, index: Complex64) -> Case {
    const COAT: Film = (1.4, 0.0, 90.0);
    let reflected = |index: Complex64| {
        let coat = coherent::Layer::new(COAT.0, COAT.1, COAT.2);
        let stack = Stack::new(WAVELENGTH_NM, 1.0, &[coat], index).expect("a stack");
        mean(stack.power(angle_deg.to_radians().sin())).reflectance
    };
    let (expected, by_n) = (reflected(index), reflected(index.re.into()));
    assert!((expected - by_n).abs() > 0.005, "{expected} {by_n}");
    let mut case = opaque(angle_deg, 1.0, index, Polarisation::Track);
    case.scene.layers.insert(0, Layer { name: "coat".into(), ..scenes::thin(COAT.0, COAT.1, COAT.2) });
    case.name = format!("coated_{}", case.name);
    case.expected = [expected, 0.0, 1.0 - expected, 0.0];
    case.by_layer.clear();
    case
}

pub fn cases() -> Vec<Case> {
    let filter = dichroic();
    let mut cases = Vec::new();
    for polarisation in [Polarisation::Track, Polarisation::Average] {
        for angle_deg in [0.0, 35.0, 60.0, 80.0] {
            let sides = (&COATING[..], glass(0.5), &TINTED[..]);
            cases.push(coated("coated_glass", WAVELENGTH_NM, angle_deg, sides, polarisation));
        }
        for wavelength_nm in [450.0, 560.0] {
            let sides = (&filter[..], glass(0.2), &COATING[..]);
            let case = coated(&format!("dichroic_{wavelength_nm}"), wavelength_nm, 10.0, sides, polarisation);
            assert!(case.expected[if wavelength_nm < 500.0 { 1 } else { 0 }] > 0.8, "{:?}", case.expected);
            cases.push(case);
        }
        let mirror = (&[][..], glass(1.0), &SILVER[..]);
        cases.push(coated("silver", WAVELENGTH_NM, 30.0, mirror, polarisation));
        let bare = coated("antireflection", WAVELENGTH_NM, 0.0, (&COATING, glass(0.0), &COATING), polarisation);
        assert!(bare.expected[0] < 0.002);
        cases.push(bare);
    }
    cases.push(plain(Polarisation::Track, 0.089_639_722, 0.072_290_131));
    cases.push(alone("tinted", 0.0, 1.0, &TINTED, 1.5));
    cases.push(plain(Polarisation::Average, 0.089_738_263, 0.071_628_291));
    cases.push(alone("tinted", 55.0, 1.0, &TINTED, 1.5));
    // beyond total reflection
    cases.push(alone("evanescent", 65.0, 1.8, &TINTED, 1.0));
    cases.push(alone("evanescent", 45.0, 1.8, &[(1.4, 0.02, 150.0), (2.0, 0.1, 30.0)], 1.2));
    cases.push(alone("bragg", 10.0, 1.0, &bragg(12), 1.5));
    cases.push(opaque(0.0, 1.0, Complex64::new(2.4, 0.8), Polarisation::Track));
    cases.push(cavity());
    cases.push(opaque(60.0, 1.0, Complex64::new(1.8, 1.7), Polarisation::Average));
    cases.push(alone("orders", 47.1, 1.0, &[(1.5, 0.0, 200_000.0)], 1.0));
    // beyond total reflection by n alone
    cases.push(opaque(60.0, 1.9, Complex64::new(1.5, 0.1), Polarisation::Track));
    cases.push(coated_opaque(0.0, Complex64::new(1.5, 1.0)));
    cases.push(opaque(75.0, 1.6, Complex64::new(1.5, 0.003), Polarisation::Track));
    cases.push(coated_opaque(60.0, Complex64::new(1.5, 1.0)));
    cases.push(line());
    cases
}
