//! Many designs of one scene: which film is best, and how a quantity changes on the way there.
//!
//! A [`plan`] lists the designs, [`schedule`] runs them in jobs of bounded memory, and a [`result`] has a row for each.

mod batch;
pub mod best;
pub mod journal;
pub mod plan;
pub mod range;
pub mod result;
pub mod schedule;
mod transports;
pub mod validate;

pub use plan::{Plan, Vary};
pub use result::{Best, DesignRow, Launched, Scale, SweepResult, Tie, VariedKey};
pub use schedule::{Observer, Settings, SweepError, Swept, sweep};

/// FNV-1a in 64 bits: names what a sweep was asked, and tells a whole record from a torn one.
#[derive(Debug, Clone)]
pub struct Fnv64(u64);

impl Fnv64 {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds an item; its length keeps neighbours apart.
    pub fn item(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}
