//! The WGSL sources, joined in a fixed order.

use crate::counts::GROUPS;

/// Each shader file and its text, in the order they are joined.
pub const FILES: [(&str, &str); 13] = [
    ("tables", include_str!("../../shaders/tables.wgsl")),
    ("u64", include_str!("../../shaders/u64.wgsl")),
    ("rng", include_str!("../../shaders/rng.wgsl")),
    ("sampling", include_str!("../../shaders/sampling.wgsl")),
    ("geometry", include_str!("../../shaders/geometry.wgsl")),
    ("fresnel", include_str!("../../shaders/fresnel.wgsl")),
    ("medium", include_str!("../../shaders/medium.wgsl")),
    ("packet", include_str!("../../shaders/packet.wgsl")),
    ("dipole", include_str!("../../shaders/dipole.wgsl")),
    ("source", include_str!("../../shaders/source.wgsl")),
    ("tally", include_str!("../../shaders/tally.wgsl")),
    ("transport", include_str!("../../shaders/transport.wgsl")),
    ("lanes", include_str!("../../shaders/lanes.wgsl")),
];

/// What stands in place of `u64` on devices that have such integers.
const U64_NATIVE: &str = include_str!("../../shaders/u64_native.wgsl");

/// How a device multiplies 64-bit integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum U64 {
    /// As pairs of 32 bits: on every device.
    Pairs,
    /// By itself: where it has `SHADER_INT64`.
    Native,
}

/// The whole program. Both forms compute the same bits.
pub fn source(u64: U64) -> String {
    let text = |(name, text)| if name == "u64" && u64 == U64::Native { U64_NATIVE } else { text };
    FILES.map(text).join("\n")
}

/// What a device must offer for the program.
pub fn needed_features(u64: U64) -> wgpu::Features {
    match u64 {
        U64::Pairs => wgpu::Features::empty(),
        U64::Native => wgpu::Features::SHADER_INT64,
    }
}

/// The bindings of group 0, in order.
pub const BINDINGS: [wgpu::BufferBindingType; 10] = {
    use wgpu::BufferBindingType::{Storage, Uniform};
    let (table, written) = (Storage { read_only: true }, Storage { read_only: false });
    [Uniform, table, table, table, table, table, table, written, written, Uniform]
};

/// Threads of a workgroup, as `lanes.wgsl` has it.
pub const WORKGROUP: u32 = 64;
/// Words before the first design's counts: photons taken of each group, photons that ended; and of one dispatch, lanes
/// with work left, turns flown, and photons served.
pub const COUNT_NEXT: usize = 0;
pub const COUNT_ENDED: usize = GROUPS;
pub const COUNT_BUSY: usize = GROUPS + 1;
pub const COUNT_FLOWN: usize = GROUPS + 2;
pub const COUNT_SERVED: usize = GROUPS + 3;
pub const COUNT_HEADER: usize = GROUPS + 4;
/// Bytes of one lane's photon.
pub const PHOTON_BYTES: u64 = 144;

/// Consecutive photons of one design. `start` is the place of its first among the slots of the job: slot `i` is for a
/// photon of group `i % GROUPS`, so that a lane that takes every [`GROUPS`]th slot has photons of one group.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct WorkRange {
    pub design: u32,
    pub first_low: u32,
    pub first_high: u32,
    pub start: u32,
    pub count: u32,
}

/// What a dispatch is told.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct JobHeader {
    pub seed: [u32; 2],
    /// The first range: all that there is without [`super::Features::many_ranges`].
    pub first: [u32; 2],
    pub design: u32,
    pub start: u32,
    /// Slots and ranges of the job.
    pub slots: u32,
    pub ranges: u32,
    pub rounds: u32,
    pub turns: u32,
}
