//! Each shader function against its Rust twin, on random inputs. Needs an adapter for that; the tables of
//! numbers and the samplers' densities are tested on the Rust twins, which need none.

#[path = "common/mod.rs"]
mod common;
#[path = "function/compare.rs"]
mod compare;
#[path = "function/dipoles.rs"]
mod dipoles;
#[path = "function/kernel.rs"]
mod kernel;
#[path = "function/packets.rs"]
mod packets;
#[path = "function/photons.rs"]
mod photons;
#[path = "function/references.rs"]
mod references;
#[path = "function/samplers.rs"]
mod samplers;
#[path = "function/state.rs"]
mod state;
#[path = "function/tallies.rs"]
mod tallies;
#[path = "function/transport.rs"]
mod transport;
#[path = "function/words.rs"]
mod words;

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use common::trials::{on_device, opened};
use compare::{Case, compare, on_cpu, on_device as run_on_device};
use kernel::Device;
use libtest_mimic::{Arguments, Trial};
use relume::gpu::shader::U64;
use state::Pool;

type Opened = Option<Result<Arc<Device>, String>>;

const INPUTS: usize = 100_000;

fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| Pool::new(INPUTS))
}

fn check(device: &Device, case: &Case) {
    let inputs = case.inputs(pool(), INPUTS);
    let twin = on_cpu(case, &pool().tables, &inputs);
    let mut shader = run_on_device(device, case, |text| text, pool(), &inputs);
    let difference = compare(case, &shader, &twin);
    assert!(difference.acceptable(case.allowed, device.software), "{}: {difference:?}", case.name);
    // partner: each result beside the next input's
    shader.photons.rotate_left(1);
    shader.words.rotate_left(case.out.len());
    let shifted = compare(case, &shader, &twin);
    assert!(!shifted.acceptable(case.allowed, false), "{}: the comparison sees nothing", case.name);
}

/// Cases that turn on 64-bit integers.
const ON_U64: [&str; 15] = [
    "u64_add",
    "u64_product",
    "u64_multiply",
    "u64_xor_shift",
    "mix64",
    "bits_for_photon",
    "more_bits",
    "rng_for_photon",
    "stratified_rng",
    "state_before",
    "stream",
    "rng_new",
    "choose_node",
    "launch",
    "step",
];

/// Shaders with one thing wrong, and the case that must see it even with a real device's tolerance.
const BROKEN: [(&str, &str, &str); 8] = [
    ("fresnel", "share_p * (r_p * r_p)", "share_p * (r_p * r_s)"),
    ("henyey_greenstein", "select(2.0 * g", "select(2.001 * g"),
    ("free_path", "~bits, short))) + 0.5;", "~bits, short))) + 1.5;"),
    ("step", "max((*photon).tau - depth, 0.0)", "depth"),
    ("add_wide_to_sum", "select(0u, 1u, sum < amount)", "select(0u, 1u, sum < amount / 2u)"),
    ("packet_shares", "* row.y + p * row.w", "* row.y + p * row.z"),
    ("stratified_rng", "u64_low(step) | 1u", "u64_low(step)"),
    ("tally_exit", "let way = 3u * emission + face;", "let way = 3u * emission;"),
];

fn sees(device: &Device, case: &Case, number: usize) {
    let inputs = case.inputs(pool(), INPUTS);
    let twin = on_cpu(case, &pool().tables, &inputs);
    // a plain function pointer carries no number
    let changes: [fn(String) -> String; 8] =
        [broken::<0>, broken::<1>, broken::<2>, broken::<3>, broken::<4>, broken::<5>, broken::<6>, broken::<7>];
    let difference = compare(case, &run_on_device(device, case, changes[number], pool(), &inputs), &twin);
    assert!(!difference.acceptable(case.allowed, false), "{}: broken, and not seen", case.name);
}

fn broken<const NUMBER: usize>(text: String) -> String {
    let (_, from, to) = BROKEN[NUMBER];
    assert!(text.contains(from), "nothing to break: {from}");
    text.replacen(from, to, 1)
}

fn main() -> ExitCode {
    let device = opened(|adapter| Device::open(adapter, U64::Pairs));
    // a device without 64-bit integers of its own runs these, too, on pairs
    let native = opened(|adapter| Device::open(adapter, if adapter.has_u64() { U64::Native } else { U64::Pairs }));
    let cases: Vec<_> =
        [words::cases(), photons::cases(), transport::cases(), packets::cases(), dipoles::cases(), tallies::cases()]
            .into_iter()
            .flatten()
            .map(Arc::new)
            .collect();
    let mut trials: Vec<Trial> = references::trials(&device);
    trials.extend(samplers::trials());
    for (number, (name, _, _)) in BROKEN.iter().enumerate() {
        let case = cases.iter().find(|case| case.name == *name).expect("the broken function has a case").clone();
        trials.push(on_device(format!("partner_{name}"), &device, move |device| sees(device, &case, number)));
    }
    for case in cases.iter().filter(|case| ON_U64.contains(&case.name)) {
        let case = case.clone();
        trials.push(on_device(format!("native_{}", case.name), &native, move |device| check(device, &case)));
    }
    for case in cases {
        trials.push(on_device(format!("shader_{}", case.name), &device, move |device| check(device, &case)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
