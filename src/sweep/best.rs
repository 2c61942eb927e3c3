//! The best design, honestly: which others cannot be told from it, after photons were put where it matters.

use std::sync::atomic::AtomicBool;

use super::batch::{Builder, Source};
use super::result::{Best, DesignRow, Tie};
use super::schedule::{Sweep, SweepError, check_ledger};
use super::transports::Transport;
use crate::counts::Counts;
use crate::engine::{Jobs, PhotonRange};
use crate::outcome::{Definition, Estimate, Groups, Setting, definition};

/// Two designs are told apart by a difference of this many of its standard errors.
pub const APART: f64 = 2.0;
/// A candidate gets at most this many times the photons that the candidates had before.
pub const MOST_PHOTONS: u64 = 16;
/// Candidates that are refined, those with the largest values.
pub const MOST_CANDIDATES: usize = 2000;

/// A design that may be the best, followed from photon 0.
struct Candidate {
    design: usize,
    counts: Option<Counts>,
    setting: Option<Setting>,
}

/// Finds the design with the largest value of a quantity. Whatever may be as good is run again with twice the
/// photons, and again, until only one is left or all of them had [`MOST_PHOTONS`] times as many. Rows of
/// refined designs are replaced. `None` where the quantity has no value, or when broken off.
pub(super) async fn best(
    sweep: &mut Sweep<'_>,
    rows: &mut [Option<DesignRow>],
    quantity: &str,
) -> Result<(Option<Best>, bool), SweepError> {
    let Some(definition) = definition(quantity) else {
        return Err(SweepError::UnknownQuantity(quantity.to_string()));
    };
    let hopeful = hopeful(rows, quantity);
    let Some(most) = hopeful.iter().filter_map(|design| Some(rows[*design].as_ref()?.photons)).max() else {
        return Ok((None, false));
    };
    let beyond = hopeful[MOST_CANDIDATES.min(hopeful.len())..].to_vec();
    let mut candidates: Vec<_> = hopeful
        .into_iter()
        .take(MOST_CANDIDATES)
        .map(|design| Candidate { design, counts: None, setting: None })
        .collect();
    let (mut launched, mut end, limit) = (0, most, most.saturating_mul(MOST_PHOTONS));
    // one alone has nothing to be told from
    while candidates.len() > 1 {
        if follow(sweep, &mut candidates, rows, launched, end).await? {
            return Ok((None, true));
        }
        let (leader, ties) = compare(definition, &candidates);
        let open = ties.iter().any(|(_, difference)| difference.se.is_some_and(|se| se > 0.0));
        if !open || end >= limit {
            return Ok((Some(found(quantity, rows, &candidates, leader, ties, &beyond)), false));
        }
        let mut left = vec![leader];
        left.extend(ties.iter().map(|(place, _)| *place));
        left.sort_unstable();
        let mut place = 0;
        candidates.retain(|_| {
            place += 1;
            left.contains(&(place - 1))
        });
        (launched, end) = (end, end.saturating_mul(2).min(limit));
    }
    Ok((Some(found(quantity, rows, &candidates, 0, Vec::new(), &beyond)), false))
}

/// Designs that two standard errors each do not put below the best, the largest value first. Since designs share
/// random numbers, the error of a difference is never more than the sum of both.
fn hopeful(rows: &[Option<DesignRow>], quantity: &str) -> Vec<usize> {
    let value = |row: &Option<DesignRow>| {
        let estimate = row.as_ref()?.quantity(quantity);
        Some((estimate.value?, estimate.se.unwrap_or(f64::INFINITY)))
    };
    let mut known: Vec<_> = rows.iter().enumerate().filter_map(|(design, row)| Some((design, value(row)?))).collect();
    known.sort_by(|(_, a), (_, b)| b.0.total_cmp(&a.0));
    let Some((_, best)) = known.first().copied() else { return Vec::new() };
    known.retain(|(_, (value, se))| best.0 - value <= APART * (best.1 + se));
    known.into_iter().map(|(design, _)| design).collect()
}

/// Runs every candidate from one count to another; `true` when broken off.
async fn follow(
    sweep: &mut Sweep<'_>,
    candidates: &mut [Candidate],
    rows: &mut [Option<DesignRow>],
    launched: u64,
    end: u64,
) -> Result<bool, SweepError> {
    let Sweep { document, plan, settings, .. } = *sweep;
    let source = Source { document, plan, watched: None, bytes: settings.batch_bytes, stratified: settings.stratified };
    let waiting = candidates.iter().map(|own| Transport::direct(own.design)).collect();
    let mut builder = Builder::new(source, waiting);
    let mut rest = candidates;
    while !builder.is_done() {
        let batch = builder.batch(usize::MAX, &AtomicBool::new(false))?;
        let (members, others) = rest.split_at_mut(batch.units.len());
        rest = others;
        let layouts = batch.tables.layouts.iter();
        let mut counts: Vec<_> = members
            .iter_mut()
            .zip(layouts)
            .map(|(own, layout)| own.counts.take().unwrap_or_else(|| Counts::zero(*layout)))
            .collect();
        let range = |design: usize| PhotonRange { design: design as u32, first: launched, count: end - launched };
        let ranges: Vec<_> = (0..members.len()).map(range).collect();
        let mut jobs = Jobs::new(sweep.engine, &batch.tables);
        if sweep.run_job(&mut jobs, &ranges, &mut counts).await? {
            return Ok(true);
        }
        for (unit, (own, counts)) in members.iter_mut().zip(counts).enumerate() {
            check_ledger(sweep.plan, &batch, unit, &counts, end)?;
            for (design, row) in batch.rows(sweep.plan, unit, &counts, sweep.settings.target.as_ref()) {
                rows[design] = row;
            }
            (own.counts, own.setting) = (Some(counts), Some(batch.units[unit].setting.clone()));
        }
    }
    Ok(false)
}

/// The place of the largest value, and the places of those not told from it with their differences.
fn compare(definition: &Definition, candidates: &[Candidate]) -> (usize, Vec<(usize, Estimate)>) {
    let known = |own: &Candidate| {
        let (counts, setting) = (own.counts.as_ref()?, own.setting.clone()?);
        Some((Groups::new(counts, &setting), setting))
    };
    let known: Vec<_> = candidates.iter().map(known).collect();
    let value = |place: &usize| {
        let (groups, setting) = known[*place].as_ref()?;
        definition.value(&groups.all, setting)
    };
    let order = |a: &usize, b: &usize| value(a).partial_cmp(&value(b)).unwrap_or(std::cmp::Ordering::Equal);
    // of equal values the first design
    let leader = (0..known.len()).rev().max_by(order).unwrap_or(0);
    let Some((own, setting)) = &known[leader] else { return (leader, Vec::new()) };
    let ties = known.iter().enumerate().filter(|(place, _)| *place != leader).filter_map(|(place, other)| {
        let (other, other_setting) = other.as_ref()?;
        let difference = own.difference(
            other,
            |tally| definition.parts(tally, setting),
            |tally| definition.parts(tally, other_setting),
        );
        let apart = difference.value.is_none_or(|value| value > APART * difference.se.unwrap_or(f64::INFINITY));
        (!apart).then_some((place, difference))
    });
    let mut ties: Vec<_> = ties.collect();
    ties.sort_by(|(_, a), (_, b)| a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal));
    (leader, ties)
}

fn found(
    quantity: &str,
    rows: &[Option<DesignRow>],
    candidates: &[Candidate],
    leader: usize,
    ties: Vec<(usize, Estimate)>,
    beyond: &[usize],
) -> Best {
    let estimate = |design: usize| rows[design].as_ref().map_or(Estimate::NONE, |row| row.quantity(quantity));
    let (row, own) = (candidates[leader].design, estimate(candidates[leader].design));
    let paired = ties.into_iter().map(|(place, difference)| Tie { row: candidates[place].design, difference });
    // those that were too many to refine: as if their errors were independent
    let unpaired = beyond.iter().filter_map(|design| {
        let other = estimate(*design);
        let difference = Estimate::new(
            own.value.zip(other.value).map(|(a, b)| a - b),
            own.se.zip(other.se).map(|(a, b)| a.hypot(b)),
        );
        (difference.value? <= APART * difference.se?).then_some(Tie { row: *design, difference })
    });
    Best { quantity: quantity.to_string(), row, estimate: own, ties: paired.chain(unpaired).collect() }
}
