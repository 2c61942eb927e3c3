//! The points at which stratified photons start: a scrambled (0,2)-sequence in base 2 in each group. Needs no adapter.

#[path = "common/mod.rs"]
mod common;

use common::stats::{equal_bins_p, plausible};
use relume::counts::GROUPS;
use relume::cpu::rng::{Rng, bits_for_photon, more_bits, rng_for_photon, scrambled, sobol, stratified_rng};

type Seeding = fn(u64, u64) -> Rng;

/// The first two words of a stream.
fn point(seeding: Seeding, seed: u64, index: u64) -> [u32; 2] {
    let mut rng = seeding(seed, index);
    [(); 2].map(|()| rng.next_u32())
}

/// The points of `2^m` places of a group, from the `start`th such stretch on.
fn stretch(seeding: Seeding, group: u64, m: u32, start: u64) -> impl Iterator<Item = [u32; 2]> {
    ((start << m)..(start + 1) << m).map(move |place| point(seeding, 7, place * GROUPS as u64 + group))
}

/// Whether each box of 2^-j x 2^(j-m) holds exactly one of 2^m points, for every j.
fn is_net(points: &[[u32; 2]]) -> bool {
    let m = points.len().ilog2();
    let leading = |word: u32, bits: u32| (word as u64 >> (32 - bits)) as usize;
    (0..=m).all(|j| {
        let mut boxes = vec![0; points.len()];
        for [x, y] in points {
            boxes[(leading(*x, j) << (m - j)) | leading(*y, m - j)] += 1;
        }
        boxes.iter().all(|count| *count == 1)
    })
}

/// Stretches of all lengths that are nets, and how many there are; also where places begin anew beyond 2^32.
fn nets(seeding: Seeding) -> (usize, usize) {
    let mut found = (0, 0);
    for group in 0..GROUPS as u64 {
        for m in 0..=10 {
            for start in [0, 1, 6, (1 << 32) >> m, (1 << 44) >> m] {
                let points: Vec<_> = stretch(seeding, group, m, start).collect();
                found = (found.0 + is_net(&points) as usize, found.1 + 1);
            }
        }
    }
    found
}

#[test]
fn points_of_each_group_are_nets() {
    let (found, all) = nets(stratified_rng);
    assert_eq!(found, all);
}

/// Random words are none, beyond one or two points; nor is one sequence for both words.
#[test]
fn partner_points_of_each_group_are_nets() {
    let (found, all) = nets(rng_for_photon);
    assert!(2 * found < all, "{found} of {all}");
    let diagonal: Vec<_> = stretch(stratified_rng, 3, 8, 0).map(|[x, _]| [x, x]).collect();
    assert!(!is_net(&diagonal));
}

/// Van der Corput's sequence and Sobol's second, by their definitions (bits reversed; direction numbers
/// v_k = v_(k-1) ^ (v_(k-1) >> 1)), scrambled by the keys of seed and group.
#[test]
fn words_are_those_of_the_sequences() {
    for place in (0..2000).chain((0..32).map(|bit| 0x9e37_79b9 >> bit)) {
        let (mut y, mut direction) = (0, 1u32 << 31);
        for bit in 0..32 {
            y ^= if place >> bit & 1 == 1 { direction } else { 0 };
            direction ^= direction >> 1;
        }
        assert_eq!(sobol(place), y.reverse_bits(), "place {place}");
        for (seed, group) in [(1, 0), (1, 31), (2, 5)] {
            let key = bits_for_photon(seed, !group);
            let expected = [scrambled(place, key), scrambled(y.reverse_bits(), more_bits(key))];
            assert_eq!(point(stratified_rng, seed, place as u64 * 32 + group), expected);
        }
    }
}

/// Words that agree in their first digits still do, and differ where they first differed.
#[test]
fn a_scramble_is_nested() {
    for i in 0..20_000 {
        let (digits, key) = (bits_for_photon(1, i) as u32, bits_for_photon(2, i));
        for place in 0..32 {
            // another word, which agrees with the first in the digits before this place alone
            let other = digits ^ ((1 | more_bits(key) as u32 & !1) << place);
            let apart = scrambled(digits, key) ^ scrambled(other, key);
            assert_eq!(apart.leading_zeros(), place, "{digits:x} {other:x}");
        }
    }
}

const SEEDS: u64 = 500_000;

/// p-value of pairs of words that should be uniform and independent, one of each seed: 64 x 64 bins.
fn pairs_p(pair: impl Fn(u64) -> [u32; 2]) -> f64 {
    let mut counts = vec![0; 64 * 64];
    for seed in 0..SEEDS {
        let [a, b] = pair(seed);
        counts[((a >> 26) * 64 + (b >> 26)) as usize] += 1;
    }
    equal_bins_p(&counts)
}

/// Over seeds a point is uniform in the square; points of other groups and seeds are independent of it; and behind the
/// digit in which two points of a group first differ, they are independent.
#[test]
fn scrambles_are_independent() {
    let at = |seed, group: u64, place: u64| point(stratified_rng, seed, place * GROUPS as u64 + group);
    let mut found = Vec::new();
    for place in [0, 1, 77, 12345, (1 << 32) + 1] {
        found.push(("one point", place, pairs_p(|seed| at(seed, 4, place))));
        for word in 0..2 {
            found.push(("next group", place, pairs_p(|seed| [at(seed, 4, place)[word], at(seed, 5, place)[word]])));
            found.push(("next seed", place, pairs_p(|seed| [at(seed, 4, place)[word], at(seed + 1, 4, place)[word]])));
        }
    }
    found.push(("begun anew", 0, pairs_p(|seed| [at(seed, 4, 0)[0], at(seed, 4, 1 << 32)[0]])));
    for bit in 0..12 {
        // both words of this place differ from those of place 0 in digit `bit` at the latest, the first one just there
        for word in 0..2 {
            for first in [0, 0x1357 << (bit + 1)] {
                let later = |seed, place| at(seed, 4, place)[word] << (bit + 1);
                let pair = |seed| [later(seed, first), later(seed, first | 1 << bit)];
                found.push(("later digits", bit, pairs_p(pair)));
            }
        }
    }
    let implausible: Vec<_> = found.into_iter().filter(|(_, _, p)| !plausible(*p)).collect();
    assert!(implausible.is_empty(), "{implausible:?}");
    // partner: points of one group are not independent of each other
    assert!(!plausible(pairs_p(|seed| [at(seed, 4, 0)[0], at(seed, 4, 1)[0]])));
}
