//! Writing a new gateway config.

use std::path::Path;

use crate::app::usage;
use crate::document::Document;
use crate::error::{Failure, FailureKind};
use crate::mask::secret_ranges;
use crate::store;

/// Writes a file; one that exists only where that is forced.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    if force {
        return put(path, bytes, None);
    }
    put(
        path,
        bytes,
        Some("name another file, or replace it with --force"),
    )
}

/// Writes a file that does not exist.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(path, bytes, Some("name another file"))
}

/// `otherwise` says what to do where the file exists and is to stay.
fn put(path: &Path, bytes: &[u8], otherwise: Option<&'static str>) -> Result<(), Failure> {
    let snapshot = store::read(path)?;
    if let Some(help) = otherwise.filter(|_| snapshot.exists()) {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} is there already; nothing was written", path.display()),
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
        return Err(usage(format!("{} is not a file's name", path.display())));
    };
    // A config with a provider's key in it is for its owner alone.
    let has_secrets = Document::read(bytes.to_vec())
        .is_ok_and(|document| !secret_ranges(&document, &[]).is_empty());
    let mode = if has_secrets { 0o600 } else { 0o644 };
    store::publish(folder, name, bytes, mode).map_err(|error| {
        Failure::new(
            FailureKind::File,
            format!("cannot write {}: {error}", path.display()),
        )
        .hint("name a file in a folder that you may write to")
    })
}
