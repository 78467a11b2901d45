//! Takes and honours OpenClaw's own lock on its config, and locks the other files of a write the
//! same way.
//!
//! `<file>.lock` next to the file holds `{"pid", "createdAt", "starttime"}`; [`super::stale`]
//! decides which locks are stale. A process that clears a stale lock holds the folder
//! `<file>.lock.reclaim` while it does, so that two don't do it at once.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;
use super::attributes::FileAttributes;
use super::busy::{Held, held, locking};
use super::open::{Unreadable, is_free, read_side};
use super::read::resolve;
use super::stale::{Holder, Verdict};
use super::swap::rename_new;
use super::temp::{Temp, create_folder, folder_of, with_ending};

/// The delay between the first two checks of a held lock. Later delays are longer, so that a
/// hundred waiting processes leave some CPU time to the one working.
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// The longest sleep, on average.
const MAX_PAUSE: Duration = Duration::from_millis(100);

/// How often to retry immediately when a lock was released or cleared in the meantime.
const MAX_IMMEDIATE_RETRIES: u32 = 10;

/// Clearing a stale lock takes milliseconds; a guard older than this was left by a killed process.
const GUARD_TIMEOUT: Duration = Duration::from_secs(5);

/// A lock is a few hundred bytes.
const MAX_LOCK_BYTES: u64 = 64 * 1024;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// When to stop waiting.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline this long from now.
    #[must_use]
    pub fn after(wait: Duration) -> Self {
        Self(Instant::now().checked_add(wait))
    }

    fn remaining(self) -> Duration {
        self.0.map_or(Duration::MAX, |end| {
            end.saturating_duration_since(Instant::now())
        })
    }
}

/// A held lock, released on drop.
#[must_use = "the lock is given back when this is dropped"]
pub struct Lock {
    id: u64,
    path: PathBuf,
}

/// The locks on all files of a write, released on drop.
#[must_use = "the locks are given back when this is dropped"]
pub struct Locks {
    locks: Vec<Lock>,
}

impl Locks {
    /// Whether a file is locked. A plan recomputed under the locks may affect another file.
    #[must_use]
    pub fn cover(&self, file: &Path) -> bool {
        lock_paths(file).is_ok_and(|paths| {
            paths
                .iter()
                .all(|path| self.locks.iter().any(|lock| lock.path == *path))
        })
    }
}

/// The result of one attempt.
enum Attempt {
    Taken(Lock),
    Held {
        pid: Option<u32>,
        unseen: bool,
    },
    /// The lock was released or cleared while we looked.
    Retry,
}

/// Held by an unknown process.
const HELD: Attempt = Attempt::Held {
    pid: None,
    unseen: false,
};

/// Locks a file, waiting up to `wait` for a live holder. Creates the file's folder if missing and
/// takes over the lock of a dead process.
///
/// # Errors
/// [`StoreError::Locked`] after `wait`; a folder that can't be written.
pub fn lock(file: &Path, wait: Duration) -> Result<Lock, StoreError> {
    take(lock_path(file)?, Deadline::after(wait))
}

/// Locks all files of a write, in an order that is the same for every process, so that two
/// processes that want the same files can't deadlock. A symlink is locked under both its names:
/// OpenClaw looks next to the link, and another config may link to the same target.
///
/// To change files that others write too: lock them, check them again
/// ([`Snapshot::is_unchanged`](super::Snapshot::is_unchanged)), plan again if one has changed, then
/// write. Don't wait for a person or the network while holding the locks.
///
/// # Errors
/// [`StoreError::Locked`] after the deadline; a folder that can't be written, a broken link.
pub fn lock_all(files: &[&Path], deadline: Deadline) -> Result<Locks, StoreError> {
    let mut paths = BTreeSet::new();
    for file in files {
        paths.extend(lock_paths(file)?);
    }
    let locks = paths
        .into_iter()
        .map(|path| take(path, deadline))
        .collect::<Result<_, _>>()?;
    Ok(Locks { locks })
}

fn lock_paths(file: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = vec![lock_path(file)?];
    if let Some(target) = resolve(file)?
        && target != file
    {
        paths.push(lock_path(&target)?);
    }
    Ok(paths)
}

/// Next to the given name, not the link's target, because that is where OpenClaw looks.
fn lock_path(file: &Path) -> Result<PathBuf, StoreError> {
    let folder = folder_of(file);
    create_folder(folder).map_err(|error| StoreError::failed("create", folder, error))?;
    let folder =
        fs::canonicalize(folder).map_err(|error| StoreError::failed("read", folder, error))?;
    Ok(with_ending(
        &folder.join(file.file_name().unwrap_or_default()),
        ".lock",
    ))
}

fn take(path: PathBuf, deadline: Deadline) -> Result<Lock, StoreError> {
    let mut at_once = MAX_IMMEDIATE_RETRIES;
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = attempt(&path).map_err(|error| StoreError::failed("create", &path, error))?;
        let (pid, unseen) = match attempt {
            Attempt::Taken(lock) => return Ok(lock),
            Attempt::Retry if at_once > 0 => {
                at_once -= 1;
                continue;
            }
            Attempt::Retry => (None, false),
            Attempt::Held { pid, unseen } => (pid, unseen),
        };
        let remaining = deadline.remaining();
        if remaining.is_zero() {
            return Err(StoreError::Locked {
                lock: path,
                pid,
                unseen,
            });
        }
        thread::sleep(jittered(pause).min(remaining));
        pause = MAX_PAUSE.min(pause * 3 / 2);
    }
}

/// Between half and one and a half times `pause`, so that waiting processes don't all retry at
/// once.
fn jittered(pause: Duration) -> Duration {
    let random = u32::try_from(RandomState::new().hash_one(0) % 1000).unwrap_or_default();
    pause / 2 + pause * random / 1000
}

fn attempt(path: &Path) -> io::Result<Attempt> {
    let _locking = locking();
    let guard = with_ending(path, ".reclaim");
    if !is_free(&guard)? {
        let cleared = is_abandoned(&guard) && fs::remove_dir(&guard).is_ok();
        return Ok(if cleared { Attempt::Retry } else { HELD });
    }
    if !is_free(path)? {
        return clear_if_stale(path, &guard);
    }
    let mut bytes = serde_json::to_vec_pretty(&Holder::this())?;
    bytes.push(b'\n');
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    held().push(Held {
        id,
        path: path.to_owned(),
        bytes: bytes.clone(),
    });
    let Err(error) = create(path, &bytes) else {
        let path = path.to_owned();
        return Ok(Attempt::Taken(Lock { id, path }));
    };
    held().retain(|lock| lock.id != id);
    match error.kind() {
        // Another process was faster; check its lock.
        io::ErrorKind::AlreadyExists => Ok(Attempt::Retry),
        // What Windows returns for a file that is being deleted.
        io::ErrorKind::PermissionDenied if cfg!(windows) => Ok(HELD),
        _ => Err(error),
    }
}

/// Creates a file that must not exist. It is written under another name first, so that it never
/// exists half written; if the file system doesn't support that, it is written in place.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let like = FileAttributes::new_in(folder, 0o600)?;
    let temp = Temp::create_fleeting(folder, bytes, &like)?;
    if rename_new(temp.path(), path)? {
        temp.forget();
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

fn clear_if_stale(path: &Path, guard: &Path) -> io::Result<Attempt> {
    let bytes = match read_side(path, MAX_LOCK_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Attempt::Retry),
        Err(Unreadable::Failed(error)) if error.kind() != io::ErrorKind::PermissionDenied => {
            return Err(error);
        }
        // A folder, link, pipe or unreadable file also counts as a lock.
        Err(_) => return Ok(HELD),
    };
    let Ok(holder) = serde_json::from_slice::<Holder>(&bytes) else {
        return Ok(HELD);
    };
    let pid = holder.pid;
    match holder.verdict() {
        Verdict::Stale => {}
        verdict => {
            let unseen = verdict == Verdict::Unseen;
            return Ok(Attempt::Held { pid, unseen });
        }
    }
    match fs::create_dir(guard) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Ok(Attempt::Held { pid, unseen: false });
        }
        Err(error) => return Err(error),
    }
    // Before we took the guard, another process may have cleared this lock and taken a new one.
    let cleared = match read_side(path, MAX_LOCK_BYTES) {
        Ok(Some(now)) if now == bytes => fs::remove_file(path),
        _ => Ok(()),
    };
    fs::remove_dir(guard)?;
    cleared?;
    Ok(Attempt::Retry)
}

/// The guard is an empty folder that names no process, so only its age says whether it is stale.
fn is_abandoned(guard: &Path) -> bool {
    fs::symlink_metadata(guard)
        .and_then(|metadata| metadata.modified())
        .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > GUARD_TIMEOUT))
}

/// Removes a lock file if it is still the one we wrote.
pub(super) fn release(lock: &Held) {
    if matches!(read_side(&lock.path, MAX_LOCK_BYTES), Ok(Some(bytes)) if bytes == lock.bytes) {
        let _ = fs::remove_file(&lock.path);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let found = held().iter().find(|lock| lock.id == self.id).cloned();
        if let Some(lock) = found {
            release(&lock);
        }
        held().retain(|lock| lock.id != self.id);
    }
}
