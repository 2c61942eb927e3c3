//! Every design is built once before any of them runs, so that a long sweep does not fail in its middle.

use std::fmt::Display;

use rayon::prelude::*;

use super::plan::Plan;
use crate::scene::{Document, Problems, Scene};

/// Problems shown; the rest are counted.
const SHOWN: usize = 10;
/// Designs built at a time.
const BLOCK: usize = 4096;

/// Builds the scene of one design.
///
/// # Errors
/// Everything that is wrong with it.
pub fn scene(document: &Document, plan: &Plan, design: usize) -> Result<Scene, Problems> {
    document.with(&plan.settings(design))?.scene()
}

/// Builds every design and asks whether it can be looked at as it will be. Returns what the scenes assumed, each once.
///
/// # Errors
/// The first problems, a line each with the values of its design, and the number of the others.
pub fn validate<E: Display + Send>(
    document: &Document,
    plan: &Plan,
    check: impl Fn(Scene) -> Result<Vec<String>, E> + Sync,
) -> Result<Vec<String>, Vec<String>> {
    let (mut lines, mut more, mut notes) = (Vec::new(), 0, Vec::<String>::new());
    for first in (0..plan.len()).step_by(BLOCK) {
        let block = first..plan.len().min(first + BLOCK);
        let built: Vec<_> =
            block.into_par_iter().map(|design| (design, scene(document, plan, design).map(&check))).collect();
        for (design, outcome) in built {
            match outcome {
                Ok(Err(why)) if lines.len() < SHOWN => lines.push(format!("{}: {why}", named(plan, design))),
                Ok(Err(_)) => more += 1,
                Ok(Ok(own)) => own.into_iter().for_each(|note| {
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }),
                Err(problems) if lines.len() < SHOWN => {
                    lines.push(format!("{}: {}", named(plan, design), problems.lines().join("; ")));
                }
                Err(_) => more += 1,
            }
        }
    }
    if more > 0 {
        lines.push(format!("and {more} more designs with problems"));
    }
    if lines.is_empty() { Ok(notes) } else { Err(lines) }
}

/// What a scene assumed.
///
/// # Errors
/// Why photons cannot be followed through it.
pub fn for_photons(scene: Scene) -> Result<Vec<String>, String> {
    scene.transportable()?;
    let of_transport: Vec<_> = scene.transport_notes().collect();
    Ok(scene.notes.into_iter().chain(of_transport).collect())
}

/// How messages call a design: by its number and values.
pub fn named(plan: &Plan, design: usize) -> String {
    let values: Vec<_> = plan.settings(design).iter().map(|(key, value)| format!("{key}={value}")).collect();
    let place = plan.place(design).map_or_else(String::new, |place| format!("{place}: "));
    format!("{place}design {} ({})", design + 1, values.join(", "))
}
