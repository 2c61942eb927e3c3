//! Rows of numbers, one for each lane, and sets of lanes.

use crate::cpu::rng::Rng;

/// Photons side by side: enough to fill wide registers many times, few enough for the first-level cache.
pub const LANES: usize = 64;
/// Lanes that one wide register holds.
pub const BLOCK: usize = 16;

/// One number of each lane.
pub type Row<T> = [T; LANES];

/// Yes or no for each lane: all bits set, or none. Such masks choose between numbers without comparing.
pub type Marks = Row<u32>;

#[inline(always)]
pub fn mark(yes: bool) -> u32 {
    (yes as u32).wrapping_neg()
}

/// The one number where the mark is set, else the other. Written out in bits: of a choice between a new number and what
/// stands in the place that is written, compilers make a masked store, which takes processors of AMD without AVX-512 a
/// dozen cycles. So masks are read from rows, and what is kept is written to another place than it was read from.
#[inline(always)]
pub fn choose(mark: u32, chosen: f32, other: f32) -> f32 {
    let (chosen, other) = (chosen.to_bits(), other.to_bits());
    f32::from_bits(other ^ ((other ^ chosen) & mark))
}

#[inline(always)]
pub fn choose_u64(mark: u32, chosen: u64, other: u64) -> u64 {
    // both halves of the long mark are the short one
    other ^ ((other ^ chosen) & mark as i32 as u64)
}

/// A set of lanes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Set(pub u64);

impl Set {
    /// The lanes that are marked.
    #[inline(always)]
    pub fn of(marks: &Marks) -> Self {
        let (mut low, mut high) = (0, 0);
        for lane in 0..32 {
            low |= marks[lane] & 1 << lane;
            high |= marks[lane + 32] & 1 << lane;
        }
        Self(low as u64 | (high as u64) << 32)
    }

    /// The first lanes, 64 at most.
    #[inline(always)]
    pub fn first(lanes: usize) -> Self {
        Self(if lanes >= LANES { !0 } else { (1 << lanes) - 1 })
    }

    #[inline(always)]
    pub fn with(self, lane: usize) -> Self {
        Self(self.0 | 1 << lane)
    }

    #[inline(always)]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline(always)]
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl Iterator for Set {
    type Item = usize;

    /// Takes the lowest lane out.
    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let lane = self.0.trailing_zeros() as usize % LANES;
        self.0 &= self.0 - 1;
        Some(lane)
    }
}

/// Streams of random numbers of all lanes.
pub struct Streams {
    pub state: Row<u64>,
    pub increment: Row<u64>,
}

impl Streams {
    #[inline(always)]
    pub fn get(&self, lane: usize) -> Rng {
        Rng { state: self.state[lane], increment: self.increment[lane] }
    }

    #[inline(always)]
    pub fn set(&mut self, lane: usize, rng: Rng) {
        self.state[lane] = rng.state;
        self.increment[lane] = rng.increment;
    }

    /// `rng_next` for all lanes.
    #[inline(always)]
    pub fn next(&mut self) -> Row<u32> {
        let mut bits = [0; LANES];
        for lane in 0..LANES {
            let mut rng = self.get(lane);
            bits[lane] = rng.next_u32();
            self.state[lane] = rng.state;
        }
        bits
    }

    /// `rng_next` for all lanes, of which those that are not `wanted` see the bits but keep their state.
    #[inline(always)]
    pub fn draw(&mut self, wanted: &Marks, bits: &mut Row<u32>) {
        for lane in 0..LANES {
            let mut rng = self.get(lane);
            let old = rng.state;
            bits[lane] = rng.next_u32();
            self.state[lane] = choose_u64(wanted[lane], rng.state, old);
        }
    }
}

/// What `uniform_f32` makes of random bits.
#[inline(always)]
pub fn uniform(bits: u32) -> f32 {
    (bits >> 8) as f32 * crate::cpu::sampling::exp2_int(-24)
}
