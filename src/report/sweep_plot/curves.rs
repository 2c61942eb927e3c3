//! Quantities over one varied key: a line through the designs, and a band of one standard error on either side.

use std::ops::Range;

use plotters::prelude::*;

use super::axis::{Axis, nice_ticks, number};
use super::families::{FAMILIES, Family, OF_WAVES};
use super::frame::{Chart, Name, Scale, frame};
use crate::report::plot::PlotError;
use crate::report::plot::chart::svg;
use crate::sweep::SweepResult;

const SIZE: (u32, u32) = (760, 500);

/// One design of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The varied value as a place on its axis: the logarithm where the key's scale is one.
    pub place: f64,
    pub value: f64,
    /// One standard error below and above.
    pub low: f64,
    pub high: f64,
    pub reweighted: bool,
}

/// A quantity over the first varied key, in the order of its axis; designs in which it has no meaning are left out.
pub fn points(result: &SweepResult, quantity: &str) -> Vec<CurvePoint> {
    points_along(result, quantity, &Axis::new(result, 0))
}

fn points_along(result: &SweepResult, quantity: &str, axis: &Axis) -> Vec<CurvePoint> {
    let mut points: Vec<_> = result
        .rows
        .iter()
        .zip(&axis.places)
        .filter_map(|(row, place)| {
            let estimate = row.quantity(quantity);
            let (value, se) = (estimate.value?, estimate.se.unwrap_or(0.0));
            let (low, high) = (value - se, value + se);
            Some(CurvePoint { place: *place, value, low, high, reweighted: row.reweighted })
        })
        .collect();
    points.sort_by(|a, b| a.place.total_cmp(&b.place));
    points
}

/// One picture for each family of quantities that has a meaning in this sweep.
pub(super) fn plots(result: &SweepResult) -> Result<Vec<(String, String)>, PlotError> {
    let axis = Axis::new(result, 0);
    let mut plots = Vec::new();
    let families: &[Family] = if result.launched.is_some() { &FAMILIES } else { &OF_WAVES };
    for family in families {
        let curves = family.members.iter().map(|(quantity, label, colour)| {
            let points = points_along(result, quantity, &axis);
            let best = result.best.as_ref().filter(|best| best.quantity == *quantity);
            let best = best.and_then(|best| Some((*axis.places.get(best.row)?, best.estimate.value?)));
            Curve { label, colour: *colour, points, best }
        });
        let curves: Vec<_> = curves.filter(|curve| !curve.points.is_empty()).collect();
        if !curves.is_empty() {
            plots.push((family.file.to_string(), panel(family, &axis, &curves)?));
        }
    }
    Ok(plots)
}

struct Curve {
    label: &'static str,
    colour: RGBColor,
    points: Vec<CurvePoint>,
    /// The optimum, where it is one of this quantity.
    best: Option<(f64, f64)>,
}

fn panel(family: &Family, axis: &Axis, curves: &[Curve]) -> Result<String, PlotError> {
    let x_range = axis.range(0.03);
    let y_range = y_range(curves);
    let names: Vec<_> =
        curves.iter().map(|curve| Name { text: curve.label.into(), colour: curve.colour, cross: false }).collect();
    svg(SIZE, |area| {
        let (x_label, y_label) = (|place| axis.label(place), number);
        let x = Scale { title: &axis.title, ticks: axis.ticks(&x_range), range: x_range.clone(), label: &x_label };
        let ticks = nice_ticks(y_range.start, y_range.end, 6);
        let y = Scale { title: family.y, ticks, range: y_range.clone(), label: &y_label };
        let mut chart = frame(area, family.title, &names, &x, &y)?;
        for curve in curves {
            draw(&mut chart, curve, axis.continuous())?;
        }
        for (place, value) in curves.iter().filter_map(|curve| curve.best) {
            let line = PathElement::new([(place, y_range.start), (place, value)], BLACK.mix(0.45).stroke_width(2));
            chart.draw_series([line]).map_err(PlotError::new)?;
            let ring = Circle::new((place, value), 9, BLACK.stroke_width(2));
            chart.draw_series([ring]).map_err(PlotError::new)?;
        }
        Ok(())
    })
}

fn draw(chart: &mut Chart, curve: &Curve, continuous: bool) -> Result<(), PlotError> {
    let points = &curve.points;
    if continuous {
        let above = points.iter().map(|point| (point.place, point.high));
        let below = points.iter().rev().map(|point| (point.place, point.low));
        let band: Vec<_> = above.chain(below).collect();
        chart.draw_series([Polygon::new(band, curve.colour.mix(0.25))]).map_err(PlotError::new)?;
        let line = points.iter().map(|point| (point.place, point.value));
        chart.draw_series(LineSeries::new(line, curve.colour.stroke_width(2))).map_err(PlotError::new)?;
    } else {
        let bars = points.iter().map(|point| {
            let ends = [(point.place, point.low), (point.place, point.high)];
            PathElement::new(ends, curve.colour.mix(0.6).stroke_width(3))
        });
        chart.draw_series(bars).map_err(PlotError::new)?;
    }
    // Many designs would be a row of beads.
    let size = if points.len() > 60 && continuous { 0 } else { 4 };
    for point in points.iter().filter(|_| size > 0) {
        let style = if point.reweighted { curve.colour.stroke_width(2) } else { curve.colour.filled() };
        chart.draw_series([Circle::new((point.place, point.value), size, style)]).map_err(PlotError::new)?;
    }
    Ok(())
}

/// From 0 where the values come near it, else about the values alone.
fn y_range(curves: &[Curve]) -> Range<f64> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let low = points().map(|point| point.low).fold(f64::INFINITY, f64::min);
    let high = points().map(|point| point.high).fold(f64::NEG_INFINITY, f64::max);
    let span = (high - low).max(1e-6 * high.abs()).max(1e-9);
    if low >= 0.0 && low < 0.5 * high { 0.0..high + 0.08 * span } else { low - 0.1 * span..high + 0.1 * span }
}
