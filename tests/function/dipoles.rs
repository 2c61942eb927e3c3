//! Cases of functions of dipoles in packets.

use relume::cpu::World;
use relume::cpu::dipole::*;
use relume::cpu::geometry::Photon;
use relume::cpu::sampling::exp2_int;
use relume::tables::{DIPOLE_CELLS, DIPOLE_WAY_ROWS, NONE};

use super::compare::Word::Below;
use super::compare::{Case, EXACT, Twin};
use super::photons::WALK;

/// Makes the photon one that an emitter in a packet has just sent out.
fn from_dipole(world: &World, photon: &mut Photon) -> bool {
    let own = world.design.first_emitter..world.design.first_emitter + world.design.emitters;
    let radiating: Vec<u32> = own.filter(|emitter| world.emitters[*emitter as usize].dipole_row != NONE).collect();
    if radiating.is_empty() {
        return false;
    }
    let emitter = radiating[photon.group as usize % radiating.len()];
    let row = &world.emitters[emitter as usize];
    photon.emitter = emitter;
    photon.emissions += 1;
    photon.excited = NONE;
    photon.node = row.first_node + photon.events % row.nodes;
    true
}

/// The photon's row of shares, and a random number that tells one of the ways out, with that way.
fn leaving(t: &Twin) -> (u32, u32, f32) {
    let row = dipole_row(t.world, t.photon);
    let out = t.world.coefficient_rows[row as usize];
    let u = t.u(0) as f32 * exp2_int(-24) * (0.999 * out[3]);
    (row, (u >= out[0]) as u32 + (u >= out[1]) as u32 + (u >= out[2]) as u32, u)
}

pub fn cases() -> Vec<Case> {
    let case = |name, words, out, wgsl, twin, ready, allowed| Case { name, words, out, wgsl, twin, ready, allowed };
    vec![
        case(
            "is_in_packet",
            &[Below(1 << 20)],
            b"u",
            "out_u(0u, u32(is_in_packet(design.first_emitter + in_u(0u) % max(design.emitters, 1u))));",
            |t| {
                let emitter = t.world.design.first_emitter + t.u(0) % t.world.design.emitters.max(1);
                t.out_u(is_in_packet(t.world, emitter) as u32);
            },
            |world, _| world.design.emitters > 0,
            EXACT,
        ),
        case(
            "dipole_stride",
            &[Below(100)],
            b"u",
            "out_u(0u, dipole_stride(in_u(0u)));",
            |t| t.out_u(dipole_stride(t.u(0))),
            |_, _| true,
            EXACT,
        ),
        case(
            "dipole_row",
            &[],
            b"u",
            "out_u(0u, dipole_row(&photon));",
            |t| t.out_u(dipole_row(t.world, t.photon)),
            from_dipole,
            EXACT,
        ),
        case(
            "radiate",
            &[Below(1 << 24)],
            b"",
            "radiate(&photon, f32(in_u(0u)) * exp2_int(-24));",
            |t| radiate(t.world, t.photon, t.u(0) as f32 * exp2_int(-24)),
            from_dipole,
            WALK,
        ),
        case(
            "dipole_number",
            &[Below(DIPOLE_CELLS + 1)],
            b"f",
            "out_f(0u, dipole_number(dipole_row(&photon) + 4u, in_u(0u)));",
            |t| {
                let row = dipole_row(t.world, t.photon) + 4;
                t.out_f(dipole_number(t.world, row, t.u(0)));
            },
            from_dipole,
            EXACT,
        ),
        case(
            "emerging_cosine",
            &[Below(1 << 24)],
            b"f",
            "let row = dipole_row(&photon); let out = coefficient_rows[row];
             let u = f32(in_u(0u)) * exp2_int(-24) * (0.999 * out.w);
             let way = u32(u >= out.x) + u32(u >= out.y) + u32(u >= out.z);
             out_f(0u, emerging_cosine(row + 2u + way * DIPOLE_WAY_ROWS, u));",
            |t| {
                let (row, way, u) = leaving(t);
                t.out_f(emerging_cosine(t.world, row + 2 + way * DIPOLE_WAY_ROWS, u));
            },
            from_dipole,
            WALK,
        ),
        case(
            "emerge",
            &[Below(1 << 24)],
            b"",
            "let row = dipole_row(&photon); let out = coefficient_rows[row];
             let u = f32(in_u(0u)) * exp2_int(-24) * (0.999 * out.w);
             emerge(&photon, row, u32(u >= out.x) + u32(u >= out.y) + u32(u >= out.z), u);",
            |t| {
                let (row, way, u) = leaving(t);
                emerge(t.world, t.photon, row, way, u);
            },
            from_dipole,
            WALK,
        ),
        case(
            "reabsorb",
            &[Below(1 << 24)],
            b"",
            "reabsorb(&photon, dipole_row(&photon), f32(in_u(0u)) * exp2_int(-24));",
            |t| {
                let (row, u) = (dipole_row(t.world, t.photon), t.u(0) as f32 * exp2_int(-24));
                reabsorb(t.world, t.photon, row, u);
            },
            from_dipole,
            WALK,
        ),
    ]
}
