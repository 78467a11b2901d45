//! `api-key-header-conflict`

use crate::openclaw::{CredentialSource, View, has_variable};
use crate::portkey::headers;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "api-key-header-conflict",
    area: Area::Key,
    level: Level::Warning,
    symptoms: &[Symptom::Unauthorized],
    summary: "`apiKey` and the header `x-portkey-api-key` have different keys",
    why: "If both are sent, Portkey uses the header's key and passes `apiKey` to the provider as \
          its key. That is only right together with `x-portkey-provider`; this rule then reports \
          nothing.",
    fix: "Keep `apiKey` and remove the header.",
    bad: &[
        wired!(headers r#""x-portkey-api-key": «"${OTHER_KEY}"»"#),
        wired!(headers
            r#""x-portkey-api-key": «{ source: "env", provider: "default", id: "OTHER_KEY" }»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-api-key": "${PORTKEY_API_KEY}""#),
        wired!(headers
            r#""x-portkey-api-key": { source: "env", provider: "default", id: "PORTKEY_API_KEY" }"#),
        // The file may hold the same key.
        wired!(headers
            r#""x-portkey-api-key": { source: "file", provider: "default", id: "/portkey" }"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let Some(key) = &provider.api_key else {
            continue;
        };
        for header in &provider.headers {
            let conflict = header.name == headers::API_KEY
                && provider.header(headers::PROVIDER, header.model).is_none()
                && provider.header(headers::CONFIG, header.model).is_none()
                && differ(key, &header.value);
            if conflict {
                findings.at(
                    &header.value,
                    "Portkey uses this key, and passes apiKey, a different one, to the provider",
                    "keep apiKey and remove the header",
                );
                findings.fix_remove(&header.value, false, "remove the header");
            }
        }
    }
}

/// Whether two credentials certainly differ, or come from different variables.
fn differ(a: &View<'_>, b: &View<'_>) -> bool {
    let (given_a, given_b) = (CredentialSource::read(a), CredentialSource::read(b));
    if let (Some(a), Some(b)) = (given_a.variable(), given_b.variable()) {
        return a != b;
    }
    given_a == CredentialSource::Literal
        && given_b == CredentialSource::Literal
        && matches!((a.text(), b.text()), (Some(a), Some(b))
            if a.trim() != b.trim() && !has_variable(&a) && !has_variable(&b))
}
