//! The table of docs/reproduction.md against runs of today.

#[path = "../examples/reproduce/study.rs"]
mod study;

use relume::outcome::Estimate;
use study::{BARE, CLAIMS, clear_hosts, concentration, estimate, plqy, run_one};

const PHOTONS: u64 = 40_000;
/// Another than the table's, so that the two are independent.
const SEED: u64 = study::SEED + 20_250;

fn text() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reproduction.md");
    std::fs::read_to_string(path).expect("docs/reproduction.md is there")
}

/// The cells of the row that begins with `what`.
fn row(text: &str, what: &str) -> Vec<String> {
    let start = format!("| {what} |");
    let line = text.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no row '{what}'"));
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
}

/// `0.914 ± 0.002` as two numbers.
fn number(cell: &str) -> (f64, f64) {
    let (value, se) = cell.split_once('±').unwrap_or((cell, "0"));
    (value.trim().parse().unwrap(), se.trim().parse().unwrap())
}

/// Sigmas between a number of the document and one of today.
fn sigmas((value, se): (f64, f64), now: Estimate) -> f64 {
    // What was written is rounded.
    let error = se.hypot(now.se.unwrap()).hypot(1e-4);
    (value - now.value.unwrap()).abs() / error
}

#[test]
fn the_table_is_true() {
    let text = text();
    for claim in &CLAIMS {
        let cells = row(&text, claim.what);
        assert_eq!(number(&cells[1]).0, claim.published, "{}", claim.what);
        for (cell, clear) in [(&cells[2], true), (&cells[3], false)] {
            let now = claim.run(clear, PHOTONS, SEED).unwrap();
            let off = sigmas(number(cell), now);
            assert!(off < 5.0, "{}: written {cell}, now {now:?}, {off:.1} sigma", claim.what);
        }
        assert_eq!(cells[4], claim.how, "{}", claim.what);
    }
}

#[test]
fn a_wrong_table_is_seen() {
    let (value, se) = number(&row(&text(), CLAIMS[0].what)[2]);
    assert!(sigmas((value + 0.02, se), CLAIMS[0].run(true, PHOTONS, SEED).unwrap()) > 5.0);
}

#[test]
fn the_fit_of_the_bare_film_is_true() {
    let text = text();
    for (name, hosts) in [("clear resin and PET", &clear_hosts()[..]), ("scene as it is", &[])] {
        let cells = row(&text, name);
        let (fitted, _) = number(&cells[1]);
        for (wt_pct, cell) in [(1.0, &cells[2]), (40.0, &cells[3])] {
            let changes = [&[concentration(wt_pct), plqy(fitted)], hosts].concat();
            let now = run_one(BARE, &changes, PHOTONS, SEED).unwrap();
            let off = sigmas(number(cell), estimate(&now, "plqy_external"));
            assert!(off < 5.0, "{name}, {wt_pct} wt%: {off:.1} sigma");
        }
    }
    // What the project asks for: within two points of the published 48 % at 40 wt%, where 1 wt% gives 81 %.
    let cells = row(&text, "clear resin and PET");
    assert!((number(&cells[2]).0 - 0.81).abs() < 0.005);
    assert!((number(&cells[3]).0 - 0.48).abs() < 0.02, "{}", cells[3]);
}
