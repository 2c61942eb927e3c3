//! Cases of functions of plain numbers.

use glam::vec2;
use relume::cpu::fresnel::*;
use relume::cpu::rng::*;
use relume::cpu::sampling::*;
use relume::cpu::tally::radius_bin;

use super::compare::Word::{Below, Bits, Float};
use super::compare::{Allowed, Case, EXACT};

/// A few roundings of numbers of size 1.
const ROUNDED: Allowed = Allowed { relative: 1e-6, absolute: 1e-6, astray: 0.0 };

macro_rules! case {
    ($name:literal, $words:expr, $out:literal, $wgsl:literal, $twin:expr, $allowed:expr) => {
        Case { name: $name, words: &$words, out: $out, wgsl: $wgsl, twin: $twin, ready: |_, _| true, allowed: $allowed }
    };
}

pub fn cases() -> Vec<Case> {
    vec![
        case!(
            "u64_add",
            [Bits, Bits, Bits, Bits],
            b"uu",
            "let r = u64_add(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u))); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(t.u64(0).wrapping_add(t.u64(2))),
            EXACT
        ),
        case!(
            "u64_product",
            [Bits, Bits],
            b"uu",
            "let r = u64_product(in_u(0u), in_u(1u)); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(t.u(0) as u64 * t.u(1) as u64),
            EXACT
        ),
        case!(
            "u64_multiply",
            [Bits, Bits, Bits, Bits],
            b"uu",
            "let r = u64_multiply(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u))); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(t.u64(0).wrapping_mul(t.u64(2))),
            EXACT
        ),
        case!(
            "u64_xor_shift",
            [Bits, Bits, Below(31)],
            b"uu",
            "let r = u64_xor_shift(u64_of(in_u(0u), in_u(1u)), in_u(2u) + 1u); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(t.u64(0) ^ (t.u64(0) >> (t.u(2) + 1))),
            EXACT
        ),
        case!(
            "mix64",
            [Bits, Bits],
            b"uu",
            "let r = mix64(u64_of(in_u(0u), in_u(1u))); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(mix64(t.u64(0))),
            EXACT
        ),
        case!(
            "bits_for_photon",
            [Bits, Bits, Bits, Bits],
            b"uu",
            "let r = bits_for_photon(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u)));
             out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(bits_for_photon(t.u64(0), t.u64(2))),
            EXACT
        ),
        case!(
            "more_bits",
            [Bits, Bits],
            b"uu",
            "let r = more_bits(u64_of(in_u(0u), in_u(1u))); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(more_bits(t.u64(0))),
            EXACT
        ),
        case!(
            "stratified_rng",
            [Bits, Bits, Bits, Bits],
            b"uuuu",
            "photon.rng = stratified_rng(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u)));
             for (var k = 0u; k < 4u; k += 1u) { out_u(k, rng_next(&photon)); }",
            |t| {
                t.photon.rng = stratified_rng(t.u64(0), t.u64(2));
                for _ in 0..4 {
                    let draw = rng_next(t.photon);
                    t.out_u(draw);
                }
            },
            EXACT
        ),
        case!("sobol", [Bits], b"u", "out_u(0u, sobol(in_u(0u)));", |t| t.out_u(sobol(t.u(0))), EXACT),
        case!(
            "scrambled",
            [Bits, Bits, Bits],
            b"u",
            "out_u(0u, scrambled(in_u(0u), u64_of(in_u(1u), in_u(2u))));",
            |t| t.out_u(scrambled(t.u(0), t.u64(1))),
            EXACT
        ),
        case!(
            "state_before",
            [Bits, Bits, Bits],
            b"uu",
            "let r = state_before(in_u(0u), u64_of(in_u(1u), in_u(2u))); out_u(0u, u64_low(r)); out_u(1u, u64_high(r));",
            |t| t.out_u64(state_before(t.u(0), t.u64(1))),
            EXACT
        ),
        case!(
            "rng_for_photon",
            [Bits, Bits, Bits, Bits],
            b"uu",
            "photon.rng = rng_for_photon(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u)));
             out_u(0u, rng_next(&photon)); out_u(1u, rng_next(&photon));",
            |t| {
                t.photon.rng = rng_for_photon(t.u64(0), t.u64(2));
                for _ in 0..2 {
                    let draw = rng_next(t.photon);
                    t.out_u(draw);
                }
            },
            EXACT
        ),
        case!(
            "rng_new",
            [Bits, Bits, Bits, Bits],
            b"uuuuuuuu",
            "photon.rng = rng_new(u64_of(in_u(0u), in_u(1u)), u64_of(in_u(2u), in_u(3u)));
             for (var k = 0u; k < 8u; k += 1u) { out_u(k, rng_next(&photon)); }",
            |t| {
                t.photon.rng = rng_new(t.u64(0), t.u64(2));
                for _ in 0..8 {
                    let draw = rng_next(t.photon);
                    t.out_u(draw);
                }
            },
            EXACT
        ),
        case!(
            "uniform_f32",
            [],
            b"f",
            "out_f(0u, uniform_f32(&photon));",
            |t| {
                let value = uniform_f32(t.photon);
                t.out_f(value);
            },
            EXACT
        ),
        case!(
            "uniform_fine",
            [Bits],
            b"f",
            "out_f(0u, uniform_fine(in_u(0u)));",
            |t| t.out_f(uniform_fine(t.u(0))),
            EXACT
        ),
        case!(
            "exp2_int",
            [Below(254)],
            b"f",
            "out_f(0u, exp2_int(i32(in_u(0u)) - 126));",
            |t| t.out_f(exp2_int(t.u(0) as i32 - 126)),
            EXACT
        ),
        case!(
            "ln_ratio",
            [Float(-1.0 / 3.0, 1.0 / 3.0)],
            b"f",
            "out_f(0u, ln_ratio(in_f(0u)));",
            |t| t.out_f(ln_ratio(t.f(0))),
            Allowed { absolute: 0.0, ..ROUNDED }
        ),
        case!(
            // relative alone: the shortest path is 1e-10 and has to be right, too
            "free_path",
            [Bits],
            b"f",
            "out_f(0u, free_path(in_u(0u)));",
            |t| t.out_f(free_path(t.u(0))),
            Allowed { absolute: 0.0, ..ROUNDED }
        ),
        case!(
            "minus_ln",
            [Float(1e-6, 1.0)],
            b"f",
            "out_f(0u, minus_ln(in_f(0u)));",
            |t| t.out_f(minus_ln(t.f(0))),
            Allowed { absolute: 0.0, ..ROUNDED }
        ),
        case!(
            "cos_sin_turn",
            [Below(1 << 24)],
            b"ff",
            "let r = cos_sin_turn(f32(in_u(0u)) * exp2_int(-24)); out_f(0u, r.x); out_f(1u, r.y);",
            |t| {
                let turn = cos_sin_turn(t.u(0) as f32 * exp2_int(-24));
                t.out_f(turn.x);
                t.out_f(turn.y);
            },
            ROUNDED
        ),
        case!(
            "lambertian",
            [],
            b"fff",
            "let r = lambertian(&photon); out_f(0u, r.x); out_f(1u, r.y); out_f(2u, r.z);",
            |t| {
                let r = lambertian(t.photon);
                t.outs_f(r.to_array());
            },
            ROUNDED
        ),
        case!(
            // for large |g| the bracket loses 1 / (1 - |g|) = 100 of 1e-7 relative to 1 at the far end
            "henyey_greenstein",
            [Float(-0.99, 0.99), Below(1 << 24)],
            b"f",
            "out_f(0u, henyey_greenstein(in_f(0u), f32(in_u(1u)) * exp2_int(-24)));",
            |t| t.out_f(henyey_greenstein(t.f(0), t.u(1) as f32 * exp2_int(-24))),
            Allowed { absolute: 2e-4, ..ROUNDED }
        ),
        case!(
            "deflect",
            [Float(-1.0, 1.0), Below(1 << 24)],
            b"fff",
            "let r = deflect(photon.direction, in_f(0u), f32(in_u(1u)) * exp2_int(-24));
             out_f(0u, r.x); out_f(1u, r.y); out_f(2u, r.z);",
            |t| {
                let r = deflect(t.photon.direction, t.f(0), t.u(1) as f32 * exp2_int(-24));
                t.outs_f(r.to_array());
            },
            Allowed { absolute: 4e-4, ..ROUNDED }
        ),
        case!(
            "choose_node",
            [Bits],
            b"u",
            "let row = emitters[design.first_emitter];
             out_u(0u, choose_node(select(row.first_node, design.first_node, design.emitters == 0u),
                 select(row.nodes, design.pump_nodes, design.emitters == 0u), in_u(0u)));",
            |t| {
                let design = &t.world.design;
                let (first, nodes) = match design.emitters {
                    0 => (design.first_node, design.pump_nodes),
                    _ => {
                        let row = &t.world.emitters[design.first_emitter as usize];
                        (row.first_node, row.nodes)
                    }
                };
                t.out_u(choose_node(t.world.nodes, first, nodes, t.u(0)));
            },
            EXACT
        ),
        case!(
            // beside the critical angle cos_t is a root of a difference of numbers up to 9, and total
            // reflection may be seen on one side alone; elsewhere a few roundings
            "fresnel",
            [Float(1.0, 3.0), Float(1.0, 3.0), Float(0.0, 1.0), Float(0.0, 1.0)],
            b"ff",
            "let r = fresnel(in_f(0u), in_f(1u), in_f(2u), in_f(3u)); out_f(0u, r.reflectance); out_f(1u, r.cos_t);",
            |t| {
                let r = fresnel(t.f(0), t.f(1), t.f(2), t.f(3));
                t.out_f(r.reflectance);
                t.out_f(r.cos_t);
            },
            Allowed { relative: 1e-4, absolute: 1e-5, astray: 1e-3 }
        ),
        case!(
            // beside the critical angle of a medium that hardly absorbs as above
            "fresnel_absorbing",
            [Float(1.0, 3.0), Float(0.0, 1.0), Float(1.0, 3.0), Float(0.0, 1.0), Float(0.0, 1.0), Float(0.0, 1.0)],
            b"ff",
            "let r = fresnel_absorbing(vec2(in_f(0u), in_f(1u)), vec2(in_f(2u), in_f(3u)), in_f(4u), in_f(5u));
             out_f(0u, r.reflectance); out_f(1u, r.cos_t);",
            |t| {
                let r = fresnel_absorbing(vec2(t.f(0), t.f(1)), vec2(t.f(2), t.f(3)), t.f(4), t.f(5));
                t.out_f(r.reflectance);
                t.out_f(r.cos_t);
            },
            Allowed { relative: 1e-4, absolute: 1e-5, astray: 1e-3 }
        ),
        case!(
            "passed",
            [Float(0.1, 3.0), Float(0.0, 1.0), Float(0.1, 3.0), Float(0.0, 1.0), Below(2)],
            b"f",
            "out_f(0u, passed(vec2(in_f(0u), in_f(1u)), vec2(in_f(2u), in_f(3u)), in_u(4u) == 1u));",
            |t| t.out_f(passed(vec2(t.f(0), t.f(1)), vec2(t.f(2), t.f(3)), t.u(4) == 1)),
            ROUNDED
        ),
        case!(
            "complex_product",
            [Float(-1.0, 1.0), Float(-1.0, 1.0), Float(-1.0, 1.0), Float(-1.0, 1.0)],
            b"ff",
            "let r = complex_product(vec2(in_f(0u), in_f(1u)), vec2(in_f(2u), in_f(3u))); out_f(0u, r.x); out_f(1u, r.y);",
            |t| t.outs_f(complex_product(vec2(t.f(0), t.f(1)), vec2(t.f(2), t.f(3))).to_array()),
            ROUNDED
        ),
        case!(
            "complex_ratio",
            [Float(-1.0, 1.0), Float(-1.0, 1.0), Float(0.5, 1.0), Float(0.5, 1.0)],
            b"ff",
            "let r = complex_ratio(vec2(in_f(0u), in_f(1u)), vec2(in_f(2u), in_f(3u))); out_f(0u, r.x); out_f(1u, r.y);",
            |t| t.outs_f(complex_ratio(vec2(t.f(0), t.f(1)), vec2(t.f(2), t.f(3))).to_array()),
            ROUNDED
        ),
        case!(
            // the root of a contracted sum of squares, which may be far smaller than they are
            "complex_root",
            [Float(-1.0, 1.0), Float(0.0, 1.0)],
            b"ff",
            "let r = complex_root(vec2(in_f(0u), in_f(1u))); out_f(0u, r.x); out_f(1u, r.y);",
            |t| t.outs_f(complex_root(vec2(t.f(0), t.f(1))).to_array()),
            ROUNDED
        ),
        case!(
            // a contracted sum of squares may fall into the next bin
            "radius_bin",
            [Float(-2e4, 2e4), Float(-2e4, 2e4)],
            b"u",
            "out_u(0u, radius_bin(vec2(in_f(0u), in_f(1u))));",
            |t| t.out_u(radius_bin(glam::vec2(t.f(0), t.f(1)))),
            Allowed { astray: 1e-4, ..EXACT }
        ),
    ]
}
