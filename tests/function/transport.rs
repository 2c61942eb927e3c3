//! Cases of functions that lead a photon from event to event: `transport`.

use relume::cpu::geometry::*;
use relume::cpu::transport::*;
use relume::tables::NONE;

use super::compare::Word::{Below, Bits, Float};
use super::compare::{Case, EXACT, Twin};
use super::photons::*;

/// The medium behind the face that the photon flies to, and whether it flies down.
fn behind(t: &Twin) -> (u32, bool) {
    let down = side_of(t) == SIDE_DOWN;
    (if down { t.photon.medium + 1 } else { t.photon.medium - 1 }, down)
}

pub fn cases() -> Vec<Case> {
    let case = |name, words, out, wgsl, twin, ready, allowed| Case { name, words, out, wgsl, twin, ready, allowed };
    vec![
        case("step", &[], b"", "step(&photon);", |t| step(t.world, t.tally, t.photon), excited_or_not, WALK),
        case(
            "fly",
            &[],
            b"f",
            "out_f(0u, fly(&photon));",
            |t| {
                let g = fly(t.world, t.photon);
                t.out_f(g);
            },
            settled,
            WALK,
        ),
        case(
            "follow_excitation",
            &[],
            b"f",
            "out_f(0u, follow_excitation(&photon));",
            |t| {
                let g = follow_excitation(t.world, t.tally, t.photon);
                t.out_f(g);
            },
            with_some_excitation,
            WALK,
        ),
        case(
            "end_flight",
            &[],
            b"",
            "end_flight(&photon, next_face(&photon).side);",
            |t| {
                let side = next_face(t.world, t.photon).side;
                end_flight(t.world, t.photon, side);
            },
            in_slab,
            WALK,
        ),
        case(
            "end_flight",
            &[],
            b"",
            "photon.here.mu_t = 0.0; end_flight(&photon, SIDE_NONE);",
            |t| {
                t.photon.here.mu_t = 0.0;
                end_flight(t.world, t.photon, SIDE_NONE);
            },
            guided,
            WALK,
        ),
        case(
            "meet_face",
            &[],
            b"",
            "meet_face(&photon, select(SIDE_UP, SIDE_DOWN, photon.direction.z > 0.0));",
            |t| meet_face(t.world, t.photon, side_of(t)),
            in_slab,
            WALK,
        ),
        case(
            "meet_other_face",
            &[],
            b"",
            "let down = photon.direction.z > 0.0;
             meet_other_face(&photon, select(photon.medium - 1u, photon.medium, down), down);",
            |t| meet_other_face(t.world, t.photon, face_of(t), side_of(t) == SIDE_DOWN),
            at_other_face,
            WALK,
        ),
        case(
            "meet_interface",
            &[],
            b"",
            "let down = photon.direction.z > 0.0;
             let n_next = select(photon.around.n_front, photon.around.n_back, down);
             meet_interface(&photon, n_next, select(photon.medium - 1u, photon.medium, down), down);",
            |t| {
                let down = side_of(t) == SIDE_DOWN;
                let n_next = if down { t.photon.around.n_back } else { t.photon.around.n_front };
                meet_interface(t.world, t.photon, n_next, face_of(t), down);
            },
            at_interface,
            WALK,
        ),
        case(
            "refract_into",
            &[Float(0.3, 3.0), Float(1e-6, 1.0)],
            b"",
            "let down = photon.direction.z > 0.0;
             refract_into(&photon, in_f(0u), in_f(1u), select(photon.medium - 1u, photon.medium + 1u, down), down);",
            |t| {
                let (next, down) = behind(t);
                refract_into(t.world, t.photon, t.f(0), t.f(1), next, down);
            },
            in_slab,
            WALK,
        ),
        case(
            "meet_absorber",
            &[],
            b"",
            "let down = photon.direction.z > 0.0;
             meet_absorber(&photon, select(photon.medium - 1u, photon.medium, down), down);",
            |t| {
                let down = side_of(t) == SIDE_DOWN;
                let face = if down { t.photon.medium } else { t.photon.medium - 1 };
                meet_absorber(t.world, t.photon, face, down);
            },
            at_absorber,
            WALK,
        ),
        case(
            "pass_into",
            &[Float(0.3, 3.0), Float(-0.5, 1.0)],
            b"",
            "let down = photon.direction.z > 0.0;
             pass_into(&photon, in_f(0u), in_f(1u), select(photon.medium - 1u, photon.medium + 1u, down), down);",
            |t| {
                let (next, down) = behind(t);
                pass_into(t.world, t.photon, t.f(0), t.f(1), next, down);
            },
            in_slab,
            WALK,
        ),
        case(
            "enter_medium",
            &[Float(1e-6, 1.0)],
            b"",
            "let down = photon.direction.z > 0.0;
             enter_medium(&photon, select(photon.medium - 1u, photon.medium + 1u, down), in_f(0u), down);",
            |t| {
                let (next, down) = behind(t);
                enter_medium(t.world, t.photon, next, t.f(0), down);
            },
            in_slab,
            EXACT,
        ),
        case("reflect_back", &[], b"", "reflect_back(&photon);", |t| reflect_back(t.photon), any, EXACT),
        case(
            "reflect_totally",
            &[Bits],
            b"",
            "photon.total_face = select(NONE, in_u(0u) % (design.slabs + 1u), in_u(0u) < 0x80000000u);
             reflect_totally(&photon, select(photon.medium - 1u, photon.medium, photon.direction.z > 0.0));",
            |t| {
                let earlier = t.u(0) % (t.world.design.slabs + 1);
                t.photon.total_face = if t.u(0) < 0x8000_0000 { earlier } else { NONE };
                reflect_totally(t.world, t.photon, face_of(t));
            },
            in_slab,
            WALK,
        ),
        case(
            "is_held",
            &[Below(2)],
            b"u",
            "photon.here.mu_t = 0.0; photon.total_face = photon.medium - in_u(0u);
             out_u(0u, u32(is_held(&photon, photon.medium)));",
            |t| {
                t.photon.here.mu_t = 0.0;
                t.photon.total_face = t.photon.medium - t.u(0);
                let held = is_held(t.world, t.photon, t.photon.medium) as u32;
                t.out_u(held);
            },
            in_slab,
            WALK,
        ),
        case(
            "follow_reflections",
            &[Float(0.0, 0.9)],
            b"",
            "follow_reflections(&photon, in_f(0u));",
            |t| follow_reflections(t.photon, t.f(0)),
            in_slab,
            WALK,
        ),
        case("follow_gap", &[], b"", "follow_gap(&photon);", |t| follow_gap(t.world, t.photon), between_edges, WALK),
        case(
            "meet_mirror",
            &[Below(3)],
            b"",
            "meet_mirror(&photon, select(photon.medium - 1u, photon.medium, photon.direction.z > 0.0),
                 f32(in_u(0u)) * 0.5);",
            |t| meet_mirror(t.world, t.photon, face_of(t), t.u(0) as f32 * 0.5),
            in_slab,
            WALK,
        ),
        case(
            "meet_diffuser",
            &[Below(3)],
            b"",
            "meet_diffuser(&photon, photon.direction.z > 0.0, f32(in_u(0u)) * 0.5);",
            |t| meet_diffuser(t.world, t.photon, side_of(t) == SIDE_DOWN, t.u(0) as f32 * 0.5),
            any,
            WALK,
        ),
        case(
            "meet_edge",
            &[Below(2)],
            b"",
            "meet_edge(&photon, SIDE_X + in_u(0u));",
            |t| {
                meet_edge(t.world, t.photon, SIDE_X + t.u(0));
            },
            in_slab,
            WALK,
        ),
        case(
            "leave",
            &[Below(3), Float(0.0, 1.0)],
            b"",
            "leave(&photon, in_u(0u), in_f(1u));",
            |t| {
                leave(t.photon, t.u(0), t.f(1));
            },
            any,
            EXACT,
        ),
    ]
}
