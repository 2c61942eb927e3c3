//! The light source and the side edges of a design.

use super::UM_PER_MM;
use super::media::{emitters_in, slabs_before};
use crate::scene::{Edges, Scene, SourceKind, Spot};
use crate::tables::*;

/// Where photons start.
pub struct SourceRow {
    pub kind: u32,
    pub medium: u32,
    pub emitter: u32,
    pub cos_theta: f32,
    pub spot_kind: u32,
    pub spot_radius_um: f32,
}

/// Index times sine of a beam, which stays what it is from layer to layer; `None` where light has many directions.
pub fn beam_in_plane(scene: &Scene, wavelength_nm: f64) -> Option<f64> {
    let SourceKind::Beam { angle_deg, .. } = scene.source.kind else { return None };
    let index = match (scene.front.reflector, scene.layers.first()) {
        // a reflector in contact: the beam starts in the first layer
        (Some(reflector), Some(layer)) if !reflector.gap => &layer.index,
        _ => &scene.front.index,
    };
    Some(index.at(wavelength_nm) * angle_deg.to_radians().sin())
}

pub fn source(scene: &Scene) -> SourceRow {
    // light starts in front of the stack, beside a reflector in the slab that touches it
    let outside = if scene.front.reflector.is_some() { 1 } else { 0 };
    let (kind, medium, emitter, cos_theta) = match &scene.source.kind {
        SourceKind::Beam { angle_deg, .. } => (SOURCE_BEAM, outside, NONE, cos_deg(*angle_deg)),
        SourceKind::Lambertian { .. } => (SOURCE_LAMBERTIAN, outside, NONE, 0.0),
        SourceKind::Internal { layer, emitter } | SourceKind::Electroluminescence { layer, emitter, .. } => {
            let number = emitters_in(&scene.layers[..*layer]) + *emitter as u32;
            // an emitter in a packet is nowhere in a slab; the medium in front of the packet holds its place
            let medium = slabs_before(scene, *layer) + usize::from(!scene.layers[*layer].coherent);
            (SOURCE_INTERNAL, medium as u32, number, 0.0)
        }
    };
    let (spot_kind, spot_radius_um) = match (scene.source.spot, &scene.source.kind) {
        // excitations fill the volume of their layer
        (_, SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. }) | (Spot::Face, _)
            if scene.extent.is_some() =>
        {
            (SPOT_FACE, 0.0)
        }
        (Spot::Disc { radius_mm }, _) => (SPOT_DISC, (radius_mm * UM_PER_MM) as f32),
        (Spot::Point | Spot::Face, _) => (SPOT_POINT, 0.0),
    };
    SourceRow { kind, medium, emitter, cos_theta, spot_kind, spot_radius_um }
}

/// Cosine of 0..=90 degrees, never quite 0: a beam along the face still has to meet it.
fn cos_deg(angle_deg: f64) -> f32 {
    angle_deg.to_radians().cos().max(1e-12) as f32
}

/// Kind of the side edges, and how far they lie from the middle.
pub fn edges(scene: &Scene) -> (u32, f32, f32) {
    let Some(extent) = &scene.extent else {
        return (EDGE_NONE, 0.0, 0.0);
    };
    let kind = match extent.edges {
        Edges::Open => EDGE_OPEN,
        Edges::Mirror => EDGE_MIRROR,
        Edges::Absorbing => EDGE_ABSORBING,
    };
    (kind, (0.5 * extent.width_mm * UM_PER_MM) as f32, (0.5 * extent.depth_mm * UM_PER_MM) as f32)
}
