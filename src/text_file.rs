//! Files that a person writes, as text.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The whole file, which must not be larger than so many MiB: a device may have no end.
///
/// # Errors
/// When it cannot be read, is too large, or no text (UTF-8).
pub fn read(path: &Path, most_mib: u64) -> io::Result<String> {
    let most_bytes = most_mib << 20;
    let mut bytes = Vec::new();
    File::open(path)?.take(most_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes {
        return Err(io::Error::other(format!("is larger than {most_mib} MiB")));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("is not text (UTF-8)"))
}
