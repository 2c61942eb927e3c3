// The flat loop. It lives the lives of `transport::step` to the bit, one photon in each lane. In a round a lane is
// served what is rare (an emission, an end, the next photon), then flies for some turns, an event a turn; one that
// needs service earlier waits. So lanes that run in step pay for what is rare once a round, not whenever one of them
// needs it. A dispatch ends after some rounds; photons under way wait in `lanes` for the next one.

// Words before the first design's counts: photons taken of each group, photons that ended; and of one dispatch, lanes
// with work left, turns flown, and photons served.
const COUNT_NEXT: u32 = 0u;
const COUNT_ENDED: u32 = 32u;
const COUNT_BUSY: u32 = 33u;
const COUNT_FLOWN: u32 = 34u;
const COUNT_SERVED: u32 = 35u;

@compute @workgroup_size(64)
fn run_lanes(@builtin(global_invocation_id) id: vec3<u32>) {
    var photon = lanes[id.x];
    design = designs[photon.design];
    photon.unsettled = 1u;
    if !has_begun(&photon) {
        // lanes side by side begin with groups side by side
        photon.group = id.x % GROUPS;
    }
    for (var round = 0u; round < job.rounds && photon.fate != NO_MORE; round += 1u) {
        serve(&photon);
        for (var turn = 0u; turn < job.turns && is_light(&photon) && photon.events < EVENT_LIMIT; turn += 1u) {
            fly_on(&photon);
            flown += 1u;
        }
    }
    flush(&photon);
    lanes[id.x] = photon;
    atomicAdd(&counts[COUNT_ENDED], ended);
    atomicAdd(&counts[COUNT_FLOWN], flown);
    atomicAdd(&counts[COUNT_SERVED], served);
    if photon.fate != NO_MORE {
        atomicAdd(&counts[COUNT_BUSY], 1u);
    }
}

// A lane that found the job's photons all taken.
const NO_MORE: u32 = 0xfffffffeu;
// Of the lane in this dispatch: photons that ended, turns flown, and times that it was served.
var<private> ended: u32;
var<private> flown: u32;
var<private> served: u32;

// An emitter of the photon's medium, which one is yet to be found.
const UNKNOWN: u32 = 0xfffffffdu;

// What flights do not do: the end, the next photon, emission.
fn serve(photon: ptr<function, Photon>) {
    if (*photon).events >= EVENT_LIMIT && is_light(photon) {
        (*photon).fate = FATE_TRUNCATED;
    }
    if (*photon).fate < FATE_COUNT {
        if has_begun(photon) {
            tally_end(photon);
            ended += 1u;
            served += 1u;
        }
        take_next(photon);
    }
    if (*photon).fate == ALIVE && !is_light(photon) {
        if (*photon).excited == UNKNOWN {
            absorb_in_emitter(photon);
        }
        if !is_in_packet((*photon).excited) {
            tally_depth(photon, DEPTH_EMITTERS);
        }
        relax(photon);
        if DIPOLES && (*photon).fate == ALIVE && (*photon).excited != NONE {
            // taken up again without a flight between
            (*photon).events += 1u;
        }
        served += 1u;
    }
}

// Whether the lane has a photon, if only one that has ended. One that never had is all zeros.
fn has_begun(photon: ptr<function, Photon>) -> bool {
    return (*photon).fate != 0u || (*photon).events > 0u;
}

// Whether the photon is on its way, and not the excitation of an emitter.
fn is_light(photon: ptr<function, Photon>) -> bool {
    return (*photon).fate == ALIVE && (!EMISSION || (*photon).excited == NONE);
}

// The next photon of the lane's group; with many designs of another, where its own has none left. So no group keeps a
// few lanes busy while all others wait: designs share random numbers, and some groups have the longer lives in all.
fn take_next(photon: ptr<function, Photon>) {
    var group = (*photon).group;
    var slot = atomicAdd(&counts[COUNT_NEXT + group], 1u) * GROUPS + group;
    for (var tried = 1u; MANY_DESIGNS && slot >= job.slots && tried < GROUPS; tried += 1u) {
        group = (group + 1u) % GROUPS;
        slot = atomicLoad(&counts[COUNT_NEXT + group]) * GROUPS + group;
        if slot < job.slots {
            slot = atomicAdd(&counts[COUNT_NEXT + group], 1u) * GROUPS + group;
        }
    }
    if slot >= job.slots {
        (*photon).fate = NO_MORE;
        return;
    }
    // its range by bisection, its index from the range
    var low = 0u;
    var high = job.ranges - 1u;
    while low < high {
        let middle = (low + high + 1u) / 2u;
        if work[middle].start <= slot {
            low = middle;
        } else {
            high = middle - 1u;
        }
    }
    let range = work[low];
    let place = slot - range.start;
    if MANY_DESIGNS && (group != (*photon).group || range.design != (*photon).design) {
        flush(photon);
        (*photon).group = group;
    }
    if place < range.count {
        *photon = launch(range.design, u64_add(u64_of(range.first_low, range.first_high), u64_of(place, 0u)));
        if INTERNAL_SOURCES && (*photon).excited != NONE {
            // its first event is its excitation
            (*photon).events = 1u;
            settle(photon);
        }
    } else {
        // between two ranges
        (*photon).fate = 0u;
        (*photon).events = 0u;
    }
}

// What a photon needs to know of its surroundings, kept while neither its medium nor its wavelength changes: the
// anisotropy of the only scatterer, and the indices beyond the faces of its medium.
struct Surroundings {
    g: f32,
    n_front: f32,
    n_back: f32,
}
var<private> around: Surroundings;

fn look_around(photon: ptr<function, Photon>) {
    settle(photon);
    let medium = (*photon).medium;
    around.n_front = coefficients(photon, max(medium, 1u) - 1u).n;
    around.n_back = coefficients(photon, medium + 1u).n;
    if SCATTERING && !SEVERAL_SCATTERERS {
        around.g = channel(photon, 0u).y;
    }
}

// `transport::fly` without a look at tables where there is a simple face.
fn fly_on(photon: ptr<function, Photon>) {
    (*photon).events += 1u;
    if (*photon).unsettled == 1u {
        look_around(photon);
    }
    let flight = next_face(photon);
    let depth = flight.distance_um * (*photon).here.mu_t;
    if (*photon).tau < depth {
        move_photon(photon, (*photon).tau / (*photon).here.mu_t);
        (*photon).total_face = NONE;
        let u = uniform_fine(rng_next(photon));
        if u < (*photon).here.host_end {
            absorb_in_host(photon);
        } else if EMISSION && u < (*photon).here.absorb_end {
            (*photon).excited = UNKNOWN;
        } else if SCATTERING {
            if SEVERAL_SCATTERERS {
                around.g = choose_scatterer(photon);
            }
            redirect(photon, around.g);
        }
    } else {
        move_photon(photon, flight.distance_um);
        (*photon).tau -= depth;
        if (*photon).here.mu_t > 0.0 {
            (*photon).total_face = NONE;
        }
        if EDGES && flight.side != SIDE_UP && flight.side != SIDE_DOWN {
            meet_edge(photon, flight.side);
        } else if REFLECTORS || PACKETS {
            meet_face(photon, flight.side);
        } else {
            let down = flight.side == SIDE_DOWN;
            let face = select((*photon).medium - 1u, (*photon).medium, down);
            (*photon).position.z = select(0.0, (*photon).thickness_um, down);
            let n_here = (*photon).here.n;
            let n_next = select(around.n_front, around.n_back, down);
            let surface = fresnel(n_here, n_next, abs((*photon).direction.z), (*photon).polarisation);
            cross_or_reflect(photon, surface, n_here / n_next, face, down);
        }
    }
}

// Adds the lane's sums to the counts.
fn flush(photon: ptr<function, Photon>) {
    flush_sum(photon, SUM_FIRST_REFLECTED, sums[SUM_FIRST_REFLECTED]);
    flush_wide_sum(photon, SUM_EVENTS_LOW, sums[SUM_EVENTS_LOW], sums[SUM_EVENTS_LOW + 1u]);
    if EMISSION {
        flush_sum(photon, SUM_FIRST_ABSORBED, sums[SUM_FIRST_ABSORBED]);
        flush_sum(photon, SUM_ABSORPTIONS, sums[SUM_ABSORPTIONS]);
        flush_sum(photon, SUM_FIRST_EMITTED, sums[SUM_FIRST_EMITTED]);
        flush_sum(photon, SUM_EMISSIONS, sums[SUM_EMISSIONS]);
        flush_wide_sum(photon, SUM_WAVELENGTH_LOW, sums[SUM_WAVELENGTH_LOW], sums[SUM_WAVELENGTH_LOW + 1u]);
        flush_wide_sum(photon, SUM_OUTPUT_ENERGY_LOW, sums[SUM_OUTPUT_ENERGY_LOW], sums[SUM_OUTPUT_ENERGY_LOW + 1u]);
    }
    sums = array<u32, SUM_COUNT>();
}

fn flush_sum(photon: ptr<function, Photon>, sum: u32, amount: u32) {
    if amount > 0u {
        add_to_group(photon, FATE_COUNT + sum, amount);
    }
}

// A sum kept in two words: where the low one wraps, the high one takes the carry.
fn flush_wide_sum(photon: ptr<function, Photon>, low_sum: u32, low: u32, high: u32) {
    let word = design.first_count + (*photon).group * design.group_words + FATE_COUNT + low_sum;
    let before = atomicAdd(&counts[word], low);
    let carried = high + select(0u, 1u, before + low < before);
    if carried > 0u {
        add_to_word(word + 1u, carried);
    }
}
