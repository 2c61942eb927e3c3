//! New directions and free paths for all lanes that need them.

use glam::{vec2, vec3};

use super::fly::Turn;
use super::rows::{BLOCK, Set, choose, uniform};
use super::state::Lanes;
use super::streams::Streams;
use crate::cpu::World;
use crate::cpu::sampling::{cos_sin_turn, deflect_at, free_path_parts, henyey_greenstein, ln_ratio};

/// Directions side by side.
struct Directions<const N: usize> {
    x: [f32; N],
    y: [f32; N],
    z: [f32; N],
}

/// `medium::redirect`. Few lanes are put together first; of many, their neighbours are taken along in vain.
#[inline(always)]
pub fn redirect<const N: usize>(world: &World, lanes: &mut Lanes<N>, turn: &Turn<N>) {
    let redirected = Set::of(&turn.redirected);
    if redirected.count() <= BLOCK as u32 {
        redirect_few(world, lanes, turn, redirected);
    } else {
        redirect_many(world, lanes, turn);
    }
}

#[inline(always)]
fn redirect_few<const N: usize>(world: &World, lanes: &mut Lanes<N>, turn: &Turn<N>, redirected: Set) {
    if redirected.0 == 0 {
        return;
    }
    let mut streams = Streams::<BLOCK>::empty();
    // directions that do no harm where there is no photon
    let mut old = Directions { x: [0.0; BLOCK], y: [0.0; BLOCK], z: [1.0; BLOCK] };
    let mut g = [0.0; BLOCK];
    for (slot, lane) in redirected.enumerate() {
        let slot = slot % BLOCK;
        old.x[slot] = lanes.direction_x[lane];
        old.y[slot] = lanes.direction_y[lane];
        old.z[slot] = lanes.direction_z[lane];
        g[slot] = turn.g[lane];
        streams.copy(slot, &lanes.streams, lane);
    }
    let [polar, azimuth, path] = streams.next();
    let new = scattered(&old, &g, &polar, &azimuth);
    let tau = free_paths(&path);
    let mut polarisation = [0.0; BLOCK];
    if world.design.tracks_polarisation == 1 {
        polarisation = polarisations(&streams.next());
    }
    for (slot, lane) in redirected.enumerate() {
        let slot = slot % BLOCK;
        lanes.direction_x[lane] = new.x[slot];
        lanes.direction_y[lane] = new.y[slot];
        lanes.direction_z[lane] = new.z[slot];
        lanes.tau[lane] = tau[slot];
        lanes.streams.copy(lane, &streams, slot);
        if world.design.tracks_polarisation == 1 {
            lanes.polarisation[lane] = polarisation[slot];
        }
    }
}

#[inline(always)]
fn redirect_many<const N: usize>(world: &World, lanes: &mut Lanes<N>, turn: &Turn<N>) {
    let [polar, azimuth, path] = lanes.streams.draw(&turn.redirected);
    let old = Directions { x: lanes.direction_x, y: lanes.direction_y, z: lanes.direction_z };
    let new = scattered(&old, &turn.g, &polar, &azimuth);
    let tau = free_paths(&path);
    for lane in 0..N {
        let redirected = turn.redirected[lane];
        lanes.direction_x[lane] = choose(redirected, new.x[lane], lanes.direction_x[lane]);
        lanes.direction_y[lane] = choose(redirected, new.y[lane], lanes.direction_y[lane]);
        lanes.direction_z[lane] = choose(redirected, new.z[lane], lanes.direction_z[lane]);
        lanes.tau[lane] = choose(redirected, tau[lane], lanes.tau[lane]);
    }
    if world.design.tracks_polarisation == 1 {
        let polarisation = polarisations(&lanes.streams.draw(&turn.redirected));
        for lane in 0..N {
            let (new, old) = (polarisation[lane], lanes.polarisation[lane]);
            lanes.polarisation[lane] = choose(turn.redirected[lane], new, old);
        }
    }
}

/// `henyey_greenstein` and `deflect`, step by step for all: what one loop does is short enough for a processor to have
/// several lanes under way.
#[inline(always)]
fn scattered<const N: usize>(old: &Directions<N>, g: &[f32; N], polar: &[u32; N], azimuth: &[u32; N]) -> Directions<N> {
    let mut cos_theta = [0.0; N];
    for lane in 0..N {
        cos_theta[lane] = henyey_greenstein(g[lane], uniform(polar[lane]));
    }
    let (mut cos_turn, mut sin_turn) = ([0.0; N], [0.0; N]);
    for lane in 0..N {
        (cos_turn[lane], sin_turn[lane]) = cos_sin_turn(uniform(azimuth[lane])).into();
    }
    let mut new = Directions { x: [0.0; N], y: [0.0; N], z: [0.0; N] };
    for lane in 0..N {
        let direction = vec3(old.x[lane], old.y[lane], old.z[lane]);
        let turn = vec2(cos_turn[lane], sin_turn[lane]);
        (new.x[lane], new.y[lane], new.z[lane]) = deflect_at(direction, cos_theta[lane], turn).into();
    }
    new
}

/// `free_path` of all.
#[inline(always)]
fn free_paths<const N: usize>(bits: &[u32; N]) -> [f32; N] {
    let (mut ratio, mut less) = ([0.0; N], [0.0; N]);
    for lane in 0..N {
        (ratio[lane], less[lane]) = free_path_parts(bits[lane]).into();
    }
    let mut tau = [0.0; N];
    for lane in 0..N {
        tau[lane] = ln_ratio(ratio[lane]) - less[lane];
    }
    tau
}

/// `draw_polarisation` of all.
#[inline(always)]
fn polarisations<const N: usize>([bits]: &[[u32; N]; 1]) -> [f32; N] {
    let mut polarisation = [0.0; N];
    for lane in 0..N {
        polarisation[lane] = (bits[lane] >> 31) as f32;
    }
    polarisation
}
