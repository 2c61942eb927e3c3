//! Choosing an engine.

use std::borrow::Borrow;
use std::fmt::Display;
use std::time::Instant;

use relume::cpu::CpuEngine;
use relume::engine::{DeviceInfo, DeviceKind, Engine, EngineError, Monitor};
use relume::gpu::{GpuAdapter, GpuBackend, GpuEngine, adapters};
use relume::tables::Tables;
use relume::together::Together;
use relume::trial::{TrialError, trial};

use super::args::{Backend, JobArgs};
use super::progress::Progress;
use super::{ERROR, Failure, NO_DEVICE, tell};

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

/// Opens the engine that was asked for.
///
/// # Errors
/// Exit code 3 when there is none like it or it cannot be opened.
pub fn open(wanted: &str, backend: Option<Backend>) -> Result<Box<dyn Engine>, Failure> {
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
            let engine = pollster::block_on(GpuEngine::open(adapter));
            let name = &adapter.device.name;
            engines.push(Box::new(engine.map_err(|error| refuse(format!("{name} cannot be used: {error}")))?));
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
    match pollster::block_on(GpuEngine::open(adapter)) {
        Ok(engine) => Ok(Box::new(engine)),
        Err(error) if may_fall_back(wanted, backend) => Ok(fall_back(&adapter.device, &error)),
        Err(error) => Err(refuse(format!("{} cannot be used: {error}", adapter.device.name))),
    }
}

/// Opens the engine that was asked for, and has it follow the first photons of these tables as the processor does.
///
/// # Errors
/// Those of [`open`]; and with exit code 3 when the engine fails or does otherwise, unless it was chosen by `auto`: then the
/// processor takes its place.
pub fn open_proven<T: Borrow<Tables>>(
    job: &JobArgs,
    started: Instant,
    tables: impl FnOnce() -> Result<T, Failure>,
) -> Result<Box<dyn Engine>, Failure> {
    let engine = open(&job.device, job.backend)?;
    if engine.device().kind == DeviceKind::Cpu {
        return Ok(engine);
    }
    let progress = Progress::without_bar(started);
    prove(engine, job, tables()?.borrow(), &progress)
}

fn prove(
    engine: Box<dyn Engine>,
    job: &JobArgs,
    tables: &Tables,
    monitor: &dyn Monitor,
) -> Result<Box<dyn Engine>, Failure> {
    match pollster::block_on(trial(&*engine, tables, job.seed, monitor)) {
        Ok(()) => Ok(engine),
        Err(error) if may_fall_back(&job.device, job.backend) => Ok(fall_back(engine.device(), &error)),
        Err(error) => {
            let too_large = matches!(error, TrialError::Engine(EngineError::TooLarge { .. }));
            let why = format!("{} cannot be used: {error}", engine.device().name);
            Err(Failure::new(if too_large { ERROR } else { NO_DEVICE }, why))
        }
    }
}

/// Whether another device may take the place of one that fails.
fn may_fall_back(wanted: &str, backend: Option<Backend>) -> bool {
    wanted == "auto" && backend.is_none()
}

fn fall_back(device: &DeviceInfo, error: &dyn Display) -> Box<dyn Engine> {
    tell(&format!("warning: {} cannot be used ({error}); taking the processor", device.name));
    Box::new(cpu())
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
    use std::ops::ControlFlow;

    use clap::Parser;
    use relume::compile::compile;
    use relume::counts::Counts;
    use relume::engine::{EngineFuture, Job};

    use super::*;

    /// A graphics device that breaks down.
    struct Broken(DeviceInfo);

    impl Engine for Broken {
        fn device(&self) -> &DeviceInfo {
            &self.0
        }
        fn run<'a>(&'a self, _: Job<'a>, _: &'a mut [Counts], _: &'a dyn Monitor) -> EngineFuture<'a> {
            Box::pin(async { Err(EngineError::Device("no such instruction".into())) })
        }
    }

    struct Still;

    impl Monitor for Still {
        fn seconds(&self) -> f64 {
            0.0
        }
        fn progress(&self, _: u64) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }

    #[derive(Parser)]
    struct Words {
        #[command(flatten)]
        job: JobArgs,
    }

    fn proven(words: &[&str]) -> Result<Box<dyn Engine>, Failure> {
        let words = Words::parse_from([&["relume", "scene.toml"], words].concat());
        let scene = relume::scene::load("scenes/hazy_film.toml".as_ref(), &[]).expect("a scene").scene;
        let device = DeviceInfo { name: "broken".into(), backend: "vulkan".into(), kind: DeviceKind::Discrete };
        prove(Box::new(Broken(device)), &words.job, &compile([&scene], false), &Still)
    }

    #[test]
    fn the_processor_takes_the_place_of_a_device_that_was_not_asked_for() {
        let engine = proven(&[]).unwrap_or_else(|_| panic!("the processor"));
        assert_eq!(engine.device().kind, DeviceKind::Cpu);
    }

    #[test]
    fn a_device_that_was_asked_for_is_an_error() {
        for words in [&["--device", "broken"][..], &["--device", "gpu"], &["--backend", "vulkan"]] {
            let Err(failure) = proven(words) else { panic!("{words:?} is no error") };
            assert_eq!(failure.code, NO_DEVICE);
            assert!(format!("{:#}", failure.error).contains("broken cannot be used"), "{:#}", failure.error);
        }
    }
}
