//! Writing a new gateway config.

use std::path::Path;

use crate::app::usage;
use crate::error::{Failure, FailureKind};
use crate::store;

/// Writes a file; one that exists only where that is forced.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let snapshot = store::read(path)?;
    if snapshot.exists() && !force {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} is there already; nothing was written", path.display()),
        )
        .hint("name another file, or replace it with --force"));
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
    store::publish(folder, name, bytes).map_err(|error| {
        Failure::new(
            FailureKind::File,
            format!("cannot write {}: {error}", path.display()),
        )
        .hint("name a file in a folder that you may write to")
    })
}
