//! What several test files share. Each uses a part of it.
#![allow(dead_code)]

pub mod scenes;
pub mod shares;
pub mod stats;
pub mod trials;
