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
use crate::tables::{DIPOLE_CELLS, NONE};

#[inline(always)]
pub fn is_in_packet(world: &World, emitter: u32) -> bool {
    world.emitters[emitter as usize].dipole_row != NONE
}

/// Rows of a node: where power goes, the directions of light that leaves the packet (a row of cosines, one of the shares
/// below them), what is absorbed in it.
#[inline(always)]
pub fn dipole_stride(absorbers: u32) -> u32 {
    2 * DIPOLE_CELLS + 4 + absorbers.div_ceil(4)
}

/// First row of the photon's emitter at the photon's wavelength.
#[inline(always)]
pub fn dipole_row(world: &World, photon: &Photon) -> u32 {
    let emitter = &world.emitters[photon.emitter as usize];
    let stride = dipole_stride(packet_absorbers(world, emitter.packet_face));
    emitter.dipole_row + (photon.node - emitter.first_node) * stride
}

/// Out of the packet, into waves that stay in it for good, or to one of its absorbers: a matter of shares.
#[inline(always)]
pub fn radiate(world: &World, photon: &mut Photon) {
    let row = dipole_row(world, photon);
    let u = uniform_f32(photon);
    let out = world.coefficient_rows[row as usize];
    let stays = world.coefficient_rows[row as usize + 1];
    if u < out[3] {
        emerge(world, photon, row, (u >= out[0]) as u32 + (u >= out[1]) as u32 + (u >= out[2]) as u32);
    } else if u < stays[0] {
        photon.fate = Fate::Plasmon as u32;
    } else if u < stays[1] {
        photon.fate = Fate::Guided as u32;
    } else {
        reabsorb(world, photon, row, u);
    }
}

/// Into a thick medium beside the packet. Ways: front s, front p, back s, back p.
#[inline(always)]
pub fn emerge(world: &World, photon: &mut Photon, row: u32, way: u32) {
    let u = uniform_f32(photon);
    let mut cell = row + 2;
    let mut step = DIPOLE_CELLS;
    while step > 1 {
        if u >= world.coefficient_rows[(cell + step + 1) as usize][way as usize] {
            cell += step;
        }
        step /= 2;
    }
    let [low, below_low, high, below_high] =
        [0, 1, 2, 3].map(|i| world.coefficient_rows[(cell + i) as usize][way as usize]);
    let cosine = (low + (high - low) * ((u - below_low) / (below_high - below_low))).max(GRAZING);
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
    let first = row + 2 * DIPOLE_CELLS + 4;
    let mut absorber = 0;
    while absorber + 1 < absorbers
        && u >= world.coefficient_rows[(first + absorber / 4) as usize][absorber as usize % 4]
    {
        absorber += 1;
    }
    absorb_by(world, photon, face, absorber);
}
