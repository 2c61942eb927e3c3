//! `relume bench`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, anyhow};
use relume::bench::{self, Plan, REFERENCE, Record, SCENES, SCHEMA, Status};
use relume::report::bench::{compare, page, spread_hints};
use relume::text_file;

use super::args::BenchArgs;
use super::out::{OutFile, keep_apart};
use super::progress::Progress;
use super::{Failure, INTERRUPTED, NOT_CREDIBLE, device, hints, print, tell};

const SECONDS: f64 = 30.0;
const QUICK_SECONDS: f64 = 5.0;

pub fn bench(args: &BenchArgs, started: Instant) -> Result<ExitCode, Failure> {
    keep_apart(&[], &[("--compare", args.compare.as_deref()), ("--json", args.json.as_deref())])?;
    let earlier = args.compare.as_deref().map(read).transpose()?;
    let json_alone = args.json.as_deref() == Some(Path::new("-"));
    let file =
        args.json.as_deref().filter(|_| !json_alone).map(|place| OutFile::prepare(place, "--json")).transpose()?;
    // before the benchmark itself is what loads the machine
    let mut hints = hints::hints();
    // its answers are known, and compared
    let engine = device::open(&args.device, args.backend, &|_| Ok(()))?;

    let seconds_per_scene = args.seconds.unwrap_or(if args.quick { QUICK_SECONDS } else { SECONDS });
    let plan = Plan::new(seconds_per_scene);
    let progress = Progress::without_bar(started);
    let mut scenes = Vec::new();
    for scene in SCENES.iter().filter(|scene| args.scene.is_empty() || args.scene.iter().any(|s| s.key == scene.key)) {
        tell(&format!("{}: {} ...", scene.key, scene.what));
        match pollster::block_on(bench::run_scene(&*engine, scene, &plan, &progress)) {
            Ok(record) => scenes.push(record),
            Err(bench::Interrupted) => {
                tell("interrupted; a benchmark cut short is none");
                return Ok(ExitCode::from(INTERRUPTED));
            }
        }
    }

    hints.extend(spread_hints(&scenes));
    let record = Record {
        schema: SCHEMA.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        device: engine.device().clone(),
        driver: device::driver(engine.device()),
        threads: std::thread::available_parallelism().map_or(1, |threads| threads.get()),
        seconds_per_scene,
        score: bench::score(&scenes),
        scenes,
        reference: REFERENCE.into(),
        hints,
    };
    let json = serde_json::to_string_pretty(&record)? + "\n";
    if let Some(file) = file {
        file.finish(json.as_bytes())?;
    }
    let comparison = earlier.map(|earlier| compare(&record, &earlier));
    if json_alone {
        print(&json)?;
        comparison.iter().for_each(|text| tell(text.trim_end()));
    } else {
        print(&(page(&record) + &comparison.map_or_else(String::new, |text| format!("\n{text}"))))?;
    }
    let failed = record.scenes.iter().any(|scene| scene.status == Status::Failed);
    Ok(if failed { ExitCode::from(NOT_CREDIBLE) } else { ExitCode::SUCCESS })
}

/// A record of a benchmark is not larger.
const MOST_MIB: u64 = 16;

fn read(path: &Path) -> anyhow::Result<Record> {
    let told = || format!("--compare {}", path.display());
    let text = text_file::read(path, MOST_MIB).with_context(told)?;
    bench::read(&text).map_err(|why| anyhow!("{}: {why}", told()))
}
