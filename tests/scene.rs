//! What a scene file may say, what is understood, and the exact words for what is wrong.

use std::path::Path;

use relume::scene::{Loaded, parse};

fn read(text: &str) -> Result<Loaded, String> {
    parse(text, "scene.toml", Path::new("scenes"), &[]).map_err(|problems| problems.to_string())
}

const FILM: &str = include_str!("../scenes/hazy_film.toml");

#[test]
fn the_explicit_film_is_understood() {
    let loaded = read(FILM).unwrap();
    let film = &loaded.scene.layers[0];
    assert_eq!((film.name.as_str(), film.thickness_um, film.index.at(450.0)), ("film", 50.0, 1.5));
    assert_eq!(film.emitters[0].absorption_per_cm.at(510.0), 700.0);
    assert_eq!((film.scatterers[0].mu_s_per_cm.at(450.0), film.scatterers[0].g.at(450.0)), (200.0, 0.7));
    assert_eq!(loaded.hash.len(), 32);
}

#[test]
fn all_problems_are_told_at_once_in_order() {
    let text = FILM.replace("plqy = 0.996", "plqy = 1.2").replace("index = 1.5", "index = 0.9\nthickness = 3");
    assert_eq!(
        read(&text).unwrap_err(),
        "scene.toml:19: layer 'film': index must lie in 1..=10, got 0.9\n\
         scene.toml:20: layer 'film': unknown key 'thickness'; the unit is part of the key: \
         thickness_um or thickness_nm or thickness_mm\n\
         scene.toml:25: layer 'film': emitter 'MAPbBr3': plqy must lie in 0..=1, got 1.2"
    );
}
