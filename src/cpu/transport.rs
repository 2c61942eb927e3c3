//! A photon's way through the stack, one event a turn: to its next interaction or to the next face.
//! Twin of `shaders/transport.wgsl`.

use glam::vec3;

use super::World;
use super::dipole::is_in_packet;
use super::fresnel::{fresnel, fresnel_absorbing};
use super::geometry::{
    GRAZING, Photon, SIDE_DOWN, SIDE_NONE, SIDE_UP, SIDE_X, SIDE_Y, is_guided, is_trapped, move_photon, next_face,
};
use super::medium::{
    UNKNOWN, absorb_in_emitter, coefficients, draw_polarisation, interact, redirect, relax, settle, whole_index,
};
use super::packet::{absorb_in_packet, packet_point, packet_shares};
use super::rng::rng_next;
use super::sampling::{BELOW_ONE, free_path, lambertian, minus_ln, uniform_f32};
use super::tally::{DEPTH_EMITTERS, FACE_BACK, FACE_EDGE, FACE_FRONT, Tally, tally_depth, tally_end};
use crate::counts::Fate;
use crate::tables::{
    EDGE_ABSORBING, EDGE_MIRROR, EDGE_NONE, EDGE_OPEN, FACE_ABSORBING, FACE_DIFFUSE, FACE_SPECULAR, NONE, STRAIGHT,
};

pub const ALIVE: u32 = 0xffff_ffff;
/// Turns after which a photon is given up.
pub const EVENT_LIMIT: u32 = 10_000_000;
/// A reflectance that counts as total: 1 but for its rounding.
pub const TOTAL: f32 = 0.999_999_8;

#[inline(always)]
pub fn step(world: &World, tally: &mut Tally, photon: &mut Photon) {
    photon.events += 1;
    if photon.unsettled == 1 {
        settle(world, photon);
    }
    let mut g = STRAIGHT;
    if photon.excited == NONE {
        g = fly(world, photon);
    }
    // what a flight or the source may have excited
    if photon.excited != NONE {
        g = follow_excitation(world, tally, photon);
    }
    if g != STRAIGHT {
        redirect(world, photon, g);
    }
    if photon.events >= EVENT_LIMIT && photon.fate == ALIVE {
        photon.fate = Fate::Truncated as u32;
    }
    if photon.fate != ALIVE {
        tally_end(world, tally, photon);
    }
}

/// An emitter is excited: which one, where, and what becomes of it. Returns the anisotropy of the new direction.
#[inline(always)]
pub fn follow_excitation(world: &World, tally: &mut Tally, photon: &mut Photon) -> f32 {
    if photon.excited == UNKNOWN {
        absorb_in_emitter(world, photon);
    }
    if !is_in_packet(world, photon.excited) {
        tally_depth(world, tally, photon, DEPTH_EMITTERS);
    }
    relax(world, tally, photon)
}

/// To the next interaction or the next face, whichever comes first. Guided light meets no face. Returns the anisotropy of
/// the new direction.
#[inline(always)]
pub fn fly(world: &World, photon: &mut Photon) -> f32 {
    let flight = next_face(world, photon);
    let mu_t = photon.here.mu_t;
    let depth = flight.distance_um * mu_t;
    let inside = photon.tau < depth;
    let mut distance_um = flight.distance_um;
    if inside {
        distance_um = photon.tau / mu_t;
    }
    move_photon(photon, distance_um);
    if mu_t > 0.0 {
        photon.total_face = NONE;
    }
    if inside {
        return interact(world, photon);
    }
    // what is left of the free path goes on behind the face; never below 0, also where a compiler joins the product of the
    // depth with this difference
    photon.tau = (photon.tau - depth).max(0.0);
    end_flight(world, photon, flight.side);
    STRAIGHT
}

/// At a face or a side edge; or guided and still on its way, caught for good where nothing can take it.
#[inline(always)]
pub fn end_flight(world: &World, photon: &mut Photon, side: u32) {
    let unmet = is_guided(photon) && photon.here.mu_t == 0.0;
    if unmet && is_trapped(world, photon, photon.medium - 1, photon.medium) {
        photon.fate = Fate::Trapped as u32;
    } else if side == SIDE_UP || side == SIDE_DOWN {
        meet_face(world, photon, side);
    } else if side != SIDE_NONE {
        meet_edge(world, photon, side);
    }
}

/// A face between two media, or an outer face.
#[inline(always)]
pub fn meet_face(world: &World, photon: &mut Photon, side: u32) {
    let down = side == SIDE_DOWN;
    // face f lies between medium f and medium f + 1
    let face = if down { photon.medium } else { photon.medium - 1 };
    photon.position.z = if down { photon.thickness_um } else { 0.0 };
    let n_next = if down { photon.around.n_back } else { photon.around.n_front };
    if n_next == 0.0 {
        meet_other_face(world, photon, face, down);
    } else {
        meet_interface(world, photon, n_next, face, down);
    }
}

/// A face that is not of the Fresnel kind.
#[inline(always)]
pub fn meet_other_face(world: &World, photon: &mut Photon, face: u32, down: bool) {
    let medium = &world.media[face as usize];
    if medium.face_kind == FACE_SPECULAR {
        meet_mirror(world, photon, face, medium.face_reflectance);
    } else if medium.face_kind == FACE_DIFFUSE {
        meet_diffuser(world, photon, down, medium.face_reflectance);
    } else if medium.face_kind == FACE_ABSORBING {
        meet_absorber(world, photon, face, down);
    } else {
        meet_packet(world, photon, face, down);
    }
}

/// A Fresnel face: reflected, or refracted into the next medium, at random by the reflectance.
#[inline(always)]
pub fn meet_interface(world: &World, photon: &mut Photon, n_next: f32, face: u32, down: bool) {
    let n_here = photon.here.n;
    let cos_i = photon.direction.z.abs();
    let surface = fresnel(n_here, n_next, cos_i, photon.polarisation);
    // equal indices are no interface, whatever rounding makes of them
    let met = n_here != n_next;
    if met && surface.reflectance >= TOTAL {
        // beyond the critical angle, or so grazing that rounding hides what passes
        reflect_totally(world, photon, face);
    } else if met && surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance {
        reflect_back(photon);
    } else {
        let cos_t = if met { surface.cos_t } else { cos_i };
        refract_into(world, photon, n_here / n_next, cos_t, if down { face + 1 } else { face }, down);
    }
}

#[inline(always)]
pub fn refract_into(world: &World, photon: &mut Photon, eta: f32, cos_t: f32, next_medium: u32, down: bool) {
    let direction = photon.direction;
    photon.direction = vec3(eta * direction.x, eta * direction.y, cos_t * direction.z.signum());
    enter_medium(world, photon, next_medium, cos_t, down);
}

/// Through a face into a medium, by which light leaves if that lies outside.
#[inline(always)]
pub fn enter_medium(world: &World, photon: &mut Photon, medium: u32, cos_inside: f32, down: bool) {
    photon.medium = medium;
    if medium == 0 {
        leave(photon, FACE_FRONT, cos_inside);
    } else if medium > world.design.slabs {
        leave(photon, FACE_BACK, cos_inside);
    } else {
        photon.unsettled = 1;
        photon.thickness_um = world.media[medium as usize].thickness_um;
        photon.position.z = if down { 0.0 } else { photon.thickness_um };
    }
}

/// Back into the medium it came from. Light from outside that never got in leaves.
#[inline(always)]
pub fn reflect_back(photon: &mut Photon) {
    photon.direction.z = -photon.direction.z;
    if photon.medium == 0 {
        leave(photon, FACE_FRONT, photon.direction.z.abs());
    }
}

/// Total reflection. Twice in a row without an event between: the photon is caught.
#[inline(always)]
pub fn reflect_totally(world: &World, photon: &mut Photon, face: u32) {
    reflect_back(photon);
    let earlier = photon.total_face;
    photon.total_face = face;
    if earlier != NONE && earlier != face {
        if is_trapped(world, photon, earlier, face) {
            photon.fate = Fate::Trapped as u32;
        } else if photon.thickness_um == 0.0 && earlier.max(face) - earlier.min(face) == 1 {
            follow_gap(world, photon);
        }
    }
}

/// Between the faces of a gap without thickness a ray gets nowhere, however often it is reflected. In the
/// limit of a thin gap it follows it to a side edge.
#[inline(always)]
pub fn follow_gap(world: &World, photon: &mut Photon) {
    let design = &world.design;
    let position = photon.position;
    let direction = photon.direction;
    let x_um = design.half_width_um - if direction.x > 0.0 { position.x } else { -position.x };
    let x_distance_um = x_um.max(0.0) / direction.x.abs().max(GRAZING);
    let y_um = design.half_depth_um - if direction.y > 0.0 { position.y } else { -position.y };
    let y_distance_um = y_um.max(0.0) / direction.y.abs().max(GRAZING);
    move_photon(photon, x_distance_um.min(y_distance_um));
    photon.position.z = 0.0;
    meet_edge(world, photon, if x_distance_um < y_distance_um { SIDE_X } else { SIDE_Y });
}

/// The face of a medium that absorbs strongly, from either side: reflected by the whole indices, or let in.
#[inline(always)]
pub fn meet_absorber(world: &World, photon: &mut Photon, face: u32, down: bool) {
    let next_medium = if down { face + 1 } else { face };
    let next = coefficients(world, photon, next_medium);
    let index_here = whole_index(world, photon, photon.here);
    let cos_i = photon.direction.z.abs();
    let surface = fresnel_absorbing(index_here, whole_index(world, photon, next), cos_i, photon.polarisation);
    if surface.reflectance >= TOTAL {
        reflect_totally(world, photon, face);
        return;
    }
    let held = is_held(world, photon, face);
    if held && world.design.edge_kind == EDGE_NONE {
        follow_reflections(photon, surface.reflectance);
    }
    if !held && uniform_f32(photon) < surface.reflectance {
        reflect_back(photon);
    } else {
        pass_into(world, photon, index_here.x / next.n, surface.cos_t, next_medium, down);
    }
}

/// A packet: reflected, let through into the next medium, or absorbed in one of its layers.
#[inline(always)]
pub fn meet_packet(world: &World, photon: &mut Photon, face: u32, down: bool) {
    let next_medium = if down { face + 1 } else { face };
    let n_here = photon.here.n;
    let n_next = coefficients(world, photon, next_medium).n;
    let point = packet_point(world, photon, face, down, n_next);
    let shares = packet_shares(world, photon, face, point);
    if shares.x >= TOTAL {
        reflect_totally(world, photon, face);
        return;
    }
    let held = is_held(world, photon, face);
    if shares.y < 1.0 {
        // what absorbs a share of the light holds none of it for good
        photon.total_face = NONE;
    }
    if held && world.design.edge_kind == EDGE_NONE {
        follow_reflections(photon, shares.x);
    }
    let mut u = uniform_f32(photon);
    if held {
        // reflections are behind it
        u = (shares.x + (1.0 - shares.x) * u).min(BELOW_ONE);
    }
    if u < shares.x {
        reflect_back(photon);
    } else if u < shares.y {
        pass_into(world, photon, n_here / n_next, point.cos_t, next_medium, down);
    } else {
        absorb_in_packet(world, photon, face, point, u);
    }
}

/// Beyond the critical angle light gets into a medium that absorbs all the same, and along its face.
#[inline(always)]
pub fn pass_into(world: &World, photon: &mut Photon, eta: f32, cos_t: f32, next_medium: u32, down: bool) {
    if cos_t > 0.0 {
        refract_into(world, photon, eta, cos_t, next_medium, down);
    } else {
        let sine = (1.0 - photon.direction.z * photon.direction.z).max(0.0).sqrt();
        refract_into(world, photon, 1.0 / sine.max(GRAZING), GRAZING, next_medium, down);
    }
}

/// Light goes to and fro across clear media: where a face on the other side reflects it totally, this one alone ends that.
#[inline(always)]
pub fn is_held(world: &World, photon: &Photon, face: u32) -> bool {
    let unseen = world.design.edge_kind == EDGE_NONE || world.design.edge_kind == EDGE_MIRROR;
    let clear = unseen && photon.here.mu_t == 0.0 && photon.total_face != NONE;
    // medium m lies between the faces m - 1 and m
    clear && (photon.total_face < photon.medium) != (face < photon.medium)
}

/// How far light gets across before a face of this reflectance, met again and again, takes it or lets it through.
#[inline(always)]
pub fn follow_reflections(photon: &mut Photon, reflectance: f32) {
    let turns_um = 2.0 * photon.thickness_um / photon.direction.z.abs().max(GRAZING);
    let tau = free_path(rng_next(photon));
    if reflectance > 0.0 {
        let way_um = turns_um * (tau / minus_ln(reflectance)).floor();
        photon.position.x += photon.direction.x * way_um;
        photon.position.y += photon.direction.y * way_um;
    }
}

#[inline(always)]
pub fn meet_mirror(world: &World, photon: &mut Photon, face: u32, reflectance: f32) {
    if reflectance == 1.0 {
        reflect_totally(world, photon, face);
    } else if !is_held(world, photon, face) && uniform_f32(photon) < reflectance {
        photon.direction.z = -photon.direction.z;
    } else {
        photon.fate = if photon.emissions == 0 { Fate::ReflectorPump } else { Fate::ReflectorEmission } as u32;
    }
}

#[inline(always)]
pub fn meet_diffuser(world: &World, photon: &mut Photon, down: bool, reflectance: f32) {
    if uniform_f32(photon) < reflectance {
        let outward = lambertian(photon);
        photon.direction = vec3(outward.x, outward.y, if down { -outward.z } else { outward.z });
        photon.total_face = NONE;
        draw_polarisation(world, photon);
    } else {
        photon.fate = if photon.emissions == 0 { Fate::ReflectorPump } else { Fate::ReflectorEmission } as u32;
    }
}

/// A side edge.
#[inline(always)]
pub fn meet_edge(world: &World, photon: &mut Photon, side: u32) {
    let design = &world.design;
    let along_x = side == SIDE_X;
    if design.edge_kind == EDGE_ABSORBING {
        photon.fate = if photon.emissions == 0 { Fate::EdgeAbsorbedPump } else { Fate::EdgeAbsorbedEmission } as u32;
        return;
    }
    if design.edge_kind == EDGE_OPEN {
        let cos_i = (if along_x { photon.direction.x } else { photon.direction.y }).abs();
        let surface = fresnel(photon.here.n, coefficients(world, photon, design.slabs + 2).n, cos_i, 0.5);
        if surface.cos_t > 0.0 && !(surface.reflectance > 0.0 && uniform_f32(photon) < surface.reflectance) {
            leave(photon, FACE_EDGE, surface.cos_t);
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
    draw_polarisation(world, photon);
}

/// Light leaves by a face, at this cosine to the face's normal outside.
#[inline(always)]
pub fn leave(photon: &mut Photon, face: u32, cos_outside: f32) {
    photon.exit_face = face;
    photon.exit_cos = cos_outside;
    photon.fate = if photon.emissions == 0 { Fate::ReflectedPump } else { Fate::FrontEmission } as u32 + face;
}
