//! What an engine has asked of its device: for benchmarks and for tests of what is saved.

use std::sync::atomic::{AtomicU64, Ordering};

/// Sums since the engine was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes of tables and lists of work sent to the device.
    pub sent_bytes: u64,
    /// Bytes read back.
    pub read_bytes: u64,
    /// Submissions to the device's queue.
    pub submissions: u64,
    /// Dispatches, and the turns that their lanes could have flown and have flown.
    pub dispatches: u64,
    pub turns: u64,
    pub flown: u64,
}

/// The same, while an engine counts.
#[derive(Debug, Default)]
pub struct Counter {
    pub sent_bytes: AtomicU64,
    pub read_bytes: AtomicU64,
    pub submissions: AtomicU64,
    pub dispatches: AtomicU64,
    pub turns: AtomicU64,
    pub flown: AtomicU64,
}

impl Counter {
    pub fn traffic(&self) -> Traffic {
        let now = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Traffic {
            sent_bytes: now(&self.sent_bytes),
            read_bytes: now(&self.read_bytes),
            submissions: now(&self.submissions),
            dispatches: now(&self.dispatches),
            turns: now(&self.turns),
            flown: now(&self.flown),
        }
    }
}

/// Counts on.
pub fn add(count: &AtomicU64, amount: u64) {
    count.fetch_add(amount, Ordering::Relaxed);
}
