//! The light source.

use super::files::Files;
use super::keys::{SOURCE, SPOT};
use super::reader::{Limits, Reader};
use super::spectra;
use super::tree::{Node, Value};
use super::{Extent, Layer, Source, SourceKind, Spot};
use crate::spectrum::Spectrum;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Beam,
    Lambertian,
    Internal,
    Electroluminescence,
}

/// Reads `[source]`. The layers are those read so far, for the source that lies inside one.
pub(super) fn read(
    scene: &Reader,
    layers: &[Option<Layer>],
    names: &[String],
    extent: Option<&Extent>,
    files: &Files,
) -> Option<Source> {
    scene.require("source");
    let table = scene.child("source", &SOURCE)?;
    table.require("kind");
    let kinds = [
        ("beam", Kind::Beam),
        ("lambertian", Kind::Lambertian),
        ("internal", Kind::Internal),
        ("electroluminescence", Kind::Electroluminescence),
    ];
    let kind = table.word("kind", &kinds, &[])?;
    if kind == Kind::Electroluminescence {
        let light = "is for light from outside; electroluminescence has the emitter's own spectrum";
        table.refuse(&["wavelength_nm", "spectrum"], light);
        table.refuse(&["angle_deg"], "is for a beam; electroluminescence goes in all directions");
        table.refuse(&["spot"], "is for light from outside; a current flows through the whole stack");
        return current(&table, layers, names).map(|kind| Source { kind, spot: Spot::Face });
    }
    table.refuse(&["charge_balance", "current_density_ma_per_cm2"], "is for electroluminescence");
    if kind == Kind::Internal {
        let outside = "is for light from outside; an internal source emits the emitter's own spectrum";
        table.refuse(&["wavelength_nm", "spectrum"], outside);
        table.refuse(&["angle_deg"], "is for a beam; an internal source emits in all directions");
        table.refuse(&["spot"], "is for light from outside; an internal source fills its layer");
        return internal(&table, layers, names).map(|kind| Source { kind, spot: Spot::Face });
    }
    table.refuse(&["layer", "emitter"], "is for an internal source or electroluminescence");
    let spot = spot(&table, extent);
    let spectrum = spectrum(&table, files);
    let kind = if kind == Kind::Beam {
        let angle_deg = if table.has("angle_deg") { table.number("angle_deg", Limits::ANGLE) } else { Some(0.0) };
        SourceKind::Beam { angle_deg: angle_deg?, spectrum: spectrum? }
    } else {
        table.refuse(&["angle_deg"], "is for a beam; Lambertian light comes from all directions");
        SourceKind::Lambertian { spectrum: spectrum? }
    };
    Some(Source { kind, spot: spot? })
}

fn spectrum(table: &Reader, files: &Files) -> Option<Spectrum> {
    match (table.has("wavelength_nm"), table.get("spectrum")) {
        (true, None) => table.number("wavelength_nm", Limits::WAVELENGTH).map(Spectrum::Line),
        (false, Some(_)) => spectra::read(table, "spectrum", true, files),
        (false, None) => {
            table.problem(table.place, "give wavelength_nm or spectrum");
            None
        }
        (true, Some(node)) => {
            table.problem(&node.place, "give wavelength_nm or spectrum, not both");
            None
        }
    }
}

fn spot(table: &Reader, extent: Option<&Extent>) -> Option<Spot> {
    match table.get("spot") {
        None => Some(Spot::Point),
        Some(Node { value: Value::Table(_), .. }) => {
            let disc = table.child("spot", &SPOT)?;
            let radius_mm = disc.required_number("radius_mm", Limits::LENGTH_MM)?;
            if let Some(extent) = extent
                && radius_mm > 0.5 * extent.width_mm.min(extent.depth_mm)
            {
                let face = format!("{} x {} mm", extent.width_mm, extent.depth_mm);
                disc.problem(
                    disc.place,
                    format_args!("a disc of radius {radius_mm} mm does not fit the face of {face}"),
                );
            }
            Some(Spot::Disc { radius_mm })
        }
        Some(_) => table.word("spot", &[("point", Spot::Point), ("face", Spot::Face)], &[]),
    }
}

/// Finds the emitter of an internal source. `None` also where its layer could not be read.
fn internal(table: &Reader, layers: &[Option<Layer>], names: &[String]) -> Option<SourceKind> {
    table.require("layer");
    find(table, layers, names).map(|(layer, emitter)| SourceKind::Internal { layer, emitter })
}

/// The layer and emitter that the source names.
fn find(table: &Reader, layers: &[Option<Layer>], names: &[String]) -> Option<(usize, usize)> {
    let name = table.text("layer")?;
    let place = &table.get("layer")?.place;
    let Some(at) = names.iter().position(|known| known == name) else {
        let known: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
        table.problem(place, format_args!("no layer '{name}'; the layers are {}", known.join(", ")));
        return None;
    };
    let emitters = &layers[at].as_ref()?.emitters;
    let list: Vec<_> = emitters.iter().map(|emitter| format!("'{}'", emitter.name)).collect();
    if emitters.is_empty() {
        table.problem(place, format_args!("layer '{name}' has no emitter to excite"));
        return None;
    }
    if !table.has("emitter") {
        if emitters.len() > 1 {
            table.problem(table.place, format_args!("emitter is missing; layer '{name}' has {}", list.join(", ")));
            return None;
        }
        return Some((at, 0));
    }
    let wanted = table.text("emitter")?;
    let found = emitters.iter().position(|emitter| emitter.name == wanted);
    if found.is_none() {
        let place = &table.get("emitter")?.place;
        let has = list.join(", ");
        table.problem(place, format_args!("no emitter '{wanted}' in layer '{name}', which has {has}"));
    }
    found.map(|emitter| (at, emitter))
}

/// Electroluminescence: of the one emitter with a dipole, or of the one that is named.
fn current(table: &Reader, layers: &[Option<Layer>], names: &[String]) -> Option<SourceKind> {
    let charge_balance =
        if table.has("charge_balance") { table.number("charge_balance", Limits::SHARE) } else { Some(1.0) };
    let density = "current_density_ma_per_cm2";
    let current_density_ma_per_cm2 =
        if table.has(density) { Some(table.number(density, Limits::POSITIVE)?) } else { None };
    let (layer, emitter) = if table.has("layer") {
        let (layer, emitter) = find(table, layers, names)?;
        let named = &layers[layer].as_ref()?.emitters[emitter];
        if named.dipole.is_none() {
            let place = &table.get("layer")?.place;
            let why = "has no dipole: give it dipole = { position, orientation } in a coherent layer";
            table.problem(place, format_args!("emitter '{}' of layer '{}' {why}", named.name, names[layer]));
            return None;
        }
        (layer, emitter)
    } else {
        table.refuse(&["emitter"], "needs the layer beside it");
        one_dipole(table, layers)?
    };
    Some(SourceKind::Electroluminescence {
        layer,
        emitter,
        charge_balance: charge_balance?,
        current_density_ma_per_cm2,
    })
}

fn one_dipole(table: &Reader, layers: &[Option<Layer>]) -> Option<(usize, usize)> {
    // a layer that could not be read may hold the dipole that is missing
    let layers: Vec<&Layer> = layers.iter().map(Option::as_ref).collect::<Option<_>>()?;
    let emitters = layers.iter().enumerate().flat_map(|(at, layer)| {
        layer.emitters.iter().enumerate().map(move |(emitter, of)| (at, emitter, of)) //
    });
    let dipoles: Vec<_> = emitters.filter(|(.., emitter)| emitter.dipole.is_some()).collect();
    match dipoles[..] {
        [(layer, emitter, _)] => Some((layer, emitter)),
        [] => {
            table.problem(table.place, "electroluminescence needs an emitter with a dipole in a coherent layer");
            None
        }
        _ => {
            let list: Vec<_> =
                dipoles.iter().map(|(at, _, of)| format!("'{}' in '{}'", of.name, layers[*at].name)).collect();
            let list = list.join(", ");
            table.problem(
                table.place,
                format_args!("several emitters have a dipole ({list}); name one: layer, emitter"),
            );
            None
        }
    }
}
