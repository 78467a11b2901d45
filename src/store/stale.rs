//! Decides whether a lock's holder is gone.
//!
//! A lock names its holder by process id. That is only meaningful where the id was assigned: from
//! outside its container, or from another machine that shares the folder, a running holder looks
//! dead. Our own locks therefore record their origin ([`process::origin`]). OpenClaw's don't, so a
//! lock whose holder can't be seen is taken over only once it is older than [`UNSEEN`], far longer
//! than writing a config takes. A lock without a timestamp is judged by its process alone.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::clock;
use crate::process::{self, Life};

/// How long to honour a lock whose holder may be running where we can't see it.
const UNSEEN: Duration = Duration::from_secs(30);

/// The same, on systems that can't report whether a process is alive.
const UNKNOWN: Duration = Duration::from_secs(10 * 60);

/// A timestamp further in the future than this is ignored.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60 * 60);

/// OpenClaw's lock contents. OpenClaw reads the first three fields and ignores others.
#[derive(Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) pid: Option<u32>,
    #[serde(rename = "createdAt", default)]
    created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starttime: Option<u64>,
    /// Written only by us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

/// The state of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The holder is alive, or may be.
    Held,
    /// The holder can't be seen from here but may be running elsewhere.
    Unseen,
    /// The holder has exited.
    Stale,
}

/// What this machine knows about a process id.
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

    pub(super) fn verdict(&self) -> Verdict {
        let Some(pid) = self.pid else {
            return Verdict::Held;
        };
        let observed = Observed {
            life: process::life(pid),
            starttime: process::start_time(pid),
        };
        self.verdict_from(&observed, process::origin(), SystemTime::now())
    }

    fn verdict_from(&self, observed: &Observed, here: Option<&str>, now: SystemTime) -> Verdict {
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

    /// How long ago the lock was taken; `None` if it doesn't say.
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
        holder.verdict_from(&Observed { life, starttime }, Some("here"), now)
    }

    #[test]
    fn waits_for_a_holder_that_may_be_elsewhere() {
        use Life::{Alive, Dead, Unknown};
        use Verdict::{Held, Stale, Unseen};

        // “Now” is 2026-11-24T05:54:23Z.
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
            // OpenClaw's locks, with the holder visible or not.
            (fresh, Alive, Some(5), Held),
            (older, Alive, Some(5), Held),
            (older, Alive, None, Held),
            (fresh, Dead, None, Unseen),
            (fresh, Alive, Some(6), Unseen),
            (old, Dead, None, Stale),
            (old, Alive, Some(6), Stale),
            // Unusable dates.
            (undated, Dead, None, Stale),
            (undated, Alive, Some(6), Stale),
            (ahead, Dead, None, Unseen),
            (far_ahead, Dead, None, Stale),
            // Our locks.
            (ours, Alive, Some(5), Held),
            (ours, Dead, None, Stale),
            (ours, Alive, Some(6), Stale),
            (fresh_foreign, Dead, None, Unseen),
            (fresh_foreign, Alive, Some(5), Unseen),
            (old_foreign, Alive, Some(5), Stale),
            (undated_foreign, Dead, None, Held),
            // A system that can't report whether a process is alive.
            (old, Unknown, None, Unseen),
            (older, Unknown, None, Stale),
            (undated, Unknown, None, Held),
        ] {
            let found = verdict(lock, life, starttime);
            assert_eq!(found, expected, "{lock} {life:?} {starttime:?}");
        }
    }
}
