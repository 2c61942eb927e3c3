//! Plots of a run as SVG. They need counts kept with detail.

mod angles;
pub(super) mod chart;
mod lines;
mod optics;
mod stack;

use std::fmt::Display;

use super::Run;

pub use stack::stack_plots;

/// A plot that could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("a plot could not be drawn: {0}")]
pub struct PlotError(String);

impl PlotError {
    pub(super) fn new(error: impl Display) -> Self {
        Self(error.to_string())
    }
}

/// File names and contents of all plots; none where the counts hold no histograms.
///
/// # Errors
/// What the plotting library refuses.
pub fn plots(run: &Run) -> Result<Vec<(&'static str, String)>, PlotError> {
    if !run.counts.layout.detail {
        return Ok(Vec::new());
    }
    Ok(vec![
        ("spectra.svg", lines::spectra(run)?),
        ("angles.svg", angles::angles(run)?),
        ("depth.svg", lines::depth(run)?),
        ("emissions_per_photon.svg", lines::emissions_per_photon(run)?),
    ])
}
