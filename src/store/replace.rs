//! Replacing files: everything is prepared first, then each file changes in one step.
//!
//! Intent, commit, finalise: the old bytes go to the backups and the record says what is about to
//! happen; then the files change; then what is old goes. A write that is refused on the way takes
//! back its record and its backups, so that trying again and again costs nothing. One that is cut
//! off leaves a record that the files tell is not true, which the next write clears away.

use std::path::PathBuf;

use super::attributes::FileAttributes;
use super::backup::{self, Digest, Pushed};
use super::busy::{note_change, writing};
use super::place::Place;
use super::record::{FileRecord, History, Loaded};
use super::stage::{Mode, Staged, commit, stage};
use super::{Location, Snapshot, StoreError, WriteNote};

/// A file as it was read, and the bytes that it shall hold. A new file is for its owner only
/// (0600, its folder 0700); an existing one keeps its mode, and its owner where that is permitted.
pub struct Pending<'a> {
    /// The file as it was read.
    pub snapshot: &'a Snapshot,
    /// What it shall hold.
    pub new_bytes: &'a [u8],
    /// Whether only its owner may read it from now on, whatever its mode was.
    pub private: bool,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Written {
    /// The files that changed, in order; those that already held the bytes are not among them.
    pub files: Vec<Replaced>,
    /// What else the user should know.
    pub notes: Vec<WriteNote>,
}

/// One file that changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The path as it was asked for.
    pub path: PathBuf,
    /// The end of the links, when the path is one: that file was written, the link stays.
    pub through: Option<PathBuf>,
    /// Where the old bytes are kept; `None` for a file that is new.
    pub backup: Option<PathBuf>,
    /// The Unix mode from before, where others could read the file and no longer can.
    pub tightened: Option<u32>,
}

/// Replaces files in the order given, so that they can be undone together. `location` says whose
/// files they are, which decides the record to keep them in and what an undo may touch; `what` is
/// the command, for the person who undoes it.
///
/// A mode without write permission (0444) does not stop it, nor does it stop OpenClaw: replacing
/// a file needs leave from its folder alone. Who wants the config left alone sets
/// `OPENCLAW_CONFIG_READONLY`, which callers honour. The mode itself is kept.
///
/// # Errors
/// [`StoreError::ChangedUnderneath`] when a file is not the one that was read; a file that does
/// not belong to the config; whatever the system refuses. All files then hold their old bytes,
/// unless it is [`StoreError::NotTakenBack`].
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
                .for_each(Pushed::take_back);
            if let Some(record) = set_aside {
                record.take_back();
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

/// The record changes first: one of a write that never came to be is told by the files, a write
/// without a record could not be undone.
fn put_in_place(loaded: &Loaded, files: Vec<Staged<'_>>) -> Result<(), StoreError> {
    let record = loaded.history.to_bytes(&loaded.file.path)?;
    let mut all = vec![stage(&loaded.file, Some(&record), Mode::default())?];
    all[0].is_record = true;
    all.extend(files);
    commit(all).map(drop)
}
