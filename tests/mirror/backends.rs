//! The program can be written for every kind of device, whatever is left out of it: as SPIR-V for Vulkan, as HLSL for DX12
//! and as MSL for Metal, by the code and the options with which wgpu does so there.

use naga::back::{PipelineConstants, hlsl, msl, pipeline_constants::process_overrides, spv};
use naga::proc::{BoundsCheckPolicies, BoundsCheckPolicy};
use naga::valid::{ModuleInfo, ValidationFlags, Validator};
use naga::{Module, ShaderStage};
use relume::gpu::Features;
use relume::gpu::shader::{self, U64};

use super::{Capabilities, parse};

const ENTRY: &str = "run_lanes";

/// Places in arrays and buffers that are not there become others that are.
fn checked() -> BoundsCheckPolicies {
    let (index, buffer) = (BoundsCheckPolicy::Restrict, BoundsCheckPolicy::Restrict);
    BoundsCheckPolicies { index, buffer, ..Default::default() }
}

/// A program and what naga knows of it.
struct Checked {
    module: Module,
    info: ModuleInfo,
}

impl Checked {
    fn new(u64: U64) -> Self {
        let module = parse(&shader::source(u64));
        let info = Validator::new(ValidationFlags::all(), Capabilities::all()).validate(&module);
        Self { info: info.expect("a valid program"), module }
    }

    /// Compiled for some features.
    fn with(&self, features: Features) -> Self {
        let mut constants = PipelineConstants::default();
        constants.extend(features.constants());
        let entry = Some((ShaderStage::Compute, ENTRY));
        let (module, info) = process_overrides(&self.module, &self.info, entry, &constants).expect("known constants");
        Self { module: module.into_owned(), info: info.into_owned() }
    }

    /// Its SPIR-V, as words.
    fn spirv(&self) -> Result<Vec<u32>, String> {
        let options = spv::Options {
            lang_version: (1, 3),
            bounds_check_policies: checked(),
            fake_missing_bindings: true,
            force_loop_bounding: false,
            ..Default::default()
        };
        let pipeline = spv::PipelineOptions { shader_stage: ShaderStage::Compute, entry_point: ENTRY.into() };
        spv::write_vec(&self.module, &self.info, &options, Some(&pipeline)).map_err(|error| error.to_string())
    }

    /// Its HLSL.
    fn hlsl(&self, shader_model: hlsl::ShaderModel) -> Result<String, String> {
        let options = hlsl::Options { shader_model, force_loop_bounding: false, ..Default::default() };
        let pipeline = hlsl::PipelineOptions { entry_point: Some((ShaderStage::Compute, ENTRY.into())) };
        let mut text = String::new();
        let written = hlsl::Writer::new(&mut text, &options, &pipeline).write(&self.module, &self.info, None);
        let entries = written.map_err(|error| error.to_string())?.entry_point_names;
        entries.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// Its MSL, with a buffer for the lengths of tables or without.
    fn msl(&self, sizes_buffer: Option<u8>) -> Result<String, String> {
        let bindings = self.module.global_variables.iter().filter_map(|(_, variable)| variable.binding);
        let target = |slot| msl::BindTarget { buffer: Some(slot), mutable: true, ..Default::default() };
        let resources = bindings.zip(0..).map(|(binding, slot)| (binding, target(slot))).collect();
        let entry = msl::EntryPointResources { resources, sizes_buffer, ..Default::default() };
        let options = msl::Options {
            lang_version: (2, 4),
            per_entry_point_map: [(ENTRY.to_string(), entry)].into(),
            bounds_check_policies: checked(),
            fake_missing_bindings: false,
            force_loop_bounding: false,
            ..Default::default()
        };
        let pipeline =
            msl::PipelineOptions { entry_point: Some((ShaderStage::Compute, ENTRY.into())), ..Default::default() };
        let written = msl::write_string(&self.module, &self.info, &options, &pipeline);
        let (text, written) = written.map_err(|error| error.to_string())?;
        written.entry_point_names.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        Ok(text)
    }
}

/// Everything, nothing, each feature alone, and all but one.
fn sets_of_features() -> Vec<Features> {
    let single = || Features::NAMES.iter().map(|name| Features::only(name).expect("its own name"));
    let all_but = single().map(|one| Features::ALL.without(one));
    [Features::ALL, Features::NONE].into_iter().chain(single()).chain(all_but).collect()
}

#[test]
fn program_can_be_written_for_every_backend() {
    for u64 in [U64::Pairs, U64::Native] {
        let program = Checked::new(u64);
        for features in sets_of_features() {
            let program = program.with(features);
            let mut written = vec![program.spirv().err(), program.msl(Some(30)).err()];
            written.push(program.hlsl(hlsl::ShaderModel::V6_0).err());
            if u64 == U64::Pairs {
                written.push(program.hlsl(hlsl::ShaderModel::V5_1).err());
            }
            assert!(written.iter().all(Option::is_none), "{u64:?}, {features:?}: {written:?}");
        }
    }
}

#[test]
fn partner_what_a_backend_cannot_say_is_seen() {
    let program = Checked::new(U64::Pairs).with(Features::ALL);
    assert!(program.msl(None).is_err(), "lengths of tables come from a buffer");
    let mut nameless = program;
    nameless.module.entry_points[0].name = "other".into();
    assert!(nameless.spirv().is_err() && nameless.hlsl(hlsl::ShaderModel::V6_0).is_err());
}
