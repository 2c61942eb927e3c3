//! Results in files: written beside their place first, then moved there, so that nothing stands half written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

/// Every file that a result folder can hold, beside a sweep's maps; nothing else is ever overwritten.
const OWN_FILES: [&str; 31] = [
    "result.json",
    "report.html",
    "sweep.csv",
    "fates.csv",
    "quantities.csv",
    "spectra.csv",
    "angles.csv",
    "emissions_per_photon.csv",
    "depth.csv",
    "radius.csv",
    "spectra.svg",
    "angles.svg",
    "depth.svg",
    "emissions_per_photon.svg",
    "yields.svg",
    "exits.svg",
    "leakage.svg",
    "recycling.svg",
    "emissions.svg",
    "efficiency.svg",
    "purcell.svg",
    "stack.json",
    "optics.csv",
    "budget.csv",
    "far_field.csv",
    "emission.csv",
    "dispersion.csv",
    "optics.svg",
    "budget.svg",
    "far_field.svg",
    "dispersion.svg",
];

fn is_own(name: &str) -> bool {
    OWN_FILES.contains(&name) || (name.starts_with("map_") && name.ends_with(".svg"))
}

/// A result folder that is being written. Dropped unfinished, it leaves nothing.
pub struct OutFolder {
    place: PathBuf,
    draft: PathBuf,
}

impl OutFolder {
    /// Makes sure that a folder can be written at `place`, before the run that fills it.
    ///
    /// # Errors
    /// A place that holds something already (unless it is an earlier result and `overwrite` is set),
    /// or that cannot be written.
    pub fn prepare(place: &Path, overwrite: bool) -> anyhow::Result<Self> {
        let held = names_in(place).with_context(|| format!("--out {}", place.display()))?;
        if let Some(foreign) = held.iter().find(|name| !is_own(name)) {
            bail!("--out {}: holds '{foreign}', which is not part of a result; choose another folder", place.display());
        }
        if !held.is_empty() && !overwrite {
            bail!("--out {}: holds a result already; --overwrite replaces it", place.display());
        }
        let place = &followed(place);
        let draft = beside(place, "partial")?;
        fs::create_dir_all(&draft).with_context(|| format!("--out {}: cannot be written", place.display()))?;
        Ok(Self { place: place.to_path_buf(), draft })
    }

    pub fn write(&self, name: &str, contents: &[u8]) -> anyhow::Result<()> {
        debug_assert!(is_own(name), "{name}");
        fs::write(self.draft.join(name), contents).with_context(|| format!("--out {}: {name}", self.place.display()))
    }

    /// Moves the finished folder to its place.
    pub fn finish(self) -> anyhow::Result<()> {
        let failed = || format!("--out {}", self.place.display());
        let old = beside(&self.place, "old")?;
        let replaced = self.place.exists();
        if replaced {
            fs::rename(&self.place, &old).with_context(failed)?;
        }
        if let Err(error) = fs::rename(&self.draft, &self.place) {
            if replaced {
                fs::rename(&old, &self.place).with_context(failed)?;
            }
            return Err(error).with_context(failed);
        }
        if replaced {
            fs::remove_dir_all(&old).with_context(failed)?;
        }
        Ok(())
    }
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        // Gone already once finished.
        let _ = fs::remove_dir_all(&self.draft);
    }
}

/// A file that is being written. Dropped unfinished, it leaves nothing.
pub struct OutFile {
    option: &'static str,
    place: PathBuf,
    /// None for a device or a pipe, which is written straight into.
    draft: Option<PathBuf>,
}

impl OutFile {
    /// Makes sure that a file can be written at `place`, which `option` named.
    ///
    /// # Errors
    /// A folder at that place, or one around it that takes no files.
    pub fn prepare(place: &Path, option: &'static str) -> anyhow::Result<Self> {
        if place.is_dir() {
            bail!("{option} {}: is a folder", place.display());
        }
        let place = followed(place);
        if is_special(&place) {
            return Ok(Self { option, place, draft: None });
        }
        let draft = beside(&place, "partial")?;
        fs::write(&draft, "").with_context(|| format!("{option} {}: cannot be written", place.display()))?;
        Ok(Self { option, place, draft: Some(draft) })
    }

    /// Writes the file, and lets the system store it before it takes its place.
    pub fn finish(self, contents: &[u8]) -> anyhow::Result<()> {
        let in_place = |draft: &Path| {
            let mut file = File::create(draft)?;
            file.write_all(contents)?;
            file.sync_all()?;
            fs::rename(draft, &self.place)
        };
        let written = match &self.draft {
            Some(draft) => in_place(draft),
            None => OpenOptions::new().write(true).open(&self.place).and_then(|mut file| file.write_all(contents)),
        };
        written.with_context(|| format!("{} {}", self.option, self.place.display()))
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            let _ = fs::remove_file(draft);
        }
    }
}

/// The place that a path leads to, symbolic links followed, whether or not anything is there yet.
fn followed(place: &Path) -> PathBuf {
    fs::canonicalize(place).unwrap_or_else(|_| place.to_path_buf())
}

/// Whether a path leads to something that is no plain file, such as a device, which a rename must not replace.
pub fn is_special(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|found| !found.is_file())
}

/// Waits for none of several results to be written before it tells what went wrong with any.
///
/// # Errors
/// All of theirs, a line each.
pub fn all_written<const N: usize>(results: [anyhow::Result<()>; N]) -> anyhow::Result<()> {
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    if failures.is_empty() { Ok(()) } else { Err(anyhow!(failures.join("\n"))) }
}

/// Refuses two files of a command that are one and the same: a result must not replace what it came from, such as the
/// files that a scene names, nor another result. Each comes with the words that name it; `-` is no file.
///
/// # Errors
/// The first such pair.
pub fn keep_apart(named_by_scene: &[PathBuf], files: &[(&str, Option<&Path>)]) -> anyhow::Result<()> {
    let named = named_by_scene.iter().map(|place| ("a file of the scene", Some(&**place)));
    let files: Vec<_> = named
        .chain(files.iter().copied())
        .filter_map(|(words, place)| Some((words, place.filter(|place| *place != Path::new("-"))?)))
        .map(|(words, place)| (words, followed(place)))
        .filter(|(_, place)| !is_special(place))
        .collect();
    // a scene may name a file twice, and what it reads does no harm
    for (i, (words, place)) in files.iter().enumerate().skip(named_by_scene.len()) {
        if let Some((other, _)) = files[..i].iter().find(|(_, earlier)| earlier == place) {
            bail!("{words} {}: is also {other}; choose another file", place.display());
        }
    }
    Ok(())
}

/// Names in a folder; none where there is no folder yet.
fn names_in(place: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(place) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A hidden name in the same folder, this process's own.
fn beside(place: &Path, what: &str) -> anyhow::Result<PathBuf> {
    let Some(name) = place.file_name() else { bail!("{}: is no name for a result", place.display()) };
    Ok(place.with_file_name(format!(".{}.{what}-{}", name.to_string_lossy(), std::process::id())))
}
