//! The result of a run as a page for a person, at most 96 columns wide.

use std::fmt::{self, Write};

use super::Run;
use super::number::{grouped, prefixed, with_error};
use crate::counts::Fate;
use crate::outcome::{DEFINITIONS, Estimate, Unit};
use crate::simulate::Stopped;

/// How the page is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// Whether bars and signs beyond ASCII can be shown.
    pub unicode: bool,
}

const BAR_COLUMNS: usize = 30;
const WIDTH: usize = 92;

impl Style {
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    pub(super) fn heading(self, text: &str) -> String {
        self.paint("1;36", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn plus_minus(self) -> &'static str {
        if self.unicode { "±" } else { "+-" }
    }

    /// A bar in eighths of a column; what is not 0 shows at least a sliver.
    pub(super) fn bar(self, share: f64) -> String {
        if !self.unicode {
            let whole = (share * BAR_COLUMNS as f64).round() as usize;
            return "#".repeat(whole.max(usize::from(share > 0.0)));
        }
        const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        let eighths = ((share * BAR_COLUMNS as f64 * 8.0).round() as usize).max(usize::from(share > 0.0));
        "█".repeat(eighths / 8) + PARTS[eighths % 8]
    }
}

/// The whole page.
pub fn page(run: &Run, style: Style) -> String {
    let mut out = String::new();
    let written = head(&mut out, run, style)
        .and_then(|()| fates(&mut out, run, style))
        .and_then(|()| quantities(&mut out, run, style))
        .and_then(|()| emitters(&mut out, run, style))
        .and_then(|()| layers(&mut out, run, style))
        .and_then(|()| notes(&mut out, run, style));
    written.expect("a string takes any text");
    out
}

fn head(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    let (photons, device) = (run.outcome.photons, run.device);
    if !run.scene.title.is_empty() {
        writeln!(out, "{}", style.paint("1", &run.scene.title))?;
    }
    let how = if run.counts.layout.stratified { ", stratified" } else { "" };
    let launched = if photons == 1 { "1 photon".to_owned() } else { format!("{} photons", grouped(photons)) };
    writeln!(out, "{launched}, seed {}{how}, on {} ({})", run.seed, device.name, device.backend)?;
    let rate = photons as f64 / run.engine_s.max(1e-9);
    writeln!(out, "{:.2} s, {}photons/s in the engine", run.wall_s, prefixed(rate))?;
    match run.stopped {
        Stopped::Done => Ok(()),
        Stopped::TargetReached => writeln!(out, "Stopped at the target."),
        Stopped::TargetNotReached => writeln!(out, "The target was not reached with all photons allowed."),
        Stopped::Interrupted => writeln!(out, "Interrupted: this is what had been followed by then."),
    }
}

fn fates(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    writeln!(out, "\n{}", style.heading("Where the photons went"))?;
    for (fate, (key, share)) in Fate::ALL.iter().zip(&run.outcome.fate_shares.0) {
        let value = share.value.unwrap_or(0.0);
        if value == 0.0 {
            continue;
        }
        let percent = with_error(*share, 100.0, style.plus_minus());
        let bar = style.paint(fate_colour(*fate), &style.bar(value));
        writeln!(out, "  {key:<22} {percent:>20} %  {bar}")?;
    }
    Ok(())
}

/// Pump blue, emission that left green, losses red.
fn fate_colour(fate: Fate) -> &'static str {
    match fate {
        Fate::ReflectedPump | Fate::TransmittedPump | Fate::EdgePump => "34",
        Fate::FrontEmission | Fate::BackEmission | Fate::EdgeEmission => "32",
        _ => "31",
    }
}

fn quantities(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    writeln!(out, "\n{}", style.heading("Quantities"))?;
    for (definition, (key, estimate)) in DEFINITIONS.iter().zip(&run.outcome.quantities.0) {
        if estimate.value.is_none() {
            continue;
        }
        let (times, unit) = match definition.unit {
            Unit::Fraction => (100.0, "%"),
            Unit::Number => (1.0, ""),
            Unit::Nm => (1.0, "nm"),
        };
        let value = with_error(*estimate, times, style.plus_minus());
        writeln!(out, "  {key:<28} {value:>19} {unit:<2}  {}", style.faint(definition.meaning))?;
    }
    Ok(())
}

fn emitters(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    if run.outcome.by_emitter.0.len() < 2 {
        return Ok(());
    }
    writeln!(out, "\n{}", style.heading("By emitter (per launched photon)"))?;
    let value = |estimate: &Estimate| with_error(*estimate, 1.0, style.plus_minus());
    for (name, emitter) in &run.outcome.by_emitter.0 {
        writeln!(out, "  {name}, PLQY {}", emitter.plqy)?;
        for (from, absorptions) in &emitter.absorptions.0 {
            writeln!(out, "    {:<32} {:>20}", format!("absorptions, light of {from}"), value(absorptions))?;
        }
        let left = [
            ("emissions", &emitter.emissions),
            ("left by the front", &emitter.front_emission),
            ("left by the back", &emitter.back_emission),
            ("left by the edges", &emitter.edge_emission),
            ("recycling efficiency, own light", &emitter.recycling_efficiency),
        ];
        for (what, estimate) in left {
            writeln!(out, "    {what:<32} {:>20}", value(estimate))?;
        }
    }
    Ok(())
}

fn layers(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    if run.outcome.by_layer.0.len() < 2 {
        return Ok(());
    }
    writeln!(out, "\n{}", style.heading("Lost to hosts, by layer"))?;
    writeln!(out, "  {}", style.faint(&format!("{:<22} {:>22} {:>22}", "layer", "pump / %", "emission / %")))?;
    for (name, layer) in &run.outcome.by_layer.0 {
        let percent = |estimate| with_error(estimate, 100.0, style.plus_minus());
        writeln!(out, "  {name:<22} {:>22} {:>22}", percent(layer.host_pump), percent(layer.host_emission))?;
    }
    Ok(())
}

fn notes(out: &mut String, run: &Run, style: Style) -> fmt::Result {
    if run.scene.notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.heading("What was assumed"))?;
    for line in run.scene.notes.iter().flat_map(|note| listed(note)) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A note as lines of a list.
pub(super) fn listed(note: &str) -> Vec<String> {
    let lines = wrapped(note, WIDTH - 4).into_iter().enumerate();
    lines.map(|(i, line)| format!("  {} {line}", if i == 0 { "-" } else { " " })).collect()
}

/// Lines of at most `columns`, broken between words.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(word.to_string());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
