//! The ledger: every launched photon ends in exactly one fate, or the run is no result.

use crate::counts::{Counts, Fate, GROUPS};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger does not close: group {group} launched {launched} photons, {ended} ended")]
    Open { group: usize, launched: u64, ended: u64 },
    #[error(
        "{truncated} of {photons} photons reached the event limit; more than 3 + 1e-6 of them makes no result; something holds light that hardly loses it: give a layer its real absorption, or 0; a mirror its real reflectance, or 1; or the stack an [extent] to leave by"
    )]
    Truncated { truncated: u64, photons: u64 },
}

/// Photons of each group among the first `photons` of a design.
pub fn launched_per_group(photons: u64) -> [u64; GROUPS] {
    let groups = GROUPS as u64;
    std::array::from_fn(|group| photons / groups + u64::from((group as u64) < photons % groups))
}

/// Compares what ended with what was launched, group by group, and the truncated with their limit.
///
/// # Errors
/// The first group that does not close, or too many truncated photons.
pub fn check_ledger(counts: &Counts, launched: &[u64; GROUPS]) -> Result<(), LedgerError> {
    for (group, &launched) in launched.iter().enumerate() {
        let ended = counts.ended(group);
        if ended != launched {
            return Err(LedgerError::Open { group, launched, ended });
        }
    }
    check_truncation(counts)
}

/// The part of the check that remains when a run was interrupted, and nobody knows what was launched.
///
/// # Errors
/// Too many truncated photons.
pub fn check_truncation(counts: &Counts) -> Result<(), LedgerError> {
    let (truncated, photons) = (counts.fate_total(Fate::Truncated), counts.photons());
    if truncated as f64 > 3.0 + 1e-6 * photons as f64 {
        return Err(LedgerError::Truncated { truncated, photons });
    }
    Ok(())
}
