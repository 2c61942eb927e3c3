//! Quantities and errors from counts whose answers are known.

mod expected;

use std::path::Path;

use relume::counts::{Counts, Fate, GROUPS, Layout, Sum};
use relume::outcome::{LedgerError, Outcome, check_ledger, difference, launched_per_group};
use relume::scene::{self, Scene};

const EMITTER: &str = r#"
[[layer.emitter]]
name = "dots"
plqy = 0.9
absorption = { wavelength_nm = [400, 700], per_cm = [1000, 10], extrapolate = "flat" }
emission = { peak_nm = 530.0, fwhm_nm = 20.0 }
"#;

fn film(source: &str, output: &str, emitters: usize) -> Scene {
    let emitters: String = (0..emitters).map(|i| EMITTER.replace("dots", &format!("dots{i}"))).collect();
    let text = format!(
        "schema = 1\ntitle = \"film\"\noutput = \"{output}\"\n[front]\nindex = 1.0\n[back]\nindex = 1.0\n\
         [source]\n{source}\n[[layer]]\nname = \"film\"\nthickness_um = 50.0\nindex = 1.5\n{emitters}"
    );
    scene::parse(&text, "film.toml", Path::new("."), &[]).unwrap_or_else(|problems| panic!("{problems}")).scene
}

const BEAM: &str = "kind = \"beam\"\nwavelength_nm = 450.0";

fn layout(emitters: usize) -> Layout {
    Layout {
        slabs: 1,
        packet_layers: 0,
        emitters,
        first_bin_nm: 400,
        spectrum_bins: 300,
        chains: false,
        detail: false,
        stratified: false,
    }
}

fn add_fate(counts: &mut Counts, group: usize, fate: Fate, photons: u64) {
    let word = counts.layout.fate(group, fate);
    counts.words[word] += photons;
}

fn add_sum(counts: &mut Counts, group: usize, sum: Sum, amount: u64) {
    let word = counts.layout.sum(group, sum);
    counts.words[word] += amount;
}

/// 100 photons in each group: 10 reflected (4 by the first surface), 60 out by the front and 20 by the back
/// at 540 nm, 6 nonradiative, 4 in the host. `more(group)` emissions beyond the first.
fn counts_of_a_film(more: impl Fn(usize) -> u64) -> Counts {
    let mut counts = Counts::zero(layout(1));
    for group in 0..GROUPS {
        for (fate, photons) in [
            (Fate::ReflectedPump, 10),
            (Fate::FrontEmission, 60),
            (Fate::BackEmission, 20),
            (Fate::Nonradiative, 6),
            (Fate::HostPump, 4),
        ] {
            add_fate(&mut counts, group, fate, photons);
        }
        for (sum, amount) in [
            (Sum::FirstReflected, 4),
            (Sum::FirstAbsorbed, 86),
            (Sum::Absorptions, 86 + more(group)),
            (Sum::FirstEmitted, 80),
            (Sum::Emissions, 80 + more(group)),
            (Sum::WavelengthLow, 80 * 540 * 256),
            (Sum::OutputEnergyLow, 20 * 229_600),
        ] {
            add_sum(&mut counts, group, sum, amount);
        }
        let host = counts.layout.host(group, 0, false);
        counts.words[host] = 4;
    }
    counts
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.quantity(key).and_then(|estimate| estimate.value).unwrap_or_else(|| panic!("{key} has no value"))
}

fn near(got: f64, want: f64, what: &str) {
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{what}: got {got}, want {want}");
}

#[test]
fn quantities_follow_their_definitions() {
    let outcome = Outcome::new(&counts_of_a_film(|_| 40), &film(BEAM, "back", 1));
    let pump_ev = 1_239.841_984_332_002_6 / 450.0;
    for (key, want) in [
        ("absorptance", 0.90),
        ("eqy", 0.80),
        ("plqy_external", 0.80 / 0.90),
        ("front_emission", 0.60),
        ("back_emission", 0.20),
        ("edge_emission", 0.0),
        ("reflected_pump", 0.10),
        ("transmitted_pump", 0.0),
        ("pump_leakage", 0.0),
        ("first_absorbed", 0.86),
        ("emissions_per_first_emission", 120.0 / 80.0),
        ("reabsorptions_per_absorption", 40.0 / 86.0),
        ("reabsorption_probability", 40.0 / 120.0),
        ("recycling_efficiency", 40.0 / 120.0),
        ("parasitic", 0.04),
        ("cce_photon", 0.20),
        ("cce_power", 20.0 * 2.296 / (100.0 * pump_ev)),
        ("mean_emission_nm", 540.0),
    ] {
        near(value(&outcome, key), want, key);
    }
    assert_eq!(outcome.quantities.0.len(), 18 + OF_A_CURRENT.len(), "a quantity is not tested here");
    assert_eq!(outcome.fates.0.iter().map(|(_, count)| count).sum::<u64>(), outcome.photons);
}

const OF_A_CURRENT: [&str; 3] = ["eqe_bound", "eqe", "outcoupling_efficiency"];

#[test]
fn a_current_has_efficiencies_of_its_own_and_no_pump() {
    let text = format!(
        "schema = 1\n[source]\nkind = \"electroluminescence\"\ncharge_balance = 0.5\n[[layer]]\nname = \"film\"\n\
         thickness_nm = 50.0\nindex = 1.5\ncoherent = true\n{}dipole = {{ position = 0.5 }}\n",
        EMITTER
            .replace("absorption = { wavelength_nm = [400, 700], per_cm = [1000, 10], extrapolate = \"flat\" }\n", "")
    );
    let led =
        scene::parse(&text, "led.toml", Path::new("."), &[]).unwrap_or_else(|problems| panic!("{problems}")).scene;
    let outcome = Outcome::new(&counts_of_a_film(|_| 40), &led);
    for (key, want) in OF_A_CURRENT.into_iter().zip([0.80, 0.40, 80.0 / 120.0]) {
        near(value(&outcome, key), want, key);
    }
    for key in ["absorptance", "plqy_external", "first_absorbed", "reflected_pump", "cce_photon"] {
        assert_eq!(outcome.quantity(key).unwrap().value, None, "{key}");
    }
    near(value(&outcome, "eqy"), 0.80, "eqy");
}

#[test]
fn the_output_side_decides_what_leaks_and_what_is_wanted() {
    let outcome = Outcome::new(&counts_of_a_film(|_| 0), &film(BEAM, "front", 1));
    near(value(&outcome, "pump_leakage"), 0.06, "pump_leakage without the first reflection");
    near(value(&outcome, "cce_photon"), 0.60, "cce_photon");
}

#[test]
fn what_has_no_meaning_is_null() {
    let keys = |outcome: &Outcome| -> Vec<String> {
        let null = outcome.quantities.0.iter().filter(|(_, estimate)| estimate.value.is_none());
        null.map(|(key, _)| key.to_string()).collect()
    };
    let internal = Outcome::new(
        &counts_of_a_film(|_| 0),
        &film("kind = \"internal\"\nlayer = \"film\"\nemitter = \"dots0\"", "back", 1),
    );
    let of_a_pump = ["reflected_pump", "transmitted_pump", "pump_leakage", "cce_photon", "cce_power"];
    assert_eq!(keys(&internal), [&of_a_pump[..], &OF_A_CURRENT].concat());
    assert_eq!((value(&internal, "first_absorbed"), value(&internal, "absorptance")), (1.0, 1.0));

    let bare = Outcome::new(&Counts::zero(layout(0)), &film(BEAM, "back", 0));
    assert_eq!(keys(&bare).len(), 18 + OF_A_CURRENT.len(), "nothing was launched");
    let mut counts = Counts::zero(layout(0));
    add_fate(&mut counts, 0, Fate::TransmittedPump, 5);
    let bare = Outcome::new(&counts, &film(BEAM, "back", 0));
    assert_eq!(bare.quantity("eqy").unwrap().value, None);
    assert_eq!(value(&bare, "transmitted_pump"), 1.0);
    assert_eq!(value(&bare, "absorptance"), 0.0);
}

#[test]
fn the_error_of_a_share_is_never_zero() {
    let outcome = Outcome::new(&counts_of_a_film(|_| 0), &film(BEAM, "back", 1));
    let (n, p) = (3200.0, (640.0 + 1.0) / 3202.0_f64);
    near(outcome.quantity("back_emission").unwrap().se.unwrap(), (p * (1.0 - p) / n).sqrt(), "share");
    assert!(outcome.quantity("transmitted_pump").unwrap().se.unwrap() > 0.0);
}

/// Delete-one-group jackknife of emissions / first emissions, straight from its definition.
fn direct_jackknife(emissions: &[f64], first: &[f64]) -> f64 {
    let groups = emissions.len();
    let without = |skip: usize, of: &[f64]| -> f64 {
        of.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, x)| x).sum() //
    };
    let left_out: Vec<f64> = (0..groups).map(|i| without(i, emissions) / without(i, first)).collect();
    let mean = left_out.iter().sum::<f64>() / groups as f64;
    let squares: f64 = left_out.iter().map(|x| (x - mean).powi(2)).sum();
    ((groups as f64 - 1.0) / groups as f64 * squares).sqrt()
}

#[test]
fn the_error_of_a_ratio_is_the_jackknife() {
    let more = |group: usize| (group * group % 17) as u64;
    let outcome = Outcome::new(&counts_of_a_film(more), &film(BEAM, "back", 1));
    let emissions: Vec<f64> = (0..GROUPS).map(|group| 80.0 + more(group) as f64).collect();
    let se = outcome.quantity("emissions_per_first_emission").unwrap().se.unwrap();
    near(se, direct_jackknife(&emissions, &[80.0; GROUPS]), "jackknife");
    // The same groups in another order of magnitude must not agree.
    let doubled: Vec<f64> = (0..GROUPS).map(|group| 80.0 + 2.0 * more(group) as f64).collect();
    assert!((se - direct_jackknife(&doubled, &[80.0; GROUPS])).abs() > 0.3 * se);
}

#[test]
fn groups_without_photons_are_left_out() {
    let mut counts = Counts::zero(layout(1));
    let emissions = [3.0, 1.0, 7.0];
    for (group, emissions) in emissions.iter().enumerate() {
        add_fate(&mut counts, 5 * group, Fate::FrontEmission, 1);
        add_sum(&mut counts, 5 * group, Sum::FirstEmitted, 1);
        add_sum(&mut counts, 5 * group, Sum::Emissions, *emissions as u64);
    }
    let outcome = Outcome::new(&counts, &film(BEAM, "back", 1));
    let se = outcome.quantity("emissions_per_first_emission").unwrap().se.unwrap();
    near(se, direct_jackknife(&emissions, &[1.0; 3]), "three groups");
}

#[test]
fn one_photon_has_a_value_and_no_error_of_ratios() {
    let mut counts = Counts::zero(layout(1));
    add_fate(&mut counts, 0, Fate::FrontEmission, 1);
    for sum in [Sum::FirstAbsorbed, Sum::Absorptions, Sum::FirstEmitted, Sum::Emissions] {
        add_sum(&mut counts, 0, sum, 1);
    }
    add_sum(&mut counts, 0, Sum::WavelengthLow, 530 * 256);
    let outcome = Outcome::new(&counts, &film(BEAM, "back", 1));
    assert_eq!(value(&outcome, "mean_emission_nm"), 530.0);
    assert_eq!(outcome.quantity("mean_emission_nm").unwrap().se, None);
    let se = outcome.quantity("eqy").unwrap().se.unwrap();
    assert!(se.is_finite() && se > 0.0);
}

#[test]
fn an_undefined_leave_one_out_gives_no_error() {
    let mut counts = Counts::zero(layout(1));
    add_fate(&mut counts, 0, Fate::FrontEmission, 1);
    add_fate(&mut counts, 1, Fate::TransmittedPump, 1);
    add_sum(&mut counts, 0, Sum::WavelengthLow, 530 * 256);
    let estimate = Outcome::new(&counts, &film(BEAM, "back", 1)).quantity("mean_emission_nm").unwrap();
    assert_eq!((estimate.value, estimate.se), (Some(530.0), None));
}

#[test]
fn wide_sums_carry() {
    let mut counts = counts_of_a_film(|_| 0);
    add_sum(&mut counts, 3, Sum::EventsLow, 7);
    add_sum(&mut counts, 4, Sum::EventsHigh, 2);
    assert_eq!(Outcome::new(&counts, &film(BEAM, "back", 1)).events, 7 + (2 << 32));
}

#[test]
fn one_emitter_follows_from_the_totals_and_several_from_the_matrix() {
    let one = Outcome::new(&counts_of_a_film(|_| 40), &film(BEAM, "back", 1));
    let emitter = one.by_emitter.get("dots0").unwrap();
    near(emitter.absorptions.get("pump").unwrap().value.unwrap(), 0.86, "pump");
    near(emitter.absorptions.get("dots0").unwrap().value.unwrap(), 0.40, "own light");
    near(emitter.emissions.value.unwrap(), 1.20, "emissions");
    near(emitter.recycling_efficiency.value.unwrap(), 40.0 / 120.0, "recycling");
    near(one.by_layer.get("film").unwrap().host_pump.value.unwrap(), 0.04, "host");

    let mut counts = Counts::zero(layout(2));
    for group in 0..GROUPS {
        add_fate(&mut counts, group, Fate::BackEmission, 10);
        let layout = counts.layout;
        for (word, amount) in [
            (layout.absorbed(group, 0, None), 10),
            (layout.absorbed(group, 1, Some(0)), 4),
            (layout.absorbed(group, 1, Some(1)), 5),
            (layout.emitted(group, 0, None), 10),
            (layout.emitted(group, 1, Some(0)), 4),
            (layout.emitted(group, 1, Some(1)), 2),
            (layout.left(group, 0, 1), 6),
            (layout.left(group, 1, 1), 4),
        ] {
            counts.words[word] = amount;
        }
    }
    let two = Outcome::new(&counts, &film(BEAM, "back", 2));
    let second = two.by_emitter.get("dots1").unwrap();
    near(second.absorptions.get("dots0").unwrap().value.unwrap(), 0.4, "light of the first");
    near(second.emissions.value.unwrap(), 0.6, "emissions");
    near(second.recycling_efficiency.value.unwrap(), 2.0 / 6.0, "own light only");
    near(second.back_emission.value.unwrap(), 0.4, "left");
}

#[test]
fn a_design_does_not_differ_from_itself() {
    let scene = film(BEAM, "back", 1);
    let (a, b) = (counts_of_a_film(|group| group as u64), counts_of_a_film(|group| group as u64 + 8));
    let same = difference("recycling_efficiency", (&a, &scene), (&a, &scene)).unwrap();
    assert_eq!((same.value, same.se), (Some(0.0), Some(0.0)));
    let other = difference("recycling_efficiency", (&b, &scene), (&a, &scene)).unwrap();
    let alone = Outcome::new(&a, &scene).quantity("recycling_efficiency").unwrap().se.unwrap();
    assert!(other.value.unwrap() > 0.0 && other.se.unwrap() < alone, "shared noise cancels");
    assert_eq!(difference("no_such_key", (&a, &scene), (&b, &scene)), None);
}

#[test]
fn the_ledger_closes_or_says_where_it_does_not() {
    let counts = counts_of_a_film(|_| 0);
    assert_eq!(check_ledger(&counts, &launched_per_group(3200)), Ok(()));
    assert_eq!(
        check_ledger(&counts, &launched_per_group(3201)),
        Err(LedgerError::Open { group: 0, launched: 101, ended: 100 })
    );
    // The right total in the wrong groups does not close either.
    let mut moved = counts.clone();
    let (from, to) = (moved.layout.fate(2, Fate::HostPump), moved.layout.fate(3, Fate::HostPump));
    moved.words[from] -= 1;
    moved.words[to] += 1;
    assert!(check_ledger(&moved, &launched_per_group(3200)).is_err());
}

#[test]
fn three_truncated_photons_pass_and_four_do_not() {
    let with = |truncated: u64| {
        let mut counts = Counts::zero(layout(1));
        add_fate(&mut counts, 0, Fate::Truncated, truncated);
        let mut launched = [0; GROUPS];
        launched[0] = truncated;
        check_ledger(&counts, &launched)
    };
    assert_eq!(with(3), Ok(()));
    assert_eq!(with(4), Err(LedgerError::Truncated { truncated: 4, photons: 4 }));
}
