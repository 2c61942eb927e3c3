//! Streams of random numbers side by side. Their 64 bits are kept as halves: processors multiply 32 bits many at a
//! time, and 64 (before AVX-512) half as many in thrice the instructions. The numbers are those of `Rng`.

use super::rows::{LANES, choose_u32};
use crate::cpu::rng::{MULTIPLIER, Rng};

pub struct Streams<const N: usize = LANES> {
    state_low: [u32; N],
    state_high: [u32; N],
    increment_low: [u32; N],
    increment_high: [u32; N],
}

impl<const N: usize> Streams<N> {
    #[inline(always)]
    pub fn empty() -> Self {
        Self { state_low: [0; N], state_high: [0; N], increment_low: [0; N], increment_high: [0; N] }
    }

    #[inline(always)]
    pub fn get(&self, lane: usize) -> Rng {
        Rng {
            state: joined(self.state_low[lane], self.state_high[lane]),
            increment: joined(self.increment_low[lane], self.increment_high[lane]),
        }
    }

    #[inline(always)]
    pub fn set(&mut self, lane: usize, rng: Rng) {
        self.advance(lane, rng);
        (self.increment_low[lane], self.increment_high[lane]) = halves(rng.increment);
    }

    /// The same stream some numbers on.
    #[inline(always)]
    pub fn advance(&mut self, lane: usize, rng: Rng) {
        (self.state_low[lane], self.state_high[lane]) = halves(rng.state);
    }

    /// Takes a stream from a lane of others, or brings it back.
    #[inline(always)]
    pub fn copy<const M: usize>(&mut self, lane: usize, others: &Streams<M>, other: usize) {
        self.state_low[lane] = others.state_low[other];
        self.state_high[lane] = others.state_high[other];
        self.increment_low[lane] = others.increment_low[other];
        self.increment_high[lane] = others.increment_high[other];
    }

    /// The next numbers of all lanes.
    #[inline(always)]
    pub fn next<const K: usize>(&mut self) -> [[u32; N]; K] {
        self.draw(&[!0; N])
    }

    /// The next numbers of all lanes, of which those that are not marked see them but keep their state.
    #[inline(always)]
    pub fn draw<const K: usize>(&mut self, wanted: &[u32; N]) -> [[u32; N]; K] {
        let mut bits = [[0; N]; K];
        for lane in 0..N {
            let (old_low, old_high) = (self.state_low[lane], self.state_high[lane]);
            let increment = (self.increment_low[lane], self.increment_high[lane]);
            let mut state = (old_low, old_high);
            for draw in 0..K {
                bits[draw][lane] = word(state);
                state = step(state, increment);
            }
            self.state_low[lane] = choose_u32(wanted[lane], state.0, old_low);
            self.state_high[lane] = choose_u32(wanted[lane], state.1, old_high);
        }
        bits
    }
}

/// What a state shows: `((state >> 18) ^ state) >> 27`, rotated right by `state >> 59`.
#[inline(always)]
fn word((low, high): (u32, u32)) -> u32 {
    ((low >> 27 | high << 5) ^ high >> 13).rotate_right(high >> 27)
}

/// The state after this one.
#[inline(always)]
fn step((low, high): (u32, u32), (increment_low, increment_high): (u32, u32)) -> (u32, u32) {
    let (factor_low, factor_high) = halves(MULTIPLIER);
    let product = low as u64 * factor_low as u64;
    let cross = low.wrapping_mul(factor_high).wrapping_add(high.wrapping_mul(factor_low));
    let sum = (product as u32).wrapping_add(increment_low);
    let carry = (sum < increment_low) as u32;
    let high = ((product >> 32) as u32).wrapping_add(cross).wrapping_add(increment_high).wrapping_add(carry);
    (sum, high)
}

#[inline(always)]
fn halves(whole: u64) -> (u32, u32) {
    (whole as u32, (whole >> 32) as u32)
}

#[inline(always)]
fn joined(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}
