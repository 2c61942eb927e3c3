//! Where a photon is, and which face it meets next. Twin of `shaders/geometry.wgsl`.

use glam::Vec3;

use super::World;
use super::medium::coefficients;
use super::rng::Rng;
use crate::tables::{Coefficients, EDGE_ABSORBING, EDGE_MIRROR, EDGE_NONE, Surroundings};

/// The state of one photon.
#[derive(Debug, Clone)]
pub struct Photon {
    /// x and y in um from the axis of the source; z in um from the front face of its medium
    pub position: Vec3,
    /// optical depth left before its next interaction
    pub tau: f32,
    pub direction: Vec3,
    /// its wavelength: a row of `nodes`
    pub node: u32,
    pub rng: Rng,
    /// its medium at its wavelength, kept here because most turns need nothing else
    pub here: Coefficients,
    pub around: Surroundings,
    pub thickness_um: f32,
    /// where it is, counted from the design's first medium
    pub medium: u32,
    pub group: u32,
    /// row of the emitter that sent it out; NONE for pump light
    pub emitter: u32,
    /// row of the emitter that it has just excited; NONE while it is light
    pub excited: u32,
    /// 1 while `here` and `around` have yet to follow a change of medium or wavelength
    pub unsettled: u32,
    pub absorptions: u32,
    pub emissions: u32,
    /// its emissions by the emitter that the design watches
    pub chain: u32,
    pub events: u32,
    /// the last face that reflected it totally, with nothing since that absorbs or scatters; else NONE
    pub total_face: u32,
    /// the share of its power that is p: 0 or 1 where the design tracks polarisation, else 1/2
    pub polarisation: f32,
    /// how it ended, or ALIVE
    pub fate: u32,
    /// for light that has left: by which face, and at which cosine to its normal. For light lost in a packet: the
    /// place of its layer among the losses by layer
    pub exit_face: u32,
    pub exit_cos: f32,
}

pub const SIDE_UP: u32 = 0;
pub const SIDE_DOWN: u32 = 1;
pub const SIDE_X: u32 = 2;
pub const SIDE_Y: u32 = 3;
/// None: a flight that ends for no reason but its length.
pub const SIDE_NONE: u32 = 4;

/// A ray parallel to a face meets it only after a distance this many times as far as its depth.
pub const GRAZING: f32 = 1e-12;
/// Guided light flies at most so many times through its medium in one turn, so that rounding leaves its depth sharp.
pub const GUIDED_PASSES: f32 = 65536.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flight {
    pub distance_um: f32,
    pub side: u32,
}

/// Whether both faces of its medium reflect the photon totally, so that nothing but an interaction or a side edge ends
/// its way. What lies between is folded into one flight, in slabs where that pays (`Surroundings`).
#[inline(always)]
pub fn is_guided(photon: &Photon) -> bool {
    photon.direction.z * photon.direction.z < photon.around.guide_cos2
}

/// The face that the photon meets if nothing happens on the way.
#[inline(always)]
pub fn next_face(world: &World, photon: &Photon) -> Flight {
    let design = &world.design;
    let position = photon.position;
    let direction = photon.direction;
    // above or below
    let down = direction.z > 0.0;
    let mut depth_um = (if down { photon.thickness_um - position.z } else { position.z }).max(0.0);
    let mut side = if down { SIDE_DOWN } else { SIDE_UP };
    if is_guided(photon) {
        depth_um = GUIDED_PASSES * photon.thickness_um;
        side = SIDE_NONE;
    }
    let mut flight = Flight { distance_um: depth_um / direction.z.abs().max(GRAZING), side };
    // or one of the side edges
    if design.edge_kind != EDGE_NONE {
        let x_um = design.half_width_um - if direction.x > 0.0 { position.x } else { -position.x };
        let x_distance_um = x_um.max(0.0) / direction.x.abs().max(GRAZING);
        if x_distance_um < flight.distance_um {
            flight = Flight { distance_um: x_distance_um, side: SIDE_X };
        }
        let y_um = design.half_depth_um - if direction.y > 0.0 { position.y } else { -position.y };
        let y_distance_um = y_um.max(0.0) / direction.y.abs().max(GRAZING);
        if y_distance_um < flight.distance_um {
            flight = Flight { distance_um: y_distance_um, side: SIDE_Y };
        }
    }
    flight
}

#[inline(always)]
pub fn move_photon(photon: &mut Photon, distance_um: f32) {
    let z_um = photon.position.z;
    let way_um = photon.direction.z * distance_um;
    photon.position += photon.direction * distance_um;
    if is_guided(photon) {
        let folded = fold(z_um, way_um, photon.thickness_um);
        photon.position.z = folded.z_um;
        photon.direction.z = if folded.turned { -photon.direction.z } else { photon.direction.z };
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Folded {
    pub z_um: f32,
    /// Whether the last reflection has left it going the other way.
    pub turned: bool,
}

/// Where a straight way from depth z ends between faces at 0 and at the thickness that reflect it whenever it comes
/// to one: a triangle wave, there in the first half of its period and back in the second. Whole periods of the way are
/// left out before it is added to z: what rounding makes of a long one is a grid, which z then spreads evenly.
#[inline(always)]
pub fn fold(z_um: f32, way_um: f32, thickness_um: f32) -> Folded {
    let period_um = 2.0 * thickness_um;
    let whole = way_um / period_um;
    let periods = z_um / period_um + (whole - whole.floor());
    // from 1 at the first face to 0 at the other, and on to -1
    let left = 1.0 - 2.0 * (periods - periods.floor());
    Folded { z_um: thickness_um * (1.0 - left.abs()), turned: left < 0.0 }
}

/// Whether total reflection at one face and then at another holds a photon between them for good: in a
/// laterally infinite stack always; between side edges if it meets those, too, beyond their critical angle.
/// Only lossless media lie between, so the direction changes by reflection and refraction alone, and the
/// tangential components n u_x and n u_y keep their size.
#[inline(always)]
pub fn is_trapped(world: &World, photon: &Photon, face_1: u32, face_2: u32) -> bool {
    let design = &world.design;
    if design.edge_kind == EDGE_NONE || design.edge_kind == EDGE_MIRROR {
        return true;
    }
    if design.edge_kind == EDGE_ABSORBING {
        return false;
    }
    let n_here = photon.here.n;
    let n_beyond = coefficients(world, photon, design.slabs + 2).n;
    let tangent_x = n_here * photon.direction.x;
    let tangent_y = n_here * photon.direction.y;
    let tangent = (tangent_x * tangent_x).max(tangent_y * tangent_y);
    for medium in face_1.min(face_2) + 1..=face_1.max(face_2) {
        let n = coefficients(world, photon, medium).n;
        if n * n - tangent <= n_beyond * n_beyond {
            return false;
        }
    }
    true
}
