//! Reads small files as a whole, with errors in words.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The maximum file size, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// The text of a file; `None` if it doesn't exist. Invalid UTF-8 becomes `U+FFFD`.
///
/// # Errors
/// Why it couldn't be read, as part of a sentence.
pub(super) fn text(file: &Path) -> Result<Option<String>, String> {
    let cannot = |error: &io::Error| format!("{} cannot be read: {error}", file.display());
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(cannot(&error)),
    };
    // Check before opening: opening a pipe would wait for a writer.
    if !metadata.is_file() {
        return Err(format!("{} is not a file", file.display()));
    }
    if metadata.len() > LIMIT {
        return Err(format!("{} is larger than 4 MiB", file.display()));
    }
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
        .map_err(|error| cannot(&error))?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Whether other users of this machine can read a file: its group or others have access, and so do
/// the folders above it, up to the home folder.
#[cfg(unix)]
pub(super) fn is_exposed(file: &Path, home: Option<&Path>) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).map_or(0, |found| found.permissions().mode());
    let folders = file
        .ancestors()
        .skip(1)
        .take_while(|folder| Some(*folder) != home && folder.parent().is_some())
        .fold(0o011, |open, folder| open & mode(folder));
    mode(file) & (folders << 2) != 0
}

/// File permissions aren't checked on this platform.
#[cfg(not(unix))]
pub(super) fn is_exposed(_file: &Path, _home: Option<&Path>) -> bool {
    false
}

/// The entries of a folder, sorted; empty if it can't be listed.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    found.sort();
    found
}

/// Whether two paths lead to the same file.
pub(super) fn same(a: &Path, b: &Path) -> bool {
    a == b || real(a) == real(b)
}

/// The path with its links followed, as far as it exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        _ => path.to_owned(),
    }
}

pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// The file name; empty if it isn't Unicode.
pub(super) fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}
