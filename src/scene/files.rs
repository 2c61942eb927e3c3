//! Files that a scene names, read once however many designs of it are built.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::material::{self, MaterialError, OpticalConstants};
use crate::spectrum::Table;

/// What one kind of file was found to hold, by the name that the scene has for it.
type Read<T> = Mutex<HashMap<String, Arc<Result<T, MaterialError>>>>;

/// The files of a scene and of all its designs.
#[derive(Debug)]
pub(super) struct Files {
    /// Where names are sought.
    pub folder: PathBuf,
    optical: Read<OpticalConstants>,
    spectra: Read<Table>,
    values: Read<Table>,
}

impl Files {
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), optical: Read::default(), spectra: Read::default(), values: Read::default() }
    }

    /// As [`material::load_optical_constants`].
    pub fn optical_constants(&self, name: &str) -> Arc<Result<OpticalConstants, MaterialError>> {
        self.once(&self.optical, name, material::load_optical_constants)
    }

    /// As [`material::load_spectrum`].
    pub fn spectrum(&self, name: &str) -> Arc<Result<Table, MaterialError>> {
        self.once(&self.spectra, name, material::load_spectrum)
    }

    /// As [`material::load_values`].
    pub fn values(&self, name: &str) -> Arc<Result<Table, MaterialError>> {
        self.once(&self.values, name, material::load_values)
    }

    /// Those that were read so far.
    pub fn read(&self) -> Vec<PathBuf> {
        fn names<T>(read: &Read<T>) -> Vec<String> {
            read.lock().expect("no thread panics while it reads").keys().cloned().collect()
        }
        let names = [names(&self.optical), names(&self.spectra), names(&self.values)].concat();
        names.into_iter().map(|name| self.folder.join(name)).collect()
    }

    fn once<T>(
        &self,
        read: &Read<T>,
        name: &str,
        load: fn(&Path) -> Result<T, MaterialError>,
    ) -> Arc<Result<T, MaterialError>> {
        let mut read = read.lock().expect("no thread panics while it reads");
        read.entry(name.to_owned()).or_insert_with(|| Arc::new(load(&self.folder.join(name)))).clone()
    }
}
