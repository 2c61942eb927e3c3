//! Many photons side by side: the engine's inner loop. It lives the lives of `transport::step` to the bit, but takes
//! what happens in most turns (flights, scattering, reflection at Fresnel faces) over all lanes at once, in loops that
//! compilers turn into vector instructions. A lane to which something else happens is taken out as a `Photon`, which
//! the plain functions lead on.

// rows stand side by side: a lane's number is what joins them
#![allow(clippy::needless_range_loop)]

mod fly;
mod launch;
mod redirect;
mod rows;
mod state;
mod streams;
pub mod supply;
mod surface;

use std::ops::Range;

use fly::{END_FACE, END_X, END_Y, Turn, decide, fly};
use launch::{Waiting, lead_into_slab};
use redirect::redirect;
use rows::{LANES, Set, mark};
use state::{Lanes, Places, behind};

use super::World;
use super::geometry::{Photon, SIDE_DOWN, SIDE_NONE, SIDE_UP, SIDE_X, SIDE_Y};
use super::medium::{absorb_in_emitter, absorb_in_host, begin_emission, choose_scatterer, emits, relax};
use super::rng::rng_next;
use super::sampling::uniform_fine;
use super::tally::{DEPTH_EMITTERS, Tally, tally_depth, tally_end};
use super::transport::{ALIVE, EVENT_LIMIT, end_flight, refract_into, step};
use crate::counts::Fate;
use crate::tables::{EDGE_NONE, NONE, SEVERAL, Tables};

/// Photons too few for the loops over all lanes.
const FEW: u32 = 8;

/// Runs photons of one design and returns their counts. `more` gives the indices of the next ones, none at the end; it is
/// told how many photons are under way. Compiled for several generations of processors, of which the newest that is there
/// is taken; the bits are the same on all.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub fn run(tables: &Tables, seed: u64, design: u32, more: &mut dyn FnMut(u32) -> Range<u64>) -> Vec<u64> {
    let world = World::new(tables, design as usize, seed);
    let mut words = vec![0; tables.layouts[design as usize].words()];
    let places = Places::new(&world);
    let mut waiting = Waiting::new(&places, more);
    match (world.design.edge_kind != EDGE_NONE, world.design.guides == 1) {
        (false, false) => live::<false, false>(&places, &mut words, &mut waiting),
        (false, true) => live::<false, true>(&places, &mut words, &mut waiting),
        (true, false) => live::<true, false>(&places, &mut words, &mut waiting),
        (true, true) => live::<true, true>(&places, &mut words, &mut waiting),
    }
    words
}

/// The lives of all photons that wait. `EDGES`: there are side edges. `GUIDES`: there is a slab that guides light.
#[inline(always)]
fn live<const EDGES: bool, const GUIDES: bool>(places: &Places, words: &mut Tally, waiting: &mut Waiting) {
    let world = places.world;
    let mut lanes = Lanes::empty();
    let mut turn = Turn::new();
    let several = world.media.iter().any(|medium| medium.scatterers > 1);
    let mut busy = fill(places, words, waiting, &mut lanes, Set(!0), Set(0));
    while busy.count() > FEW {
        lanes.turns += 1;
        fly::<EDGES, GUIDES>(world, &mut lanes, &mut turn);
        decide::<EDGES, GUIDES>(&mut lanes, &mut turn);
        let mut ended = Set(0);
        for lane in Set::of(&turn.absorbed).and(busy) {
            ended = absorb(places, words, &mut lanes, &mut turn, lane, ended);
        }
        for lane in Set::of(&turn.crossing).and(busy) {
            ended = cross(places, words, &mut lanes, &turn, lane, ended);
        }
        for lane in Set::of(&turn.special).and(busy) {
            ended = meet(places, words, &mut lanes, &turn, lane, ended);
        }
        if several {
            choose_scatterers(places, &mut lanes, &mut turn, busy);
        }
        redirect(world, &mut lanes, &turn);
        if lanes.turns >= u64::from(EVENT_LIMIT) {
            ended = give_up(places, words, &lanes, busy, ended);
        }
        busy = fill(places, words, waiting, &mut lanes, ended, busy);
    }
    for lane in busy {
        let mut photon = lanes.photon(lane);
        while photon.fate == ALIVE {
            step(world, words, &mut photon);
        }
    }
}

/// Photons that wait take the lanes of those that have ended. Returns the lanes that are busy then.
#[inline(always)]
fn fill(places: &Places, tally: &mut Tally, waiting: &mut Waiting, lanes: &mut Lanes, ended: Set, busy: Set) -> Set {
    let mut busy = Set(busy.0 & !ended.0);
    for lane in ended {
        if !waiting.take_lane(places, tally, lanes, lane, busy) {
            break;
        }
        busy = busy.with(lane);
    }
    busy
}

/// `medium::interact` and `relax` where it is no scattering, up to the new direction.
#[inline(always)]
fn absorb(places: &Places, tally: &mut Tally, lanes: &mut Lanes, turn: &mut Turn, lane: usize, ended: Set) -> Set {
    let mut photon = lanes.photon(lane);
    if uniform_fine(turn.bits[lane]) < photon.here.host_end {
        absorb_in_host(&mut photon);
    } else {
        absorb_in_emitter(places.world, &mut photon);
        tally_depth(places.world, tally, &photon, DEPTH_EMITTERS);
        let u = uniform_fine(rng_next(&mut photon));
        if emits(places.world, tally, &mut photon, u) {
            begin_emission(places.world, &mut photon);
            lanes.streams.advance(lane, photon.rng);
            lanes.put_emission(lane, &photon);
            lanes.put_here(lane, &photon, places.here(&photon));
            (lanes.direction_x[lane], lanes.direction_y[lane], lanes.direction_z[lane]) = photon.direction.into();
            turn.g[lane] = 0.0;
            turn.redirected[lane] = mark(true);
            return ended;
        }
    }
    tally_end(places.world, tally, &photon);
    ended.with(lane)
}

/// `transport::refract_into`.
#[inline(always)]
fn cross(places: &Places, tally: &mut Tally, lanes: &mut Lanes, turn: &Turn, lane: usize, ended: Set) -> Set {
    let mut photon = lanes.photon(lane);
    let down = photon.direction.z > 0.0;
    let next_medium = if down { photon.medium + 1 } else { photon.medium - 1 };
    let eta = photon.here.n / behind(lanes.n_above[lane], lanes.n_flip[lane], down);
    refract_into(places.world, &mut photon, eta, turn.cos_t[lane], next_medium, down);
    if photon.fate != ALIVE {
        tally_end(places.world, tally, &photon);
        return ended.with(lane);
    }
    (lanes.direction_x[lane], lanes.direction_y[lane], lanes.direction_z[lane]) = photon.direction.into();
    lanes.z[lane] = photon.position.z;
    lanes.put_here(lane, &photon, places.here(&photon));
    ended
}

/// Faces of other kinds, side edges, and light that may be caught.
#[inline(always)]
fn meet(places: &Places, tally: &mut Tally, lanes: &mut Lanes, turn: &Turn, lane: usize, ended: Set) -> Set {
    let mut photon = lanes.photon(lane);
    let side = if photon.direction.z > 0.0 { SIDE_DOWN } else { SIDE_UP };
    let side = match turn.end[lane] {
        END_FACE => side,
        END_X => SIDE_X,
        END_Y => SIDE_Y,
        _ => SIDE_NONE,
    };
    end_flight(places.world, &mut photon, side);
    // only packets excite at a face; each excitation after the first has a turn of its own
    while photon.excited != NONE && photon.fate == ALIVE && photon.events < EVENT_LIMIT {
        relax(places.world, tally, &mut photon);
        photon.events += (photon.excited != NONE && photon.fate == ALIVE) as u32;
    }
    if photon.fate != ALIVE {
        tally_end(places.world, tally, &photon);
        return ended.with(lane);
    }
    if !lead_into_slab(places.world, tally, &mut photon) {
        return ended.with(lane);
    }
    if turn.end[lane] != END_FACE {
        // it stays where it is, in the same medium
        lanes.put_way(lane, &photon);
        lanes.polarisation[lane] = photon.polarisation;
    } else {
        lanes.put(lane, &photon, places.here(&photon));
    }
    ended
}

/// The scatterers that take part, in media that have several.
#[inline(always)]
fn choose_scatterers(places: &Places, lanes: &mut Lanes, turn: &mut Turn, busy: Set) {
    for lane in Set::of(&turn.redirected).and(busy) {
        if turn.g[lane] == SEVERAL {
            let mut photon = lanes.photon(lane);
            turn.g[lane] = choose_scatterer(places.world, &mut photon);
            lanes.streams.set(lane, photon.rng);
        }
    }
}

/// Photons that have come to the event limit.
#[inline(always)]
fn give_up(places: &Places, tally: &mut Tally, lanes: &Lanes, busy: Set, mut ended: Set) -> Set {
    for lane in Set(busy.0 & !ended.0) {
        let photon: Photon = lanes.photon(lane);
        if photon.events >= EVENT_LIMIT {
            tally_end(places.world, tally, &Photon { fate: Fate::Truncated as u32, ..photon });
            ended = ended.with(lane);
        }
    }
    ended
}

const _: () = assert!(LANES == 64, "a set of lanes is a u64");
