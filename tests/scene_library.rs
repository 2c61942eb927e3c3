//! Scenes from the material library, the scenes that come with the program, and their report.

mod scene_text;

use std::path::Path;

use relume::material;
use relume::report::check::{CheckReport, default_wavelengths_nm};
use relume::scene::{Document, load};
use relume::spectrum::Curve;
use scene_text::{FILM, read, set, with_film};

const SHORT: &str = include_str!("../scenes/hs_mapbbr3_film.toml");

fn with(part: &str, by: &str) -> String {
    assert!(SHORT.contains(part), "the film has no {part}");
    SHORT.replace(part, by)
}

#[test]
fn every_scene_that_comes_with_the_program_is_in_order() {
    let mut count = 0;
    for entry in std::fs::read_dir("scenes").unwrap() {
        let path = entry.unwrap().path();
        // those of the benchmark have tests of their own
        if path.is_dir() {
            continue;
        }
        let loaded = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let report = CheckReport::new(&loaded.scene, &default_wavelengths_nm(&loaded.scene));
        assert!(report.wavelengths.iter().all(|at| at.layers.iter().all(|layer| layer.optical_thickness.is_some())));
        let thin = loaded.scene.layers.iter().any(|layer| layer.coherent);
        let named = thin || path.file_stem().unwrap().to_str().unwrap().contains("slab");
        assert!(named || loaded.scene.layers[0].name == "film", "{}", path.display());
        count += 1;
    }
    assert!(count >= 12, "only {count} scenes");
}

#[test]
fn the_short_form_takes_what_the_library_says() {
    let scene = read(SHORT).unwrap().scene;
    let (film, host) = (&scene.layers[0], material::medium("siloxane").unwrap());
    let particle = material::nanocrystal("mapbbr3_hs").unwrap();
    let dispersed = particle.disperse(20.0, &host.optical.n, host.density_g_per_cm3.unwrap()).unwrap();
    let emitter = &film.emitters[0];
    assert_eq!((emitter.name.as_str(), emitter.plqy), ("mapbbr3_hs", particle.plqy));
    assert_eq!(emitter.absorption_per_cm.at(450.0), dispersed.absorption_per_cm.at(450.0));
    assert_eq!(emitter.emission, dispersed.emission);
    assert_eq!(film.scatterers[0].mu_s_per_cm.at(450.0), dispersed.haze[0].mu_s_per_cm.at(450.0));
    assert!(film.index.at(450.0) > host.optical.n.at(450.0) + 0.01, "particles raise the index");
    assert_eq!(film.extinction.as_ref().unwrap().at(450.0), host.optical.k.clone().unwrap().at(450.0));
    assert!(scene.notes.iter().any(|note| note.starts_with("layer 'film': index \"siloxane\" is an estimate: ")));
    let emitter_notes = "layer 'film': emitter 'mapbbr3_hs': core_mass_fraction = 0.5 is an estimate: ";
    assert!(scene.notes.iter().any(|note| note.starts_with(emitter_notes)));
}

#[test]
fn overrides_take_the_place_of_the_library() {
    let at = "layer.film.emitter.mapbbr3_hs.";
    let film = |key: &str, value: &str| set(SHORT, &[(&format!("{at}{key}"), value)]).unwrap().scene.layers.remove(0);
    assert_eq!(film("plqy", "0.5").emitters[0].plqy, 0.5);
    assert_eq!(film("lifetime_ns", "7").emitters[0].lifetime_ns, Some(7.0));
    assert_eq!(film("haze_g", "0.5").scatterers[0].g.at(450.0), 0.5);
    let (once, twice) = (film("mu_i_450_per_cm", "1e4"), film("mu_i_450_per_cm", "2e4"));
    let mu = |layer: &relume::scene::Layer| layer.emitters[0].absorption_per_cm.at(450.0);
    // Not quite linear: the core's k enters its local field.
    assert!((mu(&twice) / mu(&once) - 2.0).abs() < 1e-3, "{} {}", mu(&twice), mu(&once));
    for (key, value) in [
        ("core_mass_fraction", "0.6"),
        ("shell_density_g_per_cm3", "2.5"),
        ("stokes_mev", "50"),
        ("urbach_mev", "18"),
        ("peak_nm", "520"),
        ("concentration_wt_pct", "10"),
    ] {
        let changed = film(key, value).emitters.remove(0).absorption_per_cm.at(526.0);
        assert!(
            (changed / read(SHORT).unwrap().scene.layers[0].emitters[0].absorption_per_cm.at(526.0) - 1.0).abs() > 1e-3
        );
    }
    assert_ne!(
        film("fwhm_nm", "30").emitters[0].emission.support_nm(),
        film("plqy", "1").emitters[0].emission.support_nm()
    );
    let haze = |key: &str| film(key, "0").scatterers[0].mu_s_per_cm.at(450.0);
    assert!(
        (haze("haze_constant_per_cm") - 190.0).abs() < 1e-9 && (haze("haze_per_cm_at_20_wt_pct") - 500.0).abs() < 1e-9
    );
}

#[test]
fn the_local_field_and_the_effective_index_can_be_left_out() {
    let key = "layer.film.emitter.mapbbr3_hs.rescale_host_index";
    let other_host = [("layer.film.index", "1.7"), ("layer.film.density_g_per_cm3", "1.2")];
    let mu = |settings: &[(&str, &str)]| {
        set(SHORT, settings).unwrap().scene.layers[0].emitters[0].absorption_per_cm.at(450.0)
    };
    let particle = material::nanocrystal("mapbbr3_hs").unwrap();
    let stated =
        particle.mu_i_450_per_cm * particle.disperse(20.0, &Curve::Constant(1.56), 1.2).unwrap().volume_fraction;
    let rescaled = mu(&other_host);
    assert!(rescaled > 1.05 * stated, "{rescaled} in a host of index 1.7, {stated} in its own");
    let off = mu(&[other_host[0], other_host[1], (key, "off")]);
    assert!((off / stated - 1.0).abs() < 1e-12, "{off} {stated}");

    let off = [other_host[0], other_host[1], ("layer.film.effective_index", "off")];
    assert_eq!(set(SHORT, &off).unwrap().scene.layers[0].index.at(450.0), 1.7);
}

#[test]
fn a_material_may_be_held_beyond_its_range() {
    let held = with("index = \"pet\"", "index = { material = \"pet\", extrapolate = \"flat\" }");
    let held = held.replace("wavelength_nm = 450.0", "wavelength_nm = 380.0");
    let pet = &read(&held).unwrap().scene.layers[1].index;
    assert_eq!(pet.at(380.0), material::medium("pet").unwrap().optical.n.at(400.0));
}

#[test]
fn every_bad_use_of_the_library_gets_its_message() {
    let emitter = "layer 'film': emitter 'mapbbr3_hs'";
    let cases = [
        (
            with("\"siloxane\"", "1.56"),
            format!(
                "scene.toml:15: {emitter}: the host's density is not known: give density_g_per_cm3 in the layer, \
                 or a library material as its index"
            ),
        ),
        (
            with("\"siloxane\"", "\"siloxan\""),
            "scene.toml:14: layer 'film': index: no material \"siloxan\"; did you mean \"siloxane\"?".to_owned(),
        ),
        (
            with("mapbbr3_hs", "mapbbr3_sh"),
            "scene.toml:16: layer 'film': emitter 'mapbbr3_sh': no emitter \"mapbbr3_sh\"; did you mean \"mapbbr3_hs\"?"
                .to_owned(),
        ),
        (
            with("= 20.0\n\n[[", "= 100\n\n[["),
            format!("scene.toml:17: {emitter}: concentration_wt_pct must be at least 0 and below 100, got 100"),
        ),
        (
            with("= 20.0\n\n[[", "= 20.0\nabsorption = 3\nstokes_mev = -1\n\n[["),
            format!(
                "scene.toml:18: {emitter}: unknown key 'absorption'; the material brings it; \
                 change it with mu_i_450_per_cm, stokes_mev or urbach_mev\n\
                 scene.toml:19: {emitter}: stokes_mev must lie in 0..=1000, got -1"
            ),
        ),
        (
            with("450.0", "360.0"),
            "scene.toml:22: layer 'pet': index: k: stated for 400..850 nm, but the source is at 360 nm; \
             to hold its end values: { material = \"...\", extrapolate = \"flat\" }\n\
             scene.toml:22: layer 'pet': index: stated for 400..850 nm, but the source is at 360 nm; \
             to hold its end values: { material = \"...\", extrapolate = \"flat\" }"
                .to_owned(),
        ),
        (
            with("450.0", "900.0").replace("index = \"pet\"", "index = 1.5").replace("\"siloxane\"", "1.5\ndensity_g_per_cm3 = 1"),
            format!(
                "scene.toml:16: {emitter}: absorption: stated for 350..850 nm, but the source is at 900 nm; \
                 the library's model of this emitter ends there"
            ),
        ),
        (
            with("= 20.0\n\n[[", "= 20.0\n[[layer.emitter]]\nmaterial = \"mapbbr3_hs\"\nconcentration_wt_pct = 1\n\n[["),
            format!(
                "scene.toml:18: {emitter}: this layer has an emitter of this name; totals are kept by name, \
                 so give each its own: name = \"...\""
            ),
        ),
    ];
    for (text, message) in cases {
        assert_eq!(read(&text).unwrap_err(), message, "--- scene\n{text}");
    }
}

#[test]
fn files_are_sought_beside_the_scene_and_belong_to_the_hash() {
    let folder = tempfile::tempdir().unwrap();
    let text = with_film("index = 1.5\n", "index = { file = \"n.csv\" }\n")
        .replace("{ peak_nm = 530.0, fwhm_nm = 20.0 }", "{ file = \"emission.csv\" }");
    let path = folder.path().join("scene.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::write(folder.path().join("n.csv"), "400,1.6\n700,1.5\n").unwrap();
    std::fs::write(folder.path().join("emission.csv"), "520,0\n530,1\n540,0\n").unwrap();
    let first = load(&path, &[]).unwrap();
    assert!((first.scene.layers[0].index.at(550.0) - 1.55).abs() < 1e-12);
    assert_eq!(first.scene.layers[0].emitters[0].emission.support_nm(), (520.0, 540.0));
    std::fs::write(folder.path().join("n.csv"), "400,1.6\n700,1.4\n").unwrap();
    assert_ne!(first.hash, load(&path, &[]).unwrap().hash);
    std::fs::remove_file(folder.path().join("n.csv")).unwrap();
    let expected = format!("{}:19: layer 'film': index: cannot read ", path.display());
    assert!(load(&path, &[]).unwrap_err().to_string().starts_with(&expected));
}

#[test]
fn the_report_shows_what_was_understood() {
    let text = with_film(
        "scattering = { mu_s_per_cm = 200.0, g = 0.7 }",
        "absorption_per_cm = 2\nscattering = [{ mu_s_per_cm = 100, g = 0.6 }, { mu_s_per_cm = 300, g = 0.2 }]",
    );
    let scene = read(&text).unwrap().scene;
    assert_eq!(default_wavelengths_nm(&scene), [450.0, 530.0]);
    let json = serde_json::to_value(CheckReport::new(&scene, &[530.0])).unwrap();
    let layer = &json["wavelengths"][0]["layers"][0];
    assert_eq!(json["wavelengths"][0]["wavelength_nm"], 530.0);
    assert_eq!((&layer["name"], &layer["index"]), (&"film".into(), &1.5.into()));
    assert_eq!((layer["mu_s_per_cm"].as_f64(), layer["g"].as_f64()), (Some(400.0), Some(0.3)));
    assert_eq!(layer["absorption_per_cm"], serde_json::json!({ "host": 2.0, "MAPbBr3": 200.0 }));
    assert!((layer["optical_thickness"].as_f64().unwrap() - 602.0 * 50e-4).abs() < 1e-12);
    let page = CheckReport::new(&scene, &[530.0]).to_string();
    for part in
        ["Hazy 50 um film", "beam at 0 degrees, 450 nm", "| film  50 um", "host 2, MAPbBr3 200", "laterally infinite"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[test]
fn nothing_is_reported_where_nothing_is_stated() {
    let scene = read(SHORT).unwrap().scene;
    let json = serde_json::to_value(CheckReport::new(&scene, &[1000.0])).unwrap();
    let film = &json["wavelengths"][0]["layers"][0];
    assert!(film["absorption_per_cm"]["mapbbr3_hs"].is_null() && film["index"].is_null());
    let clear = read(&FILM.replace("scattering = { mu_s_per_cm = 200.0, g = 0.7 }", "")).unwrap().scene;
    let json = serde_json::to_string(&CheckReport::new(&clear, &[450.0])).unwrap();
    assert!(json.contains("\"mu_s_per_cm\":0.0,\"g\":null"), "{json}");
}

#[test]
fn a_sweep_reads_once() {
    let document = Document::read(Path::new("scenes/hs_mapbbr3_film.toml")).unwrap();
    let key = "layer.film.emitter.mapbbr3_hs.concentration_wt_pct".to_owned();
    let at = |wt: f64| document.with(&[(key.clone(), wt.to_string())]).unwrap().scene().unwrap();
    let mu = |wt: f64| at(wt).layers[0].emitters[0].absorption_per_cm.at(450.0);
    assert!(mu(1.0) < mu(5.0) && mu(5.0) < mu(20.0));
}

#[test]
fn the_reference_of_the_format_names_every_key_and_its_example_works() {
    let reference = include_str!("../docs/scene-format.md");
    let example = reference.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(read(example).is_ok());
    for text in [FILM, SHORT] {
        for key in Document::parse(text, "scene.toml", Path::new("")).unwrap().keys() {
            let last = key.rsplit('.').next().unwrap();
            assert!(reference.contains(last), "{key} is not in docs/scene-format.md");
        }
    }
}
