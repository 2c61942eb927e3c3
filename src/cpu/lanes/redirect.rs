//! New directions and free paths for all lanes that need them.

use glam::vec3;

use super::fly::Turn;
use super::rows::{BLOCK, LANES, Set, choose, uniform};
use super::state::Lanes;
use super::streams::Streams;
use crate::cpu::World;
use crate::cpu::sampling::{deflect, free_path, henyey_greenstein};

/// What `medium::redirect` reads and writes, for as many photons as a wide register holds.
#[repr(C, align(64))]
struct Block {
    x: [f32; BLOCK],
    y: [f32; BLOCK],
    z: [f32; BLOCK],
    g: [f32; BLOCK],
    tau: [f32; BLOCK],
    polarisation: [f32; BLOCK],
    streams: Streams<BLOCK>,
}

/// `medium::redirect`. Few lanes are put together first; of many, their neighbours are taken along in vain.
#[inline(always)]
pub fn redirect(world: &World, lanes: &mut Lanes, turn: &Turn) {
    let redirected = Set::of(&turn.redirected);
    if redirected.count() <= BLOCK as u32 {
        redirect_few(world, lanes, turn, redirected);
        return;
    }
    redirect_many(world, lanes, turn);
}

#[inline(always)]
fn redirect_few(world: &World, lanes: &mut Lanes, turn: &Turn, redirected: Set) {
    if redirected.0 == 0 {
        return;
    }
    let mut block = Block::empty();
    for (slot, lane) in redirected.enumerate() {
        let slot = slot % BLOCK;
        block.x[slot] = lanes.direction_x[lane];
        block.y[slot] = lanes.direction_y[lane];
        block.z[slot] = lanes.direction_z[lane];
        block.g[slot] = turn.g[lane];
        block.streams.copy(slot, &lanes.streams, lane);
    }
    block.redirect(world);
    for (slot, lane) in redirected.enumerate() {
        let slot = slot % BLOCK;
        lanes.direction_x[lane] = block.x[slot];
        lanes.direction_y[lane] = block.y[slot];
        lanes.direction_z[lane] = block.z[slot];
        lanes.tau[lane] = block.tau[slot];
        lanes.streams.copy(lane, &block.streams, slot);
        if world.design.tracks_polarisation == 1 {
            lanes.polarisation[lane] = block.polarisation[slot];
        }
    }
}

#[inline(always)]
fn redirect_many(world: &World, lanes: &mut Lanes, turn: &Turn) {
    let [polar, azimuth, path] = lanes.streams.draw(&turn.redirected);
    for lane in 0..LANES {
        let tau = free_path(path[lane]);
        lanes.tau[lane] = choose(turn.redirected[lane], tau, lanes.tau[lane]);
    }
    let mut cos_theta = [0.0; LANES];
    for lane in 0..LANES {
        cos_theta[lane] = henyey_greenstein(turn.g[lane], uniform(polar[lane]));
    }
    for lane in 0..LANES {
        let wanted = turn.redirected[lane];
        let old = vec3(lanes.direction_x[lane], lanes.direction_y[lane], lanes.direction_z[lane]);
        let new = deflect(old, cos_theta[lane], uniform(azimuth[lane]));
        lanes.direction_x[lane] = choose(wanted, new.x, old.x);
        lanes.direction_y[lane] = choose(wanted, new.y, old.y);
        lanes.direction_z[lane] = choose(wanted, new.z, old.z);
    }
    if world.design.tracks_polarisation == 1 {
        let [bits] = lanes.streams.draw(&turn.redirected);
        for lane in 0..LANES {
            let share = (bits[lane] >> 31) as f32;
            lanes.polarisation[lane] = choose(turn.redirected[lane], share, lanes.polarisation[lane]);
        }
    }
}

impl Block {
    /// Directions that do no harm where there is no photon.
    #[inline(always)]
    fn empty() -> Self {
        let zero = [0.0; BLOCK];
        Self { x: zero, y: zero, z: [1.0; BLOCK], g: zero, tau: zero, polarisation: zero, streams: Streams::empty() }
    }

    /// `medium::redirect`.
    #[inline(always)]
    fn redirect(&mut self, world: &World) {
        let [polar, azimuth, path] = self.streams.next();
        for slot in 0..BLOCK {
            let cos_theta = henyey_greenstein(self.g[slot], uniform(polar[slot]));
            let old = vec3(self.x[slot], self.y[slot], self.z[slot]);
            let new = deflect(old, cos_theta, uniform(azimuth[slot]));
            (self.x[slot], self.y[slot], self.z[slot]) = (new.x, new.y, new.z);
            self.tau[slot] = free_path(path[slot]);
        }
        if world.design.tracks_polarisation == 1 {
            let [bits] = self.streams.next();
            for slot in 0..BLOCK {
                self.polarisation[slot] = (bits[slot] >> 31) as f32;
            }
        }
    }
}
