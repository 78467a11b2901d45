//! Renames that cannot lose what is at the other end.

use std::fs;
use std::io;
use std::path::Path;

/// Swaps the names of two files in one step, so that what was replaced can be looked at, and can
/// come back without needing room on the disk. `false` where the system or the file system cannot.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    rename_with(one, other, rustix::fs::RenameFlags::EXCHANGE)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "Linux may refuse")]
pub(super) fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Renames a file to a name that must be free, in one step. `false` where the file system has
/// no way to do that.
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
            // Two names are one too many, but the new one is what was asked for.
            let _ = fs::remove_file(from);
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system knows second names; a refusal for another reason shows again.
        Err(_) => Ok(false),
    }
}

#[cfg(target_os = "linux")]
fn rename_with(from: &Path, to: &Path, flags: rustix::fs::RenameFlags) -> io::Result<bool> {
    use rustix::fs::{CWD, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, from, CWD, to, flags) {
        Ok(()) => Ok(true),
        // PERM is what sandboxes answer to calls that they do not know.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
