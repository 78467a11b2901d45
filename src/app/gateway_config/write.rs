//! Writes a new gateway config.

use std::path::Path;

use crate::app::usage;
use crate::document::Document;
use crate::error::{Failure, FailureKind};
use crate::mask::secret_ranges;
use crate::store;

/// Writes a file; replaces an existing one only if forced.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    if force {
        return put(path, bytes, None);
    }
    put(
        path,
        bytes,
        Some("choose another file, or replace it with --force"),
    )
}

/// Writes a file that doesn't exist yet.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(path, bytes, Some("choose another file"))
}

/// `otherwise` is the help if the file exists.
fn put(path: &Path, bytes: &[u8], otherwise: Option<&'static str>) -> Result<(), Failure> {
    let snapshot = store::read(path)?;
    if let Some(help) = otherwise.filter(|_| snapshot.exists()) {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} already exists; nothing was written", path.display()),
        )
        .hint(help));
    }
    let target = &snapshot.target;
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = target.file_name().and_then(|name| name.to_str());
    let Some(name) = name else {
        return Err(usage(format!("{} isn't a file name", path.display())));
    };
    // A config with a provider's key must be readable only by its owner.
    let has_secrets = Document::read(bytes.to_vec())
        .is_ok_and(|document| !secret_ranges(&document, &[]).is_empty());
    let mode = if has_secrets { 0o600 } else { 0o644 };
    store::publish(folder, name, bytes, mode).map_err(|error| {
        Failure::new(
            FailureKind::File,
            format!("cannot write {}: {error}", path.display()),
        )
        .hint("choose a file in a writable folder")
    })
}
