//! Cases of functions of a photon: flight, media, source and faces.

use relume::cpu::World;
use relume::cpu::geometry::*;
use relume::cpu::medium::*;
use relume::cpu::sampling::exp2_int;
use relume::cpu::source::*;
use relume::tables::{EDGE_NONE, FACE_ABSORBING, NONE, SOURCE_INTERNAL};

use super::compare::Word::{Below, Bits, Float};
use super::compare::{Allowed, Case, EXACT, Twin};

/// A few roundings along the way: relative for lengths, which reach 1e4 um, absolute for directions, whose
/// small components come from differences and roots (sin(theta) is a square root of 1 - cos^2). A random number that falls beside a
/// reflectance or a share goes another way once in 1e6 photons; what follows a total reflection seen on one
/// side alone, once in some thousand.
pub const WALK: Allowed = Allowed { relative: 1e-4, absolute: 5e-4, astray: 1e-3 };

pub fn settled(world: &World, photon: &mut Photon) -> bool {
    if photon.unsettled == 1 {
        settle(world, photon);
    }
    photon.excited == NONE
}

pub fn in_slab(world: &World, photon: &mut Photon) -> bool {
    settled(world, photon) && photon.medium >= 1 && photon.medium <= world.design.slabs
}

pub fn between_edges(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.design.edge_kind != EDGE_NONE
}

pub fn has_scatterers(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].scatterers > 0
}

pub fn has_several_scatterers(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].scatterers > 1
}

pub fn guided(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && is_guided(photon)
}

pub fn at_other_face(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && !at_interface(world, photon)
}

pub fn at_absorber(world: &World, photon: &mut Photon) -> bool {
    let face = |photon: &Photon| if photon.direction.z > 0.0 { photon.medium } else { photon.medium - 1 };
    at_other_face(world, photon) && world.media[face(photon) as usize].face_kind == FACE_ABSORBING
}

pub fn at_interface(world: &World, photon: &mut Photon) -> bool {
    let down = photon.direction.z > 0.0;
    in_slab(world, photon) && (if down { photon.around.n_back } else { photon.around.n_front }) > 0.0
}

pub fn has_emitters(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon) && world.media[photon.medium as usize].emitters > 0
}

pub fn has_bulk(world: &World, photon: &mut Photon) -> bool {
    in_slab(world, photon)
        && photon.here.mu_t > 0.0
        && (photon.here.absorb_end == 1.0 || has_scatterers(world, photon))
        && (photon.here.absorb_end == photon.here.host_end || has_emitters(world, photon))
}

pub fn with_excitation(world: &World, photon: &mut Photon) -> bool {
    let fits = has_emitters(world, photon);
    if fits {
        let medium = &world.media[photon.medium as usize];
        photon.excited = medium.first_emitter + photon.group % medium.emitters;
    }
    fits
}

/// Excited, which emitter being known or not.
pub fn with_some_excitation(world: &World, photon: &mut Photon) -> bool {
    let fits = with_excitation(world, photon);
    if fits && photon.group.is_multiple_of(2) {
        photon.excited = UNKNOWN;
    }
    fits
}

pub fn excited_or_not(world: &World, photon: &mut Photon) -> bool {
    if photon.group.is_multiple_of(4) {
        with_excitation(world, photon);
    }
    true
}

pub fn lit(world: &World, _: &mut Photon) -> bool {
    world.design.source_kind != SOURCE_INTERNAL
}

pub fn internal(world: &World, _: &mut Photon) -> bool {
    world.design.source_kind == SOURCE_INTERNAL
}

pub fn any(_: &World, _: &mut Photon) -> bool {
    true
}

/// The vertical side that the photon flies to.
pub fn side_of(t: &Twin) -> u32 {
    if t.photon.direction.z > 0.0 { SIDE_DOWN } else { SIDE_UP }
}

pub fn face_of(t: &Twin) -> u32 {
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
            settled,
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
        case(
            "whole_index",
            &[],
            b"ff",
            "let r = whole_index(&photon, photon.here); out_f(0u, r.x); out_f(1u, r.y);",
            |t| {
                let index = whole_index(t.world, t.photon, t.photon.here);
                t.outs_f(index.to_array());
            },
            in_slab,
            Allowed { relative: 1e-6, ..EXACT },
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
        case(
            "interact",
            &[],
            b"f",
            "out_f(0u, interact(&photon));",
            |t| {
                let g = interact(t.world, t.photon);
                t.out_f(g);
            },
            has_bulk,
            WALK,
        ),
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
        case(
            "relax",
            &[],
            b"f",
            "out_f(0u, relax(&photon));",
            |t| {
                let g = relax(t.world, t.tally, t.photon);
                t.out_f(g);
            },
            with_excitation,
            WALK,
        ),
        case(
            "emits",
            &[Below(1 << 24)],
            b"u",
            "out_u(0u, select(0u, 1u, emits(&photon, f32(in_u(0u)) * exp2_int(-24))));",
            |t| {
                let emitted = emits(t.world, t.tally, t.photon, t.u(0) as f32 * exp2_int(-24)) as u32;
                t.out_u(emitted);
            },
            with_excitation,
            WALK,
        ),
        case(
            "uniform_below",
            &[Float(0.0, 1.0), Float(0.0, 1.0)],
            b"f",
            "out_f(0u, uniform_below(&photon, in_f(0u), in_f(0u) * in_f(1u)));",
            |t| {
                let below = uniform_below(t.photon, t.f(0), t.f(0) * t.f(1));
                t.out_f(below);
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
    ]
}
