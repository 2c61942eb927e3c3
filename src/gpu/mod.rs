//! The GPU engine: the shaders of `shaders/` through wgpu, on Vulkan, Metal or DX12.

mod adapters;
mod buffers;
mod dispatch;
mod failure;
mod features;
mod pipelines;
mod run;
pub mod shader;
mod traffic;
mod work;

pub use adapters::{AdapterLimits, GpuAdapter, GpuBackend, adapters};
pub use features::Features;
pub use traffic::Traffic;

use failure::Failures;
use shader::U64;

use crate::counts::Counts;
use crate::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Loaded, Monitor};
use crate::tables::Tables;

/// Runs photons on one graphics adapter.
#[derive(Debug)]
pub struct GpuEngine {
    device_info: DeviceInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipelines: pipelines::Pipelines,
    settings: Settings,
    counter: traffic::Counter,
    failures: Failures,
    /// Workgroups of a dispatch: of a small job, and of one with photons for many lanes.
    workgroups: [u32; 2],
}

/// How shaders are compiled and counts read back, where tests want it otherwise than by the adapter and the tables of a
/// job.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// `None`: native where an adapter of its own right has such integers. Emulated adapters are faster without.
    pub u64: Option<U64>,
    /// What is compiled in whether or not a job has it.
    pub always: Features,
    /// What is left out although a job may have it.
    pub never: Features,
    /// Workgroups of a dispatch in a small job and in a large one; `None`: as the kind of device wants them.
    pub workgroups: Option<[u32; 2]>,
    /// Events after which counts are read back, before a word of 32 bits could overflow.
    pub events_at_once: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let (always, never) = (Features::NONE, Features::NONE);
        Self { u64: None, always, never, workgroups: None, events_at_once: 1 << 31 }
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
        let failures = Failures::of(&device);
        let pipelines = pipelines::Pipelines::new(&device, u64).await?;
        let workgroups = settings.workgroups.unwrap_or(match adapter.device.kind {
            // enough to fill the device; or many times that, so that it idles little while the last of a dispatch run. The
            // lanes are 113 MB then, within the 128 MiB that every device binds
            DeviceKind::Discrete => [4096, 12288],
            DeviceKind::Integrated => [2048, 6144],
            // few: on a processor every dispatch reads and writes all lanes, and one core runs them one after another
            DeviceKind::Software | DeviceKind::Cpu => [32, 32],
        });
        Ok(Self {
            device_info: adapter.device.clone(),
            device,
            queue,
            pipelines,
            settings,
            counter: traffic::Counter::default(),
            failures,
            workgroups,
        })
    }

    /// What has been asked of the device so far.
    pub fn traffic(&self) -> Traffic {
        self.counter.traffic()
    }
}

impl Engine for GpuEngine {
    fn device(&self) -> &DeviceInfo {
        &self.device_info
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        Box::pin(async move { run::OnDevice::new(self, job.tables).run(job.seed, job.ranges, counts, monitor).await })
    }

    fn load<'a>(&'a self, tables: &'a Tables) -> Option<Box<dyn Loaded + 'a>> {
        Some(Box::new(run::OnDevice::new(self, tables)))
    }
}
