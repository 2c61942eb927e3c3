// What is counted, and where: the layout of src/counts.rs. Integers only, so that order does not matter.

// Photon `index` belongs to group `index % GROUPS`.
const GROUPS: u32 = 32u;

const FATE_REFLECTED_PUMP: u32 = 0u;
const FATE_FRONT_EMISSION: u32 = 3u;
const FATE_EDGE_EMISSION: u32 = 5u;
const FATE_NONRADIATIVE: u32 = 6u;
const FATE_HOST_PUMP: u32 = 7u;
const FATE_HOST_EMISSION: u32 = 8u;
const FATE_REFLECTOR_PUMP: u32 = 9u;
const FATE_REFLECTOR_EMISSION: u32 = 10u;
const FATE_EDGE_ABSORBED_PUMP: u32 = 11u;
const FATE_EDGE_ABSORBED_EMISSION: u32 = 12u;
const FATE_PACKET_PUMP: u32 = 13u;
const FATE_PACKET_EMISSION: u32 = 14u;
const FATE_GUIDED: u32 = 15u;
const FATE_PLASMON: u32 = 16u;
const FATE_TRAPPED: u32 = 17u;
const FATE_TRUNCATED: u32 = 18u;
const FATE_COUNT: u32 = 19u;

const SUM_FIRST_REFLECTED: u32 = 0u;
const SUM_FIRST_ABSORBED: u32 = 1u;
const SUM_ABSORPTIONS: u32 = 2u;
const SUM_FIRST_EMITTED: u32 = 3u;
const SUM_EMISSIONS: u32 = 4u;
const SUM_EVENTS_LOW: u32 = 5u;
const SUM_WAVELENGTH_LOW: u32 = 7u;
const SUM_OUTPUT_ENERGY_LOW: u32 = 9u;
const SUM_COUNT: u32 = 11u;

const FACE_FRONT: u32 = 0u;
const FACE_BACK: u32 = 1u;
const FACE_EDGE: u32 = 2u;

const DEPTH_EMITTERS: u32 = 0u;
const DEPTH_HOST: u32 = 2u;

const ANGLE_BINS: u32 = 100u;
const RADIUS_BINS: u32 = 160u;
const EMISSION_BINS: u32 = 257u;
const DEPTH_BINS: u32 = 100u;
const DEPTH_KIND_COUNT: u32 = 4u;
const RADIUS_FIRST_OCTAVE: i32 = -4;

// Sums over the lane's own photons, all of one design and group, until `flush` adds them to the counts.
var<private> sums: array<u32, SUM_COUNT>;

fn add_to_word(word: u32, amount: u32) {
    atomicAdd(&counts[word], amount);
}

// Adds to a number of the photon's group.
fn add_to_group(photon: ptr<function, Photon>, slot: u32, amount: u32) {
    add_to_word(design.first_count + (*photon).group * design.group_words + slot, amount);
}

// Adds to a sum over the photons of the group.
fn add_to_sum(photon: ptr<function, Photon>, sum: u32, amount: u32) {
    sums[sum] += amount;
}

// Adds to a sum kept in two words: where the low one wraps, the high one takes the carry.
fn add_wide_to_sum(photon: ptr<function, Photon>, low: u32, amount: u32) {
    let sum = sums[low] + amount;
    sums[low + 1u] += select(0u, 1u, sum < amount);
    sums[low] = sum;
}

// At the end of every photon.
fn tally_end(photon: ptr<function, Photon>) {
    let fate = (*photon).fate;
    add_to_group(photon, fate, 1u);
    add_wide_to_sum(photon, SUM_EVENTS_LOW, (*photon).events);
    if EMISSION && (*photon).absorptions > 0u {
        add_to_sum(photon, SUM_FIRST_ABSORBED, 1u);
        add_to_sum(photon, SUM_ABSORPTIONS, (*photon).absorptions);
    }
    if EMISSION && (*photon).emissions > 0u {
        add_to_sum(photon, SUM_FIRST_EMITTED, 1u);
        add_to_sum(photon, SUM_EMISSIONS, (*photon).emissions);
    }
    if fate == FATE_HOST_PUMP || fate == FATE_HOST_EMISSION {
        let slab = (*photon).medium - 1u;
        add_to_group(photon, FATE_COUNT + SUM_COUNT + 2u * slab + fate - FATE_HOST_PUMP, 1u);
        tally_depth(photon, DEPTH_HOST);
    }
    if PACKETS && (fate == FATE_PACKET_PUMP || fate == FATE_PACKET_EMISSION) {
        let slot = FATE_COUNT + SUM_COUNT + 2u * (*photon).exit_face + fate - FATE_PACKET_PUMP;
        add_to_group(photon, slot, 1u);
    }
    if fate <= FATE_EDGE_EMISSION {
        tally_exit(photon);
    }
    if CHAINS && design.first_chain != NONE {
        let bin = min((*photon).chain, EMISSION_BINS - 1u);
        // each group has its table where groups tell the error
        let table = (*photon).group * design.stratified * FATE_COUNT;
        add_to_word(design.first_chain + (table + fate) * EMISSION_BINS + bin, 1u);
    }
}

// Light has left.
fn tally_exit(photon: ptr<function, Photon>) {
    let node = nodes[(*photon).node];
    let emission = select(0u, 1u, (*photon).emissions > 0u);
    let face = (*photon).exit_face;
    if emission == 0u && (*photon).events == 1u && (*photon).medium == 0u {
        // it never got past the first surface
        add_to_sum(photon, SUM_FIRST_REFLECTED, 1u);
    }
    if EMISSION && emission == 1u {
        add_wide_to_sum(photon, SUM_WAVELENGTH_LOW, node.wavelength);
        if face == design.output_face {
            add_wide_to_sum(photon, SUM_OUTPUT_ENERGY_LOW, node.energy);
        }
        if SEVERAL_EMITTERS && design.emitters > 1u {
            let number = emitters[(*photon).emitter].number;
            let left = matrix_slot() + 2u * design.emitters * (design.emitters + 1u);
            add_to_group(photon, left + 3u * number + face, 1u);
        }
    }
    if HISTOGRAMS && design.first_histogram != NONE {
        let way = 3u * emission + face;
        let spectrum_bin = (node.wavelength >> 8u) - design.first_bin_nm;
        add_to_word(design.first_histogram + way * design.spectrum_bins + spectrum_bin, 1u);
        let angle_bin = min(u32((*photon).exit_cos * f32(ANGLE_BINS)), ANGLE_BINS - 1u);
        add_to_word(angle_histogram() + way * ANGLE_BINS + angle_bin, 1u);
        add_to_word(radius_histogram() + way * RADIUS_BINS + radius_bin((*photon).position.xy), 1u);
    }
}

// An absorption at this depth, by emitters or by the host.
fn tally_depth(photon: ptr<function, Photon>, absorber: u32) {
    if HISTOGRAMS && design.first_histogram != NONE {
        let emission = select(0u, 1u, (*photon).emissions > 0u);
        let depth = (*photon).position.z / (*photon).thickness_um;
        let bin = min(u32(max(depth, 0.0) * f32(DEPTH_BINS)), DEPTH_BINS - 1u);
        let row = ((*photon).medium - 1u) * DEPTH_KIND_COUNT + absorber + emission;
        add_to_word(depth_histogram() + row * DEPTH_BINS + bin, 1u);
    }
}

// An emitter took the photon up, and emitted it again or not. With one emitter the totals say it all.
fn tally_excitation(photon: ptr<function, Photon>, emitter: u32, emits: bool) {
    if SEVERAL_EMITTERS && design.emitters > 1u {
        var origin = 0u;
        if (*photon).emissions > 0u {
            origin = emitters[(*photon).emitter].number + 1u;
        }
        let absorbed = matrix_slot() + emitters[emitter].number * (design.emitters + 1u) + origin;
        add_to_group(photon, absorbed, 1u);
        if emits {
            add_to_group(photon, absorbed + design.emitters * (design.emitters + 1u), 1u);
        }
    }
}

// Where a group's numbers by emitter begin.
fn matrix_slot() -> u32 {
    return FATE_COUNT + SUM_COUNT + 2u * design.absorbers;
}

fn angle_histogram() -> u32 {
    return design.first_histogram + 6u * design.spectrum_bins;
}

fn radius_histogram() -> u32 {
    return angle_histogram() + 6u * ANGLE_BINS;
}

fn depth_histogram() -> u32 {
    return radius_histogram() + 6u * RADIUS_BINS;
}

// Bin of a lateral distance: exponent and two leading mantissa bits of its square.
fn radius_bin(position: vec2<f32>) -> u32 {
    let leading = i32(bitcast<u32>(dot(position, position)) >> 21u);
    return u32(clamp(leading - 4 * (127 + RADIUS_FIRST_OCTAVE), 0, i32(RADIUS_BINS) - 1));
}
