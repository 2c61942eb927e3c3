//! Cases of functions that count. Counts of both sides are compared whole, word by word.

use relume::counts::{Fate, Sum};
use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::medium::settle;
use relume::cpu::tally::*;
use relume::tables::NONE;

use super::compare::Word::{Below, Bits};
use super::compare::{Allowed, Case, EXACT};

/// A bin of a quotient or a sum of squares may be the next one where a device contracts or divides otherwise.
const BINNED: Allowed = Allowed { astray: 1e-4, ..EXACT };

/// A state at the end of a life: any fate that this photon can have.
fn ended(world: &World, photon: &mut Photon) -> bool {
    settle(world, photon);
    let inside = photon.medium >= 1 && photon.medium <= world.design.slabs;
    let number = (photon.position.x.to_bits() ^ photon.tau.to_bits()) % Fate::COUNT as u32;
    let host = number == Fate::HostPump as u32 || number == Fate::HostEmission as u32;
    if !inside || (host && photon.thickness_um == 0.0) {
        return false;
    }
    photon.fate = number;
    if number <= Fate::EdgeEmission as u32 {
        photon.exit_face = number % 3;
        photon.exit_cos = photon.direction.z.abs();
    }
    true
}

fn left(world: &World, photon: &mut Photon) -> bool {
    photon.exit_face = photon.group % 3;
    photon.exit_cos = photon.direction.z.abs();
    settle(world, photon);
    true
}

fn inside(world: &World, photon: &mut Photon) -> bool {
    settle(world, photon);
    photon.medium >= 1 && photon.medium <= world.design.slabs && photon.thickness_um > 0.0
}

fn excited(world: &World, photon: &mut Photon) -> bool {
    photon.excited = world.design.first_emitter + photon.group % world.design.emitters.max(1);
    world.design.emitters > 0
}

fn any(_: &World, _: &mut Photon) -> bool {
    true
}

pub fn cases() -> Vec<Case> {
    let case = |name, words, out, wgsl, twin, ready, allowed| Case { name, words, out, wgsl, twin, ready, allowed };
    vec![
        case(
            "add_to_word",
            &[Bits, Below(1000)],
            b"",
            "add_to_word(design.first_count + in_u(0u) % FATE_COUNT, in_u(1u));",
            |t| add_to_word(t.tally, t.u(0) % FATE_COUNT, t.u(1)),
            any,
            EXACT,
        ),
        case(
            "add_to_group",
            &[Below(FATE_COUNT), Below(1000)],
            b"",
            "add_to_group(&photon, in_u(0u), in_u(1u));",
            |t| {
                add_to_group(t.world, t.tally, t.photon, t.u(0), t.u(1));
            },
            any,
            EXACT,
        ),
        case(
            "add_to_sum",
            &[Below(1000)],
            b"",
            "add_to_sum(&photon, SUM_EMISSIONS, in_u(0u)); add_to_sum(&photon, SUM_EMISSIONS, 1u);",
            |t| add_to_sum(t.world, t.tally, t.photon, Sum::Emissions as u32, t.u(0) + 1),
            any,
            EXACT,
        ),
        case(
            // amounts of any size: each sum goes past 2^32 hundreds of times, carried or lost
            "add_wide_to_sum",
            &[Bits, Bits],
            b"",
            "add_wide_to_sum(&photon, SUM_WAVELENGTH_LOW, in_u(0u)); add_wide_to_sum(&photon, SUM_WAVELENGTH_LOW, in_u(1u));",
            |t| {
                for amount in [t.u(0), t.u(1)] {
                    add_wide_to_sum(t.world, t.tally, t.photon, Sum::WavelengthLow as u32, amount);
                }
            },
            any,
            EXACT,
        ),
        case("tally_end", &[], b"", "tally_end(&photon);", |t| tally_end(t.world, t.tally, t.photon), ended, BINNED),
        case("tally_exit", &[], b"", "tally_exit(&photon);", |t| tally_exit(t.world, t.tally, t.photon), left, BINNED),
        case(
            "tally_depth",
            &[Below(2)],
            b"",
            "tally_depth(&photon, 2u * in_u(0u));",
            |t| {
                tally_depth(t.world, t.tally, t.photon, 2 * t.u(0));
            },
            inside,
            BINNED,
        ),
        case(
            "tally_excitation",
            &[Below(2)],
            b"",
            "tally_excitation(&photon, photon.excited, in_u(0u) == 1u); photon.excited = NONE;",
            |t| {
                tally_excitation(t.world, t.tally, t.photon, t.photon.excited, t.u(0) == 1);
                t.photon.excited = NONE;
            },
            excited,
            EXACT,
        ),
        case(
            "histograms",
            &[],
            b"uuuu",
            "out_u(0u, matrix_slot()); out_u(1u, angle_histogram() - design.first_count);
             out_u(2u, radius_histogram() - design.first_count); out_u(3u, depth_histogram() - design.first_count);",
            |t| {
                let design = &t.world.design;
                let starts = [angle_histogram, radius_histogram, depth_histogram];
                t.out.push(matrix_slot(design));
                t.out.extend(starts.map(|start| start(design)));
            },
            any,
            EXACT,
        ),
    ]
}
