//! What can be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use relume::bench::{BenchScene, SCENES};
use relume::outcome::DEFINITIONS;
use relume::simulate::Target;
use relume::stack::{QUANTITIES, Quantity};
use relume::sweep::Vary;

/// Follows photons through luminescent films: absorbed, re-emitted, scattered, trapped, recycled, and let out.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Exit codes: 0 ok, 1 error, 2 usage, 3 no usable device, 4 ledger, truncation or \
benchmark check failed, 5 target not reached (results written), 130 interrupted (results so far written; \
of sweep --csv the journal, for --resume)."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scene and show where its photons went
    Run(RunArgs),
    /// Run many designs of a scene: a grid of varied keys, or the rows of a table
    Sweep(SweepArgs),
    /// Show what waves do in coherent layers: reflection, absorption by layer, where a dipole's light goes
    Stack(StackArgs),
    /// Validate a scene and show what was understood
    Check(CheckArgs),
    /// Measure how fast a device is on named scenes, counted only where the physics passes
    Bench(BenchArgs),
    /// List the devices that could run photons, and which one `auto` takes
    Devices(DevicesArgs),
    /// Show the material library, or one material with its sources
    Materials(MaterialsArgs),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub job: JobArgs,
    /// Show yields at 21 PLQYs of an emitter, from one transport; with several emitters name one
    #[arg(long, value_name = "EMITTER", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub plqy_curve: Option<String>,
}

#[derive(Debug, Args)]
pub struct SweepArgs {
    #[command(flatten)]
    pub job: JobArgs,
    /// Vary a key: KEY=from:to:count, KEY=from:to:count:log or KEY=v1,v2,v3; repeated: a grid, the last key fastest
    #[arg(long, value_name = "KEY=VALUES", value_parser = vary, required_unless_present = "designs")]
    pub vary: Vec<Vary>,
    /// Run the rows of a CSV table whose header names the keys
    #[arg(long, value_name = "FILE", conflicts_with = "vary")]
    pub designs: Option<PathBuf>,
    /// Give the quantities of `relume stack` for each design: waves alone, no photons and nothing that belongs to them
    #[arg(long, conflicts_with_all = ["photons", "seed", "stratified", "target", "device", "backend", "resume", "no_reweighting"])]
    pub stack: bool,
    /// Write a row a design as CSV; - is stdout
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Go on where an earlier sweep to the same --csv stopped
    #[arg(long, requires = "csv")]
    pub resume: bool,
    /// Run every PLQY by itself, rather than all PLQYs of an emitter from one transport
    #[arg(long)]
    pub no_reweighting: bool,
    /// Find the design with the largest value of a quantity, and those that cannot be told from it
    #[arg(long, value_name = "QUANTITY", value_parser = any_quantity)]
    pub best: Option<String>,
}

/// What a run and a sweep share.
#[derive(Debug, Args)]
pub struct JobArgs {
    /// Scene file (TOML)
    pub scene: PathBuf,
    /// auto | cpu | gpu | all | a number of `relume devices` | a part of a device's name
    #[arg(long, default_value = "auto", value_parser = device)]
    pub device: String,
    /// Graphics interface to use
    #[arg(long)]
    pub backend: Option<Backend>,
    /// Photons to launch, in a sweep for each design, e.g. 1e7, 1_000_000, 2^20
    /// [default: 1e6, with --target at most 1e8; sweep: 1e5, at most 1e7]
    #[arg(short = 'n', long, value_parser = count)]
    pub photons: Option<u64>,
    /// The same seed gives the same photons
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Smaller errors from as many photons: starts spread evenly, first reflection and losses of emitters as expected
    #[arg(long)]
    pub stratified: bool,
    /// Run until a quantity's standard error is at most this, e.g. eqy:0.001; -n is then the limit
    #[arg(long, value_name = "QUANTITY:SE", value_parser = target)]
    pub target: Option<Target>,
    /// Change a value of the scene, e.g. layer.film.thickness_um=80; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
    pub settings: Vec<(String, String)>,
    /// Write the result as JSON: to FILE, or alone to stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub json: Option<PathBuf>,
    /// Write result, tables and plots to a new folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Let --out replace an earlier result
    #[arg(long, requires = "out")]
    pub overwrite: bool,
}

#[derive(Debug, Args)]
pub struct StackArgs {
    /// Scene file (TOML) with coherent layers
    pub scene: PathBuf,
    /// Wavelengths in nm [default: the source's and each emitter's]
    #[arg(long, value_name = "NM,NM", value_delimiter = ',', value_parser = wavelength)]
    pub wavelength: Vec<f64>,
    /// Angles to the normal in degrees, in the medium in front of the layers
    #[arg(long, value_name = "DEG,DEG", value_delimiter = ',', default_value = "0", value_parser = angle, allow_negative_numbers = true)]
    pub angle: Vec<f64>,
    /// Change a value of the scene, e.g. layer.NC.thickness_nm=80; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
    pub settings: Vec<(String, String)>,
    /// Write the result as JSON: to FILE, or alone to stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub json: Option<PathBuf>,
    /// Write result, tables and plots to a new folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Let --out replace an earlier result
    #[arg(long, requires = "out")]
    pub overwrite: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scene file (TOML)
    pub scene: PathBuf,
    /// Change a value of the scene; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
    pub settings: Vec<(String, String)>,
    /// Wavelengths in nm at which to show coefficients [default: the source's and each emitter's]
    #[arg(long, value_name = "NM,NM", value_delimiter = ',', value_parser = wavelength)]
    pub wavelength: Vec<f64>,
    /// JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BenchArgs {
    /// A few seconds for each scene: under a minute in all
    #[arg(long)]
    pub quick: bool,
    /// Seconds for each scene [default: 30; with --quick 5]
    #[arg(long, conflicts_with = "quick", value_parser = seconds)]
    pub seconds: Option<f64>,
    /// Scenes to run, e.g. M1,film; a score takes all of them
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',', value_parser = bench_scene)]
    pub scene: Vec<&'static BenchScene>,
    /// auto | cpu | gpu | all | a number of `relume devices` | a part of a device's name
    #[arg(long, default_value = "auto", value_parser = device)]
    pub device: String,
    /// Graphics interface to use
    #[arg(long)]
    pub backend: Option<Backend>,
    /// Show the rates beside those of an earlier benchmark's JSON
    #[arg(long, value_name = "FILE")]
    pub compare: Option<PathBuf>,
    /// Write the result as JSON: to FILE, or alone to stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// Graphics interface to ask
    #[arg(long)]
    pub backend: Option<Backend>,
    /// JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct MaterialsArgs {
    /// A material of the library
    pub name: Option<String>,
    /// JSON on stdout; needs a name
    #[arg(long, requires = "name")]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    Vulkan,
    Metal,
    Dx12,
}

fn device(text: &str) -> Result<String, String> {
    match text {
        "" => Err("a device needs a name".into()),
        _ => Ok(text.to_string()),
    }
}

/// A whole number of at least 1, also as 1e7, 1_000_000 or 2^20.
fn count(text: &str) -> Result<u64, String> {
    let plain = text.replace('_', "");
    let number = match plain.split_once('^') {
        Some((base, exponent)) => {
            let parts = base.parse::<u64>().ok().zip(exponent.parse::<u32>().ok());
            parts.and_then(|(base, exponent)| base.checked_pow(exponent))
        }
        None => plain.parse::<u64>().ok().or_else(|| whole(plain.parse().ok()?)),
    };
    match number {
        Some(0) => Err("at least 1 photon is needed".into()),
        Some(number) if number <= MAX_PHOTONS => Ok(number),
        Some(_) => Err(format!("at most {MAX_PHOTONS} photons can be counted")),
        None => Err("must be a whole number of at least 1, like 1000000, 1e7, 1_000_000 or 2^20".into()),
    }
}

/// Above this, counts would no longer be exact as the f64 numbers of a JSON reader.
const MAX_PHOTONS: u64 = 1 << 53;

fn whole(number: f64) -> Option<u64> {
    (number >= 0.0 && number <= MAX_PHOTONS as f64 && number.fract() == 0.0).then_some(number as u64)
}

fn target(text: &str) -> Result<Target, String> {
    let (name, se) = text.split_once(':').ok_or("must be QUANTITY:STANDARD_ERROR, like eqy:0.001")?;
    let quantity = quantity(name)?;
    match se.parse::<f64>() {
        Ok(se) if se > 0.0 && se.is_finite() => Ok(Target { quantity, se }),
        _ => Err(format!("the standard error must be a positive number, got '{se}'")),
    }
}

fn quantity(text: &str) -> Result<String, String> {
    let keys = || DEFINITIONS.iter().map(|definition| definition.key);
    if keys().any(|key| key == text) {
        return Ok(text.to_string());
    }
    Err(format!("there is no quantity '{text}'; nearest: {}", super::nearest(text, keys()).join(", ")))
}

/// A quantity of photons or of waves.
fn any_quantity(text: &str) -> Result<String, String> {
    let keys = || DEFINITIONS.iter().map(|of| of.key).chain(QUANTITIES.iter().map(|of| of.key));
    if keys().any(|key| key == text) || Quantity::of(text).is_some() {
        return Ok(text.to_string());
    }
    Err(format!("there is no quantity '{text}'; nearest: {}", super::nearest(text, keys()).join(", ")))
}

fn vary(text: &str) -> Result<Vary, String> {
    let (key, values) = text.split_once('=').ok_or("must be KEY=VALUES, like layer.film.thickness_um=5:200:50:log")?;
    Ok(Vary { key: key.trim().to_string(), values: values.trim().to_string() })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("must be KEY=VALUE, like layer.film.thickness_um=80")?;
    Ok((key.trim().to_string(), value.trim().to_string()))
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 3600.0 => Ok(seconds),
        _ => Err("must be a positive number of seconds, at most 3600".into()),
    }
}

fn bench_scene(text: &str) -> Result<&'static BenchScene, String> {
    let names = || SCENES.iter().map(|scene| scene.key);
    let found = SCENES.iter().find(|scene| scene.key.eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("there is no scene '{text}'; there are {}", names().collect::<Vec<_>>().join(", ")))
}

fn wavelength(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(nm) if nm > 0.0 && nm.is_finite() => Ok(nm),
        _ => Err("must be a positive number of nm".into()),
    }
}

fn angle(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(deg) if (0.0..=90.0).contains(&deg) => Ok(deg),
        _ => Err("must be an angle in 0..=90 degrees".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_people_write_them() {
        for (text, number) in [("1e7", 10_000_000), ("1_000_000", 1_000_000), ("2^20", 1 << 20), ("1.5e3", 1500)] {
            assert_eq!(count(text), Ok(number), "{text}");
        }
        for text in ["0", "-1", "1.5", "many", "2^64", "1e30", "", "nan", "inf"] {
            assert!(count(text).is_err(), "{text}");
        }
    }

    #[test]
    fn targets_name_a_quantity_and_an_error() {
        assert_eq!(target("eqy:0.001").unwrap().se, 0.001);
        assert!(target("eqi:0.001").unwrap_err().contains("eqy"));
        for text in ["eqy", "eqy:0", "eqy:-1", "eqy:nan", "eqy:"] {
            assert!(target(text).is_err(), "{text}");
        }
    }
}
