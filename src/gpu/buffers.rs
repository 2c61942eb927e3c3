//! The buffers of a job: tables on the way in, counts on the way out.

use bytemuck::Pod;
use wgpu::util::DeviceExt;

use super::GpuEngine;
use super::shader::{COUNT_HEADER, JobHeader, PHOTON_BYTES, WORKGROUP, WorkRange};
use crate::engine::EngineError;
use crate::tables::{NONE, Tables};

/// Everything a job's dispatches are bound to.
pub struct JobBuffers {
    pub header: wgpu::Buffer,
    pub counts: wgpu::Buffer,
    pub bind_group: wgpu::BindGroup,
}

const WORD: u64 = 4;

impl JobBuffers {
    /// # Errors
    /// When a table is larger than the device binds at once.
    pub fn new(engine: &GpuEngine, tables: &Tables, work: &[WorkRange]) -> Result<Self, EngineError> {
        let count_words = COUNT_HEADER + tables.layouts.iter().map(|layout| layout.words()).sum::<usize>();
        let device = &engine.device;
        let counts = storage(device, "counts", count_words as u64 * WORD)?;
        let lanes = storage(device, "lanes", (engine.workgroups * WORKGROUP) as u64 * PHOTON_BYTES)?;
        let header = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("job"),
            size: size_of::<JobHeader>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let buffers = [
            header,
            table(device, "designs", &shifted(tables))?,
            table(device, "media", &tables.media)?,
            table(device, "emitters", &tables.emitters)?,
            table(device, "nodes", &tables.nodes)?,
            table(device, "coefficients", &tables.coefficients)?,
            table(device, "work", work)?,
            counts,
            lanes,
        ];
        let entries: Vec<_> = (0..)
            .zip(&buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("job"),
            layout: &engine.pipelines.bind_group_layout,
            entries: &entries,
        });
        let [header, .., counts, _lanes] = buffers;
        Ok(Self { header, counts, bind_group })
    }
}

/// The designs with their counts moved behind the header.
fn shifted(tables: &Tables) -> Vec<crate::tables::Design> {
    let mut designs = tables.designs.clone();
    for design in &mut designs {
        design.first_count += COUNT_HEADER as u32;
        for block in [&mut design.first_chain, &mut design.first_histogram] {
            if *block != NONE {
                *block += COUNT_HEADER as u32;
            }
        }
    }
    designs
}

/// A read-only table. An empty one still gets a row, which nothing reads.
fn table<T: Pod>(device: &wgpu::Device, label: &str, rows: &[T]) -> Result<wgpu::Buffer, EngineError> {
    let empty = [T::zeroed()];
    let contents: &[u8] = bytemuck::cast_slice(if rows.is_empty() { &empty } else { rows });
    check_size(device, contents.len() as u64)?;
    Ok(device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
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
