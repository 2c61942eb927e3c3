//! The table of docs/reproduction.md against runs of today.

#[path = "../examples/reproduce/study.rs"]
mod study;

use relume::outcome::Estimate;
use study::{BARE, CLAIMS, concentration, estimate, plqy, run_one};

const PHOTONS: u64 = 40_000;
/// Another than the table's, so that the two are independent.
const SEED: u64 = 20_251;

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
        let now = claim.run(PHOTONS, SEED).unwrap();
        let off = sigmas(number(&cells[2]), now);
        assert!(off < 5.0, "{}: written {}, now {now:?}, {off:.1} sigma", claim.what, cells[2]);
        assert_eq!(cells[3], claim.how, "{}", claim.what);
    }
}

#[test]
fn a_wrong_table_is_seen() {
    let text = text();
    let cells = row(&text, CLAIMS[0].what);
    let (value, se) = number(&cells[2]);
    assert!(sigmas((value + 0.02, se), CLAIMS[0].run(PHOTONS, SEED).unwrap()) > 5.0);
}

#[test]
fn the_fit_of_the_bare_film_is_true() {
    let text = text();
    let (fitted, _) = number(&row(&text, "internal PLQY fitted to 81 % at 1 wt%")[1]);
    for (wt_pct, what) in [(1.0, "PLQY at 1 wt%"), (40.0, "PLQY at 40 wt%")] {
        let now = run_one(BARE, &[concentration(wt_pct), plqy(fitted)], PHOTONS, SEED).unwrap();
        let off = sigmas(number(&row(&text, what)[1]), estimate(&now, "plqy_external"));
        assert!(off < 5.0, "{what}: {off:.1} sigma");
    }
}
