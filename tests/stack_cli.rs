//! `relume stack` from outside: the shape of its JSON, known answers through the command line, and its files.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

fn relume(args: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("relume").expect("the binary was built for this test");
    command.env("NO_COLOR", "1").args(args).assert()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// `relume stack` of a scene as text.
fn stack(scene: &str, args: &[&str]) -> Assert {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("scene.toml");
    fs::write(&path, scene).unwrap();
    relume(&[&["stack", path.to_str().unwrap()], args].concat())
}

fn json(assert: Assert) -> Value {
    serde_json::from_str(&text(&assert.success().get_output().stdout)).expect("stdout is JSON alone")
}

fn close(value: &Value, expected: f64, within: f64) {
    let number = value.as_f64().expect("a number");
    assert!((number - expected).abs() <= within, "{number} is not {expected}");
}

fn coherent(name: &str, index: &str, thickness_nm: f64) -> String {
    format!("[[layer]]\nname = \"{name}\"\nthickness_nm = {thickness_nm}\nindex = {index}\ncoherent = true\n")
}

/// A thin film that absorbs, on glass.
fn film(front: f64, back: f64) -> String {
    let head = format!("schema = 1\nfront = {{ index = {front} }}\nback = {{ index = {back} }}\n");
    let source = "[source]\nkind = \"beam\"\nwavelength_nm = 530\n";
    head + source + &coherent("film", "{ n = 2.1, k = 0.05 }", 50.0)
}

/// The stack LED530_n2.1 of tests/stacks_data/dipole_stacks.csv, metal first.
fn led(orientation: &str) -> String {
    let mut scene =
        "schema = 1\n[source]\nkind = \"electroluminescence\"\ncurrent_density_ma_per_cm2 = 10\n".to_owned();
    scene += &coherent("Al", "{ n = 0.93, k = 6.33 }", 100.0);
    scene += &coherent("LiF", "1.39", 1.0);
    scene += &coherent("TPBi", "1.73", 40.0);
    scene += &coherent("NC", "2.1", 30.0);
    scene += &format!(
        "[[layer.emitter]]\nname = \"dots\"\nplqy = 1.0\nemission = {{ line_nm = 530 }}\n\
         dipole = {{ position = 0.5, orientation = \"{orientation}\" }}\n"
    );
    scene += &coherent("poly-TPD", "1.75", 30.0);
    scene += &coherent("PEDOT", "{ n = 1.52, k = 0.02 }", 40.0);
    scene += &coherent("ITO", "{ n = 1.9, k = 0.01 }", 100.0);
    scene + "[[layer]]\nname = \"glass\"\nthickness_um = 700\nindex = 1.52\n"
}

#[test]
fn a_film_has_its_known_optics() {
    let result = json(stack(&film(1.0, 1.52), &["--json", "--wavelength", "530,450", "--angle", "0,60"]));
    assert_eq!(result["schema"], "relume.stack/1");
    let optics = result["optics"].as_array().unwrap();
    assert_eq!(optics.len(), 2 * 2 * 2);
    let first = &optics[0];
    assert_eq!(first["packet"], serde_json::json!(["film"]));
    assert_eq!(
        (&first["wavelength_nm"], &first["angle_deg"], &first["polarisation"]),
        (&530.0.into(), &0.0.into(), &"s".into())
    );
    for at in optics {
        let [r, t, a] =
            [&at["reflectance"], &at["transmittance"], &at["absorptance"]["film"]].map(|v| v.as_f64().unwrap());
        assert!((r + t + a - 1.0).abs() < 1e-12 && a > 0.0, "{at}");
    }
    assert!(result["dipole"].is_null());
}

/// One face between two media: a film of the front's index changes no power.
#[test]
fn a_bare_face_is_fresnels_and_beyond_total_reflection_nothing_passes() {
    let head = "schema = 1\nfront = { index = 1.52 }\n[source]\nkind = \"beam\"\nwavelength_nm = 530\n";
    let scene = head.to_owned() + &coherent("film", "1.52", 70.0);
    let result = json(stack(&scene, &["--json", "--angle", "0,45,90"]));
    let optics = result["optics"].as_array().unwrap();
    close(&optics[0]["reflectance"], (0.52_f64 / 2.52).powi(2), 1e-14);
    for at in &optics[2..] {
        close(&at["reflectance"], 1.0, 1e-12);
        assert_eq!(at["transmittance"].as_f64().unwrap(), 0.0);
    }
}

/// A packet between layers is met from the layer in front of it.
#[test]
fn packets_stand_between_their_neighbours() {
    let mut scene = "schema = 1\n[source]\nkind = \"beam\"\nwavelength_nm = 530\n".to_owned();
    scene += &coherent("a", "1.3", 90.0);
    scene += "[[layer]]\nname = \"glass\"\nthickness_um = 500\nindex = 1.52\n";
    scene += &(coherent("b", "2.0", 60.0) + &coherent("c", "{ n = 0.9, k = 6 }", 80.0));
    let both = json(stack(&scene, &["--json", "--angle", "30"]));
    let optics = both["optics"].as_array().unwrap();
    assert_eq!(optics.len(), 4);
    assert_eq!(optics[2]["packet"], serde_json::json!(["b", "c"]));
    let head = "schema = 1\nfront = { index = 1.52 }\n[source]\nkind = \"beam\"\nwavelength_nm = 530\n";
    let alone = head.to_owned() + &coherent("b", "2.0", 60.0) + &coherent("c", "{ n = 0.9, k = 6 }", 80.0);
    let alone = json(stack(&alone, &["--json", "--angle", "30"]));
    close(&optics[2]["reflectance"], alone["optics"][0]["reflectance"].as_f64().unwrap(), 1e-15);
}

/// F, air_incoh, trapped, absorbed, WG and SPP of the table of dipole stacks.
#[test]
fn a_dipole_has_its_known_budget() {
    let known = [
        ("vertical", [0.81428107, 0.00119589, 0.03043565, 0.02480557, 0.89569280, 0.04787008]),
        ("horizontal", [1.27207910, 0.34138054, 0.36145021, 0.08576603, 0.19938225, 0.01202094]),
        ("isotropic", [1.11947976, 0.25889999, 0.28119303, 0.07098567, 0.36820844, 0.02071285]),
    ];
    for (orientation, numbers) in known {
        let dipole = &json(stack(&led(orientation), &["--json"]))["dipole"];
        for (key, number) in ["purcell", "air", "substrate", "absorbed", "guided", "plasmon"].into_iter().zip(numbers) {
            close(&dipole[key], number, 2e-8);
        }
        let shares = ["air", "substrate", "absorbed", "guided", "plasmon", "top"];
        let sum: f64 = shares.iter().map(|key| dipole[key].as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        // all that is not radiated ends in some layer
        let by_layer: f64 = dipole["by_layer"].as_object().unwrap().values().map(|v| v.as_f64().unwrap()).sum();
        let lost: f64 = shares[2..5].iter().map(|key| dipole[key].as_f64().unwrap()).sum();
        assert!((by_layer - lost).abs() < 1e-6, "{by_layer} {lost}");
        // the far field holds what leaves
        let field = dipole["far_field"].as_array().unwrap();
        let at = |i: usize| {
            let (sin, _) = field[i]["angle_deg"].as_f64().unwrap().to_radians().sin_cos();
            std::f64::consts::TAU * sin * (field[i]["s"].as_f64().unwrap() + field[i]["p"].as_f64().unwrap())
        };
        let step = 5f64.to_radians();
        let simpson: f64 = (0..9).map(|i| step / 3.0 * (at(2 * i) + 4.0 * at(2 * i + 1) + at(2 * i + 2))).sum();
        let air = dipole["air"].as_f64().unwrap();
        assert!((simpson / air - 1.0).abs() < 2e-3, "{simpson} {air}");
        // with a PLQY of 1 the effective one is F / (F + 1 - 1), which rounds
        close(&dipole["eqe_bound"], air, 4.0 * f64::EPSILON * air);
        assert!(dipole["recycling"].is_null(), "an emitter without k takes nothing back");
    }
}

/// Two packets at two angles: four panels, each by its name; one at one angle: one.
#[test]
fn the_plot_of_optics_has_a_panel_for_each_packet_and_angle() {
    let folder = TempDir::new().unwrap();
    let panels = |scene: &str, angles: &str| {
        let place = folder.path().join("result");
        stack(scene, &["--angle", angles, "--out", place.to_str().unwrap(), "--overwrite"]).success();
        let svg = fs::read_to_string(place.join("optics.svg")).unwrap();
        let titles = svg.lines().map(str::trim).filter(|line| line.starts_with("Light on the front"));
        titles.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut two = film(1.0, 1.0) + "[[layer]]\nname = \"glass\"\nthickness_um = 500\nindex = 1.52\n";
    two += &(coherent("b", "2.0", 60.0) + &coherent("c", "{ n = 0.9, k = 6 }", 80.0));
    let titles = panels(&two, "0,40");
    let of = |packet: &str, deg: u32| format!("Light on the front of {packet} at {deg} degrees");
    assert_eq!(titles, [of("film", 0), of("film", 40), of("b ... c", 0), of("b ... c", 40)]);
    assert_eq!(panels(&film(1.0, 1.0), "0"), ["Light on the front at 0 degrees"]);
}

#[test]
fn a_page_without_a_title_begins_with_its_first_word() {
    let page = text(&stack(&led("isotropic"), &[]).success().get_output().stdout);
    assert!(page.starts_with("Light on the front"), "{page}");
    let titled = text(&stack(&("title = \"LED\"\n".to_owned() + &led("isotropic")), &[]).success().get_output().stdout);
    assert!(titled.starts_with("LED\n\nLight on the front"), "{titled}");
}

#[test]
fn recycling_grows_with_plqy_and_goes_with_the_spacer() {
    let scene = led("isotropic").replace("index = 2.1\n", "index = { n = 2.1, k = 0.05 }\n");
    let gain = |plqy: &str| {
        let scene = scene.replace("plqy = 1.0", plqy);
        let dipole = json(stack(&scene, &["--json"]))["dipole"].clone();
        let with = dipole["recycling"]["eqe_bound"].as_f64().unwrap();
        with / dipole["recycling"]["eqe_bound_lost"].as_f64().unwrap()
    };
    let gains = ["plqy = 1.0", "plqy = 0.5", "plqy = 0.01"].map(gain);
    assert!(gains[0] > 1.05 && gains[0] > gains[1] && gains[1] > gains[2] && gains[2] < 1.01, "{gains:?}");
    let result = json(stack(&scene, &["--json"]));
    let spacers = result["dipole"]["recycling"]["spacers"].as_array().unwrap();
    let [at, half, twice] = [0, 1, 2].map(|i| spacers[i]["p_a"].as_f64().unwrap());
    assert!(half > at && at > twice, "{half} {at} {twice}");
    let with = |word: &str| json(stack(&(format!("recycling = \"{word}\"\n") + &scene), &["--json"]))["dipole"].clone();
    let (lost, transparent) = (with("lost"), with("transparent"));
    let bound = |of: &serde_json::Value, key: &str| of["recycling"][key].as_f64().unwrap();
    assert_eq!(bound(&lost, "eqe_bound"), bound(&result["dipole"], "eqe_bound_lost"));
    assert_eq!(lost["recycling"]["eqe"], lost["recycling"]["eqe_bound_lost"]);
    assert!(bound(&result["dipole"], "eqe_bound") > bound(&lost, "eqe_bound"));
    assert!(transparent["recycling"].is_null());
    let page = |scene: &str| text(&stack(scene, &[]).success().get_output().stdout);
    assert!(!page(&("recycling = \"lost\"\n".to_owned() + &scene)).contains("emitted again"));
    assert!(page(&scene).contains("emitted again") && !page(&scene).contains("leaves next to nothing of the layer"));
    let wide = scene.replace("dipole = {", "dipole = { spacer_nm = 500.0,");
    assert!(page(&wide).contains("leaves next to nothing of the layer"), "{}", page(&wide));
}

/// Deep red as a Gaussian, and as a table that begins and ends far from it: the eye sees the blue flank alone.
#[test]
fn colours_are_those_of_the_fine_spectrum() {
    let nm: Vec<String> = (300..=1000).map(|nm| nm.to_string()).collect();
    let sigma = 32.0 / (8.0 * std::f64::consts::LN_2).sqrt();
    let photons = (300..=1000).map(|nm| (-0.5 * ((f64::from(nm) - 690.0) / sigma).powi(2)).exp().to_string());
    let photons: Vec<String> = photons.collect();
    let table = format!("{{ wavelength_nm = [{}], value = [{}] }}", nm.join(", "), photons.join(", "));
    let of = |emission: &str| {
        let scene = led("isotropic").replace("{ line_nm = 530 }", emission);
        json(stack(&scene, &["--json"]))["dipole"].clone()
    };
    let (table, gaussian) = (of(&table), of("{ peak_nm = 690, fwhm_nm = 32 }"));
    for (key, within) in [("purcell", 1e-4), ("air", 1e-4), ("mean_emission_nm", 0.01), ("intrinsic_width_nm", 0.02)] {
        close(&table[key], gaussian[key].as_f64().unwrap(), within);
    }
    // 683 lm/W of V weighted by photon energy, nearly the same for both: photons that leave follow the emission closely
    let efficacy = |of: &Value| of["colour"]["luminous_efficacy_lm_per_w"].as_f64().unwrap();
    assert!((efficacy(&table) / efficacy(&gaussian) - 1.0).abs() < 2e-3, "{table} {gaussian}");
    let luminance = |of: &Value| of["brightness"]["luminance_cd_per_m2"].as_f64().unwrap();
    assert!((luminance(&table) / luminance(&gaussian) - 1.0).abs() < 2e-3);
}

/// A layer on the glass that turns blue light into red emits, too; outcoupling is still per photon of the LED.
#[test]
fn a_converter_leaves_outcoupling_per_emission_of_the_led() {
    let converter = "[[layer]]\nname = \"converter\"\nthickness_um = 50\nindex = 1.52\n[[layer.emitter]]\n\
                     name = \"red\"\nplqy = 1.0\nabsorption = { wavelength_nm = [500, 560, 561, 800], \
                     per_cm = [2000, 2000, 0, 0] }\nemission = { line_nm = 650 }\n";
    let path = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(&path, led("isotropic") + converter).unwrap();
    let run = relume(&["run", path.path().to_str().unwrap(), "-n", "2e4", "--device", "cpu", "--json"]);
    let result = json(run);
    let number = |value: &Value| value["value"].as_f64().unwrap();
    let quantities = &result["quantities"];
    let of = |emitter: &str| number(&result["by_emitter"][emitter]["emissions"]);
    assert!(of("red") > 0.1 && of("dots") == 1.0, "{} {}", of("red"), of("dots"));
    let (outcoupling, eqe_bound) = (&quantities["outcoupling_efficiency"], number(&quantities["eqe_bound"]));
    assert!((number(outcoupling) - eqe_bound).abs() < 1e-12, "{outcoupling} {eqe_bound}");
}

#[test]
fn charge_balance_scales_eqe_alone() {
    let result = json(stack(&led("isotropic"), &["--json", "--set", "source.charge_balance=0.5"]));
    let dipole = &result["dipole"];
    close(&dipole["eqe"], 0.5 * dipole["eqe_bound"].as_f64().unwrap(), 1e-15);
    let brightness = &dipole["brightness"];
    // 10 mA/cm2 are 100 A/m2; each photon has 1239.84/530 eV
    let exitance = 100.0 * dipole["eqe"].as_f64().unwrap() * 1239.841984 / 530.0;
    close(&brightness["radiant_exitance_w_per_m2"], exitance, 1e-6 * exitance);
    let luminance = 100.0 * dipole["colour"]["current_efficiency_cd_per_a"].as_f64().unwrap();
    close(&brightness["luminance_cd_per_m2"], luminance, 1e-9 * luminance);
}

#[test]
fn wrong_angles_and_scenes_are_told() {
    for angle in ["91", "-1", "nan", "x"] {
        let assert = stack(&film(1.0, 1.0), &["--angle", angle]).code(2);
        assert!(text(&assert.get_output().stderr).contains("must be an angle in 0..=90 degrees"), "{angle}");
    }
    let hazy = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/hazy_film.toml");
    let assert = relume(&["stack", hazy.to_str().unwrap()]).code(1);
    assert!(text(&assert.get_output().stderr).contains("no layer is coherent"));
}

#[test]
fn check_shows_what_a_coherent_layer_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("led.toml");
    fs::write(&path, led("horizontal")).unwrap();
    let page = text(&relume(&["check", path.to_str().unwrap()]).success().get_output().stdout);
    for part in [
        "100 nm, coherent",
        "0.93+6.33i",
        "at 0.5 of the thickness, 1 of them horizontal",
        "electroluminescence of 'dots'",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[test]
fn the_page_and_the_files_hold_the_budget() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("result");
    let page = stack(&led("isotropic"), &["--out", place.to_str().unwrap()]).success();
    let page = text(&page.get_output().stdout);
    for part in ["air", "25.890 %", "outcoupling_efficiency", "cd/A", "over Lambert"] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 96), "{page}");
    for name in ["optics", "budget", "far_field", "dispersion"] {
        assert!(fs::read_to_string(place.join(format!("{name}.svg"))).unwrap().contains("<svg"), "{name}");
        assert!(fs::read_to_string(place.join(format!("{name}.csv"))).unwrap().lines().count() > 5, "{name}");
    }
    stack(&led("isotropic"), &["--out", place.to_str().unwrap()]).code(1);
    stack(&led("isotropic"), &["--out", place.to_str().unwrap(), "--overwrite"]).success();
}

/// Each unit as when the source names it, and their sum; a device of one unit has none.
#[test]
fn a_tandem_is_the_sum_of_its_units() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/led_tandem_green.toml");
    let of = |layer: &str, more: &[&str]| {
        let layer = format!("source.layer={layer}");
        json(relume(&[&["stack", path.to_str().unwrap(), "--json", "--set", &layer], more].concat()))
    };
    let alone = ["organic", "nanocrystals"].map(|layer| of(layer, &[]));
    for result in &alone {
        assert_eq!(result["tandem"], alone[0]["tandem"], "whichever unit is looked at");
        let (layer, tandem) = (result["dipole"]["layer"].as_str().unwrap(), &result["tandem"]);
        assert_eq!(tandem["units"][layer]["eqe"], result["dipole"]["eqe"], "{layer}");
    }
    let sum = |key: [&str; 2]| -> f64 { alone.iter().map(|of| of["dipole"][key[0]][key[1]].as_f64().unwrap()).sum() };
    let tandem = &alone[0]["tandem"];
    let cd_per_a = sum(["colour", "current_efficiency_cd_per_a"]);
    close(&tandem["colour"]["current_efficiency_cd_per_a"], cd_per_a, 1e-9);
    let [organic, nanocrystals] = alone.each_ref().map(|of| of["dipole"]["eqe"].as_f64().unwrap());
    close(&tandem["eqe"], organic + nanocrystals, 1e-12);
    assert!((organic - nanocrystals).abs() > 0.01, "units that are alike would not be told apart");
    // an electrode that loses every second charge costs both units half
    let half = of("organic", &["--set", "source.charge_balance=0.5"]);
    close(&half["tandem"]["eqe"], 0.5 * (organic + nanocrystals), 1e-12);
    assert!(json(stack(&led("isotropic"), &["--json"]))["tandem"].is_null());
}
