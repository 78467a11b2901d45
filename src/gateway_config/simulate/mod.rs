//! Runs a gateway config against answers that are given: which calls go out, when, and what comes
//! back. Nothing is sent, and chance comes from outside.
//!
//! The rules are those of Portkey's gateway: `machine` goes through the targets, `retry` calls one,
//! `query` chooses by conditions, `hooks` runs the checks.

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

pub use breaker::SHORTEST_COOLDOWN;
pub use chance::{Branch, Branches, Chance, Fixed, branches, shares};
pub use script::{Answer, Kind as AnswerKind, Script, Who};
pub use state::State;

/// The most calls that one request is followed for.
pub const MAX_CALLS: usize = 10_000;

/// What stays the same from request to request.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'c> {
    /// The config.
    pub config: &'c GatewayConfig,
    /// Which gateway runs it.
    pub gateway: Gateway,
    /// What the targets answer.
    pub script: &'c Script,
}

/// A chat request, as it reaches the gateway.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its body.
    pub body: Value,
    /// Its headers, their names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A streaming request such as OpenClaw sends.
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

    /// A header; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The model that is asked for.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.body.get("model")?.as_str()
    }
}

/// How one request went.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'c> {
    /// The calls in their order.
    pub calls: Vec<Call<'c>>,
    /// How it ended.
    pub end: End,
    /// Milliseconds until then.
    pub elapsed: u64,
}

/// One call to a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Call<'c> {
    /// The target that made it.
    pub target: TargetId,
    /// The slug, or the vendor.
    pub upstream: &'c str,
    /// The model that it named.
    pub model: Option<&'c Value>,
    /// A part of [`Call::model`], where a slug was cut off.
    pub model_text: Option<&'c str>,
    /// Milliseconds since the request.
    pub at: u64,
    /// What came back.
    pub answer: AnswerKind,
}

impl Call<'_> {
    /// The model, where it is a name.
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
    /// Never: the gateway has nobody to ask and does not say so.
    NoAnswer,
    /// After more than [`MAX_CALLS`] calls.
    TooManyCalls,
    /// This program cannot tell.
    Unknown(String),
}

/// What the gateway replied.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Whose reply it is: `x-portkey-last-used-option-index`.
    pub target: Option<TargetId>,
    /// `x-portkey-retry-attempt-count`; -1 when all were used up.
    pub retries: Option<i64>,
    /// `x-portkey-cache-status`
    pub cache: Option<&'static str>,
    /// What made it.
    pub cause: Cause,
    /// The gateway's own message.
    pub message: Option<String>,
    /// What was wrong with the config.
    pub errors: Vec<String>,
    /// Verdicts of the checks before the request, where the reply shows them.
    pub before: Vec<bool>,
    /// Verdicts of the checks after the answer.
    pub after: Vec<bool>,
    /// Whether it is a stream that breaks off.
    pub is_cut: bool,
}

/// What made a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The provider.
    Upstream,
    /// No answer in `request_timeout`.
    Timeout,
    /// The connection could not be made, or broke.
    Connection,
    /// A check denied it.
    Guardrail,
    /// The cache.
    Cache,
    /// The conditions.
    Router,
    /// The config was refused.
    Refused,
    /// The gateway failed; nothing else is tried.
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

    /// Whether the status is one of success.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        (200..=299).contains(&self.status)
    }
}

/// Whether JavaScript may accept a regular expression; where this is false, `$regex` never holds.
#[must_use]
pub fn is_valid_pattern(pattern: &str) -> bool {
    crate::pattern::is_valid(pattern)
}

/// Runs one request. What is kept between requests is in the state.
pub fn run<'c>(
    setup: &Setup<'c>,
    request: &'c Request,
    state: &mut State,
    chance: &mut dyn Chance,
) -> Outcome<'c> {
    machine::run(setup, request, state, chance)
}
