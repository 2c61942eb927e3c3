//! `relume stack`.

use std::path::Path;
use std::process::ExitCode;

use relume::report::check::default_wavelengths_nm;
use relume::report::stack as page;
use relume::scene;
use relume::stack::StackReport;

use super::args::StackArgs;
use super::out::OutFile;
use super::{Failure, print, style};

pub fn stack(args: &StackArgs) -> Result<ExitCode, Failure> {
    let loaded = scene::load(&args.scene, &args.settings)?;
    let wavelengths_nm =
        if args.wavelength.is_empty() { default_wavelengths_nm(&loaded.scene) } else { args.wavelength.clone() };
    let json_alone = args.json.as_deref() == Some(Path::new("-"));
    let file =
        args.json.as_deref().filter(|_| !json_alone).map(|place| OutFile::prepare(place, "--json")).transpose()?;
    let report = StackReport::new(&loaded.scene, &loaded.hash, &wavelengths_nm, &args.angle)?;
    let json = serde_json::to_string_pretty(&report)? + "\n";
    if let Some(file) = file {
        file.finish(json.as_bytes())?;
    }
    print(&if json_alone { json } else { page::page(&report, style()) })?;
    Ok(ExitCode::SUCCESS)
}
