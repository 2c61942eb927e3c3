//! Scenes for tests, built in code.

use relume::scene::*;
use relume::spectrum::{Curve, Spectrum, Table};

pub fn outer(index: f64) -> Outer {
    Outer { index: Curve::Constant(index), reflector: None }
}

pub fn reflector(index: f64, kind: ReflectorKind, reflectance: f64, gap: bool) -> Outer {
    Outer { index: Curve::Constant(index), reflector: Some(Reflector { kind, reflectance, gap }) }
}

pub fn beam(angle_deg: f64) -> Source {
    Source { kind: SourceKind::Beam { angle_deg, spectrum: Spectrum::Line(450.0) }, spot: Spot::Point }
}

pub fn scatterer(mu_s_per_cm: f64, g: f64) -> Scatterer {
    Scatterer { mu_s_per_cm: Curve::Constant(mu_s_per_cm), g: Curve::Constant(g) }
}

/// An emitter whose absorption falls from the pump to the red edge of its emission.
pub fn emitter(name: &str, peak_nm: f64, plqy: f64, pump_per_cm: f64) -> Emitter {
    let nm = vec![400.0, peak_nm - 30.0, peak_nm, peak_nm + 30.0];
    let per_cm = vec![1.2 * pump_per_cm, 0.6 * pump_per_cm, 0.1 * pump_per_cm, 0.0];
    Emitter {
        name: name.into(),
        plqy,
        lifetime_ns: None,
        dipole: None,
        absorption_per_cm: Curve::Table(Table::new(nm, per_cm, true).expect("the table rises")),
        emission: Spectrum::GaussianInWavelength { peak_nm, fwhm_nm: 20.0 },
    }
}

pub fn layer(index: f64, thickness_um: f64, absorption_per_cm: f64) -> Layer {
    Layer {
        name: "layer".into(),
        thickness_um,
        coherent: false,
        index: Curve::Constant(index),
        extinction: None,
        absorption_per_cm: Curve::Constant(absorption_per_cm),
        scatterers: vec![],
        emitters: vec![],
    }
}

pub fn scene(layers: Vec<Layer>) -> Scene {
    Scene {
        title: "test".into(),
        polarisation: Polarisation::Average,
        recycling: Recycling::On,
        output: Side::Back,
        front: outer(1.0),
        back: outer(1.0),
        source: beam(0.0),
        layers,
        extent: None,
        notes: vec![],
    }
}

/// Absorbing and scattering, no emitter.
pub fn slab() -> Scene {
    scene(vec![Layer { scatterers: vec![scatterer(90.0, 0.75)], ..layer(1.4, 200.0, 10.0) }])
}

/// One emitter in a film with haze, on glass.
pub fn film() -> Scene {
    let film = Layer {
        scatterers: vec![scatterer(200.0, 0.7)],
        emitters: vec![emitter("green", 530.0, 0.95, 1500.0)],
        ..layer(1.56, 50.0, 0.5)
    };
    scene(vec![film, layer(1.5, 1000.0, 0.05)])
}

/// Two emitters, two scatterers, a specular reflector behind a gap, a lambertian source.
pub fn two_emitters() -> Scene {
    let film = Layer {
        scatterers: vec![scatterer(80.0, 0.9), scatterer(40.0, -0.2)],
        emitters: vec![emitter("green", 530.0, 0.9, 600.0), emitter("red", 640.0, 0.8, 300.0)],
        ..layer(1.7, 30.0, 2.0)
    };
    let mut scene = scene(vec![layer(1.45, 5.0, 0.0), film]);
    scene.source.kind =
        SourceKind::Lambertian { spectrum: Spectrum::GaussianInEnergy { peak_nm: 450.0, fwhm_nm: 20.0 } };
    scene.back = reflector(1.0, ReflectorKind::Specular, 0.95, true);
    scene.output = Side::Front;
    scene
}

/// A film that ends at side edges.
pub fn with_edges(edges: Edges) -> Scene {
    let mut scene = film();
    scene.extent = Some(Extent { width_mm: 0.4, depth_mm: 0.3, edges, index: Curve::Constant(1.0) });
    scene.source.spot = Spot::Face;
    scene.source.kind = SourceKind::Beam { angle_deg: 30.0, spectrum: Spectrum::Line(450.0) };
    scene
}

/// Excitations inside, a partial mirror in front, a diffuse reflector in contact behind.
pub fn between_reflectors() -> Scene {
    let mut scene = with_edges(Edges::Open);
    scene.front = reflector(1.0, ReflectorKind::Specular, 0.5, true);
    scene.back = reflector(1.0, ReflectorKind::Diffuse, 0.9, false);
    scene.source.kind = SourceKind::Internal { layer: 0, emitter: 0 };
    scene.recycling = Recycling::Lost;
    scene
}

/// Emission that nothing absorbs, in clear layers: much of it is trapped.
pub fn clear(edges: Option<Edges>) -> Scene {
    let film = Layer { emitters: vec![emitter("green", 530.0, 1.0, 3000.0)], ..layer(1.8, 10.0, 0.0) };
    let mut scene = scene(vec![layer(1.4, 3.0, 0.0), film, layer(1.5, 100.0, 0.0)]);
    scene.recycling = Recycling::Transparent;
    scene.source.spot = Spot::Disc { radius_mm: 0.05 };
    scene.extent = edges.map(|edges| Extent { width_mm: 1.0, depth_mm: 1.0, edges, index: Curve::Constant(1.0) });
    scene
}

/// A dense medium in front, light beyond total reflection of the first layer for a part of the directions.
pub fn dense_front() -> Scene {
    let mut scene = film();
    scene.front = outer(1.8);
    scene.source.kind = SourceKind::Lambertian { spectrum: Spectrum::Line(450.0) };
    scene
}

/// A gap in front that guides light: denser than the film, between it and a perfect mirror.
pub fn guiding_gap(edges: Edges) -> Scene {
    let mut scene = with_edges(edges);
    scene.front = reflector(2.0, ReflectorKind::Specular, 1.0, true);
    scene.source.kind = SourceKind::Lambertian { spectrum: Spectrum::Line(450.0) };
    scene
}

/// A layer of a packet.
pub fn thin(index: f64, k: f64, thickness_nm: f64) -> Layer {
    let extinction = (k > 0.0).then_some(Curve::Constant(k));
    Layer { coherent: true, extinction, ..layer(index, 1e-3 * thickness_nm, 0.0) }
}

/// Packets in front of, between and behind slabs, with polarisation tracked: a coating, a metal film of some
/// nanometres beside a dense layer, a mirror; an emitter and scatterers between them.
pub fn packets(edges: Option<Edges>) -> Scene {
    let mut film = film().layers.remove(0);
    film.scatterers[0].mu_s_per_cm = Curve::Constant(100.0);
    let mut scene = scene(vec![
        thin(1.38, 0.0, 100.0),
        thin(2.0, 0.0, 60.0),
        film,
        thin(0.2, 3.0, 15.0),
        thin(1.9, 0.02, 80.0),
        thin(1.45, 0.0, 90.0),
        layer(1.8, 20.0, 0.5),
        thin(1.45, 0.0, 60.0),
    ]);
    scene.polarisation = Polarisation::Track;
    scene.source.kind = SourceKind::Lambertian { spectrum: Spectrum::Line(450.0) };
    scene.extent = edges.map(|edges| Extent { width_mm: 0.3, depth_mm: 0.3, edges, index: Curve::Constant(1.0) });
    scene
}

/// The same with polarisation averaged, in front of a diffuse reflector behind a gap.
pub fn averaged_packets() -> Scene {
    let mut scene = packets(None);
    scene.polarisation = Polarisation::Average;
    scene.back = reflector(1.0, ReflectorKind::Diffuse, 0.9, true);
    scene
}

/// Emits from a packet: takes a part of what its layer absorbs if `per_cm` is small, all if it is large.
pub fn dipole(name: &str, peak_nm: f64, per_cm: f64, zone: &[(f64, f64)], horizontal: f64) -> Emitter {
    let dipole = Dipole { zone: Zone::at(zone.to_vec()), horizontal, spacer_nm: 5.0 };
    // one wavelength: tables of packets are large
    let emission = Spectrum::Line(peak_nm);
    Emitter { dipole: Some(dipole), emission, ..emitter(name, peak_nm, 0.9, per_cm) }
}

/// Two emitters in neighbouring thin layers on a scattering plate, behind a metal film: each absorbs, one shares
/// with its host.
pub fn led(edges: Option<Edges>) -> Scene {
    let green = Layer {
        emitters: vec![dipole("green", 530.0, 1e6, &[(0.3, 0.5), (0.7, 0.5)], 2.0 / 3.0)],
        ..thin(2.1, 0.03, 40.0)
    };
    let red = Layer { emitters: vec![dipole("red", 640.0, 4000.0, &[(0.5, 1.0)], 0.9)], ..thin(2.0, 0.02, 30.0) };
    let plate = Layer { scatterers: vec![scatterer(100.0, 0.7)], ..layer(1.5, 100.0, 0.5) };
    let mut scene = scene(vec![
        thin(0.2, 3.0, 30.0),
        thin(1.8, 0.0, 50.0),
        green,
        red,
        thin(1.9, 0.005, 60.0),
        plate,
        thin(1.38, 0.0, 100.0),
    ]);
    scene.polarisation = Polarisation::Track;
    scene.source.kind =
        SourceKind::Electroluminescence { layer: 2, emitter: 0, charge_balance: 0.8, current_density_ma_per_cm2: None };
    scene.source.spot = Spot::Face;
    scene.extent = edges.map(|edges| Extent { width_mm: 0.5, depth_mm: 0.5, edges, index: Curve::Constant(1.0) });
    scene
}

/// The same lit from outside, with polarisation averaged and the light of the emitters not absorbed by them.
pub fn pumped_led() -> Scene {
    let mut scene = led(None);
    scene.layers.remove(0);
    scene.layers[2].emitters[0].emission = Spectrum::GaussianInWavelength { peak_nm: 640.0, fwhm_nm: 20.0 };
    scene.polarisation = Polarisation::Average;
    scene.recycling = Recycling::Transparent;
    scene.source.kind = SourceKind::Lambertian { spectrum: Spectrum::Line(450.0) };
    scene
}

/// An emitter that reflects by its whole index where it absorbs, between a clear denser layer and a rarer absorber that
/// takes light from it beyond the critical angle.
pub fn absorbers(edges: Option<Edges>) -> Scene {
    let film = Layer {
        scatterers: vec![scatterer(500.0, 0.6)],
        emitters: vec![emitter("green", 530.0, 0.95, 60_000.0)],
        ..layer(1.6, 5.0, 1.0)
    };
    let k = Table::new(vec![499.0, 501.0], vec![0.05, 3e-4], true).expect("the table rises");
    let dark = Layer { extinction: Some(Curve::Table(k)), ..layer(1.4, 30.0, 0.0) };
    let mut scene = scene(vec![layer(1.7, 3.0, 0.0), film, dark]);
    scene.source = beam(40.0);
    scene.extent = edges.map(|edges| Extent { width_mm: 0.2, depth_mm: 0.2, edges, index: Curve::Constant(1.0) });
    scene.polarisation = if scene.extent.is_some() { Polarisation::Average } else { Polarisation::Track };
    scene
}

/// One of each kind, by name.
pub fn all() -> Vec<(&'static str, Scene)> {
    vec![
        ("slab", slab()),
        ("film", film()),
        ("two_emitters", two_emitters()),
        ("open_edges", with_edges(Edges::Open)),
        ("mirror_edges", with_edges(Edges::Mirror)),
        ("absorbing_edges", with_edges(Edges::Absorbing)),
        ("between_reflectors", between_reflectors()),
        ("clear", clear(None)),
        ("clear_open_edges", clear(Some(Edges::Open))),
        ("dense_front", dense_front()),
        ("guiding_gap", guiding_gap(Edges::Open)),
        ("absorbers", absorbers(None)),
        ("absorbers_open_edges", absorbers(Some(Edges::Open))),
        ("packets", packets(None)),
        ("packets_open_edges", packets(Some(Edges::Open))),
        ("averaged_packets", averaged_packets()),
        ("led", led(None)),
        ("led_open_edges", led(Some(Edges::Open))),
        ("pumped_led", pumped_led()),
    ]
}
