//! The buffers of jobs: tables on the way in, counts on the way out.

use bytemuck::Pod;
use wgpu::util::DeviceExt;

use super::GpuEngine;
use super::shader::{COUNT_HEADER, JobHeader, PHOTON_BYTES, WORKGROUP, WorkRange};
use super::traffic;
use crate::engine::EngineError;
use crate::tables::{Design, NONE, Tables};

/// What dispatches are bound to, for all jobs of the same tables but for the lists of their photons.
pub struct Buffers {
    pub header: wgpu::Buffer,
    pub counts: wgpu::Buffer,
    /// Where counts are read back.
    pub read_counts: wgpu::Buffer,
    /// Where the headers of the counts are read back, those that no dispatch under way writes.
    pub read_headers: Vec<wgpu::Buffer>,
    pub lanes: wgpu::Buffer,
    designs: wgpu::Buffer,
    media: wgpu::Buffer,
    emitters: wgpu::Buffer,
    nodes: wgpu::Buffer,
    coefficients: wgpu::Buffer,
}

const WORD: u64 = 4;
/// Bytes before the first design's counts.
pub const HEADER_BYTES: u64 = COUNT_HEADER as u64 * WORD;

impl Buffers {
    /// # Errors
    /// When a table is larger than the device binds at once.
    pub fn new(engine: &GpuEngine, tables: &Tables) -> Result<Self, EngineError> {
        let count_words = tables.layouts.iter().map(|layout| layout.words()).sum::<usize>();
        let count_bytes = count_words as u64 * WORD;
        Ok(Self {
            header: engine.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("job"),
                size: size_of::<JobHeader>() as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
            counts: storage(&engine.device, "counts", HEADER_BYTES + count_bytes)?,
            read_counts: read_back(engine, count_bytes),
            read_headers: Vec::new(),
            lanes: storage(&engine.device, "lanes", (engine.workgroups[1] * WORKGROUP) as u64 * PHOTON_BYTES)?,
            designs: table(engine, "designs", &tables.designs.iter().map(shifted).collect::<Vec<_>>())?,
            media: table(engine, "media", &tables.media)?,
            emitters: table(engine, "emitters", &tables.emitters)?,
            nodes: table(engine, "nodes", &tables.nodes)?,
            coefficients: table(engine, "coefficients", &tables.coefficients)?,
        })
    }

    /// These and a list of photons to run.
    ///
    /// # Errors
    /// When the list is larger than the device binds at once.
    pub fn bind(
        &self,
        engine: &GpuEngine,
        tables: &Tables,
        work: &[WorkRange],
    ) -> Result<wgpu::BindGroup, EngineError> {
        let only_design = only_design(engine, shifted(&tables.designs[work[0].design as usize]));
        let work = table(engine, "work", work)?;
        let Self { header, designs, media, emitters, nodes, coefficients, counts, lanes, .. } = self;
        let buffers = [header, designs, media, emitters, nodes, coefficients, &work, counts, lanes, &only_design];
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        Ok(engine.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("job"),
            layout: &engine.pipelines.bind_group_layout,
            entries: &entries,
        }))
    }
}

/// A buffer that the host reads.
pub fn read_back(engine: &GpuEngine, size: u64) -> wgpu::Buffer {
    engine.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("read back"),
        size,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A design with its counts moved behind the header.
fn shifted(design: &Design) -> Design {
    let moved = |row: u32| if row == NONE { NONE } else { row + COUNT_HEADER as u32 };
    Design {
        first_count: moved(design.first_count),
        first_chain: moved(design.first_chain),
        first_histogram: moved(design.first_histogram),
        ..*design
    }
}

/// The design of a job that has but one. Uniform buffers are read in steps of 16 bytes.
fn only_design(engine: &GpuEngine, design: Design) -> wgpu::Buffer {
    let mut contents = bytemuck::bytes_of(&design).to_vec();
    contents.resize(contents.len().next_multiple_of(16), 0);
    traffic::add(&engine.counter.sent_bytes, contents.len() as u64);
    engine.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("only design"),
        contents: &contents,
        usage: wgpu::BufferUsages::UNIFORM,
    })
}

/// A read-only table. An empty one still gets a row, which nothing reads.
fn table<T: Pod>(engine: &GpuEngine, label: &str, rows: &[T]) -> Result<wgpu::Buffer, EngineError> {
    let empty = [T::zeroed()];
    let contents: &[u8] = bytemuck::cast_slice(if rows.is_empty() { &empty } else { rows });
    check_size(&engine.device, contents.len() as u64)?;
    traffic::add(&engine.counter.sent_bytes, contents.len() as u64);
    Ok(engine.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some(label),
        contents,
        usage: wgpu::BufferUsages::STORAGE,
    }))
}

/// A buffer of zeros that shaders write.
fn storage(device: &wgpu::Device, label: &str, size: u64) -> Result<wgpu::Buffer, EngineError> {
    check_size(device, size)?;
    Ok(device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    }))
}

fn check_size(device: &wgpu::Device, needed: u64) -> Result<(), EngineError> {
    let limits = device.limits();
    let allowed = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    if needed > allowed { Err(EngineError::TooLarge { needed, allowed }) } else { Ok(()) }
}
