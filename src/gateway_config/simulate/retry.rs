//! One target's calls: the first and its retries.

use crate::gateway_config::Gateway;
use crate::gateway_config::read::{Retry, lists};

use super::js;
use super::script::{Answer, Kind};

/// The default statuses to retry.
pub(super) const RETRY_CODES: [u16; 5] = [429, 500, 502, 503, 504];

/// A longer `retry-after`, single or in total, ends the retries; in milliseconds.
const MAX_WAIT: i64 = 60_000;

/// A longer timer fires immediately; in milliseconds.
pub(super) const MAX_TIMER: u64 = i32::MAX as u64;

/// The timeout without a `request_timeout`, in milliseconds: that of Node's fetch.
pub(super) const SILENCE_MS: u64 = 300_000;

/// The retry settings of a target.
pub(super) struct Settings<'c> {
    pub(super) attempts: f64,
    codes: Option<&'c Retry>,
    follows_header: bool,
}

impl<'c> Settings<'c> {
    pub(super) fn of(retry: Option<&'c Retry>) -> Self {
        let attempts = retry.and_then(|retry| retry.attempts.as_ref());
        let attempts = attempts.map_or(0.0, |it| it.value);
        Self {
            attempts,
            codes: retry.filter(|_| attempts != 0.0),
            follows_header: retry
                .and_then(|retry| retry.use_retry_after_header.as_ref())
                .is_some_and(|it| it.value),
        }
    }

    pub(super) fn retries(&self, status: u16) -> bool {
        match self.codes {
            None => false,
            Some(retry) => match &retry.on_status_codes {
                Some(codes) => lists(codes, status),
                None => RETRY_CODES.contains(&status),
            },
        }
    }
}

/// The result of one call.
#[derive(Clone, Debug)]
pub(super) struct Got {
    /// The status; `None` for a broken connection.
    pub(super) status: Option<u16>,
    /// Whether the connection was never established.
    pub(super) unreachable: bool,
    /// Whether it is the gateway's own 408.
    pub(super) timed_out: bool,
    /// The duration, in milliseconds.
    pub(super) took: u64,
    /// The response.
    pub(super) answer: Answer,
}

/// Simulates one call with a timeout.
pub(super) fn call(answer: Answer, timeout: Option<u64>) -> Got {
    let ready = match answer.kind {
        Kind::Silence => u64::MAX,
        _ => answer.delay,
    };
    let limit = timeout.unwrap_or(u64::MAX).min(SILENCE_MS);
    if ready >= limit {
        let timed_out = timeout.is_some_and(|timeout| timeout <= SILENCE_MS);
        return Got {
            status: timed_out.then_some(408),
            unreachable: false,
            timed_out,
            took: limit,
            answer,
        };
    }
    Got {
        status: match answer.kind {
            Kind::Status(status) => Some(status),
            _ => None,
        },
        unreachable: answer.kind == Kind::Unreachable,
        timed_out: false,
        took: ready,
        answer,
    }
}

/// What to do after a call.
pub(super) enum Next {
    /// Call again after this many milliseconds.
    Again(u64),
    /// This response is final, after this many milliseconds.
    Done(u64),
    /// Retries ended because of the header; the failure at this index is the response.
    Skipped(usize),
}

/// How a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    Status(u16),
    Connection,
    /// A 429 without the header that the config uses: the gateway throws when it reads it, and the
    /// status is lost.
    NoHeader,
}

/// The delays between a target's calls.
pub(super) struct Waits {
    gateway: Gateway,
    /// Retries so far.
    pub(super) used: u64,
    left: i64,
    /// Whether a header has ended the exponential backoff.
    flat: bool,
    /// The failures so far.
    failures: Vec<Failure>,
}

impl Waits {
    pub(super) fn new(gateway: Gateway) -> Self {
        Self {
            gateway,
            used: 0,
            left: MAX_WAIT,
            flat: false,
            failures: Vec::new(),
        }
    }

    /// What to do after a call.
    pub(super) fn after(&mut self, got: &mut Got, settings: &Settings<'_>) -> Next {
        let failed = got.status.is_none_or(|status| settings.retries(status));
        if !failed {
            return Next::Done(0);
        }
        let follows = got.status == Some(429) && settings.follows_header;
        let failure = match got.status {
            Some(_) if follows && header(&got.answer).is_none() => {
                got.status = None;
                Failure::NoHeader
            }
            Some(status) => Failure::Status(status),
            None => Failure::Connection,
        };
        self.failures.push(failure);
        let mut wait = 0;
        if follows && let Some(asked) = asked_for(&got.answer) {
            let too_long = match self.gateway {
                Gateway::OpenSource => asked >= MAX_WAIT,
                Gateway::Hosted => asked > MAX_WAIT,
            };
            if too_long || asked > self.left {
                return if self.is_last(settings) {
                    Next::Skipped(self.failures.len() - 1)
                } else {
                    Next::Skipped(self.main_failure())
                };
            }
            self.left = self.left.saturating_sub(asked);
            self.flat = true;
            wait = u64::try_from(asked).unwrap_or_default();
        }
        if self.is_last(settings) {
            return Next::Done(wait);
        }
        let backoff = if self.flat { 0 } else { backoff(self.used) };
        self.used += 1;
        Next::Again(wait + backoff)
    }

    fn is_last(&self, settings: &Settings<'_>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "calls are counted, and bounded")]
        let used = self.used as f64;
        used >= settings.attempts
    }

    /// The failure returned when the retries are given up: the most frequent one, and the latest of
    /// those.
    fn main_failure(&self) -> usize {
        let mut main = (0, 0);
        for (at, failure) in self.failures.iter().enumerate() {
            let upto = &self.failures[..=at];
            let count = upto.iter().filter(|it| *it == failure).count();
            if count >= main.1 {
                main = (at, count);
            }
        }
        main.0
    }

    /// The status of a failure; `None` if it has none.
    pub(super) fn failure(&self, at: usize) -> Option<u16> {
        match self.failures.get(at)? {
            Failure::Status(status) => Some(*status),
            Failure::Connection | Failure::NoHeader => None,
        }
    }
}

/// 1, 2, 4, 8 … seconds, in milliseconds.
fn backoff(used: u64) -> u64 {
    let wait = u32::try_from(used)
        .ok()
        .and_then(|used| 2_u64.checked_pow(used))
        .and_then(|factor| factor.checked_mul(1000));
    match wait {
        Some(wait) if wait <= MAX_TIMER => wait,
        _ => 1,
    }
}

/// The first header that says how long to wait, with its index.
fn header(answer: &Answer) -> Option<(usize, &str)> {
    let mut headers = answer.retry_after.iter().enumerate();
    headers.find_map(|(which, text)| {
        let text = text.as_deref().filter(|text| !text.is_empty())?;
        Some((which, text))
    })
}

/// The delay that a response asks for, in milliseconds. Dates aren't supported.
fn asked_for(answer: &Answer) -> Option<i64> {
    let (which, text) = header(answer)?;
    let unit = if which == 2 { 1000 } else { 1 };
    js::parse_int(text)
        .map(|number| number.saturating_mul(unit))
        .filter(|number| *number != 0)
}
