//! Nanocrystal films at five concentrations, against the Monte Carlo runs from which their model was made.

use std::path::PathBuf;

use relume::outcome;
use relume::scene::{self, Scene};

use super::judge::{Check, Judgement};
use super::table::{Row, rows};
use super::{Case, full};

/// A shipped scene with settings.
pub fn load(name: &str, settings: &[(&str, String)]) -> Scene {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenes").join(format!("{name}.toml"));
    let settings: Vec<_> = settings.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    match scene::load(&path, &settings) {
        Ok(loaded) => loaded.scene,
        Err(problems) => panic!("{problems}"),
    }
}

pub fn table() -> Vec<Row> {
    rows(include_str!("data/films.csv"))
}

/// The film of a row, at an internal PLQY.
pub fn film(row: &Row, plqy: f64) -> Scene {
    let scene = row.text("scene");
    let emitter = if scene == "reference_bare" { "mapbbr3_bare" } else { "mapbbr3_hs" };
    let key = |name: &str| format!("layer.film.emitter.{emitter}.{name}");
    let (concentration, plqy_key) = (key("concentration_wt_pct"), key("plqy"));
    let settings = [
        (concentration.as_str(), row.text("wt_pct").to_owned()),
        (plqy_key.as_str(), plqy.to_string()),
        ("layer.film.index", row.text("index").to_owned()),
        ("layer.pet.index", row.text("index").to_owned()),
    ];
    load(scene, &settings)
}

/// The other program's errors reach 0.003 (60,000 photons, and its own table of the absorption edge): twice that.
const TOLERANCE: f64 = 0.006;

pub fn cases() -> Vec<Case> {
    // the EQY is a share of the launched photons, with an error up to 1e-3 in the short run
    let photons = if full() { 2_000_000 } else { 200_000 };
    let table = table();
    let case = |row: &Row| {
        let name = format!("{}_{}", row.text("scene"), row.text("wt_pct"));
        let (eqy, plqy, p) = (row.number("EQY"), row.number("PLQY"), row.number("p_reabs"));
        let (emits, reabsorbs) = (film(row, row.number("eta_int")), film(row, 1.0));
        // nothing but the emitter absorbs, so that this PLQY is eqy / first_absorbed
        let emits_checks = vec![near("eqy", eqy), near("plqy_external", plqy)];
        let reabsorbs_checks = vec![near("reabsorption_probability", p)];
        [
            Case::new("films", name.clone(), emits, photons, emits_checks),
            Case::new("films_at_plqy_1", name, reabsorbs, photons, reabsorbs_checks),
        ]
    };
    table.iter().flat_map(case).collect()
}

/// A quantity of the results within the tolerance, of which its statistical error is less than half.
fn near(key: &'static str, expected: f64) -> Check {
    Box::new(move |counts, scene| {
        let estimate = outcome::quantity(key, counts, scene).expect("a quantity of that key");
        let (measured, sigma) = (estimate.value.expect("a value"), estimate.se.expect("an error"));
        let judgement = Judgement::new(key, (measured, 0.0), (expected, TOLERANCE / super::judge::SIGMAS));
        vec![judgement.sharp_if(sigma < TOLERANCE / 2.0)]
    })
}
