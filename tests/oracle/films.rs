//! Nanocrystal films at five concentrations, against the Monte Carlo runs from which their model was made.

use std::path::PathBuf;

use relume::scene::{self, Scene};

use super::judge::{Check, Judgement, Sums, jackknife};
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
        let emits = vec![
            near("EQY", |s| s.emission() as f64 / s.launched() as f64, eqy),
            near("PLQY", |s| s.emission() as f64 / s.absorbed() as f64, plqy),
        ];
        let reabsorbs = vec![near("reabsorption probability", Sums::reabsorption, p)];
        [
            Case::new("films", name.clone(), film(row, row.number("eta_int")), photons, emits),
            Case::new("films_at_plqy_1", name, film(row, 1.0), photons / 4, reabsorbs),
        ]
    };
    table.iter().flat_map(case).collect()
}

/// Within the tolerance, of which the statistical error is less than half.
fn near(what: &'static str, quantity: fn(&Sums) -> f64, expected: f64) -> Check {
    Box::new(move |counts| {
        let (measured, sigma) = jackknife(counts, quantity);
        let judgement = Judgement::new(what, (measured, 0.0), (expected, TOLERANCE / super::judge::SIGMAS));
        vec![judgement.sharp_if(sigma < TOLERANCE / 2.0)]
    })
}
