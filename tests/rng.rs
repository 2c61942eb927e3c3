//! Streams of neighbouring photons and neighbouring seeds are independent. Needs no adapter.
//!
//! Every test takes numbers from `Seeding`, so that the same tests run on a bad seeding, which must fail.

#[path = "common/mod.rs"]
mod common;

use std::sync::OnceLock;

use common::stats::{bins_p, equal_bins_p, plausible};
use relume::cpu::rng::{Rng, mix64, rng_for_photon, rng_new, stratified_rng};

type Seeding = fn(u64, u64) -> Rng;

const PHOTONS: u64 = 1_000_000;
const SEED: u64 = 1;

/// What a careless program does: the index is the state, and all share one stream.
fn careless(seed: u64, index: u64) -> Rng {
    rng_new(seed.wrapping_add(index), 0)
}

fn first(seeding: Seeding, seed: u64, index: u64) -> u32 {
    seeding(seed, index).next_u32()
}

/// The state after one draw.
fn after(mut rng: Rng) -> u64 {
    rng.next_u32();
    rng.state
}

fn first_64(seeding: Seeding, seed: u64, index: u64) -> u64 {
    let mut rng = seeding(seed, index);
    rng.next_u32() as u64 | (rng.next_u32() as u64) << 32
}

/// p-value of pairs of 32-bit numbers, uniform and independent: 64 x 64 bins of their upper bits.
fn pairs_p(pairs: impl Iterator<Item = (u32, u32)>) -> f64 {
    let mut counts = vec![0; 64 * 64];
    for (a, b) in pairs {
        counts[((a >> 26) * 64 + (b >> 26)) as usize] += 1;
    }
    equal_bins_p(&counts)
}

/// Normal deviate's two-sided p-value, as chi-squared with one degree of freedom.
fn deviate_p(z: f64) -> f64 {
    common::stats::chi_squared_p(z * z, 1.0)
}

fn neighbours_p(seeding: Seeding, distance: u64) -> f64 {
    pairs_p((0..PHOTONS).map(|i| (first(seeding, SEED, i), first(seeding, SEED, i + distance))))
}

fn successive_p(seeding: Seeding) -> f64 {
    pairs_p((0..PHOTONS).map(|i| {
        let mut rng = seeding(SEED, i);
        (rng.next_u32(), rng.next_u32())
    }))
}

/// The second draw of a photon against the first of the next: streams on one orbit, a step apart, repeat.
fn staggered_p(seeding: Seeding) -> f64 {
    pairs_p((0..PHOTONS).map(|i| {
        let mut rng = seeding(SEED, i);
        rng.next_u32();
        (rng.next_u32(), first(seeding, SEED, i + 1))
    }))
}

fn seeds_p(seeding: Seeding) -> f64 {
    pairs_p((0..PHOTONS).map(|i| (first(seeding, SEED, i), first(seeding, SEED + 1, i))))
}

/// The same photon under neighbouring seeds, seed by seed.
fn along_seeds_p(seeding: Seeding) -> f64 {
    pairs_p((0..PHOTONS).map(|seed| (first(seeding, seed, 0), first(seeding, seed + 1, 0))))
}

/// Bits that flip from one photon to the next: 32 means together, chi-squared with 32 degrees of freedom of
/// counts that should be binomial with chance 1/2.
fn flips_p(seeding: Seeding) -> f64 {
    let mut flips = [0u64; 32];
    for i in 0..PHOTONS {
        // disjoint pairs, so that the flips are independent
        let flipped = first(seeding, SEED, 2 * i) ^ first(seeding, SEED, 2 * i + 1);
        for (bit, count) in flips.iter_mut().enumerate() {
            *count += (flipped >> bit & 1) as u64;
        }
    }
    let n = PHOTONS as f64;
    let chi2: f64 = flips.iter().map(|count| (*count as f64 - 0.5 * n).powi(2) / (0.25 * n)).sum();
    common::stats::chi_squared_p(chi2, 32.0)
}

/// Serial correlation of the first draws along the photons.
fn correlation_p(seeding: Seeding) -> f64 {
    let centred = |i| first(seeding, SEED, i) as f64 / 2f64.powi(32) - 0.5;
    let sum: f64 = (0..PHOTONS).map(|i| centred(i) * centred(i + 1)).sum();
    // each product has mean 0 and variance 1/144
    deviate_p(12.0 * sum / (PHOTONS as f64).sqrt())
}

/// Numbers of set bits in the first 64: binomial.
fn weights_p(seeding: Seeding) -> f64 {
    let mut counts = vec![0u64; 65];
    for i in 0..PHOTONS {
        counts[first_64(seeding, SEED, i).count_ones() as usize] += 1;
    }
    let mut chances = vec![0.0; 65];
    let mut chance = 0.5f64.powi(64);
    for (k, place) in chances.iter_mut().enumerate() {
        *place = chance;
        chance *= (64 - k) as f64 / (k + 1) as f64;
    }
    // the ends together, where less than 20 are expected
    let (mut few, mut rare, mut bins, mut shares) = (0, 0.0, Vec::new(), Vec::new());
    for (count, chance) in counts.iter().zip(chances) {
        if chance * (PHOTONS as f64) < 20.0 {
            few += count;
            rare += chance;
        } else {
            bins.push(*count);
            shares.push(chance);
        }
    }
    bins.push(few);
    shares.push(rare);
    bins_p(&bins, &shares)
}

/// How many of the first 64 bits occur twice: of 1e6 among 2^64, none.
fn repeats(seeding: Seeding) -> usize {
    let mut all: Vec<u64> = (0..PHOTONS).map(|i| first_64(seeding, SEED, i)).collect();
    all.sort_unstable();
    all.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// Every p-value, with its name.
fn battery(seeding: Seeding) -> Vec<(&'static str, f64)> {
    vec![
        ("photon and next", neighbours_p(seeding, 1)),
        // photons that land in one group of 32, and on neighbouring workgroups
        ("photon and 32nd next", neighbours_p(seeding, 32)),
        ("photon and 64th next", neighbours_p(seeding, 64)),
        ("photon and 2^32nd next", neighbours_p(seeding, 1 << 32)),
        ("first and second draw", successive_p(seeding)),
        ("second draw and next photon's first", staggered_p(seeding)),
        ("seed and next, photon by photon", seeds_p(seeding)),
        ("seed and next, seed by seed", along_seeds_p(seeding)),
        ("flips of bits", flips_p(seeding)),
        ("serial correlation", correlation_p(seeding)),
        ("set bits of 64", weights_p(seeding)),
    ]
}

#[test]
fn streams_of_neighbours_are_independent() {
    let implausible: Vec<_> = battery(rng_for_photon).into_iter().filter(|(_, p)| !plausible(*p)).collect();
    assert!(implausible.is_empty(), "{implausible:?}");
}

/// What follows the two words of a stratified stream that are no longer random.
fn behind_the_point(seed: u64, index: u64) -> Rng {
    let mut rng = stratified_rng(seed, index);
    rng.next_u32();
    rng.next_u32();
    rng
}

/// The word of number `word` in a stratified stream, against the third.
fn point_and_third_p(seeding: Seeding, word: usize) -> f64 {
    pairs_p((0..PHOTONS).map(|i| {
        let mut rng = seeding(SEED, i);
        let words = [(); 3].map(|()| rng.next_u32());
        (words[word], words[2])
    }))
}

#[test]
fn words_behind_the_point_of_a_stratified_stream_are_independent() {
    let mut found = battery(behind_the_point);
    found.extend([0, 1].map(|word| ("of the point and third", point_and_third_p(stratified_rng, word))));
    let implausible: Vec<_> = found.into_iter().filter(|(_, p)| !plausible(*p)).collect();
    assert!(implausible.is_empty(), "{implausible:?}");
    // partner: the point itself is no such number
    assert!(!plausible(successive_p(stratified_rng)));
    // and a third word that repeats the first would be seen
    let third: Seeding = |seed, index| {
        let Rng { state, .. } = stratified_rng(seed, index);
        Rng { state, increment: state.wrapping_sub(state.wrapping_mul(0x5851_f42d_4c95_7f2d)) }
    };
    assert!(!plausible(point_and_third_p(third, 0)));
}

#[test]
fn first_numbers_are_distinct() {
    assert_eq!(repeats(rng_for_photon), 0);
    assert_eq!(repeats(behind_the_point), 0);
}

#[test]
fn partner_careless_seeding_is_seen() {
    let found = battery(careless);
    let implausible: Vec<_> = found.iter().filter(|(_, p)| !plausible(*p)).collect();
    assert!(implausible.len() >= 3, "{found:?}");
    // photons a step apart on one orbit
    let staggered: Seeding = |_, index| {
        static ORBIT: OnceLock<Vec<Rng>> = OnceLock::new();
        let next = |rng: &Rng| Some(Rng { state: after(*rng), ..*rng });
        let orbit = || std::iter::successors(Some(rng_for_photon(SEED, 0)), next).take(PHOTONS as usize + 1).collect();
        ORBIT.get_or_init(orbit)[index as usize]
    };
    assert!(!plausible(staggered_p(staggered)));
}

#[test]
fn partner_repeated_numbers_are_seen() {
    assert!(repeats(|seed, index| rng_for_photon(seed, index / 2)) >= PHOTONS as usize / 2 - 1);
}

#[test]
fn p_values_are_right() {
    // chi-squared of 3.841 with 1 degree of freedom and of 124.34 with 100: 5 %
    assert!((common::stats::chi_squared_p(3.841_458_8, 1.0) - 0.05).abs() < 1e-7);
    assert!((common::stats::chi_squared_p(124.342_1, 100.0) - 0.05).abs() < 1e-6);
    assert!((common::stats::chi_squared_p(2.0, 2.0) - (-1f64).exp()).abs() < 1e-12);
}

/// Bit for bit rand_pcg's `Pcg32`, from any state and stream.
#[test]
fn streams_are_those_of_rand_pcg() {
    for i in 0..1000 {
        let (state, stream) = (mix64(i), mix64(!i));
        let (mut ours, mut theirs) = (rng_new(state, stream), rand_pcg::Pcg32::new(state, stream));
        let drawn: Vec<_> = (0..100).map(|_| ours.next_u32()).collect();
        let expected: Vec<_> = (0..100).map(|_| rand::Rng::next_u32(&mut theirs)).collect();
        assert_eq!(drawn, expected);
        // partner: a neighbouring stream
        assert_ne!(rng_new(state, stream ^ 1).next_u32(), expected[0]);
    }
}
