//! Files that anybody may read and nobody undoes.

use std::fs;
use std::io;
use std::path::Path;

use super::attributes::FileAttributes;
use super::temp::{Temp, sweep};

/// Puts a file into a folder, which is made where it is missing. A file of that name is replaced and
/// keeps its mode; a new one gets `mode`.
///
/// # Errors
/// Whatever the system refuses; the file from before stays.
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
