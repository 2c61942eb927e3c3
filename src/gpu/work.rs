//! What a job has to do, as devices take it: in parts that one program runs, each a list of slots.

use super::Features;
use super::shader::{WORKGROUP, WorkRange};
use crate::counts::GROUPS;
use crate::engine::PhotonRange;

/// Photons of a part at most: their numbers are 32 bits on the device.
const PHOTONS_AT_ONCE: u64 = 1 << 31;

/// Photons of a lane from which on more lanes pay.
const PHOTONS_OF_LANE: u64 = 64;

/// Photons of designs that are run with the same features.
pub struct Part {
    pub features: Features,
    pub ranges: Vec<PhotonRange>,
}

/// The parts of some ranges, from the features of each design.
pub fn parts(ranges: &[PhotonRange], features: &[Features]) -> Vec<Part> {
    let mut alike: Vec<Part> = Vec::new();
    for range in ranges.iter().filter(|range| range.count > 0) {
        let features = features[range.design as usize];
        match alike.iter_mut().find(|part| part.features == features) {
            Some(part) => part.ranges.push(*range),
            None => alike.push(Part { features, ranges: vec![*range] }),
        }
    }
    alike.into_iter().flat_map(small_parts).collect()
}

/// A part in pieces of at most [`PHOTONS_AT_ONCE`] photons.
fn small_parts(Part { features, ranges }: Part) -> Vec<Part> {
    let mut parts = vec![Part { features, ranges: Vec::new() }];
    let mut room = PHOTONS_AT_ONCE;
    for mut rest in ranges {
        while rest.count > 0 {
            if room == 0 {
                parts.push(Part { features, ranges: Vec::new() });
                room = PHOTONS_AT_ONCE;
            }
            let count = rest.count.min(room);
            parts.last_mut().expect("the first").ranges.push(PhotonRange { count, ..rest });
            rest = PhotonRange { first: rest.first + count, count: rest.count - count, ..rest };
            room -= count;
        }
    }
    parts
}

/// Workgroups for so many photons, between the least and the most that the device takes. All of a dispatch work equally long;
/// those that run at once are a number which only the device knows, and while the last of them run some of it is idle: the less, the more there are.
pub fn workgroups(photons: u64, [least, most]: [u32; 2]) -> u32 {
    (photons / (PHOTONS_OF_LANE * u64::from(WORKGROUP))).clamp(least.into(), most.into()) as u32
}

/// The ranges with their slots, and the number of slots.
pub fn work_list(ranges: &[PhotonRange]) -> (Vec<WorkRange>, u32) {
    let groups = GROUPS as u32;
    let mut slots: u32 = 0;
    let work = ranges.iter().map(|range| {
        // the first slot of its group
        let start = slots + (range.first as u32).wrapping_sub(slots) % groups;
        slots = start + range.count as u32;
        let (first_low, first_high) = (range.first as u32, (range.first >> 32) as u32);
        WorkRange { design: range.design, first_low, first_high, start, count: range.count as u32 }
    });
    (work.collect(), slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_grow_with_photons_between_bounds() {
        let of_lanes = |lanes: u64| lanes * PHOTONS_OF_LANE;
        let at_least = of_lanes(10 * u64::from(WORKGROUP));
        for (photons, expected) in [
            (0, 10),
            (1, 10),
            (at_least, 10),
            (3 * at_least, 30),
            (4 * at_least, 40),
            (5 * at_least, 40),
            (u64::MAX, 40),
        ] {
            assert_eq!(workgroups(photons, [10, 40]), expected, "{photons} photons");
        }
    }

    #[test]
    fn parts_hold_every_photon_once_and_no_more_than_fit() {
        let other = Features { packets: true, ..Features::NONE };
        let features = [Features::NONE, other, Features::NONE];
        let counts = [3, 5 << 30, 0, 7, 1 << 31, (1 << 31) + 1];
        let ranges: Vec<_> = counts
            .iter()
            .enumerate()
            .map(|(i, count)| PhotonRange { design: i as u32 % 3, first: (i as u64) << 40, count: *count })
            .collect();
        let parts = parts(&ranges, &features);
        for part in &parts {
            assert!((1..=PHOTONS_AT_ONCE).contains(&part.ranges.iter().map(|range| range.count).sum::<u64>()));
            assert!(part.ranges.iter().all(|range| features[range.design as usize] == part.features));
        }
        // pieces of a range follow each other; ranges lie far apart
        let mut pieces: Vec<_> =
            parts.iter().flat_map(|part| &part.ranges).map(|piece| (piece.first, piece.count)).collect();
        pieces.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::new();
        for (first, count) in pieces {
            match joined.last_mut() {
                Some(last) if last.0 + last.1 == first => last.1 += count,
                _ => joined.push((first, count)),
            }
        }
        let asked = ranges.iter().filter(|range| range.count > 0).map(|range| (range.first, range.count));
        assert!(joined.into_iter().eq(asked));
    }
}
