//! What stands behind a medium's n and k: two formulas, or one permittivity.

use std::sync::Arc;

use super::{Dispersion, OpticalConstants, Oscillators};
use crate::spectrum::{Curve, Model};

#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// One formula for n and, where the source states it, one for k.
    Indices { n: Dispersion, k: Option<Dispersion> },
    /// n and k are the root of one complex permittivity.
    Permittivity(Oscillators),
}

impl Formula {
    /// n and k as curves over the vacuum wavelength in nm.
    pub fn optical_constants(&self) -> OpticalConstants {
        match self {
            Formula::Indices { n, k } => OpticalConstants {
                n: Curve::Model(Arc::new(n.clone())),
                k: k.clone().map(|k| Curve::Model(Arc::new(k) as _)),
            },
            Formula::Permittivity(oscillators) => {
                let shared = Arc::new(oscillators.clone());
                OpticalConstants {
                    n: Curve::Model(Arc::new(RealPart(shared.clone()))),
                    k: Some(Curve::Model(Arc::new(ImaginaryPart(shared)))),
                }
            }
        }
    }
}

/// n of a permittivity.
#[derive(Debug)]
struct RealPart(Arc<Oscillators>);

impl Model for RealPart {
    fn at(&self, wavelength_nm: f64) -> f64 {
        self.0.index(wavelength_nm).re
    }

    fn range_nm(&self) -> (f64, f64) {
        self.0.range_nm()
    }
}

/// k of the same permittivity.
#[derive(Debug)]
struct ImaginaryPart(Arc<Oscillators>);

impl Model for ImaginaryPart {
    fn at(&self, wavelength_nm: f64) -> f64 {
        self.0.index(wavelength_nm).im
    }

    fn range_nm(&self) -> (f64, f64) {
        self.0.range_nm()
    }
}
