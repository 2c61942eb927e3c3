// One stream of random numbers per photon: PCG32 (O'Neill 2014), bit for bit rand_pcg's `Pcg32`.

struct Rng {
    state: U64,
    increment: U64,
}

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection in which every input bit
// reaches every output bit.
fn mix64(x: U64) -> U64 {
    let a = u64_multiply(u64_xor_shift(x, 30u), u64_of(0x1ce4e5b9u, 0xbf58476du));
    let b = u64_multiply(u64_xor_shift(a, 27u), u64_of(0x133111ebu, 0x94d049bbu));
    return u64_xor_shift(b, 31u);
}

// 64 random bits for photon `index`. Distinct indices of one seed give distinct bits: each step is a bijection.
fn bits_for_photon(seed: U64, index: U64) -> U64 {
    return mix64(u64_add(mix64(seed), u64_multiply(index, u64_of(0x7f4a7c15u, 0x9e3779b9u))));
}

// 64 bits more from 64 bits.
fn more_bits(bits: U64) -> U64 {
    return mix64(u64_add(bits, u64_of(0x7f4a7c15u, 0x9e3779b9u)));
}

// The stream of photon `index` in a run with this seed. Blind to the design.
fn rng_for_photon(seed: U64, index: U64) -> Rng {
    let state = bits_for_photon(seed, index);
    // its own increment, so that no two photons walk along one orbit
    return rng_new(state, more_bits(state));
}

fn rng_new(state: U64, stream: U64) -> Rng {
    var rng: Rng;
    rng.increment = u64_of((u64_low(stream) << 1u) | 1u, (u64_high(stream) << 1u) | (u64_low(stream) >> 31u));
    rng.state = u64_add(state, rng.increment);
    rng.state = u64_add(u64_multiply(rng.state, u64_of(0x4c957f2du, 0x5851f42du)), rng.increment);
    return rng;
}

// The stream of photon `index` in a stratified run: its first two words are a point of a (0,2)-sequence in base 2 (van
// der Corput's and Sobol's second), scrambled anew for each group of photons; all further words are random as ever.
fn stratified_rng(seed: U64, index: U64) -> Rng {
    let low = u64_low(index);
    let high = u64_high(index);
    let place = (low >> 5u) | (high << 27u);
    // the group, and how often its places have begun anew; counted from the end, where no photon is
    let block = (low & 31u) | (high & ~31u);
    let key_1 = bits_for_photon(seed, u64_of(~block, ~0u));
    let key_2 = more_bits(key_1);
    let bits = bits_for_photon(seed, index);
    let state = state_before(scrambled(place, key_1), bits);
    let next = state_before(scrambled(sobol(place), key_2), more_bits(bits));
    // the step between the two. It must be odd; the lowest bit of a state does not show in its word
    let even = u64_of(u64_low(next) & ~1u, u64_high(next));
    let step = u64_add(even, u64_multiply(state, u64_of(0xb36a80d3u, 0xa7ae0bd2u)));
    var rng: Rng;
    rng.state = state;
    rng.increment = u64_of(u64_low(step) | 1u, u64_high(step));
    return rng;
}

// Digits of point `place` in Sobol's second dimension, the last one first: Pascal's triangle modulo 2 times those of
// `place`. In the first dimension they are those of `place`.
fn sobol(place: u32) -> u32 {
    var digits = place;
    digits ^= (digits >> 1u) & 0x55555555u;
    digits ^= (digits >> 2u) & 0x33333333u;
    digits ^= (digits >> 4u) & 0x0f0f0f0fu;
    digits ^= (digits >> 8u) & 0x00ff00ffu;
    return digits ^ (digits >> 16u);
}

// The word of these digits (the last one first) after a nested scramble, in which what becomes of a digit depends on
// those before it alone (Owen 1995; by a hash, as Laine and Karras 2011): sums and products carry upwards only. Over all
// keys words are uniform, and two of them independent behind the digit in which they first differ.
fn scrambled(digits: u32, key: U64) -> u32 {
    let x = (digits + u64_low(key)) * (u64_high(key) | 1u);
    // even factors, so that each step is a bijection
    let y = x ^ (x * 0xbf58476cu);
    return reverseBits(y ^ (y * 0x94d049bau));
}

// The state of which `rng_next` makes this word, its other 32 bits from `bits`.
fn state_before(word: u32, bits: U64) -> U64 {
    let turn = u64_high(bits) >> 27u;
    let turned = (word << turn) | (word >> ((32u - turn) & 31u));
    let low = (u64_low(bits) & 0x07ffffffu) | (turned << 27u);
    let high = (u64_high(bits) & 0xf8000000u) | (turned >> 5u);
    // the inverse of s ^ (s >> 18)
    let back = u64_xor_shift(u64_of(low, high), 18u);
    return u64_of(u64_low(back) ^ (u64_high(back) >> 4u), u64_high(back));
}

// 32 random bits.
fn rng_next(photon: ptr<function, Photon>) -> u32 {
    let old = (*photon).rng.state;
    (*photon).rng.state = u64_add(u64_multiply(old, u64_of(0x4c957f2du, 0x5851f42du)), (*photon).rng.increment);
    // output permutation XSH-RR: ((old >> 18) ^ old) >> 27, rotated right by old >> 59; 32 bits at a time
    let high = u64_high(old);
    let word = ((u64_low(old) >> 27u) | (high << 5u)) ^ (high >> 13u);
    let turn = high >> 27u;
    return (word >> turn) | (word << ((32u - turn) & 31u));
}
