//! Many designs of a stack, by waves alone.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::dipoles::{Detail, Emission};
use super::quantities;
use super::subject::{chosen, radiates};
use super::{StackProblem, Tandem};
use crate::scene::{Document, Scene};
use crate::sweep::validate::{self, named};
use crate::sweep::{DesignRow, Plan};

/// Whether the dipole of a scene can be looked at, before that is done: that there is one, and that its packet is
/// known at every wavelength. Returns what was assumed.
///
/// # Errors
/// Why not.
pub fn check(scene: Scene) -> Result<Vec<String>, StackProblem> {
    let (layer, emitter) = chosen(&scene, &mut Vec::new()).ok_or(StackProblem::NoDipole)?;
    let emitter = &scene.layers[layer].emitters[emitter];
    let dipole = emitter.dipole.as_ref().ok_or(StackProblem::NoDipole)?;
    radiates(&scene, layer, emitter, dipole)?;
    Ok(scene.notes)
}

/// What came of the designs.
#[derive(Debug)]
pub struct Swept {
    /// In design order; `None` for those that an interruption left undone.
    pub rows: Vec<Option<DesignRow>>,
    /// What a reader should know, each once.
    pub notes: Vec<String>,
}

/// The numbers of every design. `go_on` is asked before each one, `done` is told after it.
///
/// # Errors
/// A design that is no scene or whose waves cannot be followed, by name.
pub fn sweep(
    document: &Document,
    plan: &Plan,
    go_on: &(dyn Fn() -> bool + Sync),
    done: &(dyn Fn() + Sync),
) -> Result<Swept, String> {
    let failed = AtomicBool::new(false);
    let rows: Vec<Result<_, String>> = (0..plan.len())
        .into_par_iter()
        .map(|design| {
            if failed.load(Ordering::Relaxed) || !go_on() {
                return Ok(None);
            }
            let row = row(document, plan, design).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
            done();
            Ok(Some(row))
        })
        .collect();
    let mut swept = Swept { rows: Vec::with_capacity(rows.len()), notes: Vec::new() };
    for row in rows {
        let (row, notes) = row?.unzip();
        swept.rows.push(row);
        for note in notes.into_iter().flatten().filter(|note: &String| !swept.notes.contains(note)).collect::<Vec<_>>()
        {
            swept.notes.push(note);
        }
    }
    Ok(swept)
}

fn row(document: &Document, plan: &Plan, design: usize) -> Result<(DesignRow, Vec<String>), String> {
    let told = |why: String| format!("{}: {why}", named(plan, design));
    let scene = validate::scene(document, plan, design).map_err(|why| told(why.to_string()))?;
    let (layer, emitter) = chosen(&scene, &mut Vec::new()).ok_or_else(|| told(StackProblem::NoDipole.to_string()))?;
    let mut notes = Vec::new();
    let emission =
        Emission::new(&scene, layer, emitter, &Detail::numbers(), &mut notes).map_err(|why| told(why.to_string()))?;
    let tandem = Tandem::of(&scene).map_err(|why| told(why.to_string()))?;
    let quantities = quantities::all(&emission, tandem.as_ref());
    Ok((DesignRow { values: plan.values(design), photons: 0, quantities, reweighted: false, reached: true }, notes))
}
