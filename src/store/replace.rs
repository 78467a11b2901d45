//! Replaces files: everything is prepared first, then each file changes in one step.
//!
//! Intent, commit, finalise: the old bytes go to the backups and the record says what is about to
//! happen; then the files change; then leftovers are removed. A write that fails on the way rolls
//! back its record and backups, so that retrying costs nothing. A write that is killed leaves a
//! record that doesn't match the files, which the next write cleans up.

use std::path::PathBuf;

use super::attributes::FileAttributes;
use super::backup::{self, Digest, Pushed};
use super::busy::{note_change, writing};
use super::place::Place;
use super::record::{FileRecord, History, Loaded};
use super::stage::{Mode, Staged, commit, stage};
use super::{Location, Snapshot, StoreError, WriteNote};

/// A file as it was read, and its new bytes. A new file is private to its owner (0600, folder
/// 0700); an existing one keeps its mode, and its owner if permitted.
pub struct Pending<'a> {
    /// The file as it was read.
    pub snapshot: &'a Snapshot,
    /// The new contents.
    pub new_bytes: &'a [u8],
    /// Whether to make the file private to its owner, whatever its mode was.
    pub private: bool,
}

/// The result of a write.
#[derive(Debug, Default)]
pub struct Written {
    /// The files that changed, in order. Files that already held the bytes are left out.
    pub files: Vec<Replaced>,
    /// Anything else the user should know.
    pub notes: Vec<WriteNote>,
}

/// One file that changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The path as given.
    pub path: PathBuf,
    /// The link's target, if the path is a link: the target was written, the link stays.
    pub through: Option<PathBuf>,
    /// Where the old bytes are kept; `None` for a new file.
    pub backup: Option<PathBuf>,
    /// The previous Unix mode, if others could read the file and no longer can.
    pub tightened: Option<u32>,
}

/// Replaces files in the given order, as one undoable write. `location` says which config they
/// belong to, which determines the undo record and what an undo may touch; `what` is the command,
/// shown to whoever undoes it.
///
/// A mode without write permission (0444) doesn't prevent this, nor does it stop OpenClaw:
/// replacing a file only needs write permission on its folder. To protect the config, set
/// `OPENCLAW_CONFIG_READONLY`, which callers honour. The mode itself is kept.
///
/// # Errors
/// [`StoreError::ChangedUnderneath`] if a file changed after it was read; a file that doesn't
/// belong to the config; any I/O error. All files then hold their old bytes, except after
/// [`StoreError::NotRolledBack`].
pub fn write(
    location: &Location,
    what: &str,
    batch: &[Pending<'_>],
) -> Result<Written, StoreError> {
    let _writing = writing();
    let batch: Vec<_> = batch
        .iter()
        .filter(|pending| pending.snapshot.bytes.as_deref() != Some(pending.new_bytes))
        .collect();
    if batch.is_empty() {
        return Ok(Written::default());
    }
    let mut files = Vec::with_capacity(batch.len());
    let mut staged = Vec::with_capacity(batch.len() + 1);
    for pending in &batch {
        files.push(file_record(pending, location)?);
        pending.snapshot.check_unchanged()?;
        let mode = Mode {
            set: None,
            private: pending.private,
        };
        staged.push(stage(pending.snapshot, Some(pending.new_bytes), mode)?);
    }
    let mut loaded = Loaded::read(location)?;
    loaded.history.forget_undone(location);
    let mut written = written(&batch, &mut staged);
    let set_aside = loaded.set_aside(&mut written.notes)?;

    let mut pushed = Vec::with_capacity(batch.len());
    let done = push_backups(&batch, &files, &loaded.history, &mut pushed).and_then(|()| {
        loaded.history.push(what, files.clone(), location);
        put_in_place(&loaded, staged)
    });
    if let Err(error) = done {
        if !error.leaves_changes() {
            pushed
                .into_iter()
                .flatten()
                .rev()
                .for_each(Pushed::roll_back);
            if let Some(record) = set_aside {
                record.roll_back();
            }
        }
        return Err(error);
    }
    note_change();
    for ((pushed, file), replaced) in pushed.into_iter().zip(&files).zip(&mut written.files) {
        if let Some(pushed) = pushed {
            replaced.backup = Some(pushed.path.clone());
            pushed.trim(|digest| loaded.history.needs(&file.place, digest));
        }
    }
    Ok(written)
}

fn file_record(pending: &Pending<'_>, location: &Location) -> Result<FileRecord, StoreError> {
    let snapshot = pending.snapshot;
    let failed = |error| StoreError::failed("read the mode of", &snapshot.target, error);
    let mode = match &snapshot.bytes {
        Some(_) => FileAttributes::of(&snapshot.target)
            .map_err(failed)?
            .map(|attributes| attributes.mode & 0o777),
        None => None,
    };
    Ok(FileRecord {
        place: Place::of(&snapshot.path, location)?,
        before: snapshot.bytes.as_deref().map(Digest::of),
        mode,
        after: Digest::of(pending.new_bytes),
    })
}

fn written(batch: &[&Pending<'_>], staged: &mut [Staged<'_>]) -> Written {
    let mut written = Written::default();
    for (Pending { snapshot, .. }, change) in batch.iter().zip(staged) {
        written.notes.append(&mut change.notes);
        written.files.push(Replaced {
            path: snapshot.path.clone(),
            through: snapshot.is_link().then(|| snapshot.target.clone()),
            backup: None,
            tightened: change.tightened,
        });
    }
    written
}

fn push_backups(
    batch: &[&Pending<'_>],
    files: &[FileRecord],
    history: &History,
    pushed: &mut Vec<Option<Pushed>>,
) -> Result<(), StoreError> {
    for (Pending { snapshot, .. }, file) in batch.iter().zip(files) {
        let backup = match &snapshot.bytes {
            Some(old) => {
                let is_needed = |digest: &Digest| history.needs(&file.place, digest);
                Some(backup::push(
                    &snapshot.path,
                    old,
                    &snapshot.target,
                    is_needed,
                )?)
            }
            None => None,
        };
        pushed.push(backup);
    }
    Ok(())
}

/// The record changes first: comparing it with the files shows that a write never happened, but a
/// write without a record couldn't be undone.
fn put_in_place(loaded: &Loaded, files: Vec<Staged<'_>>) -> Result<(), StoreError> {
    let record = loaded.history.to_bytes(&loaded.file.path)?;
    let mut all = vec![stage(&loaded.file, Some(&record), Mode::default())?];
    all[0].is_record = true;
    all.extend(files);
    commit(all).map(drop)
}
