//! The time, for the records that the store leaves behind.

use std::time::SystemTime;

use crate::timestamp;

/// Now, for those who hand the time to the core.
#[must_use]
pub fn now() -> SystemTime {
    SystemTime::now()
}

/// Now, as `2026-11-24T05:54:23.120Z`.
pub(super) fn stamp() -> String {
    timestamp::millis(now())
}

/// Reads what [`stamp`] writes, and OpenClaw, with or without the milliseconds.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    timestamp::parse(text)
}
