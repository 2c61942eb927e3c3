//! The command line from outside: exit codes, messages, pure JSON.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

fn relume(args: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("relume").expect("the binary was built for this test");
    command.env("NO_COLOR", "1").args(args).assert()
}

fn scenes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes")
}

fn hazy() -> String {
    scenes().join("hazy_film.toml").display().to_string()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).expect("output is UTF-8")
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).expect("messages are UTF-8")
}

fn json(assert: &Assert) -> Value {
    serde_json::from_str(&stdout(assert)).expect("stdout is JSON alone")
}

fn counted(result: &Value) -> u64 {
    result["counts"].as_object().expect("counts").values().map(|count| count.as_u64().expect("a count")).sum()
}

#[test]
fn every_scene_runs_and_its_ledger_closes() {
    let mut ran = 0;
    for entry in fs::read_dir(scenes()).expect("scenes/") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let by_current = fs::read_to_string(&path).expect("a scene").contains("electroluminescence");
            let path = path.display().to_string();
            if by_current {
                let result = json(&relume(&["stack", &path, "--json"]).success());
                assert!(!result["optics"].as_array().expect("optics").is_empty(), "{path}");
            }
            let result = json(&relume(&["run", &path, "--device", "cpu", "-n", "2000", "--json"]).success());
            assert_eq!((counted(&result), result["photons"].as_u64()), (2000, Some(2000)), "{path}");
            assert!(!result.to_string().contains("NaN"));
            let (bound, pump) =
                (&result["quantities"]["eqe_bound"]["value"], &result["quantities"]["absorptance"]["value"]);
            assert_eq!((bound.is_number(), pump.is_number()), (by_current, !by_current), "{path}");
            ran += 1;
        }
    }
    assert!(ran > 3, "only {ran} scenes");
}

#[test]
fn a_page_without_a_title_begins_with_its_photons() {
    let page = |title: &str| {
        let set = format!("title={title}");
        stdout(&relume(&["run", &hazy(), "--device", "cpu", "-n", "1000", "--set", &set]).success())
    };
    assert!(page("''").starts_with("1,000 photons"), "{}", page("''"));
    assert!(page("'A film'").starts_with("A film\n1,000 photons"));
}

#[test]
fn the_result_has_the_keys_that_programs_rely_on() {
    let result = json(&relume(&["run", &hazy(), "--device", "cpu", "-n", "4096", "--json", "--seed", "7"]).success());
    assert_eq!(result["schema"], "relume.result/1");
    assert_eq!((&result["seed"], &result["device"]["backend"]), (&7.into(), &"cpu".into()));
    assert_eq!(result["counts"].as_object().map(|counts| counts.len()), Some(19));
    for key in ["version", "scene", "scene_hash", "events", "wall_s", "by_layer", "by_emitter", "notes"] {
        assert!(!result[key].is_null(), "{key}");
    }
    let eqy = &result["quantities"]["eqy"];
    assert!(eqy["value"].as_f64() > Some(0.5) && eqy["se"].as_f64() > Some(0.0), "{eqy}");
}

#[test]
fn the_same_seed_gives_the_same_counts_and_another_does_not() {
    let counts = |seed| {
        let run = relume(&["run", &hazy(), "--device", "cpu", "-n", "1e4", "--json", "--seed", seed]);
        json(&run.success())["counts"].clone()
    };
    assert_eq!(counts("3"), counts("3"));
    assert_ne!(counts("3"), counts("4"));
}

#[test]
fn a_stratified_run_says_so_and_is_sharper() {
    let folder = TempDir::new().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let run = |more: &[&str]| {
        let command = ["run", &hazy(), "--device", "cpu", "-n", "2^16", "--json"];
        json(&relume(&[&command[..], more].concat()).success())
    };
    let (plain, stratified) = (run(&[]), run(&["--stratified", "--out", &out("run")]));
    assert_eq!((&plain["stratified"], &stratified["stratified"]), (&false.into(), &true.into()));
    assert_ne!(plain["counts"], stratified["counts"]);
    let se = |result: &Value| result["quantities"]["absorptance"]["se"].as_f64().expect("an error");
    assert!(se(&stratified) < 0.5 * se(&plain), "{} {}", se(&stratified), se(&plain));
    let report = fs::read_to_string(folder.path().join("run/report.html")).expect("a report");
    assert!(report.contains("1, stratified"));
    let page = stdout(&relume(&["run", &hazy(), "--device", "cpu", "-n", "100", "--stratified"]).success());
    assert!(page.contains("seed 1, stratified"), "{page}");
    let vary = ["sweep", &hazy(), "--device", "cpu", "-n", "100", "--vary", "layer.film.index=1.4,1.5"];
    let swept = |more: &[&str]| stdout(&relume(&[&vary[..], more].concat()).success());
    assert!(swept(&["--stratified"]).contains("seed 1, stratified"));
    for (more, said) in [(&["--json"][..], "false"), (&["--json", "--stratified"], "true")] {
        assert!(swept(more).contains(&format!("\"stratified\": {said}")), "{more:?}");
    }
}

#[test]
fn the_page_is_plain_text_and_the_file_holds_the_json() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("result.json");
    let run =
        relume(&["run", &hazy(), "--device", "cpu", "-n", "2^12", "--json", &file.display().to_string()]).success();
    let page = stdout(&run);
    assert!(
        page.contains("Where the photons went") && page.contains("4,096 photons") && !page.contains('\x1b'),
        "{page}"
    );
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).expect("written")).expect("JSON");
    assert_eq!(counted(&written), 4096);
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing else is left");
}

#[test]
fn no_result_replaces_what_a_command_reads() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let scene = fs::read_to_string(hazy()).expect("a scene");
    let emission = scene.lines().find(|line| line.starts_with("emission")).expect("an emission");
    let scene = scene.replace(emission, "emission = { file = \"em.csv\" }");
    let spectrum = "wavelength_nm,photons_per_nm\n520,0\n530,1\n540,0\n";
    fs::write(at("scene.toml"), &scene).expect("written");
    fs::write(at("em.csv"), spectrum).expect("written");
    let vary = ["--vary", "layer.film.thickness_um=5,10", "--device", "cpu", "-n", "100"];
    for (command, more, option, file) in [
        ("run", &[][..], "--json", "em.csv"),
        ("run", &[], "--json", "scene.toml"),
        ("stack", &[], "--json", "em.csv"),
        ("stack", &[], "--json", "scene.toml"),
        ("sweep", &vary[..], "--csv", "em.csv"),
        ("sweep", &vary, "--json", "em.csv"),
    ] {
        let run = relume(&[&[command, &at("scene.toml"), option, &at(file)], more].concat()).code(1);
        assert!(stderr(&run).contains("choose another file"), "{command} {option} {file}: {}", stderr(&run));
    }
    assert_eq!(fs::read_to_string(at("em.csv")).expect("still there"), spectrum);
    assert_eq!(fs::read_to_string(at("scene.toml")).expect("still there"), scene);
    // partner: another name
    relume(&["run", &at("scene.toml"), "--device", "cpu", "-n", "100", "--json", &at("other.json")]).success();

    let vary = ["--vary", "layer.film.thickness_um=5,10", "--device", "cpu", "-n", "100"];
    let files = ["--csv", &at("a.csv"), "--json", &at("a.csv.journal")];
    let run = relume(&[&["sweep", &at("scene.toml")], &vary[..], &files].concat()).code(1);
    assert!(stderr(&run).contains("the journal of --csv"), "{}", stderr(&run));
    let bench = ["bench", "--quick", "--compare", &at("b.json"), "--json", &at("b.json")];
    fs::write(at("b.json"), "{}").expect("written");
    assert!(stderr(&relume(&bench).code(1)).contains("choose another file"));
}

#[test]
fn one_result_that_cannot_be_written_does_not_take_the_others_along() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let run = relume(&["run", &hazy(), "--device", "cpu", "-n", "100", "--json", "/dev/full", "--out", &out]).code(1);
    assert!(stderr(&run).contains("--json /dev/full"), "{}", stderr(&run));
    assert!(stdout(&run).contains("Where the photons went"));
    assert!(Path::new(&out).join("result.json").exists());
}

#[test]
fn a_result_folder_holds_everything_and_is_not_overwritten_by_accident() {
    let parent = TempDir::new().expect("a folder");
    let place = parent.path().join("new/result");
    let out = place.display().to_string();
    let scene = hazy();
    let args = ["run", &scene, "--device", "cpu", "-n", "4096", "--out", &out];
    relume(&args).success();
    for name in ["result.json", "fates.csv", "spectra.csv", "radius.csv", "angles.svg", "depth.svg", "spectra.svg"] {
        let text = fs::read_to_string(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.len() > 50 && !text.contains("NaN"), "{name}");
    }
    assert!(stderr(&relume(&args).code(1)).contains("--overwrite"));
    let again: Vec<&str> = args.into_iter().chain(["--overwrite"]).collect();
    relume(&again).success();
    fs::write(place.join("thesis.txt"), "years of work").expect("written");
    assert!(stderr(&relume(&again).code(1)).contains("thesis.txt"));
    assert!(place.join("thesis.txt").exists());
    assert_eq!(fs::read_dir(parent.path().join("new")).expect("folder").count(), 1, "no draft is left");
}

#[test]
fn spectra_show_the_light_that_there_is() {
    let panels = |scene: &str| {
        let folder = TempDir::new().expect("a folder");
        let out = folder.path().join("result");
        let scene = scenes().join(scene).display().to_string();
        relume(&["run", &scene, "--device", "cpu", "-n", "4096", "--out", &out.display().to_string()]).success();
        let text = fs::read_to_string(out.join("spectra.svg")).expect("a plot");
        ["Pump", "Emission"].map(|title| text.lines().any(|line| line.trim() == title))
    };
    assert_eq!(panels("hazy_film.toml"), [true, true]);
    assert_eq!(panels("bench/m1.toml"), [true, false]);
    assert_eq!(panels("bench/led.toml"), [false, true]);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_run() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let inside = file.join("result").display().to_string();
    let run = relume(&["run", &hazy(), "--device", "cpu", "-n", "1e12", "--out", &inside]).code(1);
    assert!(stdout(&run).is_empty() && stderr(&run).contains("--out"), "{}", stderr(&run));
    let run = relume(&["run", &hazy(), "--device", "cpu", "-n", "1e12", "--json", &inside]).code(1);
    assert!(stderr(&run).contains("--json"), "{}", stderr(&run));
}

#[test]
fn a_target_stops_early_or_says_that_it_was_not_reached() {
    let run = |target, photons| {
        relume(&["run", &hazy(), "--device", "cpu", "--json", "--target", target, "-n", photons]) //
    };
    let reached = json(&run("eqy:0.01", "1e9").success());
    assert_eq!(reached["photons"], 65536);
    assert_eq!((&reached["stopped"], &reached["target"]["quantity"]), (&"target_reached".into(), &"eqy".into()));
    let result = json(&run("eqy:1e-9", "70000").code(5));
    assert_eq!(result["photons"], 70000);
    assert_eq!((&result["stopped"], &result["target"]["se"]), (&"target_not_reached".into(), &1e-9.into()));
}

#[test]
fn a_target_changes_no_photon() {
    let counts = |extra: &[&str]| {
        let scene = hazy();
        let args = [&["run", &scene, "--device", "cpu", "--json", "-n", "100000"], extra].concat();
        json(&relume(&args))["counts"].clone()
    };
    assert_eq!(counts(&[]), counts(&["--target", "eqy:1e-9"]));
}

#[test]
fn usage_errors_are_2_and_name_the_mistake() {
    for (args, word) in [
        (vec!["-n", "0"], "at least 1"),
        (vec!["-n", "many"], "whole number"),
        (vec!["--target", "eqi:0.1"], "eqy"),
        (vec!["--set", "novalue"], "KEY=VALUE"),
        (vec!["--overwrite"], "--out"),
    ] {
        let run = relume(&[vec!["run", &hazy()], args].concat()).code(2);
        assert!(stderr(&run).contains(word), "{}", stderr(&run));
    }
}

#[test]
fn all_devices_share_a_run() {
    let on = |device| json(&relume(&["run", &hazy(), "--device", device, "--json", "-n", "200000"]).success());
    let (all, cpu) = (on("all"), on("cpu"));
    let name = |result: &Value| result["device"]["name"].as_str().expect("a device has a name").to_owned();
    assert!(name(&all).ends_with(&name(&cpu)), "{}", name(&all));
    assert_eq!((counted(&all), counted(&cpu)), (200_000, 200_000));
}

#[test]
fn an_unknown_device_lists_those_there_are() {
    let run = relume(&["run", &hazy(), "--device", "abacus"]).code(3);
    let text = stderr(&run);
    assert!(text.contains("abacus") && text.contains("(cpu)"), "{text}");
}

#[test]
fn settings_reach_the_scene_and_wrong_ones_are_named() {
    let scene = hazy();
    let base = ["run", &scene, "--device", "cpu", "-n", "1000", "--json"];
    let set = |set| relume(&[&base[..], &["--set", set]].concat());
    let thin = json(&set("layer.film.thickness_um=0.5").success());
    let plain = json(&relume(&base).success());
    assert_ne!(thin["scene_hash"], plain["scene_hash"]);
    assert!(thin["quantities"]["eqy"]["value"].as_f64() < plain["quantities"]["eqy"]["value"].as_f64());
    assert!(stderr(&set("layer.film.thicknes_um=80").code(1)).contains("thickness_um"));
}

#[test]
fn check_shows_what_was_understood() {
    let check = json(&relume(&["check", &hazy(), "--json", "--wavelength", "450,530"]).success());
    assert_eq!(check["wavelengths"][1]["wavelength_nm"], 530.0);
    assert!(check["wavelengths"][0]["layers"][0]["absorption_per_cm"]["host"].is_number());
    let page = stdout(&relume(&["check", &hazy()]).success());
    assert!(page.contains("film"), "{page}");
    relume(&["check", "no_such_file.toml"]).code(1);
}

#[test]
fn devices_end_with_the_processor() {
    let devices = json(&relume(&["devices", "--json"]).success());
    let last = devices["devices"].as_array().and_then(|list| list.last()).expect("a device");
    assert_eq!((&last["backend"], &last["kind"]), (&"cpu".into(), &"cpu".into()));
    assert!(stdout(&relume(&["devices"]).success()).contains("auto"));
}

#[test]
fn materials_are_listed_and_near_misses_named() {
    assert!(stdout(&relume(&["materials"]).success()).contains("siloxane"));
    assert!(json(&relume(&["materials", "siloxane", "--json"]).success()).is_object());
    assert!(stderr(&relume(&["materials", "siloxan"]).code(1)).contains("siloxane"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("relume"))
        .args(["materials"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"));
    assert!(output.status.success());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_writes_what_there_is() {
    use std::process::{Command, Stdio};
    for signal in ["-INT", "-TERM"] {
        let child = Command::new(assert_cmd::cargo::cargo_bin("relume"))
            .args(["run", &hazy(), "--device", "cpu", "-n", "1e12", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        std::thread::sleep(std::time::Duration::from_secs(2));
        Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        let output = child.wait_with_output().expect("ends");
        assert_eq!(output.status.code(), Some(130), "{signal}");
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(counted(&result) > 0 && Some(counted(&result)) == result["photons"].as_u64());
        assert_eq!(result["stopped"], "interrupted");
    }
}
