//! Coherent layers met as one face: what they do to waves stands in tables. Twin of `shaders/packet.wgsl`.

use glam::{Vec2, Vec4, vec2};

use super::World;
use super::geometry::Photon;
use crate::counts::Fate;
use crate::tables::{PACKET_REGIONS, PACKET_TOTAL};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PacketPoint {
    /// First row of the point of the table at or before the ray's cosine.
    pub row: u32,
    /// How far the ray lies from there to the next point, 0..=1.
    pub share: f32,
    /// Cosine of the refracted ray to the normal; 0 for total reflection.
    pub cos_t: f32,
}

/// What may absorb in a packet: its layers, and behind them in number the emitters that they hold.
#[inline(always)]
pub fn packet_absorbers(world: &World, face: u32) -> u32 {
    let medium = &world.media[face as usize];
    medium.packet_layers + medium.packet_emitters
}

/// Rows of one point of a packet's tables: one of reflection and transmission, one for each two absorbers.
#[inline(always)]
pub fn packet_stride(absorbers: u32) -> u32 {
    1 + absorbers.div_ceil(2)
}

/// Where a ray stands in the tables of the packet at a face.
#[inline(always)]
pub fn packet_point(world: &World, photon: &Photon, face: u32, down: bool, n_next: f32) -> PacketPoint {
    let design = &world.design;
    let medium = &world.media[face as usize];
    let cos_i = photon.direction.z.abs();
    let eta = photon.here.n / n_next;
    let cos2_t = (1.0 - eta) * (1.0 + eta) + eta * eta * cos_i * cos_i;
    let cos_t = cos2_t.max(0.0).sqrt();
    // by the cosine on the rarer side, in which all is smooth
    let mut region = if down { 0 } else { 1 };
    let mut x = if eta > 1.0 { cos_t } else { cos_i };
    if cos2_t <= 0.0 {
        // beyond the critical angle by tan(phi / 2), where cos_i = cos(critical) cos(phi)
        let cos2_phi = (eta * eta * cos_i * cos_i / ((eta - 1.0) * (eta + 1.0))).min(1.0);
        region = PACKET_TOTAL;
        x = (1.0 - cos2_phi).sqrt() / (1.0 + cos2_phi.sqrt());
    }
    // the pump's nodes come first, and have cells of their own number
    let mut node = photon.node - design.first_node;
    let mut cells = medium.packet_pump_cells;
    let mut points = 0;
    if node >= design.pump_nodes {
        points = design.pump_nodes * PACKET_REGIONS * (cells + 1);
        node -= design.pump_nodes;
        cells = medium.packet_cells;
    }
    let place = x.min(1.0) * cells as f32;
    let cell = (place as u32).min(cells - 1);
    points += (node * PACKET_REGIONS + region) * (cells + 1) + cell;
    let row = medium.packet_row + points * packet_stride(packet_absorbers(world, face));
    PacketPoint { row, share: place - cell as f32, cos_t }
}

/// A row of numbers between two points, `offset` rows behind the first of each.
#[inline(always)]
pub fn packet_row(world: &World, face: u32, point: PacketPoint, offset: u32) -> Vec4 {
    let stride = packet_stride(packet_absorbers(world, face));
    let low = Vec4::from(world.coefficient_rows[(point.row + offset) as usize]);
    let high = Vec4::from(world.coefficient_rows[(point.row + stride + offset) as usize]);
    low + (high - low) * point.share
}

/// Reflectance, and reflectance and transmittance together, for the photon's polarisation.
#[inline(always)]
pub fn packet_shares(world: &World, photon: &Photon, face: u32, point: PacketPoint) -> Vec2 {
    let row = packet_row(world, face, point, 0);
    let p = photon.polarisation;
    vec2((1.0 - p) * row.x + p * row.z, (1.0 - p) * row.y + p * row.w)
}

/// Absorption where the random number falls; the shares of absorbers follow those of [`packet_shares`].
#[inline(always)]
pub fn absorb_in_packet(world: &World, photon: &mut Photon, face: u32, point: PacketPoint, u: f32) {
    let absorbers = packet_absorbers(world, face);
    let p = photon.polarisation;
    let mut absorber = 0;
    while absorber + 1 < absorbers {
        let row = packet_row(world, face, point, 1 + absorber / 2);
        let ends = if absorber.is_multiple_of(2) { vec2(row.x, row.y) } else { vec2(row.z, row.w) };
        if u < (1.0 - p) * ends.x + p * ends.y {
            break;
        }
        absorber += 1;
    }
    absorb_by(world, photon, face, absorber);
}

/// Lost to a layer of the packet, or taken up by an emitter in one.
#[inline(always)]
pub fn absorb_by(world: &World, photon: &mut Photon, face: u32, absorber: u32) {
    let medium = &world.media[face as usize];
    if absorber < medium.packet_layers {
        photon.exit_face = medium.packet_slot + absorber;
        photon.fate = if photon.emissions == 0 { Fate::PacketPump } else { Fate::PacketEmission } as u32;
    } else {
        photon.excited = medium.packet_first_emitter + absorber - medium.packet_layers;
    }
}
