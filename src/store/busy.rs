//! What must not be cut in half: writes, and the locks this process holds.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::lock::release;

/// A lock file of ours and the bytes that show it is ours.
pub(super) struct Held {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());

/// Taken for the length of every write and around each change to the list of held locks.
pub(super) fn busy() -> MutexGuard<'static, Vec<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For the Ctrl-C handler, right before it ends the process: waits for a write in progress to
/// finish, then gives back the locks this process holds. No write starts afterwards.
pub fn abandon() {
    let held = busy();
    for lock in held.iter() {
        release(lock);
    }
    // Kept locked: the main thread must not begin another write before the process ends.
    std::mem::forget(held);
}
