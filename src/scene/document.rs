//! A scene file that has been parsed but not yet built, so that a sweep can vary it many times.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::Files;
use super::problem::{Problem, Problems};
use super::tree::{self, Node, Place};
use super::{Scene, build, hash, set, settable};
use crate::text_file;

/// A scene is not larger.
const MOST_MIB: u64 = 16;

/// A parsed scene file with its settings.
#[derive(Debug, Clone)]
pub struct Document {
    name: String,
    files: Arc<Files>,
    text: Arc<str>,
    root: Node,
}

/// A scene and what identifies it.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub scene: Scene,
    /// 32 hex digits that name the scene after all settings, and the contents of the files it names.
    pub hash: String,
    /// The scene file as it was read.
    pub text: String,
    /// The files that it names.
    pub files_read: Vec<PathBuf>,
}

/// Reads and builds a scene file with its `--set` pairs of key and value.
///
/// # Errors
/// Everything that is wrong with the file, the settings and the scene, at once.
pub fn load(path: &Path, settings: &[(String, String)]) -> Result<Loaded, Problems> {
    Document::read(path)?.with(settings)?.load()
}

/// As [`load`], for a text. `name` stands in messages; files that the scene names are sought in `base_dir`.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str, name: &str, base_dir: &Path, settings: &[(String, String)]) -> Result<Loaded, Problems> {
    Document::parse(text, name, base_dir)?.with(settings)?.load()
}

impl Document {
    /// Reads and parses a scene file. Messages name the file as it was given.
    ///
    /// # Errors
    /// When the file cannot be read or is not valid TOML.
    pub fn read(path: &Path) -> Result<Self, Problems> {
        let name = path.display().to_string();
        let base_dir = path.parent().unwrap_or(Path::new(""));
        match text_file::read(path, MOST_MIB) {
            Ok(text) => Self::parse(&text, &name, base_dir),
            Err(error) => {
                let message = format!("cannot be read: {error}");
                Err(Problems::new(&name, vec![Problem { place: Place::File, message }]))
            }
        }
    }

    /// Parses the text of a scene file.
    ///
    /// # Errors
    /// When it is not valid TOML.
    pub fn parse(text: &str, name: &str, base_dir: &Path) -> Result<Self, Problems> {
        match tree::parse_file(text) {
            Ok(root) => {
                let files = Arc::new(Files::in_folder(base_dir));
                Ok(Document { name: name.to_owned(), files, text: text.into(), root })
            }
            Err((place, message)) => Err(Problems::new(name, vec![Problem { place, message }])),
        }
    }

    /// The document with settings made, in order. A value is a TOML value, or else a bare string.
    ///
    /// # Errors
    /// When a key names nothing in this scene, with the nearest keys that do, or when two settings set the same thing; with what
    /// else is wrong with the scene then.
    pub fn with(&self, settings: &[(String, String)]) -> Result<Self, Problems> {
        let mut document = self.clone();
        let mut problems = Vec::new();
        if let Err((number, message)) = set::only_once(settings) {
            let (key, value) = &settings[number];
            problems.push(Problem { place: Place::Set(format!("{key}={value}")), message });
        }
        for (key, value) in settings {
            if let Err(message) = set::set(&mut document.root, key, value) {
                problems.push(Problem { place: Place::Set(format!("{key}={value}")), message });
            }
        }
        if problems.is_empty() {
            return Ok(document);
        }
        // what is wrong with the others is not for a second try
        problems.extend(document.scene().err().into_iter().flat_map(|problems| problems.list));
        Err(Problems::new(&self.name, problems))
    }

    /// Builds the scene. Files that it names are read once for this document and all made from it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn scene(&self) -> Result<Scene, Problems> {
        build::scene(&self.root, &self.files).map_err(|problems| Problems::new(&self.name, problems))
    }

    /// Builds the scene, with its hash and text.
    ///
    /// # Errors
    /// As [`Document::scene`].
    pub fn load(&self) -> Result<Loaded, Problems> {
        let scene = self.scene()?;
        Ok(Loaded { scene, hash: self.hash(), text: self.text.to_string(), files_read: self.files_read() })
    }

    /// The scene file as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The files that were read for the scenes built so far.
    pub fn files_read(&self) -> Vec<PathBuf> {
        self.files.read()
    }

    /// 32 hex digits that name the scene after all settings, and the contents of the files it names.
    /// Order of keys, comments and spaces do not matter.
    pub fn hash(&self) -> String {
        hash::of(&self.root, &self.files.folder)
    }

    /// Whether a key can be set in this scene.
    ///
    /// # Errors
    /// What is wrong with the key, with the nearest right ones.
    pub fn settable(&self, key: &str) -> Result<(), String> {
        set::known_path(&self.root, key).map(|_| ())
    }

    /// The layer and the emitter whose PLQY a key sets, if it sets one.
    pub fn plqy_of(&self, key: &str) -> Option<(String, String)> {
        match &set::known_path(&self.root, key).ok()?[..] {
            [layer, name, emitter, own, plqy] if layer == "layer" && emitter == "emitter" && plqy == "plqy" => {
                Some((name.to_string(), own.to_string()))
            }
            _ => None,
        }
    }

    /// Every key that can be set in this scene, present or not: `layer.film.thickness_um`.
    pub fn keys(&self) -> Vec<String> {
        settable::keys(&self.root)
    }
}
