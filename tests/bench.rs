//! `relume bench` from outside, on the processor and with little time.

use std::fs;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use relume::bench::{Record, SCENES, Status, read};

fn bench(args: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("relume").expect("the binary was built for this test");
    command.env("NO_COLOR", "1").args(["bench", "--device", "cpu", "--seconds", "0.1"]).args(args).assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).expect("output is UTF-8")
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).expect("messages are UTF-8")
}

fn record(text: &str) -> Record {
    read(text).expect("a benchmark")
}

#[test]
fn every_scene_passes_and_has_its_numbers() {
    let record = record(&stdout(&bench(&["--json"]).success()));
    let keys: Vec<_> = record.scenes.iter().map(|scene| scene.scene.as_str()).collect();
    assert_eq!(keys, SCENES.map(|scene| scene.key));
    for scene in &record.scenes {
        assert_eq!((scene.status, &scene.why), (Status::Passed, &None), "{scene:?}");
        let rates = scene.rates.as_ref().expect("rates of a scene that passed");
        assert!(rates.photons_per_s > 0.0 && rates.spread >= 0.0 && rates.repeats >= 3, "{rates:?}");
        assert!(rates.events_per_photon > 1.0 && scene.table_bytes > 0);
        assert_eq!(rates.precision.is_some(), scene.scene != "sweep");
        assert!(!scene.checks.is_empty());
    }
    assert_eq!(record.scenes.last().map(|sweep| sweep.designs), Some(2000));
    assert!(record.score.is_some_and(|score| score > 0.0));
    assert_eq!((record.device.backend.as_str(), &record.driver), ("cpu", &None));
    assert!(record.threads > 0);
}

#[test]
fn an_earlier_file_stands_beside() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, odd) = (folder.path().join("earlier.json"), folder.path().join("odd.json"));
    let file = file.display().to_string();
    let page = stdout(&bench(&["--scene", "m1", "--json", &file]).success());
    assert!(page.contains("No score") && !page.contains("film  "), "{page}");

    let mut earlier = record(&fs::read_to_string(&file).expect("the file that was asked for"));
    earlier.device.name = "a device of old".into();
    fs::write(&file, serde_json::to_string(&earlier).expect("JSON")).expect("a file");
    let page = stdout(&bench(&["--scene", "M1", "--compare", &file]).success());
    assert!(page.contains("there: a device of old (cpu)") && page.contains("here / there"), "{page}");

    fs::write(&odd, r#"{"schema": "relume.result/1"}"#).expect("a file");
    let refused = bench(&["--scene", "M1", "--compare", &odd.display().to_string()]).failure().code(1);
    assert!(stderr(&refused).contains("relume.bench/1"));
}

#[test]
fn wrong_words_are_usage_errors() {
    for args in [["--scene", "M2"], ["--quick", "--json=-"]] {
        bench(&args).failure().code(2);
    }
}
