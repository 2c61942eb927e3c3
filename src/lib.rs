//! relume follows photons through luminescent films and LED stacks: absorbed, re-emitted,
//! scattered, trapped, recycled, and let out.
//!
//! The way the data takes, and where each step lives:
//! a scene file is read and checked ([`scene`]), lowered to flat tables ([`tables`]),
//! run by an engine ([`engine`]) that returns integers ([`counts`]),
//! from which quantities with standard errors are formed ([`outcome`]) and written down ([`report`]).
//! Thin films and dipoles in them are looked at without photons by [`stack`].
//! [`simulate`] goes the middle part of that way for one scene.

pub mod bench;
pub mod compile;
pub mod counts;
pub mod cpu;
pub mod engine;
pub mod gpu;
pub mod material;
mod memo;
pub mod optics;
pub mod outcome;
pub mod report;
pub mod scene;
pub mod simulate;
pub mod spectrum;
pub mod stack;
pub mod sweep;
pub mod tables;
pub mod text_file;
pub mod together;
pub mod trial;
