//! The engines as wholes: the same photons on both, the same counts however the work is cut, and a ledger
//! that closes whatever happens.

#[path = "common/mod.rs"]
mod common;
#[path = "engine/ledger.rs"]
mod ledger;
#[path = "engine/run.rs"]
mod run;
#[path = "engine/same.rs"]
mod same;
#[path = "engine/traffic.rs"]
mod traffic;

use std::process::ExitCode;
use std::sync::Arc;

use common::trials::opened;
use libtest_mimic::Arguments;
use relume::cpu::CpuEngine;
use relume::gpu::GpuEngine;

type Opened = Option<Result<Arc<GpuEngine>, String>>;

fn cpu() -> CpuEngine {
    CpuEngine::new("cpu")
}

fn main() -> ExitCode {
    let gpu = opened(|adapter| pollster::block_on(GpuEngine::open(adapter)).map_err(|error| error.to_string()));
    let trials = [same::trials(&gpu), ledger::trials(&gpu), traffic::trials()].into_iter().flatten().collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
