//! What OpenClaw does with the gateway's response: how often it resends the request, and whether it
//! then tries another model.

use crate::openclaw::{Feature, Version};

use super::Gateway;
use super::read::GatewayConfig;
use super::simulate::{
    Answer, AnswerKind, Branches, End, Outcome, Request, Script, Setup, Who, branches,
};

/// How a request reaches OpenClaw's model client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Through a running OpenClaw gateway.
    #[default]
    Gateway,
    /// `openclaw agent --local`
    Local,
}

/// What OpenClaw does after a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// How often it sends the request to this model, if known.
    pub tries: Option<u32>,
    /// Whether it then tries its next model, if known.
    pub falls_back: Option<bool>,
    /// The minimum and maximum total of its own delays, in seconds.
    pub seconds: Option<(u32, u32)>,
    /// Whether this was observed with this version and `Way`; otherwise it is what the nearest
    /// version did.
    pub is_seen: bool,
    /// What the user should know about it.
    pub note: &'static str,
}

impl Reaction {
    const NOTHING: Self = Self {
        tries: None,
        falls_back: None,
        seconds: None,
        is_seen: false,
        note: "",
    };
}

/// What OpenClaw does after an outcome; `None` if it was a success.
#[must_use]
pub fn reaction(version: Version, way: Way, outcome: &Outcome<'_>) -> Option<Reaction> {
    match &outcome.end {
        End::Reply(reply) if reply.is_cut => Some(Reaction {
            tries: Some(5),
            is_seen: version == Version::NEWEST && way == Way::Local,
            note: "reports `LLM request timed out`",
            ..Reaction::NOTHING
        }),
        End::Reply(reply) if reply.is_ok() => None,
        End::Reply(reply) => Some(after_status(version, way, reply.status)),
        End::NoAnswer => Some(Reaction {
            note: "waits until its own timeout",
            ..Reaction::NOTHING
        }),
        End::TooManyCalls | End::Unknown(_) => Some(Reaction::NOTHING),
    }
}

/// What OpenClaw does after an error status.
#[must_use]
pub fn after_status(version: Version, way: Way, status: u16) -> Reaction {
    let newest = version == Version::NEWEST;
    let seen = newest && way == Way::Local;
    match status {
        404 if !version.has(Feature::FallbackAfter404) => Reaction {
            tries: Some(1),
            falls_back: Some(false),
            is_seen: version == Version::new(2026, 3, 13),
            note: "prints it as the reply",
            ..Reaction::NOTHING
        },
        400 | 404 => Reaction {
            tries: Some(1),
            falls_back: Some(true),
            seconds: Some((0, 0)),
            is_seen: seen,
            note: "",
        },
        401 | 403 if version.has(Feature::RefusedKeyStopsProvider) => Reaction {
            tries: Some(1),
            falls_back: Some(false),
            seconds: Some((0, 0)),
            is_seen: true,
            note: "turns the provider off for a minute",
        },
        401 => Reaction {
            tries: Some(1),
            falls_back: Some(true),
            ..Reaction::NOTHING
        },
        403 => Reaction {
            tries: Some(1),
            ..Reaction::NOTHING
        },
        412 | 446 => after_denial(version, seen),
        429 => Reaction {
            tries: Some(10),
            falls_back: Some(true),
            seconds: Some((150, 150)),
            is_seen: seen,
            note: "",
        },
        500..=599 => after_failure(version, way, status),
        _ => Reaction::NOTHING,
    }
}

fn after_denial(version: Version, seen: bool) -> Reaction {
    if !version.has(Feature::DenialIsFailure) {
        return Reaction {
            falls_back: Some(false),
            note: "prints the refusal as the reply",
            ..Reaction::NOTHING
        };
    }
    if !version.has(Feature::RefusedKeyStopsProvider) {
        return Reaction {
            falls_back: Some(false),
            note: "stops",
            ..Reaction::NOTHING
        };
    }
    Reaction {
        tries: Some(4),
        falls_back: Some(true),
        seconds: Some((15, 15)),
        is_seen: seen,
        note: "",
    }
}

/// How often a 500 is sent through a running gateway, from each version on.
const THROUGH_GATEWAY: [(Version, u32); 3] = [
    (Version::new(2026, 9, 1), 4),
    (Version::new(2026, 5, 28), 3),
    (Version::new(2026, 1, 1), 12),
];

fn after_failure(version: Version, way: Way, status: u16) -> Reaction {
    let (tries, seconds, is_seen) = match way {
        Way::Local => {
            let tries = if status == 503 { 7 } else { 8 };
            let seen = version == Version::NEWEST && matches!(status, 500 | 503);
            (tries, Some((80, 90)), seen)
        }
        Way::Gateway => {
            let known = THROUGH_GATEWAY.iter().find(|(from, _)| *from <= version);
            (known.map_or(12, |(_, tries)| *tries), None, status == 500)
        }
    };
    Reaction {
        tries: Some(tries),
        falls_back: Some(true),
        seconds,
        is_seen,
        note: "",
    }
}

/// A way in which targets can fail.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// Its name for people.
    pub name: &'static str,
    kind: AnswerKind,
    retry_after: Option<&'static str>,
    is_cut: bool,
}

impl Failure {
    /// The response.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let mut answer = Answer::of(self.kind);
        answer.retry_after[2] = self.retry_after.map(str::to_owned);
        answer.is_cut = self.is_cut;
        answer
    }
}

const fn status(name: &'static str, status: u16) -> Failure {
    Failure {
        name,
        kind: AnswerKind::Status(status),
        retry_after: None,
        is_cut: false,
    }
}

/// The failures that an overview covers.
pub const FAILURES: &[Failure] = &[
    status("400 bad request", 400),
    status("401 wrong key", 401),
    status("403 forbidden", 403),
    status("404 no such model", 404),
    status("412 over budget", 412),
    status("429 rate limit", 429),
    Failure {
        retry_after: Some("20"),
        ..status("429, retry-after 20", 429)
    },
    status("446 denied", 446),
    status("500 error", 500),
    status("503 unavailable", 503),
    status("529 overloaded", 529),
    Failure {
        kind: AnswerKind::Closed,
        ..status("connection lost", 0)
    },
    Failure {
        kind: AnswerKind::Silence,
        ..status("no answer", 0)
    },
    Failure {
        is_cut: true,
        ..status("stream cut", 200)
    },
];

/// The maximum cost of one message if everything fails.
#[derive(Clone, Copy, Debug)]
pub struct Worst {
    /// The failure.
    pub failure: &'static Failure,
    /// The calls that the gateway makes for one request.
    pub calls: usize,
    /// The duration of one request, in milliseconds.
    pub elapsed: u64,
    /// How often OpenClaw sends the request.
    pub tries: u32,
}

impl Worst {
    /// The total number of calls for one message.
    #[must_use]
    pub fn total(&self) -> u64 {
        (self.calls as u64).saturating_mul(u64::from(self.tries))
    }
}

/// The maximum cost of one message to the first model.
#[must_use]
pub fn worst(config: &GatewayConfig, gateway: Gateway, version: Version, way: Way) -> Worst {
    let requests = [Request::of_model("@provider/model")];
    let mut worst: Option<Worst> = None;
    for failure in FAILURES {
        let script = Script::new().with(Who::Anyone, vec![failure.answer()]);
        let setup = Setup {
            config,
            gateway,
            script: &script,
        };
        let Branches { list, .. } = branches(&setup, &requests);
        for outcome in list.iter().flat_map(|branch| &branch.outcomes) {
            let tries = reaction(version, way, outcome).and_then(|it| it.tries);
            let found = Worst {
                failure,
                calls: outcome.calls.len(),
                elapsed: outcome.elapsed,
                tries: tries.unwrap_or(1),
            };
            if worst.is_none_or(|worst| worst.total() < found.total()) {
                worst = Some(found);
            }
        }
    }
    worst.unwrap_or(Worst {
        failure: &FAILURES[0],
        calls: 0,
        elapsed: 0,
        tries: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn version(month: u16, patch: u16) -> Version {
        Version::new(2026, month, patch)
    }

    #[test]
    fn tries_and_fallbacks_by_version() {
        for (of, way, status, tries, falls_back) in [
            (version(9, 6), Way::Local, 400, Some(1), Some(true)),
            (version(9, 6), Way::Local, 429, Some(10), Some(true)),
            (version(9, 6), Way::Local, 500, Some(8), Some(true)),
            (version(9, 6), Way::Local, 503, Some(7), Some(true)),
            (version(9, 6), Way::Gateway, 500, Some(4), Some(true)),
            (version(9, 1), Way::Gateway, 500, Some(4), Some(true)),
            (version(8, 2), Way::Gateway, 500, Some(3), Some(true)),
            (version(5, 28), Way::Gateway, 500, Some(3), Some(true)),
            (version(4, 15), Way::Gateway, 500, Some(12), Some(true)),
            (version(9, 6), Way::Local, 401, Some(1), Some(false)),
            (version(8, 1), Way::Local, 403, Some(1), Some(false)),
            (version(7, 35), Way::Local, 401, Some(1), Some(true)),
            (version(9, 6), Way::Local, 446, Some(4), Some(true)),
            (version(7, 1), Way::Local, 446, None, Some(false)),
            (version(2, 17), Way::Local, 446, None, Some(false)),
            (version(5, 28), Way::Local, 404, Some(1), Some(true)),
            (version(3, 13), Way::Local, 404, Some(1), Some(false)),
            (version(9, 6), Way::Local, 418, None, None),
        ] {
            let found = after_status(of, way, status);
            assert_eq!(
                (found.tries, found.falls_back),
                (tries, falls_back),
                "{of} {way:?} {status}"
            );
        }
        assert!(!after_status(version(6, 1), Way::Local, 429).is_seen);
        assert!(after_status(version(9, 6), Way::Local, 429).is_seen);
    }

    #[test]
    fn retries_multiply() {
        let of = |text: &str| {
            let config = GatewayConfig::parse(text).unwrap();
            let found = worst(&config, Gateway::Hosted, version(9, 6), Way::Local);
            (found.calls, found.tries, found.total())
        };
        let one = r#"{"override_params":{"model":"@a/m"}}"#;
        assert_eq!(of(one), (1, 10, 10));
        let retried = r#"{"override_params":{"model":"@a/m"},"retry":{"attempts":3}}"#;
        assert_eq!(of(retried), (4, 10, 40));
        let both = r#"{"strategy":{"mode":"fallback"},"retry":{"attempts":2},"targets":[
            {"override_params":{"model":"@a/m"}},
            {"strategy":{"mode":"loadbalance"},"targets":[
                {"override_params":{"model":"@b/m"}},
                {"override_params":{"model":"@c/m"},"retry":{"attempts":5}}]}]}"#;
        assert_eq!(of(both), (9, 10, 90));
    }
}
