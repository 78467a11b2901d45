//! Whether a lock is one that its holder will not give back any more.
//!
//! A lock names its holder by process id. That says something only where the id was given: from
//! outside its container, or from another machine that shares the folder, a holder at work looks
//! like one that has ended. Our own locks therefore say where they are from ([`process::origin`]).
//! OpenClaw's don't, so that a lock of it whose holder cannot be seen is taken over only once it
//! is older than [`UNSEEN`], far longer than a config takes to write. A lock that does not say
//! when it was taken is judged by its process alone.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::clock;
use crate::process::{self, Life};

/// How long a lock is honoured whose holder may be where we cannot see it.
const UNSEEN: Duration = Duration::from_secs(30);

/// The same where the system does not say whether a process lives.
const UNKNOWN: Duration = Duration::from_secs(10 * 60);

/// A lock from further in the future than this has no useful date.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60 * 60);

/// OpenClaw's record of who holds a lock. It reads the first three fields and minds no others.
#[derive(Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) pid: Option<u32>,
    #[serde(rename = "createdAt", default)]
    created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starttime: Option<u64>,
    /// Only we write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

/// What is to be thought of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its holder lives, or nobody can tell.
    Held,
    /// Its holder cannot be seen from here, but may live elsewhere.
    Unseen,
    /// Its holder has ended.
    Stale,
}

/// What this machine knows of a process id.
struct Observed {
    life: Life,
    starttime: Option<u64>,
}

impl Holder {
    /// This process.
    pub(super) fn this() -> Self {
        let pid = std::process::id();
        Self {
            pid: Some(pid),
            created_at: Some(clock::stamp()),
            starttime: process::start_time(pid),
            origin: process::origin().map(str::to_owned),
        }
    }

    pub(super) fn judge(&self) -> Verdict {
        let Some(pid) = self.pid else {
            return Verdict::Held;
        };
        let observed = Observed {
            life: process::life(pid),
            starttime: process::start_time(pid),
        };
        self.judge_by(&observed, process::origin(), SystemTime::now())
    }

    fn judge_by(&self, observed: &Observed, here: Option<&str>, now: SystemTime) -> Verdict {
        let reused = match (self.starttime, observed.starttime) {
            (Some(recorded), Some(observed)) => recorded != observed,
            _ => false,
        };
        let is_foreign = self.origin.is_some() && self.origin.as_deref() != here;
        let is_ours = self.origin.is_some() && !is_foreign;
        let patience = match observed.life {
            _ if is_foreign => UNSEEN,
            Life::Alive if !reused => return Verdict::Held,
            Life::Alive | Life::Dead if is_ours => return Verdict::Stale,
            Life::Alive | Life::Dead => UNSEEN,
            Life::Unknown => UNKNOWN,
        };
        match self.age(now) {
            Some(age) if age < patience => Verdict::Unseen,
            None if observed.life == Life::Unknown || is_foreign => Verdict::Held,
            _ => Verdict::Stale,
        }
    }

    /// How long ago the lock was taken; `None` where it does not say.
    fn age(&self, now: SystemTime) -> Option<Duration> {
        let taken = clock::parse(self.created_at.as_deref()?)?;
        match now.duration_since(taken) {
            Ok(age) => Some(age),
            Err(error) => (error.duration() < CLOCKS_DIFFER).then_some(Duration::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_499_663;

    fn verdict(lock: &str, life: Life, starttime: Option<u64>) -> Verdict {
        let holder: Holder = serde_json::from_str(lock).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        holder.judge_by(&Observed { life, starttime }, Some("here"), now)
    }

    #[test]
    fn a_holder_that_may_be_elsewhere_is_waited_for() {
        use Life::{Alive, Dead, Unknown};
        use Verdict::{Held, Stale, Unseen};

        // 2026-11-24T05:54:23Z is now.
        let fresh = r#"{"pid":7,"createdAt":"2026-11-24T05:54:00.000Z","starttime":5}"#;
        let old = r#"{"pid":7,"createdAt":"2026-11-24T05:53:50.000Z","starttime":5}"#;
        let older = r#"{"pid":7,"createdAt":"2026-11-24T05:44:00.000Z","starttime":5}"#;
        let undated = r#"{"pid":7,"starttime":5}"#;
        let ahead = r#"{"pid":7,"createdAt":"2026-11-24T05:54:30.000Z","starttime":5}"#;
        let far_ahead = r#"{"pid":7,"createdAt":"2031-01-01T00:00:00.000Z","starttime":5}"#;
        let ours =
            r#"{"pid":7,"createdAt":"2026-11-24T05:54:22.000Z","starttime":5,"origin":"here"}"#;
        let fresh_foreign =
            r#"{"pid":7,"createdAt":"2026-11-24T05:54:22.000Z","starttime":5,"origin":"there"}"#;
        let old_foreign =
            r#"{"pid":7,"createdAt":"2026-11-24T05:53:22.000Z","starttime":5,"origin":"there"}"#;
        let undated_foreign = r#"{"pid":7,"starttime":5,"origin":"there"}"#;
        for (lock, life, starttime, expected) in [
            // OpenClaw's own, seen and not seen.
            (fresh, Alive, Some(5), Held),
            (older, Alive, Some(5), Held),
            (older, Alive, None, Held),
            (fresh, Dead, None, Unseen),
            (fresh, Alive, Some(6), Unseen),
            (old, Dead, None, Stale),
            (old, Alive, Some(6), Stale),
            // Dates that say nothing.
            (undated, Dead, None, Stale),
            (undated, Alive, Some(6), Stale),
            (ahead, Dead, None, Unseen),
            (far_ahead, Dead, None, Stale),
            // Ours.
            (ours, Alive, Some(5), Held),
            (ours, Dead, None, Stale),
            (ours, Alive, Some(6), Stale),
            (fresh_foreign, Dead, None, Unseen),
            (fresh_foreign, Alive, Some(5), Unseen),
            (old_foreign, Alive, Some(5), Stale),
            (undated_foreign, Dead, None, Held),
            // A system that does not say who lives.
            (old, Unknown, None, Unseen),
            (older, Unknown, None, Stale),
            (undated, Unknown, None, Held),
        ] {
            let found = verdict(lock, life, starttime);
            assert_eq!(found, expected, "{lock} {life:?} {starttime:?}");
        }
    }
}
