//! The WGSL sources, joined in a fixed order.

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

/// The whole program.
pub fn source() -> String {
    FILES.map(|(_, text)| text).join("\n")
}

/// Threads of a workgroup, as `lanes.wgsl` has it.
pub const WORKGROUP: u32 = 64;
/// Words before the first design's counts.
pub const COUNT_NEXT: usize = 0;
pub const COUNT_BUSY: usize = 1;
pub const COUNT_HEADER: usize = 2;
/// Bytes of one lane's photon.
pub const PHOTON_BYTES: u64 = 128;

/// Consecutive photons of one design; `start` is the number of its first among the photons of the job.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct WorkRange {
    pub design: u32,
    pub first_low: u32,
    pub first_high: u32,
    pub start: u32,
}

/// What a dispatch is told.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct JobHeader {
    pub seed: [u32; 2],
    pub photons: u32,
    pub ranges: u32,
    pub turns: u32,
    pub padding: u32,
}
