// The flat loop. It lives the lives of `transport::step` to the bit, one photon in each lane. In a round a lane is
// served what is rare (an end, the next photon and its first surface, an emission in a packet), then takes some turns, an
// event a turn; one that needs service earlier waits. So lanes that run in step pay for what is rare once a round, not
// whenever one of them needs it. All that is emitted or scattered in the bulk is given its direction in one place. A
// dispatch ends after some rounds; photons under way wait in `lanes` for the next one.

// Words before the first design's counts: photons taken of each group, photons that ended; and of one dispatch, lanes
// with work left, turns flown, and rounds in which a lane had to be served.
const COUNT_NEXT: u32 = 0u;
const COUNT_ENDED: u32 = 32u;
const COUNT_BUSY: u32 = 33u;
const COUNT_FLOWN: u32 = 34u;
const COUNT_SERVED: u32 = 35u;

@compute @workgroup_size(64)
fn run_lanes(@builtin(global_invocation_id) id: vec3<u32>) {
    job = header;
    var photon = lanes[id.x];
    if MANY_RANGES {
        design = designs[photon.design];
    } else {
        design = only_design;
    }
    if !has_begun(&photon) {
        // lanes side by side begin with groups side by side
        photon.group = id.x % GROUPS;
    }
    for (var round = 0u; round < job.rounds && photon.fate != NO_MORE; round += 1u) {
        if photon.fate != ALIVE || is_waiting(&photon) {
            served += 1u;
        }
        serve(&photon);
        let before = photon.events;
        enter(&photon);
        let last = min(photon.events + job.turns, EVENT_LIMIT);
        while photon.fate == ALIVE && !is_waiting(&photon) && photon.events < last {
            take_turn(&photon);
        }
        flown += photon.events - before;
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
// The range of the lane's photon before; of no photons at first.
var<private> range_before: WorkRange;
// Of the lane in this dispatch: photons that ended, turns flown, and rounds in which it had to be served.
var<private> ended: u32;
var<private> flown: u32;
var<private> served: u32;

// Lets light that comes from outside meet the front, and looks up what it finds where it is.
fn enter(photon: ptr<function, Photon>) {
    if (*photon).medium == 0u && is_light(photon) {
        settle(photon);
        // in front of the stack the way to the first face is none
        (*photon).events += 1u;
        meet_face(photon, SIDE_DOWN);
    }
    if (*photon).unsettled == 1u {
        settle(photon);
    }
}

// An event of light: a flight and what ends it. An emitter in the bulk answers at once, one in a packet is served.
fn take_turn(photon: ptr<function, Photon>) {
    (*photon).events += 1u;
    if (SEVERAL_SLABS || BULK_EMITTERS) && (*photon).unsettled == 1u {
        settle(photon);
    }
    var g = fly(photon);
    if BULK_EMITTERS && (*photon).excited == UNKNOWN {
        g = follow_excitation(photon);
    }
    if (SCATTERING || BULK_EMITTERS) && g != STRAIGHT {
        redirect(photon, g);
    }
}

// What flights do not do: the end, the next photon, emission.
fn serve(photon: ptr<function, Photon>) {
    if (*photon).events >= EVENT_LIMIT && is_light(photon) {
        (*photon).fate = FATE_TRUNCATED;
    }
    if (*photon).fate < FATE_COUNT {
        if has_begun(photon) {
            tally_end(photon);
            ended += 1u;
        }
        take_next(photon);
    }
    if (*photon).fate == ALIVE && is_waiting(photon) {
        let g = follow_excitation(photon);
        if INTERNAL_SOURCES && BULK_EMITTERS && g != STRAIGHT {
            redirect(photon, g);
        }
        if DIPOLES && (*photon).fate == ALIVE && (*photon).excited != NONE {
            // taken up again without a flight between
            (*photon).events += 1u;
        }
    }
}

// Whether the lane has a photon, if only one that has ended. One that never had is all zeros.
fn has_begun(photon: ptr<function, Photon>) -> bool {
    return (*photon).fate != 0u || (*photon).events > 0u;
}

// Whether a source or a packet has excited an emitter.
fn is_waiting(photon: ptr<function, Photon>) -> bool {
    return (INTERNAL_SOURCES || DIPOLES) && (*photon).excited < UNKNOWN;
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
    for (var tried = 1u; MANY_RANGES && slot >= job.slots && tried < GROUPS; tried += 1u) {
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
    let range = range_of(slot);
    let place = slot - range.start;
    if MANY_RANGES && (group != (*photon).group || range.design != (*photon).design) {
        flush(photon);
        (*photon).group = group;
        if range.design != (*photon).design {
            (*photon).design = range.design;
            design = designs[range.design];
        }
    }
    if place < range.count {
        *photon = launch(range.design, u64_add(u64_of(range.first_low, range.first_high), u64_of(place, 0u)));
        if INTERNAL_SOURCES && (*photon).excited != NONE {
            // its first event is its excitation
            (*photon).events = 1u;
        }
    } else {
        // between two ranges
        (*photon).fate = 0u;
        (*photon).events = 0u;
    }
}

// The range of a slot: the only one, or most often that of the photon before, or found by bisection.
fn range_of(slot: u32) -> WorkRange {
    if !MANY_RANGES {
        return WorkRange(job.design, job.first.x, job.first.y, job.start, job.slots - job.start);
    }
    if slot - range_before.start < range_before.count {
        return range_before;
    }
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
    range_before = work[low];
    return range_before;
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
