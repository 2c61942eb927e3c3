//! `relume stack`.

use std::path::Path;
use std::process::ExitCode;

use relume::report::check::default_wavelengths_nm;
use relume::report::plot::stack_plots;
use relume::report::stack as page;
use relume::report::stack_files::{StackFiles, tables};
use relume::scene::{self, Scene};
use relume::stack::{ModeMap, StackReport, spectra};

use super::args::StackArgs;
use super::out::{OutFile, OutFolder, all_written, keep_apart};
use super::{Failure, print, style};

/// Points of the dispersion map, and how far it goes: past the surface plasmon of most metals.
const MAP_POINTS: usize = 160;
const MAP_TO_U: f64 = 1.6;

pub fn stack(args: &StackArgs) -> Result<ExitCode, Failure> {
    let loaded = scene::load(&args.scene, &args.settings)?;
    let wavelengths_nm =
        if args.wavelength.is_empty() { default_wavelengths_nm(&loaded.scene) } else { args.wavelength.clone() };
    keep_apart(&loaded.files_read, &[("the scene", Some(&*args.scene)), ("--json", args.json.as_deref())])?;
    let folder = args.out.as_deref().map(|place| OutFolder::prepare(place, args.overwrite)).transpose()?;
    let json_alone = args.json.as_deref() == Some(Path::new("-"));
    let file =
        args.json.as_deref().filter(|_| !json_alone).map(|place| OutFile::prepare(place, "--json")).transpose()?;
    let report = StackReport::new(&loaded.scene, &loaded.hash, &wavelengths_nm, &args.angle)?;
    let json = serde_json::to_string_pretty(&report)? + "\n";
    let page = if json_alone { json.clone() } else { page::page(&report, style()) };
    all_written([
        folder.map_or(Ok(()), |folder| write_folder(folder, &loaded.scene, &report, &args.angle, &json)),
        file.map_or(Ok(()), |file| file.finish(json.as_bytes())),
        print(&page).map_err(Into::into),
    ])?;
    Ok(ExitCode::SUCCESS)
}

fn write_folder(
    folder: OutFolder,
    scene: &Scene,
    report: &StackReport,
    angles_deg: &[f64],
    json: &str,
) -> anyhow::Result<()> {
    let spectra = spectra(scene, angles_deg)?;
    let map = ModeMap::new(scene, MAP_POINTS, MAP_TO_U)?;
    let files = StackFiles { report, spectra: &spectra, map: map.as_ref() };
    folder.write("stack.json", json.as_bytes())?;
    for (name, table) in tables(&files)? {
        folder.write(name, &table)?;
    }
    for (name, plot) in stack_plots(&files)? {
        folder.write(name, plot.as_bytes())?;
    }
    folder.finish()
}
