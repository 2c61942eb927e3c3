// The functions of u64.wgsl with a device's own 64-bit integers, to the bit.

alias U64 = u64;

fn u64_of(low: u32, high: u32) -> U64 {
    return u64(low) | (u64(high) << 32u);
}

fn u64_low(a: U64) -> u32 {
    return u32(a);
}

fn u64_high(a: U64) -> u32 {
    return u32(a >> 32u);
}

fn u64_add(a: U64, b: U64) -> U64 {
    return a + b;
}

fn u64_product(a: u32, b: u32) -> U64 {
    return u64(a) * u64(b);
}

fn u64_multiply(a: U64, b: U64) -> U64 {
    return a * b;
}

fn u64_xor_shift(a: U64, shift: u32) -> U64 {
    return a ^ (a >> shift);
}
