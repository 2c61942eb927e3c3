//! Cases of functions of packets.

use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::medium::{coefficients, settle};
use relume::cpu::packet::*;
use relume::cpu::transport::meet_packet;
use relume::tables::FACE_PACKET;

use super::compare::Word::Below;
use super::compare::{Allowed, Case, EXACT, Twin};
use super::photons::WALK;

/// A point's place is some hundred cells from 0, and beside the critical angle a root of a difference: a ray there
/// may fall into another cell or table.
const PLACE: Allowed = Allowed { relative: 1e-4, absolute: 5e-3, astray: 2e-3 };

fn at_packet(world: &World, photon: &mut Photon) -> bool {
    if photon.unsettled == 1 {
        settle(world, photon);
    }
    let inside = photon.medium <= world.design.slabs && (photon.medium > 0 || photon.direction.z > 0.0);
    inside && world.media[face(photon) as usize].face_kind == FACE_PACKET
}

fn at_absorbing_packet(world: &World, photon: &mut Photon) -> bool {
    at_packet(world, photon) && world.media[face(photon) as usize].packet_layers > 0
}

fn down(photon: &Photon) -> bool {
    photon.direction.z > 0.0
}

fn face(photon: &Photon) -> u32 {
    if down(photon) { photon.medium } else { photon.medium - 1 }
}

fn point(t: &Twin) -> PacketPoint {
    let (face, down) = (face(t.photon), down(t.photon));
    let n_next = coefficients(t.world, t.photon, if down { face + 1 } else { face }).n;
    packet_point(t.world, t.photon, face, down, n_next)
}

/// The face and the point of its tables, then the text.
macro_rules! wgsl {
    ($text:literal) => {
        concat!(
            "let down = photon.direction.z > 0.0;
             let face = select(photon.medium - 1u, photon.medium, down);
             let point = packet_point(&photon, face, down, coefficients(&photon, select(face, face + 1u, down)).n);",
            $text
        )
    };
}

pub fn cases() -> Vec<Case> {
    let case = |name, words, out, wgsl, twin, ready, allowed| Case { name, words, out, wgsl, twin, ready, allowed };
    vec![
        case(
            "packet_absorbers",
            &[],
            b"u",
            "out_u(0u, packet_absorbers(select(photon.medium - 1u, photon.medium, photon.direction.z > 0.0)));",
            |t| t.out_u(packet_absorbers(t.world, face(t.photon))),
            at_packet,
            EXACT,
        ),
        case(
            "absorb_by",
            &[Below(1 << 24)],
            b"",
            "let face = select(photon.medium - 1u, photon.medium, photon.direction.z > 0.0);
             absorb_by(&photon, face, in_u(0u) % packet_absorbers(face));",
            |t| {
                let face = face(t.photon);
                absorb_by(t.world, t.photon, face, t.u(0) % packet_absorbers(t.world, face));
            },
            at_absorbing_packet,
            EXACT,
        ),
        case(
            "packet_stride",
            &[Below(100)],
            b"u",
            "out_u(0u, packet_stride(in_u(0u)));",
            |t| t.out_u(packet_stride(t.u(0))),
            |_, _| true,
            EXACT,
        ),
        case(
            "packet_point",
            &[],
            b"uff",
            wgsl!("out_u(0u, point.row); out_f(1u, point.share); out_f(2u, point.cos_t);"),
            |t| {
                let point = point(t);
                t.out_u(point.row);
                t.out_f(point.share);
                t.out_f(point.cos_t);
            },
            at_packet,
            PLACE,
        ),
        case(
            "packet_row",
            &[Below(2)],
            b"ffff",
            wgsl!(
                "let r = packet_row(face, point, in_u(0u));
                 out_f(0u, r.x); out_f(1u, r.y); out_f(2u, r.z); out_f(3u, r.w);"
            ),
            |t| {
                let row = packet_row(t.world, face(t.photon), point(t), t.u(0));
                t.outs_f(row.to_array());
            },
            at_absorbing_packet,
            WALK,
        ),
        case(
            "packet_shares",
            &[],
            b"ff",
            wgsl!("let r = packet_shares(&photon, face, point); out_f(0u, r.x); out_f(1u, r.y);"),
            |t| {
                let shares = packet_shares(t.world, t.photon, face(t.photon), point(t));
                t.outs_f(shares.to_array());
            },
            at_packet,
            WALK,
        ),
        case(
            "absorb_in_packet",
            &[Below(1 << 24)],
            b"",
            wgsl!("absorb_in_packet(&photon, face, point, f32(in_u(0u)) * exp2_int(-24));"),
            |t| {
                let u = t.u(0) as f32 * relume::cpu::sampling::exp2_int(-24);
                let (face, point) = (face(t.photon), point(t));
                absorb_in_packet(t.world, t.photon, face, point, u);
            },
            at_absorbing_packet,
            WALK,
        ),
        case(
            "meet_packet",
            &[],
            b"",
            "let down = photon.direction.z > 0.0;
             meet_packet(&photon, select(photon.medium - 1u, photon.medium, down), down);",
            |t| {
                let (face, down) = (face(t.photon), down(t.photon));
                meet_packet(t.world, t.photon, face, down);
            },
            at_packet,
            WALK,
        ),
    ]
}
