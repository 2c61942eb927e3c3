//! Results to make reports of.

use std::path::Path;

use relume::compile::compile;
use relume::cpu::CpuEngine;
use relume::engine::{DeviceInfo, DeviceKind, Engine, Unwatched};
use relume::outcome::{DEFINITIONS, Estimate, Named, Outcome};
use relume::report::Run;
use relume::report::html::{self, Given};
use relume::scene;
use relume::simulate::{Settings, simulate};
use relume::sweep::{Best, DesignRow, Launched, Scale, SweepResult, VariedKey};

pub const GIVEN: Given = Given { command: "relume sweep film.toml", scene_text: "schema = 1 # < & >", settings: &[] };

/// The report of a short run of a shipped scene under a title, and what it reports.
pub fn run_report(title: &str) -> (String, Outcome) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/hs_mapbbr3_film.toml");
    let loaded = scene::load(&path, &[("title".into(), toml::Value::from(title).to_string())]).unwrap();
    let tables = compile([&loaded.scene], true);
    let engine = CpuEngine::new("a processor");
    let settings = Settings { photons: 20_000, seed: 1, target: None };
    let run = pollster::block_on(simulate(&engine, &loaded.scene, &tables, &settings, &Unwatched)).unwrap();
    let outcome = Outcome::new(&run.counts, &loaded.scene);
    let changes = [("title".to_string(), title.to_string())];
    let report = Run {
        scene: &loaded.scene,
        scene_hash: &loaded.hash,
        device: engine.device(),
        settings: &changes,
        seed: 1,
        target: None,
        counts: &run.counts,
        outcome: &outcome,
        stopped: run.stopped,
        wall_s: 0.1,
        engine_s: 0.1,
    };
    let given = Given { command: "relume run film.toml", scene_text: &loaded.text, settings: &changes };
    (html::run(&report, &given).unwrap(), outcome)
}

/// A grid of designs in which every quantity is the same function of the varied values; the largest is the best.
pub fn sweep_of(keys: &[(&str, &[f64])], value: impl Fn(&[f64]) -> f64) -> SweepResult {
    let mut designs: Vec<Vec<f64>> = vec![Vec::new()];
    for (_, values) in keys {
        designs =
            designs.iter().flat_map(|own| values.iter().map(|next| [own.as_slice(), &[*next]].concat())).collect();
    }
    let rows: Vec<_> = designs
        .iter()
        .map(|at| {
            let estimate = Estimate::new(Some(value(at)), Some(0.001));
            let quantities = DEFINITIONS.iter().map(|definition| (definition.key.into(), estimate));
            DesignRow {
                values: at.iter().map(f64::to_string).collect(),
                photons: 16_384,
                quantities: Named(quantities.collect()),
                reweighted: false,
                reached: true,
            }
        })
        .collect();
    let eqy = |row: &DesignRow| row.quantity("eqy").value.unwrap_or(0.0);
    let best = (0..rows.len()).max_by(|a, b| eqy(&rows[*a]).total_cmp(&eqy(&rows[*b])));
    let best =
        best.map(|row| Best { quantity: "eqy".into(), row, estimate: rows[row].quantity("eqy"), ties: Vec::new() });
    SweepResult {
        interrupted: false,
        title: "A film".into(),
        scene_hash: "0".repeat(32),
        launched: Some(Launched {
            seed: 1,
            stratified: false,
            device: DeviceInfo { name: "a processor".into(), backend: "cpu".into(), kind: DeviceKind::Cpu },
            photons: 16_384 * rows.len() as u64,
        }),
        settings: Vec::new(),
        planned: rows.len(),
        keys: keys.iter().map(|(key, _)| VariedKey { key: (*key).into(), scale: Scale::Linear }).collect(),
        rows,
        best,
        notes: vec!["something was assumed".into()],
        seconds: 1.0,
    }
}
