//! Coherent packets: plane waves in thin plane layers, by a transfer matrix that cannot overflow.
//!
//! Conventions (docs/thin-films.md): fields go as exp(-i omega t), an index is `n + i k` and `k > 0` absorbs, light
//! comes from the incidence medium. The in-plane index `s = n_0 sin(theta)` is the same in every layer; the normal
//! one is `q_j = sqrt(N_j^2 - s^2)` with `Im q_j >= 0`. For s polarisation `F` is the electric field along the
//! layers, for p the magnetic one; `G = Y F` in a travelling wave, `Y_s = q`, `Y_p = q / N^2`, is its partner, and
//! `Re(F conj(G))` the power that flows along the normal.
//!
//! Sources: H. A. Macleod, Thin-Film Optical Filters; O. S. Heavens, Optical Properties of Thin Solid Films;
//! S. J. Byrnes, Multilayer optical calculations, arXiv:1603.02720.

mod absorption;
mod known;
mod many;
mod profile;
mod recursion;
mod response;
mod slab;
mod stack;

pub use absorption::Workspace;
pub use profile::FieldPoint;

pub(crate) use known::{Known, Shared};
pub(crate) use many::{Loads, Powers, Workspaces, loads};
pub(crate) use recursion::{Load, admittances, exp_i, first_quadrant_root};
pub use response::{Power, Response};
pub use slab::{Face, SlabPower, incoherent_slab};
pub use stack::{Layer, Stack, StackError};
pub(crate) use stack::{check_layers, is_passive};

/// Polarisation of a plane wave at plane layers; as an index, s is 0 and p is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarisation {
    /// Electric field along the layers.
    S,
    /// Magnetic field along the layers.
    P,
}

impl Polarisation {
    pub const BOTH: [Polarisation; 2] = [Polarisation::S, Polarisation::P];
}
