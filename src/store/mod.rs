//! Files: find, read, lock, back up, replace, undo.
//!
//! A writing command goes [`locate()`] → [`lock()`] → [`read()`] → (the core plans) → [`write()`].
//! [`undo_preview`] and [`undo`] take the last write back. Whatever happens on the way, a file
//! holds either its old bytes or its new ones, whole.
#![expect(
    clippy::disallowed_methods,
    reason = "the store is the one room that touches files and needs the clock for its records"
)]

mod backup;
mod busy;
mod cache;
mod clock;
mod error;
mod history;
mod include;
mod installed;
mod locate;
mod lock;
mod publish;
mod read;
mod replace;
mod temp;

pub use busy::abandon;
pub use cache::{recall, remember};
pub use error::StoreError;
pub use history::{Restore, Undo, undo, undo_preview};
pub use include::include_path;
pub use installed::installed_openclaw;
pub use locate::{Environment, Location, Reason, locate};
pub use lock::{Lock, lock};
pub use publish::publish;
pub use read::{MAX_BYTES, Snapshot, read};
pub use replace::{Pending, Replaced, Written, write};
