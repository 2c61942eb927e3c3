//! What a person reads.

pub mod materials;
mod nanocrystals;
