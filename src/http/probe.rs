//! One tiny request the way OpenClaw sends it: does it arrive, and if not, who says no.

use std::time::Duration;

use crate::portkey::refusal::Refusal;

use super::{HttpError, Portkey};

/// Which of OpenAI's formats a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `POST /chat/completions`
    Completions,
    /// `POST /responses`
    Responses,
}

/// What came of a probe.
#[derive(Debug)]
pub struct Probe {
    /// Whether an answer came.
    pub outcome: Outcome,
    /// From sending to the first token, or to the end where none came.
    pub latency: Duration,
    /// What Portkey's response headers say; empty where they did not come.
    pub route: Route,
    /// The trace id that was sent, in `traceparent`; Portkey's own is [`Route::trace_id`].
    pub trace_id: String,
    /// Bytes of the body that was sent.
    pub sent: usize,
}

/// Whether an answer came.
#[derive(Debug)]
pub enum Outcome {
    /// The model answered.
    Arrived {
        /// The model as the answer names it.
        served_model: Option<String>,
        /// Whether a guardrail failed and let the answer through (status 246).
        guardrail_warned: bool,
    },
    /// Portkey or a provider said no.
    Refused(Refusal),
    /// No answer that counts.
    Failed(HttpError),
}

/// What Portkey's response headers say about the way that a request took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The vendor that served it, such as `openai`.
    pub provider: Option<String>,
    /// Retries that Portkey made; `-1` where all were used up.
    pub retries: Option<i32>,
    /// The target of the config that served it, such as `config.targets[1]`.
    pub target: Option<String>,
    /// `HIT`, `MISS` and the like.
    pub cache: Option<String>,
    /// Where the dashboard shows it.
    pub trace_id: Option<String>,
}

impl Route {
    /// The index of the target; not 0 means that a fallback or another branch served it.
    #[must_use]
    pub fn target_index(&self) -> Option<usize> {
        let target = self.target.as_deref()?;
        let (_, index) = target.rsplit_once('[')?;
        index.strip_suffix(']')?.parse().ok()
    }
}

/// A self-hosted gateway's health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayHealth {
    /// The gateway's version, where it tells.
    pub version: Option<String>,
}

/// Whether Portkey counted a request.
#[derive(Debug)]
pub enum Counted {
    /// So many requests have the trace id.
    Yes(u64),
    /// None has, yet.
    No,
    /// The key may not ask, or the gateway does not know the question.
    Unknown(HttpError),
}

impl Portkey {
    /// Sends one tiny streaming request and waits for the first token.
    ///
    /// It costs a few tokens. `headers` are those that the config sets.
    pub fn probe(&self, model: &str, headers: &[(String, String)], api: Api) -> Probe {
        let _ = (model, headers, api);
        Probe {
            outcome: Outcome::Failed(self.timeout()),
            latency: Duration::ZERO,
            route: Route::default(),
            trace_id: String::new(),
            sent: 0,
        }
    }

    /// Asks a self-hosted gateway how it is, without the key: `GET /health`.
    ///
    /// # Errors
    /// Where nothing or a refusal came back; the hosted gateway has no such path.
    pub fn health(&self) -> Result<GatewayHealth, HttpError> {
        Err(self.timeout())
    }

    /// Whether Portkey counted a request with this trace id: `GET /analytics/graphs/requests`.
    /// Needs the scope `analytics.view`.
    pub fn arrived(&self, trace_id: &str) -> Counted {
        let _ = trace_id;
        Counted::Unknown(self.timeout())
    }
}
