//! The GPU engine: the shaders of `shaders/` through wgpu, on Vulkan, Metal or DX12.

mod adapters;
mod buffers;
mod run;
pub mod shader;

pub use adapters::{AdapterLimits, GpuAdapter, GpuBackend, adapters};

use crate::counts::Counts;
use crate::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Monitor};

/// Runs photons on one graphics adapter.
#[derive(Debug)]
pub struct GpuEngine {
    device_info: DeviceInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    /// Workgroups of a dispatch: enough lanes to fill the device.
    workgroups: u32,
}

impl GpuEngine {
    /// Opens an adapter and compiles the shaders for it.
    ///
    /// # Errors
    /// When the adapter gives no device or does not take the shaders.
    pub async fn open(adapter: &GpuAdapter) -> Result<Self, EngineError> {
        let wgpu_adapter = &adapter.adapter;
        let (device, queue) = wgpu_adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("relume"),
                required_limits: wgpu_adapter.limits(),
                ..Default::default()
            })
            .await
            .map_err(|error| EngineError::Device(error.to_string()))?;
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("relume"),
            source: wgpu::ShaderSource::Wgsl(shader::source().into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some("run_lanes"),
            layout: None,
            module: &module,
            entry_point: Some("run_lanes"),
            compilation_options: Default::default(),
            cache: None,
        });
        if let Some(error) = scope.pop().await {
            return Err(EngineError::Device(error.to_string()));
        }
        let workgroups = match adapter.device.kind {
            DeviceKind::Discrete => 4096,
            DeviceKind::Integrated => 512,
            DeviceKind::Software | DeviceKind::Cpu => 128,
        };
        Ok(Self { device_info: adapter.device.clone(), device, queue, pipeline, workgroups })
    }
}

impl Engine for GpuEngine {
    fn device(&self) -> &DeviceInfo {
        &self.device_info
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        Box::pin(run::run(self, job, counts, monitor))
    }
}
