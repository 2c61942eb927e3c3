//! One look for all plots: lines with a title, axes with units, and a legend.

use std::ops::Range;

use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;

use super::PlotError;

/// Okabe and Ito's palette, which colour-blind readers can tell apart.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
pub const VERMILLION: RGBColor = RGBColor(213, 94, 0);
pub const SKY: RGBColor = RGBColor(86, 180, 233);
pub const GREY: RGBColor = RGBColor(110, 110, 110);

pub const FONT: &str = "sans-serif";

pub type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// A named curve.
pub struct Line {
    pub label: String,
    pub colour: RGBColor,
    pub points: Vec<(f64, f64)>,
    pub dots: bool,
}

impl Line {
    pub fn new(label: impl Into<String>, colour: RGBColor, points: Vec<(f64, f64)>) -> Self {
        Self { label: label.into(), colour, points, dots: false }
    }

    /// Whether there is anything above 0 to see.
    pub fn shows(&self) -> bool {
        self.points.iter().any(|(_, y)| *y > 0.0)
    }
}

/// Titles of a chart.
pub struct Titles<'a> {
    pub title: &'a str,
    pub x: &'a str,
    pub y: &'a str,
}

/// A drawing of this size in pixels, as SVG text.
pub fn svg(size: (u32, u32), draw: impl FnOnce(&Area) -> Result<(), PlotError>) -> Result<String, PlotError> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        area.fill(&WHITE).map_err(PlotError::new)?;
        draw(&area)?;
        area.present().map_err(PlotError::new)?;
    }
    Ok(text)
}

/// A line through the steps of a histogram.
pub fn steps(edges_and_heights: impl Iterator<Item = (f64, f64, f64)>) -> Vec<(f64, f64)> {
    edges_and_heights.flat_map(|(from, to, height)| [(from, height), (to, height)]).collect()
}

/// Lines over linear axes; y starts at 0.
pub fn linear(area: &Area, titles: &Titles, x: Range<f64>, lines: &[Line]) -> Result<(), PlotError> {
    let top = highest(lines) * 1.12;
    let y = 0.0..if top > 0.0 { top } else { 1.0 };
    let mut chart = builder(area, titles).build_cartesian_2d(x, y).map_err(PlotError::new)?;
    axes(&mut chart, titles)?;
    draw(&mut chart, lines)
}

/// Lines over a logarithmic y axis of whole decades. Points at 0 must have been left out.
pub fn logarithmic(area: &Area, titles: &Titles, x: Range<f64>, lines: &[Line]) -> Result<(), PlotError> {
    let heights = || lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y);
    let lowest = heights().fold(f64::INFINITY, f64::min).min(0.1);
    let y = 10f64.powf(lowest.log10().floor())..10f64.powf(highest(lines).max(lowest).log10().floor() + 1.0);
    let mut chart = builder(area, titles).build_cartesian_2d(x, y.log_scale()).map_err(PlotError::new)?;
    axes(&mut chart, titles)?;
    draw(&mut chart, lines)
}

fn highest(lines: &[Line]) -> f64 {
    lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y).fold(0.0, f64::max)
}

fn builder<'a, 'b>(area: &'a Area<'b>, titles: &Titles) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder.caption(titles.title, (FONT, 24)).margin(16).margin_right(28).x_label_area_size(58).y_label_area_size(92);
    builder
}

type Chart<'a, X, Y> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<X, Y>>;

fn axes<'a, X, Y>(chart: &mut Chart<'a, X, Y>, titles: &Titles) -> Result<(), PlotError>
where
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc(titles.x)
        .y_desc(titles.y)
        .x_labels(8)
        .y_labels(7)
        .x_label_formatter(&tick)
        .y_label_formatter(&tick)
        .label_style((FONT, 17))
        .axis_desc_style((FONT, 19))
        .draw()
        .map_err(PlotError::new)
}

/// A tick as a person writes it: `0.02`, `450`, `1e-5`.
fn tick(value: &f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e5).contains(&size) {
        return format!("{:e}", (value * 1e12).round() / 1e12);
    }
    ((value * 1e6).round() / 1e6).to_string()
}

fn draw<'a, X, Y>(chart: &mut Chart<'a, X, Y>, lines: &[Line]) -> Result<(), PlotError>
where
    X: Ranged<ValueType = f64>,
    Y: Ranged<ValueType = f64>,
{
    for line in lines {
        let style = line.colour.stroke_width(3);
        chart
            .draw_series(LineSeries::new(line.points.iter().copied(), style))
            .map_err(PlotError::new)?
            .label(line.label.clone())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
        if line.dots {
            let dots = line.points.iter().map(|point| Circle::new(*point, 4, line.colour.filled()));
            chart.draw_series(dots).map_err(PlotError::new)?;
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.2))
        .legend_area_size(32)
        .margin(12)
        .label_font((FONT, 17))
        .draw()
        .map_err(PlotError::new)
}
