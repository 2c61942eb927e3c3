//! Many designs of one scene: which film is best, and how a quantity changes on the way there.

pub mod result;

pub use result::{Best, DesignRow, Scale, SweepResult, Tie, VariedKey};
