//! Commands that run no photons: `check`, `devices`, `materials`.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use relume::material;
use relume::report::check::{CheckReport, default_wavelengths_nm};
use relume::report::materials as library;
use relume::scene;
use serde_json::{Value, json};

use super::args::{CheckArgs, DevicesArgs, MaterialsArgs};
use super::device::Devices;
use super::{Failure, nearest, print};

pub fn check(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let scene = scene::load(&args.scene, &args.settings)?.scene;
    let wavelengths_nm =
        if args.wavelength.is_empty() { default_wavelengths_nm(&scene) } else { args.wavelength.clone() };
    let report = CheckReport::new(&scene, &wavelengths_nm);
    print(&line(if args.json { serde_json::to_string_pretty(&report)? } else { report.to_string() }))?;
    Ok(ExitCode::SUCCESS)
}

/// What to do where no graphics adapter answers.
const HINT: &str = "No graphics adapter answers. On Linux install the Vulkan driver of your card (Mesa: \
mesa-vulkan-drivers; NVIDIA: its own driver) and libvulkan1; macOS (Metal) and Windows (DX12) bring theirs.";

pub fn devices(args: &DevicesArgs) -> Result<ExitCode, Failure> {
    let devices = Devices::find(args.backend);
    let (auto, why) = devices.auto();
    let hint = devices.adapters.is_empty().then_some(HINT);
    if args.json {
        let list = devices.all().into_iter().enumerate().map(|(index, device)| {
            let adapter = devices.adapters.get(index);
            json!({
                "index": index, "name": device.name, "backend": device.backend, "kind": device.kind,
                "driver": adapter.map(|adapter| adapter.driver.as_str()),
                "limits": adapter.map(|adapter| adapter.limits),
            })
        });
        let list: Vec<Value> = list.collect();
        let document = json!({
            "schema": "relume.devices/1", "devices": list, "auto": { "index": auto, "why": why }, "hint": hint,
        });
        print(&line(serde_json::to_string_pretty(&document)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = String::new();
    for (index, device) in devices.all().into_iter().enumerate() {
        let mark = if index == auto { '*' } else { ' ' };
        let kind = json!(device.kind);
        let kind = kind.as_str().unwrap_or_default();
        writeln!(page, "{mark} {index}  {:<44} {:<8} {kind}", device.name, device.backend)?;
        if let Some(adapter) = devices.adapters.get(index) {
            const MIB: u64 = 1 << 20;
            let largest = adapter.limits.max_storage_binding_bytes / MIB;
            writeln!(page, "       driver {}; buffers up to {largest} MiB", adapter.driver)?;
        }
    }
    writeln!(page, "\n* is what `auto` takes: {why}.")?;
    if let Some(hint) = hint {
        writeln!(page, "{hint}")?;
    }
    print(&page)?;
    Ok(ExitCode::SUCCESS)
}

pub fn materials(args: &MaterialsArgs) -> Result<ExitCode, Failure> {
    let text = match &args.name {
        None => library::list(),
        Some(name) => library::show(name, args.json).ok_or_else(|| {
            let names = material::nanocrystal_names().into_iter().chain(material::medium_names());
            let nearest = nearest(name, names);
            anyhow!("the library has no material '{name}'; nearest: {}", nearest.join(", "))
        })?,
    };
    print(&line(text))?;
    Ok(ExitCode::SUCCESS)
}

/// Text that ends in one line feed.
fn line(text: String) -> String {
    text.trim_end().to_string() + "\n"
}
