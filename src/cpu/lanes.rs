//! Many photons side by side: the engine's inner loop. It lives the lives of `transport::step` to the bit,
//! but takes the three costly pieces of a turn (flight, new direction, Fresnel face) over many photons at
//! once, in loops that compilers turn into vector instructions. Everything else is the plain functions.

use glam::vec3;

use super::World;
use super::fresnel::{Fresnel, fresnel};
use super::geometry::{GRAZING, Photon, SIDE_DOWN, SIDE_UP, move_photon, next_face};
use super::medium::{coefficients, draw_polarisation, settle};
use super::rng::rng_next;
use super::sampling::{deflect, free_path, henyey_greenstein, uniform_f32, uniform_fine};
use super::source::launch;
use super::tally::{DEPTH_EMITTERS, Tally, tally_depth, tally_end};
use super::transport::{ALIVE, EVENT_LIMIT, cross_or_reflect, meet_face, step};
use crate::counts::Fate;
use crate::engine::PhotonRange;
use crate::tables::{EDGE_NONE, FACE_FRESNEL, NONE, Tables};

/// Photons side by side: enough to fill wide registers many times, few enough for the first-level cache.
const LANES: usize = 64;

/// One number of each lane.
type Row = [f32; LANES];

/// Lanes that something happens to, in any order.
struct List {
    lanes: [u8; LANES],
    length: usize,
}

impl List {
    const EMPTY: Self = Self { lanes: [0; LANES], length: 0 };

    /// Adds a lane if `wanted`, without a branch.
    #[inline(always)]
    fn push_if(&mut self, lane: usize, wanted: bool) {
        self.lanes[self.length % LANES] = lane as u8;
        self.length += wanted as usize;
    }

    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.lanes[..self.length].iter().map(|lane| *lane as usize)
    }
}

/// Runs consecutive photons of one design and returns their counts. Compiled for several generations of
/// processors, of which the newest that is there is taken; the bits are the same on all.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub fn run_range(tables: &Tables, seed: u64, range: PhotonRange) -> Vec<u64> {
    let world = World::new(tables, range.design as usize, seed);
    let mut words = vec![0; tables.layouts[range.design as usize].words()];
    let mut waiting = range.first..range.first + range.count;
    let mut photons: Vec<Photon> = Vec::with_capacity(LANES);
    while photons.len() < LANES
        && let Some(photon) = next_photon(&world, &mut words, &mut waiting)
    {
        photons.push(photon);
    }
    while photons.len() == LANES {
        turn(&world, &mut words, &mut photons);
        let mut lane = 0;
        while lane < photons.len() {
            let photon = &mut photons[lane];
            if photon.fate == ALIVE && photon.events < EVENT_LIMIT {
                lane += 1;
                continue;
            }
            if photon.fate == ALIVE {
                photon.fate = Fate::Truncated as u32;
            }
            tally_end(&world, &mut words, photon);
            match next_photon(&world, &mut words, &mut waiting) {
                Some(next) => *photon = next,
                None => {
                    photons.swap_remove(lane);
                }
            }
        }
    }
    // the last photons, too few for the loops above
    for mut photon in photons {
        while photon.fate == ALIVE {
            step(&world, &mut words, &mut photon);
        }
    }
    words
}

/// The next photon that waits, settled in its medium. An excitation takes its first step at once.
#[inline(always)]
fn next_photon(world: &World, tally: &mut Tally, waiting: &mut std::ops::Range<u64>) -> Option<Photon> {
    loop {
        let mut photon = launch(world, waiting.next()?);
        while photon.excited != NONE && photon.fate == ALIVE {
            step(world, tally, &mut photon);
        }
        if photon.fate == ALIVE {
            settle(world, &mut photon);
            return Some(photon);
        }
    }
}

/// One event for every lane.
#[inline(always)]
fn turn(world: &World, tally: &mut Tally, photons: &mut [Photon]) {
    let (mut interacting, mut facing) = (List::EMPTY, List::EMPTY);
    fly_all(world, photons, &mut interacting, &mut facing);
    let mut redirected = Redirected::EMPTY;
    for lane in interacting.iter() {
        interact(world, tally, &mut photons[lane], lane, &mut redirected);
    }
    redirected.apply(photons);
    meet_faces(world, photons, &facing);
    relax_in_packets(world, tally, photons, &facing);
}

/// Emitters in packets that light at a face has excited: until the photon is light again, or at its end.
#[inline(always)]
fn relax_in_packets(world: &World, tally: &mut Tally, photons: &mut [Photon], facing: &List) {
    for lane in facing.iter() {
        let photon = &mut photons[lane];
        while photon.excited != NONE && photon.fate == ALIVE && photon.events < EVENT_LIMIT {
            super::medium::relax(world, tally, photon);
            photon.events += (photon.excited != NONE && photon.fate == ALIVE) as u32;
        }
        if photon.unsettled == 1 && photon.fate == ALIVE {
            settle(world, photon);
        }
    }
}

/// `transport::fly` up to where it ends: which lanes interact there, which stand at a face.
#[inline(always)]
fn fly_all(world: &World, photons: &mut [Photon], interacting: &mut List, facing: &mut List) {
    if world.design.edge_kind != EDGE_NONE {
        // side edges are too rare to be worth a loop of their own
        for (lane, photon) in photons.iter_mut().enumerate() {
            fly_between_edges(world, photon, lane, interacting, facing);
        }
        return;
    }
    let (mut z, mut direction_z, mut thickness) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let (mut tau, mut mu_t): (Row, Row) = ([0.0; LANES], [0.0; LANES]);
    for (lane, photon) in photons.iter().enumerate() {
        z[lane] = photon.position.z;
        direction_z[lane] = photon.direction.z;
        thickness[lane] = photon.thickness_um;
        tau[lane] = photon.tau;
        mu_t[lane] = photon.here.mu_t;
    }
    let (mut distance, mut rest): (Row, Row) = ([0.0; LANES], [0.0; LANES]);
    let mut interacts = [0u32; LANES];
    for lane in 0..LANES {
        let down: f32 = direction_z[lane];
        let depth: f32 = if down > 0.0 { thickness[lane] - z[lane] } else { z[lane] };
        let to_face = depth.max(0.0) / down.abs().max(GRAZING);
        let optical = to_face * mu_t[lane];
        let inside = tau[lane] < optical;
        distance[lane] = if inside { tau[lane] / mu_t[lane] } else { to_face };
        rest[lane] = tau[lane] - optical;
        interacts[lane] = inside as u32;
    }
    for (lane, photon) in photons.iter_mut().enumerate() {
        let inside = interacts[lane] == 1;
        photon.events += 1;
        move_photon(photon, distance[lane]);
        photon.tau = rest[lane];
        if inside || photon.here.mu_t > 0.0 {
            photon.total_face = NONE;
        }
        interacting.push_if(lane, inside);
        facing.push_if(lane, !inside);
    }
}

/// The same between side edges, one photon at a time.
#[inline(always)]
fn fly_between_edges(world: &World, photon: &mut Photon, lane: usize, interacting: &mut List, facing: &mut List) {
    photon.events += 1;
    let flight = next_face(world, photon);
    let optical = flight.distance_um * photon.here.mu_t;
    let inside = photon.tau < optical;
    move_photon(photon, if inside { photon.tau / photon.here.mu_t } else { flight.distance_um });
    photon.tau -= optical;
    if inside || photon.here.mu_t > 0.0 {
        photon.total_face = NONE;
    }
    interacting.push_if(lane, inside);
    if !inside {
        if flight.side == SIDE_UP || flight.side == SIDE_DOWN {
            facing.push_if(lane, true);
        } else {
            super::transport::meet_edge(world, photon, flight.side);
        }
    }
}

/// Lanes that need a new direction, with the random numbers for it.
struct Redirected {
    list: List,
    g: Row,
    polar: Row,
    azimuth: Row,
    path_bits: [u32; LANES],
}

impl Redirected {
    const EMPTY: Self =
        Self { list: List::EMPTY, g: [0.0; LANES], polar: [0.0; LANES], azimuth: [0.0; LANES], path_bits: [0; LANES] };

    /// Draws what `medium::redirect` draws, in its order.
    #[inline(always)]
    fn draw(&mut self, world: &World, photon: &mut Photon, lane: usize, g: f32) {
        let slot = self.list.length % LANES;
        self.g[slot] = g;
        self.polar[slot] = uniform_f32(photon);
        self.azimuth[slot] = uniform_f32(photon);
        self.path_bits[slot] = rng_next(photon);
        draw_polarisation(world, photon);
        self.list.push_if(lane, true);
    }

    /// `medium::redirect` for all of them.
    #[inline(always)]
    fn apply(&self, photons: &mut [Photon]) {
        let (mut x, mut y, mut z): (Row, Row, Row) = ([0.0; LANES], [0.0; LANES], [1.0; LANES]);
        for (slot, lane) in self.list.iter().enumerate() {
            let direction = photons[lane].direction;
            (x[slot], y[slot], z[slot]) = (direction.x, direction.y, direction.z);
        }
        let mut tau: Row = [0.0; LANES];
        for slot in 0..LANES {
            let cos_theta = henyey_greenstein(self.g[slot], self.polar[slot]);
            let direction = deflect(vec3(x[slot], y[slot], z[slot]), cos_theta, self.azimuth[slot]);
            (x[slot], y[slot], z[slot]) = (direction.x, direction.y, direction.z);
            tau[slot] = free_path(self.path_bits[slot]);
        }
        for (slot, lane) in self.list.iter().enumerate() {
            photons[lane].direction = vec3(x[slot], y[slot], z[slot]);
            photons[lane].tau = tau[slot];
        }
    }
}

/// `medium::interact`, and `relax` where an emitter was excited, up to the new direction.
#[inline(always)]
fn interact(world: &World, tally: &mut Tally, photon: &mut Photon, lane: usize, redirected: &mut Redirected) {
    let u = uniform_fine(rng_next(photon));
    if u < photon.here.host_end {
        super::medium::absorb_in_host(photon);
    } else if u >= photon.here.absorb_end {
        let g = super::medium::choose_scatterer(world, photon);
        redirected.draw(world, photon, lane, g);
    } else {
        super::medium::absorb_in_emitter(world, photon);
        tally_depth(world, tally, photon, DEPTH_EMITTERS);
        if super::medium::emits(world, tally, photon) {
            super::medium::begin_emission(world, photon);
            settle(world, photon);
            redirected.draw(world, photon, lane, 0.0);
        }
    }
}

/// `transport::meet_face` for the lanes at a face.
#[inline(always)]
fn meet_faces(world: &World, photons: &mut [Photon], facing: &List) {
    let (mut n_here, mut n_next, mut cos_i): (Row, Row, Row) = ([1.0; LANES], [1.0; LANES], [1.0; LANES]);
    let mut share_p: Row = [0.5; LANES];
    for (slot, lane) in facing.iter().enumerate() {
        let photon = &photons[lane];
        let next_medium = if photon.direction.z > 0.0 { photon.medium + 1 } else { photon.medium.wrapping_sub(1) };
        n_here[slot] = photon.here.n;
        n_next[slot] = coefficients(world, photon, next_medium).n;
        cos_i[slot] = photon.direction.z.abs();
        share_p[slot] = photon.polarisation;
    }
    let (mut reflectance, mut cos_t): (Row, Row) = ([0.0; LANES], [0.0; LANES]);
    for slot in 0..LANES {
        let surface = fresnel(n_here[slot], n_next[slot], cos_i[slot], share_p[slot]);
        (reflectance[slot], cos_t[slot]) = (surface.reflectance, surface.cos_t);
    }
    for (slot, lane) in facing.iter().enumerate() {
        let photon = &mut photons[lane];
        let down = photon.direction.z > 0.0;
        let face = if down { photon.medium } else { photon.medium - 1 };
        if world.media[face as usize].face_kind == FACE_FRESNEL {
            photon.position.z = if down { photon.thickness_um } else { 0.0 };
            let surface = Fresnel { reflectance: reflectance[slot], cos_t: cos_t[slot] };
            cross_or_reflect(world, photon, surface, n_here[slot] / n_next[slot], face, down);
        } else {
            meet_face(world, photon, if down { SIDE_DOWN } else { SIDE_UP });
        }
        if photon.unsettled == 1 && photon.fate == ALIVE {
            settle(world, photon);
        }
    }
}
