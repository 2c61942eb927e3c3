//! How far a sweep is: a bar on a terminal, a plain line now and then elsewhere.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use relume::engine::Monitor;
use relume::report::number::{grouped, prefixed};
use relume::sweep::{DesignRow, Observer};
use std::io::IsTerminal;

use super::journal::Journal;
use super::{progress, tell};

/// Seconds between plain lines.
const LINE_SECONDS: f64 = 10.0;

pub struct SweepProgress {
    started: Instant,
    bar: Option<ProgressBar>,
    designs: usize,
    known: usize,
    done: AtomicUsize,
    begun_s: f64,
    journal: Option<Journal>,
    last_line_s: Mutex<f64>,
}

impl SweepProgress {
    /// For a sweep of so many designs, of which some were known before. What is done goes to the journal, too.
    pub fn new(designs: usize, known: usize, journal: Option<Journal>, started: Instant) -> Self {
        progress::listen_for_interrupt();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let bar = (std::io::stderr().is_terminal() && !dumb).then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(5);
            let bar = ProgressBar::with_draw_target(Some(designs as u64), target);
            let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} designs  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let begun_s = started.elapsed().as_secs_f64();
        Self {
            started,
            bar,
            designs,
            known,
            done: AtomicUsize::new(known),
            begun_s,
            journal,
            last_line_s: Mutex::new(begun_s),
        }
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub fn into_journal(self) -> Option<Journal> {
        self.journal
    }

    /// Rate and time left.
    fn message(&self, photons: u64) -> String {
        let (done, seconds) = (self.done.load(Ordering::Relaxed), self.seconds() - self.begun_s);
        let rate = prefixed(photons as f64 / seconds.max(1e-9));
        let fresh = done - self.known;
        let left = (self.designs - done) as f64 * seconds / fresh as f64;
        let left = if fresh == 0 { "?".to_string() } else { format!("{left:.0} s") };
        format!("{} photons  {rate}photons/s  {left} left", grouped(photons))
    }
}

impl Monitor for SweepProgress {
    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn progress(&self, photons: u64) -> ControlFlow<()> {
        match &self.bar {
            Some(bar) => {
                bar.set_position(self.done.load(Ordering::Relaxed) as u64);
                bar.set_message(self.message(photons));
            }
            None => {
                let mut last = self.last_line_s.lock().expect("no thread panics while it holds the time");
                if self.seconds() - *last >= LINE_SECONDS {
                    *last = self.seconds();
                    let done = self.done.load(Ordering::Relaxed);
                    tell(&format!("{done}/{} designs  {}", self.designs, self.message(photons)));
                }
            }
        }
        if progress::interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Observer for SweepProgress {
    fn finished(&self, design: usize, row: &DesignRow) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if let Some(journal) = &self.journal {
            journal.add(design, row).map_err(|error| format!("{error:#}"))?;
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
