//! The photons under way, as rows.

use glam::vec3;

use super::rows::{LANES, Row, Set};
use super::streams::Streams;
use crate::cpu::World;
use crate::cpu::geometry::Photon;
use crate::cpu::transport::ALIVE;
use crate::tables::{Coefficients, Medium, NONE, Surroundings, medium_row};

/// `Photon` for each lane. All are light in a slab, alive and settled.
#[repr(C, align(64))]
pub struct Lanes<const N: usize = LANES> {
    pub x: Row<f32, N>,
    pub y: Row<f32, N>,
    pub z: Row<f32, N>,
    pub direction_x: Row<f32, N>,
    pub direction_y: Row<f32, N>,
    pub direction_z: Row<f32, N>,
    pub tau: Row<f32, N>,
    pub n: Row<f32, N>,
    pub mu_t: Row<f32, N>,
    pub host_end: Row<f32, N>,
    pub absorb_end: Row<f32, N>,
    pub thickness_um: Row<f32, N>,
    /// Index behind the face above, and what `behind` makes of it the one below.
    pub n_above: Row<f32, N>,
    pub n_flip: Row<u32, N>,
    pub guide_cos2: Row<f32, N>,
    pub g: Row<f32, N>,
    pub polarisation: Row<f32, N>,
    pub medium: Row<u32, N>,
    pub total_face: Row<u32, N>,
    pub streams: Streams<N>,
    rest: [Rest; N],
    /// Turns so far, from which a photon's events are told.
    pub turns: u64,
}

/// What few events need.
#[repr(align(32))]
#[derive(Clone, Copy)]
struct Rest {
    node: u32,
    group: u32,
    emitter: u32,
    absorptions: u32,
    emissions: u32,
    chain: u32,
    /// The turn that would have been the photon's first in these lanes.
    before: u32,
}

/// What a photon knows of where it is, at its wavelength: what `medium::settle` tells it.
#[derive(Clone, Copy)]
pub struct Here {
    own: Coefficients,
    around: Surroundings,
    thickness_um: f32,
}

/// Where `Here` is looked up: what of it is the same at all wavelengths.
pub struct Places<'a> {
    pub world: &'a World<'a>,
    rows: &'a [[f32; 4]],
    first_node: u32,
    stride: usize,
    slabs: Vec<Place>,
    /// Whether a medium has more scatterers than one.
    pub several: bool,
}

/// One medium; its row is counted from the node's first.
#[derive(Clone, Copy, Default)]
struct Place {
    row: usize,
    thickness_um: f32,
}

impl<'a> Places<'a> {
    #[inline(always)]
    pub fn new(world: &'a World<'a>) -> Self {
        let design = &world.design;
        let slabs = &world.media[1..=design.slabs as usize];
        let place = |(number, medium): (u32, &Medium)| Place {
            row: medium_row(design.slabs, number) as usize,
            thickness_um: medium.thickness_um,
        };
        Self {
            world,
            rows: &world.coefficient_rows[design.first_row as usize..],
            first_node: design.first_node,
            stride: design.row_stride as usize,
            slabs: (1..).zip(slabs).map(place).collect(),
            several: slabs.iter().any(|medium| medium.scatterers > 1),
        }
    }

    /// For a photon in a slab.
    #[inline(always)]
    pub fn here(&self, photon: &Photon) -> Here {
        let place = &self.slabs[photon.medium as usize - 1];
        let first = (photon.node - self.first_node) as usize * self.stride;
        let rows = &self.rows[first..first + self.stride];
        let (own, around) = (rows[place.row], rows[place.row + 1]);
        Here {
            own: Coefficients { n: own[0], mu_t: own[1], host_end: own[2], absorb_end: own[3] },
            around: Surroundings::of(around, own[1] * place.thickness_um),
            thickness_um: place.thickness_um,
        }
    }
}

impl<const N: usize> Lanes<N> {
    /// Lanes without photons, which do no harm when they are taken along.
    #[inline(always)]
    pub fn empty() -> Self {
        let (zero, none) = ([0.0; N], [0; N]);
        let rest = Rest { node: 0, group: 0, emitter: 0, absorptions: 0, emissions: 0, chain: 0, before: 0 };
        Self {
            x: zero,
            y: zero,
            z: zero,
            direction_x: zero,
            direction_y: zero,
            direction_z: [1.0; N],
            tau: zero,
            n: [1.0; N],
            mu_t: zero,
            host_end: zero,
            absorb_end: zero,
            thickness_um: zero,
            n_above: [1.0; N],
            n_flip: none,
            guide_cos2: zero,
            g: zero,
            polarisation: zero,
            medium: [1; N],
            total_face: none,
            streams: Streams::empty(),
            rest: [rest; N],
            turns: 0,
        }
    }

    /// The photons of these lanes, `M` at most, moved together in as few; and which they are there.
    #[inline(always)]
    pub fn gathered<const M: usize>(&self, lanes: Set) -> (Lanes<M>, Set) {
        let mut new = Lanes::empty();
        new.turns = self.turns;
        for (to, from) in lanes.enumerate() {
            let photon = self.photon(from);
            let here = Here { own: photon.here, around: photon.around, thickness_um: photon.thickness_um };
            new.put(to % M, &photon, here);
        }
        (new, Set::first(lanes.count() as usize))
    }

    /// The photon of a lane.
    #[inline(always)]
    pub fn photon(&self, lane: usize) -> Photon {
        let rest = &self.rest[lane];
        Photon {
            position: vec3(self.x[lane], self.y[lane], self.z[lane]),
            tau: self.tau[lane],
            direction: vec3(self.direction_x[lane], self.direction_y[lane], self.direction_z[lane]),
            node: rest.node,
            rng: self.streams.get(lane),
            here: Coefficients {
                n: self.n[lane],
                mu_t: self.mu_t[lane],
                host_end: self.host_end[lane],
                absorb_end: self.absorb_end[lane],
            },
            around: Surroundings {
                n_front: self.n_above[lane],
                n_back: behind(self.n_above[lane], self.n_flip[lane], true),
                guide_cos2: self.guide_cos2[lane],
                g: self.g[lane],
            },
            thickness_um: self.thickness_um[lane],
            medium: self.medium[lane],
            group: rest.group,
            emitter: rest.emitter,
            excited: NONE,
            unsettled: 0,
            absorptions: rest.absorptions,
            emissions: rest.emissions,
            chain: rest.chain,
            events: (self.turns as u32).wrapping_sub(rest.before),
            total_face: self.total_face[lane],
            polarisation: self.polarisation[lane],
            fate: ALIVE,
            exit_face: 0,
            exit_cos: 0.0,
        }
    }

    /// Puts a photon into a lane.
    #[inline(always)]
    pub fn put(&mut self, lane: usize, photon: &Photon, here: Here) {
        self.put_way(lane, photon);
        self.put_here(lane, photon, here);
        self.put_emission(lane, photon);
        self.polarisation[lane] = photon.polarisation;
        self.rest[lane].group = photon.group;
        self.rest[lane].before = (self.turns as u32).wrapping_sub(photon.events);
    }

    /// Where it is in its medium and where it goes.
    #[inline(always)]
    pub fn put_way(&mut self, lane: usize, photon: &Photon) {
        (self.x[lane], self.y[lane], self.z[lane]) = photon.position.into();
        (self.direction_x[lane], self.direction_y[lane], self.direction_z[lane]) = photon.direction.into();
        self.tau[lane] = photon.tau;
        self.total_face[lane] = photon.total_face;
        self.streams.set(lane, photon.rng);
    }

    /// Its medium at its wavelength.
    #[inline(always)]
    pub fn put_here(&mut self, lane: usize, photon: &Photon, here: Here) {
        self.n[lane] = here.own.n;
        self.mu_t[lane] = here.own.mu_t;
        self.host_end[lane] = here.own.host_end;
        self.absorb_end[lane] = here.own.absorb_end;
        self.thickness_um[lane] = here.thickness_um;
        self.n_above[lane] = here.around.n_front;
        self.n_flip[lane] = here.around.n_front.to_bits() ^ here.around.n_back.to_bits();
        self.guide_cos2[lane] = here.around.guide_cos2;
        self.g[lane] = here.around.g;
        self.medium[lane] = photon.medium;
        self.rest[lane].node = photon.node;
    }

    /// What absorption and emission change, but for the medium at the new wavelength.
    #[inline(always)]
    pub fn put_emission(&mut self, lane: usize, photon: &Photon) {
        let rest = &mut self.rest[lane];
        rest.emitter = photon.emitter;
        rest.absorptions = photon.absorptions;
        rest.emissions = photon.emissions;
        rest.chain = photon.chain;
    }
}

/// Index behind the face below or above. In integers: a choice between two numbers of the state would become one between
/// two places to load from, which keeps a loop from becoming vector instructions.
#[inline(always)]
pub fn behind(n_above: f32, n_flip: u32, down: bool) -> f32 {
    f32::from_bits(n_above.to_bits() ^ if down { n_flip } else { 0 })
}
