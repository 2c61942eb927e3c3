//! The files of a sweep: its journal while it runs, then its CSV.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, bail};
use relume::sweep::journal::{self, Identity};
use relume::sweep::{DesignRow, Plan};

use super::tell;

/// Where the journal of a sweep lies that will write `csv`.
pub fn journal_of(csv: &Path) -> Option<PathBuf> {
    Some(csv.with_file_name(format!("{}.journal", csv.file_name()?.to_string_lossy())))
}

/// The journal beside a CSV file; the system lets go of its lock when the process ends, however it does.
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens the journal of a sweep that will write `csv`, and returns the rows that it holds already.
    ///
    /// # Errors
    /// A journal of another sweep to go on from, one in use, or a folder that takes no files.
    pub fn open(
        csv: &Path,
        resume: bool,
        identity: &Identity,
        plan: &Plan,
    ) -> anyhow::Result<(Self, Vec<Option<DesignRow>>)> {
        let Some(path) = journal_of(csv) else { bail!("--csv {}: is no name for a file", csv.display()) };
        let failed = || format!("{}", path.display());
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).with_context(failed)?;
        if file.try_lock().is_err() {
            bail!("{}: another sweep is writing it", path.display());
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(failed)?;
        let old = journal::read(&bytes);
        if old.is_none() && bytes.contains(&b'\n') {
            bail!("{}: is no journal of a sweep; move it away, or give --csv another name", path.display());
        }
        let mut rows = vec![None; plan.len()];
        match old {
            Some(old) if resume => {
                let differences = identity.differences(&old.identity);
                if !differences.is_empty() {
                    let list = differences.join("\n  ");
                    bail!("{}: is of another sweep:\n  {list}\nwithout --resume it starts anew", path.display());
                }
                for (design, row) in old.rows {
                    if let Some(place) = rows.get_mut(design) {
                        *place = Some(DesignRow { values: plan.values(design), ..row });
                    }
                }
                file.set_len(old.whole_bytes as u64).with_context(failed)?;
                let done = rows.iter().flatten().count();
                tell(&format!("going on: {done} of {} designs were done before", rows.len()));
                if old.broken > 0 {
                    tell(&format!("{} records of the journal fail their check and are made again", old.broken));
                }
            }
            Some(old) if !old.rows.is_empty() && identity.differences(&old.identity).is_empty() => bail!(
                "{}: holds {} finished designs of this very sweep; --resume goes on from them, without the file it starts anew",
                path.display(),
                old.rows.len()
            ),
            old => {
                match (old.map_or(0, |old| old.rows.len()), resume) {
                    (0, false) => {}
                    (0, true) => tell("nothing to resume; starting afresh"),
                    (done, _) => tell(&format!(
                        "{}: held {done} designs of an earlier sweep; starting anew, since --resume was not asked for",
                        path.display()
                    )),
                }
                file.set_len(0).with_context(failed)?;
                file.write_all(identity.line().as_bytes()).with_context(failed)?;
            }
        }
        Ok((Self { path, file: Mutex::new(file) }, rows))
    }

    pub fn add(&self, design: usize, row: &DesignRow) -> anyhow::Result<()> {
        let mut file = self.file.lock().expect("no thread panics while it writes");
        file.write_all(journal::record(design, row).as_bytes())
            .with_context(|| format!("{}: cannot be written; --resume goes on from what it holds", self.path.display()))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the journal away, once what it served for is in place.
    pub fn remove(self) -> anyhow::Result<()> {
        fs::remove_file(&self.path).with_context(|| format!("{}", self.path.display()))
    }
}
