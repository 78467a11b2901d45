//! Simulates a gateway config with given responses: which calls are made, when, and what is
//! returned. Nothing is sent, and randomness comes from the caller.
//!
//! The rules are those of Portkey's gateway: `machine` routes through the targets, `retry` calls
//! one, `query` evaluates conditions, `hooks` runs the checks.

mod breaker;
mod call;
pub mod case;
mod chance;
mod hooks;
mod js;
mod machine;
mod query;
mod retry;
pub mod script;
mod state;

use crate::document::Value;

use super::Gateway;
use super::read::{GatewayConfig, TargetId};

pub use breaker::MIN_COOLDOWN;
pub use chance::{Branch, Branches, Chance, Fixed, branches, shares};
pub use script::{Answer, Kind as AnswerKind, Script, Who};
pub use state::State;

/// The maximum number of calls simulated for one request.
pub const MAX_CALLS: usize = 10_000;

/// What is the same for all requests.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'c> {
    /// The config.
    pub config: &'c GatewayConfig,
    /// The gateway to simulate.
    pub gateway: Gateway,
    /// The targets' responses.
    pub script: &'c Script,
}

/// A chat request as it reaches the gateway.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its body.
    pub body: Value,
    /// Its headers, with names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A streaming request like OpenClaw's.
    #[must_use]
    pub fn of_model(model: &str) -> Self {
        let message = Value::object([("role", "user"), ("content", "hi")]);
        Self {
            body: Value::Object(vec![
                ("model".to_owned(), model.into()),
                ("messages".to_owned(), Value::Array(vec![message])),
                ("stream".to_owned(), true.into()),
            ]),
            headers: Vec::new(),
        }
    }

    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The requested model.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.body.get("model")?.as_str()
    }
}

/// The outcome of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'c> {
    /// The calls, in order.
    pub calls: Vec<Call<'c>>,
    /// How it ended.
    pub end: End,
    /// The total time, in milliseconds.
    pub elapsed: u64,
}

/// One call to a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Call<'c> {
    /// The target that made the call.
    pub target: TargetId,
    /// The slug or vendor that was called.
    pub upstream: &'c str,
    /// The model that was sent.
    pub model: Option<&'c Value>,
    /// The part of [`Call::model`] that was sent, if a slug was stripped.
    pub model_text: Option<&'c str>,
    /// Milliseconds since the request started.
    pub at: u64,
    /// The response.
    pub answer: AnswerKind,
}

impl Call<'_> {
    /// The model, if it is a string.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model_text
            .or_else(|| self.model.and_then(Value::as_str))
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// With a reply.
    Reply(Reply),
    /// It never ends: the gateway has no target to call and doesn't say so.
    NoAnswer,
    /// After more than [`MAX_CALLS`] calls.
    TooManyCalls,
    /// Can't be simulated, with the reason.
    Unknown(String),
}

/// What the gateway replied.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The target that replied: `x-portkey-last-used-option-index`.
    pub target: Option<TargetId>,
    /// `x-portkey-retry-attempt-count`; -1 if all retries were used up.
    pub retries: Option<i64>,
    /// `x-portkey-cache-status`
    pub cache: Option<&'static str>,
    /// What caused it.
    pub cause: Cause,
    /// The gateway's own message.
    pub message: Option<String>,
    /// What is wrong with the config.
    pub errors: Vec<String>,
    /// The verdicts of the checks before the request, if the reply shows them.
    pub before: Vec<bool>,
    /// The verdicts of the checks after the response.
    pub after: Vec<bool>,
    /// Whether it is a stream that breaks off.
    pub is_cut: bool,
}

/// What caused a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The provider.
    Upstream,
    /// No response within `request_timeout`.
    Timeout,
    /// The connection failed or broke.
    Connection,
    /// A check denied it.
    Guardrail,
    /// The cache.
    Cache,
    /// The conditions.
    Router,
    /// The config was rejected.
    Refused,
    /// The gateway threw an exception; nothing else is tried.
    Exception,
}

impl Reply {
    fn own(status: u16, cause: Cause, message: impl Into<String>) -> Self {
        Self {
            status,
            target: None,
            retries: None,
            cache: None,
            cause,
            message: Some(message.into()),
            errors: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            is_cut: false,
        }
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        (200..=299).contains(&self.status)
    }
}

/// Whether JavaScript may accept a regular expression; if not, `$regex` never matches.
#[must_use]
pub fn is_valid_pattern(pattern: &str) -> bool {
    crate::pattern::is_valid(pattern)
}

/// Runs one request, updating the state kept between requests.
pub fn run<'c>(
    setup: &Setup<'c>,
    request: &'c Request,
    state: &mut State,
    chance: &mut dyn Chance,
) -> Outcome<'c> {
    machine::run(setup, request, state, chance)
}
