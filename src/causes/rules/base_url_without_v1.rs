//! `base-url-without-v1`

use crate::document::Value;
use crate::portkey::base_url::BaseUrlError;

use super::api_incompatible;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

/// The rule.
pub(super) static CAUSE: Cause = Cause {
    id: "base-url-without-v1",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Dashboard, Symptom::NotFound],
    summary: "the base URL does not end in `/v1`",
    why: "OpenClaw appends `/chat/completions` to the base URL as it is. Without `/v1` Portkey \
          answers 404, and with the full path of a call the path is doubled. Nothing \
          reaches the dashboard.",
    fix: "End the base URL in `/v1`: `https://api.portkey.ai/v1`.",
    bad: &[
        wired!(base_url r#"«"https://api.portkey.ai"»"#),
        wired!(base_url r#"«"https://api.portkey.ai/v1/chat/completions"»"#),
    ],
    good: &[
        wired!(base_url r#""https://api.portkey.ai/v1""#),
        // A variable: its value is not known here.
        wired!(base_url r#""${PORTKEY_BASE_URL}""#),
        wired!(base_url r#""https://api.portkey.ai/${PORTKEY_PATH}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let Some(view) = &provider.base_url else {
            continue;
        };
        let Some(Err(BaseUrlError::NoV1(want) | BaseUrlError::Call(want))) = &provider.url else {
            continue;
        };
        if !api_incompatible::speaks_openai(provider) {
            continue;
        }
        findings.at(
            view,
            "the base URL does not end in /v1, so Portkey answers 404 to every request",
            format!("write {want}"),
        );
        findings.fix_set(
            view,
            true,
            format!("write {want}"),
            Value::String(want.clone()),
        );
    }
}
