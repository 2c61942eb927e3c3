//! Axes with ticks of our own choice, a title, and a row that says which colour is what.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::report::plot::PlotError;
use crate::report::plot::chart::{Area, FONT};

/// A linear axis whose ticks stand where they were put.
pub struct Ticked {
    range: Range<f64>,
    ticks: Vec<f64>,
}

impl Ranged for Ticked {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

pub type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Ticked, Ticked>>;

/// An entry of the row of names.
pub struct Name {
    pub text: String,
    pub colour: RGBColor,
    /// A cross instead of a line.
    pub cross: bool,
}

/// One of the two axes of a frame.
pub struct Scale<'a> {
    pub title: &'a str,
    pub range: Range<f64>,
    pub ticks: Vec<f64>,
    pub label: &'a dyn Fn(f64) -> String,
}

const MARGIN: i32 = 14;
pub const TITLE: u32 = 24;
pub const TEXT: u32 = 19;
/// Height of the row of names under the title.
const NAMES: u32 = 30;

/// Draws the axes below a title and a row of names with their colours.
pub fn frame<'a, 'b>(
    area: &'a Area<'b>,
    title: &str,
    names: &[Name],
    x: &Scale,
    y: &Scale,
) -> Result<Chart<'a, 'b>, PlotError> {
    area.draw(&Text::new(title.to_string(), (MARGIN, MARGIN), bold(TITLE))).map_err(PlotError::new)?;
    let mut at = MARGIN + 2;
    let row = MARGIN + TITLE as i32 + 18;
    for Name { text: name, colour, cross } in names {
        if *cross {
            area.draw(&Cross::new((at + 10, row), 6, colour.stroke_width(3))).map_err(PlotError::new)?;
        } else {
            let line = Rectangle::new([(at, row - 2), (at + 18, row + 2)], colour.filled());
            area.draw(&line).map_err(PlotError::new)?;
        }
        let style = text(TEXT - 1).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(name.clone(), (at + 24, row), style)).map_err(PlotError::new)?;
        at += 24 + width_px(name, TEXT - 1) + 24;
    }
    let head = TITLE + 16 + if names.is_empty() { 0 } else { NAMES };
    let ticked = |scale: &Scale| Ticked { range: scale.range.clone(), ticks: scale.ticks.clone() };
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .margin_top(MARGIN as u32 + head)
        .margin_right(26)
        .x_label_area_size(60)
        .y_label_area_size(88)
        .build_cartesian_2d(ticked(x), ticked(y))
        .map_err(PlotError::new)?;
    let longest = if x.ticks.len() > 1 { 560 / x.ticks.len() / 10 } else { 40 };
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc(x.title)
        .y_desc(y.title)
        .x_label_formatter(&|place| shortened((x.label)(*place), longest.max(4)))
        .y_label_formatter(&|place| shortened((y.label)(*place), 9))
        .label_style((FONT, TEXT))
        .axis_desc_style((FONT, TEXT + 1))
        .draw()
        .map_err(PlotError::new)?;
    Ok(chart)
}

pub fn text(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&BLACK)
}

fn bold(size: u32) -> TextStyle<'static> {
    (FONT, size, FontStyle::Bold).into_font().color(&BLACK)
}

/// About what a text takes; no fonts are at hand when a plot is written.
pub fn width_px(text: &str, size: u32) -> i32 {
    (text.chars().count() as f64 * 0.46 * f64::from(size)).ceil() as i32
}

fn shortened(label: String, longest: usize) -> String {
    if label.chars().count() <= longest {
        return label;
    }
    label.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}
