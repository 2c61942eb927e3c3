//! Spectra of packets: a panel for each packet and angle, one below the other.

use plotters::prelude::*;

use super::PlotError;
use super::chart::{BLUE, GREEN, GREY, Line, ORANGE, SKY, Titles, VERMILLION, linear, svg};
use crate::stack::Optics;

const PANEL: (u32, u32) = (1000, 600);
/// Layers that absorb less at every wavelength are left out.
const WORTH_A_LINE: f64 = 1e-3;

/// What every packet does with light on its front, at every angle.
pub(super) fn optics(spectra: &[Optics]) -> Result<String, PlotError> {
    let mut panels: Vec<Vec<&Optics>> = Vec::new();
    for at in spectra {
        let same = |panel: &&mut Vec<&Optics>| panel[0].packet == at.packet && panel[0].angle_deg == at.angle_deg;
        match panels.iter_mut().find(same) {
            Some(panel) => panel.push(at),
            None => panels.push(vec![at]),
        }
    }
    let packets = panels.iter().filter(|panel| panel[0].packet != panels[0][0].packet).count() > 0;
    svg((PANEL.0, PANEL.1 * panels.len().max(1) as u32), |area| {
        for (part, panel) in area.split_evenly((panels.len().max(1), 1)).iter().zip(&panels) {
            let first = panel[0];
            let last = panel.last().map_or(first.wavelength_nm, |at| at.wavelength_nm);
            let of = if packets { format!(" of {}", ends(&first.packet)) } else { String::new() };
            let title = format!("Light on the front{of} at {} degrees", first.angle_deg);
            let titles = Titles { title: &title, x: "wavelength / nm", y: "share of the light" };
            linear(part, &titles, first.wavelength_nm..last.max(first.wavelength_nm + 1.0), &lines(panel))?;
        }
        Ok(())
    })
}

/// A packet by its first and last layer.
fn ends(packet: &[String]) -> String {
    match packet {
        [first, .., last] => format!("{first} ... {last}"),
        _ => packet.concat(),
    }
}

/// Reflected and transmitted, s and p apart where they differ, and what the strongest absorbers take of both.
fn lines(panel: &[&Optics]) -> Vec<Line> {
    let curve = |share: &dyn Fn(&Optics, &Optics) -> f64| -> Vec<(f64, f64)> {
        panel.chunks_exact(2).map(|sp| (sp[0].wavelength_nm, share(sp[0], sp[1]))).collect()
    };
    let apart = panel[0].angle_deg > 0.0;
    let mut lines = if apart {
        vec![
            Line::new("reflected, s", BLUE, curve(&|s, _| s.reflectance)),
            Line::new("reflected, p", SKY, curve(&|_, p| p.reflectance)),
            Line::new("transmitted, s", GREEN, curve(&|s, _| s.transmittance)),
            Line::new("transmitted, p", ORANGE, curve(&|_, p| p.transmittance)),
        ]
    } else {
        vec![
            Line::new("reflected", BLUE, curve(&|s, _| s.reflectance)),
            Line::new("transmitted", GREEN, curve(&|s, _| s.transmittance)),
        ]
    };
    let colours: &[RGBColor] = if apart { &[VERMILLION, GREY] } else { &[VERMILLION, ORANGE, SKY, GREY] };
    let layers = panel[0].packet.iter().enumerate();
    let mut absorbing: Vec<Line> = layers
        .map(|(i, name)| {
            let mean = curve(&|s, p| 0.5 * (s.absorptance.0[i].1 + p.absorptance.0[i].1));
            Line::new(format!("absorbed by {name}"), GREY, mean)
        })
        .collect();
    // those that matter most; the rest would hide them
    let highest = |line: &Line| line.points.iter().map(|(_, y)| *y).fold(0.0, f64::max);
    absorbing.retain(|line| highest(line) > WORTH_A_LINE);
    absorbing.sort_by(|a, b| highest(b).total_cmp(&highest(a)));
    lines.extend(absorbing.into_iter().zip(colours).map(|(line, colour)| Line { colour: *colour, ..line }));
    lines
}
