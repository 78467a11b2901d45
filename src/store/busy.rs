//! What must not be cut in half: writes, and the locks this process holds.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::lock::release;

/// How long a signal waits for a write in progress. A write that takes longer waits for a disk
/// that does not answer, and every file is whole without it.
const WRITE_ENDS: Duration = Duration::from_secs(3);

/// How long giving back the locks may take on top.
const LOCKS_GO: Duration = Duration::from_secs(1);

/// How long a signal waits for a key that is being made. Requests and writes have limits of their own.
const KEY_ENDS: Duration = Duration::from_secs(30);

/// A lock file of ours and the bytes that show it is ours.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) id: u64,
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

static KEEPING: Mutex<()> = Mutex::new(());
static WRITING: Mutex<()> = Mutex::new(());
static LOCKING: Mutex<()> = Mutex::new(());
static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());
static ABANDONED: AtomicBool = AtomicBool::new(false);
static CHANGED: AtomicBool = AtomicBool::new(false);

/// From here on it cannot be said that nothing was written, here or at Portkey.
pub fn note_change() {
    CHANGED.store(true, Ordering::SeqCst);
}

/// What is said where the user cancels.
#[must_use]
pub fn cancelled() -> &'static str {
    if CHANGED.load(Ordering::SeqCst) {
        "cancelled; what was done before stays"
    } else {
        "cancelled; nothing was written"
    }
}

/// Taken for the length of every write.
pub(super) fn writing() -> MutexGuard<'static, ()> {
    let guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    guard
}

/// Taken while a lock is created, so that none is created behind the signal handler's back.
pub(super) fn locking() -> MutexGuard<'static, ()> {
    let guard = LOCKING.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    guard
}

/// The locks that this process holds or is about to take. Never kept over a call that may block.
pub(super) fn held() -> MutexGuard<'static, Vec<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From asking for something that is shown once, such as a new key, until it is kept: a signal
/// waits for the end. Not to be used within itself.
pub fn keeping<T>(work: impl FnOnce() -> T) -> T {
    let _guard = KEEPING.lock().unwrap_or_else(PoisonError::into_inner);
    stop_if_abandoned();
    work()
}

/// For the Ctrl-C handler: waits for what is being kept, and calls `waits` before it does.
pub fn let_it_be_kept(waits: impl FnOnce()) {
    let mut guard = wait_for(&KEEPING, Instant::now());
    if guard.is_none() {
        waits();
        guard = wait_for(&KEEPING, Instant::now() + KEY_ENDS);
    }
    // The main thread must not ask for the next one.
    std::mem::forget(guard);
}

/// Called before each step of a write: once the signal handler goes on, nothing changes any more,
/// and the handler ends the process.
pub(super) fn stop_if_abandoned() {
    while ABANDONED.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// For the Ctrl-C handler, right before it ends the process: waits a moment for a write in
/// progress, then gives back the locks this process holds. No write starts or goes on afterwards.
/// Returns in a few seconds even if a disk has stopped answering.
pub fn abandon() {
    let (done, wait) = mpsc::channel();
    // In a thread of its own, since removing a lock file may block, too.
    let spawned = thread::Builder::new().spawn(move || {
        let deadline = Instant::now() + WRITE_ENDS;
        // Kept: the main thread must not begin another write before the process ends.
        std::mem::forget(wait_for(&WRITING, deadline));
        std::mem::forget(wait_for(&LOCKING, deadline));
        ABANDONED.store(true, Ordering::SeqCst);
        for lock in held().iter() {
            release(lock);
        }
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = wait.recv_timeout(WRITE_ENDS + LOCKS_GO);
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
    fn a_signal_waits_for_what_is_being_kept() {
        let (began, begins) = mpsc::channel();
        let keeper = thread::spawn(move || {
            keeping(|| {
                let _ = began.send(());
                thread::sleep(Duration::from_millis(200));
                Instant::now()
            })
        });
        begins.recv().unwrap();
        let mut said = false;
        let_it_be_kept(|| said = true);
        let now = Instant::now();
        assert!(said && keeper.join().unwrap() <= now);
    }

    #[test]
    fn a_signal_waits_for_a_write_but_not_for_ever() {
        let mutex = Mutex::new(());
        let guard = mutex.lock();
        assert!(wait_for(&mutex, Instant::now() + Duration::from_millis(20)).is_none());
        drop(guard);
        assert!(wait_for(&mutex, Instant::now()).is_some());
    }
}
