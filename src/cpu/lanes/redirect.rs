//! New directions and free paths for all lanes that need them.

use glam::vec3;

use super::fly::Turn;
use super::rows::{BLOCK, LANES, Set, choose, choose_u64, uniform};
use super::state::Lanes;
use crate::cpu::World;
use crate::cpu::rng::Rng;
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
    state: [u64; BLOCK],
    increment: [u64; BLOCK],
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
        block.state[slot] = lanes.streams.state[lane];
        block.increment[slot] = lanes.streams.increment[lane];
    }
    block.redirect(world);
    for (slot, lane) in redirected.enumerate() {
        let slot = slot % BLOCK;
        lanes.direction_x[lane] = block.x[slot];
        lanes.direction_y[lane] = block.y[slot];
        lanes.direction_z[lane] = block.z[slot];
        lanes.tau[lane] = block.tau[slot];
        lanes.streams.state[lane] = block.state[slot];
        if world.design.tracks_polarisation == 1 {
            lanes.polarisation[lane] = block.polarisation[slot];
        }
    }
}

#[inline(always)]
fn redirect_many(world: &World, lanes: &mut Lanes, turn: &Turn) {
    let (mut polar, mut azimuth, mut path) = ([0; LANES], [0; LANES], [0; LANES]);
    for lane in 0..LANES {
        let old = lanes.streams.state[lane];
        let mut rng = Rng { state: old, increment: lanes.streams.increment[lane] };
        polar[lane] = rng.next_u32();
        azimuth[lane] = rng.next_u32();
        path[lane] = rng.next_u32();
        lanes.streams.state[lane] = choose_u64(turn.redirected[lane], rng.state, old);
    }
    for lane in 0..LANES {
        let wanted = turn.redirected[lane];
        let cos_theta = henyey_greenstein(turn.g[lane], uniform(polar[lane]));
        let old = vec3(lanes.direction_x[lane], lanes.direction_y[lane], lanes.direction_z[lane]);
        let new = deflect(old, cos_theta, uniform(azimuth[lane]));
        let (old_tau, tau) = (lanes.tau[lane], free_path(path[lane]));
        lanes.direction_x[lane] = choose(wanted, new.x, old.x);
        lanes.direction_y[lane] = choose(wanted, new.y, old.y);
        lanes.direction_z[lane] = choose(wanted, new.z, old.z);
        lanes.tau[lane] = choose(wanted, tau, old_tau);
    }
    if world.design.tracks_polarisation == 1 {
        for lane in 0..LANES {
            let (old, old_share) = (lanes.streams.state[lane], lanes.polarisation[lane]);
            let mut rng = Rng { state: old, increment: lanes.streams.increment[lane] };
            let share = (rng.next_u32() >> 31) as f32;
            let wanted = turn.redirected[lane];
            lanes.streams.state[lane] = choose_u64(wanted, rng.state, old);
            lanes.polarisation[lane] = choose(wanted, share, old_share);
        }
    }
}

impl Block {
    /// Directions that do no harm where there is no photon.
    #[inline(always)]
    fn empty() -> Self {
        let (zero, none) = ([0.0; BLOCK], [0; BLOCK]);
        Self { x: zero, y: zero, z: [1.0; BLOCK], g: zero, tau: zero, polarisation: zero, state: none, increment: none }
    }

    /// `medium::redirect`.
    #[inline(always)]
    fn redirect(&mut self, world: &World) {
        let (mut polar, mut azimuth, mut path) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        for slot in 0..BLOCK {
            let mut rng = Rng { state: self.state[slot], increment: self.increment[slot] };
            polar[slot] = rng.next_u32();
            azimuth[slot] = rng.next_u32();
            path[slot] = rng.next_u32();
            self.state[slot] = rng.state;
        }
        for slot in 0..BLOCK {
            let cos_theta = henyey_greenstein(self.g[slot], uniform(polar[slot]));
            let old = vec3(self.x[slot], self.y[slot], self.z[slot]);
            let new = deflect(old, cos_theta, uniform(azimuth[slot]));
            (self.x[slot], self.y[slot], self.z[slot]) = (new.x, new.y, new.z);
            self.tau[slot] = free_path(path[slot]);
        }
        if world.design.tracks_polarisation == 1 {
            for slot in 0..BLOCK {
                let mut rng = Rng { state: self.state[slot], increment: self.increment[slot] };
                self.polarisation[slot] = (rng.next_u32() >> 31) as f32;
                self.state[slot] = rng.state;
            }
        }
    }
}
