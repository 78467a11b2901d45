//! Files that anybody may read and nobody undoes.

use std::fs;
use std::io;
use std::path::Path;

use super::attributes::FileAttributes;
use super::temp::{Temp, sweep};

/// Puts a file into a folder, which is made where it is missing; a file of that name is replaced.
///
/// # Errors
/// Whatever the system refuses; the file from before stays.
pub fn publish(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    sweep(folder);
    let like = FileAttributes::new_in(folder, 0o644)?;
    Temp::create(folder, bytes, &like)?.rename_to(&folder.join(name))
}
