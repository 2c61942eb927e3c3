//! The answer at every PLQY from one transport: right, and with the right error.

use std::path::Path;

use relume::compile::{compile, compile_watching};
use relume::counts::Counts;
use relume::cpu::run_range_plain as run_range;
use relume::engine::PhotonRange;
use relume::outcome::{Estimate, Outcome, Reweighting, Setting};
use relume::scene::{Document, Scene};

const SCENE: &str = r#"
schema = 1
title = "film"
[source]
kind = "beam"
wavelength_nm = 450.0
[[layer]]
name = "film"
thickness_um = 50.0
index = 1.5
absorption_per_cm = 1.0
scattering = { mu_s_per_cm = 200.0, g = 0.7 }
[[layer.emitter]]
name = "dots"
plqy = 0.9
absorption = { wavelength_nm = [440, 500, 520, 530, 540, 550, 560], per_cm = [1500, 800, 600, 200, 40, 8, 1], extrapolate = "flat" }
emission = { peak_nm = 530.0, fwhm_nm = 20.0 }
"#;

const SECOND_EMITTER: &str = r#"
[[layer.emitter]]
name = "red"
plqy = 0.8
absorption = { wavelength_nm = [440, 560, 600, 640], per_cm = [300, 300, 100, 1], extrapolate = "flat" }
emission = { peak_nm = 620.0, fwhm_nm = 30.0 }
"#;

const PLQY: &str = "layer.film.emitter.dots.plqy";

fn document(text: &str) -> Document {
    Document::parse(text, "test.toml", Path::new("")).unwrap()
}

/// Counts of a scene with the first emitter watched.
fn watched(scene: &Scene, seed: u64, photons: u64) -> Counts {
    let tables = compile_watching(scene, 0);
    let range = PhotonRange { design: 0, first: 0, count: photons };
    Counts { layout: tables.layouts[0], words: run_range(&tables, seed, range) }
}

fn agrees_with_direct_runs(text: &str, emitters: usize) {
    let document = document(text);
    let scene = document.scene().unwrap();
    let counts = watched(&scene, 77, 200_000);
    let mut compared = 0;
    for i in 0..10 {
        let q = 0.1 * f64::from(i) + 0.07;
        let own = document.with(&[(PLQY.into(), q.to_string())]).unwrap().scene().unwrap();
        let answer = Reweighting::new(&counts, &Setting::of(&own), emitters).at(q);
        assert!(answer.sharp);
        let tables = compile([&own], false);
        let range = PhotonRange { design: 0, first: 0, count: 50_000 };
        let direct = Counts { layout: tables.layouts[0], words: run_range(&tables, 100 + i as u64, range) };
        let direct = Outcome::new(&direct, &own);
        for (key, estimate) in &answer.quantities.0 {
            let other = direct.quantity(key).unwrap();
            let (Some(value), Some(se)) = (estimate.value, estimate.se) else { continue };
            let (known, known_se) = (other.value.unwrap(), other.se.unwrap());
            let sigma = (value - known).abs() / se.hypot(known_se).max(1e-12);
            assert!(sigma < 5.0, "{key} at {q}: {value} +- {se}, direct {known} +- {known_se}");
            compared += 1;
        }
    }
    assert!(compared >= 100);
}

#[test]
fn every_plqy_agrees_with_direct_runs() {
    agrees_with_direct_runs(SCENE, 1);
    for recycling in ["lost", "transparent"] {
        let text = SCENE.replace("title", &format!("recycling = \"{recycling}\"\ntitle"));
        agrees_with_direct_runs(&text, 1);
    }
}

#[test]
fn every_plqy_agrees_with_direct_runs_beside_another_emitter_and_from_inside() {
    agrees_with_direct_runs(&format!("{SCENE}{SECOND_EMITTER}"), 2);
    let beam = "kind = \"beam\"\nwavelength_nm = 450.0";
    let internal = SCENE.replace(beam, "kind = \"internal\"\nlayer = \"film\"\nemitter = \"dots\"");
    agrees_with_direct_runs(&internal, 1);
}

#[test]
fn errors_at_other_plqys_cover_what_they_should() {
    let scene = document(SCENE).scene().unwrap();
    let setting = Setting::of(&scene);
    let keys = ["eqy", "plqy_external", "emissions_per_first_emission", "recycling_efficiency"];
    let at = |counts: &Counts, q: f64, key: &str| -> Estimate {
        *Reweighting::new(counts, &setting, 1).at(q).quantities.get(key).unwrap()
    };
    let truth = watched(&scene, 4711, 1_000_000);
    let seeds: Vec<_> = (1..=200).map(|seed| watched(&scene, seed, 2000)).collect();
    for q in [0.5, 0.95] {
        for key in keys {
            let known = at(&truth, q, key).value.unwrap();
            let within = |counts: &&Counts| {
                let own = at(counts, q, key);
                (own.value.unwrap() - known).abs() <= own.se.unwrap()
            };
            let share = seeds.iter().filter(within).count() as f64 / 200.0;
            assert!((0.6..=0.76).contains(&share), "{key} at {q}: {share}");
        }
    }
}
