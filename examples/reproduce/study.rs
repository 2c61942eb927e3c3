//! The films of the study, and the published numbers that they are held against.

use std::path::Path;

use relume::compile::compile;
use relume::counts::Counts;
use relume::cpu::CpuEngine;
use relume::engine::{Engine, Job, PhotonRange, Unwatched};
use relume::outcome::{Estimate, Outcome};
use relume::scene::Document;

/// A shipped scene, and the name of the emitter in its film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Film {
    pub scene: &'static str,
    pub emitter: &'static str,
}

pub const SHELL: Film = Film { scene: "scenes/hs_mapbbr3_film.toml", emitter: "mapbbr3_hs" };
pub const BARE: Film = Film { scene: "scenes/bare_mapbbr3_film.toml", emitter: "mapbbr3_bare" };
/// The same stacks with particles of the other perovskite.
pub const CAESIUM_SHELL: Film = Film { scene: SHELL.scene, emitter: "cspbbr3_hs" };
pub const CAESIUM_BARE: Film = Film { scene: BARE.scene, emitter: "cspbbr3_bare" };

pub const SEED: u64 = 1;

/// A value of a key; `{e}` in the key stands for the film's emitter.
pub type Change<'a> = (&'a str, String);

pub fn concentration(wt_pct: f64) -> Change<'static> {
    ("layer.film.emitter.{e}.concentration_wt_pct", wt_pct.to_string())
}

pub fn plqy(plqy: f64) -> Change<'static> {
    ("layer.film.emitter.{e}.plqy", plqy.to_string())
}

/// Resin and PET that absorb nothing, as the fits of the library took them: one index each, and the resin's density.
pub fn clear_hosts() -> [Change<'static>; 3] {
    [
        ("layer.film.index", "1.56".into()),
        ("layer.film.density_g_per_cm3", "1.2".into()),
        ("layer.pet.index", "1.58".into()),
    ]
}

impl Film {
    /// The scene with changes made.
    pub fn with(self, changes: &[Change]) -> anyhow::Result<Document> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(self.scene);
        let own = if self.scene == SHELL.scene { SHELL.emitter } else { BARE.emitter };
        let text = std::fs::read_to_string(&path)?.replace(own, self.emitter);
        let document = Document::parse(&text, self.scene, path.parent().unwrap_or(Path::new("")))?;
        let changes = changes.iter().map(|(key, value)| (key.replace("{e}", self.emitter), value.clone()));
        Ok(document.with(&changes.collect::<Vec<_>>())?)
    }
}

/// Runs designs as one job, each with the same photons.
pub fn run(designs: &[Document], photons: u64, seed: u64) -> anyhow::Result<Vec<Outcome>> {
    let scenes = designs.iter().map(Document::scene).collect::<Result<Vec<_>, _>>()?;
    let tables = compile(&scenes, false);
    let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
    let ranges: Vec<_> =
        (0..scenes.len()).map(|design| PhotonRange { design: design as u32, first: 0, count: photons }).collect();
    let job = Job { tables: &tables, seed, ranges: &ranges };
    pollster::block_on(CpuEngine::new("processor").run(job, &mut counts, &Unwatched))?;
    Ok(counts.iter().zip(&scenes).map(|(counts, scene)| Outcome::new(counts, scene)).collect())
}

/// Runs one design.
pub fn run_one(film: Film, changes: &[Change], photons: u64, seed: u64) -> anyhow::Result<Outcome> {
    let outcomes = run(&[film.with(changes)?], photons, seed)?;
    outcomes.into_iter().next().ok_or_else(|| anyhow::anyhow!("a job of one design has one outcome"))
}

pub fn estimate(outcome: &Outcome, quantity: &str) -> Estimate {
    outcome.quantity(quantity).unwrap_or(Estimate::NONE)
}

/// A published number and the run that answers it.
pub struct Claim {
    pub what: &'static str,
    pub film: Film,
    pub wt_pct: f64,
    /// Internal PLQY other than the library's.
    pub plqy: Option<f64>,
    pub quantity: &'static str,
    pub published: f64,
    pub how: &'static str,
}

const fn claim(
    what: &'static str,
    (film, wt_pct): (Film, f64),
    quantity: &'static str,
    published: f64,
    how: &'static str,
) -> Claim {
    Claim { what, film, wt_pct, plqy: None, quantity, published, how }
}

/// Published, and what it was to this model: `fitted` when the library's numbers were chosen with it in view.
#[rustfmt::skip]
pub const CLAIMS: [Claim; 15] = [
    claim("EQY, shell, 20 wt%", (SHELL, 20.0), "eqy", 0.914, "fitted: haze, between two fits that enclose it"),
    Claim { plqy: Some(1.0), ..claim("EQY ceiling, shell, 20 wt%, internal PLQY 1", (SHELL, 20.0), "eqy", 0.920, "predicted") },
    claim("PLQY, shell, 1 wt%", (SHELL, 1.0), "plqy_external", 1.000, "predicted"),
    claim("PLQY, shell, 40 wt%", (SHELL, 40.0), "plqy_external", 0.981, "fitted: internal PLQY, by the identity"),
    claim("N_PR, shell, 1 wt%", (SHELL, 1.0), "emissions_per_first_emission", 1.42, "fitted: Stokes shift, haze"),
    claim("N_PR, shell, 40 wt%", (SHELL, 40.0), "emissions_per_first_emission", 4.49, "fitted: Stokes shift, haze"),
    claim("eta_PR, shell, 1 wt%", (SHELL, 1.0), "recycling_efficiency", 0.267, "fitted: Stokes shift, haze"),
    claim("eta_PR, shell, 40 wt%", (SHELL, 40.0), "recycling_efficiency", 0.777, "fitted: Stokes shift, haze"),
    claim("p, shell, 1 wt%", (SHELL, 1.0), "reabsorption_probability", 0.267, "fitted: Stokes shift, haze"),
    claim("p, shell, 40 wt%", (SHELL, 40.0), "reabsorption_probability", 0.777, "fitted: Stokes shift, haze"),
    claim("Blue leakage, shell, 20 wt%", (SHELL, 20.0), "pump_leakage", 0.0, "predicted"),
    claim("PLQY, bare, 1 wt%", (BARE, 1.0), "plqy_external", 0.81, "fitted: internal PLQY"),
    claim("PLQY, bare, 40 wt%", (BARE, 40.0), "plqy_external", 0.48, "predicted from 1 wt%; core share and haze fitted to both"),
    claim("PLQY, CsPbBr3 in a shell, taken at 20 wt%", (CAESIUM_SHELL, 20.0), "plqy_external", 0.950, "fitted: internal PLQY, by the identity"),
    claim("PLQY, bare CsPbBr3, taken at 20 wt%", (CAESIUM_BARE, 20.0), "plqy_external", 0.32, "fitted: internal PLQY, by the identity"),
];

impl Claim {
    /// The film as its scene has it, or with hosts that absorb nothing.
    pub fn run(&self, clear: bool, photons: u64, seed: u64) -> anyhow::Result<Estimate> {
        let mut changes = vec![concentration(self.wt_pct)];
        changes.extend(self.plqy.map(plqy));
        if clear {
            changes.extend(clear_hosts());
        }
        Ok(estimate(&run_one(self.film, &changes, photons, seed)?, self.quantity))
    }
}
