//! The time, for the records that the store leaves behind.

use std::time::SystemTime;

use crate::timestamp;

/// Now, as `2026-11-24T05:54:23.120Z`.
pub(super) fn now() -> String {
    timestamp::millis(SystemTime::now())
}

/// Reads what [`now`] writes, and OpenClaw, with or without the milliseconds.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    timestamp::parse(text)
}
