//! One stream of random numbers per photon: PCG32 (O'Neill 2014), bit for bit rand_pcg's `Pcg32`, whose state the
//! loops over many photons could not reach. Twin of `shaders/rng.wgsl`.

use super::geometry::Photon;

/// A stream of random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rng {
    pub state: u64,
    pub increment: u64,
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection in which every input bit
/// reaches every output bit.
#[inline(always)]
pub fn mix64(x: u64) -> u64 {
    let a = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    b ^ (b >> 31)
}

/// The stream of photon `index` in a run with this seed. Blind to the design.
#[inline(always)]
pub fn rng_for_photon(seed: u64, index: u64) -> Rng {
    // Distinct indices of one seed give distinct states: each step is a bijection
    let golden = 0x9e37_79b9_7f4a_7c15;
    let state = mix64(mix64(seed).wrapping_add(index.wrapping_mul(golden)));
    // and its own increment, so that no two photons walk along one orbit.
    let stream = mix64(state.wrapping_add(golden));
    rng_new(state, stream)
}

#[inline(always)]
pub fn rng_new(state: u64, stream: u64) -> Rng {
    let increment = (stream << 1) | 1;
    let mut rng = Rng { state: state.wrapping_add(increment), increment };
    rng.next_u32();
    rng
}

/// 32 random bits.
#[inline(always)]
pub fn rng_next(photon: &mut Photon) -> u32 {
    photon.rng.next_u32()
}

impl Rng {
    /// 32 random bits.
    #[inline(always)]
    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(self.increment);
        // output permutation XSH-RR
        ((((old >> 18) ^ old) >> 27) as u32).rotate_right((old >> 59) as u32)
    }
}
