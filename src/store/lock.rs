//! OpenClaw's own lock on its config, taken and honoured.
//!
//! `<file>.lock` beside the file holds `{"pid", "createdAt", "starttime"}`. It is stale when that
//! process has ended, or when another one has its id by now. Whoever clears a stale lock makes
//! the folder `<file>.lock.reclaim` for that moment, so that two don't do it at once.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::busy::{Held, busy};
use super::clock;
use super::temp::{FileAttributes, Temp, create_folder, folder_of, with_ending};
use crate::process;

const RETRY: Duration = Duration::from_millis(20);

/// Clearing a stale lock takes milliseconds; a guard this old is left from a killed process.
const ABANDONED: Duration = Duration::from_secs(5);

/// OpenClaw's record of who holds a lock.
#[derive(Serialize, Deserialize)]
struct Holder {
    pid: Option<u32>,
    #[serde(rename = "createdAt", default)]
    created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starttime: Option<u64>,
}

/// A lock that this process holds until it is dropped.
#[must_use = "the lock is given back when this is dropped"]
pub struct Lock {
    path: PathBuf,
}

/// What one try came to.
enum Attempt {
    Taken(Lock),
    HeldBy(Option<u32>),
    /// The lock was given back or cleared away while we looked.
    Retry,
}

/// Takes the lock on a file, waiting up to `wait` for a live holder. The file's folder is created
/// when it is missing; the lock of a dead process is taken over.
///
/// # Errors
/// [`StoreError::Locked`] after `wait`; a folder that cannot be written.
pub fn lock(file: &Path, wait: Duration) -> Result<Lock, StoreError> {
    let path = lock_path(file)?;
    let start = Instant::now();
    loop {
        match attempt(&path).map_err(|error| StoreError::failed("create", &path, error))? {
            Attempt::Taken(lock) => return Ok(lock),
            Attempt::Retry => {}
            Attempt::HeldBy(pid) if start.elapsed() >= wait => {
                return Err(StoreError::Locked { lock: path, pid });
            }
            Attempt::HeldBy(_) => thread::sleep(RETRY),
        }
    }
}

/// Beside the name that was asked for, not the end of its links: there OpenClaw looks.
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

fn attempt(path: &Path) -> io::Result<Attempt> {
    let mut held = busy();
    let guard = with_ending(path, ".reclaim");
    if guard.exists() {
        return Ok(if is_abandoned(&guard) && fs::remove_dir(&guard).is_ok() {
            Attempt::Retry
        } else {
            Attempt::HeldBy(None)
        });
    }
    if fs::symlink_metadata(path).is_ok() {
        return clear_if_stale(path, &guard);
    }
    let bytes = own_record()?;
    match create(path, &bytes) {
        Ok(()) => {
            let path = path.to_owned();
            held.push(Held {
                path: path.clone(),
                bytes,
            });
            Ok(Attempt::Taken(Lock { path }))
        }
        // Somebody was faster: look at that one.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Attempt::Retry),
        Err(error) => Err(error),
    }
}

/// Creates a file that must not exist. It is written under another name first, so that it never
/// exists half written; where the file system knows no second names, it is written in place.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match Temp::create(folder_of(path), bytes, FileAttributes::PRIVATE)?.link_as(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)?;
            file.write_all(bytes)
        }
        result => result,
    }
}

fn own_record() -> io::Result<Vec<u8>> {
    let pid = std::process::id();
    let mut bytes = serde_json::to_vec_pretty(&Holder {
        pid: Some(pid),
        created_at: Some(clock::now()),
        starttime: process::start_time(pid),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn clear_if_stale(path: &Path, guard: &Path) -> io::Result<Attempt> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Retry),
        // A folder or something unreadable: a lock all the same.
        Err(_) => return Ok(Attempt::HeldBy(None)),
    };
    let pid = match serde_json::from_slice::<Holder>(&bytes) {
        Ok(holder) if is_stale(&holder) => holder.pid,
        Ok(holder) => return Ok(Attempt::HeldBy(holder.pid)),
        Err(_) => return Ok(Attempt::HeldBy(None)),
    };
    if fs::create_dir(guard).is_err() {
        return Ok(Attempt::HeldBy(pid));
    }
    // Between the look and the guard somebody may have cleared it and taken a new one.
    let unchanged = fs::read(path).is_ok_and(|now| now == bytes);
    let cleared = if unchanged {
        fs::remove_file(path)
    } else {
        Ok(())
    };
    fs::remove_dir(guard)?;
    cleared?;
    Ok(Attempt::Retry)
}

fn is_stale(holder: &Holder) -> bool {
    let Some(pid) = holder.pid else { return false };
    let reused = match (holder.starttime, process::start_time(pid)) {
        (Some(recorded), Some(observed)) => recorded != observed,
        _ => false,
    };
    reused || process::is_dead(pid)
}

/// The guard is an empty folder that names nobody, so its age has to tell.
fn is_abandoned(guard: &Path) -> bool {
    fs::metadata(guard)
        .and_then(|metadata| metadata.modified())
        .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > ABANDONED))
}

/// Removes a lock file if it is still the one that we wrote.
pub(super) fn release(lock: &Held) {
    if fs::read(&lock.path).is_ok_and(|bytes| bytes == lock.bytes) {
        let _ = fs::remove_file(&lock.path);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut held = busy();
        if let Some(index) = held.iter().position(|lock| lock.path == self.path) {
            release(&held.swap_remove(index));
        }
    }
}
