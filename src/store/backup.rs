//! The ring of backups next to each file: `<file>.portkey.bak`, then `.bak.1` to `.bak.4`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::attributes::FileAttributes;
use super::open::{Links, Unreadable, is_free, open_regular, read_side};
use super::read::{MAX_BYTES, holds};
use super::temp::{Temp, folder_of, with_ending};

/// How many backups of a file are kept, and how many writes can be undone.
pub(super) const KEPT: usize = 5;

/// The length and hash of some bytes: enough to notice a change, not enough to recover them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest {
    length: u64,
    /// FNV-1a, 64 bits, hexadecimal.
    hash: String,
}

impl Digest {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            length: bytes.len() as u64,
            hash: format!("{hash:016x}"),
        }
    }
}

/// A new backup, removed again if the write fails.
pub(super) struct Pushed {
    file: PathBuf,
    pub(super) path: PathBuf,
    /// How many older backups moved to make room; `None` if the newest one already had these bytes.
    moved: Option<usize>,
}

/// The path of the `index`th newest backup.
fn name(file: &Path, index: usize) -> PathBuf {
    match index {
        0 => with_ending(file, ".portkey.bak"),
        _ => with_ending(file, &format!(".portkey.bak.{index}")),
    }
}

/// Makes `bytes` the newest backup of `file`, unless it already is. A full ring temporarily has one
/// extra backup, which [`Pushed::trim`] removes after the write.
pub(super) fn push(
    file: &Path,
    bytes: &[u8],
    owner_of: &Path,
    is_needed: impl Fn(&Digest) -> bool,
) -> Result<Pushed, StoreError> {
    let newest = name(file, 0);
    let failed = |error| StoreError::failed("write the backup", &newest, error);
    if holds_if_there(&newest, bytes).map_err(failed)? {
        return Ok(Pushed {
            file: file.to_owned(),
            path: newest,
            moved: None,
        });
    }
    let like = match FileAttributes::of(owner_of).map_err(failed)? {
        Some(attributes) => attributes.side_file(),
        None => FileAttributes::new_in(folder_of(file), 0o600).map_err(failed)?,
    };
    // Write the new backup before moving the old ones, so a full disk leaves the ring as it was.
    let temp = Temp::create(folder_of(file), bytes, &like).map_err(failed)?;
    let free = make_room(file, is_needed).map_err(failed)?;
    for index in (0..free).rev() {
        if let Err(error) = fs::rename(name(file, index), name(file, index + 1)) {
            move_up(file, index + 1, free);
            return Err(failed(error));
        }
    }
    let pushed = Pushed {
        file: file.to_owned(),
        path: newest.clone(),
        moved: Some(free),
    };
    match temp.rename_to_free(&newest) {
        Ok(()) => Ok(pushed),
        Err((_, error)) => {
            move_up(file, 0, free);
            Err(failed(error))
        }
    }
}

fn holds_if_there(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    Ok(!is_free(path)? && holds(path, bytes)?)
}

/// The first free index. If even the one past the end is taken, a killed process left one too many.
fn make_room(file: &Path, is_needed: impl Fn(&Digest) -> bool) -> io::Result<usize> {
    for index in 0..=KEPT {
        if is_free(&name(file, index))? {
            return Ok(index);
        }
    }
    let victim = least_needed(file, is_needed)?;
    fs::remove_file(name(file, victim))?;
    Ok(victim)
}

/// The oldest backup that no recorded write needs, else the oldest. Fails if a backup can't be read
/// right now, since it may be needed.
fn least_needed(file: &Path, is_needed: impl Fn(&Digest) -> bool) -> io::Result<usize> {
    for index in (1..=KEPT).rev() {
        match read_side(&name(file, index), MAX_BYTES) {
            Ok(Some(bytes)) if !is_needed(&Digest::of(&bytes)) => return Ok(index),
            Err(Unreadable::Failed(error)) => return Err(error),
            _ => {}
        }
    }
    Ok(KEPT)
}

/// Moves the backups after index `first`, up to `last`, one place towards the newest. Stops at the
/// first failure: the next one would overwrite it.
fn move_up(file: &Path, first: usize, last: usize) {
    for index in first..last {
        match fs::rename(name(file, index + 1), name(file, index)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return,
            _ => {}
        }
    }
}

impl Pushed {
    /// Restores the ring after a failed write.
    pub(super) fn roll_back(self) {
        if let Some(moved) = self.moved
            && fs::remove_file(&self.path).is_ok()
        {
            move_up(&self.file, 0, moved);
        }
    }

    /// Removes the backup past the end of the ring.
    pub(super) fn trim(self, is_needed: impl Fn(&Digest) -> bool) {
        if !is_free(&name(&self.file, KEPT)).unwrap_or(true)
            && let Ok(victim) = least_needed(&self.file, is_needed)
        {
            remove(&self.file, victim);
        }
    }
}

/// The contents of the backups of `file`, newest first. Unreadable ones are skipped.
pub fn previous_versions(file: &Path) -> impl Iterator<Item = Vec<u8>> {
    (0..=KEPT).filter_map(|index| read_side(&name(file, index), MAX_BYTES).ok()?)
}

/// The newest backup of `file` with this digest.
pub(super) fn find(file: &Path, wanted: &Digest) -> Option<(usize, Vec<u8>)> {
    (0..=KEPT).find_map(|index| {
        let path = name(file, index);
        let length = open_regular(&path, Links::Refuse)
            .ok()?
            .metadata()
            .ok()?
            .len();
        if length != wanted.length {
            return None;
        }
        let bytes = read_side(&path, MAX_BYTES).ok()??;
        (Digest::of(&bytes) == *wanted).then_some((index, bytes))
    })
}

/// Removes a backup whose bytes have been restored and moves older ones up, so that the ring
/// matches the writes that can still be undone.
pub(super) fn remove(file: &Path, index: usize) {
    if fs::remove_file(name(file, index)).is_ok() {
        move_up(file, index, KEPT);
    }
}
