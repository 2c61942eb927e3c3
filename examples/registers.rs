//! What a Vulkan driver's compiler makes of the shaders for each scene of the benchmark: registers, instructions, and what
//! else it tells by `VK_KHR_pipeline_executable_properties`. Programs are compiled, nothing is run.
//!
//!     cargo run --release --example registers [-- NAME OF AN ADAPTER]
//!
//! Mesa's driver for AMD needs no device for that. For an RX 7900, say:
//!
//!     VK_ICD_FILENAMES=/usr/share/vulkan/icd.d/radeon_icd.x86_64.json RADV_FORCE_FAMILY=gfx1100 \
//!         cargo run --release --example registers

use std::error::Error;
use std::ffi::CStr;

use ash::{Entry, Instance, khr, vk};
use naga::ShaderStage;
use naga::back::{PipelineConstants, pipeline_constants::process_overrides, spv};
use naga::proc::{BoundsCheckPolicies, BoundsCheckPolicy};
use naga::valid::{Capabilities, ValidationFlags, Validator};
use relume::bench::{SCENES, Work, designs};
use relume::compile::compile;
use relume::gpu::Features;
use relume::gpu::shader::{BINDINGS, U64, source};
use relume::scene;

/// Each scene of the benchmark, and what its program is compiled for; those of the sweep's designs in the end.
fn programs() -> Result<Vec<(String, Features)>, Box<dyn Error>> {
    let mut programs = Vec::new();
    for named in &SCENES {
        if let Work::One { text, .. } = named.work {
            let scene = scene::parse(text, named.key, "".as_ref(), &[])?.scene;
            programs.push((named.key.to_string(), Features::by_design(&compile([&scene], false))[0]));
        }
    }
    for features in Features::by_design(&compile(&designs()?, false)) {
        if programs.iter().all(|(_, known)| *known != features) {
            let which = if features.absorbing_faces { ", strong absorbers" } else { "" };
            programs.push((format!("sweep{which}"), features));
        }
    }
    programs.push(("everything".into(), Features::ALL));
    Ok(programs)
}

/// The program for some features, as wgpu gives it to a driver.
fn spirv(u64: U64, features: Features) -> Result<Vec<u32>, Box<dyn Error>> {
    let module = naga::front::wgsl::parse_str(&source(u64))?;
    let info = Validator::new(ValidationFlags::all(), Capabilities::all()).validate(&module)?;
    let mut constants = PipelineConstants::default();
    constants.extend(features.constants());
    let entry = Some((ShaderStage::Compute, "run_lanes"));
    let (module, info) = process_overrides(&module, &info, entry, &constants)?;
    let options = spv::Options {
        lang_version: (1, 3),
        flags: spv::WriterFlags::empty(),
        fake_missing_bindings: true,
        // buffers are looked after by the device
        bounds_check_policies: BoundsCheckPolicies { index: BoundsCheckPolicy::Restrict, ..Default::default() },
        force_loop_bounding: false,
        ..Default::default()
    };
    let pipeline = spv::PipelineOptions { shader_stage: ShaderStage::Compute, entry_point: "run_lanes".into() };
    Ok(spv::write_vec(&module, &info, &options, Some(&pipeline))?)
}

/// A device that compiles.
struct Compiler {
    device: ash::Device,
    properties: khr::pipeline_executable_properties::Device,
    layout: vk::PipelineLayout,
    u64: U64,
}

impl Compiler {
    /// The first adapter whose name holds this and whose driver tells.
    fn open(instance: &Instance, name: &str) -> Result<(String, Self), Box<dyn Error>> {
        // SAFETY: all handles are of this instance, and outlive what is made of them: nothing is destroyed before the end.
        unsafe {
            for adapter in instance.enumerate_physical_devices()? {
                let told = instance.get_physical_device_properties(adapter);
                let own = told.device_name_as_c_str()?.to_string_lossy().into_owned();
                let extensions = instance.enumerate_device_extension_properties(adapter)?;
                let mut names = extensions.iter().filter_map(|known| known.extension_name_as_c_str().ok());
                let tells = names.any(|known| known == khr::pipeline_executable_properties::NAME);
                let old = told.api_version < vk::API_VERSION_1_1;
                if old || !tells || !own.to_lowercase().contains(&name.to_lowercase()) {
                    continue;
                }
                let int64 = instance.get_physical_device_features(adapter).shader_int64;
                let features = vk::PhysicalDeviceFeatures::default().shader_int64(int64 == vk::TRUE);
                let queues = [vk::DeviceQueueCreateInfo::default().queue_priorities(&[1.0])];
                let extensions = [khr::pipeline_executable_properties::NAME.as_ptr()];
                let mut info =
                    vk::PhysicalDevicePipelineExecutablePropertiesFeaturesKHR::default().pipeline_executable_info(true);
                let wanted = vk::DeviceCreateInfo::default()
                    .queue_create_infos(&queues)
                    .enabled_features(&features)
                    .enabled_extension_names(&extensions)
                    .push_next(&mut info);
                let device = instance.create_device(adapter, &wanted, None)?;
                let layout = layout(&device)?;
                let properties = khr::pipeline_executable_properties::Device::new(instance, &device);
                let u64 = if int64 == vk::TRUE { U64::Native } else { U64::Pairs };
                return Ok((own, Self { device, properties, layout, u64 }));
            }
        }
        Err(format!("no Vulkan 1.1 adapter of the name '{name}' with VK_KHR_pipeline_executable_properties").into())
    }

    /// Compiles a program and returns what the driver tells of it.
    fn compile(&self, features: Features) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        let words = spirv(self.u64, features)?;
        // SAFETY: the words are SPIR-V of a validated module, and all handles are of this device.
        unsafe {
            let module = self.device.create_shader_module(&vk::ShaderModuleCreateInfo::default().code(&words), None)?;
            let stage = vk::PipelineShaderStageCreateInfo::default()
                .stage(vk::ShaderStageFlags::COMPUTE)
                .module(module)
                .name(c"run_lanes");
            let wanted = vk::ComputePipelineCreateInfo::default()
                .flags(vk::PipelineCreateFlags::CAPTURE_STATISTICS_KHR)
                .stage(stage)
                .layout(self.layout);
            let made = self.device.create_compute_pipelines(vk::PipelineCache::null(), &[wanted], None);
            let pipeline = made.map_err(|(_, error)| error)?[0];
            let executable = vk::PipelineExecutableInfoKHR::default().pipeline(pipeline);
            let told = self.properties.get_pipeline_executable_statistics(&executable)?;
            told.iter().map(|one| Ok((text(&one.name)?, value(one)))).collect()
        }
    }
}

/// The buffers of group 0.
fn layout(device: &ash::Device) -> Result<vk::PipelineLayout, vk::Result> {
    let binding = |(number, ty): (u32, &wgpu::BufferBindingType)| {
        vk::DescriptorSetLayoutBinding::default()
            .binding(number)
            .descriptor_count(1)
            .stage_flags(vk::ShaderStageFlags::COMPUTE)
            .descriptor_type(match ty {
                wgpu::BufferBindingType::Uniform => vk::DescriptorType::UNIFORM_BUFFER,
                wgpu::BufferBindingType::Storage { .. } => vk::DescriptorType::STORAGE_BUFFER,
            })
    };
    let bindings: Vec<_> = (0..).zip(&BINDINGS).map(binding).collect();
    // SAFETY: the device lives, and so do the bindings.
    unsafe {
        let set = vk::DescriptorSetLayoutCreateInfo::default().bindings(&bindings);
        let sets = [device.create_descriptor_set_layout(&set, None)?];
        device.create_pipeline_layout(&vk::PipelineLayoutCreateInfo::default().set_layouts(&sets), None)
    }
}

fn text(name: &[std::ffi::c_char]) -> Result<String, Box<dyn Error>> {
    let bytes: Vec<u8> = name.iter().map(|byte| *byte as u8).collect();
    Ok(CStr::from_bytes_until_nul(&bytes)?.to_str()?.to_string())
}

fn value(told: &vk::PipelineExecutableStatisticKHR) -> String {
    // SAFETY: the format says which of the numbers it is.
    unsafe {
        match told.format {
            vk::PipelineExecutableStatisticFormatKHR::BOOL32 => (told.value.b32 == vk::TRUE).to_string(),
            vk::PipelineExecutableStatisticFormatKHR::INT64 => told.value.i64.to_string(),
            vk::PipelineExecutableStatisticFormatKHR::UINT64 => told.value.u64.to_string(),
            _ => format!("{:.1}", told.value.f64),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let application = vk::ApplicationInfo::default().api_version(vk::API_VERSION_1_1);
    // SAFETY: the library that is loaded is the system's Vulkan loader.
    let entry = unsafe { Entry::load()? };
    // SAFETY: the instance outlives all that is made of it.
    let instance =
        unsafe { entry.create_instance(&vk::InstanceCreateInfo::default().application_info(&application), None)? };
    let (own, compiler) = Compiler::open(&instance, &name)?;
    let programs = programs()?;
    let told = programs.iter().map(|(_, features)| compiler.compile(*features)).collect::<Result<Vec<_>, _>>()?;
    let scenes: Vec<_> = programs.iter().map(|(scene, _)| scene.as_str()).collect();
    println!("| {own} | {} |\n|---|{}", scenes.join(" | "), "---|".repeat(scenes.len()));
    for (row, (name, _)) in told[0].iter().enumerate().filter(|(_, (name, _))| !name.to_lowercase().contains("hash")) {
        let values: Vec<_> = told.iter().map(|of_scene| of_scene[row].1.as_str()).collect();
        println!("| {name} | {} |", values.join(" | "));
    }
    Ok(())
}
