//! Known answers, and whether counts agree with them.

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::outcome::{Groups, Tally};

/// Standard errors that a share may lie from its known value,
const SIGMAS: f64 = 5.0;
/// and what the digits of known values leave open beside that.
const DIGITS: f64 = 1e-4;

/// A share of the launched photons that is known from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub what: &'static str,
    pub photons: fn(&Tally) -> f64,
    pub share: f64,
}

/// A known answer beside what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub what: String,
    pub known: f64,
    pub found: f64,
    /// Standard error of what was found; 0 where it must be exact.
    pub se: f64,
    pub passed: bool,
}

impl Known {
    /// Compares with the photons of one design.
    pub fn check(&self, counts: &Counts) -> Check {
        let all = Groups::as_counted(counts).all;
        let launched = all.launched.max(1) as f64;
        let found = (self.photons)(&all) / launched;
        let se = (self.share * (1.0 - self.share) / launched).sqrt();
        let passed = (found - self.share).abs() <= SIGMAS * se + DIGITS;
        Check { what: self.what.into(), known: self.share, found, se, passed }
    }
}
