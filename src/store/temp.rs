//! Temporary files beside the file they will become.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::process;

const PREFIX: &str = ".openclaw-portkey.";
const SUFFIX: &str = ".tmp";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A finished temporary file; it is removed unless it is renamed into place.
pub(super) struct Temp {
    path: PathBuf,
}

/// The mode and owner that a new file gets.
#[derive(Clone, Copy)]
pub(super) struct FileAttributes {
    /// Unix permission bits.
    pub(super) mode: u32,
    /// User and group, where the system has them.
    #[cfg_attr(not(unix), expect(dead_code, reason = "such a system has neither"))]
    pub(super) owner: Option<(u32, u32)>,
}

impl FileAttributes {
    /// For files of our own: nobody else may read them.
    pub(super) const PRIVATE: Self = Self {
        mode: 0o600,
        owner: None,
    };

    /// The mode and owner of an existing file; [`FileAttributes::PRIVATE`] when there is none.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;

        fs::metadata(path).map_or(Self::PRIVATE, |metadata| Self {
            mode: metadata.mode() & 0o7777,
            owner: Some((metadata.uid(), metadata.gid())),
        })
    }

    #[cfg(not(unix))]
    pub(super) fn of(_path: &Path) -> Self {
        Self::PRIVATE
    }
}

impl Temp {
    /// Writes `bytes` to a new file in `folder` and waits until they are on the disk.
    pub(super) fn create(folder: &Path, bytes: &[u8], like: FileAttributes) -> io::Result<Self> {
        let (temp, mut file) = Self::open(folder)?;
        file.write_all(bytes)?;
        dress(&file, like)?;
        file.sync_all()?;
        Ok(temp)
    }

    fn open(folder: &Path) -> io::Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PREFIX}{}.{number}{SUFFIX}", std::process::id()));
            match options.open(&path) {
                Ok(file) => return Ok((Self { path }, file)),
                // Left by a dead process that had our id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Puts the file in place of `target` in one step.
    pub(super) fn rename_to(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        // Nothing is left under the temporary name.
        std::mem::forget(self);
        sync_folder(target);
        Ok(())
    }

    /// Gives the file a second name, which must be free, and drops the temporary one.
    pub(super) fn link_as(self, target: &Path) -> io::Result<()> {
        fs::hard_link(&self.path, target)
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // Nothing better can be done about a failure here; the next write sweeps again.
        let _ = fs::remove_file(&self.path);
    }
}

/// Gives the file its owner, where that is permitted, and then its mode, in this order since a
/// change of owner clears mode bits.
#[cfg(unix)]
fn dress(file: &File, like: FileAttributes) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let metadata = file.metadata()?;
    if let Some((user, group)) = like.owner
        && (metadata.uid(), metadata.gid()) != (user, group)
        && fchown(file, Some(user), Some(group)).is_err()
    {
        // Only root may give files away; a group of our own is still possible.
        let _ = fchown(file, None, Some(group));
    }
    file.set_permissions(fs::Permissions::from_mode(like.mode))
}

#[cfg(not(unix))]
fn dress(_file: &File, _like: FileAttributes) -> io::Result<()> {
    Ok(())
}

/// Makes a rename in the folder of `path` last through a power cut. By then the new contents are
/// in place, so a file system that cannot do it is no reason to report failure.
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

/// The path with something after its name.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Creates a folder and what is missing above it, for the owner only.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes temporary files whose process has ended without tidying up.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX))
            .and_then(|numbers| numbers.split_once('.')?.0.parse().ok());
        if owner.is_some_and(process::is_dead) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
