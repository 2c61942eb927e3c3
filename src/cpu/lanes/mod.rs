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
use rows::{BLOCK, LANES, Set, mark};
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

/// Lanes that photons go on in when half of them have ended and none wait.
const HALF: usize = LANES / 2;
/// Photons too few for the loops over all lanes.
const FEW: usize = 5;

/// Runs photons of one design and returns their counts. `more` gives the indices of the next ones, none at the end; it is
/// told how many photons are under way. Compiled for several generations of processors, of which the newest that is there
/// is taken; the bits are the same on all.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub fn run(tables: &Tables, seed: u64, design: u32, more: &mut dyn FnMut(u32) -> Range<u64>) -> Vec<u64> {
    let world = World::new(tables, design as usize, seed);
    let mut words = vec![0; tables.layouts[design as usize].words()];
    let places = Places::new(&world);
    let mut waiting = Waiting::new(&places, more);
    let (lanes, busy) = match (world.design.edge_kind != EDGE_NONE, world.design.guides == 1) {
        (false, false) => live::<false, false>(&places, &mut words, &mut waiting),
        (false, true) => live::<false, true>(&places, &mut words, &mut waiting),
        (true, false) => live::<true, false>(&places, &mut words, &mut waiting),
        (true, true) => live::<true, true>(&places, &mut words, &mut waiting),
    };
    run_out(&places, &mut words, lanes, busy);
    words
}

/// The lives of all photons that wait, until none do and half the lanes are empty. Returns those under way. `EDGES`: there are
/// side edges. `GUIDES`: there is a slab that guides light.
#[inline(always)]
fn live<const EDGES: bool, const GUIDES: bool>(
    places: &Places,
    words: &mut Tally,
    waiting: &mut Waiting,
) -> (Lanes<HALF>, Set) {
    let mut lanes = Lanes::<LANES>::empty();
    let mut turn = Turn::new();
    let mut busy = fill(places, words, waiting, &mut lanes, Set(!0), Set(0));
    while busy.count() as usize > HALF {
        let ended = take_turn::<EDGES, GUIDES, LANES>(places, words, &mut lanes, &mut turn, busy);
        busy = fill(places, words, waiting, &mut lanes, ended, busy);
    }
    lanes.gathered(busy)
}

/// The rest of their lives, in fewer and fewer lanes. Whether there are edges or guided light matters little here.
#[inline(always)]
fn run_out(places: &Places, words: &mut Tally, mut lanes: Lanes<HALF>, mut busy: Set) {
    let mut turn = Turn::new();
    while busy.count() as usize > BLOCK {
        let ended = take_turn::<true, true, HALF>(places, words, &mut lanes, &mut turn, busy);
        busy = busy.without(ended);
    }
    let (mut lanes, mut busy) = lanes.gathered::<BLOCK>(busy);
    let mut turn = Turn::new();
    while busy.count() as usize > FEW {
        let ended = take_turn::<true, true, BLOCK>(places, words, &mut lanes, &mut turn, busy);
        busy = busy.without(ended);
    }
    for lane in busy {
        let mut photon = lanes.photon(lane);
        while photon.fate == ALIVE {
            step(places.world, words, &mut photon);
        }
    }
}

/// An event of each photon in busy lanes. Returns the lanes of those that have ended.
#[inline(always)]
fn take_turn<const EDGES: bool, const GUIDES: bool, const N: usize>(
    places: &Places,
    words: &mut Tally,
    lanes: &mut Lanes<N>,
    turn: &mut Turn<N>,
    busy: Set,
) -> Set {
    let world = places.world;
    lanes.turns += 1;
    fly::<EDGES, GUIDES, N>(world, lanes, turn);
    decide::<EDGES, GUIDES, N>(lanes, turn);
    let mut ended = Set(0);
    for lane in Set::of(&turn.absorbed).and(busy) {
        ended = absorb(places, words, lanes, turn, lane, ended);
    }
    for lane in Set::of(&turn.crossing).and(busy) {
        ended = cross(places, words, lanes, turn, lane, ended);
    }
    for lane in Set::of(&turn.special).and(busy) {
        ended = meet(places, words, lanes, turn, lane, ended);
    }
    if places.several {
        choose_scatterers(places, lanes, turn, busy);
    }
    redirect(world, lanes, turn);
    if lanes.turns >= u64::from(EVENT_LIMIT) {
        ended = give_up(places, words, lanes, busy, ended);
    }
    ended
}

/// Photons that wait take the lanes of those that have ended. Returns the lanes that are busy then.
#[inline(always)]
fn fill(places: &Places, tally: &mut Tally, waiting: &mut Waiting, lanes: &mut Lanes, ended: Set, busy: Set) -> Set {
    let mut busy = busy.without(ended);
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
fn absorb<const N: usize>(
    places: &Places,
    tally: &mut Tally,
    lanes: &mut Lanes<N>,
    turn: &mut Turn<N>,
    lane: usize,
    ended: Set,
) -> Set {
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
fn cross<const N: usize>(
    places: &Places,
    tally: &mut Tally,
    lanes: &mut Lanes<N>,
    turn: &Turn<N>,
    lane: usize,
    ended: Set,
) -> Set {
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
fn meet<const N: usize>(
    places: &Places,
    tally: &mut Tally,
    lanes: &mut Lanes<N>,
    turn: &Turn<N>,
    lane: usize,
    ended: Set,
) -> Set {
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
fn choose_scatterers<const N: usize>(places: &Places, lanes: &mut Lanes<N>, turn: &mut Turn<N>, busy: Set) {
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
fn give_up<const N: usize>(places: &Places, tally: &mut Tally, lanes: &Lanes<N>, busy: Set, mut ended: Set) -> Set {
    for lane in busy.without(ended) {
        let photon: Photon = lanes.photon(lane);
        if photon.events >= EVENT_LIMIT {
            tally_end(places.world, tally, &Photon { fate: Fate::Truncated as u32, ..photon });
            ended = ended.with(lane);
        }
    }
    ended
}

const _: () = assert!(LANES == 64, "a set of lanes is a u64");
