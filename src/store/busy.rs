//! Work that a signal must not interrupt: writes, and the locks this process holds.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::lock::release;

/// How long a signal waits for a write in progress. A slower write is waiting for a disk that
/// doesn't respond, and no file is left half written.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

/// How much longer releasing the locks may take.
const LOCKS_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a signal waits while a key is being created. Requests and writes have their own
/// timeouts.
const KEY_TIMEOUT: Duration = Duration::from_secs(30);

/// One of our lock files, with the bytes that identify it.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) id: u64,
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

static UNINTERRUPTED: Mutex<()> = Mutex::new(());
static WRITING: Mutex<()> = Mutex::new(());
static LOCKING: Mutex<()> = Mutex::new(());
static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());
static ABANDONED: AtomicBool = AtomicBool::new(false);
static CHANGED: AtomicBool = AtomicBool::new(false);

/// Called after each change to a file or at Portkey, so that cancelling a later question doesn't deny it.
pub fn note_change() {
    CHANGED.store(true, Ordering::SeqCst);
}

/// The message after cancelling a question.
#[must_use]
pub fn cancelled() -> &'static str {
    if CHANGED.load(Ordering::SeqCst) {
        "cancelled; changes already made remain"
    } else {
        "cancelled; nothing was written"
    }
}

/// Held for the duration of every write.
pub(super) fn writing() -> MutexGuard<'static, ()> {
    let guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    guard
}

/// Held while a lock is created, so that the signal handler doesn't miss it.
pub(super) fn locking() -> MutexGuard<'static, ()> {
    let guard = LOCKING.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    guard
}

/// The locks that this process holds or is about to take. Never hold this across a call that may
/// block.
pub(super) fn held() -> MutexGuard<'static, Vec<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `work`, which requests something that is shown only once, such as a new key, and saves it.
/// Signals wait until it is saved. Must not be nested.
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    let _guard = UNINTERRUPTED.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    work()
}

/// For the Ctrl-C handler: waits until such a value is saved. Calls `waits` first if it has to
/// wait.
pub fn wait_until_saved(waits: impl FnOnce()) {
    let mut guard = wait_for(&UNINTERRUPTED, Instant::now());
    if guard.is_none() {
        waits();
        guard = wait_for(&UNINTERRUPTED, Instant::now() + KEY_TIMEOUT);
    }
    // The main thread must not request another one.
    std::mem::forget(guard);
}

/// Called before each step of a write. Once the signal handler has taken over, this blocks until
/// the process exits, so nothing else changes.
pub(super) fn stop_if_abandoned() {
    while ABANDONED.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// For the Ctrl-C handler, right before it exits: waits briefly for a write in progress, then
/// releases the locks this process holds. No write starts or continues afterwards. Returns within a
/// few seconds even if a disk has stopped responding.
pub fn abandon() {
    let (done, wait) = mpsc::channel();
    // On its own thread, since removing a lock file may block too.
    let spawned = thread::Builder::new().spawn(move || {
        let deadline = Instant::now() + WRITE_TIMEOUT;
        // Never released: the main thread must not start another write before the process exits.
        std::mem::forget(wait_for(&WRITING, deadline));
        std::mem::forget(wait_for(&LOCKING, deadline));
        ABANDONED.store(true, Ordering::SeqCst);
        for lock in held().iter() {
            release(lock);
        }
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = wait.recv_timeout(WRITE_TIMEOUT + LOCKS_TIMEOUT);
    }
    ABANDONED.store(true, Ordering::SeqCst);
}

fn wait_for(mutex: &Mutex<()>, deadline: Instant) -> Option<MutexGuard<'_, ()>> {
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_waits_for_a_key_to_be_saved() {
        let (began, begins) = mpsc::channel();
        let keeper = thread::spawn(move || {
            uninterrupted(|| {
                let _ = began.send(());
                thread::sleep(Duration::from_millis(200));
                Instant::now()
            })
        });
        begins.recv().unwrap();
        let mut printed = false;
        wait_until_saved(|| printed = true);
        let now = Instant::now();
        assert!(printed && keeper.join().unwrap() <= now);
    }

    #[test]
    fn a_signal_waits_for_a_write_but_not_forever() {
        let mutex = Mutex::new(());
        let guard = mutex.lock();
        assert!(wait_for(&mutex, Instant::now() + Duration::from_millis(20)).is_none());
        drop(guard);
        assert!(wait_for(&mutex, Instant::now()).is_some());
    }
}
