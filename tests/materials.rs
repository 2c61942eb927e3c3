//! The material library against the numbers it was made from.

use relume::material::{
    Formula, MaterialError, Nanocrystal, effective_index, medium, medium_names, nanocrystal, nanocrystal_names,
};
use relume::spectrum::{Curve, Model, Spectrum};

const HOST: Curve = Curve::Constant(1.56);
const HOST_DENSITY: f64 = 1.20;

fn close(value: f64, expected: f64, relative: f64) -> bool {
    (value / expected - 1.0).abs() <= relative
}

fn library(name: &str) -> Nanocrystal {
    nanocrystal(name).unwrap()
}

#[test]
fn every_medium_is_an_index_across_the_visible() {
    assert!(medium_names().len() >= 33);
    for name in medium_names() {
        let medium = medium(name).unwrap();
        assert!(medium.source.len() > 20, "{name} must say where it comes from");
        let (low, high) = medium.optical.n.range_nm();
        assert!(low <= 430.0 && high >= 825.0, "{name} is stated for {low}..{high} nm");
        if matches!(medium.formula, Formula::Permittivity(_)) {
            continue;
        }
        for i in 0..=40 {
            let wavelength_nm = low.max(350.0) + (high.min(850.0) - low.max(350.0)) * f64::from(i) / 40.0;
            let n = medium.optical.n.at(wavelength_nm);
            assert!((1.0..3.4).contains(&n), "{name} at {wavelength_nm} nm has n = {n}");
        }
        for k in medium.optical.k.iter() {
            let (low, high) = k.range_nm();
            let values = (0..=40).map(|i| k.at(low + (high - low) * f64::from(i) / 40.0));
            assert!(values.into_iter().all(|k| (0.0..1e-4).contains(&k)), "{name}");
        }
        assert!(medium.optical.n.at(450.0) > medium.optical.n.at(630.0), "{name} must have normal dispersion");
    }
    assert!(medium("unobtainium").is_none());
}

/// n at 450, 530 and 630 nm in the sources, and how near the formula must come there.
#[test]
fn indices_agree_with_their_sources() {
    for (name, n, within) in [
        ("air", [1.00028, 1.00028, 1.00028], 6e-6),
        ("water", [1.3396, 1.3355, 1.3322], 6e-5),
        ("fused_silica", [1.4656, 1.4608, 1.4571], 6e-5),
        ("bk7", [1.5253, 1.5196, 1.5152], 6e-5),
        ("soda_lime", [1.5319, 1.5262, 1.5217], 6e-5),
        ("pet", [1.5925, 1.5763, 1.5653], 6e-4),
        ("pmma", [1.5023, 1.4959, 1.4909], 5e-4),
        ("pdms", [1.4194, 1.4139, 1.4102], 6e-5),
        ("siloxane", [1.5693, 1.5603, 1.5530], 6e-5),
        ("polystyrene", [1.6104, 1.5959, 1.5855], 3e-4),
        ("tio2_anatase", [2.6355, 2.5326, 2.4715], 2e-3),
        ("tio2_rutile", [2.8126, 2.6702, 2.5853], 6e-5),
        ("al2o3", [1.7793, 1.7718, 1.7660], 6e-5),
        ("zro2", [2.1966, 2.1707, 2.1521], 6e-5),
        ("lif", [1.3963, 1.3935, 1.3913], 6e-5),
        ("poly_tpd", [1.7311, 1.7001, 1.6767], 6e-5),
        ("tcta", [1.8233, 1.7861, 1.7580], 6e-5),
        ("tpbi", [1.7782, 1.7485, 1.7262], 6e-5),
        ("tfb", [1.7385, 1.7054, 1.6805], 6e-5),
        ("pvk", [1.7175, 1.6945, 1.6771], 6e-5),
    ] {
        let index = medium(name).unwrap().optical.n.clone();
        for (wavelength_nm, expected) in [450.0, 530.0, 630.0].into_iter().zip(n) {
            let value = index.at(wavelength_nm);
            assert!((value - expected).abs() < within, "{name} at {wavelength_nm} nm: {value}, source {expected}");
        }
    }
}

#[test]
fn parasitic_absorption_agrees_with_its_sources() {
    for (name, wavelength_nm, k, within) in [
        ("pet", 450.0, 1.40e-6, 0.25),
        ("pet", 530.0, 1.35e-6, 0.25),
        ("pmma", 530.0, 1.56e-7, 0.05),
        ("pdms", 530.0, 1.39e-6, 0.05),
        ("polystyrene", 530.0, 5.62e-7, 0.06),
        ("soda_lime", 450.0, 1.93e-7, 0.35),
        ("soda_lime", 630.0, 6.91e-7, 0.05),
        ("bk7", 450.0, 1.06e-8, 0.15),
    ] {
        let value = medium(name).unwrap().optical.k.clone().unwrap().at(wavelength_nm);
        assert!(close(value, k, within), "{name} at {wavelength_nm} nm: k = {value}, source {k}");
    }
    assert!(medium("fused_silica").unwrap().optical.k.is_none(), "its source gives no k");
}

/// The edge against a separate computation of the same model: midpoint sums over 1e5 energies, in another
/// language (1/cm, host of index 1.56).
#[test]
fn mapbbr3_edge_agrees_with_an_independent_computation() {
    let intrinsic = library("mapbbr3_hs").intrinsic_absorption().unwrap();
    let rows = [
        (480.0, 47526.395),
        (500.0, 48117.969),
        (512.0, 57809.386),
        (520.0, 16416.766),
        (526.0, 4466.8557),
        (530.0, 1884.1574),
        (540.0, 229.66481),
        (550.0, 30.223649),
    ];
    for (wavelength_nm, expected) in rows {
        let value = intrinsic.at(wavelength_nm);
        assert!(close(value, expected, 1e-5), "{wavelength_nm} nm: {value} against {expected}");
    }
    // Below 450 nm two coefficients stand for two crystals: rms 1.8 %.
    for (wavelength_nm, expected) in [(360.0, 132393.0), (380.0, 105514.0), (400.0, 82475.4), (420.0, 64840.9)] {
        assert!(close(intrinsic.at(wavelength_nm), expected, 0.03), "{wavelength_nm} nm");
    }
    assert_eq!(intrinsic.at(450.0), 4.9e4);
    // A wrong tail would be seen.
    let softer = Nanocrystal { urbach_mev: 21.0, ..library("mapbbr3_hs") }.intrinsic_absorption().unwrap();
    assert!(!close(softer.at(550.0), 30.223649, 1e-2));
}

#[test]
fn mapbbr3_absorbs_its_own_emission_at_the_known_mean() {
    let particles = library("mapbbr3_hs");
    let intrinsic = particles.intrinsic_absorption().unwrap();
    let emission = Spectrum::GaussianInEnergy { peak_nm: particles.peak_nm, fwhm_nm: particles.fwhm_nm };
    let mean: f64 = emission.nodes(&[]).iter().map(|node| node.share * intrinsic.at(node.wavelength_nm)).sum();
    // The table that the library was made from has 13636; its coarser integral is off by up to 0.4 %.
    assert!(close(mean, 13635.8, 5e-3), "mean over the emission is {mean}");
    assert!((mean / 4.9e4 - 0.28).abs() < 0.005);
}

/// Core volume fraction and effective index at 450 and 530 nm, n_host = 1.56, computed separately with the
/// complex index of the crystals: (wt%, core mass fraction, volume fraction, n(450), n(530)).
const FILMS: [[f64; 5]; 15] = [
    [1.0, 1.0, 0.0031713, 1.5621, 1.5622],
    [5.0, 1.0, 0.016307, 1.5706, 1.5712],
    [10.0, 1.0, 0.033812, 1.5821, 1.5833],
    [20.0, 1.0, 0.072993, 1.6078, 1.6105],
    [40.0, 1.0, 0.17354, 1.6744, 1.6812],
    [1.0, 0.85, 0.0026928, 1.5618, 1.5619],
    [5.0, 0.85, 0.013787, 1.5690, 1.5695],
    [10.0, 0.85, 0.028427, 1.5786, 1.5796],
    [20.0, 0.85, 0.060601, 1.5996, 1.6019],
    [40.0, 0.85, 0.1396, 1.6518, 1.6572],
    [1.0, 0.5, 0.0015802, 1.5610, 1.5611],
    [5.0, 0.5, 0.0080112, 1.5652, 1.5655],
    [10.0, 0.5, 0.016307, 1.5706, 1.5712],
    [20.0, 0.5, 0.033812, 1.5821, 1.5833],
    [40.0, 0.5, 0.072993, 1.6078, 1.6105],
];

#[test]
fn films_have_the_known_volume_fraction_and_index() {
    for [wt_pct, core_mass_fraction, volume_fraction, n_450, n_530] in FILMS {
        let particles = Nanocrystal { core_mass_fraction, ..library("mapbbr3_hs") };
        let dispersed = particles.disperse(wt_pct, &HOST, HOST_DENSITY).unwrap();
        assert!(close(dispersed.volume_fraction, volume_fraction, 4e-5), "{wt_pct} wt%, {core_mass_fraction}");
        // Four fitted coefficients carry the core's index; their error grows with the volume fraction.
        let within = if volume_fraction < 0.08 { 1e-3 } else { 3e-3 };
        let index = effective_index(&HOST, &[(dispersed.volume_fraction, dispersed.core_index)]);
        assert!((index.at(450.0) - n_450).abs() < within, "{wt_pct} wt%: {} at 450 nm", index.at(450.0));
        assert!((index.at(530.0) - n_530).abs() < within, "{wt_pct} wt%: {} at 530 nm", index.at(530.0));
        let mu_450 = dispersed.absorption_per_cm.at(450.0);
        assert!(close(mu_450, dispersed.volume_fraction * 4.9e4, 1e-14), "the stated host must change nothing");
    }
}

/// Weight to volume against separate values: 4.86 in 1.05 g/cm3, no shell.
#[test]
fn weight_becomes_volume() {
    let plain = Nanocrystal { core_mass_fraction: 1.0, core_density_g_per_cm3: 4.86, ..library("cspbbr3_bare") };
    for (wt_pct, volume_fraction) in
        [(0.1, 0.0002162189), (1.0, 0.0021775649), (5.0, 0.0112431738), (20.0, 0.0512445095), (50.0, 0.1776649746)]
    {
        assert!(close(plain.core_volume_fraction(&[], wt_pct, 1.05), volume_fraction, 1e-6));
    }
    let dense_shell = Nanocrystal { core_mass_fraction: 0.5, shell_density_g_per_cm3: Some(2.2), ..plain.clone() };
    let light_shell = Nanocrystal { core_mass_fraction: 0.5, ..plain };
    assert!(dense_shell.core_volume_fraction(&[], 20.0, 1.05) > light_shell.core_volume_fraction(&[], 20.0, 1.05));
}

#[test]
fn haze_follows_the_volume_fraction() {
    let particles = library("mapbbr3_hs");
    let haze = |wt_pct| particles.disperse(wt_pct, &HOST, HOST_DENSITY).unwrap().haze[0].mu_s_per_cm.at(530.0);
    assert!(close(haze(20.0), 690.0, 1e-12));
    assert!(close(haze(1e-6), 500.0, 1e-4));
    assert!(particles.disperse(0.0, &HOST, HOST_DENSITY).unwrap().haze.is_empty(), "no particles, no haze");
    assert!(haze(40.0) > 500.0 + 2.0 * 190.0, "volume grows faster than weight");
    let clear = Nanocrystal { haze_constant_per_cm: 0.0, haze_per_cm_at_20_wt_pct: 0.0, ..library("mapbbr3_hs") };
    assert!(clear.disperse(20.0, &HOST, HOST_DENSITY).unwrap().haze.is_empty());
}

/// Two kinds in one layer share its volume: against the balance by hand, and against one kind weighed in two parts.
#[test]
fn particles_beside_others_share_the_volume() {
    let (green, red) = (library("mapbbr3_hs"), library("cspbbr3_bare"));
    let cm3 = |of: &Nanocrystal, wt_pct: f64| {
        let weight = wt_pct / 100.0;
        let core = weight * of.core_mass_fraction / of.core_density_g_per_cm3;
        let shell = weight * (1.0 - of.core_mass_fraction) / of.shell_density_g_per_cm3.unwrap_or(HOST_DENSITY);
        [core, shell]
    };
    let ([core, shell], [core_red, shell_red]) = (cm3(&green, 20.0), cm3(&red, 15.0));
    let expected = core / (core + shell + core_red + shell_red + 0.65 / HOST_DENSITY);
    let both = green.disperse_beside(&[(&red, 15.0)], 20.0, &HOST, HOST_DENSITY).unwrap();
    assert!(close(both.volume_fraction, expected, 1e-12));
    assert!(both.volume_fraction > green.disperse(20.0, &HOST, HOST_DENSITY).unwrap().volume_fraction);

    let whole = green.disperse(20.0, &HOST, HOST_DENSITY).unwrap();
    let part = |own: f64, other: f64| green.disperse_beside(&[(&green, other)], own, &HOST, HOST_DENSITY).unwrap();
    let parts = [part(15.0, 5.0), part(5.0, 15.0)];
    let sum = |of: &dyn Fn(&relume::material::Dispersed) -> f64| parts.iter().map(of).sum::<f64>();
    assert!(close(sum(&|of| of.volume_fraction), whole.volume_fraction, 1e-12));
    assert!(close(sum(&|of| of.absorption_per_cm.at(450.0)), whole.absorption_per_cm.at(450.0), 1e-12));
    assert!(close(sum(&|of| of.haze[0].mu_s_per_cm.at(530.0)), whole.haze[0].mu_s_per_cm.at(530.0), 1e-12));
    let nothing = green.disperse_beside(&[(&red, 15.0)], 0.0, &HOST, HOST_DENSITY).unwrap();
    assert!(nothing.haze.is_empty() && nothing.volume_fraction == 0.0);

    let error = green.disperse_beside(&[(&red, 60.0)], 60.0, &HOST, HOST_DENSITY).unwrap_err().to_string();
    assert!(error.contains("60 wt% and 60 wt% of other particles"), "{error}");
    let bare = Nanocrystal { core_mass_fraction: 1.0, ..green.clone() };
    let error = bare.disperse_beside(&[(&bare, 45.0)], 45.0, &HOST, HOST_DENSITY).unwrap_err().to_string();
    assert!(error.contains("with the other particles"), "{error}");
}

#[test]
fn another_host_changes_absorption_and_its_range() {
    let particles = library("mapbbr3_hs");
    let pdms = medium("pdms").unwrap();
    let in_pdms = particles.disperse(20.0, &pdms.optical.n, HOST_DENSITY).unwrap().absorption_per_cm;
    let stated = particles.disperse(20.0, &HOST, HOST_DENSITY).unwrap().absorption_per_cm;
    assert!((0.75..0.9).contains(&(in_pdms.at(450.0) / stated.at(450.0))), "{}", in_pdms.at(450.0));
    let pet = medium("pet").unwrap().optical.n.clone();
    let in_pet = particles.disperse(20.0, &pet, HOST_DENSITY).unwrap().absorption_per_cm;
    assert_eq!((in_pet.range_nm(), stated.range_nm()), ((400.0, 850.0), (350.0, 850.0)));
}

#[test]
fn estimates_are_named_unless_replaced() {
    let notes = |particles: Nanocrystal| particles.disperse(20.0, &HOST, HOST_DENSITY).unwrap().notes.join("\n");
    let plain = notes(library("mapbbr3_hs"));
    assert!(plain.contains("core_mass_fraction = 0.5 is an estimate") && !plain.contains("urbach"), "{plain}");
    let replaced = notes(Nanocrystal { core_mass_fraction: 0.6, ..library("mapbbr3_hs") });
    assert!(!replaced.contains("core_mass_fraction"), "{replaced}");
    let dense = Nanocrystal { core_mass_fraction: 1.0, ..library("mapbbr3_hs") };
    assert!(dense.disperse(50.0, &HOST, HOST_DENSITY).unwrap().notes[0].contains("above 0.2"));
}

#[test]
fn impossible_dispersions_are_refused_by_name() {
    let particles = library("mapbbr3_hs");
    for wt_pct in [-1.0, 100.5, f64::NAN, f64::INFINITY] {
        let error = particles.disperse(wt_pct, &HOST, HOST_DENSITY).unwrap_err();
        assert!(matches!(error, MaterialError::Concentration(_)) && error.to_string().contains("wt%"), "{error}");
    }
    let bare = Nanocrystal { core_mass_fraction: 1.0, ..particles.clone() };
    assert!(bare.disperse(95.0, &HOST, HOST_DENSITY).unwrap_err().to_string().contains("volume fraction"));
    for (wrong, named) in [
        (Nanocrystal { urbach_mev: 0.0, ..particles.clone() }, "urbach_mev"),
        (Nanocrystal { stokes_mev: f64::NAN, ..particles.clone() }, "stokes_mev"),
        (Nanocrystal { core_mass_fraction: 1.5, ..particles.clone() }, "core_mass_fraction"),
        (Nanocrystal { shell_density_g_per_cm3: Some(0.0), ..particles.clone() }, "shell_density"),
        (Nanocrystal { peak_nm: 440.0, ..particles.clone() }, "450 nm"),
        (Nanocrystal { haze_g: 1.0, ..particles.clone() }, "haze_g"),
    ] {
        let error = wrong.disperse(20.0, &HOST, HOST_DENSITY).unwrap_err().to_string();
        assert!(error.contains(named) && error.starts_with("mapbbr3_hs"), "{error}");
    }
    assert!(particles.disperse(20.0, &HOST, 0.0).is_err());
}

#[test]
fn every_nanocrystal_is_finite_across_its_range() {
    assert_eq!(nanocrystal_names(), ["mapbbr3_hs", "mapbbr3_bare", "cspbbr3_hs", "cspbbr3_bare"]);
    for name in nanocrystal_names() {
        let dispersed = library(name).disperse(20.0, &medium("siloxane").unwrap().optical.n, 1.2).unwrap();
        let mut last = f64::INFINITY;
        for i in 0..=500 {
            let wavelength_nm = 350.0 + f64::from(i);
            let mu = dispersed.absorption_per_cm.at(wavelength_nm);
            let n = dispersed.core_index.n.at(wavelength_nm);
            assert!(mu.is_finite() && mu >= 0.0 && (1.9..2.6).contains(&n), "{name} at {wavelength_nm} nm: {mu}, {n}");
            assert!(mu < 1.3 * last, "{name} jumps up at {wavelength_nm} nm");
            last = mu;
        }
    }
}
