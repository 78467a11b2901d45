//! `header-type`

use serde_json::{Map, Value as Json};

use crate::document::{Kind, Value};
use crate::openclaw::{CredentialSource, Feature};
use crate::portkey::headers::{self, METADATA};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Header, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-type",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config, Symptom::OpenClaw],
    summary: "a header value has the wrong type",
    why: "OpenClaw refuses the whole file if a header's value is a number, an object or `null`. \
          It must be a string, or, in a provider's headers since 2026.3.13, a SecretRef.",
    fix: "Put the value in quotes; write JSON, such as metadata, as a string.",
    bad: &[
        wired!(headers r#""x-portkey-request-timeout": «30000»"#),
        wired!(headers r#""x-portkey-metadata": «{ team: "backend", sprint: 12 }»"#),
        wired!(headers r#""x-team": «null»"#),
        wired!(headers r#""x-portkey-config": «{ source: "env" }»"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-config": «{ source: "env", provider: "default", id: "CONFIG" }» } }]"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-request-timeout": "30000""#),
        wired!(headers r#""x-portkey-cache-force-refresh": "true", "x-portkey-custom-host": "https://llm.example.com/v1""#),
        wired!(headers r#""x-portkey-config": { source: "env", provider: "default", id: "CONFIG" }"#),
        wired!(headers r#""x-portkey-request-timeout": "${TIMEOUT}", "x-sprint": "12""#),
    ],
    doubt: Doubt::UntilAnswered,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        match header.value.kind() {
            Kind::String => {}
            Kind::Object if is_secret_ref(header) => {
                let old = !facts.version.version().has(Feature::SecretRefs);
                let (message, help) = match header.model {
                    Some(_) => ("a model's headers must be strings", "write \"${NAME}\""),
                    None if old => (
                        "this OpenClaw version only accepts strings",
                        "write \"${NAME}\"",
                    ),
                    None => continue,
                };
                findings.at(&header.value, message, help);
            }
            _ => wrong_type(header, findings),
        }
    }
}

fn is_secret_ref(header: &Header<'_>) -> bool {
    matches!(
        CredentialSource::read(&header.value),
        CredentialSource::SecretRef { .. }
    ) && header.value.get("provider").is_some()
}

fn wrong_type(header: &Header<'_>, findings: &mut Findings) {
    findings.at(
        &header.value,
        "a header's value must be a string; OpenClaw refuses the file",
        "write it as a quoted string",
    );
    let text = match header.value.value() {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) if value.is_finite() => Some(value.to_string()),
        value if header.name == METADATA => metadata_text(&value),
        _ => None,
    };
    if let Some(text) = text {
        findings.fix_set(
            &header.value,
            true,
            "write it as a string",
            Value::String(text),
        );
    }
}

/// Metadata in the form Portkey accepts: a JSON object with string values, in ASCII. `None` if a
/// value is not a string, number or boolean.
pub(super) fn metadata_text(value: &Value) -> Option<String> {
    let Value::Object(members) = value else {
        return None;
    };
    let mut object = Map::new();
    for (key, value) in members {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) if value.is_finite() => value.to_string(),
            _ => return None,
        };
        object.insert(key.clone(), Json::String(text));
    }
    Some(headers::ascii(&Json::Object(object).to_string()))
}

/// A JSON object as a config value; nested objects and arrays become `null`.
pub(super) fn as_metadata(object: Map<String, Json>) -> Value {
    Value::Object(
        object
            .into_iter()
            .map(|(key, value)| {
                let value = match value {
                    Json::String(text) => Value::String(text),
                    Json::Bool(value) => Value::Bool(value),
                    Json::Number(number) => number.as_f64().map_or(Value::Null, Value::Number),
                    _ => Value::Null,
                };
                (key, value)
            })
            .collect(),
    )
}
