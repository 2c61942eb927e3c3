//! A photon's way through the stack, one event a turn: to its next interaction or to the next face.
//! Twin of `shaders/transport.wgsl`.

use glam::vec3;

use super::World;
use super::fresnel::fresnel;
use super::geometry::{Photon, SIDE_DOWN, SIDE_UP, SIDE_X, is_trapped, move_photon, next_face};
use super::medium::{coefficients, interact};
use super::sampling::{lambertian, uniform_f32};
use super::tally::{FACE_BACK, FACE_EDGE, FACE_FRONT, Tally, tally_end, tally_exit, tally_first_reflection};
use crate::counts::Fate;
use crate::tables::{Coefficients, EDGE_ABSORBING, EDGE_OPEN, FACE_DIFFUSE, FACE_SPECULAR, NONE};

pub const ALIVE: u32 = 0xffff_ffff;
/// Turns after which a photon is given up.
pub const EVENT_LIMIT: u32 = 10_000_000;

#[inline]
pub fn step(world: &World, tally: &mut Tally, photon: &mut Photon) {
    photon.events += 1;
    let here = coefficients(world, photon, photon.medium);
    let flight = next_face(world, photon);
    let depth = flight.distance_um * here.mu_t;
    if photon.tau < depth {
        // something happens before the face
        move_photon(photon, photon.tau / here.mu_t);
        photon.total_face = NONE;
        interact(world, tally, photon, here);
    } else {
        // the face comes first; what is left of the free path goes on behind it
        move_photon(photon, flight.distance_um);
        photon.tau -= depth;
        if here.mu_t > 0.0 {
            photon.total_face = NONE;
        }
        if flight.side == SIDE_UP || flight.side == SIDE_DOWN {
            meet_face(world, tally, photon, here, flight.side);
        } else {
            meet_edge(world, tally, photon, here, flight.side);
        }
    }
    if photon.events >= EVENT_LIMIT && photon.fate == ALIVE {
        end_photon(world, tally, photon, Fate::Truncated);
    }
}

/// A face between two media, or an outer face.
#[inline]
pub fn meet_face(world: &World, tally: &mut Tally, photon: &mut Photon, here: Coefficients, side: u32) {
    let down = side == SIDE_DOWN;
    // face f lies between medium f and medium f + 1
    let face = if down { photon.medium } else { photon.medium - 1 };
    let medium = &world.media[face as usize];
    photon.position.z = if down { world.media[photon.medium as usize].thickness_um } else { 0.0 };
    if medium.face_kind == FACE_SPECULAR {
        meet_mirror(world, tally, photon, face, medium.face_reflectance);
    } else if medium.face_kind == FACE_DIFFUSE {
        meet_diffuser(world, tally, photon, down, medium.face_reflectance);
    } else {
        meet_interface(world, tally, photon, here, face, down);
    }
}

/// A Fresnel face: reflected, or refracted into the next medium.
#[inline]
pub fn meet_interface(
    world: &World,
    tally: &mut Tally,
    photon: &mut Photon,
    here: Coefficients,
    face: u32,
    down: bool,
) {
    let next_medium = if down { face + 1 } else { face };
    let n_next = coefficients(world, photon, next_medium).n;
    let surface = fresnel(here.n, n_next, photon.direction.z.abs());
    if surface.cos_t == 0.0 {
        reflect_totally(world, tally, photon, face);
    } else if surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance {
        photon.direction.z = -photon.direction.z;
        // light from outside that never got in
        if photon.medium == 0 {
            leave_unentered(world, tally, photon);
        }
    } else {
        refract_into(world, tally, photon, here.n / n_next, surface.cos_t, next_medium, down);
    }
}

#[inline]
pub fn refract_into(
    world: &World,
    tally: &mut Tally,
    photon: &mut Photon,
    eta: f32,
    cos_t: f32,
    next_medium: u32,
    down: bool,
) {
    let design = &world.design;
    let direction = photon.direction;
    photon.direction = vec3(eta * direction.x, eta * direction.y, if down { cos_t } else { -cos_t });
    photon.medium = next_medium;
    photon.position.z = if down { 0.0 } else { world.media[next_medium as usize].thickness_um };
    if next_medium == 0 {
        leave(world, tally, photon, FACE_FRONT, cos_t);
    } else if next_medium > design.slabs {
        leave(world, tally, photon, FACE_BACK, cos_t);
    }
}

/// Total reflection. Twice in a row without an event between: the photon is caught.
#[inline]
pub fn reflect_totally(world: &World, tally: &mut Tally, photon: &mut Photon, face: u32) {
    photon.direction.z = -photon.direction.z;
    if photon.medium == 0 {
        leave_unentered(world, tally, photon);
        return;
    }
    let earlier = photon.total_face;
    photon.total_face = face;
    if earlier != NONE && earlier != face && is_trapped(world, photon, earlier, face) {
        end_photon(world, tally, photon, Fate::Trapped);
    }
}

pub fn meet_mirror(world: &World, tally: &mut Tally, photon: &mut Photon, face: u32, reflectance: f32) {
    if reflectance == 1.0 {
        reflect_totally(world, tally, photon, face);
    } else if uniform_f32(photon) < reflectance {
        photon.direction.z = -photon.direction.z;
    } else {
        let fate = if photon.emissions == 0 { Fate::ReflectorPump } else { Fate::ReflectorEmission };
        end_photon(world, tally, photon, fate);
    }
}

pub fn meet_diffuser(world: &World, tally: &mut Tally, photon: &mut Photon, down: bool, reflectance: f32) {
    if uniform_f32(photon) < reflectance {
        let outward = lambertian(photon);
        photon.direction = vec3(outward.x, outward.y, if down { -outward.z } else { outward.z });
        photon.total_face = NONE;
    } else {
        let fate = if photon.emissions == 0 { Fate::ReflectorPump } else { Fate::ReflectorEmission };
        end_photon(world, tally, photon, fate);
    }
}

/// A side edge.
#[inline]
pub fn meet_edge(world: &World, tally: &mut Tally, photon: &mut Photon, here: Coefficients, side: u32) {
    let design = &world.design;
    let along_x = side == SIDE_X;
    if design.edge_kind == EDGE_ABSORBING {
        let fate = if photon.emissions == 0 { Fate::EdgeAbsorbedPump } else { Fate::EdgeAbsorbedEmission };
        end_photon(world, tally, photon, fate);
        return;
    }
    if design.edge_kind == EDGE_OPEN {
        let cos_i = (if along_x { photon.direction.x } else { photon.direction.y }).abs();
        let surface = fresnel(here.n, coefficients(world, photon, design.slabs + 2).n, cos_i);
        if surface.cos_t > 0.0 && !(surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance) {
            leave(world, tally, photon, FACE_EDGE, surface.cos_t);
            return;
        }
    }
    // reflected, exactly on the edge
    let half_um = (design.half_width_um, design.half_depth_um);
    if along_x {
        photon.position.x = if photon.direction.x > 0.0 { half_um.0 } else { -half_um.0 };
        photon.direction.x = -photon.direction.x;
    } else {
        photon.position.y = if photon.direction.y > 0.0 { half_um.1 } else { -half_um.1 };
        photon.direction.y = -photon.direction.y;
    }
}

/// Light leaves by a face, at this cosine to the face's normal outside.
#[inline]
pub fn leave(world: &World, tally: &mut Tally, photon: &mut Photon, face: u32, cos_outside: f32) {
    tally_exit(world, tally, photon, face, cos_outside);
    let first = if photon.emissions == 0 { Fate::ReflectedPump } else { Fate::FrontEmission };
    end_photon(world, tally, photon, Fate::ALL[(first as u32 + face) as usize]);
}

/// The first surface threw the light back.
#[inline]
pub fn leave_unentered(world: &World, tally: &mut Tally, photon: &mut Photon) {
    tally_first_reflection(world, tally, photon);
    leave(world, tally, photon, FACE_FRONT, photon.direction.z.abs());
}

#[inline]
pub fn end_photon(world: &World, tally: &mut Tally, photon: &mut Photon, fate: Fate) {
    photon.fate = fate as u32;
    tally_end(world, tally, photon);
}
