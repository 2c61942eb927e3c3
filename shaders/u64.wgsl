// 64-bit integers as vec2(low, high), for devices without their own: see u64_native.wgsl. Rust has them built in, so
// this file has no twin.

alias U64 = vec2<u32>;

fn u64_of(low: u32, high: u32) -> U64 {
    return vec2(low, high);
}

fn u64_low(a: U64) -> u32 {
    return a.x;
}

fn u64_high(a: U64) -> u32 {
    return a.y;
}

fn u64_add(a: U64, b: U64) -> U64 {
    let low = a.x + b.x;
    return vec2(low, a.y + b.y + select(0u, 1u, low < a.x));
}

// The full product of two 32-bit numbers, from 16-bit halves.
fn u64_product(a: u32, b: u32) -> U64 {
    let a_low = a & 0xffffu;
    let a_high = a >> 16u;
    let b_low = b & 0xffffu;
    let b_high = b >> 16u;
    let low = a_low * b_low;
    let middle = a_high * b_low + (low >> 16u);
    let cross = a_low * b_high + (middle & 0xffffu);
    return vec2((cross << 16u) | (low & 0xffffu), a_high * b_high + (middle >> 16u) + (cross >> 16u));
}

// The low 64 bits of a product.
fn u64_multiply(a: U64, b: U64) -> U64 {
    let low = u64_product(a.x, b.x);
    return vec2(low.x, low.y + a.x * b.y + a.y * b.x);
}

// a ^ (a >> shift), for 0 < shift < 32.
fn u64_xor_shift(a: U64, shift: u32) -> U64 {
    return a ^ vec2((a.x >> shift) | (a.y << (32u - shift)), a.y >> shift);
}
