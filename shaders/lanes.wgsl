// The flat loop: every lane takes an event a turn, and takes the next photon as soon as its own has ended.
// A dispatch stops after a number of turns; photons under way wait in `lanes` for the next one.

@compute @workgroup_size(64)
fn run_lanes(@builtin(global_invocation_id) id: vec3<u32>) {
    var photon = lanes[id.x];
    design = designs[photon.design];
    for (var turn = 0u; turn < job.turns; turn += 1u) {
        if photon.fate != ALIVE {
            // the next photon of the job, if there is one
            if photon.fate == NO_MORE {
                break;
            }
            let number = atomicAdd(&counts[COUNT_NEXT], 1u);
            if number >= job.photons {
                photon.fate = NO_MORE;
                break;
            }
            photon = launch_from_work(number);
        } else {
            step(&photon);
        }
    }
    lanes[id.x] = photon;
    if photon.fate != NO_MORE {
        atomicAdd(&counts[COUNT_BUSY], 1u);
    }
}

// A lane that found the job's photons all taken.
const NO_MORE: u32 = 0xfffffffeu;
// Words before the first design's counts: photons taken so far, lanes with work left after a dispatch.
const COUNT_NEXT: u32 = 0u;
const COUNT_BUSY: u32 = 1u;

// Photon `number` of the job: its range by bisection, its index from the range.
fn launch_from_work(number: u32) -> Photon {
    var low = 0u;
    var high = job.ranges - 1u;
    while low < high {
        let middle = (low + high + 1u) / 2u;
        if work[middle].start <= number {
            low = middle;
        } else {
            high = middle - 1u;
        }
    }
    let range = work[low];
    return launch(range.design, u64_add(vec2(range.first_low, range.first_high), vec2(number - range.start, 0u)));
}
