//! A report that opens from disk: one HTML file with its plots inside, without scripts and without a network.

mod page;
mod run;
mod sweep;

pub use page::{escape, name as quantity_name};
pub use run::run;
pub use sweep::{files, sweep};

/// What was asked: how a reader comes to the same result.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The command as it can be typed again.
    pub command: &'a str,
    /// The scene file as it was read.
    pub scene_text: &'a str,
    /// Settings on the command line, in order.
    pub settings: &'a [(String, String)],
}

/// Words as a shell reads them, each in quotes where it needs them.
pub fn command_line(words: impl IntoIterator<Item = String>) -> String {
    let plain = |word: &str| {
        let letter = |letter: char| letter.is_alphanumeric() || "-_./:=,+@%^".contains(letter);
        !word.is_empty() && word.chars().all(letter)
    };
    let quoted = words.into_iter().map(|word| {
        if plain(&word) { word } else { format!("'{}'", word.replace('\'', "'\\''")) } //
    });
    quoted.collect::<Vec<_>>().join(" ")
}
