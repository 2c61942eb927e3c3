//! New directions and free paths for all lanes that need them.

use glam::vec3;

use super::fly::Turn;
use super::rows::{BLOCK, LANES, Set, uniform};
use super::state::Lanes;
use crate::cpu::World;
use crate::cpu::sampling::{deflect, free_path, henyey_greenstein};

/// `medium::redirect`.
#[inline(always)]
pub fn redirect(world: &World, lanes: &mut Lanes, turn: &Turn) {
    let redirected = Set::of(&turn.redirected);
    for block in 0..LANES / BLOCK {
        if redirected.meets_block(block) {
            redirect_block(world, lanes, turn, block);
        }
    }
}

#[inline(always)]
fn redirect_block(world: &World, lanes: &mut Lanes, turn: &Turn, block: usize) {
    let (mut polar, mut azimuth, mut path) = ([0; LANES], [0; LANES], [0; LANES]);
    lanes.streams.draw(block, &turn.redirected, &mut polar);
    lanes.streams.draw(block, &turn.redirected, &mut azimuth);
    lanes.streams.draw(block, &turn.redirected, &mut path);
    for lane in block * BLOCK..(block + 1) * BLOCK {
        let old = vec3(lanes.direction_x[lane], lanes.direction_y[lane], lanes.direction_z[lane]);
        let cos_theta = henyey_greenstein(turn.g[lane], uniform(polar[lane]));
        let new = deflect(old, cos_theta, uniform(azimuth[lane]));
        let tau = free_path(path[lane]);
        let wanted = turn.redirected[lane] == 1;
        lanes.direction_x[lane] = if wanted { new.x } else { old.x };
        lanes.direction_y[lane] = if wanted { new.y } else { old.y };
        lanes.direction_z[lane] = if wanted { new.z } else { old.z };
        lanes.tau[lane] = if wanted { tau } else { lanes.tau[lane] };
    }
    if world.design.tracks_polarisation == 1 {
        let mut bits = [0; LANES];
        lanes.streams.draw(block, &turn.redirected, &mut bits);
        for lane in block * BLOCK..(block + 1) * BLOCK {
            let drawn = (bits[lane] >> 31) as f32;
            lanes.polarisation[lane] = if turn.redirected[lane] == 1 { drawn } else { lanes.polarisation[lane] };
        }
    }
}
