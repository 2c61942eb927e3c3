//! What a quantity of a sweep is called, means and is counted in: one of photons, or one of waves.

use crate::outcome::{self, Unit};
use crate::stack::Quantity;
use crate::sweep::SweepResult;

/// How a person reads a quantity.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    pub meaning: &'static str,
    pub unit: Unit,
}

/// Of a quantity of this sweep; `None` for an unknown key.
pub fn described(sweep: &SweepResult, key: &str) -> Option<Described> {
    match sweep.launched {
        Some(_) if key.starts_with(outcome::BY_EMITTER) => {
            Some(Described { meaning: "light of this emitter that left by that face", unit: Unit::Fraction })
        }
        Some(_) => outcome::definition(key).map(|of| Described { meaning: of.meaning, unit: of.unit }),
        None => Quantity::of(key).map(|of| Described { meaning: of.meaning, unit: of.unit }),
    }
}
