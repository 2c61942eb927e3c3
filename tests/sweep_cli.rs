//! `relume sweep` as a program: what it writes, what it refuses, and that a killed sweep loses nothing.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const SCENE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenes/hazy_film.toml");
const THICKNESS: &str = "layer.film.thickness_um";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relume"));
    command.current_dir(folder).arg("sweep").arg(SCENE).args(["--device", "cpu"]).args(arguments);
    command
}

fn relume(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs, expects an exit code and words on stderr.
fn expect(folder: &Path, arguments: &[&str], code: i32, words: &[&str]) -> Output {
    let output = relume(folder, arguments);
    let text = complaint(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?}: '{word}' is not in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
    output
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_grid_is_written_in_design_order_with_the_last_key_fastest() {
    let folder = TempDir::new().unwrap();
    let vary = ["--vary", "layer.film.thickness_um=5,50", "--vary", "layer.film.emitter.MAPbBr3.plqy=0.5,1"];
    let rest = ["-n", "1000", "--csv", "a.csv", "--json", "a.json", "--out", "folder"];
    expect(folder.path(), &[&vary[..], &rest].concat(), 0, &[]);
    let csv = read(folder.path(), "a.csv");
    let lines: Vec<_> = csv.lines().collect();
    assert!(
        lines[0].starts_with("layer.film.thickness_um,layer.film.emitter.MAPbBr3.plqy,absorptance,absorptance_se,")
    );
    assert!(lines[0].ends_with(",photons,reweighted"));
    let starts: Vec<_> =
        lines[1..].iter().map(|line| line.splitn(3, ',').take(2).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(starts, ["5,0.5", "5,1", "50,0.5", "50,1"]);
    assert!(lines[1].ends_with(",1000,true"), "{}", lines[1]);
    assert!(!csv.contains("NaN"));
    assert_eq!(read(&folder.path().join("folder"), "sweep.csv"), csv);
    let json: serde_json::Value = serde_json::from_str(&read(folder.path(), "a.json")).unwrap();
    assert_eq!(json["schema"], "relume.sweep/1");
    assert_eq!(json["designs"].as_array().unwrap().len(), 4);
    assert_eq!((&json["designs_planned"], &json["interrupted"]), (&4.into(), &false.into()));
    assert!(!folder.path().join("a.csv.journal").exists(), "a journal goes when its CSV is in place");
    std::fs::write(folder.path().join("d.csv"), format!("{THICKNESS}\n50\n5\n")).unwrap();
    let table = expect(folder.path(), &["--designs", "d.csv", "-n", "500", "--csv", "-"], 0, &[]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.lines().nth(1).unwrap().starts_with("50,"), "{table}");
}

#[test]
fn a_best_design_at_an_end_is_told() {
    let folder = TempDir::new().unwrap();
    let page = |values: &str| {
        let vary = format!("{THICKNESS}={values}");
        let set = ["--set", "layer.film.scattering.mu_s_per_cm=100"];
        let arguments =
            [&["--vary", &vary, "--best", "absorptance", "-n", "2000", "--json", "a.json"][..], &set].concat();
        String::from_utf8(expect(folder.path(), &arguments, 0, &[]).stdout).unwrap()
    };
    assert!(page("5,20,80").contains("It lies at an end of what was varied (film thickness / µm)"));
    let json: serde_json::Value = serde_json::from_str(&read(folder.path(), "a.json")).unwrap();
    assert_eq!(json["settings"][0]["key"], "layer.film.scattering.mu_s_per_cm");
    // of two values the better one is always an end
    assert!(!page("5,20").contains("at an end"));
}

#[test]
fn what_designs_assume_is_told_on_the_page() {
    let folder = TempDir::new().unwrap();
    let output = expect(folder.path(), &["--vary", &format!("{THICKNESS}=0.5,50"), "-n", "1000"], 0, &[]);
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(page.contains("What was assumed") && page.contains("0.5 um is thin for rays"), "{page}");
    let output = expect(folder.path(), &["--vary", &format!("{THICKNESS}=5,50"), "-n", "1000"], 0, &[]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("thin for rays"));
    // a table on stdout leaves no room for the best design
    let best = ["--vary", &format!("{THICKNESS}=5,50"), "-n", "1000", "--best", "eqy", "--csv", "-"];
    expect(folder.path(), &best, 0, &["Best eqy: 9", " % at thickness_um = "]);
}

/// What white light is mixed of: each emitter's share by face, the same as a run says, also after a resume.
#[test]
fn the_light_of_each_of_several_emitters_is_told() {
    let folder = TempDir::new().unwrap();
    let dots = "[[layer.emitter]]\nname = \"red, large\"\nplqy = 0.8\nabsorption = 20\nemission = { peak_nm = 545, fwhm_nm = 10 }\n";
    let scene = std::fs::read_to_string(SCENE).unwrap();
    std::fs::write(folder.path().join("two.toml"), scene.clone() + dots).unwrap();
    let two = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relume"));
        let output = command.current_dir(folder.path()).args(arguments).args(["--device", "cpu"]).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        output
    };
    let vary = format!("{THICKNESS}=20,50");
    let sweep = ["sweep", "two.toml", "--vary", &vary, "-n", "20000", "--csv", "a.csv", "--json", "a.json"];
    two(&sweep);
    let csv = read(folder.path(), "a.csv");
    let header = csv.lines().next().unwrap();
    assert!(header.contains("by_emitter.MAPbBr3.front_emission,by_emitter.MAPbBr3.front_emission_se"), "{header}");
    assert!(header.contains("\"by_emitter.red, large.edge_emission\"") && header.ends_with(",photons,reweighted"));
    let json: serde_json::Value = serde_json::from_str(&read(folder.path(), "a.json")).unwrap();
    let run = two(&["run", "two.toml", "--set", &format!("{THICKNESS}=50"), "-n", "20000", "--json"]);
    let run: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    for emitter in ["MAPbBr3", "red, large"] {
        let own = &json["designs"][1]["quantities"][&format!("by_emitter.{emitter}.back_emission")];
        assert!(own["value"].as_f64().unwrap() > 0.01);
        assert_eq!(own, &run["by_emitter"][emitter]["back_emission"]);
    }
    // what a killed sweep left is read again, names and all
    let mut killed = Command::new(env!("CARGO_BIN_EXE_relume"));
    let long = ["sweep", "two.toml", "--vary", &vary, "-n", "2e6", "--csv", "b.csv", "--device", "cpu"];
    let mut child = killed.current_dir(folder.path()).args(long).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    let journal = folder.path().join("b.csv.journal");
    let done = || std::fs::read_to_string(&journal).is_ok_and(|text| text.lines().count() > 1);
    while !done() && child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    two(&[&long[..8], &["--resume"]].concat());
    two(&[&long[..6], &["--csv", "c.csv"]].concat());
    assert_eq!(read(folder.path(), "b.csv"), read(folder.path(), "c.csv"));

    // partner: one emitter alone has no columns of its own
    std::fs::write(folder.path().join("two.toml"), scene).unwrap();
    two(&sweep);
    assert!(!read(folder.path(), "a.csv").contains("by_emitter"));
}

#[test]
fn bad_input_is_answered_with_what_was_meant() {
    let folder = TempDir::new().unwrap();
    let on = |vary: &str, words: &[&str]| expect(folder.path(), &["--vary", vary, "--csv", "x.csv"], 1, words);
    on("layer.film.thicknes_um=1:5:3", &["unknown key", THICKNESS]);
    on("layer.film.thickness_um=200:5:50", &["backwards", "5:200:50"]);
    on("layer.film.thickness_um=0:5:5:log", &["cannot pass 0"]);
    on("layer.film.thickness_um=-1:5:13", &["design 1 (", "design 2 (", "above 0"]);
    on("layer.film.thickness_um=nan", &["finite"]);
    expect(folder.path(), &[], 2, &["--vary"]);
    expect(folder.path(), &["--vary", "thickness"], 2, &["KEY=VALUES"]);
    expect(folder.path(), &["--vary", "layer.film.thickness_um=1,2", "--best", "eqi"], 2, &["eqy"]);
    expect(folder.path(), &["--vary", "layer.film.thickness_um=1,2", "--resume"], 2, &["--csv"]);
    let set = ["--vary", "layer.film.thickness_um=1,2", "--set", "layer.film.thickness_um=3"];
    expect(folder.path(), &set, 1, &["varied"]);
    let set = ["--vary", "layer.film.thickness_um=1,2", "--set", "layer.film.thickness_nm=3"];
    expect(folder.path(), &set, 1, &["thickness_um is varied, and --set layer.film.thickness_nm sets the same"]);
    let best = ["--vary", "layer.film.thickness_um=1,2", "--best", "eqe", "--csv", "x.csv"];
    expect(folder.path(), &best, 1, &["--best eqe: has no meaning for any of these designs"]);
    expect(folder.path(), &["--designs", "none.csv"], 1, &["none.csv"]);
    std::fs::write(folder.path().join("d.csv"), format!("{THICKNESS}\n50\n\n-5\n")).unwrap();
    expect(folder.path(), &["--designs", "d.csv"], 1, &["d.csv:4: design 2 (", "above 0"]);
    std::fs::remove_file(folder.path().join("d.csv")).unwrap();
    expect(folder.path(), &["--vary", "layer.film.thickness_um=1,2", "--csv", "no/x.csv"], 1, &["no/x.csv"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

/// As `run` does: no number of photons reaches a target for a quantity without meaning.
#[test]
fn a_target_without_meaning_is_refused_before_the_first_photon() {
    let folder = TempDir::new().unwrap();
    let scene = concat!(env!("CARGO_MANIFEST_DIR"), "/scenes/clear_slab.toml");
    let target = |quantity: &str| {
        let target = format!("{quantity}:0.01");
        let arguments = ["sweep", scene, "--vary", "layer.slab.index=1.4,1.5", "--device", "cpu", "--target", &target];
        Command::new(env!("CARGO_BIN_EXE_relume")).current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let refused = target("pump_leakage");
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    for part in ["design 1 (", "design 2 (", "'pump_leakage' has no meaning"] {
        assert!(complaint(&refused).contains(part), "{part}: {}", complaint(&refused));
    }
    assert_eq!(target("eqy").status.code(), Some(0));
}

/// While a million designs are validated, a request to end ends the process at once and leaves nothing. (SIGTERM: a shell
/// that starts tests in the background has them ignore Ctrl-C.)
#[cfg(unix)]
#[test]
fn an_interrupt_is_heard_while_designs_are_validated() {
    let folder = TempDir::new().unwrap();
    let vary = ["--vary", "layer.film.thickness_um=5:200:1000:log", "--vary", "layer.film.index=1.4:1.6:1000"];
    let mut child = command(folder.path(), &[&vary[..], &["-n", "100", "--csv", "a.csv"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it is under way");
    let begun = Instant::now();
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success() && begun.elapsed() < Duration::from_secs(2), "{status} after {:?}", begun.elapsed());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_unreachable_target_is_told_with_results_written() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--vary", "layer.film.thickness_um=5,50", "-n", "3000", "--target", "eqy:1e-6", "--csv", "a.csv"];
    expect(folder.path(), &arguments, 5, &["2 designs did not reach the target"]);
    assert_eq!(read(folder.path(), "a.csv").lines().count(), 3);
}

#[test]
fn a_resume_of_another_sweep_is_refused() {
    let folder = TempDir::new().unwrap();
    let vary = ["--vary", "layer.film.thickness_um=5:200:400:log", "--csv", "a.csv"];
    let mut child = command(folder.path(), &[&vary[..], &["-n", "1e5"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let journal = folder.path().join("a.csv.journal");
    let begun = Instant::now();
    while std::fs::read_to_string(&journal).map_or(0, |text| text.lines().count()) < 3 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the journal does not grow");
        std::thread::sleep(Duration::from_millis(5));
    }
    expect(folder.path(), &[&vary[..], &["-n", "1e5", "--resume"]].concat(), 1, &["another sweep is writing it"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let before = read(folder.path(), "a.csv.journal");
    let refused = |more: &[&str], word: &str| {
        expect(folder.path(), &[&vary[..], &["--resume"], more].concat(), 1, &["another sweep", word]);
    };
    refused(&["-n", "1e5", "--seed", "2"], "seed: the journal has 1, this is 2");
    refused(&["-n", "1e5", "--stratified"], "stratified: the journal has false, this is true");
    refused(&["-n", "2e5"], "photons: the journal has 100000, this is 200000");
    refused(&["-n", "1e5", "--target", "eqy:0.1"], "target");
    refused(&["-n", "1e5", "--set", "layer.film.index=1.4"], "scene");
    let other = ["--vary", "layer.film.thickness_um=5,7", "--csv", "a.csv", "--resume", "-n", "1e5"];
    expect(folder.path(), &other, 1, &["designs"]);
    let same = [&vary[..], &["-n", "1e5"]].concat();
    expect(folder.path(), &same, 1, &["finished designs of this very sweep", "--resume"]);
    assert_eq!(read(folder.path(), "a.csv.journal"), before, "a refusal changes nothing");
    // without --resume another sweep starts anew, and says so
    let anew = ["--vary", "layer.film.thickness_um=5,7", "--csv", "a.csv", "-n", "100"];
    expect(folder.path(), &anew, 0, &["starting anew"]);
    expect(folder.path(), &[&anew[..], &["--resume"]].concat(), 0, &["starting afresh"]);
    std::fs::write(&journal, "my notes\nof today\n").unwrap();
    for more in [&[][..], &["--resume"]] {
        expect(folder.path(), &[&anew[..], more].concat(), 1, &["a.csv.journal", "is no journal"]);
    }
    assert_eq!(read(folder.path(), "a.csv.journal"), "my notes\nof today\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_clear_error() {
    let folder = TempDir::new().unwrap();
    let vary = ["--vary", "layer.film.thickness_um=5:200:40:log", "-n", "100"];
    let output = expect(folder.path(), &[&vary[..], &["--csv", "/dev/full"]].concat(), 1, &["No space left"]);
    assert_eq!(complaint(&output).lines().count(), 1);
    // files of at most 4 KiB: the journal fills up on the way
    let line = format!(
        "trap '' XFSZ; ulimit -f 4; exec {} sweep {SCENE} --device cpu {} --csv a.csv",
        env!("CARGO_BIN_EXE_relume"),
        vary.join(" ")
    );
    let output = Command::new("sh").arg("-c").arg(line).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    assert_eq!(complaint(&output).lines().count(), 1, "{}", complaint(&output));
    assert!(!folder.path().join("a.csv").exists());
    expect(folder.path(), &[&vary[..], &["--csv", "a.csv", "--resume"]].concat(), 0, &["going on"]);
    expect(folder.path(), &[&vary[..], &["--csv", "b.csv"]].concat(), 0, &[]);
    assert_eq!(read(folder.path(), "a.csv"), read(folder.path(), "b.csv"));
}

/// Killed 50 times at random moments, and resumed until it is done: the same bytes each time.
#[test]
fn fifty_kills_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let vary = ["--vary", "layer.film.thickness_um=5:200:24:log", "-n", "2^14", "--target", "eqy:0.0035"];
    let begun = Instant::now();
    relume(folder.path(), &[&vary[..], &["--csv", "whole.csv"]].concat());
    let whole = read(folder.path(), "whole.csv");
    let span_ms = begun.elapsed().as_millis() as u64;
    let (mut kills, mut state, mut halfway) = (0, 12345u64, 0);
    while kills < 50 {
        let arguments = [&vary[..], &["--csv", "a.csv", "--resume"]].concat();
        let mut child = command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis((state >> 33) % span_ms.max(2)));
        if child.try_wait().unwrap().is_some() {
            // done before the blow: one whole result more
            assert_eq!(read(folder.path(), "a.csv"), whole);
            std::fs::remove_file(folder.path().join("a.csv")).unwrap();
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        let held = std::fs::read_to_string(folder.path().join("a.csv.journal")).unwrap_or_default().lines().count();
        halfway += usize::from(held > 1);
        // every blow is followed by a resume that may be struck again; every second one runs to its end
        if kills % 2 == 0 {
            relume(folder.path(), &arguments);
            assert_eq!(read(folder.path(), "a.csv"), whole, "after {kills} kills");
            std::fs::remove_file(folder.path().join("a.csv")).unwrap();
        }
    }
    assert!(halfway >= 10, "only {halfway} of 50 kills struck a sweep under way");
}

#[test]
fn the_curve_over_plqy_has_21_points() {
    let folder = TempDir::new().unwrap();
    let arguments = ["run", SCENE, "--device", "cpu", "-n", "2000", "--plqy-curve", "--json"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_relume")).current_dir(folder.path()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["designs"].as_array().unwrap().len(), 21);
    assert_eq!(json["photons"], 2000);
}
