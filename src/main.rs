//! `relume` on the command line: parse, load, run, report.

mod cli;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

fn main() -> ExitCode {
    let started = Instant::now();
    quiet_graphics_drivers();
    match cli::execute(cli::args::Cli::parse(), started) {
        Ok(code) => code,
        Err(failure) => {
            cli::tell(&format!("error: {:#}", failure.error));
            ExitCode::from(failure.code)
        }
    }
}

/// Mesa complains on stderr where no desktop has set this folder, which nothing here writes to.
fn quiet_graphics_drivers() {
    if cfg!(target_os = "linux") && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: no other thread has been started yet.
        unsafe { std::env::set_var("XDG_RUNTIME_DIR", std::env::temp_dir()) };
    }
}
