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

/// Lines over a logarithmic y axis of whole decades, which has no 0: what is 0 lies at its foot.
pub fn logarithmic(area: &Area, titles: &Titles, x: Range<f64>, mut lines: Vec<Line>) -> Result<(), PlotError> {
    let heights = lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y);
    let lowest = heights.filter(|y| *y > 0.0).fold(0.1, f64::min);
    let foot = 10f64.powf(lowest.log10().floor());
    let y = foot..10f64.powf(highest(&lines).max(lowest).log10().floor() + 1.0);
    lines.iter_mut().flat_map(|line| &mut line.points).for_each(|(_, y)| *y = y.max(foot));
    let mut chart = builder(area, titles).build_cartesian_2d(x, y.log_scale()).map_err(PlotError::new)?;
    axes(&mut chart, titles)?;
    draw(&mut chart, &lines)
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
        .label_style((FONT, 19))
        .axis_desc_style((FONT, 20))
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
    let place = emptiest_place(chart, lines);
    chart
        .configure_series_labels()
        .position(place)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.2))
        .legend_area_size(32)
        .margin(12)
        .label_font((FONT, 19))
        .draw()
        .map_err(PlotError::new)
}

/// The place at the sides of a chart in which a legend hides least of the lines.
fn emptiest_place<'a, X, Y>(chart: &Chart<'a, X, Y>, lines: &[Line]) -> SeriesLabelPosition
where
    X: Ranged<ValueType = f64>,
    Y: Ranged<ValueType = f64>,
{
    use SeriesLabelPosition::{LowerLeft, LowerRight, MiddleLeft, MiddleRight, UpperLeft, UpperRight};
    const PIXELS_PER_LETTER: i32 = 10;
    const PIXELS_PER_LINE: i32 = 25;
    const AROUND: i32 = 24;
    let (across, down) = chart.plotting_area().get_pixel_range();
    let letters = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0) as i32;
    let (width, height) =
        (letters * PIXELS_PER_LETTER + 44 + AROUND, lines.len() as i32 * PIXELS_PER_LINE + 2 * AROUND);
    let right = |x: i32| x > across.end - width;
    let left = |x: i32| x < across.start + width;
    let (upper, lower) = (|y: i32| y < down.start + height, |y: i32| y > down.end - height);
    let middle = |y: i32| (2 * y - down.start - down.end).abs() < height;
    let hidden = |place: &SeriesLabelPosition| {
        let is_under = |(x, y): (i32, i32)| match place {
            UpperRight => right(x) && upper(y),
            UpperLeft => left(x) && upper(y),
            MiddleRight => right(x) && middle(y),
            MiddleLeft => left(x) && middle(y),
            LowerRight => right(x) && lower(y),
            _ => left(x) && lower(y),
        };
        let ways = lines.iter().flat_map(|line| line.points.windows(2)).map(|ends| {
            let [(x_1, y_1), (x_2, y_2)] = [ends[0], ends[1]].map(|point| chart.backend_coord(&point));
            // as many places as there are pixels between the ends, each one as good as the next
            let steps = (x_2 - x_1).abs().max((y_2 - y_1).abs()).clamp(1, 2000);
            (0..steps).filter(|i| is_under((x_1 + (x_2 - x_1) * i / steps, y_1 + (y_2 - y_1) * i / steps))).count()
        });
        ways.sum::<usize>()
    };
    // of equally empty ones the first
    let places = [UpperRight, UpperLeft, MiddleRight, MiddleLeft, LowerRight, LowerLeft];
    places.into_iter().min_by_key(hidden).unwrap_or(UpperRight)
}
