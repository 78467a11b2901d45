//! Parses a model's answer, whole or as a stream of events, up to its first token.

use serde_json::Value;

use super::Api;

/// The answer as parsed so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The model according to the answer.
    pub(super) model: Option<String>,
    /// Whether it contains a token, or ended before one could come: OpenClaw treats an answer that
    /// just ends as a failure.
    pub(super) has_arrived: bool,
    /// Whether it ended properly, rather than breaking off in a stream.
    pub(super) is_complete: bool,
    /// The error that a stream started or ended with, as JSON.
    pub(super) error: Option<Vec<u8>>,
}

impl Answer {
    /// Whether nothing more needs to be read.
    pub(super) fn is_decided(&self) -> bool {
        self.is_complete || self.error.is_some()
    }

    /// Processes the complete lines at the start of `bytes` and returns their length.
    pub(super) fn take_lines(&mut self, bytes: &[u8], api: Api) -> usize {
        let mut taken = 0;
        while let Some(length) = bytes[taken..].iter().position(|byte| *byte == b'\n') {
            let line = &bytes[taken..taken + length];
            taken += length + 1;
            if let Some(data) = line.strip_prefix(b"data:") {
                self.take(data.trim_ascii(), api);
            }
            if self.is_decided() {
                break;
            }
        }
        taken
    }

    /// Processes one event of a stream, or an answer that isn't streamed.
    pub(super) fn take(&mut self, json: &[u8], api: Api) {
        if json == b"[DONE]" {
            self.is_complete = true;
            return;
        }
        let Ok(value) = serde_json::from_slice::<Value>(json) else {
            return;
        };
        let failed = matches!(value["type"].as_str(), Some("error" | "response.failed"));
        let is_error = |error: Option<&Value>| error.is_some_and(|error| !error.is_null());
        if failed || is_error(value.get("error")) || is_error(value.pointer("/response/error")) {
            // An event of the Responses API has its error one level down.
            let error = value.get("response").unwrap_or(&value);
            self.error = Some(error.to_string().into_bytes());
            return;
        }
        let model = value.get("model").or(value.pointer("/response/model"));
        if let Some(model) = model.and_then(Value::as_str).filter(|m| !m.is_empty()) {
            self.model = Some(model.to_owned());
        }
        let (has_arrived, is_complete) = match api {
            Api::Completions => (has_choice(&value), has_finished(&value)),
            Api::Responses => (has_output(&value), is_whole(&value)),
        };
        self.has_arrived |= has_arrived;
        self.is_complete |= is_complete;
    }
}

/// Whether a choice contains something, or ended at a limit: a reasoning model may use up all of
/// it.
fn has_choice(value: &Value) -> bool {
    let Some(choices) = value["choices"].as_array() else {
        return false;
    };
    choices.iter().any(|choice| {
        let said = choice.get("delta").or(choice.get("message"));
        let has_token = said.and_then(Value::as_object).is_some_and(|said| {
            said.iter()
                .any(|(name, value)| name != "role" && is_something(value))
        });
        let reason = choice["finish_reason"].as_str();
        has_token || reason.is_some_and(|reason| !matches!(reason, "stop" | "end_turn"))
    })
}

/// Whether a choice has finished, or isn't streamed.
fn has_finished(value: &Value) -> bool {
    let choices = value["choices"].as_array();
    choices
        .into_iter()
        .flatten()
        .any(|choice| choice["finish_reason"].is_string() || choice.get("message").is_some())
}

/// The same for the Responses API.
fn is_whole(value: &Value) -> bool {
    match value["type"].as_str() {
        Some(kind) => matches!(kind, "response.completed" | "response.incomplete"),
        None => value["object"] == "response" && value["output"].is_array(),
    }
}

fn has_output(value: &Value) -> bool {
    match value["type"].as_str() {
        Some("response.completed") => is_something(&value["response"]["output"]),
        Some(kind) => matches!(kind.rsplit('.').next(), Some("delta" | "incomplete")),
        None => value["object"] == "response" && is_something(&value["output"]),
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Api};

    fn answer(text: &str, api: Api) -> Answer {
        let mut answer = Answer::default();
        let taken = answer.take_lines(text.as_bytes(), api);
        assert!(taken <= text.len());
        answer
    }

    #[test]
    fn detects_the_first_token_and_the_end() {
        let role = r#"{"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#;
        let start = answer(&format!(": ping\n\ndata: {role}\n\n"), Api::Completions);
        assert_eq!(
            (start.model.as_deref(), start.has_arrived),
            (Some("m"), false)
        );
        for delta in [
            r#"{"delta":{"content":"O"},"finish_reason":null}"#,
            r#"{"delta":{"reasoning_content":"Hm"}}"#,
            r#"{"delta":{"tool_calls":[{"index":0}]}}"#,
            r#"{"delta":{},"finish_reason":"length"}"#,
            r#"{"message":{"content":"OK"}}"#,
        ] {
            let found = answer(
                &format!("data:{{\"choices\":[{delta}]}}\r\n"),
                Api::Completions,
            );
            assert!(found.has_arrived, "{delta}");
        }
        let done = answer("data: [DONE]\n", Api::Completions);
        assert!(done.is_complete && !done.has_arrived);
        for text in ["data: {\"choices\":[]}\n", "data: {\"choices\"", "x\n"] {
            assert_eq!(answer(text, Api::Completions), Answer::default(), "{text}");
        }
    }

    #[test]
    fn parses_responses_api_events() {
        let text = concat!(
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"m\",\"error\":null,\"output\":[]}}\n\n",
            "event: x\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"O\"}\n\n",
        );
        let found = answer(text, Api::Responses);
        assert_eq!(
            (found.model.as_deref(), found.has_arrived),
            (Some("m"), true)
        );
        assert!(!found.is_complete);
        let completed = answer("data: {\"type\":\"response.completed\"}\n", Api::Responses);
        assert!(completed.is_complete);
        let failed = answer(
            "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}\n",
            Api::Responses,
        );
        assert!(failed.error.unwrap().starts_with(b"{\"error\":{"));
    }

    #[test]
    fn detects_errors_in_a_stream() {
        let found = answer(
            "data: {\"error\":{\"message\":\"no\"}}\ndata: x\n",
            Api::Completions,
        );
        assert!(!found.has_arrived);
        assert_eq!(found.error.unwrap(), br#"{"error":{"message":"no"}}"#);
    }
}
