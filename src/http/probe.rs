//! Sends one tiny request the way OpenClaw does: does it arrive, and if not, who refuses it?

#![expect(
    clippy::disallowed_methods,
    reason = "Portkey's analytics need a time range"
)]

mod answer;

use std::io::{self, Read};
use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use reqwest::blocking::Response;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::causes::Transport;
use crate::mask::{header_names_secret, mask_known};
use crate::portkey::headers::{API_KEY, PROVIDER, TRACE_ID};
use crate::portkey::printable;
use crate::portkey::refusal::{Refusal, Reply, classify};
use crate::random;
use crate::secret::Secret;
use crate::timestamp;

use super::diagnosis::is_timeout;
use super::{HttpError, LAST_USED_TARGET, Portkey, reached_target, sensitive};
use answer::Answer;

/// The prompt.
const PROMPT: &str = "Reply with the word OK.";
/// The maximum number of tokens to request.
const TOKEN_LIMIT: u32 = 16;
/// The maximum size of an answer without any token, in bytes.
const ANSWER_LIMIT: usize = 1024 * 1024;
/// The maximum length of a server's text, in characters.
const TEXT_LIMIT: usize = 120;
/// How far the clocks of this machine and Portkey may differ.
const HOUR: Duration = Duration::from_secs(3600);
/// The status of an answer that failed a guardrail but was let through.
const GUARDRAIL_WARNED: u16 = 246;

/// The API format of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `POST /chat/completions`
    Completions,
    /// `POST /responses`
    Responses,
}

/// The result of a probe.
#[derive(Debug)]
pub struct Probe {
    /// Whether an answer arrived.
    pub outcome: Outcome,
    /// The time from sending to the first token, or to the end without one.
    pub latency: Duration,
    /// Portkey's response headers; empty if there were none.
    pub route: Route,
    /// The trace id that was sent, in `traceparent`; Portkey's own is [`Route::trace_id`].
    pub trace_id: String,
    /// The size of the request body, in bytes.
    pub sent: usize,
}

/// Whether an answer arrived.
#[derive(Debug)]
pub enum Outcome {
    /// The model answered.
    Arrived {
        /// The model according to the answer.
        served_model: Option<String>,
        /// Whether a guardrail failed but let the answer through (status 246).
        guardrail_warned: bool,
    },
    /// Portkey or a provider refused the request.
    Refused(Refusal),
    /// No usable answer.
    Failed(HttpError),
}

/// How a request was routed, according to Portkey's response headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The vendor that served it, such as `openai`.
    pub provider: Option<String>,
    /// Portkey's retries; `-1` if all were used up.
    pub retries: Option<i32>,
    /// The target of the config that served it, such as `config.targets[1]`.
    pub target: Option<String>,
    /// `HIT`, `MISS` and the like.
    pub cache: Option<String>,
    /// The trace id in the dashboard.
    pub trace_id: Option<String>,
}

impl Route {
    /// The index of the target; anything but 0 means that a fallback or another branch served it.
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
    /// The gateway's version, if reported.
    pub version: Option<String>,
}

/// Whether Portkey counted a request.
#[derive(Debug)]
pub enum Counted {
    /// The number of requests with the trace id.
    Yes(u64),
    /// None so far.
    No,
    /// The key isn't allowed to ask, or the gateway doesn't support it.
    Unknown(HttpError),
}

impl Portkey {
    /// Sends one tiny streaming request like OpenClaw's and reads the answer to its end: OpenClaw
    /// rejects one that breaks off after its first token.
    ///
    /// It costs a few tokens. `headers` are those from the config; as in OpenClaw, an
    /// `Authorization` among them replaces the key.
    #[must_use]
    pub fn probe(&self, model: &str, headers: &[(String, String)], api: Api) -> Probe {
        let trace_id = random::id::<16>();
        let body = api.body(model);
        let mut probe = Probe {
            outcome: Outcome::Failed(self.timeout()),
            latency: Duration::ZERO,
            route: Route::default(),
            sent: body.len(),
            trace_id,
        };
        let start = Instant::now();
        let sent = self
            .probe_headers(headers, &probe.trace_id)
            .and_then(|headers| {
                let url = self.url(api.call())?;
                self.send(&Method::POST, url, &headers, Some(&body))
            });
        let mut first_token = None;
        let outcome = sent.and_then(|response| {
            probe.route = Route::of(response.headers());
            self.answer(response, api, &mut first_token)
        });
        probe.latency = first_token.unwrap_or_else(Instant::now) - start;
        probe.outcome = match outcome {
            Ok(outcome) => outcome,
            Err(HttpError::Refused(refusal)) => Outcome::Refused(masked(refusal, headers)),
            Err(error) => Outcome::Failed(error),
        };
        probe
    }

    fn probe_headers(
        &self,
        headers: &[(String, String)],
        trace_id: &str,
    ) -> Result<HeaderMap, HttpError> {
        let extra: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()))
            .collect();
        let mut map = self.headers(&extra)?;
        let own = extra
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION.as_str()));
        if let Some(value) = own.and_then(|(_, value)| sensitive(value)) {
            map.insert(AUTHORIZATION, value);
        }
        map.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let trace = format!("00-{trace_id}-{}-01", random::id::<8>());
        if let Ok(trace) = HeaderValue::from_str(&trace) {
            map.entry("traceparent").or_insert(trace);
        }
        Ok(map)
    }

    /// Reads the answer, recording when its first token arrived.
    fn answer(
        &self,
        mut response: Response,
        api: Api,
        first_token: &mut Option<Instant>,
    ) -> Result<Outcome, HttpError> {
        let status = response.status();
        if !status.is_success() {
            return Err(self.refused(response));
        }
        let reached_target = reached_target(response.headers());
        let mut answer = Answer::default();
        let mut bytes = Vec::new();
        let mut read = 0;
        let mut chunk = [0; 16 * 1024];
        while !answer.is_decided() {
            let size = match response.read(&mut chunk) {
                Ok(0) => break,
                Ok(size) => size,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if is_timeout(&error) => return Err(self.timeout()),
                Err(_) => return Err(self.failure(Transport::Cut, String::new())),
            };
            read += size;
            if read > ANSWER_LIMIT {
                return Err(HttpError::TooLarge { host: self.host() });
            }
            bytes.extend_from_slice(&chunk[..size]);
            // An answer that isn't streamed may have its first line break anywhere.
            let first = bytes.trim_ascii_start().first();
            if first.is_some_and(|first| !b"{[<".contains(first)) {
                let taken = answer.take_lines(&bytes, api);
                bytes.drain(..taken);
            }
            if answer.has_arrived && first_token.is_none() {
                *first_token = Some(Instant::now());
            }
        }
        if !answer.is_decided() {
            answer.take(bytes.strip_prefix(b"data:").unwrap_or(&bytes), api);
        }
        if let Some(error) = &answer.error {
            let reply = Reply {
                status: status.as_u16(),
                reached_target,
                body: error,
            };
            return Err(HttpError::Refused(classify(reply, Some(&self.key))));
        }
        match (answer.has_arrived, answer.is_complete, &answer.model) {
            (true, true, _) => {}
            (true, false, _) | (false, false, Some(_)) => {
                return Err(self.failure(Transport::Cut, String::new()));
            }
            (false, true, _) => return Err(self.failure(Transport::Empty, String::new())),
            (false, false, None) if read == 0 => {
                return Err(self.failure(Transport::Empty, String::new()));
            }
            (false, false, None) => return Err(self.not_json(&bytes)),
        }
        Ok(Outcome::Arrived {
            served_model: answer.model.map(|model| printable(&model, TEXT_LIMIT)),
            guardrail_warned: status.as_u16() == GUARDRAIL_WARNED,
        })
    }

    /// Requests a self-hosted gateway's health, without the key: `GET /health`.
    ///
    /// # Errors
    /// No response, an unexpected one, or a refusal. The open-source gateway has no such path.
    pub fn health(&self) -> Result<GatewayHealth, HttpError> {
        let url = self.url("health")?;
        let response = self.send(&Method::GET, url, &HeaderMap::new(), None)?;
        let body = self.read(response)?;
        let health: Value = serde_json::from_slice(&body).map_err(|_| self.not_json(&body))?;
        if health["status"] != "success" {
            return Err(self.not_json(&body));
        }
        Ok(GatewayHealth {
            version: health["version"]
                .as_str()
                .map(|version| printable(version, TEXT_LIMIT)),
        })
    }

    /// Whether Portkey counted a request with this trace id in the last hour: `GET
    /// /analytics/graphs/requests`. Needs the scope `analytics.view`; the count may lag some
    /// seconds behind the answer.
    #[must_use]
    pub fn arrived(&self, trace_id: &str) -> Counted {
        self.counted("analytics/graphs/requests", "total", trace_id)
    }

    /// Whether Portkey counted a request with this trace id in the last hour as rescued by a
    /// fallback: `GET /analytics/graphs/requests/rescued`, according to its documentation.
    #[must_use]
    pub fn rescued(&self, trace_id: &str) -> Counted {
        self.counted("analytics/graphs/requests/rescued", "fallback", trace_id)
    }

    fn counted(&self, graph: &str, field: &str, trace_id: &str) -> Counted {
        match self.count(graph, field, trace_id) {
            Ok(0) => Counted::No,
            Ok(count) => Counted::Yes(count),
            Err(error) => Counted::Unknown(error),
        }
    }

    fn count(&self, graph: &str, field: &str, trace_id: &str) -> Result<u64, HttpError> {
        let now = SystemTime::now();
        let mut url = self.url(graph)?;
        url.query_pairs_mut()
            .append_pair("trace_id", trace_id)
            .append_pair("time_of_generation_min", &timestamp::seconds(now - HOUR))
            .append_pair("time_of_generation_max", &timestamp::seconds(now + HOUR));
        let mut headers = self.headers(&[])?;
        if let Some(key) = sensitive(self.key.expose()) {
            headers.insert(API_KEY, key);
        }
        let response = self.send(&Method::GET, url, &headers, None)?;
        let body = self.read(response)?;
        serde_json::from_slice(&body)
            .ok()
            .and_then(|graph: Value| total(&graph, field))
            .ok_or_else(|| self.not_json(&body))
    }
}

/// The total of a graph's field: as reported, else the sum of its points.
fn total(graph: &Value, field: &str) -> Option<u64> {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let said = graph.get("summary").and_then(|all| number(all.get(field)?));
    said.or_else(|| {
        let points = graph.get("data_points")?.as_array()?;
        Some(
            points
                .iter()
                .filter_map(|point| number(&point[field]))
                .sum(),
        )
    })
}

/// The refusal, with secrets from the request's own headers masked.
fn masked(mut refusal: Refusal, headers: &[(String, String)]) -> Refusal {
    let secrets: Vec<Secret> = headers
        .iter()
        .filter(|(name, _)| header_names_secret(name))
        .map(|(_, value)| value.strip_prefix("Bearer ").unwrap_or(value).trim())
        .filter(|value| !value.is_empty())
        .map(Secret::new)
        .collect();
    refusal.message = mask_known(&refusal.message, &secrets);
    refusal
}

impl Api {
    fn call(self) -> &'static str {
        match self {
            Self::Completions => "chat/completions",
            Self::Responses => "responses",
        }
    }

    /// The smallest body that all kinds of model accept: some reasoning models and the Responses
    /// API need a limit of at least 16.
    fn body(self, model: &str) -> Vec<u8> {
        let body = match self {
            Self::Completions => json!({
                "model": model,
                "messages": [{"role": "user", "content": PROMPT}],
                "stream": true,
                "max_completion_tokens": TOKEN_LIMIT,
            }),
            Self::Responses => json!({
                "model": model,
                "input": [{"role": "user", "content": PROMPT}],
                "stream": true,
                "max_output_tokens": TOKEN_LIMIT,
            }),
        };
        body.to_string().into_bytes()
    }
}

impl Route {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| {
            let text = headers.get(name)?.to_str().ok()?.trim();
            (!text.is_empty()).then(|| printable(text, TEXT_LIMIT))
        };
        Self {
            provider: text(PROVIDER),
            retries: text("x-portkey-retry-attempt-count").and_then(|count| count.parse().ok()),
            target: text(LAST_USED_TARGET),
            cache: text("x-portkey-cache-status"),
            trace_id: text(TRACE_ID),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, total};
    use serde_json::json;

    #[test]
    fn reads_the_total_of_a_graph() {
        let total = |graph: &serde_json::Value| total(graph, "total");
        assert_eq!(total(&json!({"summary": {"total": 2}})), Some(2));
        assert_eq!(total(&json!({"summary": {"total": "3"}})), Some(3));
        let points = json!({"data_points": [{"total": 1}, {"total": "1"}, {"timestamp": "x"}]});
        assert_eq!(total(&points), Some(2));
        assert_eq!(total(&json!({"success": true})), None);
        let rescued = json!({"summary": {"retry": 1, "fallback": 2}, "data_points": []});
        assert_eq!(super::total(&rescued, "fallback"), Some(2));
    }

    #[test]
    fn parses_the_target_index() {
        let route = |target: &str| Route {
            target: Some(target.to_owned()),
            ..Route::default()
        };
        assert_eq!(route("config.targets[1]").target_index(), Some(1));
        assert_eq!(
            route("config.targets[0].targets[2]").target_index(),
            Some(2)
        );
        assert_eq!(route("config").target_index(), None);
        assert_eq!(Route::default().target_index(), None);
    }
}
