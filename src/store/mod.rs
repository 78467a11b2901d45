//! Files: find, read, lock, back up, replace, undo.
//!
//! A command that writes runs [`locate()`] → [`lock_all()`] → [`read()`] → (the core plans) →
//! [`write()`]. [`undo_preview`] and [`undo`] revert the last write. Whatever happens in between, a
//! file holds either its old bytes or its new ones, in full.
#![expect(
    clippy::disallowed_methods,
    reason = "the store is the only module that writes files, and timestamps its records"
)]

mod attributes;
mod backup;
mod busy;
pub mod cache;
mod clock;
mod error;
mod include;
mod installed;
mod locate;
mod lock;
mod neighbours;
mod note;
mod open;
mod place;
mod publish;
mod read;
mod record;
mod replace;
mod stage;
mod stale;
mod swap;
mod temp;
mod undo;

pub use backup::previous_versions;
pub use busy::{abandon, cancelled, note_change, uninterrupted, wait_until_saved};
pub use clock::now;
pub use error::StoreError;
pub use include::include_path;
pub use installed::{installed_openclaw, openclaw_program};
pub use locate::{Environment, Location, Reason, locate};
pub use lock::{Deadline, Lock, Locks, lock, lock_all};
pub use neighbours::configs_with;
pub use note::WriteNote;
pub use open::read_small;
pub use publish::publish;
pub use read::{MAX_BYTES, Snapshot, read};
pub use replace::{Pending, Replaced, Written, write};
pub use undo::{Recorded, Restore, Undo, recorded, undo, undo_preview};
