//! Intensity of the emission against its angle, as a polar plot beside Lambert's law.

use std::f64::consts::PI;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::PlotError;
use super::chart::{Area, FONT, GREEN, GREY, VERMILLION, svg};
use crate::counts::ANGLE_BINS;
use crate::report::Run;

const SIZE: (u32, u32) = (760, 880);
/// How far the drawing reaches beyond the outermost ring, and below it, where the legend stands.
const AROUND: f64 = 1.16;
const BELOW: f64 = 1.44;
/// Neighbouring bins of cos theta that are joined, for less noise.
const JOINED: usize = 2;

/// Points (x across, y along the normal) of a curve.
type Polar = Vec<(f64, f64)>;

pub fn angles(run: &Run) -> Result<String, PlotError> {
    let faces = [("front", 0, 1.0, GREEN), ("back", 1, -1.0, VERMILLION)];
    let faces: Vec<_> = faces
        .into_iter()
        .map(|(name, face, up, colour)| (name, intensity(run, face), up, colour))
        .filter(|(_, intensity, ..)| intensity.iter().any(|(_, value)| *value > 0.0))
        .collect();
    let lambert = |of: &[(f64, f64)]| power(of) / PI;
    let values = faces.iter().flat_map(|(_, of, ..)| of.iter().map(|(_, value)| *value).chain([lambert(of)]));
    let ring = ring_step(values.fold(0.0, f64::max));
    let reach = ring * 4.0;
    svg(SIZE, |area| {
        let mut chart = ChartBuilder::on(area)
            .caption("Emission: intensity against angle", (FONT, 24))
            .margin(16)
            .build_cartesian_2d(-AROUND * reach..AROUND * reach, -BELOW * reach..AROUND * reach)
            .map_err(PlotError::new)?;
        grid(&mut chart, ring)?;
        for (name, of, up, colour) in &faces {
            let style = colour.stroke_width(3);
            let points = mirrored(of.iter().map(|(mu, value)| (*mu, *value)), *up);
            line(&mut chart, points, style, format!("{name} emission"))?;
            let peak = lambert(of);
            let law = mirrored((0..=90).map(|deg| f64::from(deg).to_radians().cos()).map(|mu| (mu, peak * mu)), *up);
            // One legend entry serves both faces.
            let label = if *up == faces[0].2 { "Lambert's law, same power" } else { "" };
            line(&mut chart, law, GREY.stroke_width(2), label.to_string())?;
        }
        if faces.is_empty() {
            return Ok(());
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.2))
            .legend_area_size(32)
            .label_font((FONT, 18))
            .draw()
            .map_err(PlotError::new)?;
        unit(area)
    })
}

/// Pairs of cos theta (middle of a bin) and photons per steradian and launched photon.
fn intensity(run: &Run, face: usize) -> Vec<(f64, f64)> {
    let launched = run.outcome.photons.max(1) as f64;
    let steradian = 2.0 * PI * JOINED as f64 / ANGLE_BINS as f64;
    let bins = (0..ANGLE_BINS / JOINED).map(|bin| {
        let photons: u64 =
            (0..JOINED).map(|i| run.counts.words[run.counts.layout.angle(true, face, bin * JOINED + i)]).sum();
        let mu = (bin as f64 + 0.5) * JOINED as f64 / ANGLE_BINS as f64;
        (mu, photons as f64 / (launched * steradian))
    });
    bins.collect()
}

/// Photons into the half-space, of launched photons.
fn power(intensity: &[(f64, f64)]) -> f64 {
    intensity.iter().map(|(_, value)| value).sum::<f64>() * 2.0 * PI * JOINED as f64 / ANGLE_BINS as f64
}

/// A curve and its mirror image, from one side of the normal to the other.
fn mirrored(curve: impl Iterator<Item = (f64, f64)>, up: f64) -> Polar {
    let mut curve: Vec<_> = curve.map(|(mu, value)| (value * (1.0 - mu * mu).sqrt(), up * value * mu)).collect();
    curve.sort_by(|a, b| (a.0 / a.1.abs()).total_cmp(&(b.0 / b.1.abs())));
    let left: Vec<_> = curve.iter().rev().map(|(x, y)| (-x, *y)).collect();
    left.into_iter().chain(curve).collect()
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn line(chart: &mut Chart, points: Polar, style: ShapeStyle, label: String) -> Result<(), PlotError> {
    let drawn = chart.draw_series(LineSeries::new(points, style)).map_err(PlotError::new)?;
    if label.is_empty() {
        return Ok(());
    }
    drawn.label(label).legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
    Ok(())
}

/// Rings of equal intensity, and rays every 30 degrees.
fn grid(chart: &mut Chart, ring: f64) -> Result<(), PlotError> {
    let faint = BLACK.mix(0.2);
    let centred = Pos::new(HPos::Center, VPos::Center);
    let rings = (1..=4).map(|i| {
        let r = ring * f64::from(i);
        PathElement::new(
            (0..=180).map(|i| f64::from(i) * PI / 90.0).map(|a| (r * a.cos(), r * a.sin())).collect::<Vec<_>>(),
            faint,
        )
    });
    chart.draw_series(rings).map_err(PlotError::new)?;
    let labels = (1..=4).map(|i| {
        let r = ring * f64::from(i);
        let style = (FONT, 15).into_font().color(&BLACK.mix(0.7)).pos(Pos::new(HPos::Right, VPos::Bottom));
        Text::new(((r * 1e6).round() / 1e6).to_string(), (r, 0.0), style)
    });
    chart.draw_series(labels).map_err(PlotError::new)?;
    let rays = (0..12).map(|i| {
        let (sin, cos) = (f64::from(i) * PI / 6.0).sin_cos();
        PathElement::new(vec![(0.0, 0.0), (4.0 * ring * sin, 4.0 * ring * cos)], faint)
    });
    chart.draw_series(rays).map_err(PlotError::new)?;
    let degrees = (0..12).map(|i| {
        let (sin, cos) = (f64::from(i) * PI / 6.0).sin_cos();
        // The angle to the normal of the face on that side.
        let deg = [0, 30, 60, 90, 60, 30, 0, 30, 60, 90, 60, 30][i as usize];
        let style = (FONT, 19).into_font().color(&BLACK).pos(centred);
        Text::new(format!("{deg}°"), (4.32 * ring * sin, 4.32 * ring * cos), style)
    });
    chart.draw_series(degrees).map_err(PlotError::new)?;
    Ok(())
}

/// A quarter of a round number at or above this.
fn ring_step(highest: f64) -> f64 {
    if highest <= 0.0 {
        return 0.25;
    }
    let decade = 10f64.powf((highest / 4.0).log10().floor());
    [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0]
        .map(|step| step * decade)
        .into_iter()
        .find(|step| step * 4.0 >= highest)
        .unwrap_or(10.0 * decade)
}

fn unit(area: &Area) -> Result<(), PlotError> {
    let style = (FONT, 19).into_font().color(&BLACK);
    area.draw(&Text::new("rings: photons per sr and launched photon", (20, SIZE.1 as i32 - 36), style))
        .map_err(PlotError::new)
}
