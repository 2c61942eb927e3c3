//! Metals, charge layers and perovskites: the fitted oscillators against points of their sources.

mod scene_text;

use relume::material::{Drude, Formula, Lorentz, Oscillators, TaucLorentz, medium, medium_names};
use scene_text::{read, with_film};

/// A few points (nm, n, k) of the source that each entry cites; the largest error of n and of k over the source's
/// whole table, 380..850 nm, and the rms errors, as the entry states them.
struct Source {
    name: &'static str,
    largest: [f64; 2],
    rms: [f64; 2],
    points: &'static [[f64; 3]],
}

const fn source(name: &'static str, largest: [f64; 2], rms: [f64; 2], points: &'static [[f64; 3]]) -> Source {
    Source { name, largest, rms, points }
}

const SOURCES: [Source; 11] = [
    // Rakic 1995.
    source(
        "al",
        [0.042, 0.047],
        [0.019, 0.024],
        &[
            [413.28, 0.52135, 5.0008],
            [476.87, 0.7278, 5.7781],
            [563.57, 1.0728, 6.7839],
            [652.25, 1.5724, 7.7354],
            [729.32, 2.1606, 8.3565],
            [794.78, 2.7675, 8.3866],
            [837.74, 2.6945, 8.1878],
        ],
    ),
    // Yang 2015.
    source(
        "ag",
        [0.0061, 0.0021],
        [0.0031, 0.0007],
        &[
            [389.9, 0.06035, 1.971],
            [419.9, 0.05515, 2.31],
            [449.9, 0.05271, 2.609],
            [499.9, 0.0518, 3.062],
            [529.9, 0.05245, 3.318],
            [599.9, 0.05632, 3.889],
            [649.9, 0.06061, 4.283],
            [719.9, 0.06829, 4.823],
        ],
    ),
    // Johnson and Christy 1972.
    source(
        "au",
        [0.053, 0.046],
        [0.024, 0.022],
        &[
            [381.5, 1.46, 1.933],
            [413.3, 1.46, 1.958],
            [471.4, 1.31, 1.849],
            [520.9, 0.62, 2.081],
            [582.1, 0.29, 2.863],
            [704.5, 0.13, 4.103],
            [821.1, 0.16, 5.083],
        ],
    ),
    // Konig 2014.
    source(
        "ito",
        [0.010, 0.0013],
        [0.0022, 0.0006],
        &[
            [385.28, 2.05965, 0.0133989],
            [420.29, 2.00606, 0.00832786],
            [450.52, 1.96786, 0.00592755],
            [499.82, 1.91381, 0.00397279],
            [530.02, 1.8833, 0.00342657],
            [599.88, 1.815, 0.00311295],
            [650.62, 1.76472, 0.00337602],
            [720.26, 1.69186, 0.00418255],
        ],
    ),
    // Chen 2015.
    source(
        "pedot_pss",
        [0.0005, 0.0006],
        [0.0001, 0.0002],
        &[
            [386.8, 1.5475, 0.00163276],
            [439.5, 1.5349, 0.00316323],
            [489.6, 1.5253, 0.00469081],
            [565.2, 1.5129, 0.008386],
            [639.9, 1.5022, 0.0138618],
            [724.0, 1.4902, 0.0226025],
            [827.6, 1.4767, 0.0395046],
        ],
    ),
    // Opt. Express 21, 29558 (2013), digitised.
    source(
        "npb",
        [0.0275, 0.0083],
        [0.009, 0.0017],
        &[
            [382.41, 2.07654, 0.25285],
            [411.92, 2.05223, 0.032307],
            [438.66, 1.92149, 0.0],
            [495.03, 1.84063, 0.0],
            [612.24, 1.76921, 0.0],
            [705.1, 1.7388, 0.0],
            [837.51, 1.71269, 0.0],
        ],
    ),
    // Stelling 2017.
    source(
        "moo3",
        [0.0066, 0.0027],
        [0.0015, 0.0006],
        &[
            [384.71, 1.98452, 0.03663],
            [420.1, 1.94092, 0.01972],
            [449.72, 1.91294, 0.01266],
            [499.88, 1.87748, 0.00673],
            [530.28, 1.86114, 0.00487],
            [599.97, 1.83324, 0.00262],
            [649.83, 1.81888, 0.00183],
            [719.85, 1.80378, 0.0012],
        ],
    ),
    // Aftenieva 2023.
    source(
        "cspbi3",
        [0.0185, 0.017],
        [0.004, 0.0025],
        &[
            [400.0, 2.16148, 0.376975],
            [460.0, 2.16147, 0.285732],
            [530.0, 2.12119, 0.123867],
            [600.0, 2.06462, 0.074572],
            [650.0, 2.04918, 0.062452],
            [690.0, 2.03859, 0.024233],
            [750.0, 1.99219, 0.001943],
        ],
    ),
    // Brennan 2024.
    source(
        "cspbbr3",
        [0.009, 0.0051],
        [0.0013, 0.0010],
        &[
            [400.0, 2.20342, 0.25684],
            [450.0, 2.16159, 0.17826],
            [500.0, 2.14365, 0.18239],
            [515.0, 2.20807, 0.27303],
            [525.0, 2.36617, 0.11868],
            [550.0, 2.18633, 7.8e-5],
            [650.0, 2.07578, 4e-6],
        ],
    ),
    // McCleese 2024.
    source(
        "mapbbr3",
        [0.0079, 0.0034],
        [0.0011, 0.0006],
        &[
            [400.0, 2.38107, 0.40376],
            [450.0, 2.32915, 0.26255],
            [500.0, 2.28579, 0.2241],
            [525.0, 2.38964, 0.30375],
            [540.0, 2.45132, 0.05003],
            [600.0, 2.21485, 1e-6],
            [700.0, 2.12759, 1e-6],
        ],
    ),
    // Phillips 2015.
    source(
        "mapbi3",
        [0.030, 0.0052],
        [0.0062, 0.002],
        &[
            [400.271, 2.4311, 0.651129],
            [449.601, 2.41206, 0.447556],
            [530.724, 2.36236, 0.400296],
            [629.24, 2.47535, 0.319232],
            [700.637, 2.47478, 0.215279],
            [770.332, 2.55222, 0.098909],
            [819.355, 2.43406, 0.024663],
        ],
    ),
];

#[test]
fn oscillators_meet_their_sources_within_the_stated_error() {
    for Source { name, largest, rms, points } in &SOURCES {
        let optical = medium(name).unwrap().optical.clone();
        let curves = [&optical.n, optical.k.as_ref().unwrap()];
        for (i, curve) in curves.into_iter().enumerate() {
            let errors: Vec<f64> = points.iter().map(|point| curve.at(point[0]) - point[1 + i]).collect();
            for (error, [wavelength_nm, ..]) in errors.iter().zip(*points) {
                assert!(error.abs() <= largest[i], "{name} at {wavelength_nm} nm, {}: off by {error}", ["n", "k"][i]);
            }
            // A few points, more of them where the curve bends, have up to 2.5 times the error of the whole table.
            let few = (errors.iter().map(|error| error * error).sum::<f64>() / points.len() as f64).sqrt();
            assert!(few <= 2.5 * rms[i], "{name}, {}: rms error {few} at these points", ["n", "k"][i]);
        }
        // A neighbour's numbers would be seen.
        let other = medium(if *name == "ag" { "al" } else { "ag" }).unwrap().optical.n.clone();
        assert!((other.at(points[1][0]) - points[1][1]).abs() > largest[0]);
    }
}

/// Layers whose source states n alone: (nm, n), and the largest error over the source's table.
#[test]
fn transparent_layers_meet_their_sources() {
    let ptaa = [(451.97, 1.86107), (503.33, 1.80645), (555.32, 1.77659), (666.81, 1.74158), (778.81, 1.72637)];
    let zno = [(419.9, 1.67229), (450.24, 1.65548), (499.69, 1.6326), (529.95, 1.62565), (650.66, 1.62532)];
    for (name, within, points) in [("ptaa", 0.0016, ptaa), ("zno", 0.013, zno)] {
        let optical = medium(name).unwrap().optical.clone();
        assert!(optical.k.is_none(), "{name}");
        for (wavelength_nm, n) in points {
            let value = optical.n.at(wavelength_nm);
            assert!((value - n).abs() < within, "{name} at {wavelength_nm} nm: {value}, source {n}");
        }
    }
}

#[test]
fn oscillators_are_passive_at_every_nanometre() {
    let mut count = 0;
    for medium in medium_names().into_iter().filter_map(medium) {
        let Formula::Permittivity(oscillators) = &medium.formula else { continue };
        let (name, k) = (&medium.name, medium.optical.k.as_ref().unwrap());
        assert_eq!((medium.optical.n.range_nm(), k.range_nm()), ((380.0, 850.0), (380.0, 850.0)), "{name}");
        for wavelength_nm in (380..=850).map(f64::from) {
            let (n, k) = (medium.optical.n.at(wavelength_nm), k.at(wavelength_nm));
            assert!(n > 0.0 && n.is_finite() && k >= 0.0 && k.is_finite(), "{name} at {wavelength_nm} nm: {n}, {k}");
            let eps = oscillators.permittivity(wavelength_nm);
            let squared = (n * n - k * k - eps.re).abs() + (2.0 * n * k - eps.im).abs();
            assert!(squared < 1e-12 * (1.0 + eps.norm()), "{name}: n and k are not of one permittivity");
        }
        assert!(medium.fit.is_some(), "{name} must state how good its fit is");
        count += 1;
    }
    assert_eq!(count, SOURCES.len());
}

#[test]
fn estimates_are_flagged() {
    let estimates: Vec<_> =
        medium_names().into_iter().filter(|name| medium(name).unwrap().estimate.is_some()).collect();
    assert_eq!(estimates, ["siloxane", "poly_tpd", "tcta", "tpbi", "tfb", "pvk", "zno"]);
}

#[test]
fn terms_that_are_no_absorbing_ones_are_refused() {
    const RANGE: (f64, f64) = (380.0, 850.0);
    let lorentz = |width_ev, energy_ev| vec![Lorentz { strength: 1.0, energy_ev, width_ev }];
    let tauc = |width_ev, gap_ev| vec![TaucLorentz { amplitude_ev: 1.0, energy_ev: 3.0, width_ev, gap_ev }];
    let drude = |plasma_ev| Some(Drude { plasma_ev, width_ev: 0.05 });
    for (refused, named) in [
        (Oscillators::new(0.5, None, vec![], vec![], RANGE), "eps_inf"),
        (Oscillators::new(f64::NAN, None, vec![], vec![], RANGE), "eps_inf"),
        (Oscillators::new(1.0, drude(-9.0), vec![], vec![], RANGE), "Drude"),
        (Oscillators::new(1.0, None, lorentz(-0.1, 3.0), vec![], RANGE), "width"),
        (Oscillators::new(1.0, None, lorentz(0.0, 2.0), vec![], RANGE), "lossless"),
        (Oscillators::new(1.0, None, vec![], tauc(6.5, 2.0), RANGE), "twice its energy"),
        (Oscillators::new(1.0, None, vec![], tauc(0.5, f64::NAN), RANGE), "Tauc-Lorentz"),
        (Oscillators::new(1.0, None, vec![], vec![], (850.0, 380.0)), "range"),
    ] {
        assert!(refused.unwrap_err().contains(named), "{named}");
    }
    assert!(Oscillators::new(1.0, drude(9.0), lorentz(0.0, 6.0), tauc(0.5, 2.0), RANGE).is_ok());
}

/// In an incoherent layer a photon is a ray, which a metal does not carry.
#[test]
fn a_metal_is_no_incoherent_layer() {
    let film = |index: &str| with_film("index = 1.5\n", &format!("index = {index}\n"));
    let silver = read(&film("\"ag\"")).unwrap_err();
    let told = "layer 'film': index must be at least 1, got 0.0497 at 450 nm; metals belong in coherent layers";
    assert!(silver.lines().count() == 1 && silver.ends_with(told), "{silver}");
    // Aluminium has n above 1 in the red, and is no less a metal there.
    let red = film("\"al\"").replace("450.0", "700.0");
    let aluminium = read(&red).unwrap_err();
    assert!(aluminium.lines().count() == 1 && aluminium.ends_with("metals belong in coherent layers"), "{aluminium}");
    let held = read(&film("{ material = \"ag\", extrapolate = \"flat\" }")).unwrap_err();
    assert!(held.contains("metals belong in coherent layers"), "{held}");
    assert!(read(&film("\"ito\"")).is_ok() && read(&film("\"cspbbr3\"")).is_ok());
}
