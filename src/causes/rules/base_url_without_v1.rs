//! `base-url-without-v1`

use crate::document::Value;
use crate::portkey::base_url::BaseUrlError;

use super::api_incompatible;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "base-url-without-v1",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Dashboard, Symptom::NotFound],
    summary: "the base URL does not end in `/v1`",
    why: "OpenClaw appends `/chat/completions` to the base URL. Without `/v1`, Portkey answers \
          404; if the URL is already a full endpoint, the path is doubled. Nothing reaches the \
          dashboard.",
    fix: "End the base URL in `/v1`: `https://api.portkey.ai/v1`.",
    bad: &[
        wired!(base_url r#"«"https://api.portkey.ai"»"#),
        wired!(base_url r#"«"https://api.portkey.ai/v1/chat/completions"»"#),
        wired!(base_url r#"«"https://api.portkey.ai/v2"»"#),
        wired!(base_url r#"«"https://api.portkey.ai/v1/v1"»"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"https://api.portkey.ai"» }]"#),
    ],
    good: &[
        wired!(base_url r#""https://api.portkey.ai/v1""#),
        // The value of a variable isn't known here.
        wired!(base_url r#""${PORTKEY_BASE_URL}""#),
        wired!(base_url r#""https://api.portkey.ai/${PORTKEY_PATH}""#),
        // Another gateway may be mounted like this.
        wired!(base_url r#""http://127.0.0.1:8787/v1/v1""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        if !api_incompatible::uses_openai_format(provider) {
            continue;
        }
        for address in provider.addresses() {
            let view = &address.view;
            let (want, message) = match &address.url {
                Err(BaseUrlError::NoV1(want) | BaseUrlError::Call(want)) => (
                    want,
                    "the base URL does not end in /v1, so Portkey answers 404 to every request",
                ),
                Err(BaseUrlError::Doubled(want)) => (
                    want,
                    "the base URL has /v1 twice, so Portkey answers 404 to every request",
                ),
                _ => continue,
            };
            findings.at(view, message, format!("write {want}"));
            findings.fix_set(
                view,
                true,
                format!("write {want}"),
                Value::String(want.clone()),
            );
        }
    }
}
