//! Optics of materials and faces, in f64.

pub mod effective;
pub mod fresnel;
