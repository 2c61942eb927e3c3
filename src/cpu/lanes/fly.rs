//! Flights of all lanes: to the next interaction or face, and what face that is.

use super::rows::{LANES, Row, uniform};
use super::state::{Lanes, behind};
use crate::cpu::World;
use crate::cpu::fresnel::fresnel;
use crate::cpu::geometry::GRAZING;
use crate::cpu::sampling::uniform_fine;
use crate::cpu::transport::TOTAL;
use crate::tables::NONE;

/// Where the flights of a turn have ended, and what is to come of it. Marks are 0 or 1.
#[repr(C, align(64))]
pub struct Turn {
    /// Stands at a side edge; 2 along y.
    pub edge: Row<u32>,
    pub inside: Row<u32>,
    pub reflectance: Row<f32>,
    pub cos_t: Row<f32>,
    pub bits: Row<u32>,
    wants: Row<u32>,
    pub absorbed: Row<u32>,
    pub crossing: Row<u32>,
    pub special: Row<u32>,
    pub redirected: Row<u32>,
    pub g: Row<f32>,
}

impl Turn {
    #[inline(always)]
    pub fn new() -> Self {
        let (none, zero) = ([0; LANES], [0.0; LANES]);
        Self {
            edge: none,
            inside: none,
            reflectance: zero,
            cos_t: zero,
            bits: none,
            wants: none,
            absorbed: none,
            crossing: none,
            special: none,
            redirected: none,
            g: zero,
        }
    }
}

/// `transport::fly` up to where it ends.
#[inline(always)]
pub fn fly<const EDGES: bool>(world: &World, lanes: &mut Lanes, turn: &mut Turn) {
    let (half_width_um, half_depth_um) = (world.design.half_width_um, world.design.half_depth_um);
    for lane in 0..LANES {
        // all that is read stands first: loads under a condition keep a loop from becoming vector instructions
        let (x, y, z) = (lanes.x[lane], lanes.y[lane], lanes.z[lane]);
        let (direction_x, direction_y) = (lanes.direction_x[lane], lanes.direction_y[lane]);
        let direction_z = lanes.direction_z[lane];
        let (tau, mu_t, thickness_um) = (lanes.tau[lane], lanes.mu_t[lane], lanes.thickness_um[lane]);
        let (n, n_above, n_flip) = (lanes.n[lane], lanes.n_above[lane], lanes.n_flip[lane]);
        let total_face = lanes.total_face[lane];
        let down = direction_z > 0.0;
        let mut to_face_um = way(if down { thickness_um - z } else { z }, direction_z);
        let mut edge = 0;
        if EDGES {
            let x_um = way(half_width_um - if direction_x > 0.0 { x } else { -x }, direction_x);
            edge = if x_um < to_face_um { 1 } else { edge };
            to_face_um = if x_um < to_face_um { x_um } else { to_face_um };
            let y_um = way(half_depth_um - if direction_y > 0.0 { y } else { -y }, direction_y);
            edge = if y_um < to_face_um { 2 } else { edge };
            to_face_um = if y_um < to_face_um { y_um } else { to_face_um };
        }
        let optical = to_face_um * mu_t;
        let inside = tau < optical;
        let distance_um = if inside { tau / mu_t } else { to_face_um };
        lanes.x[lane] = x + direction_x * distance_um;
        lanes.y[lane] = y + direction_y * distance_um;
        lanes.z[lane] = z + direction_z * distance_um;
        lanes.tau[lane] = tau - optical;
        lanes.total_face[lane] = if inside | (mu_t > 0.0) { NONE } else { total_face };
        // what the face does, should it be one
        let n_next = behind(n_above, n_flip, down);
        let surface = fresnel(n, n_next, direction_z.abs(), lanes.polarisation[lane]);
        turn.reflectance[lane] = surface.reflectance;
        turn.cos_t[lane] = surface.cos_t;
        turn.inside[lane] = inside as u32;
        let in_doubt = (surface.reflectance > 0.0) & (surface.reflectance < TOTAL) & (n_next > 0.0);
        if EDGES {
            turn.edge[lane] = if inside { 0 } else { edge };
            turn.wants[lane] = (inside | (in_doubt & (edge == 0))) as u32;
        } else {
            turn.wants[lane] = (inside | in_doubt) as u32;
        }
    }
    lanes.streams.draw(&turn.wants, &mut turn.bits);
}

/// How far a flight is to a plane at this depth.
#[inline(always)]
fn way(depth_um: f32, direction: f32) -> f32 {
    let depth_um = if depth_um > 0.0 { depth_um } else { 0.0 };
    let direction = direction.abs();
    depth_um / if direction > GRAZING { direction } else { GRAZING }
}

/// What comes of it: light that scatters or is reflected at a Fresnel face needs no look-up, and is done with here.
/// All else is marked.
#[inline(always)]
pub fn decide<const EDGES: bool>(lanes: &mut Lanes, turn: &mut Turn) {
    for lane in 0..LANES {
        let inside = turn.inside[lane] == 1;
        let (bits, edge, reflectance) = (turn.bits[lane], turn.edge[lane], turn.reflectance[lane]);
        let (z, direction_z, thickness_um) = (lanes.z[lane], lanes.direction_z[lane], lanes.thickness_um[lane]);
        let (n_above, n_flip, absorb_end) = (lanes.n_above[lane], lanes.n_flip[lane], lanes.absorb_end[lane]);
        let (medium, earlier) = (lanes.medium[lane], lanes.total_face[lane]);
        let scatters = inside & (uniform_fine(bits) >= absorb_end);
        turn.redirected[lane] = scatters as u32;
        turn.g[lane] = lanes.g[lane];
        turn.absorbed[lane] = (inside & !scatters) as u32;
        // at a face
        let facing = if EDGES { !inside & (edge == 0) } else { !inside };
        let down = direction_z > 0.0;
        let n_next = behind(n_above, n_flip, down);
        let total = reflectance >= TOTAL;
        let back = total | (uniform(bits) < reflectance);
        let face = if down { medium } else { medium.wrapping_sub(1) };
        let caught = total & (earlier != NONE) & (earlier != face);
        let special = facing & (caught | (n_next == 0.0));
        let plain = facing & !special;
        turn.special[lane] = if EDGES { special | (edge != 0) } else { special } as u32;
        turn.crossing[lane] = (plain & !back) as u32;
        lanes.z[lane] = if plain { if down { thickness_um } else { 0.0 } } else { z };
        lanes.direction_z[lane] = if plain & back { -direction_z } else { direction_z };
        lanes.total_face[lane] = if plain & total { face } else { earlier };
    }
}
