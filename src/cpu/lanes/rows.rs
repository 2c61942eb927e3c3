//! Rows of numbers, one for each lane, and sets of lanes.

/// Photons side by side: enough to fill wide registers many times, few enough for the first-level cache.
pub const LANES: usize = 64;
/// Lanes that one wide register holds.
pub const BLOCK: usize = 16;

/// One number of each lane.
pub type Row<T, const N: usize = LANES> = [T; N];

/// Yes or no for each lane: all bits set, or none. Such masks choose between numbers without comparing.
pub type Marks<const N: usize = LANES> = Row<u32, N>;

#[inline(always)]
pub fn mark(yes: bool) -> u32 {
    (yes as u32).wrapping_neg()
}

/// The one number where the mark is set, else the other. Written out in bits: of a choice between a new number and what
/// stands in the place that is written, compilers make a masked store, which takes processors of AMD without AVX-512 a
/// dozen cycles. So masks are read from rows, and what is kept is written to another place than it was read from.
#[inline(always)]
pub fn choose(mark: u32, chosen: f32, other: f32) -> f32 {
    f32::from_bits(choose_u32(mark, chosen.to_bits(), other.to_bits()))
}

#[inline(always)]
pub fn choose_u32(mark: u32, chosen: u32, other: u32) -> u32 {
    other ^ ((other ^ chosen) & mark)
}

/// A set of lanes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Set(pub u64);

impl Set {
    /// The lanes that are marked.
    #[inline(always)]
    pub fn of<const N: usize>(marks: &Marks<N>) -> Self {
        let (mut low, mut high) = (0, 0);
        for lane in 0..N.min(32) {
            low |= marks[lane] & 1 << lane;
        }
        for lane in 32..N {
            high |= marks[lane] & 1 << (lane - 32);
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
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
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

/// What `uniform_f32` makes of random bits.
#[inline(always)]
pub fn uniform(bits: u32) -> f32 {
    (bits >> 8) as f32 * crate::cpu::sampling::exp2_int(-24)
}
