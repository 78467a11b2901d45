//! Stages changes, commits them one by one, and rolls them back together.

use std::io;
use std::path::{Path, PathBuf};

use super::attributes::{FileAttributes, Lost};
use super::busy::stop_if_abandoned;
use super::open::free_name;
use super::read::holds;
use super::temp::{Temp, create_folder, folder_of, sweep};
use super::{Snapshot, StoreError, WriteNote};

/// Mode overrides for a new file.
#[derive(Clone, Copy, Default)]
pub(super) struct Mode {
    /// Replaces the file's current mode.
    pub(super) set: Option<u32>,
    /// Readable only by the owner.
    pub(super) private: bool,
}

/// A change that is on disk but not yet in place.
pub(super) struct Staged<'a> {
    snapshot: &'a Snapshot,
    /// `None` to remove the file.
    change: Option<(Temp, &'a [u8])>,
    /// Whether this is the undo record, which must outlive any file that couldn't be rolled back.
    pub(super) is_record: bool,
    pub(super) notes: Vec<WriteNote>,
    /// The previous mode, if the file was made private.
    pub(super) tightened: Option<u32>,
}

/// Changes that are in place and can still be rolled back. Dropping this makes them permanent.
#[derive(Default)]
pub(super) struct Committed<'a> {
    done: Vec<Done<'a>>,
}

struct Done<'a> {
    snapshot: &'a Snapshot,
    after: Option<&'a [u8]>,
    old: Old,
    is_record: bool,
}

/// What the target held before.
enum Old {
    /// The old file, still there under a temporary name.
    Aside(Temp),
    /// Nothing.
    Nothing,
    /// The old file is gone, but its bytes are known.
    Gone,
}

/// Writes a file's new contents next to it (`None` to remove the file).
pub(super) fn stage<'a>(
    snapshot: &'a Snapshot,
    after: Option<&'a [u8]>,
    mode: Mode,
) -> Result<Staged<'a>, StoreError> {
    let mut staged = Staged {
        snapshot,
        change: None,
        is_record: false,
        notes: Vec::new(),
        tightened: None,
    };
    let Some(bytes) = after else {
        return Ok(staged);
    };
    let target = &snapshot.target;
    let folder = folder_of(target);
    create_folder(folder).map_err(|error| StoreError::failed("create", folder, error))?;
    sweep(folder);
    if snapshot.is_link() {
        sweep(folder_of(&snapshot.path));
    }
    let mut like = attributes_for(target)
        .map_err(|error| StoreError::failed("read the mode and owner of", target, error))?;
    if let Some(mode) = mode.set {
        like.mode = mode;
    }
    if mode.private && snapshot.exists() {
        staged.tightened = like.make_private();
    }
    let (temp, lost) = Temp::create_like(folder, bytes, &like)
        .map_err(|error| StoreError::failed("write", target, error))?;
    staged.change = Some((temp, bytes));
    if snapshot.exists() {
        staged.notes = notes(&snapshot.path, like.links, lost);
    }
    Ok(staged)
}

/// The attributes of the existing file, else those for a new one.
fn attributes_for(target: &Path) -> io::Result<FileAttributes> {
    match FileAttributes::of(target)? {
        Some(attributes) => Ok(attributes),
        None => FileAttributes::new_in(folder_of(target), 0o600),
    }
}

fn notes(path: &Path, links: u64, lost: Lost) -> Vec<WriteNote> {
    let mut notes = Vec::new();
    let path = || path.to_owned();
    if links > 1 {
        let path = path();
        notes.push(WriteNote::HardLinks { path, links });
    }
    if lost.owner {
        notes.push(WriteNote::OwnerChanged(path()));
    }
    if !lost.extended.is_empty() {
        notes.push(WriteNote::AttributesLost {
            path: path(),
            names: lost.extended,
        });
    }
    notes
}

/// Puts every change in place. If one fails, rolls back the ones already done.
pub(super) fn commit(staged: Vec<Staged<'_>>) -> Result<Committed<'_>, StoreError> {
    let mut committed = Committed::default();
    for change in staged {
        match put(change) {
            Ok(done) => committed.done.push(done),
            Err(error) => return Err(committed.roll_back(error)),
        }
    }
    Ok(committed)
}

impl Committed<'_> {
    /// Rolls everything back, last first. Returns the original error, unless a file remains
    /// changed: then that matters more, and its record stays too.
    pub(super) fn roll_back(self, error: StoreError) -> StoreError {
        let (mut left, error) = match error {
            StoreError::NotRolledBack { files, source } => (files, *source),
            error => (Vec::new(), error),
        };
        for done in self.done.into_iter().rev() {
            if done.is_record && !left.is_empty() {
                continue;
            }
            let path = done.snapshot.path.clone();
            if roll_back(done).is_err() {
                left.push(path);
            }
        }
        if left.is_empty() {
            error
        } else {
            StoreError::NotRolledBack {
                files: left,
                source: Box::new(error),
            }
        }
    }
}

fn put(change: Staged<'_>) -> Result<Done<'_>, StoreError> {
    stop_if_abandoned();
    let snapshot = change.snapshot;
    snapshot.check_unchanged()?;
    let after = change.change.as_ref().map(|(_, after)| *after);
    let old = match (change.change, &snapshot.bytes) {
        (Some((temp, _)), Some(_)) if change.is_record => replace_record(temp, snapshot)?,
        (Some((temp, after)), Some(before)) => replace(temp, snapshot, before, after)?,
        (Some((temp, _)), None) => {
            temp.rename_to_free(&snapshot.target)
                .map_err(|(_, error)| match error.kind() {
                    io::ErrorKind::AlreadyExists => {
                        StoreError::ChangedUnderneath(snapshot.path.clone())
                    }
                    _ => StoreError::failed("create", &snapshot.target, error),
                })?;
            Old::Nothing
        }
        (None, Some(before)) => set_aside(snapshot, before)?,
        (None, None) => Old::Nothing,
    };
    Ok(Done {
        snapshot,
        after,
        old,
        is_record: change.is_record,
    })
}

/// Swaps the new file with the old one and checks what came out: if an editor has saved since the
/// last check, its version is put back.
fn replace(
    temp: Temp,
    snapshot: &Snapshot,
    before: &[u8],
    after: &[u8],
) -> Result<Old, StoreError> {
    let target = &snapshot.target;
    let failed = |error| StoreError::failed("replace", target, error);
    if !temp.exchange_with(target).map_err(failed)? {
        temp.rename_to(target).map_err(failed)?;
        return Ok(Old::Gone);
    }
    let error = match holds(temp.path(), before) {
        Ok(true) => return Ok(Old::Aside(temp)),
        Ok(false) => StoreError::ChangedUnderneath(snapshot.path.clone()),
        Err(error) => StoreError::failed("read", target, error),
    };
    match swap_back(&temp, target, after) {
        SwapBack::Yes => Err(error),
        SwapBack::Unseen => {
            rescue(temp, target);
            Err(error)
        }
        SwapBack::Overtaken => Err(StoreError::Overtaken {
            file: target.clone(),
            kept: rescue(temp, target),
        }),
        SwapBack::No => {
            rescue(temp, target);
            Err(not_rolled_back(snapshot, error))
        }
    }
}

/// Only we write the record, and only under the config's lock, so it hasn't changed since the last
/// check.
fn replace_record(temp: Temp, snapshot: &Snapshot) -> Result<Old, StoreError> {
    let target = &snapshot.target;
    let failed = |error| StoreError::failed("replace", target, error);
    if temp.exchange_with(target).map_err(failed)? {
        return Ok(Old::Aside(temp));
    }
    temp.rename_to(target).map_err(failed)?;
    Ok(Old::Gone)
}

/// The result of swapping back.
enum SwapBack {
    /// The target is restored, and our version is under the temporary name.
    Yes,
    /// The target is restored, but the file that came out can't be read.
    Unseen,
    /// Another process overwrote our version as well; its version stays in place.
    Overtaken,
    /// Our version is still in place.
    No,
}

/// Swaps again and checks that our version comes out.
fn swap_back(temp: &Temp, target: &Path, ours: &[u8]) -> SwapBack {
    let again = || temp.exchange_with(target).unwrap_or(false);
    if !again() {
        return SwapBack::No;
    }
    match holds(temp.path(), ours) {
        Ok(true) => SwapBack::Yes,
        Ok(false) if again() => SwapBack::Overtaken,
        _ => SwapBack::Unseen,
    }
}

/// Renames a version saved by another process so that the user can find it.
fn rescue(temp: Temp, target: &Path) -> PathBuf {
    match free_name(target, ".portkey.saved", 0) {
        Ok(name) => match temp.rename_to_free(&name) {
            Ok(()) => name,
            Err((temp, _)) => forgotten(temp),
        },
        Err(_) => forgotten(temp),
    }
}

fn forgotten(temp: Temp) -> PathBuf {
    let path = temp.path().to_owned();
    temp.forget();
    path
}

/// Moves a file that is to be removed out of the way, and checks what it held.
fn set_aside(snapshot: &Snapshot, before: &[u8]) -> Result<Old, StoreError> {
    let target = &snapshot.target;
    let temp = Temp::take(target).map_err(|error| StoreError::failed("remove", target, error))?;
    let error = match holds(temp.path(), before) {
        Ok(true) => return Ok(Old::Aside(temp)),
        Ok(false) => StoreError::ChangedUnderneath(snapshot.path.clone()),
        Err(error) => StoreError::failed("read", target, error),
    };
    match temp.rename_to_free(target) {
        Ok(()) => Err(error),
        Err((temp, refused)) => {
            let kept = rescue(temp, target);
            Err(if refused.kind() == io::ErrorKind::AlreadyExists {
                StoreError::Overtaken {
                    file: target.clone(),
                    kept,
                }
            } else {
                not_rolled_back(snapshot, error)
            })
        }
    }
}

fn not_rolled_back(snapshot: &Snapshot, error: StoreError) -> StoreError {
    StoreError::NotRolledBack {
        files: vec![snapshot.path.clone()],
        source: Box::new(error),
    }
}

fn roll_back(done: Done<'_>) -> io::Result<()> {
    let Done {
        snapshot,
        after,
        old,
        is_record,
    } = done;
    let target = &snapshot.target;
    let back = |temp: Temp| {
        temp.rename_to_free(target).map_err(|(temp, error)| {
            rescue(temp, target);
            error
        })
    };
    match (old, after) {
        (Old::Aside(temp), Some(_)) if is_record => {
            if temp.exchange_with(target)? {
                Ok(())
            } else {
                Err(io::ErrorKind::Unsupported.into())
            }
        }
        (Old::Aside(temp), Some(ours)) => match swap_back(&temp, target, ours) {
            SwapBack::Yes => Ok(()),
            SwapBack::Unseen => {
                rescue(temp, target);
                Ok(())
            }
            SwapBack::Overtaken | SwapBack::No => {
                rescue(temp, target);
                Err(io::ErrorKind::AlreadyExists.into())
            }
        },
        (Old::Aside(temp), None) => back(temp),
        (Old::Nothing, Some(ours)) => {
            let temp = Temp::take(target)?;
            if matches!(holds(temp.path(), ours), Ok(true)) {
                return Ok(());
            }
            back(temp)?;
            Err(io::ErrorKind::AlreadyExists.into())
        }
        (Old::Gone, _) => {
            let bytes = snapshot.bytes.as_deref().unwrap_or_default();
            Temp::create(folder_of(target), bytes, &attributes_for(target)?)?.rename_to(target)
        }
        (Old::Nothing, None) => Ok(()),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
