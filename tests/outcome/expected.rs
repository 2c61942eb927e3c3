//! Quantities of stratified runs, in which what a scene makes expect takes the place of what was counted.

use relume::counts::{Counts, Fate, GROUPS, Sum};
use relume::outcome::{Outcome, difference};
use relume::scene::{Dipole, Recycling, Scene, Side, Zone};
use relume::spectrum::Curve;

use super::{BEAM, add_fate, add_sum, counts_of_a_film, film, layout, near, value};

/// Counts as those of a run with stratified launch, whose losses of emitters are those that the PLQY makes expect.
fn stratified(mut counts: Counts) -> Counts {
    counts.layout.stratified = true;
    counts
}

/// A film whose first emitters have these PLQYs.
fn film_of(plqys: &[f64]) -> Scene {
    let mut scene = film(BEAM, "back", plqys.len());
    scene.layers[0].emitters.iter_mut().zip(plqys).for_each(|(emitter, plqy)| emitter.plqy = *plqy);
    scene
}

fn share(outcome: &Outcome, fate: Fate) -> f64 {
    outcome.fate_shares.get(fate.key()).and_then(|share| share.value).expect("a share")
}

fn assert_shares_add_up(outcome: &Outcome) {
    let shares: Vec<_> = Fate::ALL.iter().map(|fate| share(outcome, *fate)).collect();
    assert!(shares.iter().all(|share| *share >= 0.0), "{shares:?}");
    near(shares.iter().sum(), 1.0, "all fates");
}

/// Of 120 emissions of 100 photons 40 were absorbed again, a third; 86 were absorbed before. At a PLQY of 0.9 that makes
/// 0.9 * 86 / (1 - 0.9 / 3) emissions.
#[test]
fn losses_of_an_emitter_are_those_that_its_plqy_makes_expect() {
    let mut counts = stratified(counts_of_a_film(|_| 40));
    let outcome = Outcome::new(&counts, &film_of(&[0.9]));
    let emissions = 0.9 * 0.86 / (1.0 - 0.9 / 3.0);
    for (key, want) in [
        ("absorptance", 0.90),
        ("reflected_pump", 0.10),
        ("first_absorbed", 0.86),
        ("eqy", 0.80 / 1.20 * emissions),
        ("plqy_external", 0.80 / 1.20 * emissions / 0.90),
        ("front_emission", 0.60 / 1.20 * emissions),
        ("cce_photon", 0.20 / 1.20 * emissions),
        ("emissions_per_first_emission", emissions / (0.9 * 0.86)),
        ("reabsorptions_per_absorption", emissions / 3.0 / 0.86),
        ("reabsorption_probability", 1.0 / 3.0),
        ("recycling_efficiency", 0.9 / 3.0),
        ("parasitic", 0.04),
        ("mean_emission_nm", 540.0),
    ] {
        near(value(&outcome, key), want, key);
    }
    assert_shares_add_up(&outcome);
    near(share(&outcome, Fate::Nonradiative), 0.86 + emissions / 3.0 - emissions, "nonradiative");
    // what was counted stays what it was
    assert_eq!(outcome.fates.get("nonradiative"), Some(&192));
    // photons that start by chance are reported as they were counted
    counts.layout.stratified = false;
    near(value(&Outcome::new(&counts, &film_of(&[0.9])), "eqy"), 0.80, "as counted");
}

/// 7 of 100 photons were reflected first where 4 are to be expected: all that came of the other 93 is scaled to 96.
#[test]
fn as_much_is_reflected_first_as_the_first_surface_throws_back() {
    let mut counts = stratified(counts_of_a_film(|_| 44));
    for group in 0..GROUPS {
        add_sum(&mut counts, group, Sum::FirstReflected, 3);
    }
    // the PLQY of dipoles is not known: what the face does is all that changes
    let mut film = film_of(&[0.5]);
    film.layers[0].emitters[0].dipole =
        Some(Dipole { zone: Zone::at(vec![(0.5, 1.0)]), horizontal: 2.0 / 3.0, spacer_nm: 5.0 });
    let outcome = Outcome::new(&counts, &film);
    let scale = 0.96 / 0.93;
    for (key, want) in [
        ("reflected_pump", 0.04 + 0.03 * scale),
        ("absorptance", 0.90 * scale),
        ("eqy", 0.80 * scale),
        ("parasitic", 0.04 * scale),
        ("plqy_external", 0.80 / 0.90),
        ("emissions_per_first_emission", 124.0 / 80.0),
        ("mean_emission_nm", 540.0),
    ] {
        near(value(&outcome, key), want, key);
    }
    assert_shares_add_up(&outcome);
    // by the output side nothing leaks but what got in
    film.output = Side::Front;
    near(value(&Outcome::new(&counts, &film), "pump_leakage"), 0.03 * scale, "leakage");
}

/// Counts that fit the PLQY, of 84 first emissions to 88 absorptions and of 126 to 132, leave nothing to change, whatever becomes
/// of light that is not emitted again.
#[test]
fn what_is_expected_changes_nothing_where_as_much_was_counted() {
    let mut counts = counts_of_a_film(|_| 44);
    for group in 0..GROUPS {
        for (fate, photons) in [(Fate::HostEmission, 1), (Fate::Trapped, 1)] {
            add_fate(&mut counts, group, fate, photons);
            for sum in [Sum::FirstAbsorbed, Sum::Absorptions, Sum::FirstEmitted, Sum::Emissions] {
                add_sum(&mut counts, group, sum, photons);
            }
        }
        // two of the six that end as nonradiative had been emitted before
        add_sum(&mut counts, group, Sum::FirstEmitted, 2);
        // pump light can be trapped, too; 5 of 125 photons are reflected first, 0.04
        add_fate(&mut counts, group, Fate::Trapped, 23);
        add_sum(&mut counts, group, Sum::FirstReflected, 1);
    }
    let scene = film_of(&[21.0 / 22.0]);
    let [plain, expected] = [counts.clone(), stratified(counts)].map(|counts| Outcome::new(&counts, &scene));
    for (key, estimate) in &plain.quantities.0 {
        let Some(want) = estimate.value else { continue };
        near(value(&expected, key), want, key);
    }
    for fate in Fate::ALL {
        near(share(&expected, fate), share(&plain, fate), fate.key());
    }
}

/// Light of the first emitter that is absorbed by the second one, which emits more or less of it than was counted.
#[test]
fn expected_losses_follow_light_from_emitter_to_emitter() {
    let mut counts = Counts::zero(layout(2));
    for group in 0..GROUPS {
        for (fate, photons) in
            [(Fate::FrontEmission, 6), (Fate::BackEmission, 4), (Fate::HostEmission, 2), (Fate::Nonradiative, 8)]
        {
            add_fate(&mut counts, group, fate, photons);
        }
        let layout = counts.layout;
        for (word, amount) in [
            (layout.absorbed(group, 0, None), 20),
            (layout.emitted(group, 0, None), 15),
            (layout.absorbed(group, 1, Some(0)), 8),
            (layout.emitted(group, 1, Some(0)), 6),
            (layout.absorbed(group, 1, Some(1)), 2),
            (layout.emitted(group, 1, Some(1)), 1),
            (layout.left(group, 0, 0), 6),
            (layout.left(group, 1, 1), 4),
        ] {
            counts.words[word] = amount;
        }
        for (sum, amount) in
            [(Sum::FirstAbsorbed, 20), (Sum::Absorptions, 30), (Sum::FirstEmitted, 15), (Sum::Emissions, 22)]
        {
            add_sum(&mut counts, group, sum, amount);
        }
    }
    let counts = stratified(counts);
    let (q0, q1) = (0.9, 0.6);
    // emissions of 20 photons: 8/15 of the light of the first and 2/7 of the light of the second go to the second
    let first = q0 * 20.0;
    let second = q1 * 8.0 / 15.0 * first / (1.0 - q1 * 2.0 / 7.0);
    // nothing is reflected first
    let mut film = film_of(&[q0, q1]);
    film.front.index = Curve::Constant(1.5);
    let outcome = Outcome::new(&counts, &film);
    assert_shares_add_up(&outcome);
    near(value(&outcome, "front_emission"), 6.0 / 15.0 * first / 20.0, "front");
    near(value(&outcome, "back_emission"), 4.0 / 7.0 * second / 20.0, "back");
    let host = first * (1.0 - 6.0 / 15.0 - 8.0 / 15.0) + second * (1.0 - 4.0 / 7.0 - 2.0 / 7.0);
    near(share(&outcome, Fate::HostEmission), host / 20.0, "host");
    let emitter = outcome.by_emitter.get("dots1").unwrap();
    near(emitter.emissions.value.unwrap(), second / 20.0, "emissions of the second");
    near(emitter.absorptions.get("dots0").unwrap().value.unwrap(), 8.0 / 15.0 * first / 20.0, "light of the first");
    near(emitter.recycling_efficiency.value.unwrap(), q1 * 2.0 / 7.0, "own light of the second");
    near(value(&outcome, "emissions_per_first_emission"), (first + second) / first, "emissions");

    // nothing is emitted after the first emission
    let mut lost = film;
    lost.recycling = Recycling::Lost;
    let mut counts = counts;
    for group in 0..GROUPS {
        let layout = counts.layout;
        let fates = [(Fate::BackEmission, 0), (Fate::HostEmission, 1), (Fate::Nonradiative, 13)];
        fates.iter().for_each(|(fate, photons)| counts.words[layout.fate(group, *fate)] = *photons);
        let sums = [(Sum::Absorptions, 28), (Sum::Emissions, 15)];
        sums.iter().for_each(|(sum, amount)| counts.words[layout.sum(group, *sum)] = *amount);
        let of_second = [layout.absorbed(group, 1, Some(1)), layout.left(group, 1, 1)];
        of_second.iter().for_each(|word| counts.words[*word] = 0);
        let emitted = [0, 1].map(|from| layout.emitted(group, 1, Some(from)));
        emitted.iter().for_each(|word| counts.words[*word] = 0);
    }
    let outcome = Outcome::new(&counts, &lost);
    assert_shares_add_up(&outcome);
    near(value(&outcome, "eqy"), 6.0 / 15.0 * first / 20.0, "front, without recycling");
    near(value(&outcome, "emissions_per_first_emission"), 1.0, "no emission after the first");
}

/// The PLQY of dipoles among coherent layers depends on these: losses stay what was counted.
#[test]
fn losses_of_dipoles_are_those_that_were_counted() {
    let mut scene = film_of(&[0.5]);
    let [plain, own] = [false, true].map(|dipole| {
        scene.layers[0].emitters[0].dipole =
            dipole.then_some(Dipole { zone: Zone::at(vec![(0.5, 1.0)]), horizontal: 2.0 / 3.0, spacer_nm: 5.0 });
        value(&Outcome::new(&stratified(counts_of_a_film(|_| 40)), &scene), "eqy")
    });
    near(own, 0.80, "as counted");
    assert!(plain < 0.70, "as expected: {plain}");
}

/// Two PLQYs that nothing but expectation tells apart: the difference has the error of a photon of those absorbed.
#[test]
fn designs_are_not_told_apart_by_what_no_photon_was_seen_to_do() {
    let mut counts = stratified(counts_of_a_film(|_| 40));
    let (better, worse) = (film_of(&[0.95]), film_of(&[0.949]));
    let apart = difference("plqy_external", (&counts, &better), (&counts, &worse)).unwrap();
    let (value, se) = (apart.value.unwrap(), apart.se.unwrap());
    // 90 of 100 photons of each group are absorbed
    assert!(value > 0.0 && se >= 1.0 / (0.9 * 3200.0 + 2.0), "{value} +- {se}");
    let same = difference("plqy_external", (&counts, &better), (&counts, &better)).unwrap();
    assert_eq!((same.value, same.se), (Some(0.0), Some(0.0)));
    // losses that were counted are the same in both
    counts.layout.stratified = false;
    let same = difference("plqy_external", (&counts, &better), (&counts, &worse)).unwrap();
    assert_eq!((same.value, same.se), (Some(0.0), Some(0.0)));
}
