//! `relume sweep --stack`: designs of a stack by waves alone, each with the numbers that `relume stack` gives it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const LED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenes/led_cspbi3_pin.toml");
const FILM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenes/hazy_film.toml");
const THICKNESS: &str = "layer.TCTA.thickness_nm";
const DIPOLE: &str = "layer.NC.emitter.CsPbI3";

fn relume(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relume")).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs, expects an exit code and words on stderr.
fn expect(folder: &Path, arguments: &[&str], code: i32, words: &[&str]) -> Output {
    let output = relume(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?}: '{word}' is not in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
    output
}

/// A CSV as its header and rows.
fn table(text: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().unwrap().iter().map(str::to_string).collect();
    (header, reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect())
}

/// The number of `relume stack --json` that a column is named after.
fn in_stack<'a>(dipole: &'a Value, column: &str) -> &'a Value {
    match column {
        "recycling.p_a" | "recycling.p_a_substrate" | "recycling.p_out" => {
            &dipole["recycling"]["spacers"][0][&column["recycling.".len()..]]
        }
        _ => column.split('.').fold(dipole, |at, part| &at[part]),
    }
}

fn stack(folder: &Path, settings: &[(&str, &str)]) -> Value {
    let mut arguments = vec!["stack".to_string(), LED.to_string(), "--json".to_string()];
    for (key, value) in settings {
        arguments.extend(["--set".to_string(), format!("{key}={value}")]);
    }
    let output = expect(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), 0, &[]);
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["dipole"].clone()
}

/// The largest difference between a row and what `relume stack` says of a design.
fn difference(header: &[String], row: &[String], dipole: &Value, keys: usize) -> f64 {
    let of = header.iter().zip(row).skip(keys).map(|(name, cell)| {
        let number = in_stack(dipole, name).as_f64().unwrap_or_else(|| panic!("{name} is not in the stack's JSON"));
        (number - cell.parse::<f64>().unwrap()).abs() / number.abs().max(1e-3)
    });
    of.fold(0.0, f64::max)
}

/// Thickness, position, orientation and PLQY together; a row with another design's numbers would be seen.
#[test]
fn each_row_holds_what_the_stack_command_says_of_its_design() {
    let folder = TempDir::new().unwrap();
    let (position, horizontal, plqy) = (
        &*format!("{DIPOLE}.dipole.position"),
        &*format!("{DIPOLE}.dipole.orientation.horizontal"),
        &*format!("{DIPOLE}.plqy"),
    );
    let designs = [["40", "0.5", "0.667", "0.98"], ["55", "0.2", "0.9", "0.98"], ["55", "0.2", "0.9", "0.3"]];
    let keys = [THICKNESS, position, horizontal, plqy];
    let mut text = keys.join(",") + "\n";
    designs.iter().for_each(|row| text += &(row.join(",") + "\n"));
    std::fs::write(folder.path().join("designs.csv"), text).unwrap();
    let output = expect(folder.path(), &["sweep", LED, "--stack", "--designs", "designs.csv", "--csv", "-"], 0, &[]);
    let (header, rows) = table(&output.stdout);
    assert!(header.iter().all(|name| !name.ends_with("_se") && name != "photons"), "{header:?}");
    for name in ["purcell", "air", "guided", "recycling.eqe", "colour.current_efficiency_cd_per_a", "by_layer.Ag"] {
        assert!(header.iter().any(|own| own == name), "{name} is not in {header:?}");
    }
    let known: Vec<_> = designs
        .iter()
        .map(|design| stack(folder.path(), &keys.into_iter().zip(design.iter().copied()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(rows.len(), designs.len());
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(row[..keys.len()], designs[i]);
        for (j, known) in known.iter().enumerate() {
            let difference = difference(&header, row, known, keys.len());
            assert!(if i == j { difference < 1e-12 } else { difference > 1e-3 }, "{i} {j}: {difference}");
        }
    }
}

#[test]
fn the_best_design_and_its_maps_are_written() {
    let folder = TempDir::new().unwrap();
    let vary = [["--vary", "layer.TCTA.thickness_nm=20,50,80"], ["--vary", "layer.ZnO.thickness_nm=10:60:2"]];
    let rest = ["--best", "air", "--csv", "a.csv", "--json", "a.json", "--out", "o"];
    let arguments = [&["sweep", LED, "--stack"], vary.concat().as_slice(), &rest].concat();
    let output = expect(folder.path(), &arguments, 0, &[]);
    let (header, rows) = table(&std::fs::read(folder.path().join("a.csv")).unwrap());
    let air = header.iter().position(|name| name == "air").unwrap();
    let value = |row: &Vec<String>| row[air].parse::<f64>().unwrap();
    let best = rows.iter().max_by(|a, b| value(a).total_cmp(&value(b))).unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains(&format!("TCTA thickness / nm = {}, ZnO thickness / nm = {}", best[0], best[1])), "{page}");
    let json: Value = serde_json::from_slice(&std::fs::read(folder.path().join("a.json")).unwrap()).unwrap();
    assert_eq!(
        (&json["schema"], &json["seed"], &json["device"]),
        (&"relume.sweep/1".into(), &Value::Null, &Value::Null)
    );
    assert_eq!(json["best"]["estimate"]["value"].as_f64().unwrap(), value(best));
    assert_eq!(json["designs"].as_array().unwrap().len(), 6);
    let held = folder.path().join("o");
    for name in ["map_air.svg", "map_eqe.svg", "map_guided.svg", "report.html"] {
        assert!(std::fs::read_to_string(held.join(name)).unwrap().contains("<svg"), "{name}");
    }
    assert_eq!(std::fs::read(held.join("sweep.csv")).unwrap(), std::fs::read(folder.path().join("a.csv")).unwrap());
    let one = ["sweep", LED, "--stack", vary[0][0], vary[0][1], "--out", "o", "--overwrite"];
    expect(folder.path(), &one, 0, &[]);
    assert!(std::fs::read_to_string(held.join("budget.svg")).unwrap().contains("guided"));
}

#[test]
fn what_makes_no_sense_without_photons_is_refused() {
    let folder = TempDir::new().unwrap();
    let on = |scene: &str, more: &[&str], code: i32, words: &[&str]| {
        let arguments = [&["sweep", scene, "--stack", "--csv", "x.csv"], more].concat();
        expect(folder.path(), &arguments, code, words);
    };
    let vary = format!("{THICKNESS}=20,30");
    for best in ["by_layer.Sg", "tandem.eqe"] {
        on(LED, &["--vary", &vary, "--best", best], 1, &[best, "has no meaning for any of these designs"]);
    }
    let transparent = ["--vary", &vary, "--best", "recycling.eqe", "--set", "recycling=transparent"];
    on(LED, &transparent, 1, &["has no meaning"]);
    let photons =
        [["-n", "100"], ["--target", "eqy:0.1"], ["--seed", "2"], ["--device", "cpu"], ["--backend", "vulkan"]];
    for option in photons.iter().map(|option| &option[..]).chain([&["--resume"][..], &["--no-reweighting"]]) {
        on(LED, &[&["--vary", &vary], option].concat(), 2, &["--stack", "cannot be used with"]);
    }
    on(LED, &["--vary", &vary, "--best", "eqy"], 2, &["eqy", "photons"]);
    on(LED, &["--vary", &vary, "--best", "aire"], 2, &["air"]);
    let film = ["sweep", FILM, "--vary", "layer.film.thickness_um=5,6", "--best", "air"];
    expect(folder.path(), &film, 2, &["air", "--stack"]);
    on(FILM, &["--vary", "layer.film.thickness_um=5,6"], 1, &["design 1 (layer.film.thickness_um=5)", "dipole"]);
    // one design of several is at fault, and no other is named
    let k = "layer.NC.index={ n = 2.3, k = 0.1 },{ n = 0.2, k = 3 }";
    on(LED, &["--vary", k], 1, &["design 2 (", "metal"]);
    let at_face = format!("{DIPOLE}.dipole.position=0.5,1.5");
    on(LED, &["--vary", &at_face], 1, &["design 2 (", "position"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

/// Lifts by recycling: (PLQY, thin emitter, thick emitter), the PLQY falling.
type Lift = (f64, f64, f64);

/// The thick emitter is lifted more at every PLQY, each lift falls with the PLQY, and in the end to 1.
fn thick_lifts_more_and_all_vanish(lifts: &[Lift]) -> bool {
    let falls = lifts.windows(2).all(|pair| pair[0].1 > pair[1].1 && pair[0].2 > pair[1].2);
    let (plqy, thin, thick) = lifts[lifts.len() - 1];
    falls && lifts.iter().all(|(_, thin, thick)| thick > thin && *thin > 1.0) && thin - 1.0 < plqy && thick - 1.0 < plqy
}

#[test]
fn recycling_lifts_a_thick_emitter_more_and_no_emitter_of_low_plqy() {
    let folder = TempDir::new().unwrap();
    let scene = concat!(env!("CARGO_MANIFEST_DIR"), "/scenes/led_in_situ_core_shell_270nm.toml");
    let vary = [
        "--vary",
        "layer.perovskite.emitter.PeLED.plqy=0.85,0.3,0.01",
        "--vary",
        "layer.perovskite.thickness_nm=30,270",
    ];
    let output = expect(folder.path(), &[&["sweep", scene, "--stack", "--csv", "-"][..], &vary].concat(), 0, &[]);
    let (header, rows) = table(&output.stdout);
    let number = |row: &[String], name: &str| {
        let column = header.iter().position(|own| own == name).unwrap();
        row[column].parse::<f64>().unwrap()
    };
    let lift = |row: &[String]| number(row, "recycling.eqe_bound") / number(row, "recycling.eqe_bound_lost");
    let lifts: Vec<Lift> =
        rows.chunks(2).map(|pair| (pair[0][0].parse().unwrap(), lift(&pair[0]), lift(&pair[1]))).collect();
    assert!(thick_lifts_more_and_all_vanish(&lifts), "{lifts:?}");
    // the wrong way round, or with a lift that stays
    let swapped: Vec<Lift> = lifts.iter().map(|(plqy, thin, thick)| (*plqy, *thick, *thin)).collect();
    let stays: Vec<Lift> = lifts.iter().map(|(plqy, thin, thick)| (*plqy, thin + 0.02, thick + 0.02)).collect();
    assert!(!thick_lifts_more_and_all_vanish(&swapped) && !thick_lifts_more_and_all_vanish(&stays));
    // each as the share taken back says
    for row in &rows {
        let taken = number(row, "recycling.p_a") + number(row, "recycling.p_a_substrate");
        let known = 1.0 / (1.0 - number(row, "effective_plqy") * taken);
        assert!((lift(row) - known).abs() < 0.01 * known, "{} {known}", lift(row));
    }
}
