//! Temporary files next to the files they will replace.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::attributes::{FileAttributes, Lost, apply_attributes};
use super::open::is_free;
use super::swap::{exchange, rename_new};
use crate::process;

const PREFIX: &str = ".openclaw-portkey.";
const SUFFIX: &str = ".tmp";

/// When a temporary file is abandoned, if its process can't be checked.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A temporary file, removed on drop unless it is renamed.
#[derive(Debug)]
pub(super) struct Temp {
    path: PathBuf,
}

impl Temp {
    /// Writes `bytes` to a new file in `folder` and syncs it to disk.
    pub(super) fn create(folder: &Path, bytes: &[u8], like: &FileAttributes) -> io::Result<Self> {
        Self::create_like(folder, bytes, like).map(|(temp, _)| temp)
    }

    /// Like [`Temp::create`], but also returns the attributes that couldn't be applied.
    pub(super) fn create_like(
        folder: &Path,
        bytes: &[u8],
        like: &FileAttributes,
    ) -> io::Result<(Self, Lost)> {
        let (temp, mut file) = Self::open(folder)?;
        file.write_all(bytes)?;
        let lost = apply_attributes(&file, like)?;
        file.sync_all()?;
        Ok((temp, lost))
    }

    /// Writes `bytes` to a new file without syncing it, for files that needn't survive a power cut.
    pub(super) fn create_fleeting(
        folder: &Path,
        bytes: &[u8],
        like: &FileAttributes,
    ) -> io::Result<Self> {
        let (temp, mut file) = Self::open(folder)?;
        file.write_all(bytes)?;
        apply_attributes(&file, like)?;
        Ok(temp)
    }

    fn open(folder: &Path) -> io::Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            let path = Self::next_name(folder);
            match options.open(&path) {
                Ok(file) => return Ok((Self { path }, file)),
                // Left by a dead process that had our id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn next_name(folder: &Path) -> PathBuf {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let origin = process::origin().unwrap_or("0");
        let pid = std::process::id();
        folder.join(format!("{PREFIX}{origin}.{pid}.{number}{SUFFIX}"))
    }

    /// Gives the file at `path` a temporary name next to it.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        loop {
            let aside = Self::next_name(folder_of(path));
            if is_free(&aside)? {
                fs::rename(path, &aside)?;
                sync_folder(path);
                return Ok(Self { path: aside });
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces `target` with this file in one step.
    pub(super) fn rename_to(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.forget();
        sync_folder(target);
        Ok(())
    }

    /// Renames the file to a name that must be free.
    ///
    /// `Err` returns the file itself, which would otherwise be lost.
    pub(super) fn rename_to_free(self, target: &Path) -> Result<(), (Self, io::Error)> {
        match rename_new(&self.path, target) {
            Ok(true) => {}
            Ok(false) => {
                let renamed = match is_free(target) {
                    Ok(true) => fs::rename(&self.path, target),
                    Ok(false) => Err(io::ErrorKind::AlreadyExists.into()),
                    Err(error) => Err(error),
                };
                if let Err(error) = renamed {
                    return Err((self, error));
                }
            }
            Err(error) => return Err((self, error)),
        }
        self.forget();
        sync_folder(target);
        Ok(())
    }

    /// Swaps names with `target`; `false` if the system can't.
    pub(super) fn exchange_with(&self, target: &Path) -> io::Result<bool> {
        let exchanged = exchange(&self.path, target)?;
        if exchanged {
            sync_folder(target);
        }
        Ok(exchanged)
    }

    /// Leaves the file where it is.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // A failure here can't be handled; the next write sweeps again.
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes a rename in the folder of `path` survive a power cut. The new contents are already in
/// place, so a file system that can't do this isn't an error.
pub(super) fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder_of(path))
    {
        let _ = folder.sync_all();
    }
}

/// The folder of a file; `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The path with `ending` appended to its name.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Creates a folder and its missing parents, accessible only to the owner. Root gives them to the
/// owner of the parent folder.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let above = folder_of(folder);
    create_folder(above)?;
    match private_folders().create(folder) {
        // Another process was faster. A broken link is not a folder.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            #[cfg(unix)]
            if let Some((user, group)) = FileAttributes::new_in(above, 0o700)?.owner {
                // Not every file system has owners.
                let _ = std::os::unix::fs::chown(folder, Some(user), Some(group));
            }
            Ok(())
        }
    }
}

fn private_folders() -> fs::DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "Unix sets the mode"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Removes temporary files left by processes that have exited.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let maker = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
        if maker.is_some_and(|maker| is_abandoned_temp(maker, &entry)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a temporary file is abandoned. A process id is only meaningful where it was assigned:
/// the process may be running in another container or on another machine.
fn is_abandoned_temp(maker: &str, entry: &fs::DirEntry) -> bool {
    let mut parts = maker.split('.');
    let ours = parts.next() == Some(process::origin().unwrap_or("0"));
    let pid = parts.next().and_then(|pid| pid.parse().ok());
    match pid.map(process::life) {
        Some(process::Life::Dead) if ours => true,
        Some(process::Life::Alive) if ours => false,
        _ => entry.metadata().is_ok_and(|metadata| {
            let touched = last_touched(&metadata);
            touched.is_some_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED))
        }),
    }
}

/// When the contents or name of a file last changed. The modification time alone isn't enough: a
/// file that was swapped out keeps it.
fn last_touched(metadata: &fs::Metadata) -> Option<SystemTime> {
    let modified = metadata.modified().ok();
    #[cfg(unix)]
    let renamed = {
        use std::os::unix::fs::MetadataExt as _;

        let seconds = u64::try_from(metadata.ctime()).ok();
        seconds.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    };
    #[cfg(not(unix))]
    let renamed = metadata.created().ok();
    modified.max(renamed)
}
