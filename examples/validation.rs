//! Films of MAPbBr3 nanocrystals at five concentrations, as a table in Markdown: this model, the Monte Carlo runs its
//! parameters come from, and what was measured. `cargo run --release --example validation >> docs/validation.md`

#[path = "../tests/oracle/table.rs"]
mod table;

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use relume::compile::compile;
use relume::counts::{Counts, Fate, GROUPS, Sum};
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, Monitor, PhotonRange};
use relume::scene::{self, Scene};
use table::Row;

const PHOTONS: u64 = 1_000_000;

struct Clock(Instant);

impl Monitor for Clock {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }

    fn progress(&self, _photons: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn main() {
    let rows = table::rows(include_str!("../tests/oracle/data/films.csv"));
    let scenes: Vec<Scene> = rows.iter().flat_map(|row| [film(row, row.number("eta_int")), film(row, 1.0)]).collect();
    let tables = compile(&scenes, false);
    let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
    let ranges: Vec<_> =
        (0..scenes.len()).map(|design| PhotonRange { design: design as u32, first: 0, count: PHOTONS }).collect();
    let job = Job { tables: &tables, seed: 1, ranges: &ranges };
    let engine = CpuEngine::new("cpu");
    pollster::block_on(engine.run(job, &mut counts, &Clock(Instant::now()))).expect("the CPU engine runs");

    println!(
        "| scene | wt% | EQY | reference | PLQY | reference | p | reference | emissions 1/(1-p) | mean nm | reference |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (row, pair) in rows.iter().zip(counts.chunks(2)) {
        let (emits, reabsorbs) = (Numbers::of(&pair[0]), Numbers::of(&pair[1]));
        let reference = |column| row.number(column);
        println!(
            "| {} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.3} | {:.2} | {:.2} |",
            row.text("scene"),
            row.text("wt_pct"),
            emits.eqy,
            reference("EQY"),
            emits.plqy,
            reference("PLQY"),
            reabsorbs.p,
            reference("p_reabs"),
            1.0 / (1.0 - reabsorbs.p),
            reabsorbs.mean_nm,
            reference("mean_escape_nm"),
        );
    }
}

/// The film of a row, at an internal PLQY.
fn film(row: &Row, plqy: f64) -> Scene {
    let name = row.text("scene");
    let emitter = if name == "reference_bare" { "mapbbr3_bare" } else { "mapbbr3_hs" };
    let settings = [
        (format!("layer.film.emitter.{emitter}.concentration_wt_pct"), row.text("wt_pct").to_owned()),
        (format!("layer.film.emitter.{emitter}.plqy"), plqy.to_string()),
        ("layer.film.index".to_owned(), row.text("index").to_owned()),
        ("layer.pet.index".to_owned(), row.text("index").to_owned()),
    ];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes").join(format!("{name}.toml"));
    scene::load(&path, &settings).unwrap_or_else(|problems| panic!("{problems}")).scene
}

struct Numbers {
    eqy: f64,
    plqy: f64,
    /// Chance of emitted light to be reabsorbed.
    p: f64,
    mean_nm: f64,
}

impl Numbers {
    fn of(counts: &Counts) -> Self {
        let sum = |sum| (0..GROUPS).map(|group| counts.sum(group, sum)).sum::<u64>() as f64;
        let left = [Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission].map(|fate| counts.fate_total(fate));
        let left = left.iter().sum::<u64>() as f64;
        let nm256 = sum(Sum::WavelengthLow) + sum(Sum::WavelengthHigh) * 2f64.powi(32);
        Self {
            eqy: left / counts.photons() as f64,
            plqy: left / sum(Sum::FirstAbsorbed),
            p: (sum(Sum::Absorptions) - sum(Sum::FirstAbsorbed)) / sum(Sum::Emissions),
            mean_nm: nm256 / 256.0 / left,
        }
    }
}
