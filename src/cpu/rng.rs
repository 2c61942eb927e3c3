//! One stream of random numbers per photon: PCG32 (O'Neill 2014), bit for bit rand_pcg's `Pcg32`, whose state the
//! loops over many photons could not reach. Twin of `shaders/rng.wgsl`.

use super::geometry::Photon;

/// From one state to the next.
pub const MULTIPLIER: u64 = 0x5851_f42d_4c95_7f2d;

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

/// 64 random bits for photon `index`. Distinct indices of one seed give distinct bits: each step is a bijection.
#[inline(always)]
pub fn bits_for_photon(seed: u64, index: u64) -> u64 {
    mix64(mix64(seed).wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// 64 bits more from 64 bits.
#[inline(always)]
pub fn more_bits(bits: u64) -> u64 {
    mix64(bits.wrapping_add(0x9e37_79b9_7f4a_7c15))
}

/// The stream of photon `index` in a run with this seed. Blind to the design.
#[inline(always)]
pub fn rng_for_photon(seed: u64, index: u64) -> Rng {
    let state = bits_for_photon(seed, index);
    // its own increment, so that no two photons walk along one orbit
    rng_new(state, more_bits(state))
}

#[inline(always)]
pub fn rng_new(state: u64, stream: u64) -> Rng {
    let increment = (stream << 1) | 1;
    let mut rng = Rng { state: state.wrapping_add(increment), increment };
    rng.next_u32();
    rng
}

/// The stream of photon `index` in a stratified run: its first two words are a point of a (0,2)-sequence in base 2 (van
/// der Corput's and Sobol's second), scrambled anew for each group of photons; all further words are random as ever.
#[inline(always)]
pub fn stratified_rng(seed: u64, index: u64) -> Rng {
    let (low, high) = (index as u32, (index >> 32) as u32);
    let place = (low >> 5) | (high << 27);
    // the group, and how often its places have begun anew; counted from the end, where no photon is
    let block = (low & 31) | (high & !31);
    let key_1 = bits_for_photon(seed, !(block as u64));
    let key_2 = more_bits(key_1);
    let bits = bits_for_photon(seed, index);
    let state = state_before(scrambled(place, key_1), bits);
    let next = state_before(scrambled(sobol(place), key_2), more_bits(bits));
    // the step between the two. It must be odd; the lowest bit of a state does not show in its word
    let increment = (next & !1).wrapping_add(state.wrapping_mul(0xa7ae_0bd2_b36a_80d3)) | 1;
    Rng { state, increment }
}

/// Digits of point `place` in Sobol's second dimension, the last one first: Pascal's triangle modulo 2 times those of
/// `place`. In the first dimension they are those of `place`.
#[inline(always)]
pub fn sobol(place: u32) -> u32 {
    let mut digits = place;
    digits ^= (digits >> 1) & 0x5555_5555;
    digits ^= (digits >> 2) & 0x3333_3333;
    digits ^= (digits >> 4) & 0x0f0f_0f0f;
    digits ^= (digits >> 8) & 0x00ff_00ff;
    digits ^ (digits >> 16)
}

/// The word of these digits (the last one first) after a nested scramble, in which what becomes of a digit depends on
/// those before it alone (Owen 1995; by a hash, as Laine and Karras 2011): sums and products carry upwards only. Over all
/// keys words are uniform, and two of them independent behind the digit in which they first differ.
#[inline(always)]
pub fn scrambled(digits: u32, key: u64) -> u32 {
    let x = digits.wrapping_add(key as u32).wrapping_mul((key >> 32) as u32 | 1);
    // even factors, so that each step is a bijection
    let y = x ^ x.wrapping_mul(0xbf58_476c);
    (y ^ y.wrapping_mul(0x94d0_49ba)).reverse_bits()
}

/// The state of which `rng_next` makes this word, its other 32 bits from `bits`.
#[inline(always)]
pub fn state_before(word: u32, bits: u64) -> u64 {
    let turned = word.rotate_left((bits >> 59) as u32) as u64;
    let xorshifted = (bits & 0xf800_0000_07ff_ffff) | (turned << 27);
    // the inverse of s ^ (s >> 18)
    let back = xorshifted ^ (xorshifted >> 18);
    back ^ (back >> 36)
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
        self.state = old.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        // output permutation XSH-RR
        ((((old >> 18) ^ old) >> 27) as u32).rotate_right((old >> 59) as u32)
    }
}
