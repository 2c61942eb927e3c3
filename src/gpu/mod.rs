//! The GPU engine: the shaders of `shaders/` through wgpu, on Vulkan, Metal or DX12.

mod adapters;
mod buffers;
mod features;
mod pipelines;
mod run;
pub mod shader;

pub use adapters::{AdapterLimits, GpuAdapter, GpuBackend, adapters};
pub use features::Features;

use shader::U64;

use crate::counts::Counts;
use crate::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Monitor};

/// Runs photons on one graphics adapter.
#[derive(Debug)]
pub struct GpuEngine {
    device_info: DeviceInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipelines: pipelines::Pipelines,
    settings: Settings,
    /// Workgroups of a dispatch: enough lanes to fill the device.
    workgroups: u32,
}

/// How shaders are compiled, where tests want it otherwise than by the adapter and the tables of a job.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// `None`: native where an adapter of its own right has such integers. Emulated adapters are faster without.
    pub u64: Option<U64>,
    /// What is compiled in whether or not a job has it.
    pub always: Features,
    /// What is left out although a job may have it.
    pub never: Features,
}

impl Default for Settings {
    fn default() -> Self {
        Self { u64: None, always: Features::NONE, never: Features::NONE }
    }
}

impl GpuEngine {
    /// Opens an adapter.
    ///
    /// # Errors
    /// When the adapter gives no device or does not take the shaders.
    pub async fn open(adapter: &GpuAdapter) -> Result<Self, EngineError> {
        Self::open_with(adapter, Settings::default()).await
    }

    /// The same with settings.
    ///
    /// # Errors
    /// Those of [`GpuEngine::open`].
    pub async fn open_with(adapter: &GpuAdapter, settings: Settings) -> Result<Self, EngineError> {
        let wgpu_adapter = &adapter.adapter;
        let u64 = settings.u64.unwrap_or(match adapter.device.kind {
            DeviceKind::Discrete | DeviceKind::Integrated if adapter.has_u64() => U64::Native,
            _ => U64::Pairs,
        });
        let (device, queue) = wgpu_adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("relume"),
                required_limits: wgpu_adapter.limits(),
                required_features: shader::needed_features(u64),
                ..Default::default()
            })
            .await
            .map_err(|error| EngineError::Device(error.to_string()))?;
        let pipelines = pipelines::Pipelines::new(&device, u64).await?;
        let workgroups = match adapter.device.kind {
            DeviceKind::Discrete => 4096,
            DeviceKind::Integrated => 512,
            DeviceKind::Software | DeviceKind::Cpu => 128,
        };
        Ok(Self { device_info: adapter.device.clone(), device, queue, pipelines, settings, workgroups })
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
