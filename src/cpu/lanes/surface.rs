//! The first surface, where light from outside enters the stack, for all photons that were launched together.

use super::launch::Launched;
use super::rows::{LANES, Marks, Row, Set, mark, uniform};
use super::state::{Here, Lanes, Places};
use crate::cpu::World;
use crate::cpu::fresnel::{fresnel, fresnel_absorbing};
use crate::cpu::geometry::Photon;
use crate::cpu::medium::{coefficients, settle, whole_index};
use crate::cpu::tally::{Tally, tally_end};
use crate::cpu::transport::{TOTAL, reflect_back, refract_into};
use crate::tables::{FACE_ABSORBING, FACE_FRESNEL, SOURCE_BEAM, SOURCE_INTERNAL};

/// A face of two media, and how each photon meets it.
pub struct Surface {
    /// Set where all photons meet it alike, as those of a beam of one wavelength do: one behind it, and what it finds.
    alike: Option<(Photon, Here)>,
    reflectance: Row<f32>,
    cos_t: Row<f32>,
    /// Index before over index behind.
    eta: Row<f32>,
    /// Where a random number decides.
    in_doubt: Marks,
}

impl Surface {
    /// None where light starts inside, or meets a face of another kind first; that of an absorber is one where all meet it alike.
    #[inline(always)]
    pub fn new(places: &Places, launched: &Launched) -> Option<Self> {
        let world = places.world;
        let design = &world.design;
        let outside = design.source_kind != SOURCE_INTERNAL && design.source_medium == 0;
        let alike = design.source_kind == SOURCE_BEAM && design.pump_nodes == 1 && design.tracks_polarisation == 0;
        let kind = world.media[0].face_kind;
        if !(outside && design.slabs > 0 && (kind == FACE_FRESNEL || alike && kind == FACE_ABSORBING)) {
            return None;
        }
        let (zero, none) = ([0.0; LANES], [0; LANES]);
        let mut surface = Self { alike: None, reflectance: zero, cos_t: zero, eta: zero, in_doubt: none };
        if alike {
            surface.look_up(world, launched);
            let mut photon = launched.photon(0);
            settle(world, &mut photon);
            if photon.around.n_back == 0.0 && !surface.meet_absorber(world, &photon) {
                return None;
            }
            surface.alike = Some(surface.let_in(places, photon, 0));
        }
        Some(surface)
    }

    /// `transport::meet_absorber` up to what it does, for a beam that enters at an angle to the face.
    #[inline(always)]
    fn meet_absorber(&mut self, world: &World, photon: &Photon) -> bool {
        let index_here = whole_index(world, photon, photon.here);
        let index_next = whole_index(world, photon, coefficients(world, photon, 1));
        let surface = fresnel_absorbing(index_here, index_next, photon.direction.z, photon.polarisation);
        self.reflectance = [surface.reflectance; LANES];
        self.cos_t = [surface.cos_t; LANES];
        self.in_doubt = [mark(surface.reflectance < TOTAL); LANES];
        surface.cos_t > 0.0
    }

    /// `transport::meet_interface` up to what it does.
    #[inline(always)]
    fn look_up(&mut self, world: &World, launched: &Launched) {
        let (mut n_here, mut n_next) = ([1.0; LANES], [1.0; LANES]);
        for lane in 0..LANES {
            let photon = launched.photon(lane);
            n_here[lane] = coefficients(world, &photon, 0).n;
            n_next[lane] = coefficients(world, &photon, 1).n;
        }
        for lane in 0..LANES {
            let cos_i = launched.direction_z[lane];
            let surface = fresnel(n_here[lane], n_next[lane], cos_i, launched.polarisation[lane]);
            self.reflectance[lane] = surface.reflectance;
            self.cos_t[lane] = surface.cos_t;
            self.eta[lane] = n_here[lane] / n_next[lane];
            self.in_doubt[lane] = mark((surface.reflectance > 0.0) & (surface.reflectance < TOTAL));
        }
    }

    /// The first event. Photons that are thrown back are tallied; returns those that get in.
    #[inline(always)]
    pub fn meet(&mut self, world: &World, tally: &mut Tally, launched: &mut Launched, all: Set) -> Set {
        if self.alike.is_none() {
            self.look_up(world, launched);
        }
        let mut bits = [0; LANES];
        if Set::of(&self.in_doubt).0 != 0 {
            [bits] = launched.streams.draw(&self.in_doubt);
        }
        let mut back = [0; LANES];
        for lane in 0..LANES {
            let reflectance = self.reflectance[lane];
            back[lane] = mark((reflectance >= TOTAL) | (uniform(bits[lane]) < reflectance));
        }
        let back = Set::of(&back).and(all);
        for lane in back {
            let mut photon = Photon { events: 1, ..launched.photon(lane) };
            reflect_back(&mut photon);
            tally_end(world, tally, &photon);
        }
        Set(all.0 & !back.0)
    }

    /// Puts a photon that gets in into a lane of those under way.
    #[inline(always)]
    pub fn enter(&self, places: &Places, launched: &Launched, waiting: usize, lanes: &mut Lanes, lane: usize) {
        // put in either way: what is put together in one place first would be moved once more
        if let Some((photon, here)) = &self.alike {
            lanes.put(lane, &launched.as_another(photon, waiting), *here);
        } else {
            let (photon, here) = self.let_in(places, launched.photon(waiting), waiting);
            lanes.put(lane, &photon, here);
        }
    }

    #[inline(always)]
    fn let_in(&self, places: &Places, photon: Photon, lane: usize) -> (Photon, Here) {
        let mut photon = Photon { events: 1, ..photon };
        refract_into(places.world, &mut photon, self.eta[lane], self.cos_t[lane], 1, true);
        let here = places.here(&photon);
        (photon, here)
    }
}
