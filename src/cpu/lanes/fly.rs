//! Flights of all lanes: to the next interaction or face, and what face that is.

use super::rows::{LANES, Marks, Row, mark, uniform};
use super::state::{Lanes, behind};
use crate::cpu::World;
use crate::cpu::fresnel::fresnel;
use crate::cpu::geometry::{GRAZING, GUIDED_PASSES, fold};
use crate::cpu::sampling::uniform_fine;
use crate::cpu::transport::TOTAL;
use crate::tables::{EDGE_NONE, NONE};

/// Where the flights of a turn have ended, and what is to come of it.
#[repr(C, align(64))]
pub struct Turn<const N: usize = LANES> {
    /// What the flight ends at if nothing happens on the way: a face, a side edge along x or y, or nothing.
    pub end: Row<u32, N>,
    pub inside: Marks<N>,
    /// Depth there, and the last face of total reflection: `decide` says what of both stays.
    z: Row<f32, N>,
    total_face: Row<u32, N>,
    pub reflectance: Row<f32, N>,
    pub cos_t: Row<f32, N>,
    pub bits: Row<u32, N>,
    wants: Marks<N>,
    pub absorbed: Marks<N>,
    pub crossing: Marks<N>,
    pub special: Marks<N>,
    pub redirected: Marks<N>,
    pub g: Row<f32, N>,
}

impl<const N: usize> Turn<N> {
    #[inline(always)]
    pub fn new() -> Self {
        let (none, zero) = ([0; N], [0.0; N]);
        Self {
            end: none,
            inside: none,
            z: zero,
            total_face: none,
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

pub const END_FACE: u32 = 0;
pub const END_X: u32 = 1;
pub const END_Y: u32 = 2;
pub const END_NONE: u32 = 3;

/// `transport::fly` up to where it ends. `GUIDES`: light may be guided by total reflection.
#[inline(always)]
pub fn fly<const EDGES: bool, const GUIDES: bool, const N: usize>(
    world: &World,
    lanes: &mut Lanes<N>,
    turn: &mut Turn<N>,
) {
    let design = &world.design;
    let open = design.edge_kind == EDGE_NONE;
    let half_width_um = if open { f32::INFINITY } else { design.half_width_um };
    let half_depth_um = if open { f32::INFINITY } else { design.half_depth_um };
    for lane in 0..N {
        // all that is read stands first: loads under a condition keep a loop from becoming vector instructions
        let (x, y, z) = (lanes.x[lane], lanes.y[lane], lanes.z[lane]);
        let (direction_x, direction_y) = (lanes.direction_x[lane], lanes.direction_y[lane]);
        let direction_z = lanes.direction_z[lane];
        let (tau, mu_t, thickness_um) = (lanes.tau[lane], lanes.mu_t[lane], lanes.thickness_um[lane]);
        let guide_cos2 = lanes.guide_cos2[lane];
        let total_face = lanes.total_face[lane];
        let down = direction_z > 0.0;
        let guided = GUIDES & (direction_z * direction_z < guide_cos2);
        let depth_um = if down { thickness_um - z } else { z };
        let mut end_um = way(if guided { GUIDED_PASSES * thickness_um } else { depth_um }, direction_z);
        let mut end = if guided { END_NONE } else { END_FACE };
        if EDGES {
            let x_um = way(half_width_um - if direction_x > 0.0 { x } else { -x }, direction_x);
            end = if x_um < end_um { END_X } else { end };
            end_um = if x_um < end_um { x_um } else { end_um };
            let y_um = way(half_depth_um - if direction_y > 0.0 { y } else { -y }, direction_y);
            end = if y_um < end_um { END_Y } else { end };
            end_um = if y_um < end_um { y_um } else { end_um };
        }
        let optical = end_um * mu_t;
        let inside = tau < optical;
        let distance_um = if inside { tau / mu_t } else { end_um };
        lanes.x[lane] = x + direction_x * distance_um;
        lanes.y[lane] = y + direction_y * distance_um;
        let way_um = direction_z * distance_um;
        if GUIDES {
            let folded = fold(z, way_um, thickness_um);
            turn.z[lane] = if guided { folded.z_um } else { z + way_um };
            lanes.direction_z[lane] = turned(direction_z, guided & folded.turned);
        } else {
            turn.z[lane] = z + way_um;
        }
        lanes.tau[lane] = tau - optical;
        turn.total_face[lane] = if mu_t > 0.0 { NONE } else { total_face };
        turn.inside[lane] = mark(inside);
        if EDGES | GUIDES {
            turn.end[lane] = end;
        }
    }
    // what the face does, should it be one
    for lane in 0..N {
        let (n, n_above, n_flip) = (lanes.n[lane], lanes.n_above[lane], lanes.n_flip[lane]);
        let direction_z = lanes.direction_z[lane];
        let (inside, end) = (turn.inside[lane], turn.end[lane]);
        let n_next = behind(n_above, n_flip, direction_z > 0.0);
        let surface = fresnel(n, n_next, direction_z.abs(), lanes.polarisation[lane]);
        turn.reflectance[lane] = surface.reflectance;
        turn.cos_t[lane] = surface.cos_t;
        let in_doubt = (surface.reflectance > 0.0) & (surface.reflectance < TOTAL) & (n_next > 0.0);
        let faces = !(EDGES | GUIDES) | (end == END_FACE);
        turn.wants[lane] = inside | mark(in_doubt & faces);
    }
    [turn.bits] = lanes.streams.draw(&turn.wants);
}

/// The other way, where it has turned. In bits: see `choose`.
#[inline(always)]
fn turned(direction: f32, has_turned: bool) -> f32 {
    f32::from_bits(direction.to_bits() ^ (has_turned as u32) << 31)
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
pub fn decide<const EDGES: bool, const GUIDES: bool, const N: usize>(lanes: &mut Lanes<N>, turn: &mut Turn<N>) {
    for lane in 0..N {
        let inside = turn.inside[lane] != 0;
        let (bits, end, reflectance) = (turn.bits[lane], turn.end[lane], turn.reflectance[lane]);
        let (z, direction_z, thickness_um) = (turn.z[lane], lanes.direction_z[lane], lanes.thickness_um[lane]);
        let (n_above, n_flip, absorb_end) = (lanes.n_above[lane], lanes.n_flip[lane], lanes.absorb_end[lane]);
        let (medium, earlier) = (lanes.medium[lane], turn.total_face[lane]);
        let scatters = inside & (uniform_fine(bits) >= absorb_end);
        turn.redirected[lane] = mark(scatters);
        turn.g[lane] = lanes.g[lane];
        turn.absorbed[lane] = mark(inside & !scatters);
        // at a face
        let elsewhere = (EDGES | GUIDES) & !inside & (end != END_FACE);
        let facing = !inside & !elsewhere;
        let down = direction_z > 0.0;
        let n_next = behind(n_above, n_flip, down);
        let total = reflectance >= TOTAL;
        let back = total | (uniform(bits) < reflectance);
        let face = if down { medium } else { medium.wrapping_sub(1) };
        let caught = total & (earlier != NONE) & (earlier != face);
        let special = facing & (caught | (n_next == 0.0));
        let plain = facing & !special;
        turn.special[lane] = mark(special | elsewhere);
        turn.crossing[lane] = mark(plain & !back);
        lanes.z[lane] = if plain { if down { thickness_um } else { 0.0 } } else { z };
        lanes.direction_z[lane] = turned(direction_z, plain & back);
        lanes.total_face[lane] = if plain & total { face } else { earlier };
    }
}
