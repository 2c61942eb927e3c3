//! Plots of a sweep as SVG: curves with error bands over one varied key, heat maps with contour lines over two.

mod axis;
mod colours;
mod compare;
pub mod contour;
pub mod curves;
mod families;
mod frame;
mod key_title;
pub mod map;

pub use compare::{Series, compare};
pub use key_title::key_title;

use super::plot::PlotError;
use crate::sweep::SweepResult;

/// The pictures of a sweep.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// File names and SVG texts.
    pub plots: Vec<(String, String)>,
    /// Why there are none, and what to do about it.
    pub refused: Option<String>,
}

impl Pictures {
    fn refused(reason: String) -> Self {
        Self { plots: Vec::new(), refused: Some(reason) }
    }
}

/// All plots of a sweep, or a sentence that says why it has none.
///
/// # Errors
/// What the plotting library refuses.
pub fn pictures(result: &SweepResult) -> Result<Pictures, PlotError> {
    if result.rows.is_empty() {
        return Ok(Pictures::refused("The sweep has no designs to draw.".to_string()));
    }
    match result.keys.len() {
        0 => Ok(Pictures::refused("No key was varied, so that there is nothing to draw; give one with --vary.".into())),
        1 => Ok(Pictures { plots: curves::plots(result)?, refused: None }),
        2 => map::pictures(result),
        _ => Ok(Pictures::refused(too_many(result))),
    }
}

/// A picture has two axes. Says which keys to hold, and at which values.
fn too_many(result: &SweepResult) -> String {
    let row = result.best.as_ref().and_then(|best| result.rows.get(best.row)).or(result.rows.first());
    let held = result.keys.iter().enumerate().skip(2).map(|(i, key)| {
        let value = row.and_then(|row| row.values.get(i)).map_or("VALUE", String::as_str);
        format!("--set {}={value}", key.key)
    });
    let what = if result.best.is_some() { "the best design's values" } else { "the values of one design" };
    format!(
        "{} keys were varied, and a picture has room for two. For a slice, vary two of them and hold the others, \
         for example at {what}: {}. The table holds every design.",
        result.keys.len(),
        held.collect::<Vec<_>>().join(" ")
    )
}
