//! Which graphics adapters there are.

use serde::Serialize;

use crate::engine::{DeviceInfo, DeviceKind};

/// A graphics interface that may be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuBackend {
    Vulkan,
    Metal,
    Dx12,
}

/// An adapter that could run photons.
#[derive(Debug, Clone)]
pub struct GpuAdapter {
    pub device: DeviceInfo,
    pub driver: String,
    pub limits: AdapterLimits,
    pub(super) adapter: wgpu::Adapter,
}

/// What bounds the size of a job on an adapter.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AdapterLimits {
    pub max_storage_binding_bytes: u64,
    pub max_buffer_bytes: u64,
    pub max_workgroup_memory_bytes: u32,
    pub subgroup_size: (u32, u32),
}

impl GpuAdapter {
    /// Whether its shaders have 64-bit integers.
    pub fn has_u64(&self) -> bool {
        self.adapter.features().contains(wgpu::Features::SHADER_INT64)
    }
}

impl GpuBackend {
    fn wgpu(self) -> wgpu::Backends {
        match self {
            GpuBackend::Vulkan => wgpu::Backends::VULKAN,
            GpuBackend::Metal => wgpu::Backends::METAL,
            GpuBackend::Dx12 => wgpu::Backends::DX12,
        }
    }
}

/// All adapters, the likely fastest first: discrete, integrated, software.
pub async fn adapters(backend: Option<GpuBackend>) -> Vec<GpuAdapter> {
    let backends = backend.map_or(wgpu::Backends::PRIMARY, GpuBackend::wgpu);
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = backends;
    let instance = wgpu::Instance::new(descriptor);
    let mut adapters: Vec<_> = instance.enumerate_adapters(backends).await.into_iter().map(describe).collect();
    adapters.sort_by_key(|adapter| match adapter.device.kind {
        DeviceKind::Discrete => 0,
        DeviceKind::Integrated => 1,
        DeviceKind::Software | DeviceKind::Cpu => 2,
    });
    adapters
}

fn describe(adapter: wgpu::Adapter) -> GpuAdapter {
    let info = adapter.get_info();
    let limits = adapter.limits();
    GpuAdapter {
        device: DeviceInfo {
            name: info.name,
            backend: info.backend.to_str().to_owned(),
            kind: match info.device_type {
                wgpu::DeviceType::DiscreteGpu | wgpu::DeviceType::VirtualGpu => DeviceKind::Discrete,
                wgpu::DeviceType::IntegratedGpu | wgpu::DeviceType::Other => DeviceKind::Integrated,
                wgpu::DeviceType::Cpu => DeviceKind::Software,
            },
        },
        driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
        limits: AdapterLimits {
            max_storage_binding_bytes: limits.max_storage_buffer_binding_size,
            max_buffer_bytes: limits.max_buffer_size,
            max_workgroup_memory_bytes: limits.max_compute_workgroup_storage_size,
            subgroup_size: (info.subgroup_min_size, info.subgroup_max_size),
        },
        adapter,
    }
}
