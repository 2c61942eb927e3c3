//! Optics of materials and faces, in f64.

// rows stand side by side: a lane's number is what joins them
#![allow(clippy::needless_range_loop)]

pub mod coherent;
pub mod dipole;
pub mod effective;
pub(crate) mod elementary;
pub mod fresnel;
pub(crate) mod lanes;
pub mod quadrature;
