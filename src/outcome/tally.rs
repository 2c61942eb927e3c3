//! Sums over groups of photons, and standard errors from leaving groups out.

use serde::Serialize;

use super::definitions::Setting;
use crate::counts::{Counts, Fate, GROUPS, Layout, Sum};

/// A quantity and its standard error; `None` where it has no meaning, never NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub value: Option<f64>,
    pub se: Option<f64>,
}

impl Estimate {
    /// A quantity that has no meaning here.
    pub const NONE: Estimate = Estimate { value: None, se: None };

    /// A value with its error; both are dropped unless the value is finite.
    pub fn new(value: Option<f64>, se: Option<f64>) -> Self {
        match value.filter(|value| value.is_finite()) {
            Some(value) => Self { value: Some(value), se: se.filter(|se| se.is_finite()) },
            None => Self::NONE,
        }
    }
}

/// What the photons of some groups did, added up: whole numbers as they were counted, or with what was to be expected in
/// the place of some.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    pub(super) layout: Layout,
    pub(super) words: Vec<f64>,
    /// Photons that were launched, which is to say that ended.
    pub launched: u64,
}

// The words of several groups, added up, are laid out like those of group 0.
impl Tally {
    fn zero(layout: Layout) -> Self {
        Self { layout, words: vec![0.0; layout.group_words()], launched: 0 }
    }

    pub fn fate(&self, fate: Fate) -> f64 {
        self.words[self.layout.fate(0, fate)]
    }

    pub fn fates(&self, fates: &[Fate]) -> f64 {
        fates.iter().map(|fate| self.fate(*fate)).sum()
    }

    pub fn sum(&self, sum: Sum) -> f64 {
        self.words[self.layout.sum(0, sum)]
    }

    /// A sum kept in two words of 32 bits.
    pub fn wide_sum(&self, low: Sum, high: Sum) -> f64 {
        self.sum(low) + self.sum(high) * (1u64 << 32) as f64
    }

    /// Photons absorbed by a slab's host.
    pub fn host(&self, slab: usize, emission: bool) -> f64 {
        self.words[self.layout.host(0, slab, emission)]
    }

    /// Absorptions by `emitter`; see [`Layout::absorbed`]. Several emitters only.
    pub fn absorbed(&self, emitter: usize, from: Option<usize>) -> f64 {
        self.words[self.layout.absorbed(0, emitter, from)]
    }

    /// Emissions by `emitter` after such absorptions. Several emitters only.
    pub fn emitted(&self, emitter: usize, from: Option<usize>) -> f64 {
        self.words[self.layout.emitted(0, emitter, from)]
    }

    /// All emissions by `emitter`. Several emitters only.
    pub fn emissions_of(&self, emitter: usize) -> f64 {
        let sources = std::iter::once(None).chain((0..self.layout.emitters).map(Some));
        sources.map(|from| self.emitted(emitter, from)).sum()
    }

    /// Emission of `emitter` that left by a face. Several emitters only.
    pub fn left(&self, emitter: usize, face: usize) -> f64 {
        self.words[self.layout.left(0, emitter, face)]
    }
}

/// All photons, and all but one group for each group that holds any: what a jackknife needs.
#[derive(Debug, Clone)]
pub struct Groups {
    pub all: Tally,
    /// Whether some numbers are expected: what no photon was seen to do has no part in the scatter of groups then.
    expects: bool,
    /// Whether every photon is independent of all others, as in a run that is not stratified, and in one of no more
    /// photons than groups.
    pub(super) independent: bool,
    pub(super) without_one: Vec<(usize, Tally)>,
}

impl Groups {
    /// Sums of a design, with what `setting` makes expect in the place of what was counted, where errors come from groups.
    pub fn new(counts: &Counts, setting: &Setting) -> Self {
        let mut groups = Self::as_counted(counts);
        if let Some(expected) = setting.expected.as_ref().filter(|_| !groups.independent) {
            groups.expects = true;
            let rests = groups.without_one.iter_mut().map(|(_, rest)| rest);
            std::iter::once(&mut groups.all).chain(rests).for_each(|tally| expected.put_into(tally));
        }
        groups
    }

    /// Sums of a design, as its photons were counted.
    pub fn as_counted(counts: &Counts) -> Self {
        let words = counts.layout.group_words();
        let of_group = |group: usize| &counts.words[group * words..(group + 1) * words];
        let mut all = Tally::zero(counts.layout);
        for group in 0..GROUPS {
            all.words.iter_mut().zip(of_group(group)).for_each(|(sum, word)| *sum += *word as f64);
        }
        all.launched = counts.photons();
        let used = (0..GROUPS).filter(|group| counts.ended(*group) > 0);
        let without_one = used.map(|group| {
            let mut rest = all.clone();
            rest.words.iter_mut().zip(of_group(group)).for_each(|(sum, word)| *sum -= *word as f64);
            rest.launched -= counts.ended(group);
            (group, rest)
        });
        let independent = !counts.layout.stratified || all.launched <= GROUPS as u64;
        Self { without_one: without_one.collect(), independent, expects: false, all }
    }

    /// Photons as a share of those launched. The error of independent photons uses (k+1)/(n+2), so that it is never 0;
    /// that of stratified ones is told by the groups.
    pub fn share(&self, photons: impl Fn(&Tally) -> f64) -> Estimate {
        if self.all.launched == 0 {
            return Estimate::NONE;
        }
        if !self.independent {
            return self.yields(|tally| [photons(tally), tally.launched as f64]);
        }
        let (k, n) = (photons(&self.all), self.all.launched as f64);
        let p = (k + 1.0) / (n + 2.0);
        Estimate::new(Some(k / n), Some((p * (1.0 - p) / n).sqrt()))
    }

    /// Of photons, or what they are worth, how many come out: a quotient of two sums. Where all groups agree,
    /// because a way was never taken or always, one photon more is what could still differ; it could anywhere, where numbers
    /// are expected that made groups differ before.
    pub fn yields(&self, parts: impl Fn(&Tally) -> [f64; 2]) -> Estimate {
        self.quotient(&parts, |all| 1.0 / (all[1] + 2.0), self.expects)
    }

    /// A quotient of two sums, with the delete-one-group jackknife as its error, or where all groups agree, that of one
    /// photon more.
    pub fn ratio(&self, parts: impl Fn(&Tally) -> [f64; 2]) -> Estimate {
        self.quotient(&parts, |_| 1.0 / (self.all.launched as f64 + 2.0), false)
    }

    fn quotient(&self, parts: &dyn Fn(&Tally) -> [f64; 2], least: impl Fn([f64; 2]) -> f64, always: bool) -> Estimate {
        let all = parts(&self.all);
        let value = ratio(all[0], all[1]);
        let rests = self.without_one.iter().map(|(_, rest)| parts(rest));
        let with_least = |se: f64| if always || is_rounding(se, value) { se.max(least(all)) } else { se };
        Estimate::new(value, se_of_quotient(rests).map(with_least))
    }

    /// A quotient of these photons less one of the `other` ones. Groups of two designs share their random
    /// numbers, so that much of the noise cancels; the jackknife sees that. Groups without photons in
    /// either design are left out. Designs that are the same do not differ at all.
    pub fn difference(
        &self,
        other: &Groups,
        parts: impl Fn(&Tally) -> Option<[f64; 2]>,
        other_parts: impl Fn(&Tally) -> Option<[f64; 2]>,
    ) -> Estimate {
        let change = |here: &Tally, there: &Tally| {
            let ([above, below], [other_above, other_below]) = (parts(here)?, other_parts(there)?);
            let (here, there) = (ratio(above, below)?, ratio(other_above, other_below)?);
            Some(if is_rounding(here - there, Some(here)) { 0.0 } else { here - there })
        };
        let paired = self.without_one.iter().filter_map(|(group, here)| {
            let (_, there) = other.without_one.iter().find(|(there, _)| there == group)?;
            Some(change(here, there))
        });
        let value = change(&self.all, &other.all);
        let photons = parts(&self.all).zip(other_parts(&other.all)).map_or(0.0, |(here, there)| here[1].min(there[1]));
        let with_least = |se: f64| match value {
            Some(value) if value != 0.0 && (self.expects || other.expects || se == 0.0) => {
                se.max(1.0 / (photons + 2.0))
            }
            _ => se,
        };
        Estimate::new(value, jackknife(paired).map(with_least))
    }
}

/// The error of a quotient of sums, from those without each group.
pub(super) fn se_of_quotient(without_one: impl Iterator<Item = [f64; 2]>) -> Option<f64> {
    jackknife(without_one.map(|[above, below]| ratio(above, below)))
}

/// Whether an error or a difference is no more than rounding leaves of a value.
pub(super) fn is_rounding(small: f64, value: Option<f64>) -> bool {
    small.abs() <= ROUNDING * value.unwrap_or(0.0).abs()
}

/// Numbers that differ by no more, relative to these, are the same.
pub(super) const ROUNDING: f64 = 1e-12;

/// A quotient; `None` where the denominator is 0.
pub fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator != 0.0).then(|| numerator / denominator)
}

/// Standard error from the estimates that each leave one group out:
/// `se^2 = (G-1)/G sum (x_i - mean)^2` (Efron, The Jackknife, 1982). `None` when there are fewer than
/// two of them or one is undefined.
fn jackknife(without_one: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values = without_one.collect::<Option<Vec<f64>>>()?;
    if values.len() < 2 {
        return None;
    }
    // their mean may be off in its last digit
    if values.iter().all(|value| *value == values[0]) {
        return Some(0.0);
    }
    let groups = values.len() as f64;
    let mean = values.iter().sum::<f64>() / groups;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some(((groups - 1.0) / groups * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where no group differs there is no error that rounding could make.
    #[test]
    fn equal_groups_have_no_error_of_their_own() {
        let se = |value: f64| jackknife(std::iter::repeat_n(Some(value), 32));
        assert!((1..100).all(|i| se(f64::from(i) / 97.0) == Some(0.0)));
        let one_apart = (0..32).map(|i| Some(if i == 0 { 0.9 + 1e-9 } else { 0.9 }));
        assert!(jackknife(one_apart).is_some_and(|se| se > 1e-10));
    }
}
