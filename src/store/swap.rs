//! Renames that never overwrite a file.

use std::fs;
use std::io;
use std::path::Path;

/// Swaps two files in one step, so that the replaced file can be inspected, and restored without
/// needing disk space. `false` if the system or file system can't.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    rename_with(one, other, rustix::fs::RenameFlags::EXCHANGE)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "Linux may refuse")]
pub(super) fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Renames a file to a name that must be free, in one step. `false` if the file system doesn't
/// support that.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when the name is taken; whatever else the system refuses.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    if rename_with(from, to, rustix::fs::RenameFlags::NOREPLACE)? {
        return Ok(true);
    }
    match fs::hard_link(from, to) {
        Ok(()) => {
            // A leftover second name is harmless; the new one is in place.
            let _ = fs::remove_file(from);
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Some file systems don't support hard links; any other error will show up again.
        Err(_) => Ok(false),
    }
}

#[cfg(target_os = "linux")]
fn rename_with(from: &Path, to: &Path, flags: rustix::fs::RenameFlags) -> io::Result<bool> {
    use rustix::fs::{CWD, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, from, CWD, to, flags) {
        Ok(()) => Ok(true),
        // Sandboxes answer PERM to calls they don't know.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
