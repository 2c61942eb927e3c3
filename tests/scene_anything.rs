//! Whatever a scene file or a setting says, the answer is a scene or its problems, never a panic.

mod scene_text;

use std::path::Path;

use proptest::prelude::*;
use relume::report::check::{CheckReport, default_wavelengths_nm};
use relume::scene::{Document, Scene};
use scene_text::{FILM, read};

const SCENES: [&str; 4] = [
    FILM,
    include_str!("../scenes/hs_mapbbr3_film.toml"),
    include_str!("../scenes/blue_leds_diffuse_cavity.toml"),
    include_str!("../scenes/clear_slab.toml"),
];

/// Values that break readers.
const NASTY: [&str; 24] = [
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "-0.0",
    "1e308",
    "1e-308",
    "0.5",
    "1",
    "3",
    "450",
    "1e4",
    "[]",
    "{}",
    "\"\"",
    "true",
    "1979-05-27",
    "\"siloxane\"",
    "[1, 2]",
    "{ wavelength_nm = [400, 700], value = [1, 1] }",
    "{ peak_nm = 500, fwhm_nm = 30 }",
    "{ n = 1.5, k = 0.1 }",
    "0x7fffffffffffffffffff",
];

const FRAGMENTS: [&str; 16] = [
    "\n[[layer]]\n",
    "\n[[layer.emitter]]\n",
    "\n[source]\n",
    "name = ",
    "\"film\"",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\"",
    "\n",
    ".",
    "index = 1.5\n",
    "\u{e9}",
    "thickness_nm = 3\n",
];

/// What a later stage relies on.
fn sound(scene: &Scene) {
    let wavelengths = default_wavelengths_nm(scene);
    let page = CheckReport::new(scene, &wavelengths).to_string();
    assert!(!page.contains("NaN"), "{page}");
    for layer in &scene.layers {
        assert!(layer.thickness_um > 0.0 && layer.thickness_um.is_finite());
        for at in &wavelengths {
            assert!(layer.index.at(*at) >= 1.0 && layer.host_absorption_per_cm(*at) >= 0.0);
        }
        for emitter in &layer.emitters {
            let share: f64 = emitter.emission.nodes(&[]).iter().map(|node| node.share).sum();
            assert!((share - 1.0).abs() < 1e-9 && (0.0..=1.0).contains(&emitter.plqy));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC*") {
        let _ = read(&text);
    }

    #[test]
    fn any_splice(which in 0..4usize, edits in prop::collection::vec((0.0..1.0f64, 0..20usize, 0..16usize), 1..4)) {
        let mut text = SCENES[which].to_owned();
        for (at, cut, fragment) in edits {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let from = boundary((at * text.len() as f64) as usize);
            let to = boundary(from + cut).max(from);
            text.replace_range(from..to, FRAGMENTS[fragment]);
        }
        if let Ok(loaded) = read(&text) {
            sound(&loaded.scene);
        }
    }

    #[test]
    fn any_value_of_any_line(which in 0..4usize, line in 0..40usize, value in 0..24usize) {
        let lines: Vec<_> = SCENES[which].lines().collect();
        let line = line % lines.len();
        let changed = lines.iter().enumerate().map(|(i, text)| match text.split_once(" = ") {
            Some((key, _)) if i == line => format!("{key} = {}", NASTY[value]),
            _ => (*text).to_owned(),
        });
        if let Ok(loaded) = read(&changed.collect::<Vec<_>>().join("\n")) {
            sound(&loaded.scene);
        }
    }

    #[test]
    fn any_setting(which in 0..4usize, settings in prop::collection::vec((0..200usize, 0..24usize), 1..3)) {
        let document = Document::parse(SCENES[which], "scene.toml", Path::new("scenes")).unwrap();
        let keys = document.keys();
        let settings: Vec<_> =
            settings.iter().map(|(key, value)| (keys[key % keys.len()].clone(), NASTY[*value].to_owned())).collect();
        if let Ok(scene) = document.with(&settings).and_then(|document| document.scene()) {
            sound(&scene);
        }
    }

    #[test]
    fn any_key(key in "\\PC{0,30}", value in "\\PC{0,10}") {
        let document = Document::parse(FILM, "scene.toml", Path::new("scenes")).unwrap();
        let _ = document.with(&[(key, value)]).map(|document| document.scene());
    }
}
