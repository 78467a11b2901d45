//! File errors, and what to do about them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::mask::printable;

/// A failed file operation. `Display` says what happened to which file and never shows its
/// contents; [`StoreError::hint`] says what to do next.
#[derive(Debug)]
pub enum StoreError {
    /// OpenClaw rejects this profile name.
    BadProfile(String),
    /// Neither the home folder nor the working folder is known.
    NoHome,
    /// A folder where a file should be.
    Folder(PathBuf),
    /// A symlink whose target does not exist.
    Dangling {
        /// The symlink.
        link: PathBuf,
        /// Where it points.
        to: PathBuf,
    },
    /// Symlinks that form a loop.
    Loop(PathBuf),
    /// A pipe, socket or device.
    Special(PathBuf),
    /// Larger than [`super::MAX_BYTES`].
    TooLarge(PathBuf),
    /// Larger than this kind of file may be.
    LargerThan {
        /// The file.
        path: PathBuf,
        /// The maximum size, in bytes.
        limit: u64,
    },
    /// Any other I/O error.
    Failed {
        /// What failed, as in “cannot … /path”.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// An `$include` of a file that OpenClaw doesn't read.
    IncludeOutside(PathBuf),
    /// A file that doesn't belong to the config, so no write or undo may touch it.
    OutsideConfig(PathBuf),
    /// Another process holds the lock.
    Locked {
        /// The lock file.
        lock: PathBuf,
        /// Its holder, if the lock names one.
        pid: Option<u32>,
        /// Whether the holder can't be seen but may be running in a container or on another
        /// machine.
        unseen: bool,
    },
    /// The file was changed after it was read.
    ChangedUnderneath(PathBuf),
    /// Other processes saved the file twice in the meantime; the earlier save was kept.
    Overtaken {
        /// The file.
        file: PathBuf,
        /// Where the earlier save was kept.
        kept: PathBuf,
    },
    /// The operation failed halfway and could not be rolled back.
    NotRolledBack {
        /// The files that remain changed.
        files: Vec<PathBuf>,
        /// The cause.
        source: Box<StoreError>,
    },
    /// Undo: the file was changed after the write.
    ChangedSince(PathBuf),
    /// Undo: no writes are recorded.
    NothingToUndo(PathBuf),
    /// Undo: no backup has the previous contents.
    BackupGone(PathBuf),
    /// Undo: the record of writes can't be read.
    BadHistory(PathBuf),
    /// Undo: the record of writes is from a later version.
    NewerHistory(PathBuf),
    /// Undo: the record of writes refers to another config's files.
    HistoryFromElsewhere {
        /// The record.
        record: PathBuf,
        /// The first file that doesn't belong to this config.
        file: PathBuf,
    },
    /// Undo: the write was to a different `.env`.
    OtherDotenv(PathBuf),
}

impl StoreError {
    pub(super) fn failed(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Failed {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    /// Whether some files remain changed although the operation failed.
    #[must_use]
    pub fn leaves_changes(&self) -> bool {
        matches!(self, Self::NotRolledBack { .. })
    }

    /// What to do next, if there is anything to say.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::BadProfile(_) => {
                "use letters, digits, `_` and `-`, at most 64, starting with a letter or digit"
                    .into()
            }
            Self::NoHome => "set HOME, or name the file with --config FILE".into(),
            Self::Folder(_) | Self::Special(_) => {
                "name the file itself; for OpenClaw's config that is --config FILE".into()
            }
            Self::Dangling { link, to } => {
                format!(
                    "create {}, or remove the symlink: rm {}",
                    shown(to),
                    shown(link)
                )
            }
            Self::Loop(path) => format!("look at it with: ls -l {}", shown(path)),
            Self::TooLarge(_) => {
                "OpenClaw's own files are a few kilobytes: is this the right file?".into()
            }
            Self::LargerThan { .. } => "is this the right file?".into(),
            Self::Failed { path, source, .. } => return failure_hint(path, source),
            Self::OutsideConfig(_) => {
                "only files in the config's folder, or in a folder listed in \
                 OPENCLAW_INCLUDE_ROOTS, can be changed or restored"
                    .into()
            }
            Self::IncludeOutside(_) => {
                "move the file below the config's folder, or list its folder in \
                 OPENCLAW_INCLUDE_ROOTS"
                    .into()
            }
            Self::Locked { lock, pid, unseen } => locked_hint(lock, *pid, *unseen),
            Self::ChangedUnderneath(_) => {
                "nothing was lost. Run the same command again to use the new version".into()
            }
            Self::Overtaken { file, kept } => {
                format!("compare the two: diff {} {}", shown(kept), shown(file))
            }
            Self::NotRolledBack { files, .. } => format!(
                "the previous version is next to it: ls -l {}.portkey.*",
                files.first().map(|file| shown(file)).unwrap_or_default()
            ),
            undo => return undo.undo_hint(),
        })
    }
}

impl StoreError {
    /// Hints for errors that only an undo can return.
    fn undo_hint(&self) -> Option<String> {
        Some(match self {
            Self::ChangedSince(_) => {
                "look at the file first; `undo --force` restores the previous version anyway and keeps \
                 a copy of the current one"
                    .into()
            }
            Self::BackupGone(path) => {
                format!(
                    "list the backups that are left: ls -l {}.portkey.bak*",
                    shown(path)
                )
            }
            Self::BadHistory(path) => format!(
                "the backups next to the config are still there. To start over: rm {}",
                shown(path)
            ),
            Self::NewerHistory(_) => "use that version, or a later one".into(),
            Self::HistoryFromElsewhere { record, .. } => format!(
                "run undo on the config it was copied from. To start over here: rm {}",
                shown(record)
            ),
            Self::OtherDotenv(_) => "run undo with the same --profile and OPENCLAW_STATE_DIR as \
                 that command"
                .into(),
            _ => return None,
        })
    }
}

/// A path that is safe to print: anyone may have chosen the name.
pub(super) fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

fn locked_hint(lock: &Path, pid: Option<u32>, unseen: bool) -> String {
    match pid {
        Some(pid) if unseen => format!(
            "process {pid} isn't visible from here; it may run in a container or on another \
             machine. Run the same command again in half a minute"
        ),
        Some(pid) => {
            format!("wait until process {pid} has finished, then run the same command again")
        }
        None => format!(
            "if no OpenClaw command is running, remove it: rm -r {}*",
            shown(lock)
        ),
    }
}

/// How to fix an I/O error.
fn failure_hint(path: &Path, source: &io::Error) -> Option<String> {
    let folder = shown(path.parent().unwrap_or(path));
    match source.kind() {
        io::ErrorKind::PermissionDenied => Some(format!(
            "check its owner and mode: ls -ld {folder} {}",
            shown(path)
        )),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(format!(
            "no file was changed. Free some space, then run the same command again: df -h {folder}"
        )),
        io::ErrorKind::ReadOnlyFilesystem => {
            Some("use --dry-run to print the change, and make it where the file comes from".into())
        }
        io::ErrorKind::ResourceBusy => Some(
            "the file may be a mount point, as in a container; change it where it is mounted from"
                .into(),
        ),
        io::ErrorKind::NotADirectory => Some(format!(
            "part of this path is a file, not a folder: {folder}"
        )),
        _ => None,
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadProfile(name) => write!(f, "{name:?} is not a valid OpenClaw profile name"),
            Self::NoHome => f.write_str("OpenClaw's folder can't be found: no home folder is set"),
            Self::Folder(path) => write!(f, "{} is a folder, not a file", shown(path)),
            Self::Dangling { link, to } => write!(
                f,
                "{} is a symlink to {}, which doesn't exist",
                shown(link),
                shown(to)
            ),
            Self::Loop(path) => write!(f, "{} is a symlink that leads back to itself", shown(path)),
            Self::Special(path) => write!(f, "{} is a device or pipe, not a file", shown(path)),
            Self::TooLarge(path) => write!(f, "{} is larger than 512 MiB", shown(path)),
            Self::LargerThan { path, limit } => {
                write!(f, "{} is larger than {limit} bytes", shown(path))
            }
            Self::Failed {
                doing,
                path,
                source,
            } => write!(f, "cannot {doing} {}: {source}", shown(path)),
            Self::IncludeOutside(path) => write!(
                f,
                "the included file {} is outside the config's folder, so OpenClaw doesn't read it",
                shown(path)
            ),
            Self::OutsideConfig(path) => write!(
                f,
                "{} is outside the config's folder; nothing was written to it",
                shown(path)
            ),
            Self::Locked { lock, pid, .. } => {
                write!(f, "another command has locked {}", shown(lock))?;
                pid.map_or(Ok(()), |pid| write!(f, " (process {pid})"))
            }
            Self::ChangedUnderneath(path) => write!(
                f,
                "{} was changed by another process in the meantime; nothing was written",
                shown(path)
            ),
            Self::Overtaken { file, kept } => write!(
                f,
                "another process saved {} twice while it was being written; the earlier version is in {}",
                shown(file),
                shown(kept)
            ),
            Self::NotRolledBack { files, source } => {
                let files: Vec<_> = files.iter().map(|file| shown(file)).collect();
                let files = files.join(", ");
                write!(
                    f,
                    "{source}; {files} is still changed, because restoring it failed too"
                )
            }
            undo => undo.fmt_undo(f),
        }
    }
}

impl StoreError {
    /// Messages for errors that only an undo can return.
    fn fmt_undo(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChangedSince(path) => {
                write!(f, "{} has changed since the last write", shown(path))
            }
            Self::NothingToUndo(config) => {
                write!(f, "nothing to undo in {}", shown(config))
            }
            Self::BackupGone(path) => write!(
                f,
                "the backup of {} from before the last write is missing",
                shown(path)
            ),
            Self::NewerHistory(path) => write!(
                f,
                "the undo record {} was written by a newer version",
                shown(path)
            ),
            Self::HistoryFromElsewhere { record, file } => write!(
                f,
                "the undo record {} lists {}, which isn't part of this config",
                shown(record),
                shown(file)
            ),
            Self::OtherDotenv(path) => {
                write!(
                    f,
                    "the last write changed a different .env, not {}",
                    shown(path)
                )
            }
            Self::BadHistory(path) => {
                write!(f, "the undo record is damaged: {}", shown(path))
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed { source, .. } => Some(source),
            Self::NotRolledBack { source, .. } => Some(source),
            _ => None,
        }
    }
}
