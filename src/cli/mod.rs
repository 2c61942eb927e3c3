//! The command line: what is asked, what is printed, and the exit code.

pub mod args;
mod bench;
mod device;
mod hints;
mod journal;
mod look;
mod out;
mod progress;
mod run;
mod stack;
mod sweep;
mod sweep_progress;
mod sweep_waves;

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use args::{Cli, Command};
use relume::report::terminal::Style;

/// Exit codes beside 0.
pub const ERROR: u8 = 1;
pub const USAGE: u8 = 2;
pub const NO_DEVICE: u8 = 3;
pub const NOT_CREDIBLE: u8 = 4;
pub const TARGET_NOT_REACHED: u8 = 5;
pub const INTERRUPTED: u8 = 130;

/// Why a command failed, and the exit code that says so.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub error: anyhow::Error,
}

impl Failure {
    pub fn new(code: u8, error: impl fmt::Display) -> Self {
        Self { code, error: anyhow::anyhow!("{error}") }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { code: ERROR, error: error.into() }
    }
}

/// Carries out a command. `started` is when the process did.
pub fn execute(cli: Cli, started: Instant) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Run(args) if args.plqy_curve.is_some() => sweep::plqy_curve(args, started),
        Command::Run(args) => run::run(&args, started),
        Command::Sweep(args) => sweep::sweep(&args, started),
        Command::Stack(args) => stack::stack(&args),
        Command::Bench(args) => bench::bench(&args, started),
        Command::Check(args) => look::check(&args),
        Command::Devices(args) => look::devices(&args),
        Command::Materials(args) => look::materials(&args),
    }
}

/// Prints to stdout. That a reader such as `head` has left is no error.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Tells something beside the result on stderr; whether anyone listens does not matter.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// How a page on stdout may look.
pub fn style() -> Style {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { colour: io::stdout().is_terminal() && !no_colour && !dumb, unicode: !dumb }
}

/// The three names most like this one, the nearest first.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.map(|other| (strsim::jaro_winkler(name, other), other)).collect();
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    names.into_iter().take(3).map(|(_, other)| other).collect()
}
