//! Plots of a stack: spectra, the mode budget, the angular pattern, and K(u) over the emission.

use plotters::prelude::*;

use super::PlotError;
use super::chart::{Area, BLUE, FONT, GREEN, GREY, Line, ORANGE, SKY, Titles, VERMILLION, linear, svg};
use super::optics::optics;
use crate::report::stack::BUDGET;
use crate::report::stack_files::StackFiles;
use crate::stack::{Emission, ModeMap};

const SIZE: (u32, u32) = (1000, 600);
const PALETTE: [RGBColor; 6] = [GREEN, ORANGE, SKY, VERMILLION, BLUE, GREY];

/// File names and contents.
///
/// # Errors
/// What the plotting library refuses.
pub fn stack_plots(files: &StackFiles) -> Result<Vec<(&'static str, String)>, PlotError> {
    let mut list = vec![("optics.svg", optics(files.spectra)?)];
    if let Some(dipole) = &files.report.dipole {
        list.push(("budget.svg", budget(dipole)?));
        list.push(("far_field.svg", far_field(dipole)?));
    }
    if let Some(map) = files.map {
        list.push(("dispersion.svg", dispersion(map)?));
    }
    Ok(list)
}

/// One bar from 0 to 1, cut by where the power goes.
fn budget(dipole: &Emission) -> Result<String, PlotError> {
    const WIDTH: f64 = 900.0;
    const LEFT: i32 = 50;
    svg((1000, 300), |area| {
        let style = |size: i32| (FONT, size).into_font().color(&BLACK);
        let title = format!("Where the power of '{}' goes", dipole.emitter);
        area.draw(&Text::new(title, (LEFT, 20), style(24))).map_err(PlotError::new)?;
        let mut from = 0.0;
        for (i, (mode, colour)) in BUDGET.iter().zip(PALETTE).enumerate() {
            let share = (mode.share)(dipole);
            let x = |at: f64| LEFT + (WIDTH * at).round() as i32;
            let bar = Rectangle::new([(x(from), 70), (x(from + share), 150)], colour.filled());
            area.draw(&bar).map_err(PlotError::new)?;
            from += share;
            let (column, row) = ((i % 3) as i32, (i / 3) as i32);
            let at = (LEFT + 300 * column, 180 + 40 * row);
            area.draw(&Rectangle::new([at, (at.0 + 18, at.1 + 18)], colour.filled())).map_err(PlotError::new)?;
            let text = format!("{} {:.1} %", mode.name, 100.0 * share);
            area.draw(&Text::new(text, (at.0 + 26, at.1), style(18))).map_err(PlotError::new)?;
        }
        Ok(())
    })
}

fn far_field(dipole: &Emission) -> Result<String, PlotError> {
    let curve = |of: &dyn Fn(&crate::stack::FarField) -> f64| -> Vec<(f64, f64)> {
        dipole.far_field.iter().map(|at| (at.angle_deg, of(at))).collect()
    };
    let lines = [
        Line::new("s and p", GREEN, curve(&|at| at.s + at.p)),
        Line::new("s", BLUE, curve(&|at| at.s)),
        Line::new("p", ORANGE, curve(&|at| at.p)),
        Line::new("Lambert's law, same power", GREY, curve(&|at| at.lambertian)),
    ];
    let y = "share of the power per sr";
    let titles = Titles { title: "Light beyond the output side", x: "angle to the normal / degrees", y };
    svg(SIZE, |area| linear(area, &titles, 0.0..90.0, &lines))
}

/// K(u) as a map: u across, wavelength up, on a logarithmic scale of three decades.
fn dispersion(map: &ModeMap) -> Result<String, PlotError> {
    const DECADES: f64 = 3.0;
    let (Some(first), Some(last)) = (map.wavelength_nm.first(), map.wavelength_nm.last()) else {
        return svg(SIZE, |_| Ok(()));
    };
    let u_max = map.u.last().copied().unwrap_or(1.0);
    let highest = map.k.iter().flatten().fold(0.0_f64, |a, b| a.max(*b)).min(30.0);
    let edges = |at: usize| {
        let nm = &map.wavelength_nm;
        let low = if at == 0 { nm[0] - 0.5 } else { 0.5 * (nm[at - 1] + nm[at]) };
        let high = if at + 1 == nm.len() { nm[at] + 0.5 } else { 0.5 * (nm[at] + nm[at + 1]) };
        (low, high)
    };
    svg(SIZE, |area: &Area| {
        let mut chart = ChartBuilder::on(area)
            .caption("Power lost by in-plane wave number", (FONT, 24))
            .margin(16)
            .margin_right(28)
            .x_label_area_size(58)
            .y_label_area_size(92)
            .build_cartesian_2d(0.0..u_max, first - 0.5..last + 0.5)
            .map_err(PlotError::new)?;
        let step = 0.5 * u_max / map.u.len() as f64;
        let cells = map.k.iter().enumerate().flat_map(|(row, k)| {
            let (low, high) = edges(row);
            map.u.iter().zip(k).map(move |(u, k)| {
                let scaled = 1.0 + (k.max(1e-30) / highest).log10() / DECADES;
                // over its neighbours by a little, so that no seam shows between cells
                let corners = [(u - step, low), ((u + 1.4 * step).min(u_max), high + 0.2 * (high - low))];
                Rectangle::new(corners, shade(scaled.clamp(0.0, 1.0)).filled())
            })
        });
        chart.draw_series(cells).map_err(PlotError::new)?;
        let points = map.light_line.iter().zip(&map.wavelength_nm).map(|(u, nm)| (*u, *nm));
        chart.draw_series(LineSeries::new(points, WHITE.stroke_width(2))).map_err(PlotError::new)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .x_desc("u = in-plane wave number over that of the emitter layer (white: light line)")
            .y_desc("wavelength / nm")
            .label_style((FONT, 17))
            .axis_desc_style((FONT, 19))
            .draw()
            .map_err(PlotError::new)
    })
}

/// Dark blue to yellow, ever lighter.
fn shade(x: f64) -> RGBColor {
    const STOPS: [(f64, f64, f64); 5] =
        [(13.0, 8.0, 60.0), (60.0, 40.0, 130.0), (0.0, 130.0, 140.0), (90.0, 200.0, 90.0), (250.0, 230.0, 60.0)];
    let at = x * (STOPS.len() - 1) as f64;
    let i = (at as usize).min(STOPS.len() - 2);
    let mix = |a: f64, b: f64| (a + (b - a) * (at - i as f64)) as u8;
    let (a, b) = (STOPS[i], STOPS[i + 1]);
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}
