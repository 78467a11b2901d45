//! Replacing files: everything is prepared first, then each file changes in one step.

use std::fs;
use std::path::{Path, PathBuf};

use super::backup;
use super::busy::busy;
use super::history::{FileRecord, History};
use super::temp::{FileAttributes, Temp, create_folder, folder_of, sweep, sync_folder};
use super::{Snapshot, StoreError};

/// A file as it was read, and the bytes that it shall hold. A new file is for its owner only
/// (0600, its folder 0700); an existing one keeps its mode, and its owner where that is permitted.
pub struct Pending<'a> {
    /// The file as it was read.
    pub snapshot: &'a Snapshot,
    /// What it shall hold.
    pub new_bytes: &'a [u8],
}

/// What was done.
#[derive(Debug, Default)]
pub struct Written {
    /// The files that changed, in order; those that already held the bytes are not among them.
    pub files: Vec<Replaced>,
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
}

/// A change that is on the disk but not yet in place.
pub(super) struct Staged<'a> {
    snapshot: &'a Snapshot,
    /// `None` when the file is to be removed.
    temp: Option<Temp>,
}

/// Replaces files in the order given, so that they can be undone together. `config` names the
/// record to keep them in and `what` is the command, for the person who undoes it.
///
/// A mode without write permission (0444) does not stop it, nor does it stop OpenClaw: replacing
/// a file needs leave from its folder alone. Who wants the config left alone sets
/// `OPENCLAW_CONFIG_READONLY`, which callers honour. The mode itself is kept.
///
/// # Errors
/// [`StoreError::ChangedUnderneath`] when a file is not the one that was read; whatever the system
/// refuses. In each case all files hold their old bytes.
pub fn write(config: &Path, what: &str, batch: &[Pending<'_>]) -> Result<Written, StoreError> {
    let _whole = busy();
    let batch: Vec<_> = batch
        .iter()
        .filter(|pending| pending.snapshot.bytes.as_deref() != Some(pending.new_bytes))
        .collect();
    if batch.is_empty() {
        return Ok(Written::default());
    }
    let mut staged = Vec::with_capacity(batch.len());
    for pending in &batch {
        pending.snapshot.check_unchanged()?;
        staged.push(stage(pending.snapshot, Some(pending.new_bytes), None)?);
    }
    let mut written = Written::default();
    for Pending { snapshot, .. } in &batch {
        let backup = match &snapshot.bytes {
            Some(old) => Some(backup::push(&snapshot.path, old, &snapshot.target)?),
            None => None,
        };
        written.files.push(Replaced {
            path: snapshot.path.clone(),
            through: snapshot.is_link().then(|| snapshot.target.clone()),
            backup,
        });
    }
    // Recorded before it happens: a record of a write that never came to be is told by the files,
    // a write without a record could not be undone.
    let mut history = History::load_or_new(config);
    let touched = batch
        .iter()
        .map(|pending| FileRecord::new(pending.snapshot, pending.new_bytes))
        .collect::<Result<_, _>>()?;
    history.push(what, touched);
    history.save(config)?;
    commit(staged)?;
    Ok(written)
}

/// Writes what a file shall hold (`None` removes it) beside the file; `mode` overrides the mode
/// that it has now.
pub(super) fn stage<'a>(
    snapshot: &'a Snapshot,
    after: Option<&[u8]>,
    mode: Option<u32>,
) -> Result<Staged<'a>, StoreError> {
    let Some(bytes) = after else {
        return Ok(Staged {
            snapshot,
            temp: None,
        });
    };
    let target = &snapshot.target;
    let folder = folder_of(target);
    create_folder(folder).map_err(|error| StoreError::failed("create", folder, error))?;
    sweep(folder);
    if snapshot.is_link() {
        sweep(folder_of(&snapshot.path));
    }
    let mut like = FileAttributes::of(target);
    like.mode = mode.unwrap_or(like.mode);
    let temp = Temp::create(folder, bytes, like)
        .map_err(|error| StoreError::failed("write", target, error))?;
    Ok(Staged {
        snapshot,
        temp: Some(temp),
    })
}

/// Puts every change in place. If one is refused, those already done are taken back.
pub(super) fn commit(staged: Vec<Staged<'_>>) -> Result<(), StoreError> {
    let mut done = Vec::with_capacity(staged.len());
    for change in staged {
        let snapshot = change.snapshot;
        if let Err(error) = put(change) {
            for earlier in done {
                take_back(earlier);
            }
            return Err(error);
        }
        done.push(snapshot);
    }
    Ok(())
}

fn put(change: Staged<'_>) -> Result<(), StoreError> {
    let target = &change.snapshot.target;
    change.snapshot.check_unchanged()?;
    match change.temp {
        Some(temp) => temp
            .rename_to(target)
            .map_err(|error| StoreError::failed("replace", target, error)),
        None => remove(target).map_err(|error| StoreError::failed("remove", target, error)),
    }
}

fn remove(target: &Path) -> std::io::Result<()> {
    fs::remove_file(target)?;
    sync_folder(target);
    Ok(())
}

/// Puts the bytes that were read back. The first error is what gets reported; if this fails as
/// well, the backup still holds them.
fn take_back(snapshot: &Snapshot) {
    let target = &snapshot.target;
    let _ = match &snapshot.bytes {
        Some(bytes) => Temp::create(folder_of(target), bytes, FileAttributes::of(target))
            .and_then(|temp| temp.rename_to(target)),
        None => remove(target),
    };
}
