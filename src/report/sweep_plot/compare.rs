//! Several films, models or measurements in one picture.

use plotters::prelude::*;

use super::axis::{nice_ticks, number};
use super::frame::{Name, Scale, frame};
use crate::report::plot::PlotError;
use crate::report::plot::chart::{BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION, svg};

const SIZE: (u32, u32) = (760, 500);
const COLOURS: [RGBColor; 6] = [GREEN, VERMILLION, BLUE, GREY, ORANGE, SKY];

/// Points of one film, model or measurement.
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    /// Number of a colour, so that a measurement can share that of its model.
    pub colour: usize,
    /// x (above 0), value, standard error.
    pub points: Vec<(f64, f64, f64)>,
    /// Crosses without a line, for published values.
    pub marks: bool,
}

/// Series over a logarithmic x axis.
///
/// # Errors
/// What the plotting library refuses.
pub fn compare(title: &str, x_title: &str, y_title: &str, series: &[Series]) -> Result<String, PlotError> {
    let points = || series.iter().flat_map(|series| &series.points).filter(|(x, ..)| *x > 0.0);
    let (left, right) = ends(points().map(|(x, ..)| x.log10()));
    let (low, high) = ends(points().flat_map(|(_, value, se)| [value - se, value + se]));
    let x_range = left - 0.03 * (right - left)..right + 0.03 * (right - left);
    let y_range = low - 0.06 * (high - low)..high + 0.06 * (high - low);
    let x_ticks = [1.0, 2.0, 5.0].map(f64::log10);
    let x_ticks = (-9..9).flat_map(|decade| x_ticks.map(|step| step + f64::from(decade)));
    let x_ticks = x_ticks.filter(|place| x_range.contains(place)).collect();
    let names = series.iter().map(|own| {
        Name { text: own.name.clone(), colour: COLOURS[own.colour % 6], cross: own.marks } //
    });
    let names: Vec<_> = names.collect();
    svg(SIZE, |area| {
        let x_label = |place: f64| number(10f64.powf(place));
        let x = Scale { title: x_title, ticks: x_ticks, range: x_range.clone(), label: &x_label };
        let ticks = nice_ticks(y_range.start, y_range.end, 6);
        let y = Scale { title: y_title, ticks, range: y_range.clone(), label: &number };
        let mut chart = frame(area, title, &names, &x, &y)?;
        for Series { colour, points, marks, .. } in series {
            let colour = COLOURS[colour % 6];
            let place = |(x, value, se): &(f64, f64, f64)| (x.log10(), *value, *se);
            let points: Vec<_> = points.iter().filter(|(x, ..)| *x > 0.0).map(place).collect();
            if *marks {
                let crosses = points.iter().map(|(x, y, _)| Cross::new((*x, *y), 7, colour.stroke_width(3)));
                chart.draw_series(crosses).map_err(PlotError::new)?;
                continue;
            }
            let above = points.iter().map(|(x, y, se)| (*x, y + se));
            let band: Vec<_> = above.chain(points.iter().rev().map(|(x, y, se)| (*x, y - se))).collect();
            chart.draw_series([Polygon::new(band, colour.mix(0.25))]).map_err(PlotError::new)?;
            let line = points.iter().map(|(x, y, _)| (*x, *y));
            chart.draw_series(LineSeries::new(line.clone(), colour.stroke_width(2))).map_err(PlotError::new)?;
            let dots = line.map(|place| Circle::new(place, 4, colour.filled()));
            chart.draw_series(dots).map_err(PlotError::new)?;
        }
        Ok(())
    })
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low < high {
        (low, high)
    } else if low == high {
        (low - 0.5, low + 0.5)
    } else {
        (0.0, 1.0)
    }
}
