//! `api-key-placeholder`

use crate::openclaw::CredentialSource;
use crate::portkey::headers;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

/// The placeholder in Portkey's guide: a config that contains it is a template to be filled in.
const TEMPLATE: &str = "YOUR_PORTKEY_API_KEY";

pub(crate) static CAUSE: Cause = Cause {
    id: "api-key-placeholder",
    area: Area::Key,
    level: Level::Error,
    symptoms: &[Symptom::Unauthorized, Symptom::Dashboard],
    summary: "the API key is a placeholder, or a reference that OpenClaw does not expand",
    why: "OpenClaw expands `${NAME}` if the name consists of capital letters, digits and `_`, and \
          treats a value that is exactly `$NAME` as a reference. Anything else, such as \
          `${NAME:-x}`, `${env:NAME}` or the bare name, is sent to Portkey literally, which \
          answers 401. `YOUR_PORTKEY_API_KEY`, from Portkey's own guide, is only a warning, since \
          it marks a template.",
    fix: "Write `\"${PORTKEY_API_KEY}\"` and put the key into OpenClaw's `.env`; \
          `{run: init}` does both.",
    bad: &[
        wired!(key r#"«"YOUR_PORTKEY_API_KEY"»"#),
        wired!(key r#"«"PORTKEY_API_KEY"»"#),
        wired!(key r#"«"${PORTKEY_API_KEY:-none}"»"#),
        wired!(key r#"«"${env:PORTKEY_API_KEY}"»"#),
        wired!(key r#"«"env:PORTKEY_API_KEY"»"#),
        wired!(headers r#""x-portkey-api-key": «"YOUR_PORTKEY_API_KEY"»"#),
    ],
    good: &[
        wired!(key r#""${PORTKEY_API_KEY}""#),
        wired!(key r#""$PORTKEY_API_KEY""#),
        wired!(key r#""pk-${PORTKEY_KEY_REST}""#),
        wired!(key r#"{ source: "env", provider: "default", id: "PORTKEY_API_KEY" }"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let headers = provider
            .headers
            .iter()
            .filter(|header| header.name == headers::API_KEY)
            .map(|header| &header.value);
        // If the header provides the key, the other one is never read.
        let key = provider
            .api_key
            .as_ref()
            .filter(|_| provider.header(headers::API_KEY, None).is_none());
        for view in key.into_iter().chain(headers) {
            if CredentialSource::read(view) == CredentialSource::Unexpanded {
                findings.at(
                    view,
                    "this is a placeholder, not a key, so Portkey will answer 401",
                    "write \"${PORTKEY_API_KEY}\" and keep the key in OpenClaw's .env",
                );
                if view.text().is_some_and(|text| text == TEMPLATE) {
                    findings.level(Level::Warning);
                }
            }
        }
    }
}
