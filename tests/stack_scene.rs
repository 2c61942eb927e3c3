//! Coherent layers, dipoles and electroluminescence in a scene: what is understood, and what is refused by name.

mod scene_text;

use relume::scene::{Polarisation, SourceKind, Zone};
use relume::stack::{StackProblem, StackReport};
use scene_text::{read, set};

/// An LED of three layers on glass. Layer 'metal' starts on line 5, 'emitter' on 10, its emitter on 15, 'oxide' on 20.
const LED: &str = r#"schema = 1
[source]
kind = "electroluminescence"

[[layer]]
name = "metal"
thickness_nm = 100
index = { n = 1.5, k = 7.0 }
coherent = true
[[layer]]
name = "emitter"
thickness_nm = 30
index = { n = 2.1, k = 0.02 }
coherent = true
[[layer.emitter]]
name = "dots"
plqy = 0.9
emission = { line_nm = 690 }
dipole = { position = 0.25, orientation = { horizontal = 0.8 } }
[[layer]]
name = "oxide"
thickness_nm = 120
index = 1.8
coherent = true
[[layer]]
name = "glass"
thickness_mm = 0.7
index = 1.52
"#;

fn with(part: &str, by: &str) -> String {
    assert!(LED.contains(part), "the LED has no {part}");
    LED.replacen(part, by, 1)
}

#[test]
fn an_led_is_understood() {
    let scene = read(LED).unwrap().scene;
    assert_eq!(scene.polarisation, Polarisation::Track);
    assert_eq!(scene.packets().len(), 1);
    assert_eq!(scene.packets()[0].layers, 0..3);
    let SourceKind::Electroluminescence { layer, emitter, charge_balance, current_density_ma_per_cm2 } =
        scene.source.kind
    else {
        panic!("{:?}", scene.source)
    };
    assert_eq!((layer, emitter, charge_balance, current_density_ma_per_cm2), (1, 0, 1.0, None));
    let emitter = &scene.layers[1].emitters[0];
    let dipole = emitter.dipole.as_ref().unwrap();
    assert_eq!(
        (dipole.zone.places.as_slice(), dipole.horizontal, dipole.spacer_nm),
        ([(0.25, 1.0)].as_slice(), 0.8, 5.0)
    );
    // k is all of the layer's absorption, and all of it is the emitter's where nothing else is said
    let by_k = 4.0 * std::f64::consts::PI * 0.02 / 690e-7;
    assert!((emitter.absorption_per_cm.at(690.0) / by_k - 1.0).abs() < 1e-12);
    assert_eq!(scene.layers[1].host_absorption_per_cm(690.0), 0.0);
    let shared = read(&with("plqy = 0.9", "plqy = 0.9\nabsorption = 1000")).unwrap().scene;
    assert!((shared.layers[1].host_absorption_per_cm(690.0) - (by_k - 1000.0)).abs() < 1e-6);
}

#[test]
fn zones_and_orientations_take_their_forms() {
    let zone = |position: &str| {
        let scene = read(&with("position = 0.25", position)).unwrap().scene;
        scene.layers[1].emitters[0].dipole.clone().unwrap().zone.places
    };
    let uniform = zone("position = \"uniform\"");
    let moment = |power: i32| uniform.iter().map(|(x, weight)| weight * x.powi(power)).sum::<f64>();
    for power in [0, 1, 2, 9, 19] {
        assert!((moment(power) - 1.0 / f64::from(power + 1)).abs() < 1e-14, "{power}");
    }
    // a thicker layer takes more places: one for each 27 nm
    let thick = with("thickness_nm = 30", "thickness_nm = 600").replace("position = 0.25", "position = \"uniform\"");
    let thick = read(&thick).unwrap().scene.layers[1].emitters[0].dipole.clone().unwrap().zone;
    assert!(uniform.len() == 10 && thick.places.len() == 23 && thick.fills_layer);
    let table = zone("position = { share = [0.2, 0.5, 0.9], weight = [1, 0, 3] }");
    assert_eq!(table, [(0.2, 0.25), (0.9, 0.75)]);
    for (word, horizontal) in [("isotropic", 2.0 / 3.0), ("horizontal", 1.0), ("vertical", 0.0)] {
        let scene = read(&with("{ horizontal = 0.8 }", &format!("\"{word}\""))).unwrap().scene;
        assert_eq!(scene.layers[1].emitters[0].dipole.as_ref().unwrap().horizontal, horizontal);
    }
}

/// What a run leaves out of such a scene, beside one that leaves nothing out.
#[test]
fn what_transport_leaves_out_is_noted() {
    let notes = |text: &str| read(text).unwrap().scene.transport_notes().collect::<Vec<_>>();
    assert_eq!(notes(LED), [""; 0]);
    let [dark] = &notes(&with("index = 1.52", "index = { n = 1.52, k = 0.1 }"))[..] else { panic!("one note") };
    assert!(dark.contains("layer 'glass' absorbs strongly, and dipoles beside it meet its real index alone"), "{dark}");
    let current = "kind = \"electroluminescence\"\ncurrent_density_ma_per_cm2 = 10";
    let [current] = &notes(&with("kind = \"electroluminescence\"", current))[..] else { panic!("one note") };
    assert!(current.contains("`relume stack` gives radiance"), "{current}");
}

#[test]
fn settings_reach_dipoles_and_coherent_layers() {
    let scene = set(
        LED,
        &[
            ("layer.emitter.emitter.dots.dipole.position", "0.75"),
            ("layer.emitter.emitter.dots.dipole.orientation.horizontal", "0.5"),
            ("source.charge_balance", "0.8"),
            ("layer.oxide.coherent", "false"),
        ],
    );
    let scene = scene.unwrap().scene;
    let dipole = scene.layers[1].emitters[0].dipole.as_ref().unwrap();
    assert_eq!((dipole.zone.places[0].0, dipole.horizontal), (0.75, 0.5));
    assert!(matches!(scene.source.kind, SourceKind::Electroluminescence { charge_balance: 0.8, .. }));
    assert_eq!(scene.packets()[0].layers, 0..2);
}

#[test]
fn bad_scenes_are_refused_by_name() {
    let dots = "scene.toml:19: layer 'emitter': emitter 'dots':";
    let second = "coherent = true\n[[layer.emitter]]\nname = \"more\"\nplqy = 1\nemission = { line_nm = 690 }\n\
                  dipole = { position = 0.5 }\n[[layer]]\nname = \"glass\"";
    let cases = [
        ("index = 1.8", "index = { n = 1.8, k = -0.1 }", "scene.toml:23: layer 'oxide': index: k must lie in 0..=100, got -0.1".to_owned()),
        ("index = 1.8", "index = 0", "scene.toml:23: layer 'oxide': index must be above 0 and at most 10, got 0".into()),
        ("thickness_nm = 120", "thickness_nm = 0", "scene.toml:22: layer 'oxide': thickness_nm must be above 0 and at most 1e9, got 0".into()),
        ("index = 1.8", "index = 1.8\nscattering = { mu_s_per_cm = 1, g = 0 }", "scene.toml:24: layer 'oxide': scattering has no place in a coherent layer".into()),
        (
            "index = 1.8",
            "index = 1.8\nabsorption_per_cm = 5",
            "scene.toml:24: layer 'oxide': absorption_per_cm has no place in a coherent layer: k of its index is all of it".into(),
        ),
        ("n = 2.1, k = 0.02", "n = 0.5, k = 3", format!("{dots} dipole: a dipole cannot sit in a metal (n = 0.5, k = 3 at 690 nm)")),
        ("position = 0.25", "position = 1.5", format!("{dots} dipole: position must lie in 0..=1, got 1.5")),
        ("position = 0.25, ", "", format!("{dots} dipole: position is missing")),
        (
            "position = 0.25",
            "position = { share = [0.5], weight = [1, 2] }",
            format!("{dots} dipole: position: needs a weight for each share, got 1 and 2"),
        ),
        (
            "position = 0.25",
            "position = \"top\"",
            format!("{dots} dipole: position must be a share of the thickness, \"uniform\" or {{ share, weight }}"),
        ),
        ("horizontal = 0.8", "horizontal = 2", format!("{dots} dipole: orientation: horizontal must lie in 0..=1, got 2")),
        (
            "{ horizontal = 0.8 }",
            "\"random\"",
            format!("{dots} dipole: orientation must be \"isotropic\" or \"horizontal\" or \"vertical\", got \"random\""),
        ),
        (
            "kind = \"electroluminescence\"",
            "kind = \"electroluminescence\"\nangle_deg = 10\nwavelength_nm = 450",
            "scene.toml:4: source: angle_deg is for a beam; electroluminescence goes in all directions\n\
             scene.toml:5: source: wavelength_nm is for light from outside; electroluminescence has the emitter's own spectrum".into(),
        ),
        (
            "kind = \"electroluminescence\"",
            "kind = \"electroluminescence\"\ncharge_balance = 1.2",
            "scene.toml:4: source: charge_balance must lie in 0..=1, got 1.2".into(),
        ),
        (
            "dipole = { position = 0.25, orientation = { horizontal = 0.8 } }\n",
            "",
            "scene.toml:2: source: electroluminescence needs an emitter with a dipole in a coherent layer".into(),
        ),
        (
            "coherent = true\n[[layer]]\nname = \"glass\"",
            second,
            "scene.toml:2: source: several emitters have a dipole ('dots' in 'emitter', 'more' in 'oxide'); name one: layer, emitter".into(),
        ),
        (
            "kind = \"electroluminescence\"",
            "kind = \"electroluminescence\"\nlayer = \"oxide\"",
            "scene.toml:4: source: layer 'oxide' has no emitter to excite".into(),
        ),
    ];
    for (part, by, message) in cases {
        match read(&with(part, by)) {
            Err(told) => assert_eq!(told, message),
            Ok(_) => panic!("{by} is taken"),
        }
    }
}

#[test]
fn a_dipole_needs_its_layer_to_be_coherent() {
    let told = read(&with("k = 0.02 }\ncoherent = true", "k = 0.02 }")).unwrap_err();
    assert!(
        told.contains("emitter 'dots': dipole needs a coherent layer: write coherent = true in the layer"),
        "{told}"
    );
    let told = read(&with("name = \"dots\"\nplqy = 0.9\nemission = { line_nm = 690 }", "material = \"mapbbr3_hs\""))
        .unwrap_err();
    assert!(told.contains("a library emitter brings absorption and haze of its own"), "{told}");
}

#[test]
fn two_dipoles_are_told_apart_by_layer() {
    let second = "coherent = true\n[[layer.emitter]]\nname = \"more\"\nplqy = 1\nemission = { line_nm = 600 }\n\
                  dipole = { position = 0.5 }\n[[layer]]\nname = \"glass\"";
    let text = with("coherent = true\n[[layer]]\nname = \"glass\"", second);
    let text = text.replace("kind = \"electroluminescence\"", "kind = \"electroluminescence\"\nlayer = \"oxide\"");
    let report = StackReport::new(&read(&text).unwrap().scene, "", &[690.0], &[0.0]).unwrap();
    assert_eq!(report.dipole.unwrap().emitter, "more");
}

#[test]
fn the_transport_takes_dipoles_that_can_radiate() {
    assert_eq!(read(LED).unwrap().scene.transportable(), Ok(()));
    let no_dipole = with("dipole = { position = 0.25, orientation = { horizontal = 0.8 } }\n", "")
        .replace("kind = \"electroluminescence\"", "kind = \"beam\"\nwavelength_nm = 450");
    let told = read(&no_dipole).unwrap().scene.transportable().unwrap_err();
    assert!(told.starts_with("layer 'emitter': emitter 'dots': needs a dipole = { position, orientation }"), "{told}");
    let touching = read(&with("position = 0.25", "position = 0")).unwrap().scene.transportable().unwrap_err();
    assert!(touching.contains("at the very face of an absorbing medium"), "{touching}");
    let coated = scene_text::FILM
        .replace("[[layer]]", "[[layer]]\nname = \"coat\"\nthickness_nm = 80\nindex = 1.3\ncoherent = true\n[[layer]]");
    let coated = read(&coated).unwrap().scene;
    assert!(coated.layers[0].coherent && coated.transportable().is_ok());
    assert!(read(scene_text::FILM).unwrap().scene.transportable().is_ok());
}

/// Beside what absorbs the mean over a layer has no value; where no neighbour does it has one.
#[test]
fn a_layer_filled_evenly_up_to_an_absorber_is_refused() {
    let filled = read(&with("position = 0.25", "position = \"uniform\"")).unwrap().scene;
    let of_waves = StackReport::new(&filled, "", &[690.0], &[0.0]).unwrap_err().to_string();
    assert!(of_waves.starts_with("emitter 'dots': position = \"uniform\" has no answer here"), "{of_waves}");
    let of_photons = filled.transportable().unwrap_err();
    assert_eq!(of_photons, format!("layer 'emitter': {of_waves}"));
    let apart = LED.replace(
        "[[layer]]\nname = \"emitter\"",
        "[[layer]]\nname = \"clear\"\nthickness_nm = 30\nindex = 1.7\ncoherent = true\n[[layer]]\nname = \"emitter\"",
    );
    let apart = read(&apart.replace("position = 0.25", "position = \"uniform\"")).unwrap().scene;
    let by_the_layer = StackReport::new(&apart, "", &[690.0], &[0.0]).unwrap().dipole.unwrap();
    // as many places of one's own
    let share: Vec<f64> = (0..200).map(|i| (f64::from(i) + 0.5) / 200.0).collect();
    let mut by_places = apart.clone();
    by_places.layers[2].emitters[0].dipole.as_mut().unwrap().zone =
        Zone::at(share.into_iter().map(|share| (share, 1.0 / 200.0)).collect());
    let by_places = StackReport::new(&by_places, "", &[690.0], &[0.0]).unwrap().dipole.unwrap();
    assert!((by_the_layer.purcell / by_places.purcell - 1.0).abs() < 1e-3, "{by_the_layer:?} {by_places:?}");
    assert!((by_the_layer.air / by_places.air - 1.0).abs() < 1e-3);
}

#[test]
fn light_that_starts_behind_a_reflector_is_told() {
    let notes = |text: String| read(&text).unwrap().scene.notes;
    let in_front = |gap: &str| {
        let mirror = format!("reflector = {{ kind = \"diffuse\", reflectance = 0.9, gap = \"{gap}\" }}");
        notes(scene_text::FILM.replacen("[front]", &format!("[front]\n{mirror}"), 1))
    };
    let told = "the source's light starts inside layer 'film', behind the front reflector that touches it: \
                its angle counts there";
    assert!(in_front("contact").iter().any(|note| note.starts_with(told)), "{:?}", in_front("contact"));
    assert!(in_front("air").is_empty() && notes(scene_text::FILM.to_owned()).is_empty());
}

#[test]
fn an_emitter_without_an_answer_is_no_emitter_of_another_kind() {
    let dipole = "dipole = { position = 0.25, orientation = { horizontal = 0.8 }";
    let scene = read(&with(&format!("{dipole} }}"), &format!("{dipole}, spacer_nm = 1e-17 }}"))).unwrap().scene;
    let problems = relume::compile::compile([&scene], false).problems;
    assert!(problems[0].starts_with("layer 'emitter': emitter 'dots': a dipole at the very face"), "{problems:?}");
    let fine = relume::compile::compile([&read(LED).unwrap().scene], false);
    assert!(fine.problems.is_empty() && fine.emitters[0].packet_face == 0);
}

#[test]
fn an_emitter_recycles_its_own_share_of_the_absorption() {
    let p_a = |emission: &str| {
        let scene = read(&with("emission = { line_nm = 690 }", emission)).unwrap().scene;
        let report = StackReport::new(&scene, "", &[690.0], &[0.0]).unwrap();
        report.dipole.unwrap().recycling.unwrap().spacers[0].p_a
    };
    // 4 pi k / wavelength of k = 0.02 at 690 nm, in 1/cm
    let half = 0.5 * 4.0 * std::f64::consts::PI * 0.02 / 690e-7;
    let shared = p_a(&format!("emission = {{ line_nm = 690 }}\nabsorption = {half}"));
    let all = p_a("emission = { line_nm = 690 }");
    assert!(all > 1e-3 && (shared / all - 0.5).abs() < 1e-9, "{shared} of {all}");
}

#[test]
fn what_a_stack_cannot_answer_is_named() {
    let film = StackReport::new(&read(scene_text::FILM).unwrap().scene, "", &[450.0], &[0.0]);
    assert_eq!(film.unwrap_err(), StackProblem::NoPacket);
    let table = with("index = 1.8", "index = { wavelength_nm = [600, 700], n = [1.8, 1.8] }");
    let told = StackReport::new(&read(&table).unwrap().scene, "", &[450.0], &[0.0]).unwrap_err();
    assert_eq!(told.to_string(), "layer 'oxide': index: stated for 600..700 nm, asked for at 450 nm");
    let mirror = with("[source]", "front = { reflector = { kind = \"specular\", reflectance = 0.9 } }\n[source]");
    let told = StackReport::new(&read(&mirror).unwrap().scene, "", &[690.0], &[0.0]).unwrap_err();
    assert!(told.to_string().starts_with("layer 'metal' touches the front reflector"), "{told}");
}
