//! Choosing an engine.

use relume::cpu::CpuEngine;
use relume::engine::{DeviceInfo, DeviceKind, Engine};
use relume::gpu::{GpuAdapter, GpuBackend, GpuEngine, adapters};
use relume::together::Together;
use relume::trial::TrialError;

use super::args::Backend;
use super::{Failure, NO_DEVICE, tell};

/// Every device there is: the adapters, the likely fastest first, then the processor.
pub struct Devices {
    pub adapters: Vec<GpuAdapter>,
    pub cpu: DeviceInfo,
}

impl Devices {
    pub fn find(backend: Option<Backend>) -> Self {
        let backend = backend.map(|backend| match backend {
            Backend::Vulkan => GpuBackend::Vulkan,
            Backend::Metal => GpuBackend::Metal,
            Backend::Dx12 => GpuBackend::Dx12,
        });
        Self { adapters: pollster::block_on(adapters(backend)), cpu: cpu().device().clone() }
    }

    /// All of them, in the order in which they are numbered.
    pub fn all(&self) -> Vec<&DeviceInfo> {
        self.adapters.iter().map(|adapter| &adapter.device).chain([&self.cpu]).collect()
    }

    /// The number that `auto` takes, and why.
    pub fn auto(&self) -> (usize, &'static str) {
        // Adapters that the processor emulates come last, and are slower than the processor itself.
        match self.adapters.first().map(|adapter| adapter.device.kind) {
            Some(DeviceKind::Discrete) => (0, "a discrete GPU is the fastest device"),
            Some(DeviceKind::Integrated) => (0, "an integrated GPU is faster than the processor"),
            Some(_) => {
                (self.adapters.len(), "the only adapters are emulated on the processor, which is faster by itself")
            }
            None => (self.adapters.len(), "there is no graphics adapter"),
        }
    }

    /// The adapters that `all` takes beside the processor: each once, though several interfaces lead to it, and
    /// emulated ones only where there is no other.
    fn together(&self) -> impl Iterator<Item = &GpuAdapter> {
        let first = self.adapters.first().map(|adapter| &adapter.device);
        let emulated = |device: &DeviceInfo| device.kind == DeviceKind::Software;
        self.adapters.iter().filter(move |GpuAdapter { device, .. }| {
            first.is_some_and(|first| device.backend == first.backend && emulated(device) == emulated(first))
        })
    }

    /// The devices as lines of a message.
    pub fn listed(&self) -> String {
        let line = |(i, device): (usize, &&DeviceInfo)| format!("  {i}  {} ({})", device.name, device.backend);
        self.all().iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Numbers of the devices that a name or number fits: a whole name, else a part of one, in any case.
    fn named(&self, name: &str) -> Vec<usize> {
        let names: Vec<_> = self.all().iter().map(|device| device.name.to_lowercase()).collect();
        if let Ok(number) = name.parse::<usize>() {
            return (0..names.len()).filter(|i| *i == number).collect();
        }
        let name = name.to_lowercase();
        let fits = |test: &dyn Fn(&String) -> bool| (0..names.len()).filter(|i| test(&names[*i])).collect::<Vec<_>>();
        let whole = fits(&|other| *other == name);
        if whole.is_empty() { fits(&|other| other.contains(&name)) } else { whole }
    }
}

/// Opens the engine that was asked for. Where `auto` finds one that cannot be used, the processor takes its place.
///
/// # Errors
/// Exit code 3 when there is none like it, it cannot be opened, or does not pass its proof.
pub fn open(wanted: &str, backend: Option<Backend>, proof: Proof) -> Result<Box<dyn Engine>, Failure> {
    if wanted == "cpu" {
        return Ok(Box::new(cpu()));
    }
    let devices = Devices::find(backend);
    let refuse = |why: String| {
        Failure::new(NO_DEVICE, format!("{why}; the devices there are:\n{}", devices.listed())) //
    };
    if wanted == "all" {
        let mut engines: Vec<Box<dyn Engine + Send + Sync>> = Vec::new();
        for adapter in devices.together() {
            let name = &adapter.device.name;
            engines.push(Box::new(proven(adapter, proof).map_err(|why| refuse(cannot_be_used(name, &why)))?));
        }
        engines.push(Box::new(cpu()));
        return Ok(Box::new(Together::new(engines)));
    }
    let number = match wanted {
        "auto" | "gpu" if devices.adapters.is_empty() && (wanted == "gpu" || backend.is_some()) => {
            return Err(refuse("no graphics adapter answers".into()));
        }
        "gpu" => 0,
        "auto" if backend.is_some() => 0,
        "auto" => devices.auto().0,
        name => match devices.named(name)[..] {
            [number] => number,
            [] => return Err(refuse(format!("there is no device '{name}'"))),
            _ => return Err(refuse(format!("several devices are called like '{name}'; give a number"))),
        },
    };
    let Some(adapter) = devices.adapters.get(number) else { return Ok(Box::new(cpu())) };
    let engine = proven(adapter, proof).map(|engine| Box::new(engine) as Box<dyn Engine>);
    or_processor(engine, &adapter.device.name, wanted == "auto" && backend.is_none()).map_err(refuse)
}

/// What an engine of a graphics device is asked before it is believed.
pub type Proof<'a> = &'a dyn Fn(&dyn Engine) -> Result<(), TrialError>;

fn proven(adapter: &GpuAdapter, proof: Proof) -> Result<GpuEngine, String> {
    let engine = pollster::block_on(GpuEngine::open(adapter)).map_err(|error| error.to_string())?;
    proof(&engine).map_err(|error| error.to_string())?;
    Ok(engine)
}

/// The processor in the place of an engine that failed, where nobody asked for that one.
fn or_processor(engine: Result<Box<dyn Engine>, String>, name: &str, unasked: bool) -> Result<Box<dyn Engine>, String> {
    match engine {
        Err(why) if unasked => {
            tell(&format!("warning: {}; taking the processor", cannot_be_used(name, &why)));
            Ok(Box::new(cpu()))
        }
        other => other.map_err(|why| cannot_be_used(name, &why)),
    }
}

fn cannot_be_used(name: &str, why: &str) -> String {
    format!("{name} cannot be used: {why}")
}

/// The driver of the adapter that an engine runs on.
pub fn driver(device: &DeviceInfo) -> Option<String> {
    if device.kind == DeviceKind::Cpu {
        return None;
    }
    let adapters = Devices::find(None).adapters;
    adapters.into_iter().find(|adapter| adapter.device == *device).map(|adapter| adapter.driver)
}

fn cpu() -> CpuEngine {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    CpuEngine::new(format!("{}, {threads} {}", model(), if threads == 1 { "thread" } else { "threads" }))
}

/// The processor's name, where the system tells it in a file.
fn model() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    line.map_or_else(|| "CPU".to_string(), |(_, name)| name.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_takes_the_place_of_a_device_that_was_not_asked_for() {
        let engine = or_processor(Err("no such instruction".into()), "broken", true).expect("the processor");
        assert_eq!(engine.device().kind, DeviceKind::Cpu);
    }

    #[test]
    fn a_device_that_was_asked_for_is_an_error() {
        let why = or_processor(Err("no such instruction".into()), "broken", false).err();
        assert_eq!(why.as_deref(), Some("broken cannot be used: no such instruction"));
    }
}
