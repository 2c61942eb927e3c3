//! The photons that wait for a lane: launched and past the first surface, many at once where all start alike.

use std::ops::Range;

use super::rows::{LANES, Row, Set, uniform};
use super::state::{Here, Places};
use crate::counts::GROUPS;
use crate::cpu::World;
use crate::cpu::fresnel::{Fresnel, fresnel};
use crate::cpu::geometry::Photon;
use crate::cpu::medium::{coefficients, settle};
use crate::cpu::rng::Rng;
use crate::cpu::sampling::free_path;
use crate::cpu::source::{launch, stream};
use crate::cpu::tally::{Tally, tally_end};
use crate::cpu::transport::{ALIVE, TOTAL, reflect_back, refract_into, step};
use crate::tables::{FACE_FRESNEL, NONE, SOURCE_BEAM, SPOT_POINT};

/// Photons still to be launched.
pub struct Waiting {
    indices: Range<u64>,
    alike: Option<Alike>,
}

/// Photons of a narrow beam of one wavelength: they differ in their random numbers alone.
struct Alike {
    /// How they begin behind the first surface, and how they end if it throws them back.
    entered: Photon,
    here: Here,
    reflected: Photon,
    reflectance: f32,
    /// Those that have entered, and the index of the first lane's.
    ready: Set,
    first: u64,
    state: Row<u64>,
    increment: Row<u64>,
    tau: Row<f32>,
}

impl Waiting {
    #[inline(always)]
    pub fn new(places: &Places, indices: Range<u64>) -> Self {
        Self { indices, alike: Alike::new(places) }
    }

    /// The next photon that reaches a slab, and what it finds there. Those that end before are tallied.
    #[inline(always)]
    pub fn next(&mut self, places: &Places, tally: &mut Tally) -> Option<(Photon, Here)> {
        let world = places.world;
        if let Some(alike) = &mut self.alike {
            while alike.ready.0 == 0 {
                if self.indices.is_empty() {
                    return None;
                }
                alike.launch(world, tally, &mut self.indices);
            }
            return alike.next();
        }
        loop {
            let mut photon = launch(world, self.indices.next()?);
            if lead_into_slab(world, tally, &mut photon) {
                settle(world, &mut photon);
                let here = places.here(&photon);
                return Some((photon, here));
            }
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

impl Alike {
    /// None where photons differ in more.
    #[inline(always)]
    fn new(places: &Places) -> Option<Self> {
        let world = places.world;
        let design = &world.design;
        let beam = design.source_kind == SOURCE_BEAM && design.source_medium == 0 && design.spot_kind == SPOT_POINT;
        let plain = design.tracks_polarisation == 0 && world.media[0].face_kind == FACE_FRESNEL;
        if !(beam && plain && design.pump_nodes == 1) {
            return None;
        }
        // the first event is the first surface: a half-space outside has no thickness
        let mut photon = launch(world, 0);
        photon.events = 1;
        settle(world, &mut photon);
        let n_next = coefficients(world, &photon, 1).n;
        let Fresnel { reflectance, cos_t } = fresnel(photon.here.n, n_next, photon.direction.z, photon.polarisation);
        let (mut entered, mut reflected) = (photon.clone(), photon);
        reflect_back(&mut reflected);
        let eta = entered.here.n / n_next;
        refract_into(world, &mut entered, eta, cos_t, 1, true);
        if reflectance >= TOTAL || entered.fate != ALIVE {
            return None;
        }
        settle(world, &mut entered);
        Some(Self {
            here: places.here(&entered),
            entered,
            reflected,
            reflectance,
            ready: Set(0),
            first: 0,
            state: [0; LANES],
            increment: [0; LANES],
            tau: [0.0; LANES],
        })
    }

    /// `launch` and the first event for the next photons.
    #[inline(always)]
    fn launch(&mut self, world: &World, tally: &mut Tally, indices: &mut Range<u64>) {
        self.first = indices.start;
        let count = (indices.end - indices.start).min(LANES as u64);
        indices.start += count;
        let (mut path_bits, mut surface_bits) = ([0; LANES], [0; LANES]);
        let draws = self.reflectance > 0.0;
        for lane in 0..LANES {
            let mut rng = stream(world, self.first.wrapping_add(lane as u64));
            path_bits[lane] = rng.next_u32();
            let before = rng.state;
            surface_bits[lane] = rng.next_u32();
            self.state[lane] = if draws { rng.state } else { before };
            self.increment[lane] = rng.increment;
        }
        let mut back = [0; LANES];
        for lane in 0..LANES {
            self.tau[lane] = free_path(path_bits[lane]);
            back[lane] = (uniform(surface_bits[lane]) < self.reflectance) as u32;
        }
        let launched = if count == LANES as u64 { !0 } else { (1 << count) - 1 };
        let back = Set::of(&back).0;
        self.ready = Set(launched & !back);
        for lane in Set(launched & back) {
            self.reflected.group = self.group(lane);
            tally_end(world, tally, &self.reflected);
        }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<(Photon, Here)> {
        let lane = self.ready.next()?;
        let rng = Rng { state: self.state[lane], increment: self.increment[lane] };
        Some((Photon { tau: self.tau[lane], group: self.group(lane), rng, ..self.entered.clone() }, self.here))
    }

    #[inline(always)]
    fn group(&self, lane: usize) -> u32 {
        ((self.first + lane as u64) % GROUPS as u64) as u32
    }
}
