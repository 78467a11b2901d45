//! Publishes files that anyone may read, without undo.

use std::fs;
use std::io;
use std::path::Path;

use super::attributes::FileAttributes;
use super::temp::{Temp, sweep};

/// Writes a file into a folder, creating the folder if missing. An existing file is replaced and
/// keeps its mode; a new one gets `mode`.
///
/// # Errors
/// Any I/O error; the previous file is kept.
pub fn publish(folder: &Path, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    sweep(folder);
    let path = folder.join(name);
    let like = match FileAttributes::of(&path)? {
        Some(like) => like,
        None => FileAttributes::new_in(folder, mode)?,
    };
    Temp::create(folder, bytes, &like)?.rename_to(&path)
}
