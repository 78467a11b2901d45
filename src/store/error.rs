//! What can go wrong with files, and the next thing to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file operation that could not be done. `Display` says what happened to which file and never
/// shows what is in it; [`StoreError::hint`] says what to do next.
#[derive(Debug)]
pub enum StoreError {
    /// A profile name that OpenClaw refuses.
    BadProfile(String),
    /// Neither a home nor a working folder is known.
    NoHome,
    /// A folder stands where a file should be.
    Folder(PathBuf),
    /// A symlink whose target does not exist.
    Dangling {
        /// The symlink.
        link: PathBuf,
        /// Where it points.
        to: PathBuf,
    },
    /// Symlinks that lead back to themselves.
    Loop(PathBuf),
    /// A pipe, socket or device.
    Special(PathBuf),
    /// Larger than [`super::MAX_BYTES`].
    TooLarge(PathBuf),
    /// Any other refusal by the system.
    Failed {
        /// What was tried, as in “cannot … /path”.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// An `$include` of a file that OpenClaw does not read.
    IncludeOutside(PathBuf),
    /// Somebody else holds the lock.
    Locked {
        /// The lock file.
        lock: PathBuf,
        /// Its holder, when the lock names one.
        pid: Option<u32>,
    },
    /// The file is no longer the one that was read.
    ChangedUnderneath(PathBuf),
    /// Undo: the file was changed after our write.
    ChangedSince(PathBuf),
    /// Undo: nothing is recorded.
    NothingToUndo(PathBuf),
    /// Undo: no backup holds the bytes from before.
    BackupGone(PathBuf),
    /// Undo: the record of writes cannot be understood.
    BadHistory(PathBuf),
}

impl StoreError {
    pub(super) fn failed(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Failed {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    /// What to do next, if there is something to say.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::BadProfile(_) => {
                "use letters, digits, `_` and `-`, at most 64, starting with a letter or digit"
                    .into()
            }
            Self::NoHome => "set HOME, or name the file with --config FILE".into(),
            Self::Folder(_) | Self::Special(_) => "name the file itself with --config FILE".into(),
            Self::Dangling { link, to } => format!(
                "create {} or remove the link: rm {}",
                to.display(),
                link.display()
            ),
            Self::Loop(path) => format!("look at it with: ls -l {}", path.display()),
            Self::TooLarge(_) => {
                "OpenClaw's own files are a few kilobytes: is it the right one?".into()
            }
            Self::Failed { path, source, .. } => return failure_hint(path, source),
            Self::IncludeOutside(_) => {
                "move the file below the config's folder, or list its folder in \
                 OPENCLAW_INCLUDE_ROOTS"
                    .into()
            }
            Self::Locked { pid: Some(pid), .. } => {
                format!("wait until process {pid} has finished, then run the same command again")
            }
            Self::Locked { lock, pid: None } => format!(
                "if no OpenClaw command is running, remove it: rm -r {}*",
                lock.display()
            ),
            Self::ChangedUnderneath(_) => {
                "nothing was lost. Run the same command again to work on the new contents".into()
            }
            Self::ChangedSince(_) => {
                "look at the file first; `undo --force` puts the old contents back all the same \
                 and keeps a copy of the present ones"
                    .into()
            }
            Self::NothingToUndo(_) => return None,
            Self::BackupGone(path) => format!(
                "see which backups are left: ls -l {}.portkey.bak*",
                path.display()
            ),
            Self::BadHistory(path) => format!(
                "the backups beside the config are not touched. To start anew: rm {}",
                path.display()
            ),
        })
    }
}

/// The cure for what the system refused.
fn failure_hint(path: &Path, source: &io::Error) -> Option<String> {
    let folder = path.parent().unwrap_or(path).display();
    match source.kind() {
        io::ErrorKind::PermissionDenied => Some(format!(
            "check who owns it, and its mode: ls -ld {folder} {}",
            path.display()
        )),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(format!(
            "the old contents are whole. Make room, then run the same command again: df -h {folder}"
        )),
        io::ErrorKind::ReadOnlyFilesystem => {
            Some("use --dry-run to print the change and make it where the file comes from".into())
        }
        io::ErrorKind::ResourceBusy => Some(
            "it may be mounted by itself, as containers do: change it where it is mounted from"
                .into(),
        ),
        io::ErrorKind::NotADirectory => Some(format!(
            "a part of this path is a file, not a folder: {folder}"
        )),
        _ => None,
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadProfile(name) => write!(f, "{name:?} is no OpenClaw profile name"),
            Self::IncludeOutside(path) => write!(
                f,
                "the included file {} is outside the config's folder, where OpenClaw does not read it",
                path.display()
            ),
            Self::NoHome => f.write_str("cannot tell where OpenClaw keeps its files"),
            Self::Folder(path) => write!(f, "{} is a folder, not a file", path.display()),
            Self::Dangling { link, to } => write!(
                f,
                "{} is a link to {}, which does not exist",
                link.display(),
                to.display()
            ),
            Self::Loop(path) => write!(f, "{} is a link that leads to itself", path.display()),
            Self::Special(path) => write!(f, "{} is a device or pipe, not a file", path.display()),
            Self::TooLarge(path) => write!(f, "{} is larger than 512 MiB", path.display()),
            Self::Failed {
                doing,
                path,
                source,
            } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::Locked { lock, pid } => {
                write!(f, "another command holds {}", lock.display())?;
                pid.map_or(Ok(()), |pid| write!(f, " (process {pid})"))
            }
            Self::ChangedUnderneath(path) => write!(
                f,
                "{} was changed by somebody else in the meantime; nothing was written",
                path.display()
            ),
            Self::ChangedSince(path) => {
                write!(f, "{} was changed since our last write", path.display())
            }
            Self::NothingToUndo(config) => {
                write!(f, "no write to {} is left to undo", config.display())
            }
            Self::BackupGone(path) => write!(
                f,
                "the backup of {} from before the last write is gone",
                path.display()
            ),
            Self::BadHistory(path) => {
                write!(f, "the record of our writes is damaged: {}", path.display())
            }
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed { source, .. } => Some(source),
            _ => None,
        }
    }
}
