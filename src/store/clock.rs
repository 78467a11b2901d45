//! The time, for the records that the store leaves behind.

use std::time::SystemTime;

use crate::timestamp;

/// Now, as `2026-11-24T05:54:23.120Z`.
pub(super) fn now() -> String {
    timestamp::millis(SystemTime::now())
}
