//! Cases of functions of a photon: flight, media, source and faces.

use relume::cpu::World;
use relume::cpu::geometry::*;
use relume::cpu::medium::*;
use relume::cpu::sampling::exp2_int;
use relume::cpu::source::*;
use relume::cpu::transport::*;
use relume::tables::{EDGE_NONE, NONE, SOURCE_INTERNAL};

use super::compare::Word::{Below, Bits, Float};
use super::compare::{Allowed, Case, EXACT, Twin};

/// A few roundings along the way: relative for lengths, which reach 1e4 um, absolute for directions, whose
/// small components come from differences and roots (sin(theta) is a square root of 1 - cos^2). A random number that falls beside a
/// reflectance or a share goes another way once in 1e6 photons; what follows a total reflection seen on one
/// side alone, once in some thousand.
pub const WALK: Allowed = Allowed { relative: 1e-4, absolute: 5e-4, astray: 1e-3 };

fn settled(world: &World, photon: &mut Photon) -> bool {
    if photon.unsettled == 1 {
        settle(world, photon);
    }
    photon.excited == NONE
}

fn in_slab(world: &World, photon: &mut Photon) -> bool {
    settled(world, photon) && photon.medium >= 1 && photon.medium <= world.design.slabs
}

fn between_edges(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.design.edge_kind != EDGE_NONE
}

fn has_scatterers(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].scatterers > 0
}

fn has_several_scatterers(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].scatterers > 1
}

fn guided(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && is_guided(photon)
}

fn at_other_face(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && !at_interface(world, photon)
}

fn at_interface(world: &World, photon: &mut Photon) -> bool {
    let down = photon.direction.z > 0.0;
    in_slab(world, photon) && (if down { photon.around.n_back } else { photon.around.n_front }) > 0.0
}

fn has_emitters(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].emitters > 0
}

fn has_bulk(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon)
        && photon.here.mu_t > 0.0
        && (photon.here.absorb_end == 1.0 || has_scatterers(world, photon))
        && (photon.here.absorb_end == photon.here.host_end || has_emitters(world, photon))
}

fn with_excitation(world: &World, photon: &mut Photon) -> bool {
    let fits = has_emitters(world, photon);
    if fits {
        let medium = &world.media[photon.medium as usize];
        photon.excited = medium.first_emitter + photon.group % medium.emitters;
    }
    fits
}

/// Excited, which emitter being known or not.
fn with_some_excitation(world: &World, photon: &mut Photon) -> bool {
    let fits = with_excitation(world, photon);
    if fits && photon.group.is_multiple_of(2) {
        photon.excited = UNKNOWN;
    }
    fits
}

fn excited_or_not(world: &World, photon: &mut Photon) -> bool {
    if photon.group.is_multiple_of(4) {
        with_excitation(world, photon);
    }
    true
}

fn lit(world: &World, _: &mut Photon) -> bool {
    world.design.source_kind != SOURCE_INTERNAL
}

fn internal(world: &World, _: &mut Photon) -> bool {
    world.design.source_kind == SOURCE_INTERNAL
}

fn any(_: &World, _: &mut Photon) -> bool {
    true
}

/// The vertical side that the photon flies to.
fn side_of(t: &Twin) -> u32 {
    if t.photon.direction.z > 0.0 { SIDE_DOWN } else { SIDE_UP }
}

fn face_of(t: &Twin) -> u32 {
    if side_of(t) == SIDE_DOWN { t.photon.medium } else { t.photon.medium - 1 }
}

pub fn cases() -> Vec<Case> {
    let case = |name, words, out, wgsl, twin, ready, allowed| Case { name, words, out, wgsl, twin, ready, allowed };
    vec![
        case(
            "next_face",
            &[],
            b"fu",
            "let r = next_face(&photon); out_f(0u, r.distance_um); out_u(1u, r.side);",
            |t| {
                let flight = next_face(t.world, t.photon);
                t.out_f(flight.distance_um);
                t.out_u(flight.side);
            },
            settled,
            WALK,
        ),
        case(
            "is_guided",
            &[],
            b"u",
            "out_u(0u, u32(is_guided(&photon)));",
            |t| t.out_u(is_guided(t.photon) as u32),
            in_slab,
            WALK,
        ),
        case(
            "fold",
            &[Float(1e-3, 1e3), Below(2), Float(10.0, 1e3), Float(1e-3, 10.0)],
            b"fu",
            "let r = fold(in_f(3u), in_f(0u) * (1.0 - 2.0 * f32(in_u(1u))), in_f(2u)); out_f(0u, r.z_um); out_u(1u, u32(r.turned));",
            |t| {
                let r = fold(t.f(3), t.f(0) * (1.0 - 2.0 * t.u(1) as f32), t.f(2));
                t.out_f(r.z_um);
                t.out_u(r.turned as u32);
            },
            any,
            WALK,
        ),
        case(
            "move_photon",
            &[Float(0.0, 1e3)],
            b"",
            "move_photon(&photon, in_f(0u));",
            |t| {
                move_photon(t.photon, t.f(0));
            },
            any,
            WALK,
        ),
        case(
            "is_trapped",
            &[Bits, Bits],
            b"u",
            "out_u(0u, u32(is_trapped(&photon, in_u(0u) % (design.slabs + 1u), in_u(1u) % (design.slabs + 1u))));",
            |t| {
                let faces = t.world.design.slabs + 1;
                t.out_u(is_trapped(t.world, t.photon, t.u(0) % faces, t.u(1) % faces) as u32);
            },
            in_slab,
            WALK,
        ),
        case(
            "coefficient_row",
            &[Below(3)],
            b"u",
            "out_u(0u, coefficient_row(&photon, in_u(0u)));",
            |t| {
                t.out_u(coefficient_row(t.world, t.photon, t.u(0)));
            },
            any,
            EXACT,
        ),
        case(
            "coefficients",
            &[Below(4)],
            b"ffff",
            "let r = coefficients(&photon, in_u(0u)); out_f(0u, r.n); out_f(1u, r.mu_t); out_f(2u, r.host_end);
             out_f(3u, r.absorb_end);",
            |t| {
                let r = coefficients(t.world, t.photon, t.u(0));
                t.outs_f([r.n, r.mu_t, r.host_end, r.absorb_end]);
            },
            any,
            EXACT,
        ),
        case("settle", &[], b"", "settle(&photon);", |t| settle(t.world, t.photon), any, EXACT),
        case(
            "surroundings",
            &[],
            b"ffff",
            "let r = surroundings(&photon); out_f(0u, r.n_front); out_f(1u, r.n_back); out_f(2u, r.guide_cos2); out_f(3u, r.g);",
            |t| {
                let r = surroundings(t.world, t.photon);
                t.outs_f([r.n_front, r.n_back, r.guide_cos2, r.g]);
            },
            in_slab,
            EXACT,
        ),
        case(
            "channel",
            &[Bits],
            b"ff",
            "let r = channel(&photon, in_u(0u) % media[design.first_medium + photon.medium].scatterers);
             out_f(0u, r.x); out_f(1u, r.y);",
            |t| {
                let number = t.u(0) % t.world.media[t.photon.medium as usize].scatterers;
                let r = channel(t.world, t.photon, number);
                t.out_f(r.x);
                t.out_f(r.y);
            },
            has_several_scatterers,
            EXACT,
        ),
        case("interact", &[], b"", "interact(&photon);", |t| interact(t.world, t.photon), has_bulk, WALK),
        case("scatter", &[], b"", "scatter(&photon);", |t| scatter(t.world, t.photon), has_scatterers, WALK),
        case("absorb_in_host", &[], b"", "absorb_in_host(&photon);", |t| absorb_in_host(t.photon), any, EXACT),
        case(
            "absorb_in_emitter",
            &[],
            b"",
            "absorb_in_emitter(&photon);",
            |t| {
                absorb_in_emitter(t.world, t.photon);
            },
            has_emitters,
            EXACT,
        ),
        case("relax", &[], b"", "relax(&photon);", |t| relax(t.world, t.tally, t.photon), with_excitation, WALK),
        case(
            "emits",
            &[],
            b"u",
            "out_u(0u, select(0u, 1u, emits(&photon)));",
            |t| {
                let emitted = emits(t.world, t.tally, t.photon) as u32;
                t.out_u(emitted);
            },
            with_excitation,
            WALK,
        ),
        case(
            "begin_emission",
            &[],
            b"",
            "begin_emission(&photon);",
            |t| {
                begin_emission(t.world, t.photon);
            },
            with_excitation,
            WALK,
        ),
        case(
            "choose_scatterer",
            &[],
            b"f",
            "out_f(0u, choose_scatterer(&photon));",
            |t| {
                let g = choose_scatterer(t.world, t.photon);
                t.out_f(g);
            },
            has_scatterers,
            WALK,
        ),
        case(
            "redirect",
            &[Below(1 << 24)],
            b"",
            "redirect(&photon, 0.9 * (f32(in_u(0u)) * exp2_int(-23) - 1.0));",
            |t| {
                let g = 0.9 * (t.u(0) as f32 * exp2_int(-23) - 1.0);
                redirect(t.world, t.photon, g);
            },
            any,
            WALK,
        ),
        case(
            "draw_polarisation",
            &[],
            b"",
            "draw_polarisation(&photon);",
            |t| {
                draw_polarisation(t.world, t.photon);
            },
            any,
            EXACT,
        ),
        case(
            "launch",
            &[Bits, Bits],
            b"",
            "photon = launch(photon.design, u64_of(in_u(0u), in_u(1u)));",
            |t| {
                *t.photon = launch(t.world, t.u64(0));
            },
            any,
            WALK,
        ),
        case(
            "stream",
            &[Bits, Bits],
            b"",
            "photon.rng = stream(u64_of(in_u(0u), in_u(1u)));",
            |t| t.photon.rng = stream(t.world, t.u64(0)),
            any,
            EXACT,
        ),
        case("launch_light", &[], b"", "launch_light(&photon);", |t| launch_light(t.world, t.photon), lit, WALK),
        case(
            "launch_excitation",
            &[],
            b"",
            "launch_excitation(&photon);",
            |t| {
                launch_excitation(t.world, t.photon);
            },
            internal,
            WALK,
        ),
        case(
            "spot_position",
            &[],
            b"ff",
            "let r = spot_position(&photon); out_f(0u, r.x); out_f(1u, r.y);",
            |t| {
                let r = spot_position(t.world, t.photon);
                t.out_f(r.x);
                t.out_f(r.y);
            },
            any,
            WALK,
        ),
        case("step", &[], b"", "step(&photon);", |t| step(t.world, t.tally, t.photon), excited_or_not, WALK),
        case("fly", &[], b"", "fly(&photon);", |t| fly(t.world, t.photon), settled, WALK),
        case(
            "follow_excitation",
            &[],
            b"",
            "follow_excitation(&photon);",
            |t| follow_excitation(t.world, t.tally, t.photon),
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
                let down = side_of(t) == SIDE_DOWN;
                let next = if down { t.photon.medium + 1 } else { t.photon.medium - 1 };
                refract_into(t.world, t.photon, t.f(0), t.f(1), next, down);
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
                let down = side_of(t) == SIDE_DOWN;
                let next = if down { t.photon.medium + 1 } else { t.photon.medium - 1 };
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
