//! What is counted, and where: the layout of [`crate::counts`]. Integers only, so that order does not
//! matter. Twin of `shaders/tally.wgsl`.

use glam::{Vec2, Vec3Swizzles};

use super::World;
use super::geometry::Photon;
use crate::counts::{ANGLE_BINS, DEPTH_BINS, DEPTH_KINDS, EMISSION_BINS, Fate, RADIUS_BINS, RADIUS_FIRST_OCTAVE, Sum};
use crate::tables::{Design, NONE};

pub const FATE_COUNT: u32 = Fate::COUNT as u32;
pub const SUM_COUNT: u32 = Sum::COUNT as u32;

pub const FACE_FRONT: u32 = 0;
pub const FACE_BACK: u32 = 1;
pub const FACE_EDGE: u32 = 2;

pub const DEPTH_EMITTERS: u32 = 0;
pub const DEPTH_HOST: u32 = 2;
pub const DEPTH_KIND_COUNT: u32 = DEPTH_KINDS.len() as u32;

/// The counts of one design while its photons run; word 0 is the design's first.
pub type Tally = [u64];

#[inline(always)]
pub fn add_to_word(tally: &mut Tally, word: u32, amount: u32) {
    tally[word as usize] += amount as u64;
}

/// Adds to a number of the photon's group.
#[inline(always)]
pub fn add_to_group(world: &World, tally: &mut Tally, photon: &Photon, slot: u32, amount: u32) {
    let design = &world.design;
    add_to_word(tally, design.first_count + photon.group * design.group_words + slot, amount);
}

/// Adds to a sum over the photons of the group.
#[inline(always)]
pub fn add_to_sum(world: &World, tally: &mut Tally, photon: &Photon, sum: u32, amount: u32) {
    add_to_group(world, tally, photon, FATE_COUNT + sum, amount);
}

/// Adds to a sum that 32 bits may not hold. A word has 64 here, so that nothing is ever carried.
#[inline(always)]
pub fn add_wide_to_sum(world: &World, tally: &mut Tally, photon: &Photon, low: u32, amount: u32) {
    add_to_sum(world, tally, photon, low, amount);
}

/// At the end of every photon.
#[inline(always)]
pub fn tally_end(world: &World, tally: &mut Tally, photon: &Photon) {
    let design = &world.design;
    let fate = photon.fate;
    add_to_group(world, tally, photon, fate, 1);
    add_wide_to_sum(world, tally, photon, Sum::EventsLow as u32, photon.events);
    if photon.absorptions > 0 {
        add_to_sum(world, tally, photon, Sum::FirstAbsorbed as u32, 1);
        add_to_sum(world, tally, photon, Sum::Absorptions as u32, photon.absorptions);
    }
    if photon.emissions > 0 {
        add_to_sum(world, tally, photon, Sum::FirstEmitted as u32, 1);
        add_to_sum(world, tally, photon, Sum::Emissions as u32, photon.emissions);
    }
    if fate == Fate::HostPump as u32 || fate == Fate::HostEmission as u32 {
        let slab = photon.medium - 1;
        add_to_group(world, tally, photon, FATE_COUNT + SUM_COUNT + 2 * slab + fate - Fate::HostPump as u32, 1);
        tally_depth(world, tally, photon, DEPTH_HOST);
    }
    if fate == Fate::PacketPump as u32 || fate == Fate::PacketEmission as u32 {
        let slot = FATE_COUNT + SUM_COUNT + 2 * photon.exit_face + fate - Fate::PacketPump as u32;
        add_to_group(world, tally, photon, slot, 1);
    }
    if fate <= Fate::EdgeEmission as u32 {
        tally_exit(world, tally, photon);
    }
    if design.first_chain != NONE {
        let bin = photon.chain.min(EMISSION_BINS as u32 - 1);
        // each group has its table where groups tell the error
        let table = photon.group * design.stratified * FATE_COUNT;
        add_to_word(tally, design.first_chain + (table + fate) * EMISSION_BINS as u32 + bin, 1);
    }
}

/// Light has left.
#[inline(always)]
pub fn tally_exit(world: &World, tally: &mut Tally, photon: &Photon) {
    let design = &world.design;
    let node = &world.nodes[photon.node as usize];
    let emission = (photon.emissions > 0) as u32;
    let face = photon.exit_face;
    if emission == 0 && photon.events == 1 && photon.medium == 0 {
        // it never got past the first surface
        add_to_sum(world, tally, photon, Sum::FirstReflected as u32, 1);
    }
    if emission == 1 {
        add_wide_to_sum(world, tally, photon, Sum::WavelengthLow as u32, node.wavelength);
        if face == design.output_face {
            add_wide_to_sum(world, tally, photon, Sum::OutputEnergyLow as u32, node.energy);
        }
        if design.emitters > 1 {
            let number = world.emitters[photon.emitter as usize].number;
            let left = matrix_slot(design) + 2 * design.emitters * (design.emitters + 1);
            add_to_group(world, tally, photon, left + 3 * number + face, 1);
        }
    }
    if design.first_histogram != NONE {
        let way = 3 * emission + face;
        let spectrum_bin = (node.wavelength >> 8) - design.first_bin_nm;
        add_to_word(tally, design.first_histogram + way * design.spectrum_bins + spectrum_bin, 1);
        let angle_bin = ((photon.exit_cos * ANGLE_BINS as f32) as u32).min(ANGLE_BINS as u32 - 1);
        add_to_word(tally, angle_histogram(design) + way * ANGLE_BINS as u32 + angle_bin, 1);
        add_to_word(tally, radius_histogram(design) + way * RADIUS_BINS as u32 + radius_bin(photon.position.xy()), 1);
    }
}

/// An absorption at this depth, by emitters or by the host.
#[inline(always)]
pub fn tally_depth(world: &World, tally: &mut Tally, photon: &Photon, absorber: u32) {
    let design = &world.design;
    if design.first_histogram != NONE {
        let emission = (photon.emissions > 0) as u32;
        let depth = photon.position.z / photon.thickness_um;
        let bin = ((depth.max(0.0) * DEPTH_BINS as f32) as u32).min(DEPTH_BINS as u32 - 1);
        let row = (photon.medium - 1) * DEPTH_KIND_COUNT + absorber + emission;
        add_to_word(tally, depth_histogram(design) + row * DEPTH_BINS as u32 + bin, 1);
    }
}

/// An emitter took the photon up, and emitted it again or not. With one emitter the totals say it all.
#[inline(always)]
pub fn tally_excitation(world: &World, tally: &mut Tally, photon: &Photon, emitter: u32, emits: bool) {
    let design = &world.design;
    if design.emitters > 1 {
        let mut origin = 0;
        if photon.emissions > 0 {
            origin = world.emitters[photon.emitter as usize].number + 1;
        }
        let number = world.emitters[emitter as usize].number;
        let absorbed = matrix_slot(design) + number * (design.emitters + 1) + origin;
        add_to_group(world, tally, photon, absorbed, 1);
        if emits {
            add_to_group(world, tally, photon, absorbed + design.emitters * (design.emitters + 1), 1);
        }
    }
}

/// Where a group's numbers by emitter begin.
#[inline(always)]
pub fn matrix_slot(design: &Design) -> u32 {
    FATE_COUNT + SUM_COUNT + 2 * design.absorbers
}

#[inline(always)]
pub fn angle_histogram(design: &Design) -> u32 {
    design.first_histogram + 6 * design.spectrum_bins
}

#[inline(always)]
pub fn radius_histogram(design: &Design) -> u32 {
    angle_histogram(design) + 6 * ANGLE_BINS as u32
}

#[inline(always)]
pub fn depth_histogram(design: &Design) -> u32 {
    radius_histogram(design) + 6 * RADIUS_BINS as u32
}

/// Bin of a lateral distance: exponent and two leading mantissa bits of its square.
#[inline(always)]
pub fn radius_bin(position: Vec2) -> u32 {
    let leading = (position.dot(position).to_bits() >> 21) as i32;
    (leading - 4 * (127 + RADIUS_FIRST_OCTAVE)).clamp(0, RADIUS_BINS as i32 - 1) as u32
}
