//! Reads a file once, with everything needed to check later whether it has changed.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::open::{Links, Unreadable, open_regular, read_limited};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A file as it was read.
#[derive(Clone)]
pub struct Snapshot {
    /// The path as given.
    pub path: PathBuf,
    /// The file that writes go to: the link's target if `path` is a link, else `path`.
    pub target: PathBuf,
    /// The contents; `None` if the file doesn't exist.
    pub bytes: Option<Vec<u8>>,
}

impl Snapshot {
    /// Whether the file exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.bytes.is_some()
    }

    /// The same snapshot with `bytes`, for callers that moved them out to keep only one copy.
    #[must_use]
    pub fn with_bytes(&self, bytes: Option<Vec<u8>>) -> Self {
        Self {
            path: self.path.clone(),
            target: self.target.clone(),
            bytes,
        }
    }

    /// Whether the path is a link, so that writes go to its target.
    #[must_use]
    pub fn is_link(&self) -> bool {
        self.path != self.target
    }

    /// Whether the file still holds the bytes that were read, behind the same links. A file
    /// rewritten with the same bytes counts as unchanged.
    ///
    /// # Errors
    /// A broken or circular link, or an unreadable file.
    pub fn is_unchanged(&self) -> Result<bool, StoreError> {
        match (resolve(&self.path)?, &self.bytes) {
            (None, None) => Ok(true),
            (Some(target), Some(bytes)) if target == self.target => {
                holds(&target, bytes).map_err(|error| StoreError::failed("read", &target, error))
            }
            _ => Ok(false),
        }
    }

    pub(super) fn check_unchanged(&self) -> Result<(), StoreError> {
        if self.is_unchanged()? {
            Ok(())
        } else {
            Err(StoreError::ChangedUnderneath(self.path.clone()))
        }
    }
}

/// Reads a file, up to [`MAX_BYTES`]. A missing file gives a snapshot without bytes.
///
/// # Errors
/// A folder, device or pipe, a broken or circular link, a file that is too large or unreadable.
pub fn read(path: &Path) -> Result<Snapshot, StoreError> {
    let Some(target) = resolve(path)? else {
        return Ok(Snapshot {
            path: path.to_owned(),
            target: path.to_owned(),
            bytes: None,
        });
    };
    let bytes = read_regular(path, &target)?;
    Ok(Snapshot {
        path: path.to_owned(),
        target,
        bytes: Some(bytes),
    })
}

fn read_regular(path: &Path, target: &Path) -> Result<Vec<u8>, StoreError> {
    let failed = |error| StoreError::failed("read", path, error);
    // Check before opening, since opening alone triggers some devices.
    let metadata = fs::metadata(target).map_err(failed)?;
    if metadata.is_dir() {
        return Err(StoreError::Folder(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(StoreError::Special(path.to_owned()));
    }
    match read_limited(target, MAX_BYTES, Links::Follow) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(failed(io::ErrorKind::NotFound.into())),
        Err(Unreadable::NotAFile) => Err(StoreError::Special(path.to_owned())),
        Err(Unreadable::TooLarge) => Err(StoreError::TooLarge(path.to_owned())),
        Err(Unreadable::Failed(error)) => Err(failed(error)),
    }
}

/// Follows links to the file that holds the bytes; `None` if nothing exists at `path`.
pub(super) fn resolve(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let failed = |error| StoreError::failed("read", path, error);
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_symlink() => return Ok(Some(path.to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if is_loop(&error) => return Err(StoreError::Loop(path.to_owned())),
        Err(error) => return Err(failed(error)),
    }
    match fs::canonicalize(path) {
        Ok(target) => Ok(Some(target)),
        Err(error) if is_loop(&error) => Err(StoreError::Loop(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Dangling {
            link: path.to_owned(),
            to: fs::read_link(path).map_err(failed)?,
        }),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
fn is_loop(_error: &io::Error) -> bool {
    false
}

/// Whether a regular file holds these bytes. Compares in chunks, so that a large file isn't held in
/// memory twice.
pub(super) fn holds(path: &Path, mut expected: &[u8]) -> io::Result<bool> {
    let file = match open_regular(path, Links::Refuse) {
        Ok(file) => file,
        Err(Unreadable::Failed(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    if file.metadata()?.len() != expected.len() as u64 {
        return Ok(false);
    }
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(expected.is_empty());
        }
        let Some(rest) = expected.strip_prefix(piece) else {
            return Ok(false);
        };
        let length = piece.len();
        expected = rest;
        reader.consume(length);
    }
}
