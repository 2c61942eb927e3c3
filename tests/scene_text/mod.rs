//! Texts of scenes for tests.

// Each test file uses a part of what stands here.
#![allow(dead_code)]

pub mod problems;

use std::path::Path;

use relume::scene::{Loaded, parse};

pub const FILM: &str = include_str!("../../scenes/hazy_film.toml");

pub fn read(text: &str) -> Result<Loaded, String> {
    set(text, &[])
}

pub fn set(text: &str, settings: &[(&str, &str)]) -> Result<Loaded, String> {
    let settings: Vec<_> = settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    parse(text, "scene.toml", Path::new("scenes"), &settings).map_err(|problems| problems.to_string())
}

/// The explicit film with one part replaced.
pub fn with_film(part: &str, by: &str) -> String {
    assert!(FILM.contains(part), "the film has no {part}");
    FILM.replace(part, by)
}

/// A scene of one layer, called 'l', whose keys start on line 6.
pub fn layer(keys: &str) -> String {
    format!("schema = 1\nsource = {{ kind = \"beam\", wavelength_nm = 500 }}\n\n[[layer]]\nname = \"l\"\n{keys}\n")
}
