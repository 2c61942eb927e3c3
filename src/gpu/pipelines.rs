//! The compiled program, once for each set of features that jobs had.

use std::collections::HashMap;
use std::sync::Mutex;

use super::failure::caught;
use super::{Features, shader};
use crate::engine::EngineError;

/// Pipelines of one device. All are bound to the same buffers.
#[derive(Debug)]
pub struct Pipelines {
    module: wgpu::ShaderModule,
    layout: wgpu::PipelineLayout,
    pub bind_group_layout: wgpu::BindGroupLayout,
    compiled: Mutex<HashMap<Features, wgpu::ComputePipeline>>,
}

impl Pipelines {
    /// # Errors
    /// When the device does not take the shaders.
    pub async fn new(device: &wgpu::Device, u64: shader::U64) -> Result<Self, EngineError> {
        let make = || {
            let source = wgpu::ShaderSource::Wgsl(shader::source(u64).into());
            let module = module(device, wgpu::ShaderModuleDescriptor { label: Some("relume"), source });
            let entries: Vec<_> = (0..).zip(shader::BINDINGS).map(|(binding, ty)| entry(binding, ty)).collect();
            let bind_group_layout = device
                .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some("job"), entries: &entries });
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("relume"),
                bind_group_layouts: &[Some(&bind_group_layout)],
                ..Default::default()
            });
            Self { module, layout, bind_group_layout, compiled: Mutex::default() }
        };
        caught(device, make).await
    }

    /// The pipeline for jobs with these features, compiled when first asked for.
    ///
    /// # Errors
    /// When the device does not take the shaders.
    pub async fn get(&self, device: &wgpu::Device, features: Features) -> Result<wgpu::ComputePipeline, EngineError> {
        let known = self.compiled.lock().expect("no thread panics while it holds this").get(&features).cloned();
        if let Some(pipeline) = known {
            return Ok(pipeline);
        }
        let constants = features.constants();
        let constants: Vec<_> = constants.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let descriptor = wgpu::ComputePipelineDescriptor {
            label: Some("run_lanes"),
            layout: Some(&self.layout),
            module: &self.module,
            entry_point: Some("run_lanes"),
            compilation_options: wgpu::PipelineCompilationOptions { constants: &constants, ..Default::default() },
            cache: None,
        };
        let pipeline = caught(device, || device.create_compute_pipeline(&descriptor)).await?;
        self.compiled.lock().expect("no thread panics while it holds this").insert(features, pipeline.clone());
        Ok(pipeline)
    }
}

/// The program without the counter of 64 bits that wgpu adds to every loop, which takes up to 12 registers of a lane
/// (docs/benchmarks.md). All else is checked.
fn module(device: &wgpu::Device, descriptor: wgpu::ShaderModuleDescriptor) -> wgpu::ShaderModule {
    let mut checks = wgpu::ShaderRuntimeChecks::checked();
    checks.force_loop_bounding = false;
    // SAFETY: no loop of the shaders is endless. Turns count events up to those of a round, rounds up to those of the
    // dispatch, others up to the length of a table or down to 0 by halves; what bounds them stays as it is meanwhile.
    // The range of a slot lies between two ends that come together, since a job has a range at least.
    unsafe { device.create_shader_module_trusted(descriptor, checks) }
}

fn entry(binding: u32, ty: wgpu::BufferBindingType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    }
}
