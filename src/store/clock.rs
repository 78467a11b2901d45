//! Timestamps for the files that the store writes.

use std::time::SystemTime;

use crate::timestamp;

/// The current time, for callers that pass it to the core.
#[must_use]
pub fn now() -> SystemTime {
    SystemTime::now()
}

/// The current time, such as `2026-11-24T05:54:23.120Z`.
pub(super) fn stamp() -> String {
    timestamp::millis(now())
}

/// Parses timestamps written by [`stamp`] or by OpenClaw, with or without milliseconds.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    timestamp::parse(text)
}
