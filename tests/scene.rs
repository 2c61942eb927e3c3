//! What a scene file may say, what is understood, and the exact words for what is wrong.

mod scene_text;

use std::path::Path;

use relume::scene::{Document, Edges, Polarisation, Recycling, ReflectorKind, Side, SourceKind, Spot};
use relume::spectrum::{Curve, Spectrum, Table};
use scene_text::{FILM, layer, problems, read, with_film};

#[test]
fn the_explicit_film_is_understood() {
    let loaded = read(FILM).unwrap();
    let film = &loaded.scene.layers[0];
    assert_eq!((film.name.as_str(), film.thickness_um, film.index.at(450.0)), ("film", 50.0, 1.5));
    assert_eq!(film.emitters[0].absorption_per_cm.at(510.0), 700.0);
    assert_eq!((film.scatterers[0].mu_s_per_cm.at(450.0), film.scatterers[0].g.at(450.0)), (200.0, 0.7));
    assert_eq!(film.emitters[0].emission, Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 20.0 });
    assert_eq!(loaded.scene.output, Side::Back);
    assert!(loaded.scene.notes.is_empty());
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = FILM.replace("plqy = 0.996", "plqy = 1.2").replace("index = 1.5", "index = 0.9\nthickness = 3");
    assert_eq!(
        read(&text).unwrap_err(),
        "scene.toml:19: layer 'film': index must lie in 1..=10, got 0.9\n\
         scene.toml:20: layer 'film': unknown key 'thickness'; the unit is part of the key: \
         thickness_um or thickness_nm or thickness_mm\n\
         scene.toml:25: layer 'film': emitter 'MAPbBr3': plqy must lie in 0..=1, got 1.2"
    );
}

#[test]
fn each_unit_of_thickness_is_taken() {
    for (key, um) in [("thickness_um = 2", 2.0), ("thickness_nm = 2e3", 2.0), ("thickness_mm = 0.002", 2.0)] {
        let scene = read(&layer(&format!("{key}\nindex = 1.5"))).unwrap().scene;
        assert!((scene.layers[0].thickness_um - um).abs() < 1e-12, "{key}");
    }
}

#[test]
fn each_form_of_an_index_is_taken() {
    for (form, at_500) in [
        ("1.5", 1.5),
        ("{ n = 1.5, k = 0.001 }", 1.5),
        ("{ wavelength_nm = [400, 600], n = [1.6, 1.5] }", 1.55),
        ("{ wavelength_nm = [510, 600], n = [1.6, 1.5], k = [0, 0], extrapolate = \"flat\" }", 1.6),
    ] {
        let scene = read(&layer(&format!("thickness_um = 50\nindex = {form}"))).unwrap().scene;
        assert!((scene.layers[0].index.at(500.0) - at_500).abs() < 1e-12, "{form}");
    }
}

#[test]
fn k_becomes_host_absorption() {
    let scene = read(&layer("thickness_um = 50\nindex = { n = 1.5, k = 0.001 }\nabsorption_per_cm = 2")).unwrap().scene;
    let expected = 2.0 + 4.0 * std::f64::consts::PI * 0.001 / 500e-7;
    assert!((scene.layers[0].host_absorption_per_cm(500.0) - expected).abs() < 1e-9);
}

#[test]
fn decadic_coefficients_become_base_e() {
    let scene = read(&layer("thickness_um = 50\nindex = 1.5\nod_per_cm = 3")).unwrap().scene;
    assert!((scene.layers[0].host_absorption_per_cm(500.0) - 3.0 * std::f64::consts::LN_10).abs() < 1e-12);
    let emitter = FILM.replace(" per_cm", " od_per_cm");
    let scene = read(&emitter).unwrap().scene;
    assert!((scene.layers[0].emitters[0].absorption_per_cm.at(500.0) / 800.0 - std::f64::consts::LN_10).abs() < 1e-12);
}

#[test]
fn coefficients_are_numbers_or_tables_and_scatterers_one_or_several() {
    let table = "{ wavelength_nm = [400, 600], value = [100, 300] }";
    let text = format!(
        "thickness_um = 50\nindex = 1.5\nabsorption_per_cm = {table}\n\
         scattering = [{{ kind = \"hg\", mu_s_per_cm = {table}, g = 0.5 }}, {{ mu_s_per_cm = 7, g = -0.5 }}]"
    );
    let scene = read(&layer(&text)).unwrap().scene;
    let layer = &scene.layers[0];
    assert_eq!(layer.host_absorption_per_cm(500.0), 200.0);
    let list: Vec<_> = layer.scatterers.iter().map(|s| (s.mu_s_per_cm.at(450.0), s.g.at(450.0))).collect();
    assert_eq!(list, [(150.0, 0.5), (7.0, -0.5)]);
}

#[test]
fn each_form_of_an_emission_is_taken() {
    for (form, expected) in [
        ("{ line_nm = 530 }", Spectrum::Line(530.0)),
        (
            "{ peak_nm = 530, fwhm_nm = 20, axis = \"energy\" }",
            Spectrum::GaussianInEnergy { peak_nm: 530.0, fwhm_nm: 20.0 },
        ),
        (
            "{ peak_nm = 530, fwhm_nm = 20, axis = \"wavelength\" }",
            Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 20.0 },
        ),
    ] {
        let scene = read(&with_film("{ peak_nm = 530.0, fwhm_nm = 20.0 }", form)).unwrap().scene;
        assert_eq!(scene.layers[0].emitters[0].emission, expected);
    }
    let table = "{ wavelength_nm = [520, 530, 540], value = [0, 2, 0] }";
    let scene = read(&with_film("{ peak_nm = 530.0, fwhm_nm = 20.0 }", table)).unwrap().scene;
    assert_eq!(scene.layers[0].emitters[0].emission.support_nm(), (520.0, 540.0));
}

#[test]
fn each_kind_of_source_is_taken() {
    let blue =
        read(&with_film("wavelength_nm = 450.0\nangle_deg = 0.0", "spectrum = \"blue_led\"\nangle_deg = 60")).unwrap();
    let SourceKind::Beam { angle_deg, spectrum } = &blue.scene.source.kind else { panic!("a beam") };
    assert_eq!((*angle_deg, spectrum.support_nm().0 < 450.0), (60.0, true));
    assert_eq!(
        blue.scene.notes,
        ["source: spectrum \"blue_led\" is an estimate: a Gaussian at 450 nm, 20 nm wide, typical of InGaN pump LEDs"]
    );

    let lambertian = "kind = \"lambertian\"\nwavelength_nm = 450\nspot = \"face\"";
    let scene = read(&with_film("kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0", lambertian)).unwrap().scene;
    assert!(matches!(scene.source.kind, SourceKind::Lambertian { .. }));
    assert_eq!(scene.source.spot, Spot::Face);

    for emitter in ["", "\nemitter = \"MAPbBr3\""] {
        let internal = format!("kind = \"internal\"\nlayer = \"film\"{emitter}");
        let scene =
            read(&with_film("kind = \"beam\"\nwavelength_nm = 450.0\nangle_deg = 0.0", &internal)).unwrap().scene;
        assert!(matches!(scene.source.kind, SourceKind::Internal { layer: 0, emitter: 0 }));
    }
}

#[test]
fn surroundings_are_understood() {
    let text = format!(
        "recycling = \"transparent\"\n{}\n[extent]\nwidth_mm = 20\ndepth_mm = 10\nedges = \"mirror\"\n",
        with_film(
            "[back]\nindex = 1.0",
            "[back]\nindex = 1.3\nreflector = { kind = \"diffuse\", reflectance = 0.95, gap = \"air\" }"
        )
        .replace("[front]\nindex = 1.0", "[front]\nindex = 1.2")
        .replace("angle_deg = 0.0", "spot = { radius_mm = 5 }")
    );
    let scene = read(&text).unwrap().scene;
    assert_eq!((scene.recycling, scene.output), (Recycling::Transparent, Side::Front));
    let reflector = scene.back.reflector.unwrap();
    assert_eq!((reflector.kind, reflector.reflectance, reflector.gap), (ReflectorKind::Diffuse, 0.95, true));
    assert_eq!((scene.front.index.at(500.0), scene.back.index.at(500.0)), (1.2, 1.3));
    let extent = scene.extent.unwrap();
    assert_eq!((extent.width_mm, extent.depth_mm, extent.edges), (20.0, 10.0, Edges::Mirror));
    assert_eq!(
        extent.index.at(500.0),
        1.2,
        "beyond open edges lies the front's medium unless the scene says otherwise"
    );
    assert_eq!(scene.source.spot, Spot::Disc { radius_mm: 5.0 });
}

/// Without coherent layers photons are averaged unless the scene says otherwise; with them the other way round.
#[test]
fn polarisation_is_tracked_where_asked_or_where_it_matters() {
    let of = |head: &str, more: &str| {
        read(&(head.to_owned() + &layer(&format!("thickness_nm = 50\nindex = 1.5{more}")))).unwrap().scene.polarisation
    };
    assert_eq!((of("", ""), of("polarisation = \"track\"\n", "")), (Polarisation::Average, Polarisation::Track));
    let coherent = "\ncoherent = true";
    assert_eq!(
        (of("", coherent), of("polarisation = \"average\"\n", coherent)),
        (Polarisation::Track, Polarisation::Average)
    );
}

#[test]
fn media_that_the_scene_leaves_out_are_air() {
    let scene = read(&layer("thickness_um = 50\nindex = 1.5")).unwrap().scene;
    assert!(matches!((&scene.front.index, &scene.back.index), (Curve::Constant(1.0), Curve::Constant(1.0))));
}

#[test]
fn a_thin_layer_is_noted() {
    let scene = read(&layer("thickness_nm = 30\nindex = 1.5")).unwrap().scene;
    assert_eq!(
        scene.notes,
        ["layer 'l': 0.03 um is thin for rays; interference is left out (coherent = true takes it in)"]
    );
}

/// What a scene may say and hardly means, beside the same with what makes it all right.
#[test]
fn what_is_remarkable_is_noted() {
    let notes = |text: &str| read(text).unwrap().scene.notes.join("\n");
    let plate = |thickness: &str, index: &str| layer(&format!("{thickness}\nindex = {index}\ncoherent = true"));
    let thick = "1000 um thick and coherent: waves interfere across all of it, in fringes 0.08 nm apart";
    assert!(notes(&plate("thickness_mm = 1", "1.5")).contains(thick));
    assert_eq!(notes(&plate("thickness_um = 3", "1.5")), "");
    assert_eq!(notes(&plate("thickness_mm = 1", "{ n = 1.5, k = 0.1 }")), "");

    let led = |thickness_nm: f64, recycling: &str| {
        format!(
            "schema = 1\nrecycling = \"{recycling}\"\nsource = {{ kind = \"electroluminescence\" }}\n[[layer]]\n\
             name = \"l\"\nthickness_nm = {thickness_nm}\nindex = {{ n = 2.0, k = 0.02 }}\ncoherent = true\n\
             [[layer.emitter]]\nname = \"e\"\nplqy = 0.9\nemission = {{ line_nm = 600 }}\ndipole = {{ position = 0.5 }}\n"
        )
    };
    assert!(notes(&led(2000.0, "on")).contains("layer 'l' is 2 um thick: what 'e' takes back"));
    assert_eq!(notes(&led(100.0, "on")), "");
    assert_eq!(notes(&led(2000.0, "lost")), "");

    let redder = "the source (545 nm) is redder than what 'MAPbBr3' emits (530 nm on average)";
    assert!(notes(&with_film("wavelength_nm = 450", "wavelength_nm = 545")).contains(redder));
    assert_eq!(notes(&with_film("wavelength_nm = 450", "wavelength_nm = 520")), "");
}

#[test]
fn a_tabled_spectrum_has_a_mean() {
    let table = Table::new(vec![500.0, 520.0, 540.0, 600.0], vec![0.0, 2.0, 2.0, 0.0], false).unwrap();
    // areas 20, 40 and 60 about 513.33, 530 and 560 nm
    let mean = (20.0 * (500.0 + 40.0 / 3.0) + 40.0 * 530.0 + 60.0 * 560.0) / 120.0;
    assert!((Spectrum::Table(table).mean_nm() - mean).abs() < 1e-9);
}

#[test]
fn the_hash_knows_numbers_and_not_layout() {
    let hash = |text: &str| read(text).unwrap().hash;
    assert_eq!(hash(FILM), hash(&FILM.replace("plqy = 0.996", "# a comment\nplqy   = 0.9960")));
    assert_ne!(hash(FILM), hash(&FILM.replace("plqy = 0.996", "plqy = 0.997")));
}

/// Designs share what was read of the files they name: a file that goes or changes under a sweep changes no design.
#[test]
fn a_document_reads_its_files_once() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("glass.csv");
    std::fs::write(&file, "wavelength_nm,n\n400,1.5\n700,1.5\n").unwrap();
    let document =
        || Document::parse(&layer("thickness_um = 50\nindex = { file = \"glass.csv\" }"), "s", folder.path()).unwrap();
    let first = document();
    let index = |document: &Document| document.scene().map(|scene| scene.layers[0].index.at(500.0));
    assert_eq!(index(&first).unwrap(), 1.5);
    std::fs::write(&file, "wavelength_nm,n\n400,1.7\n700,1.7\n").unwrap();
    let design = first.with(&[("layer.l.thickness_um".to_owned(), "20".to_owned())]).unwrap();
    assert_eq!((index(&design).unwrap(), index(&document()).unwrap()), (1.5, 1.7));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(index(&design).unwrap(), 1.5);
    assert!(index(&document()).is_err());
}

/// Measured absorption stands in files as it does in the scene, and `scale` makes a concentration of it.
#[test]
fn absorption_comes_from_files_and_is_scaled() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("abs.csv"), "wavelength_nm,per_cm\n400,1000\n600,0\n").unwrap();
    let read = |absorption: &str, settings: &[(&str, &str)]| {
        let text = with_film(FILM.lines().find(|line| line.starts_with("absorption")).unwrap(), absorption)
            .replace("g = 0.7", "g = { file = \"abs.csv\", scale = 0.0005 }");
        let settings: Vec<_> = settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        relume::scene::parse(&text, "s", folder.path(), &settings)
            .map(|loaded| loaded.scene.layers[0].clone())
            .map_err(|problems| problems.to_string())
    };
    let mu = |absorption: &str, settings: &[(&str, &str)]| {
        read(absorption, settings).map(|layer| layer.emitters[0].absorption_per_cm.at(500.0))
    };
    let scale = "layer.film.emitter.MAPbBr3.absorption.scale";
    let file = "absorption = { file = \"abs.csv\", unit = \"per_cm\" }";
    assert_eq!(mu(file, &[]), Ok(500.0));
    assert_eq!(mu(file, &[(scale, "0.5")]), Ok(250.0));
    assert_eq!(mu(file, &[(scale, "0")]), Ok(0.0));
    assert_eq!(mu(&file.replace("per_cm", "od_per_cm"), &[]), Ok(500.0 * std::f64::consts::LN_10));
    assert_eq!(read(file, &[]).unwrap().scatterers[0].g.at(500.0), 0.25);
    let points = "absorption = { wavelength_nm = [400, 600], per_cm = [1000, 0], scale = 3 }";
    assert_eq!(mu(points, &[]), Ok(1500.0));
    assert_eq!(mu(points, &[(scale, "2")]), Ok(1000.0));
    for (absorption, settings, named) in [
        ("absorption = { file = \"abs.csv\" }", &[][..], "a file needs unit"),
        ("absorption = { file = \"abs.csv\", unit = \"1/m\" }", &[], "unit must be \"per_cm\" or \"od_per_cm\""),
        ("absorption = { file = \"abs.csv\", unit = \"per_cm\", per_cm = [1] }", &[], "per_cm stands beside a file"),
        ("absorption = { file = \"none.csv\", unit = \"per_cm\" }", &[], "none.csv"),
        ("absorption = { wavelength_nm = [400], per_cm = [1], unit = \"per_cm\" }", &[], "unit goes with file"),
        (file, &[(scale, "-1")], "scale must lie in"),
        (file, &[(scale, "1e7")], "file abs.csv times scale: must lie in 0..=1e9, got 10000000000 at 400 nm"),
        ("absorption = 3", &[(scale, "1")], "unknown key 'layer.film.emitter.MAPbBr3.absorption.scale'"),
    ] {
        let problems = read(absorption, settings).unwrap_err();
        assert!(problems.contains(named), "{absorption}: {problems}");
    }
    std::fs::write(folder.path().join("abs.csv"), "400,1\n600,-1\n").unwrap();
    let problems = read(file, &[]).unwrap_err();
    assert!(problems.contains("file abs.csv: must lie in 0..=1e9, got -1 at 600 nm"), "{problems}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let missing = std::path::Path::new("no_such_folder/scene.toml");
    let error = Document::read(missing).unwrap_err().to_string();
    assert!(error.starts_with("no_such_folder/scene.toml: cannot be read: "), "{error}");
}

#[test]
fn every_bad_scene_gets_its_message() {
    for (text, message) in problems::all() {
        assert_eq!(read(&text).unwrap_err(), message, "--- scene\n{text}");
    }
}

/// What would take more memory than there is, or never end, is refused.
#[test]
fn scenes_beyond_all_measure_are_refused() {
    let emitter = |i: usize| {
        format!("[[layer.emitter]]\nname = \"e{i}\"\nplqy = 1\nabsorption = 1\nemission = {{ line_nm = 600 }}\n")
    };
    let scene = |emitters: usize| {
        "schema = 1\n[source]\nkind = \"beam\"\nwavelength_nm = 500\n[[layer]]\nname = \"a\"\nthickness_um = 1\nindex = 1.5\n".to_owned()
            + &(0..emitters).map(emitter).collect::<String>()
    };
    let read = |emitters: usize| relume::scene::parse(&scene(emitters), "s.toml", Path::new(""), &[]);
    assert!(read(100).is_ok());
    let problems = read(101).unwrap_err().to_string();
    assert!(problems.contains("101 emitters") && problems.contains("at most 100"), "{problems}");
    #[cfg(unix)]
    {
        let problems = relume::scene::load(Path::new("/dev/zero"), &[]).unwrap_err().to_string();
        assert!(problems.contains("larger than 16 MiB"), "{problems}");
    }
}
