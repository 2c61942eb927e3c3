//! The light source.

use std::path::Path;

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
}

/// Reads `[source]`. The layers are those read so far, for the source that lies inside one.
pub(super) fn read(
    scene: &Reader,
    layers: &[Option<Layer>],
    names: &[String],
    extent: Option<&Extent>,
    base_dir: &Path,
) -> Option<Source> {
    scene.require("source");
    let table = scene.child("source", &SOURCE)?;
    table.require("kind");
    let kinds = [("beam", Kind::Beam), ("lambertian", Kind::Lambertian), ("internal", Kind::Internal)];
    let later = [("electroluminescence", "comes with coherent layers in a later version")];
    let kind = table.word("kind", &kinds, &later)?;
    table.refuse(&["charge_balance", "current_density_ma_per_cm2"], "is for electroluminescence");
    if kind == Kind::Internal {
        let outside = "is for light from outside; an internal source emits the emitter's own spectrum";
        table.refuse(&["wavelength_nm", "spectrum"], outside);
        table.refuse(&["angle_deg"], "is for a beam; an internal source emits in all directions");
        table.refuse(&["spot"], "is for light from outside; an internal source fills its layer");
        return internal(&table, layers, names).map(|kind| Source { kind, spot: Spot::Face });
    }
    table.refuse(&["layer", "emitter"], "is for an internal source");
    let spot = spot(&table, extent);
    let spectrum = spectrum(&table, base_dir);
    let kind = if kind == Kind::Beam {
        let angle_deg = if table.has("angle_deg") { table.number("angle_deg", Limits::ANGLE) } else { Some(0.0) };
        SourceKind::Beam { angle_deg: angle_deg?, spectrum: spectrum? }
    } else {
        table.refuse(&["angle_deg"], "is for a beam; Lambertian light comes from all directions");
        SourceKind::Lambertian { spectrum: spectrum? }
    };
    Some(Source { kind, spot: spot? })
}

fn spectrum(table: &Reader, base_dir: &Path) -> Option<Spectrum> {
    match (table.has("wavelength_nm"), table.get("spectrum")) {
        (true, None) => table.number("wavelength_nm", Limits::WAVELENGTH).map(Spectrum::Line),
        (false, Some(_)) => spectra::read(table, "spectrum", true, base_dir),
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
        return Some(SourceKind::Internal { layer: at, emitter: 0 });
    }
    let wanted = table.text("emitter")?;
    let found = emitters.iter().position(|emitter| emitter.name == wanted);
    if found.is_none() {
        let place = &table.get("emitter")?.place;
        let has = list.join(", ");
        table.problem(place, format_args!("no emitter '{wanted}' in layer '{name}', which has {has}"));
    }
    found.map(|emitter| SourceKind::Internal { layer: at, emitter })
}
