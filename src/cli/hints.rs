//! What may slow a machine down while it is measured, as far as the system tells it in files (Linux).

use std::fs;
use std::path::Path;

/// Processes that were running before the benchmark, above which it is told.
const LOAD: f64 = 0.5;

/// One line for each thing that may disturb a measurement.
pub fn hints() -> Vec<String> {
    [load(), battery(), governor()].into_iter().flatten().collect()
}

fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let load: f64 = text.split_whitespace().next()?.parse().ok()?;
    (load > LOAD).then(|| format!("other work was running: load average {load:.2} before the benchmark"))
}

fn battery() -> Option<String> {
    let supplies = fs::read_dir("/sys/class/power_supply").ok()?;
    let states: Vec<_> = supplies.flatten().filter_map(|supply| word(&supply.path().join("online"))).collect();
    let unplugged = !states.is_empty() && states.iter().all(|online| online == "0");
    unplugged.then(|| "the machine runs on its battery, which may slow it down".into())
}

fn governor() -> Option<String> {
    let folder = Path::new("/sys/devices/system/cpu/cpu0/cpufreq");
    let governor = word(&folder.join("scaling_governor"))?;
    (governor == "powersave").then(|| "the processor's frequency governor is 'powersave'".into())
}

fn word(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_string())
}
