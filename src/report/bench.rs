//! A benchmark as a page for a person, and two of them side by side.

use std::fmt::{self, Write};

use super::number::prefixed;
use crate::bench::{Record, SceneRecord};
use crate::engine::DeviceInfo;

/// Spreads above this warn.
const WIDE_SPREAD: f64 = 0.1;

/// The whole page.
pub fn page(record: &Record) -> String {
    let mut out = String::new();
    write_page(&mut out, record).expect("a string takes any text");
    out
}

fn write_page(out: &mut String, record: &Record) -> fmt::Result {
    writeln!(out, "relume {} on {}", record.version, named(&record.device))?;
    if let Some(driver) = &record.driver {
        writeln!(out, "driver {driver}")?;
    }
    writeln!(out, "{} threads, {} s for each scene\n", record.threads, record.seconds_per_scene)?;
    writeln!(
        out,
        "{:<6} {:>12} {:>7} {:>11} {:>9} {:>15} {:>10}",
        "scene", "photons/s", "spread", "events/s", "events", "time to 0.1 %", "reference"
    )?;
    for scene in &record.scenes {
        writeln!(out, "{}", line(scene))?;
    }
    writeln!(out, "\nevents: of one photon; time to 0.1 %: to that standard error of the EQY, or of the reflectance.")?;
    match record.score {
        Some(score) => writeln!(out, "Score {score:.2}: geometric mean of the last column.")?,
        None => writeln!(out, "No score: it takes every scene that has a reference, passed.")?,
    }
    writeln!(out, "{}.", record.reference)?;
    for hint in &record.hints {
        writeln!(out, "! {hint}")?;
    }
    Ok(())
}

fn line(scene: &SceneRecord) -> String {
    let Some(rates) = &scene.rates else {
        return format!("{:<6} failed: {}", scene.scene, scene.why.as_deref().unwrap_or("no reason given"));
    };
    let time = rates.precision.as_ref().map_or_else(|| "-".into(), |precision| seconds(precision.seconds));
    let relative = rates.relative.map_or_else(|| "-".into(), |relative| format!("x {relative:.2}"));
    format!(
        "{:<6} {:>12} {:>5.1} % {:>11} {:>9.2} {:>15} {:>10}",
        scene.scene,
        prefixed(rates.photons_per_s),
        100.0 * rates.spread,
        prefixed(rates.events_per_s),
        rates.events_per_photon,
        time,
        relative
    )
}

/// What may have disturbed these scenes.
pub fn spread_hints(scenes: &[SceneRecord]) -> Vec<String> {
    let wide = |scene: &&SceneRecord| scene.rates.as_ref().is_some_and(|rates| rates.spread > WIDE_SPREAD);
    let wide: Vec<_> = scenes.iter().filter(wide).map(|scene| scene.scene.as_str()).collect();
    if wide.is_empty() {
        return Vec::new();
    }
    vec![format!("the repeats of {} spread by more than 10 %: is something else running?", wide.join(", "))]
}

/// This benchmark beside an earlier one, by scene.
pub fn compare(here: &Record, there: &Record) -> String {
    let mut out = String::new();
    write_comparison(&mut out, here, there).expect("a string takes any text");
    out
}

fn write_comparison(out: &mut String, here: &Record, there: &Record) -> fmt::Result {
    writeln!(out, "here:  {}, relume {}", named(&here.device), here.version)?;
    writeln!(out, "there: {}, relume {}\n", named(&there.device), there.version)?;
    writeln!(out, "{:<6} {:>14} {:>14} {:>13}", "scene", "here", "there", "here / there")?;
    for scene in &here.scenes {
        let other = there.scenes.iter().find(|other| other.scene == scene.scene);
        let rate = |scene: Option<&SceneRecord>| Some(scene?.rates.as_ref()?.photons_per_s);
        let (ours, theirs) = (rate(Some(scene)), rate(other));
        let ratio = ours.zip(theirs).map_or_else(|| "-".into(), |(ours, theirs)| format!("{:.3}", ours / theirs));
        let told = |rate: Option<f64>, absent: &str| rate.map_or_else(|| absent.to_string(), prefixed);
        let absent = if other.is_some() { "failed" } else { "-" };
        writeln!(out, "{:<6} {:>14} {:>14} {:>13}", scene.scene, told(ours, "failed"), told(theirs, absent), ratio)?;
    }
    if let Some((ours, theirs)) = here.score.zip(there.score) {
        writeln!(out, "{:<6} {ours:>14.2} {theirs:>14.2} {:>13.3}", "score", ours / theirs)?;
    }
    Ok(())
}

fn named(device: &DeviceInfo) -> String {
    format!("{} ({})", device.name, device.backend)
}

/// Three digits in a unit that fits.
fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Rates, SCHEMA, Status};
    use crate::engine::DeviceKind;

    fn record(name: &str, photons_per_s: Option<f64>) -> Record {
        let rates = photons_per_s.map(|photons_per_s| Rates {
            photons_per_s,
            spread: 0.2,
            repeats: 3,
            photons_per_repeat: 1000,
            events_per_s: 2.0 * photons_per_s,
            events_per_photon: 2.0,
            precision: None,
            relative: Some(2.0),
        });
        Record {
            schema: SCHEMA.into(),
            version: "1".into(),
            device: DeviceInfo { name: name.into(), backend: "cpu".into(), kind: DeviceKind::Cpu },
            driver: None,
            threads: 2,
            seconds_per_scene: 1.0,
            scenes: vec![SceneRecord {
                scene: "M1".into(),
                what: "slab".into(),
                status: if rates.is_some() { Status::Passed } else { Status::Failed },
                why: rates.is_none().then(|| "not the known answer: top".into()),
                designs: 1,
                table_bytes: 100,
                checks: vec![],
                rates,
            }],
            score: None,
            reference: "reference".into(),
            hints: vec!["on battery".into()],
        }
    }

    #[test]
    fn a_failed_scene_shows_no_number() {
        let page = page(&record("new", None));
        assert!(page.contains("M1     failed: not the known answer: top") && page.contains("No score"), "{page}");
        assert!(page.contains("! on battery"));
        let page = super::page(&record("new", Some(3e6)));
        assert!(page.contains("3.00 M") && page.contains("20.0 %") && page.contains("x 2.00"), "{page}");
    }

    #[test]
    fn a_comparison_names_both_devices() {
        let text = compare(&record("new", Some(3e6)), &record("old", Some(2e6)));
        assert!(text.contains("new") && text.contains("old") && text.contains("1.500"), "{text}");
        let text = compare(&record("new", Some(3e6)), &record("old", None));
        assert!(text.contains("failed") && !text.contains("1.500"), "{text}");
    }

    #[test]
    fn wide_spreads_are_named() {
        assert!(spread_hints(&record("new", Some(1.0)).scenes)[0].contains("M1"));
        assert!(spread_hints(&record("new", None).scenes).is_empty());
    }
}
