//! The clock, the progress bar and Ctrl-C (or another polite request to end), as an engine sees them.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use relume::engine::Monitor;

use super::{INTERRUPTED, tell};

static INTERRUPT: AtomicBool = AtomicBool::new(false);

pub struct Progress {
    started: Instant,
    bar: ProgressBar,
}

/// From here on a first Ctrl-C asks the engine to stop, a second one ends the process.
pub fn listen_for_interrupt() {
    // Without a handler Ctrl-C ends the process, which is no reason not to run.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPT.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        tell("stopping when what is under way is done; Ctrl-C again ends at once");
    });
}

/// Whether Ctrl-C was pressed.
pub fn interrupted() -> bool {
    INTERRUPT.load(Ordering::Relaxed)
}

impl Progress {
    /// A bar on stderr if that is a terminal, else none. Listens for Ctrl-C.
    pub fn new(photons: u64, started: Instant) -> Self {
        listen_for_interrupt();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let target = if dumb { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
        let bar = ProgressBar::with_draw_target(Some(photons), target);
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {human_pos} photons  {per_sec}  {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { started, bar }
    }

    /// As [`Progress::new`], without a bar.
    pub fn without_bar(started: Instant) -> Self {
        let progress = Self::new(0, started);
        progress.bar.set_draw_target(ProgressDrawTarget::hidden());
        progress
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Monitor for Progress {
    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        self.bar.set_position(photons);
        if interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
