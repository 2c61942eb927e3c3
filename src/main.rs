//! `relume` on the command line: parse, load, run, report.

mod cli;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

fn main() -> ExitCode {
    let started = Instant::now();
    match cli::execute(cli::args::Cli::parse(), started) {
        Ok(code) => code,
        Err(failure) => {
            cli::tell(&format!("error: {:#}", failure.error));
            ExitCode::from(failure.code)
        }
    }
}
