//! One stream of random numbers per photon: rand_pcg's `Pcg32`. Twin of `shaders/rng.wgsl`.

use rand::Rng as _;
pub use rand_pcg::Pcg32 as Rng;

use super::geometry::Photon;

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
    Rng::new(state, stream)
}

/// 32 random bits.
#[inline(always)]
pub fn rng_next(photon: &mut Photon) -> u32 {
    photon.rng.next_u32()
}
