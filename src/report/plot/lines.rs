//! Spectra, depth profiles and emissions per photon.

use super::PlotError;
use super::chart::{BLUE, GREEN, GREY, Line, ORANGE, SKY, Titles, VERMILLION, linear, logarithmic, steps, svg};
use crate::compile::absorbers;
use crate::counts::{DEPTH_BINS, EMISSION_BINS, FACES, Fate};
use crate::report::Run;
use crate::scene::SourceKind;

const SIZE: (u32, u32) = (760, 500);
const WIDE: (u32, u32) = (1240, 500);

/// Light in and out: the pump beside the emission, each on its own scale, where there are both.
pub fn spectra(run: &Run) -> Result<String, PlotError> {
    let y = "photons per nm and launched photon";
    let pump: Vec<_> = source(run).into_iter().chain(exits(run, false)).filter(Line::shows).collect();
    let emission: Vec<_> = exits(run, true).into_iter().filter(Line::shows).collect();
    let panels = match (pump.is_empty(), emission.is_empty()) {
        (false, false) => vec![("Pump", pump), ("Emission", emission)],
        (false, true) => vec![("Pump", pump)],
        (true, _) => vec![("Emission", emission)],
    };
    svg(if panels.len() == 2 { WIDE } else { SIZE }, |area| {
        let areas = area.split_evenly((1, panels.len()));
        for (area, (title, lines)) in areas.iter().zip(panels) {
            let titles = Titles { title, x: "wavelength / nm", y };
            linear(area, &titles, span(&lines, 3.0), &lines)?;
        }
        Ok(())
    })
}

/// What the source sends, in bins of 1 nm.
fn source(run: &Run) -> Option<Line> {
    let (SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum }) = &run.scene.source.kind else {
        return None;
    };
    let layout = run.counts.layout;
    let mut bins = vec![0.0; layout.spectrum_bins];
    for node in spectrum.nodes(&[]) {
        let bin = node.wavelength_nm as usize - layout.first_bin_nm as usize;
        if let Some(bin) = bins.get_mut(bin) {
            *bin += node.share;
        }
    }
    Some(Line::new("source", GREY, over_bins(run, |bin| bins[bin])))
}

fn exits(run: &Run, emission: bool) -> Vec<Line> {
    let launched = run.outcome.photons.max(1) as f64;
    let colours = if emission { [GREEN, VERMILLION, ORANGE] } else { [BLUE, SKY, ORANGE] };
    let names = if emission { FACES } else { ["reflected", "transmitted", "edge"] };
    let lines = (0..FACES.len()).map(|face| {
        let points = over_bins(run, |bin| {
            run.counts.words[run.counts.layout.spectrum(emission, face, bin)] as f64 / launched //
        });
        Line::new(names[face], colours[face], points)
    });
    lines.collect()
}

fn over_bins(run: &Run, height: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
    let layout = run.counts.layout;
    let edge = |bin: usize| layout.first_bin_nm as f64 + bin as f64;
    let bins = steps((0..layout.spectrum_bins).map(|bin| (edge(bin), edge(bin + 1), height(bin))));
    // From and to 0, so that a line at the end of the range has both flanks.
    let ends = [(edge(0), 0.0), (edge(layout.spectrum_bins), 0.0)];
    [vec![ends[0]], bins, vec![ends[1]]].concat()
}

/// From the first to the last x where a line is above 0, with a margin.
fn span(lines: &[Line], margin: f64) -> std::ops::Range<f64> {
    let seen = || lines.iter().flat_map(|line| &line.points).filter(|(_, y)| *y > 0.0).map(|(x, _)| *x);
    let (low, high) = (seen().fold(f64::INFINITY, f64::min), seen().fold(f64::NEG_INFINITY, f64::max));
    if low <= high { low - margin..high + margin } else { 0.0..1.0 }
}

/// Where in the stack light was absorbed, by whom, layers end to end.
pub fn depth(run: &Run) -> Result<String, PlotError> {
    const KINDS: [(&str, plotters::style::RGBColor); 4] = [
        ("emitters, pump", BLUE),
        ("emitters, emission", GREEN),
        ("host, pump", ORANGE),
        ("host, emission", VERMILLION),
    ];
    /// Names of more layers have no room on the axis.
    const MOST_LETTERS: usize = 50;
    let launched = run.outcome.photons.max(1) as f64;
    // how deep in a coherent layer waves are absorbed is not kept
    let places = absorbers(run.scene);
    let slabs = || run.scene.layers.iter().enumerate().filter(|(_, layer)| !layer.coherent);
    let tops: Vec<f64> = run
        .scene
        .layers
        .iter()
        .scan(0.0, |top, layer| Some(std::mem::replace(top, *top + layer.thickness_um)))
        .collect();
    let lines = KINDS.iter().enumerate().map(|(kind, (label, colour))| {
        let bins = slabs().flat_map(|(i, layer)| {
            let (top, slab, width_um) = (tops[i], places[i], layer.thickness_um / DEPTH_BINS as f64);
            let bins = (0..DEPTH_BINS).map(move |bin| {
                let photons = run.counts.words[run.counts.layout.depth(slab, kind, bin)] as f64;
                let from = top + bin as f64 * width_um;
                (from, from + width_um, photons / (launched * width_um))
            });
            // nothing is known beside it
            let end = |at: f64| [(at, at, 0.0)];
            end(top).into_iter().chain(bins).chain(end(top + layer.thickness_um))
        });
        Line::new(*label, *colour, steps(bins))
    });
    let lines: Vec<_> = lines.filter(Line::shows).collect();
    let um = |depth: f64| (depth * 1e4).round() / 1e4;
    let ends = slabs().map(|(i, layer)| format!("{} to {}", layer.name, um(tops[i] + layer.thickness_um)));
    let ends = ends.collect::<Vec<_>>().join(", ");
    let x = match ends.chars().count() {
        0 | MOST_LETTERS.. => "depth from the front / um".to_string(),
        _ => format!("depth from the front / um   ({ends})"),
    };
    let thickness_um: f64 = run.scene.layers.iter().map(|layer| layer.thickness_um).sum();
    let titles = Titles { title: "Where light was absorbed", x: &x, y: "absorptions per um and launched photon" };
    svg(SIZE, |area| logarithmic(area, &titles, 0.0..thickness_um.max(f64::MIN_POSITIVE), lines))
}

/// How often photons were emitted before they left or were lost.
pub fn emissions_per_photon(run: &Run) -> Result<String, PlotError> {
    let launched = run.outcome.photons.max(1) as f64;
    let left = [Fate::FrontEmission, Fate::BackEmission, Fate::EdgeEmission];
    let line = |label: &str, colour, counted: &dyn Fn(Fate) -> bool| {
        let points = (1..EMISSION_BINS - 1).filter_map(|n| {
            let fates = Fate::ALL.iter().filter(|fate| counted(**fate));
            let photons: u64 = fates.map(|fate| run.counts.emissions(*fate, n)).sum();
            // a dot at the foot of the axis would stand for some photons
            (photons > 0).then_some((n as f64, photons as f64 / launched))
        });
        Line { dots: true, ..Line::new(label, colour, points.collect()) }
    };
    let lines: Vec<_> = [
        line("left the film", GREEN, &|fate| left.contains(&fate)),
        line("lost after emission", VERMILLION, &|fate| !left.contains(&fate)),
    ]
    .into_iter()
    .filter(Line::shows)
    .collect();
    let titles = Titles { title: "Emissions per photon", x: "times emitted", y: "photons per launched photon" };
    let last = lines.iter().flat_map(|line| &line.points).map(|(n, _)| *n).fold(2.0, f64::max);
    svg(SIZE, |area| logarithmic(area, &titles, 0.0..last + 1.0, lines))
}
