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

// The stream of photon `index` in a run with this seed. Blind to the design.
fn rng_for_photon(seed: U64, index: U64) -> Rng {
    // Distinct indices of one seed give distinct states: each step is a bijection
    let golden = u64_of(0x7f4a7c15u, 0x9e3779b9u);
    let state = mix64(u64_add(mix64(seed), u64_multiply(index, golden)));
    // and its own increment, so that no two photons walk along one orbit.
    let stream = mix64(u64_add(state, golden));
    return rng_new(state, stream);
}

fn rng_new(state: U64, stream: U64) -> Rng {
    var rng: Rng;
    rng.increment = u64_of((u64_low(stream) << 1u) | 1u, (u64_high(stream) << 1u) | (u64_low(stream) >> 31u));
    rng.state = u64_add(state, rng.increment);
    rng.state = u64_add(u64_multiply(rng.state, u64_of(0x4c957f2du, 0x5851f42du)), rng.increment);
    return rng;
}

// 32 random bits.
fn rng_next(photon: ptr<function, Photon>) -> u32 {
    let old = (*photon).rng.state;
    (*photon).rng.state = u64_add(u64_multiply(old, u64_of(0x4c957f2du, 0x5851f42du)), (*photon).rng.increment);
    // output permutation XSH-RR: ((old >> 18) ^ old) >> 27, rotated right by old >> 59
    let xorshifted = u64_xor_shift(old, 18u);
    let word = (u64_low(xorshifted) >> 27u) | (u64_high(xorshifted) << 5u);
    let turn = u64_high(old) >> 27u;
    return (word >> turn) | (word << ((32u - turn) & 31u));
}
