//! What happens inside a medium: scattering, loss to the host, absorption and emission by emitters.
//! Twin of `shaders/medium.wgsl`.

use glam::{Vec2, Vec3, vec2};

use super::World;
use super::dipole::{is_in_packet, radiate};
use super::geometry::Photon;
use super::rng::rng_next;
use super::sampling::{BELOW_ONE, PI, choose_node, deflect, free_path, henyey_greenstein, uniform_f32, uniform_fine};
use super::tally::{Tally, tally_excitation};
use crate::counts::Fate;
use crate::tables::{Coefficients, NONE, SEVERAL, STRAIGHT, Surroundings, WAVELENGTH_UNIT_UM, medium_row};

/// First row of a medium's coefficients at the photon's wavelength.
#[inline(always)]
pub fn coefficient_row(world: &World, photon: &Photon, medium: u32) -> u32 {
    let design = &world.design;
    let block = design.first_row + (photon.node - design.first_node) * design.row_stride;
    block + medium_row(design.slabs, medium)
}

#[inline(always)]
pub fn coefficients(world: &World, photon: &Photon, medium: u32) -> Coefficients {
    let row = world.coefficient_rows[coefficient_row(world, photon, medium) as usize];
    Coefficients { n: row[0], mu_t: row[1], host_end: row[2], absorb_end: row[3] }
}

/// Real and imaginary part of a medium's index, by all that absorbs there.
#[inline(always)]
pub fn whole_index(world: &World, photon: &Photon, medium: Coefficients) -> Vec2 {
    // the wavelength over 4 pi
    let reduced_um = world.nodes[photon.node as usize].wavelength as f32 * (WAVELENGTH_UNIT_UM * 0.25 / PI);
    vec2(medium.n, medium.mu_t * medium.absorb_end * reduced_um)
}

/// Looks the photon's medium up, after either it or the wavelength has changed.
#[inline(always)]
pub fn settle(world: &World, photon: &mut Photon) {
    photon.here = coefficients(world, photon, photon.medium);
    photon.around = surroundings(world, photon);
    photon.unsettled = 0;
}

/// What surrounds the photon in its medium at its wavelength.
#[inline(always)]
pub fn surroundings(world: &World, photon: &Photon) -> Surroundings {
    let row = world.coefficient_rows[coefficient_row(world, photon, photon.medium) as usize + 1];
    Surroundings::of(row, photon.here.mu_t * photon.thickness_um)
}

/// Share and anisotropy of one of the channels of a medium: scatterers first, then emitters, both only where there
/// are several. A share includes all earlier channels of its family.
#[inline(always)]
pub fn channel(world: &World, photon: &Photon, number: u32) -> Vec2 {
    let first = coefficient_row(world, photon, 0) + world.media[photon.medium as usize].channel_row;
    let pair = world.coefficient_rows[(first + number / 2) as usize];
    if number.is_multiple_of(2) { vec2(pair[0], pair[1]) } else { vec2(pair[2], pair[3]) }
}

/// An emitter of the photon's medium, which one is yet to be found.
pub const UNKNOWN: u32 = 0xffff_fffd;

/// From this PLQY on random numbers below it are as fine as those of 24 bits below 1.
pub const SMALL_PLQY: f32 = 0.003_906_25;

/// An interaction in the bulk: which one is a matter of shares. Returns the anisotropy of the new direction.
#[inline(always)]
pub fn interact(world: &World, photon: &mut Photon) -> f32 {
    let u = uniform_fine(rng_next(photon));
    let mut g = STRAIGHT;
    if u < photon.here.host_end {
        absorb_in_host(photon);
    } else if u < photon.here.absorb_end {
        photon.excited = UNKNOWN;
    } else {
        g = choose_scatterer(world, photon);
    }
    g
}

/// Anisotropy of the scatterer that takes part: which one is a matter of shares.
#[inline(always)]
pub fn choose_scatterer(world: &World, photon: &mut Photon) -> f32 {
    if photon.around.g != SEVERAL {
        return photon.around.g;
    }
    let scatterers = world.media[photon.medium as usize].scatterers;
    let mut chosen = channel(world, photon, 0);
    let u = uniform_f32(photon);
    let mut number = 1;
    while number < scatterers && u >= chosen.x {
        chosen = channel(world, photon, number);
        number += 1;
    }
    chosen.y
}

#[inline(always)]
pub fn absorb_in_host(photon: &mut Photon) {
    photon.fate = if photon.emissions == 0 { Fate::HostPump } else { Fate::HostEmission } as u32;
}

#[inline(always)]
pub fn absorb_in_emitter(world: &World, photon: &mut Photon) {
    if world.design.emitters == 1 {
        photon.excited = world.design.first_emitter;
        return;
    }
    let medium = &world.media[photon.medium as usize];
    // which emitter
    let mut number = 0;
    if medium.emitters > 1 {
        let u = uniform_f32(photon);
        while number + 1 < medium.emitters && u >= channel(world, photon, medium.emitter_channel + number).x {
            number += 1;
        }
    }
    photon.excited = medium.first_emitter + number;
}

/// The excited emitter emits or not. Returns the anisotropy of the new direction.
#[inline(always)]
pub fn relax(world: &World, tally: &mut Tally, photon: &mut Photon) -> f32 {
    let mut g = STRAIGHT;
    let u = uniform_fine(rng_next(photon));
    if emits(world, tally, photon, u) {
        begin_emission(world, photon);
        if is_in_packet(world, photon.emitter) {
            let next = uniform_below(photon, world.emitters[photon.emitter as usize].plqy, u);
            radiate(world, photon, next);
        } else {
            g = 0.0;
        }
    }
    g
}

/// Whether the excited emitter emits: where a random number is below its PLQY. If not, the photon ends.
#[inline(always)]
pub fn emits(world: &World, tally: &mut Tally, photon: &mut Photon, u: f32) -> bool {
    let emitter = photon.excited;
    let design = &world.design;
    let reabsorbed = photon.emissions > 0;
    photon.absorptions += 1;
    let emits = u < world.emitters[emitter as usize].plqy && !(reabsorbed && design.recycling_lost == 1);
    tally_excitation(world, tally, photon, emitter, emits);
    if !emits {
        photon.fate = Fate::Nonradiative as u32;
    }
    emits
}

/// A uniform number once `u` is known to be below a PLQY: each number there is as likely as another. They are too few below
/// a small one.
#[inline(always)]
pub fn uniform_below(photon: &mut Photon, plqy: f32, u: f32) -> f32 {
    if plqy < SMALL_PLQY {
        return uniform_f32(photon);
    }
    (u * (1.0 / plqy)).min(BELOW_ONE)
}

/// A new wavelength from the emitter's spectrum, without memory of the old one. In a thick layer the direction
/// is isotropic, which is scattering with g = 0 from wherever: that is left to `redirect`.
#[inline(always)]
pub fn begin_emission(world: &World, photon: &mut Photon) {
    let design = &world.design;
    let emitter = photon.excited;
    photon.emissions += 1;
    if design.watched_emitter == NONE || design.watched_emitter == emitter {
        photon.chain += 1;
    }
    photon.emitter = emitter;
    photon.excited = NONE;
    let bits = rng_next(photon);
    let row = &world.emitters[emitter as usize];
    photon.node = choose_node(world.nodes, row.first_node, row.nodes, bits);
    photon.unsettled = 1;
    photon.direction = Vec3::Z;
}

/// A new direction at an angle to the old one, a new free path, a new polarisation.
#[inline(always)]
pub fn redirect(world: &World, photon: &mut Photon, g: f32) {
    let cos_theta = henyey_greenstein(g, uniform_f32(photon));
    photon.direction = deflect(photon.direction, cos_theta, uniform_f32(photon));
    photon.tau = free_path(rng_next(photon));
    draw_polarisation(world, photon);
}

/// s or p, half and half, where the design tracks it.
#[inline(always)]
pub fn draw_polarisation(world: &World, photon: &mut Photon) {
    let design = &world.design;
    if design.tracks_polarisation == 1 {
        photon.polarisation = (rng_next(photon) >> 31) as f32;
    }
}
