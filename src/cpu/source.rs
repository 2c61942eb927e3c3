//! How a photon's life begins. Twin of `shaders/source.wgsl`.

use bytemuck::Zeroable;
use glam::{Vec2, Vec3, vec2, vec3};

use super::World;
use super::dipole::is_in_packet;
use super::geometry::Photon;
use super::medium::draw_polarisation;
use super::rng::{Rng, rng_for_photon, rng_next, stratified_rng};
use super::sampling::{choose_node, cos_sin_turn, free_path, lambertian, uniform_f32};
use super::transport::ALIVE;
use crate::counts::GROUPS;
use crate::tables::{Coefficients, NONE, SOURCE_BEAM, SOURCE_INTERNAL, SPOT_DISC, SPOT_FACE, Surroundings};

/// Photon `index` of a design.
#[inline(always)]
pub fn launch(world: &World, index: u64) -> Photon {
    let design = &world.design;
    let mut photon = Photon {
        position: Vec3::ZERO,
        tau: 0.0,
        direction: Vec3::ZERO,
        rng: stream(world, index),
        group: (index % GROUPS as u64) as u32,
        here: Coefficients::zeroed(),
        around: Surroundings::zeroed(),
        thickness_um: 0.0,
        medium: design.source_medium,
        emitter: NONE,
        excited: NONE,
        unsettled: 1,
        absorptions: 0,
        emissions: 0,
        chain: 0,
        events: 0,
        total_face: NONE,
        polarisation: 0.5,
        fate: ALIVE,
        exit_face: 0,
        exit_cos: 0.0,
        node: design.first_node,
    };
    if photon.medium > 0 {
        photon.thickness_um = world.media[photon.medium as usize].thickness_um;
    }
    let spot = spot_position(world, &mut photon);
    photon.position = spot.extend(0.0);
    if design.source_kind == SOURCE_INTERNAL {
        launch_excitation(world, &mut photon);
    } else {
        launch_light(world, &mut photon);
    }
    photon
}

/// The random numbers of photon `index`.
#[inline(always)]
pub fn stream(world: &World, index: u64) -> Rng {
    if world.design.stratified == 1 {
        return stratified_rng(world.seed, index);
    }
    rng_for_photon(world.seed, index)
}

/// Light from the front: a wavelength and a direction.
#[inline(always)]
pub fn launch_light(world: &World, photon: &mut Photon) {
    let design = &world.design;
    if design.pump_nodes > 1 {
        photon.node = choose_node(world.nodes, design.first_node, design.pump_nodes, rng_next(photon));
    }
    if design.source_kind == SOURCE_BEAM {
        let sin_theta = (1.0 - design.cos_theta * design.cos_theta).max(0.0).sqrt();
        photon.direction = vec3(sin_theta, 0.0, design.cos_theta);
    } else {
        photon.direction = lambertian(photon);
    }
    photon.tau = free_path(rng_next(photon));
    draw_polarisation(world, photon);
}

/// An excitation of one emitter, uniform in the thickness of its layer. In a packet depth says nothing.
#[inline(always)]
pub fn launch_excitation(world: &World, photon: &mut Photon) {
    photon.excited = world.design.source_emitter;
    if !is_in_packet(world, photon.excited) {
        photon.position.z = uniform_f32(photon) * photon.thickness_um;
    }
}

/// Where on the face the source's light starts, in um from the centre.
#[inline(always)]
pub fn spot_position(world: &World, photon: &mut Photon) -> Vec2 {
    let design = &world.design;
    if design.spot_kind == SPOT_DISC {
        let radius_um = design.spot_radius_um * uniform_f32(photon).sqrt();
        return radius_um * cos_sin_turn(uniform_f32(photon));
    }
    if design.spot_kind == SPOT_FACE {
        let x_um = (2.0 * uniform_f32(photon) - 1.0) * design.half_width_um;
        let y_um = (2.0 * uniform_f32(photon) - 1.0) * design.half_depth_um;
        return vec2(x_um, y_um);
    }
    Vec2::ZERO
}
