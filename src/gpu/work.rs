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
