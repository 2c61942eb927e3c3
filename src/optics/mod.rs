//! Optics of materials and faces, in f64.

pub mod coherent;
pub mod dipole;
pub mod effective;
pub mod fresnel;
pub mod quadrature;
