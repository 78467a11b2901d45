//! Taking writes back, the last first.
//!
//! `<config>.portkey.undo.json` lists the last five writes: which files, and the length and hash
//! of their bytes before and after. The bytes themselves are in the backups beside each file, so
//! the record holds no key.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::backup::{self, Digest};
use super::busy::busy;
use super::clock;
use super::replace::{commit, stage};
use super::temp::{FileAttributes, Temp, folder_of, with_ending};
use super::{Replaced, Snapshot, StoreError, Written, read};

/// The record of our writes, oldest first.
#[derive(Serialize, Deserialize)]
pub(super) struct History {
    version: u32,
    writes: Vec<Write>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Write {
    at: String,
    what: String,
    files: Vec<FileRecord>,
}

/// A file before and after a write.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRecord {
    path: PathBuf,
    /// `None`: the write created it.
    before: Option<Digest>,
    /// Unix permission bits from before.
    mode: Option<u32>,
    after: Digest,
}

/// The last write, ready to be taken back.
pub struct Undo {
    /// The command that wrote.
    pub what: String,
    /// When, in UTC: `2026-11-24T05:54:23.120Z`.
    pub at: String,
    /// Its files, as they are now and as they were before.
    pub files: Vec<Restore>,
    write: Write,
    config: PathBuf,
}

/// A file of the last write.
pub struct Restore {
    /// The file now.
    pub now: Snapshot,
    /// Its bytes from before the write; `None` when the write created it.
    pub then: Option<Vec<u8>>,
    /// Whether somebody changed it since.
    pub changed_since: bool,
    mode: Option<u32>,
}

impl FileRecord {
    pub(super) fn new(snapshot: &Snapshot, after: &[u8]) -> Result<Self, StoreError> {
        let path = std::path::absolute(&snapshot.path)
            .map_err(|error| StoreError::failed("find", &snapshot.path, error))?;
        Ok(Self {
            path,
            before: snapshot.bytes.as_deref().map(Digest::of),
            mode: snapshot
                .exists()
                .then(|| FileAttributes::of(&snapshot.target).mode),
            after: Digest::of(after),
        })
    }
}

impl History {
    const VERSION: u32 = 1;

    fn path(config: &Path) -> PathBuf {
        with_ending(config, ".portkey.undo.json")
    }

    fn load(config: &Path) -> Result<Self, StoreError> {
        let path = Self::path(config);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::new()),
            Err(error) => return Err(StoreError::failed("read", &path, error)),
        };
        match serde_json::from_slice(&bytes) {
            Ok(history @ Self { version, .. }) if version == Self::VERSION => Ok(history),
            _ => Err(StoreError::BadHistory(path)),
        }
    }

    /// A damaged record must not stop a write: the backups are what counts.
    pub(super) fn load_or_new(config: &Path) -> Self {
        Self::load(config).unwrap_or_else(|_| Self::new())
    }

    fn new() -> Self {
        Self {
            version: Self::VERSION,
            writes: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, what: &str, files: Vec<FileRecord>) {
        if self.writes.len() >= backup::KEPT {
            self.writes.drain(..=self.writes.len() - backup::KEPT);
        }
        self.writes.push(Write {
            at: clock::now(),
            what: what.to_owned(),
            files,
        });
    }

    pub(super) fn save(&self, config: &Path) -> Result<(), StoreError> {
        let path = Self::path(config);
        let like = FileAttributes {
            mode: 0o600,
            ..FileAttributes::of(config)
        };
        serde_json::to_vec_pretty(self)
            .map_err(io::Error::from)
            .and_then(|bytes| Temp::create(folder_of(&path), &bytes, like)?.rename_to(&path))
            .map_err(|error| StoreError::failed("write", &path, error))
    }
}

/// Shows what [`undo`] would do. A recorded write that never came to be is passed over.
///
/// # Errors
/// [`StoreError::NothingToUndo`]; a damaged record, a missing backup, an unreadable file.
pub fn undo_preview(config: &Path) -> Result<Undo, StoreError> {
    let mut history = History::load(config)?;
    while let Some(write) = history.writes.pop() {
        let files = write
            .files
            .iter()
            .map(restoration)
            .collect::<Result<Vec<_>, _>>()?;
        if files.iter().any(|file| file.now.bytes != file.then) {
            return Ok(Undo {
                what: write.what.clone(),
                at: write.at.clone(),
                files,
                write,
                config: config.to_owned(),
            });
        }
    }
    Err(StoreError::NothingToUndo(config.to_owned()))
}

fn restoration(touched: &FileRecord) -> Result<Restore, StoreError> {
    let now = read(&touched.path)?;
    let digest = now.bytes.as_deref().map(Digest::of);
    let then = match &touched.before {
        None => None,
        before if digest == *before => now.bytes.clone(),
        Some(before) => {
            let found = backup::find(&touched.path, before);
            let (_, bytes) = found.ok_or_else(|| StoreError::BackupGone(touched.path.clone()))?;
            Some(bytes)
        }
    };
    Ok(Restore {
        changed_since: digest != touched.before && digest.as_ref() != Some(&touched.after),
        now,
        then,
        mode: touched.mode,
    })
}

/// Takes the previewed write back: every file gets its bytes and mode from before, a file that
/// the write created is removed, folders stay. With `force` also files that somebody changed
/// since; what they hold now is kept in `<file>.portkey.undone`.
///
/// # Errors
/// [`StoreError::ChangedSince`] without `force`; [`StoreError::ChangedUnderneath`] when a file or
/// the record changed after the preview. All files then hold what they held.
pub fn undo(undo: &Undo, force: bool) -> Result<Written, StoreError> {
    let _whole = busy();
    let changed = undo.files.iter().filter(|file| file.changed_since);
    for file in changed {
        if !force {
            return Err(StoreError::ChangedSince(file.now.path.clone()));
        }
        save_copy(&file.now)?;
    }
    let mut history = History::load(&undo.config)?;
    let Some(index) = history
        .writes
        .iter()
        .rposition(|write| *write == undo.write)
    else {
        return Err(StoreError::ChangedUnderneath(History::path(&undo.config)));
    };
    let to_do = || undo.files.iter().filter(|file| file.now.bytes != file.then);
    let mut staged = Vec::new();
    for file in to_do() {
        file.now.check_unchanged()?;
        staged.push(stage(&file.now, file.then.as_deref(), file.mode)?);
    }
    commit(staged)?;
    history.writes.truncate(index);
    history.save(&undo.config)?;
    for file in &undo.write.files {
        let used = file.before.as_ref();
        if let Some((index, _)) = used.and_then(|digest| backup::find(&file.path, digest)) {
            backup::remove(&file.path, index);
        }
    }
    Ok(Written {
        files: to_do()
            .map(|file| Replaced {
                path: file.now.path.clone(),
                through: file.now.is_link().then(|| file.now.target.clone()),
                backup: None,
            })
            .collect(),
    })
}

fn save_copy(now: &Snapshot) -> Result<(), StoreError> {
    let Some(bytes) = &now.bytes else {
        return Ok(());
    };
    let path = with_ending(&now.path, ".portkey.undone");
    let like = FileAttributes {
        mode: 0o600,
        ..FileAttributes::of(&now.target)
    };
    Temp::create(folder_of(&path), bytes, like)
        .and_then(|temp| temp.rename_to(&path))
        .map_err(|error| StoreError::failed("write", &path, error))
}
