//! The photons of a job, handed out to threads piece by piece. A thread's lanes live on from one piece of a design to
//! the next, so that they run empty once for a thread and a design.

use std::ops::{ControlFlow, Range};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::rows::LANES;
use crate::engine::{Monitor, PhotonRange};

/// Photons of the largest piece, after which a stop is heard: a few milliseconds of work, but for photons that live very long.
const MOST: u64 = 1 << 13;

/// What the threads that share a job take from.
pub struct Supply<'a> {
    ranges: &'a [PhotonRange],
    threads: u64,
    left: Mutex<Left>,
    ended: AtomicU64,
    stopped: AtomicBool,
    monitor: &'a dyn Monitor,
}

struct Left {
    /// Photons of each range that were handed out.
    taken: Vec<u64>,
    /// The first range of which none was.
    untouched: usize,
}

/// One thread's hold on a range.
pub struct Hold<'a> {
    supply: &'a Supply<'a>,
    number: usize,
    taken: u64,
    ended: u64,
}

impl<'a> Supply<'a> {
    pub fn new(ranges: &'a [PhotonRange], threads: usize, monitor: &'a dyn Monitor) -> Self {
        Self {
            ranges,
            threads: threads as u64,
            left: Mutex::new(Left { taken: vec![0; ranges.len()], untouched: 0 }),
            ended: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            monitor,
        }
    }

    /// A range to take photons from: one of which none were taken yet, else the one with most left.
    pub fn hold(&'a self) -> Option<Hold<'a>> {
        if self.stopped.load(Ordering::Relaxed) {
            return None;
        }
        let mut left = self.left.lock().expect("no thread panics while it takes");
        let number = left.untouched;
        if number < self.ranges.len() {
            left.untouched += 1;
            return Some(Hold { supply: self, number, taken: 0, ended: 0 });
        }
        let rest = |number: &usize| self.ranges[*number].count - left.taken[*number];
        let number = (0..self.ranges.len()).max_by_key(rest).filter(|number| rest(number) > 0)?;
        Some(Hold { supply: self, number, taken: 0, ended: 0 })
    }

    /// Indices of the next piece of a range. Where no range is left untouched, pieces shrink as it runs out, so that
    /// all who share it end together.
    fn take(&self, number: usize) -> Range<u64> {
        let range = &self.ranges[number];
        let mut left = self.left.lock().expect("no thread panics while it takes");
        let rest = range.count - left.taken[number];
        let share = if left.untouched < self.ranges.len() { MOST } else { rest / (2 * self.threads) };
        let first = range.first + left.taken[number];
        let count = share.clamp(LANES as u64, MOST).min(rest);
        left.taken[number] += count;
        first..first + count
    }
}

impl Hold<'_> {
    pub fn design(&self) -> u32 {
        self.supply.ranges[self.number].design
    }

    /// The next piece, empty at the end or after a stop. `under_way` photons of earlier pieces have not ended.
    pub fn next(&mut self, under_way: u32) -> Range<u64> {
        self.tell(under_way);
        if self.supply.stopped.load(Ordering::Relaxed) {
            return 0..0;
        }
        let piece = self.supply.take(self.number);
        self.taken += piece.end - piece.start;
        piece
    }

    /// Tells the monitor of what has ended since.
    pub fn tell(&mut self, under_way: u32) {
        let ended = self.taken - under_way as u64;
        if ended == self.ended {
            return;
        }
        let new = ended - self.ended;
        self.ended = ended;
        let all = self.supply.ended.fetch_add(new, Ordering::Relaxed) + new;
        if let ControlFlow::Break(()) = self.supply.monitor.progress(all) {
            self.supply.stopped.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hears how many photons have ended, and breaks off once they are more than this.
    struct Listener(u64, AtomicU64);

    impl Monitor for Listener {
        fn seconds(&self) -> f64 {
            0.0
        }

        fn progress(&self, photons: u64) -> ControlFlow<()> {
            self.1.fetch_max(photons, Ordering::Relaxed);
            if photons > self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    fn ranges() -> Vec<PhotonRange> {
        let counts = [30_000, 0, 1, 64, 100_000, 65];
        let range = |(design, count): (usize, &u64)| PhotonRange { design: design as u32, first: 1000, count: *count };
        counts.iter().enumerate().map(range).collect()
    }

    /// What two threads that take turns are given, by range.
    fn hand_out(supply: &Supply, ranges: &[PhotonRange]) -> Vec<Vec<Range<u64>>> {
        let mut given = vec![Vec::new(); ranges.len()];
        let mut holds = [supply.hold(), supply.hold()];
        while holds.iter().any(Option::is_some) {
            for hold in &mut holds {
                let Some(own) = hold else { continue };
                let piece = own.next(0);
                if piece.is_empty() {
                    *hold = supply.hold();
                } else {
                    given[own.number].push(piece);
                }
            }
        }
        given
    }

    #[test]
    fn every_photon_is_handed_out_once() {
        let (ranges, listener) = (ranges(), Listener(u64::MAX, AtomicU64::new(0)));
        let supply = Supply::new(&ranges, 2, &listener);
        let given = hand_out(&supply, &ranges);
        for (range, pieces) in ranges.iter().zip(&given) {
            let mut next = range.first;
            for piece in pieces {
                assert_eq!(piece.start, next);
                next = piece.end;
            }
            assert_eq!(next, range.first + range.count);
        }
        assert_eq!(listener.1.into_inner(), ranges.iter().map(|range| range.count).sum::<u64>());
        let last = given[4].last().expect("pieces of the largest range");
        assert!(last.end - last.start <= 65, "the last pieces are small: {last:?}");
    }

    #[test]
    fn nothing_is_handed_out_after_a_break() {
        let (ranges, listener) = (ranges(), Listener(20_000, AtomicU64::new(0)));
        let supply = Supply::new(&ranges, 2, &listener);
        let given = hand_out(&supply, &ranges);
        let photons: u64 = given.iter().flatten().map(|piece| piece.end - piece.start).sum();
        assert!((20_001..20_001 + 3 * MOST).contains(&photons), "{photons}");
        assert!(supply.hold().is_none());
    }

    #[test]
    fn photons_under_way_are_not_told_of() {
        let ranges = [PhotonRange { design: 0, first: 0, count: 1000 }];
        let listener = Listener(u64::MAX, AtomicU64::new(0));
        let supply = Supply::new(&ranges, 1, &listener);
        let mut hold = supply.hold().expect("photons");
        let taken = hold.next(0).end;
        hold.next(64);
        assert_eq!(listener.1.load(Ordering::Relaxed), taken - 64);
    }
}
