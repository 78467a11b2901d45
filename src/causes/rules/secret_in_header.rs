//! `secret-in-header`

use crate::mask;
use crate::openclaw::{CredentialSource, has_variable};
use crate::portkey::headers::{self, Kind};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Header, InDoctor, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "secret-in-header",
    area: Area::Key,
    level: Level::Warning,
    symptoms: &[Symptom::Unauthorized],
    summary: "a header has a credential in plain text",
    why: "The config gets copied, committed and shared. A credential in a header is exposed just \
          like one in `apiKey`, and is easier to overlook. This includes keys in a gateway config \
          that is written out as JSON.",
    fix: "Put the credential in OpenClaw's `.env` and write `\"${NAME}\"`.",
    bad: &[
        wired!(headers r#""x-portkey-api-key": «"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"»"#),
        wired!(headers r#""x-portkey-aws-secret-access-key": «"wJalrXUtnFEMIK7MDENGbPxRfiCY"»"#),
        wired!(headers r#""x-api-token": «"abcd1234efgh5678"»"#),
        wired!(headers r#""x-functions-key": «"abcd1234efgh5678"»"#),
        wired!(headers r#""x-portkey-vertex-service-account-json": «"{\"private_key\":\"x\"}"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-api-key": "${PORTKEY_API_KEY}""#),
        wired!(headers r#""x-portkey-aws-secret-access-key": "${AWS_SECRET_ACCESS_KEY}""#),
        wired!(headers r#""x-portkey-metadata": "{\"team\":\"backend\"}""#),
        wired!(headers r#""x-portkey-vertex-region": "us-east5", "x-portkey-vertex-project-id": "team-1234""#),
        wired!(headers r#""x-portkey-azure-deployment-id": "gpt-5-prod", "x-portkey-azure-api-version": "2025-01-01""#),
        wired!(headers r#""x-portkey-openai-organization": "org-abcd1234efgh5678", "x-portkey-aws-region": "eu-west-1""#),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        if holds_secret(header) {
            findings.at(
                &header.value,
                format!(
                    "{} has a credential in plain text",
                    crate::portkey::printable(&header.written, 60)
                ),
                "put it in OpenClaw's .env and write \"${NAME}\" here",
            );
        }
    }
}

fn holds_secret(header: &Header<'_>) -> bool {
    let Some(text) = header.value.text() else {
        return false;
    };
    if header.name == headers::CONFIG {
        return serde_json::from_str(&text).is_ok_and(|config| has_key(&config));
    }
    let known = headers::known(&header.name);
    let secret = match known {
        // Region, project, deployment and version are settings, not credentials.
        Some(known) if known.name.ends_with('-') => {
            mask::names_secret(&header.name) || header.name.ends_with("service-account-json")
        }
        Some(known) => known.secret || matches!(known.kind, Kind::Key | Kind::Bearer),
        None => mask::header_names_secret(&header.name),
    };
    if header.unexpanded().is_some() {
        return false;
    }
    let bare = text.trim();
    let bare = bare.strip_prefix("Bearer ").unwrap_or(bare);
    secret && CredentialSource::of_text(bare) == CredentialSource::Literal && !has_variable(bare)
}

/// Whether a gateway config contains a provider's key.
fn has_key(config: &serde_json::Value) -> bool {
    match config {
        serde_json::Value::Object(members) => members.iter().any(|(key, value)| match value {
            serde_json::Value::String(text) => {
                mask::names_secret(key)
                    && CredentialSource::of_text(text) == CredentialSource::Literal
                    && !has_variable(text)
            }
            other => has_key(other),
        }),
        serde_json::Value::Array(items) => items.iter().any(has_key),
        _ => false,
    }
}
