//! What is rare is neither lost nor doubled: the share of interactions that absorb, down to 1e-9 of those that
//! scatter.

use std::path::Path;

use relume::compile::compile;
use relume::cpu::World;
use relume::cpu::medium::{SMALL_PLQY, uniform_below};
use relume::cpu::sampling::{free_path, henyey_greenstein, uniform_fine};
use relume::cpu::source::launch;
use relume::scene::{self, Scene};
use relume::tables::medium_row;

/// How many of the 2^32 random words give a number below `share`. The numbers grow with the words.
fn words_below(share: f32, uniform: impl Fn(u32) -> f32) -> f64 {
    let (mut below, mut beyond) = (0u64, 1u64 << 32);
    while below < beyond {
        let middle = (below + beyond) / 2;
        if uniform(middle as u32) < share { below = middle + 1 } else { beyond = middle }
    }
    below as f64
}

const WORDS: f64 = 4_294_967_296.0;

#[test]
fn a_fine_number_lies_below_a_share_as_often_as_it_should() {
    for exponent in 0..=90 {
        let share = 10f32.powf(-0.1 * exponent as f32);
        let expected = share as f64 * WORDS;
        // half a word, and the rounding of words to f32
        let allowed = 0.5 + expected * 2f64.powi(-24);
        let found = words_below(share, uniform_fine);
        assert!((found - expected).abs() <= allowed, "share {share}: {found} words, expected {expected}");
    }
    assert!(uniform_fine(u32::MAX) < 1.0 && uniform_fine(0) > 0.0);
}

/// The partner: a number on a grid of 2^-24 would not do.
#[test]
fn partner_a_coarse_number_is_seen() {
    let coarse = |word: u32| (word >> 8) as f32 / 16_777_216.0;
    let expected = 1e-8 * WORDS;
    assert!((words_below(1e-8, coarse) - expected).abs() > expected);
}

/// Free paths fall as the words grow, so that those shorter than a depth are the last words.
#[test]
fn a_free_path_ends_in_a_thin_layer_as_often_as_it_should() {
    for exponent in 0..=35 {
        let depth = 3.0 * 10f64.powf(-0.2 * f64::from(exponent));
        let longer = words_below(-depth as f32, |word| -free_path(word));
        let found = WORDS - longer;
        let expected = -(-depth).exp_m1() * WORDS;
        // half a word, and the rounding of depths to f32
        let allowed = 1.0 + expected * 2f64.powi(-22);
        assert!((found - expected).abs() <= allowed, "depth {depth}: {found} words, expected {expected}");
    }
    // partner: of a uniform number of 24 bits hardly any path is that short
    let coarse = |word: u32| ((word >> 8) as f32 / 16_777_216.0 + f32::MIN_POSITIVE).ln();
    let expected = 1e-8 * WORDS;
    assert!((WORDS - words_below(-1e-8, coarse) - expected).abs() > 0.9 * expected);
}

/// A mirror or an emitter that takes one photon in a billion takes it, and a scatterer that hardly turns light turns it.
#[test]
fn what_falls_short_of_one_still_does_in_the_tables() {
    let scene = |reflectance: f64, g: f64| {
        let scene = format!(
            "schema = 1\n[source]\nkind = 'beam'\nwavelength_nm = 500.0\n[back]\n\
             reflector = {{ kind = 'specular', reflectance = {reflectance} }}\n[[layer]]\nname = 'slab'\n\
             thickness_um = 100.0\nindex = 1.0\nscattering = {{ mu_s_per_cm = 1e4, g = {g} }}\n[[layer.emitter]]\n\
             name = 'dots'\nplqy = {reflectance}\nabsorption = 1.0\nemission = {{ line_nm = 600.0 }}\n"
        );
        let loaded = scene::parse(&scene, "rare.toml", Path::new("."), &[]).expect("a valid scene");
        let tables = compile([&loaded.scene], false);
        assert_eq!(tables.media[1].face_reflectance, tables.emitters[0].plqy);
        (tables.media[1].face_reflectance, tables.coefficients[medium_row(1, 1) as usize + 1][3])
    };
    let (reflectance, g) = scene(0.999_999_999, 0.999_999_999);
    assert!(reflectance < 1.0 && reflectance > 0.999_999 && g < 1.0 && g > 0.999_999, "{reflectance}, {g}");
    assert!([0.0, 1e-9, 0.5].iter().all(|u| henyey_greenstein(g, *u).abs() <= 1.0));
    assert!(scene(1.0, -0.999_999_999).1 > -1.0);
    assert_eq!(scene(1.0, 0.25), (1.0, 0.25));
}

#[test]
fn a_rare_absorption_has_its_share_in_the_tables() {
    for mu_a_per_cm in [1e-2, 1e-4, 1e-6] {
        let scene = format!(
            "schema = 1\n[source]\nkind = 'beam'\nwavelength_nm = 500.0\n[[layer]]\nname = 'slab'\nthickness_um = 100.0\n\
             index = 1.0\nabsorption_per_cm = {mu_a_per_cm}\nscattering = {{ mu_s_per_cm = 1e4, g = 0.0 }}\n"
        );
        let loaded = scene::parse(&scene, "rare.toml", Path::new("."), &[]).expect("a valid scene");
        let tables = compile([&loaded.scene], false);
        let slab = tables.coefficients[medium_row(1, 1) as usize];
        let expected = mu_a_per_cm / (1e4 + mu_a_per_cm);
        for end in [slab[2], slab[3]] {
            assert!((end as f64 / expected - 1.0).abs() < 1e-6, "mu_a {mu_a_per_cm} /cm: {end}, expected {expected}");
        }
    }
}

/// What a dipole's light does next is told by the number that decided on its emission: of those below the PLQY.
#[test]
fn numbers_below_a_plqy_tell_shares_as_often_as_they_should() {
    let tables = compile([&clear_plate()], false);
    let mut photon = launch(&World::new(&tables, 0, 1), 0);
    for plqy in [1.0f32, 0.37, 0.01, SMALL_PLQY] {
        for exponent in 1..=50 {
            let share = 10f32.powf(-0.1 * exponent as f32);
            let expected = f64::from(share) * f64::from(plqy) * WORDS;
            let found = words_below(share, |word| uniform_below(&mut photon.clone(), plqy, uniform_fine(word)));
            // half a word, and roundings to f32
            let allowed = 0.5 + expected * 2f64.powi(-22);
            assert!((found - expected).abs() <= allowed, "PLQY {plqy}, share {share}: {found}, expected {expected}");
        }
    }
    // below a small PLQY there are too few: another number tells
    let (mut below, draws) = (0, 1 << 20);
    for _ in 0..draws {
        below += u32::from(uniform_below(&mut photon, 1e-6, uniform_fine(4000)) < 0.01);
    }
    let sigma = (0.01 * 0.99 * f64::from(draws)).sqrt();
    assert!((f64::from(below) - 0.01 * f64::from(draws)).abs() < 5.0 * sigma, "{below} of {draws}");
}

fn clear_plate() -> Scene {
    let text = "schema = 1\n[source]\nkind = \"beam\"\nwavelength_nm = 450\n[[layer]]\nname = \"plate\"\nthickness_um = 10\nindex = 1.5";
    scene::parse(text, "plate.toml", Path::new("."), &[]).expect("a valid scene").scene
}
