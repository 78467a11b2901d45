//! The ring of backups beside each file: `<file>.portkey.bak`, then `.bak.1` to `.bak.4`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::temp::{FileAttributes, Temp, folder_of, with_ending};

/// How many backups of a file are kept, and how many writes can be undone.
pub(super) const KEPT: usize = 5;

/// Length and a hash of some bytes: enough to notice a change, nothing to get them back from.
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

/// The `index`th newest backup's name.
fn name(file: &Path, index: usize) -> PathBuf {
    match index {
        0 => with_ending(file, ".portkey.bak"),
        _ => with_ending(file, &format!(".portkey.bak.{index}")),
    }
}

/// Makes `bytes` the newest backup of `file`; the oldest of a full ring goes.
pub(super) fn push(file: &Path, bytes: &[u8], owner_of: &Path) -> Result<PathBuf, StoreError> {
    let newest = name(file, 0);
    let failed = |error| StoreError::failed("write the backup", &newest, error);
    let like = FileAttributes {
        mode: 0o600,
        ..FileAttributes::of(owner_of)
    };
    // The new one is complete before the old ones move: a full disk leaves the ring as it was.
    let temp = Temp::create(folder_of(file), bytes, like).map_err(failed)?;
    let free = (0..KEPT)
        .find(|index| !name(file, *index).exists())
        .unwrap_or(KEPT - 1);
    for index in (0..free).rev() {
        fs::rename(name(file, index), name(file, index + 1)).map_err(failed)?;
    }
    temp.rename_to(&newest).map_err(failed)?;
    Ok(newest)
}

/// The newest backup of `file` with this digest.
pub(super) fn find(file: &Path, wanted: &Digest) -> Option<(usize, Vec<u8>)> {
    (0..KEPT).find_map(|index| {
        let path = name(file, index);
        let metadata = fs::metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() != wanted.length {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        (Digest::of(&bytes) == *wanted).then_some((index, bytes))
    })
}

/// Takes a backup out of the ring once its bytes are back in the file; older ones move up, so
/// that the ring keeps step with the writes that can still be undone.
pub(super) fn remove(file: &Path, index: usize) {
    // A failure costs a place in the ring, not a byte.
    let _ = fs::remove_file(name(file, index));
    for older in index + 1..KEPT {
        let _ = fs::rename(name(file, older), name(file, older - 1));
    }
}
