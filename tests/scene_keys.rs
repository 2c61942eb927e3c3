//! Settings by key: what they change, and what a wrong key is told.

mod scene_text;

use std::path::Path;

use relume::scene::Document;
use scene_text::{FILM, layer, set, with_film};

#[test]
fn a_setting_replaces_what_the_file_says() {
    let scene = set(FILM, &[("layer.film.thickness_um", "80"), ("source.angle_deg", "30")]).unwrap().scene;
    assert_eq!(scene.layers[0].thickness_um, 80.0);
    let scene = set(FILM, &[("layer.film.emitter.MAPbBr3.plqy", "0.5")]).unwrap().scene;
    assert_eq!(scene.layers[0].emitters[0].plqy, 0.5);
    let scene = set(FILM, &[("layer.film.scattering.mu_s_per_cm", "3")]).unwrap().scene;
    assert_eq!(scene.layers[0].scatterers[0].mu_s_per_cm.at(500.0), 3.0);
    let scene = set(FILM, &[("layer.film.emitter.MAPbBr3.emission.peak_nm", "520")]).unwrap().scene;
    assert!((scene.layers[0].emitters[0].emission.support_nm().1 - 562.466).abs() < 1e-3);
}

#[test]
fn another_unit_takes_the_place_of_the_first() {
    let scene = set(FILM, &[("layer.film.thickness_mm", "0.08")]).unwrap().scene;
    assert_eq!(scene.layers[0].thickness_um, 80.0);
    let notes = set(FILM, &[("source.spectrum", "blue_led")]).unwrap().scene.notes;
    assert_eq!(notes.len(), 1);
}

#[test]
fn what_the_file_leaves_out_can_be_set() {
    let settings = [("extent.width_mm", "20"), ("extent.depth_mm", "10"), ("recycling", "lost"), ("back.index", "1.5")];
    let scene = set(FILM, &settings).unwrap().scene;
    let extent = scene.extent.unwrap();
    assert_eq!((extent.width_mm, extent.depth_mm, scene.back.index.at(500.0)), (20.0, 10.0, 1.5));
    let scene = set(FILM, &[("back.reflector", "{ kind = \"specular\", reflectance = 0.9 }")]).unwrap().scene;
    assert_eq!(scene.back.reflector.unwrap().reflectance, 0.9);
}

#[test]
fn names_with_dots_stand_in_quotes_and_scatterers_are_counted() {
    let text =
        layer("thickness_um = 50\nindex = 1.5\nscattering = [{ mu_s_per_cm = 1, g = 0 }, { mu_s_per_cm = 2, g = 0 }]");
    let text = text.replace("\"l\"", "\"a.b\"");
    let scene =
        set(&text, &[("layer.\"a.b\".thickness_um", "3"), ("layer.'a.b'.scattering.2.g", "0.5")]).unwrap().scene;
    assert_eq!((scene.layers[0].thickness_um, scene.layers[0].scatterers[1].g.at(500.0)), (3.0, 0.5));
    let document = Document::parse(&text, "scene.toml", Path::new("")).unwrap();
    assert!(document.keys().contains(&"layer.\"a.b\".thickness_um".to_owned()));
}

#[test]
fn every_key_that_is_listed_is_taken() {
    let document = Document::parse(FILM, "scene.toml", Path::new("")).unwrap();
    let keys = document.keys();
    for expected in ["source.angle_deg", "layer.film.thickness_um", "layer.film.emitter.MAPbBr3.plqy", "extent.edges"] {
        assert!(keys.iter().any(|key| key == expected), "{expected} is not among {keys:?}");
    }
    for key in keys {
        assert!(document.with(&[(key.clone(), "1".to_owned())]).is_ok(), "{key}");
    }
}

#[test]
fn a_wrong_setting_is_told_what_is_near() {
    for (key, value, message) in [
        ("layer.fim.thickness_um", "3", "no layer 'fim'; the layers are 'film'"),
        ("layer.film.emitter.dots.plqy", "1", "no emitter 'dots' in layer 'film', which has 'MAPbBr3'"),
        (
            "layer.film.thicknes_um",
            "3",
            "unknown key 'layer.film.thicknes_um'; nearest: layer.film.thickness_um, layer.film.thickness_nm, layer.film.thickness_mm",
        ),
        ("thickness_um", "3", "unknown key 'thickness_um'; nearest: layer.film.thickness_um"),
        ("angle", "3", "unknown key 'angle'; nearest: source.angle_deg"),
        ("schema", "2", "unknown key 'schema'; the schema is that of the file and cannot be set"),
        ("layer.film", "2", "unknown key 'layer.film'; it holds keys of its own, such as layer.film.name"),
        ("foo", "2", "unknown key 'foo'; keys follow the names in the scene, such as layer.film.thickness_um"),
        ("source.angle", "3", "unknown key 'source.angle'; nearest: source.angle_deg"),
        (
            "layer.film.emitter.MAPbBr3.concentration_wt_pct",
            "3",
            "unknown key 'layer.film.emitter.MAPbBr3.concentration_wt_pct'; nearest: layer.film.emitter.MAPbBr3.absorption.per_cm, layer.film.emitter.MAPbBr3.absorption, layer.film.emitter.MAPbBr3.absorption.scale",
        ),
        ("layer..thickness_um", "3", "the key 'layer..thickness_um' has an empty part"),
        ("layer.\"film.thickness_um", "3", "the quote in the key layer.\"film.thickness_um is not closed"),
        ("title.x", "3", "unknown key 'title.x'; nearest: title"),
        ("layer.film.thickness_um", "-3", "layer 'film': thickness_um must be above 0 and at most 1e9, got -3"),
        ("layer.film.thickness_um", "thick", "layer 'film': thickness_um must be a number, got the text \"thick\""),
        ("layer.film.index", "[1.5", "not a valid value: unclosed array, expected `]`"),
    ] {
        assert_eq!(set(FILM, &[(key, value)]).unwrap_err(), format!("--set {key}={value}: {message}"));
    }
}

#[test]
fn two_settings_of_one_thing_are_refused_by_both_their_names() {
    let told = |first: (&str, &str), second: (&str, &str)| set(FILM, &[first, second]);
    let thickness = "layer.film.thickness_um";
    for second in [(thickness, "3"), ("layer.'film'.thickness_um", "3"), ("layer.film.thickness_mm", "1")] {
        let (key, value) = second;
        assert_eq!(
            told((thickness, "2"), second).unwrap_err(),
            format!(
                "--set {key}={value}: sets what --set layer.film.thickness_um=2 sets as well; leave one of them out"
            )
        );
    }
    assert!(told((thickness, "2"), ("layer.film.index", "1.4")).is_ok());
    assert!(told(("front.index", "1.2"), ("back.index", "1.4")).is_ok());
}

/// A word for the orientation gives way to its share.
#[test]
fn the_share_of_horizontal_dipoles_can_be_set_where_a_word_stands() {
    let led = include_str!("../scenes/led_cspbi3_pin.toml");
    let dipole = |settings: &[(&str, &str)]| {
        let scene = set(led, settings).unwrap().scene;
        scene.layers[3].emitters[0].dipole.clone().unwrap().horizontal
    };
    let key = "layer.NC.emitter.CsPbI3.dipole.orientation.horizontal";
    assert_eq!((dipole(&[]), dipole(&[(key, "0.9")])), (2.0 / 3.0, 0.9));
}

#[test]
fn the_hash_follows_settings() {
    let hash = |settings: &[(&str, &str)]| set(FILM, settings).unwrap().hash;
    assert_eq!(hash(&[]), hash(&[("layer.film.thickness_um", "50")]));
    assert_ne!(hash(&[]), hash(&[("layer.film.thickness_um", "51")]));
}

#[test]
fn problems_of_file_and_settings_come_together() {
    let text = with_film("plqy = 0.996", "plqy = 2");
    assert_eq!(
        set(&text, &[("source.angle_deg", "100")]).unwrap_err(),
        "scene.toml:24: layer 'film': emitter 'MAPbBr3': plqy must lie in 0..=1, got 2\n\
         --set source.angle_deg=100: source: angle_deg must lie in 0..=90, got 100"
    );
}

/// A key that names nothing does not hide a value that is wrong.
#[test]
fn what_is_wrong_with_settings_is_told_all_at_once() {
    let told = set(FILM, &[("foo", "2"), ("layer.film.thickness_um", "-1"), ("layer.film.index", "abc")]).unwrap_err();
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    for part in ["foo=2: unknown key", "thickness_um=-1: layer 'film'", "index=abc: layer 'film'"] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part}: {told}");
    }
    assert!(set(FILM, &[("layer.film.thickness_um", "20")]).is_ok());
}
