//! `authorization-header-overrides-key`

use crate::portkey::headers::{API_KEY, AUTHORIZATION};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "authorization-header-overrides-key",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config, Symptom::Unauthorized],
    summary: "an `Authorization` header overrides the API key",
    why: "OpenClaw sends `apiKey` as `Authorization: Bearer …`. An `Authorization` header in the \
          config replaces it, so the key in `apiKey` is never sent. If `x-portkey-api-key` is \
          also set, Portkey uses `Authorization` as the provider's own key, and this is not \
          reported.",
    fix: "Remove the header and put the key into `apiKey`.",
    bad: &[
        wired!(headers r#"«Authorization»: "Bearer ${OTHER_KEY}""#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { «"authorization"»: "Bearer ${OTHER_KEY}" } }]"#),
    ],
    good: &[
        wired!(headers r#"Authorization: "Bearer ${OPENAI_KEY}", "x-portkey-api-key": "${PORTKEY_API_KEY}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        if header.name == AUTHORIZATION
            && provider.api_key.is_some()
            && provider.header(API_KEY, header.model).is_none()
        {
            findings.at_key(
                &header.holder,
                &header.written,
                "this header is sent instead of the key in apiKey",
                "remove it and put the key into apiKey",
            );
            findings.fix_remove(&header.value, false, "remove it");
        }
    }
}
