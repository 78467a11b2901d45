//! Undoes writes, last first.

use std::path::PathBuf;

use super::attributes::FileAttributes;
use super::backup::{self, Digest};
use super::busy::writing;
use super::open::free_name;
use super::record::{FileRecord, History, Loaded, Write};
use super::stage::{Mode, Staged, commit, stage};
use super::temp::{Temp, folder_of};
use super::{Location, Replaced, Snapshot, StoreError, WriteNote, Written, read};

/// The last write, ready to be undone.
pub struct Undo {
    /// The command that made the write.
    pub what: String,
    /// When, in UTC: `2026-11-24T05:54:23.120Z`.
    pub at: String,
    /// Its files, now and before.
    pub files: Vec<Restore>,
    write: Write,
    location: Location,
}

/// A file of the last write.
pub struct Restore {
    /// The file now.
    pub current: Snapshot,
    /// Its bytes before the write; `None` if the write created it.
    pub before: Option<Vec<u8>>,
    /// Whether the file changed after the write.
    pub changed_since: bool,
    mode: Option<u32>,
}

impl Restore {
    fn can_be_undone(&self) -> bool {
        self.current.bytes != self.before
    }
}

/// A recorded write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The command that made the write.
    pub what: String,
    /// When, in UTC: `2026-11-24T05:54:23.120Z`.
    pub at: String,
    /// Its files.
    pub files: Vec<PathBuf>,
}

/// The writes that can be undone, last first.
///
/// # Errors
/// A record that can't be read, or that refers to files outside this config.
pub fn recorded(location: &Location) -> Result<Vec<Recorded>, StoreError> {
    let loaded = Loaded::read(location)?;
    if let Some(error) = loaded.unusable {
        return Err(error);
    }
    let path = |file: &FileRecord| Ok(file.place.resolve(location)?.path);
    let recorded = |write: Write| {
        Ok(Recorded {
            files: write
                .files
                .iter()
                .map(path)
                .collect::<Result<_, StoreError>>()?,
            what: write.what,
            at: write.at,
        })
    };
    loaded
        .history
        .writes
        .into_iter()
        .rev()
        .map(recorded)
        .collect()
}

/// Shows what [`undo`] would do. Skips recorded writes that never happened. A write whose undo was
/// cut off just before its end is not skipped: otherwise, repeating that undo would undo one more.
///
/// # Errors
/// [`StoreError::NothingToUndo`]; a damaged record, a missing backup, an unreadable file; a record
/// that refers to files outside this config.
pub fn undo_preview(location: &Location) -> Result<Undo, StoreError> {
    let loaded = Loaded::read(location)?;
    if let Some(error) = loaded.unusable {
        return Err(error);
    }
    let mut writes = loaded.history.writes;
    while let Some(write) = writes.pop() {
        let files = write
            .files
            .iter()
            .map(|file| restore(file, location))
            .collect::<Result<Vec<_>, _>>()?;
        if write.undoing || files.iter().any(Restore::can_be_undone) {
            return Ok(Undo {
                what: write.what.clone(),
                at: write.at.clone(),
                files,
                write,
                location: location.clone(),
            });
        }
    }
    Err(StoreError::NothingToUndo(location.config.clone()))
}

fn restore(file: &FileRecord, location: &Location) -> Result<Restore, StoreError> {
    let found = file.place.resolve(location)?;
    let now = read(&found.path)?;
    let digest = now.bytes.as_deref().map(Digest::of);
    if !found.is_certain && digest.as_ref() != Some(&file.after) {
        return Err(StoreError::OtherDotenv(found.path));
    }
    let before = match &file.before {
        None => None,
        before if digest == *before => now.bytes.clone(),
        Some(before) => {
            let backup = backup::find(&found.path, before);
            let (_, bytes) = backup.ok_or_else(|| StoreError::BackupGone(found.path.clone()))?;
            Some(bytes)
        }
    };
    Ok(Restore {
        changed_since: digest != file.before && digest.as_ref() != Some(&file.after),
        current: now,
        before,
        mode: file.mode,
    })
}

/// Undoes the previewed write: every file gets its previous bytes and mode, a file that the write
/// created is removed, folders stay. `force` includes files that changed since; their current
/// contents are kept in `<file>.portkey.undone`.
///
/// # Errors
/// [`StoreError::ChangedSince`] without `force`; [`StoreError::ChangedUnderneath`] if a file or the
/// record changed after the preview. All files then hold what they held.
pub fn undo(undo: &Undo, force: bool) -> Result<Written, StoreError> {
    let _writing = writing();
    let changed: Vec<_> = undo
        .files
        .iter()
        .filter(|file| file.changed_since)
        .collect();
    if let Some(file) = changed.first()
        && !force
    {
        return Err(StoreError::ChangedSince(file.current.path.clone()));
    }
    let loaded = Loaded::read(&undo.location)?;
    let record = &loaded.file.path;
    let writes = &loaded.history.writes;
    let Some(index) = writes.iter().rposition(|write| *write == undo.write) else {
        return Err(StoreError::ChangedUnderneath(record.clone()));
    };
    let mut kept = Vec::new();
    for file in changed {
        match save_copy(&file.current) {
            Ok(copy) => kept.extend(copy),
            Err(error) => {
                remove_all(kept);
                return Err(error);
            }
        }
    }
    let result = revert(undo, loaded, index);
    // If a file couldn't be restored, the copies are all there is.
    if let Err(error) = &result
        && !error.leaves_changes()
    {
        remove_all(kept);
    }
    result
}

/// First records that the undo has begun, then, in one step with the files, that it is done.
fn revert(undo: &Undo, loaded: Loaded, index: usize) -> Result<Written, StoreError> {
    let Loaded {
        mut history, file, ..
    } = loaded;
    history.writes[index].undoing = true;
    let begun_bytes = history.to_bytes(&file.path)?;
    history.writes.truncate(index);
    let done_bytes = history.to_bytes(&file.path)?;
    let begun = Snapshot {
        path: file.path.clone(),
        target: file.target.clone(),
        bytes: Some(begun_bytes.clone()),
    };

    let mut staged = stage_files(undo)?;
    let mark = as_record(stage(&file, Some(&begun_bytes), Mode::default())?);
    staged.push(as_record(stage(
        &begun,
        Some(&done_bytes),
        Mode::default(),
    )?));
    let notes = staged
        .iter_mut()
        .flat_map(|change| std::mem::take(&mut change.notes));
    let notes = notes.collect();

    let marked = commit(vec![mark])?;
    if let Err(error) = commit(staged) {
        return Err(if error.leaves_changes() {
            error
        } else {
            marked.roll_back(error)
        });
    }
    forget_backups(undo, &history);
    Ok(written(undo, notes))
}

fn as_record(mut staged: Staged<'_>) -> Staged<'_> {
    staged.is_record = true;
    // How the record is stored doesn't interest the user.
    staged.notes.clear();
    staged
}

fn stage_files(undo: &Undo) -> Result<Vec<Staged<'_>>, StoreError> {
    undo.files
        .iter()
        .filter(|file| file.can_be_undone())
        .map(|file| {
            file.current.check_unchanged()?;
            let mode = Mode {
                set: file.mode,
                private: false,
            };
            stage(&file.current, file.before.as_deref(), mode)
        })
        .collect()
}

/// Removes backups that no write needs any more.
fn forget_backups(undo: &Undo, history: &History) {
    for (file, restored) in undo.write.files.iter().zip(&undo.files) {
        if let Some(digest) = &file.before
            && !history.needs(&file.place, digest)
            && let Some((index, _)) = backup::find(&restored.current.path, digest)
        {
            backup::remove(&restored.current.path, index);
        }
    }
}

fn written(undo: &Undo, notes: Vec<WriteNote>) -> Written {
    let files = undo.files.iter().filter(|file| file.can_be_undone());
    Written {
        files: files
            .map(|file| Replaced {
                path: file.current.path.clone(),
                through: file.current.is_link().then(|| file.current.target.clone()),
                backup: None,
                tightened: None,
            })
            .collect(),
        notes,
    }
}

fn save_copy(now: &Snapshot) -> Result<Option<PathBuf>, StoreError> {
    let Some(bytes) = &now.bytes else {
        return Ok(None);
    };
    let failed = |error| StoreError::failed("keep a copy of", &now.path, error);
    let folder = folder_of(&now.path);
    let like = match FileAttributes::of(&now.target).map_err(failed)? {
        Some(attributes) => attributes.side_file(),
        None => FileAttributes::new_in(folder, 0o600).map_err(failed)?,
    };
    // An older copy may be the only one left of something.
    let copy = free_name(&now.path, ".portkey.undone", 0).map_err(failed)?;
    Temp::create(folder, bytes, &like)
        .and_then(|temp| temp.rename_to_free(&copy).map_err(|(_, error)| error))
        .map_err(failed)?;
    Ok(Some(copy))
}

fn remove_all(copies: Vec<PathBuf>) {
    for copy in copies {
        let _ = std::fs::remove_file(copy);
    }
}
