//! What surrounds the stack: the media in front and behind, their reflectors, and the lateral extent.

use super::files::Files;
use super::indices;
use super::keys::{EXTENT, OUTER, REFLECTOR};
use super::reader::{Limits, Reader};
use super::{Edges, Extent, Outer, Reflector, ReflectorKind};
use crate::spectrum::Curve;

/// The half-space under `front` or `back`; air where the scene says nothing.
pub(super) fn read(scene: &Reader, key: &str, files: &Files) -> Option<Outer> {
    const AIR: f64 = 1.0;
    if !scene.has(key) {
        return Some(Outer { index: Curve::Constant(AIR), reflector: None });
    }
    let outer = scene.child(key, &OUTER)?;
    let reflector = match outer.child("reflector", &REFLECTOR) {
        Some(table) => Some(reflector(&table)?),
        None => None,
    };
    let index =
        if outer.has("index") { indices::read_transparent(&outer, "index", files)? } else { Curve::Constant(AIR) };
    Some(Outer { index, reflector })
}

fn reflector(table: &Reader) -> Option<Reflector> {
    table.require("kind");
    let kinds = [("specular", ReflectorKind::Specular), ("diffuse", ReflectorKind::Diffuse)];
    let kind = table.word("kind", &kinds, &[]);
    let reflectance = table.required_number("reflectance", Limits::SHARE);
    let gap = if table.has("gap") { table.word("gap", &[("contact", false), ("air", true)], &[]) } else { Some(false) };
    Some(Reflector { kind: kind?, reflectance: reflectance?, gap: gap? })
}

/// The lateral extent. `beyond` is the index of the front medium, the default beyond the edges.
pub(super) fn extent(scene: &Reader, beyond: Option<&Curve>, files: &Files) -> Option<Extent> {
    let table = scene.child("extent", &EXTENT)?;
    let width_mm = table.required_number("width_mm", Limits::LENGTH_MM);
    let depth_mm = table.required_number("depth_mm", Limits::LENGTH_MM);
    let words = [("open", Edges::Open), ("mirror", Edges::Mirror), ("absorbing", Edges::Absorbing)];
    let edges = if table.has("edges") { table.word("edges", &words, &[]) } else { Some(Edges::Open) };
    let index = if table.has("index") { indices::read_transparent(&table, "index", files) } else { beyond.cloned() };
    Some(Extent { width_mm: width_mm?, depth_mm: depth_mm?, edges: edges?, index: index? })
}
