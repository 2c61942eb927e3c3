//! Light of an emitter inside a packet: wave optics says where it goes, and that stands in tables, by node of the
//! emitter's spectrum. Twin of `shaders/dipole.wgsl`.

use glam::vec3;

use super::World;
use super::geometry::{GRAZING, Photon};
use super::packet::{absorb_by, packet_absorbers};
use super::rng::rng_next;
use super::sampling::{cos_sin_turn, free_path, uniform_f32};
use super::transport::enter_medium;
use crate::counts::Fate;
use crate::tables::{DIPOLE_CELLS, DIPOLE_WAY_ROWS, NONE};

#[inline(always)]
pub fn is_in_packet(world: &World, emitter: u32) -> bool {
    world.emitters[emitter as usize].dipole_row != NONE
}

/// Rows of a node: where power goes, how directions of the four ways out are drawn, what is absorbed.
#[inline(always)]
pub fn dipole_stride(absorbers: u32) -> u32 {
    2 + 4 * DIPOLE_WAY_ROWS + absorbers.div_ceil(4)
}

/// First row of the photon's emitter at the photon's wavelength.
#[inline(always)]
pub fn dipole_row(world: &World, photon: &Photon) -> u32 {
    let emitter = &world.emitters[photon.emitter as usize];
    let stride = dipole_stride(packet_absorbers(world, emitter.packet_face));
    emitter.dipole_row + (photon.node - emitter.first_node) * stride
}

/// Out of the packet, into waves that stay in it for good, or to one of its absorbers: one random number tells by shares of
/// the emitted power.
#[inline(always)]
pub fn radiate(world: &World, photon: &mut Photon, u: f32) {
    let row = dipole_row(world, photon);
    let out = world.coefficient_rows[row as usize];
    let stays = world.coefficient_rows[row as usize + 1];
    if u < out[3] {
        emerge(world, photon, row, (u >= out[0]) as u32 + (u >= out[1]) as u32 + (u >= out[2]) as u32, u);
    } else if u < stays[0] {
        photon.fate = Fate::Plasmon as u32;
    } else if u < stays[1] {
        photon.fate = Fate::Guided as u32;
    } else {
        reabsorb(world, photon, row, u);
    }
}

/// A number of those that fill rows from this one on.
#[inline(always)]
pub fn dipole_number(world: &World, row: u32, number: u32) -> f32 {
    world.coefficient_rows[(row + number / 4) as usize][number as usize % 4]
}

/// Cosine to the normal at which light leaves by one way, from the random number that chose it. Rows: the share of the emitted
/// power by earlier ways and below every sixteenth cosine, below each, the cosines.
#[inline(always)]
pub fn emerging_cosine(world: &World, row: u32, u: f32) -> f32 {
    let first = world.coefficient_rows[row as usize];
    let second = world.coefficient_rows[row as usize + 1];
    let below = (u >= first[1]) as u32 + (u >= first[2]) as u32 + (u >= first[3]) as u32;
    let beyond = (u >= second[0]) as u32 + (u >= second[1]) as u32 + (u >= second[2]) as u32 + (u >= second[3]) as u32;
    let shares = row + 2;
    let mut cell = DIPOLE_CELLS / 8 * (below + beyond);
    let mut step = DIPOLE_CELLS / 16;
    while step > 0 {
        if u >= dipole_number(world, shares, cell + step) {
            cell += step;
        }
        step /= 2;
    }
    let cosines = shares + DIPOLE_CELLS / 4 + 1;
    let low = dipole_number(world, cosines, cell);
    let high = dipole_number(world, cosines, cell + 1);
    let below_low = dipole_number(world, shares, cell);
    let below_high = dipole_number(world, shares, cell + 1);
    low + (high - low) * ((u - below_low) / (below_high - below_low))
}

/// Into a thick medium beside the packet, at a cosine that the random number tells which chose the way. Ways: front s, front p, back s, back p.
#[inline(always)]
pub fn emerge(world: &World, photon: &mut Photon, row: u32, way: u32, u: f32) {
    let cosine = emerging_cosine(world, row + 2 + way * DIPOLE_WAY_ROWS, u).max(GRAZING);
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
    let turn = cos_sin_turn(uniform_f32(photon));
    let down = way >= 2;
    photon.direction = vec3(sine * turn.x, sine * turn.y, if down { cosine } else { -cosine });
    photon.tau = free_path(rng_next(photon));
    photon.total_face = NONE;
    if world.design.tracks_polarisation == 1 {
        photon.polarisation = (way % 2) as f32;
    }
    let face = world.emitters[photon.emitter as usize].packet_face;
    enter_medium(world, photon, face + down as u32, cosine, down);
}

/// Absorbed in the packet on its way out, or guided along an emitter that takes it up.
#[inline(always)]
pub fn reabsorb(world: &World, photon: &mut Photon, row: u32, u: f32) {
    let face = world.emitters[photon.emitter as usize].packet_face;
    let absorbers = packet_absorbers(world, face);
    let first = row + 2 + 4 * DIPOLE_WAY_ROWS;
    let mut absorber = 0;
    while absorber + 1 < absorbers
        && u >= world.coefficient_rows[(first + absorber / 4) as usize][absorber as usize % 4]
    {
        absorber += 1;
    }
    absorb_by(world, photon, face, absorber);
}
