//! The photons that wait for a lane: launched side by side, as rows, by the source's one way of doing it.

use std::ops::Range;

use glam::{vec2, vec3};

use super::rows::{LANES, Row, Set, uniform};
use super::state::{Lanes, Places};
use super::streams::Streams;
use super::surface::Surface;
use crate::counts::GROUPS;
use crate::cpu::World;
use crate::cpu::dipole::is_in_packet;
use crate::cpu::geometry::Photon;
use crate::cpu::sampling::{choose_node, cos_sin_turn, free_path};
use crate::cpu::source::{launch, stream};
use crate::cpu::tally::Tally;
use crate::cpu::transport::{ALIVE, step};
use crate::tables::{NONE, SOURCE_INTERNAL, SOURCE_LAMBERTIAN, SPOT_DISC, SPOT_FACE};

/// Photons still to be launched, and those that were and have no lane yet.
pub struct Waiting<'a> {
    more: &'a mut dyn FnMut(u32) -> Range<u64>,
    indices: Range<u64>,
    finished: bool,
    launched: Launched,
    /// What lets photons in, where it is a plain face.
    surface: Option<Surface>,
    /// Those that wait.
    ready: Set,
}

/// Photons as `source::launch` gives them.
pub struct Launched {
    /// What all have in common.
    base: Photon,
    /// Index of the first.
    first: u64,
    pub streams: Streams,
    x: Row<f32>,
    y: Row<f32>,
    z: Row<f32>,
    direction_x: Row<f32>,
    direction_y: Row<f32>,
    pub direction_z: Row<f32>,
    tau: Row<f32>,
    pub polarisation: Row<f32>,
    pub node: Row<u32>,
}

impl<'a> Waiting<'a> {
    #[inline(always)]
    pub fn new(places: &Places, more: &'a mut dyn FnMut(u32) -> Range<u64>) -> Self {
        let launched = Launched::new(places.world);
        let surface = Surface::new(places, &launched);
        Self { more, indices: 0..0, finished: false, launched, surface, ready: Set(0) }
    }

    /// Puts the next photon that reaches a slab into a lane; `false` when there is none. Those that end before are tallied.
    #[inline(always)]
    pub fn take_lane(&mut self, places: &Places, tally: &mut Tally, lanes: &mut Lanes, lane: usize, busy: Set) -> bool {
        let world = places.world;
        loop {
            while self.ready.0 == 0 {
                if self.indices.is_empty() && !self.finished {
                    self.indices = (self.more)(busy.count());
                    self.finished = self.indices.is_empty();
                }
                if self.finished {
                    return false;
                }
                self.launch(world, tally);
            }
            let Some(waiting) = self.ready.next() else { continue };
            if let Some(surface) = &self.surface {
                surface.enter(places, &self.launched, waiting, lanes, lane);
                return true;
            }
            let mut photon = self.launched.photon(waiting);
            if lead_into_slab(world, tally, &mut photon) {
                lanes.put(lane, &photon, places.here(&photon));
                return true;
            }
        }
    }

    #[inline(always)]
    fn launch(&mut self, world: &World, tally: &mut Tally) {
        let first = self.indices.start;
        let count = (self.indices.end - first).min(LANES as u64);
        self.indices.start += count;
        self.launched.launch(world, first);
        self.ready = Set::first(count as usize);
        if let Some(surface) = &mut self.surface {
            self.ready = surface.meet(world, tally, &mut self.launched, self.ready);
        }
    }
}

/// Takes a photon on until it is light in a slab. If it ends before, it is tallied, and the answer is no.
#[inline(always)]
pub fn lead_into_slab(world: &World, tally: &mut Tally, photon: &mut Photon) -> bool {
    let slabs = 1..=world.design.slabs;
    while photon.fate == ALIVE && (photon.excited != NONE || !slabs.contains(&photon.medium)) {
        step(world, tally, photon);
    }
    photon.fate == ALIVE
}

impl Launched {
    #[inline(always)]
    fn new(world: &World) -> Self {
        let base = launch(world, 0);
        Self {
            first: 0,
            streams: Streams::empty(),
            x: [0.0; LANES],
            y: [0.0; LANES],
            z: [0.0; LANES],
            direction_x: [base.direction.x; LANES],
            direction_y: [base.direction.y; LANES],
            direction_z: [base.direction.z; LANES],
            tau: [0.0; LANES],
            polarisation: [base.polarisation; LANES],
            node: [base.node; LANES],
            base,
        }
    }

    /// `source::launch` for an index and those after it.
    #[inline(always)]
    fn launch(&mut self, world: &World, first: u64) {
        let design = &world.design;
        self.first = first;
        for lane in 0..LANES {
            self.streams.set(lane, stream(world, first.wrapping_add(lane as u64)));
        }
        self.spot_positions(world);
        if design.source_kind != SOURCE_INTERNAL {
            self.launch_light(world);
        } else if !is_in_packet(world, design.source_emitter) {
            let thickness_um = world.media[design.source_medium as usize].thickness_um;
            let [bits] = self.streams.next();
            for lane in 0..LANES {
                self.z[lane] = uniform(bits[lane]) * thickness_um;
            }
        }
    }

    /// `source::spot_position`.
    #[inline(always)]
    fn spot_positions(&mut self, world: &World) {
        let design = &world.design;
        if design.spot_kind != SPOT_DISC && design.spot_kind != SPOT_FACE {
            return;
        }
        let [bits_1, bits_2] = self.streams.next();
        for lane in 0..LANES {
            let (u_1, u_2) = (uniform(bits_1[lane]), uniform(bits_2[lane]));
            let spot = if design.spot_kind == SPOT_DISC {
                design.spot_radius_um * u_1.sqrt() * cos_sin_turn(u_2)
            } else {
                vec2((2.0 * u_1 - 1.0) * design.half_width_um, (2.0 * u_2 - 1.0) * design.half_depth_um)
            };
            (self.x[lane], self.y[lane]) = spot.into();
        }
    }

    /// `source::launch_light`.
    #[inline(always)]
    fn launch_light(&mut self, world: &World) {
        let design = &world.design;
        if design.pump_nodes > 1 {
            let [bits] = self.streams.next();
            for lane in 0..LANES {
                self.node[lane] = choose_node(world.nodes, design.first_node, design.pump_nodes, bits[lane]);
            }
        }
        if design.source_kind == SOURCE_LAMBERTIAN {
            let [bits_cos, bits_turn] = self.streams.next();
            for lane in 0..LANES {
                let cos2_theta = 1.0 - uniform(bits_cos[lane]);
                let sin_theta = (1.0 - cos2_theta).sqrt();
                let turn = cos_sin_turn(uniform(bits_turn[lane]));
                self.direction_x[lane] = sin_theta * turn.x;
                self.direction_y[lane] = sin_theta * turn.y;
                self.direction_z[lane] = cos2_theta.sqrt();
            }
        }
        let [bits] = self.streams.next();
        for lane in 0..LANES {
            self.tau[lane] = free_path(bits[lane]);
        }
        if design.tracks_polarisation == 1 {
            let [bits] = self.streams.next();
            for lane in 0..LANES {
                self.polarisation[lane] = (bits[lane] >> 31) as f32;
            }
        }
    }

    /// The photon of a lane.
    #[inline(always)]
    pub fn photon(&self, lane: usize) -> Photon {
        Photon {
            direction: vec3(self.direction_x[lane], self.direction_y[lane], self.direction_z[lane]),
            polarisation: self.polarisation[lane],
            node: self.node[lane],
            ..self.as_another(&self.base, lane)
        }
    }

    /// The photon of a lane where it differs from another in its place and its random numbers alone.
    #[inline(always)]
    pub fn as_another(&self, other: &Photon, lane: usize) -> Photon {
        Photon {
            position: vec3(self.x[lane], self.y[lane], self.z[lane]),
            tau: self.tau[lane],
            rng: self.streams.get(lane),
            group: ((self.first + lane as u64) % GROUPS as u64) as u32,
            ..other.clone()
        }
    }
}
