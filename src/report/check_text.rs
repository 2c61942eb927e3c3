//! The page that shows what was understood of a scene.

use std::fmt;

use super::check::{AtWavelength, CheckReport, LayerAt};
use crate::scene::{Dipole, Edges, Outer, Recycling, ReflectorKind, Scene, Side, SourceKind, Spot};
use crate::spectrum::{Curve, Spectrum};

/// A number to five significant digits, without trailing zeros.
fn short(number: f64) -> String {
    const DIGITS: i32 = 5;
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let magnitude = number.abs().log10().floor() as i32;
    if !(-4..=6).contains(&magnitude) {
        return format!("{number:.3e}");
    }
    let text = format!("{number:.*}", (DIGITS - 1 - magnitude).max(0) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn or_dash(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), short)
}

pub(super) fn spectrum(spectrum: &Spectrum) -> String {
    match spectrum {
        Spectrum::Line(wavelength_nm) => format!("{} nm", short(*wavelength_nm)),
        Spectrum::GaussianInWavelength { peak_nm, fwhm_nm } => {
            format!("Gaussian at {} nm, {} nm wide", short(*peak_nm), short(*fwhm_nm))
        }
        Spectrum::GaussianInEnergy { peak_nm, fwhm_nm } => {
            format!("Gaussian in energy at {} nm, {} nm wide", short(*peak_nm), short(*fwhm_nm))
        }
        Spectrum::Table(table) => {
            let (low, high) = table.span_nm();
            format!("table from {} to {} nm", short(low), short(high))
        }
    }
}

pub(super) fn source(scene: &Scene) -> String {
    let spot = match scene.source.spot {
        Spot::Point => "at a point in the centre".to_owned(),
        Spot::Disc { radius_mm } => format!("on a disc of radius {} mm", short(radius_mm)),
        Spot::Face => "on the whole face".to_owned(),
    };
    match &scene.source.kind {
        SourceKind::Beam { angle_deg, spectrum: light } => {
            format!("beam at {} degrees, {}, {spot}", short(*angle_deg), spectrum(light))
        }
        SourceKind::Lambertian { spectrum: light } => format!("Lambertian, {}, {spot}", spectrum(light)),
        SourceKind::Internal { layer, emitter } => {
            let layer = &scene.layers[*layer];
            format!("excitations of '{}' throughout layer '{}'", layer.emitters[*emitter].name, layer.name)
        }
        SourceKind::Electroluminescence { layer, emitter, charge_balance, current_density_ma_per_cm2 } => {
            let layer = &scene.layers[*layer];
            let emitter = &layer.emitters[*emitter].name;
            let current = current_density_ma_per_cm2.map(|current| format!(", {} mA/cm2", short(current)));
            let (balance, current) = (short(*charge_balance), current.unwrap_or_default());
            format!("electroluminescence of '{emitter}' in layer '{}', charge balance {balance}{current}", layer.name)
        }
    }
}

pub(super) fn dipole(dipole: &Dipole) -> String {
    let place = match dipole.zone.places[..] {
        [(share, _)] => format!("at {} of the thickness", short(share)),
        _ => {
            let mean: f64 = dipole.zone.places.iter().map(|(share, weight)| share * weight).sum();
            format!("at {} places, on average {} of the thickness", dipole.zone.places.len(), short(mean))
        }
    };
    format!("dipoles {place}, {} of them horizontal, spacer {} nm", short(dipole.horizontal), short(dipole.spacer_nm))
}

fn index(curve: &Curve) -> String {
    match curve {
        Curve::Constant(n) => format!("index {}", short(*n)),
        other => format!("index {} at 550 nm", short(other.at(550.0))),
    }
}

pub(super) fn outer(outer: &Outer) -> String {
    let Some(reflector) = outer.reflector else { return index(&outer.index) };
    let kind = match reflector.kind {
        ReflectorKind::Specular => "specular",
        ReflectorKind::Diffuse => "diffuse",
    };
    let gap = if reflector.gap { format!("over a gap of {}", index(&outer.index)) } else { "in contact".to_owned() };
    format!("{kind} reflector, reflectance {}, {gap}", short(reflector.reflectance))
}

pub(super) fn extent(scene: &Scene) -> String {
    let Some(extent) = &scene.extent else { return "laterally infinite".to_owned() };
    let edges = match extent.edges {
        Edges::Open => format!("open edges to {}", index(&extent.index)),
        Edges::Mirror => "mirrors at the edges".to_owned(),
        Edges::Absorbing => "absorbing edges".to_owned(),
    };
    format!("{} x {} mm, {edges}", short(extent.width_mm), short(extent.depth_mm))
}

pub(super) fn purpose(scene: &Scene) -> String {
    let side = match scene.output {
        Side::Front => "front",
        Side::Back => "back",
    };
    let recycling = match scene.recycling {
        Recycling::On => "emission may be reabsorbed and emitted again",
        Recycling::Lost => "reabsorbed photons are lost",
        Recycling::Transparent => "emission is not reabsorbed",
    };
    format!("light wanted at the {side}; {recycling}")
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.title.is_empty() {
            writeln!(f, "{}\n", self.title)?;
        }
        writeln!(f, "source  {}", self.source)?;
        writeln!(f, "front   {}", self.front)?;
        let width = self.layers.iter().map(|layer| layer.name.chars().count()).max().unwrap_or(0);
        for layer in &self.layers {
            let thickness = match layer.coherent {
                true => format!("{} nm, coherent", short(layer.thickness_um * 1e3)),
                false => format!("{} um", short(layer.thickness_um)),
            };
            writeln!(f, "        | {:width$}  {thickness}", layer.name)?;
            for emitter in &layer.emitters {
                let (name, plqy) = (&emitter.name, short(emitter.plqy));
                writeln!(f, "        |   emitter {name}: PLQY {plqy}, {}", emitter.emission)?;
                if let Some(dipole) = &emitter.dipole {
                    writeln!(f, "        |     {dipole}")?;
                }
            }
        }
        writeln!(f, "back    {}", self.back)?;
        writeln!(f, "extent  {}", self.extent)?;
        writeln!(f, "        {}", self.purpose)?;
        for at in &self.wavelengths {
            write_table(f, at)?;
        }
        if !self.notes.is_empty() {
            writeln!(f, "\nWhat was assumed")?;
            self.notes.iter().try_for_each(|note| writeln!(f, "  - {note}"))?;
        }
        Ok(())
    }
}

/// Columns aligned to their widest cell.
fn write_table(f: &mut fmt::Formatter<'_>, at: &AtWavelength) -> fmt::Result {
    writeln!(f, "\nAt {} nm", short(at.wavelength_nm))?;
    let head = ["layer", "index", "mu_s /cm", "g", "optical thickness", "absorption /cm"].map(str::to_owned);
    let rows: Vec<[String; 6]> = [head].into_iter().chain(at.layers.iter().map(row)).collect();
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            format!("{cell:width$}")
        });
        writeln!(f, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn row(layer: &LayerAt) -> [String; 6] {
    let host = layer.absorption_per_cm.get("host").copied().flatten();
    let emitters = layer.absorption_per_cm.iter().filter(|(name, _)| *name != "host");
    let absorption = [format!("host {}", or_dash(host))]
        .into_iter()
        .chain(emitters.map(|(name, value)| format!("{name} {}", or_dash(*value))));
    [
        layer.name.clone(),
        match layer.k {
            Some(k) if k > 0.0 => format!("{}+{}i", or_dash(layer.index), short(k)),
            _ => or_dash(layer.index),
        },
        or_dash(layer.mu_s_per_cm),
        or_dash(layer.g),
        or_dash(layer.optical_thickness),
        absorption.collect::<Vec<_>>().join(", "),
    ]
}
