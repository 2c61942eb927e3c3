//! A quantity over two varied keys: a map in colours with contour lines, and the best design.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Pictures;
use super::axis::{Axis, nice_ticks, number};
use super::colours::{INK, PAPER, colour, ink_on};
use super::contour::{Grid, Point};
use super::frame::{Chart, Scale, TEXT, frame, text, width_px};
use crate::report::described::described;
use crate::report::html::quantity_name;
use crate::report::plot::PlotError;
use crate::report::plot::chart::{Area, svg};
use crate::sweep::SweepResult;

const SIZE: (u32, u32) = (760, 560);
/// Width of the scale of colours with its numbers.
const KEY_PX: u32 = 96;
/// More points than this along an axis could not be told apart.
const MOST_POINTS: usize = 300;
const SHADES: f64 = 64.0;

/// Quantities that are drawn, beside the one that was optimised.
const OF_PHOTONS: [&str; 8] = [
    "eqe",
    "outcoupling_efficiency",
    "eqy",
    "plqy_external",
    "absorptance",
    "pump_leakage",
    "emissions_per_first_emission",
    "cce_photon",
];
const OF_WAVES: [&str; 9] =
    ["tandem.eqe", "eqe", "recycling.eqe", "air", "substrate", "guided", "plasmon", "absorbed", "effective_plqy"];

/// A map for each of the main quantities that have a meaning.
pub(super) fn pictures(result: &SweepResult) -> Result<Pictures, PlotError> {
    let (x, y) = (Axis::new(result, 0), Axis::new(result, 1));
    let optimised = result.best.as_ref().map(|best| best.quantity.as_str());
    let main: &[&str] = if result.launched.is_some() { &OF_PHOTONS } else { &OF_WAVES };
    let rest = main.iter().copied().filter(|quantity| Some(*quantity) != optimised);
    let mut plots = Vec::new();
    for quantity in optimised.into_iter().chain(rest) {
        let Some(grid) = grid(result, quantity, &x, &y) else {
            return Ok(Pictures {
                plots,
                refused: Some(
                    "The designs fill no grid: a map needs every value of the one key with every value of the other. \
                     Give ranges with --vary, or read the table."
                        .into(),
                ),
            });
        };
        if grid.values.iter().any(Option::is_some) {
            plots.push((format!("map_{quantity}.svg"), map(result, quantity, &grid, &x, &y)?));
        }
    }
    Ok(Pictures { plots, refused: None })
}

/// A quantity as a grid; `None` where designs are missing from it.
fn grid(result: &SweepResult, quantity: &str, x: &Axis, y: &Axis) -> Option<Grid> {
    let (xs, ys) = (sorted(&x.places), sorted(&y.places));
    if xs.len().checked_mul(ys.len())? > result.rows.len() {
        return None;
    }
    let mut values = vec![None; xs.len() * ys.len()];
    let mut filled = vec![false; values.len()];
    for ((row, x), y) in result.rows.iter().zip(&x.places).zip(&y.places) {
        let place = |all: &[f64], own: &f64| all.binary_search_by(|other| other.total_cmp(own)).ok();
        let at = place(&ys, y)? * xs.len() + place(&xs, x)?;
        values[at] = row.quantity(quantity).value;
        filled[at] = true;
    }
    filled.iter().all(|filled| *filled).then_some(Grid { x: xs, y: ys, values })
}

fn sorted(places: &[f64]) -> Vec<f64> {
    let mut sorted = places.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    sorted
}

fn map(result: &SweepResult, quantity: &str, grid: &Grid, x: &Axis, y: &Axis) -> Result<String, PlotError> {
    let values = || grid.values.iter().flatten().copied();
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let span = if high > low { high - low } else { 1.0 };
    let share = |value: f64| (value - low) / span;
    let levels: Vec<f64> = nice_ticks(low, high, 9).into_iter().filter(|level| *level > low && *level < high).collect();
    let title = described(result, quantity).map_or(quantity.to_string(), |definition| {
        format!("{}: {}", quantity_name(quantity), definition.meaning) //
    });
    let (x_edges, y_edges) = (edges(&grid.x), edges(&grid.y));
    svg(SIZE, |area| {
        let (plane, key) = area.split_horizontally(SIZE.0 - KEY_PX);
        let (x_range, y_range) = (ends(&x_edges), ends(&y_edges));
        let (x_label, y_label) = (|place| x.label(place), |place| y.label(place));
        let x_scale = Scale { title: &x.title, ticks: x.ticks(&x_range), range: x_range, label: &x_label };
        let y_scale = Scale { title: &y.title, ticks: y.ticks(&y_range), range: y_range, label: &y_label };
        let mut chart = frame(&plane, &title, &[], &x_scale, &y_scale)?;
        cells(&mut chart, grid, &x_edges, &y_edges, &share)?;
        if x.continuous() && y.continuous() {
            for level in &levels {
                contours(&mut chart, grid, *level, ink_on(share(*level)))?;
            }
        }
        optimum(&mut chart, result, quantity, x, y)?;
        colour_key(&key, low, span, &levels)
    })
}

/// Lines half way between neighbouring places, and as far beyond the outer ones.
fn edges(places: &[f64]) -> Vec<f64> {
    let [first, .., last] = places else {
        let place = places.first().copied().unwrap_or(0.0);
        return vec![place - 0.5, place + 0.5];
    };
    let inner = places.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    let (before, after) = (first - (places[1] - first) / 2.0, last + (last - places[places.len() - 2]) / 2.0);
    std::iter::once(before).chain(inner).chain([after]).collect()
}

fn ends(edges: &[f64]) -> std::ops::Range<f64> {
    edges.first().copied().unwrap_or(0.0)..edges.last().copied().unwrap_or(1.0)
}

fn cells(
    chart: &mut Chart,
    grid: &Grid,
    x_edges: &[f64],
    y_edges: &[f64],
    share: &dyn Fn(f64) -> f64,
) -> Result<(), PlotError> {
    // Rectangles reach a little under the next ones, so that no seam shows when the picture is scaled.
    let more = |edges: &[f64]| 0.003 * (edges[edges.len() - 1] - edges[0]);
    let (more_x, more_y) = (more(x_edges), more(y_edges));
    let (last_x, last_y) = (x_edges[grid.x.len()], y_edges[grid.y.len()]);
    let stride = |points: usize| points.div_ceil(MOST_POINTS).max(1);
    let (across, up) = (stride(grid.x.len()), stride(grid.y.len()));
    let shade = |i: usize, j: usize| grid.at(i, j).map(|value| (share(value) * SHADES).round() as i64);
    for j in (0..grid.y.len()).step_by(up) {
        let top = (y_edges[(j + up).min(grid.y.len())] + more_y).min(last_y);
        let mut i = 0;
        // Neighbours of one shade become one rectangle.
        while i < grid.x.len() {
            let own = shade(i, j);
            let mut end = i + across;
            while end < grid.x.len() && shade(end, j) == own {
                end += across;
            }
            if let Some(own) = own {
                let right = (x_edges[end.min(grid.x.len())] + more_x).min(last_x);
                let corners = [(x_edges[i], y_edges[j]), (right, top)];
                let fill = colour(own as f64 / SHADES).filled();
                chart.draw_series([Rectangle::new(corners, fill)]).map_err(PlotError::new)?;
            }
            i = end;
        }
    }
    Ok(())
}

fn contours(chart: &mut Chart, grid: &Grid, level: f64, ink: RGBColor) -> Result<(), PlotError> {
    let lines = grid.contour(level);
    let across = |line: &Vec<Point>| -> f64 {
        let (mut dx, mut dy) = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for (x, y) in line {
            dx = (dx.0.min(*x), dx.1.max(*x));
            dy = (dy.0.min(*y), dy.1.max(*y));
        }
        let (wide, high) = (grid.x[grid.x.len() - 1] - grid.x[0], grid.y[grid.y.len() - 1] - grid.y[0]);
        (dx.1 - dx.0) / wide + (dy.1 - dy.0) / high
    };
    for line in &lines {
        chart.draw_series([PathElement::new(line.clone(), ink.stroke_width(2))]).map_err(PlotError::new)?;
    }
    // The longest line carries the number.
    let longest = lines.iter().max_by(|a, b| across(a).total_cmp(&across(b)));
    if let Some(line) = longest.filter(|line| across(line) > 0.2) {
        let label = number(level);
        let half = width_px(&label, TEXT) / 2 + 2;
        let plate = if ink == INK { PAPER.mix(0.7) } else { INK.mix(0.55) };
        let style = text(TEXT - 2).color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
        let tag = EmptyElement::at(line[line.len() / 2])
            + Rectangle::new([(-half, -9), (half, 9)], plate.filled())
            + Text::new(label, (0, 0), style);
        chart.draw_series([tag]).map_err(PlotError::new)?;
    }
    Ok(())
}

/// A ring with a cross on the best design, and a dot on each that cannot be told from it.
fn optimum(chart: &mut Chart, result: &SweepResult, quantity: &str, x: &Axis, y: &Axis) -> Result<(), PlotError> {
    let Some(best) = result.best.as_ref().filter(|best| best.quantity == quantity) else { return Ok(()) };
    let place = |row: usize| Some((*x.places.get(row)?, *y.places.get(row)?));
    let ties = best.ties.iter().filter_map(|tie| place(tie.row));
    let dots = ties.map(|place| {
        EmptyElement::at(place) + Circle::new((0, 0), 3, INK.filled()) + Circle::new((0, 0), 2, PAPER.filled())
    });
    chart.draw_series(dots).map_err(PlotError::new)?;
    if let Some(place) = place(best.row) {
        let mark = EmptyElement::at(place)
            + Circle::new((0, 0), 10, INK.stroke_width(5))
            + Circle::new((0, 0), 10, PAPER.stroke_width(2))
            + PathElement::new([(-5, 0), (5, 0)], INK.stroke_width(2))
            + PathElement::new([(0, -5), (0, 5)], INK.stroke_width(2));
        chart.draw_series([mark]).map_err(PlotError::new)?;
    }
    Ok(())
}

/// The colours from the least to the largest value, with the levels of the contour lines.
fn colour_key(area: &Area, low: f64, span: f64, levels: &[f64]) -> Result<(), PlotError> {
    let (top, bottom) = (56, SIZE.1 as i32 - 76);
    let at = |share: f64| bottom - (share * f64::from(bottom - top)).round() as i32;
    // Each shade down to the foot, the next one over it: no seams here either.
    for shade in (0..64).rev() {
        let to = at(f64::from(shade + 1) / 64.0);
        let piece = Rectangle::new([(0, to), (20, bottom)], colour((f64::from(shade) + 0.5) / 64.0).filled());
        area.draw(&piece).map_err(PlotError::new)?;
    }
    for level in levels {
        let y = at((level - low) / span);
        area.draw(&PathElement::new([(20, y), (25, y)], BLACK)).map_err(PlotError::new)?;
        let style = text(TEXT - 2).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(number(*level), (29, y), style)).map_err(PlotError::new)?;
    }
    Ok(())
}
