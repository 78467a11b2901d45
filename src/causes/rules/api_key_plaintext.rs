//! `api-key-plaintext`

use crate::openclaw::{CredentialSource, has_variable};
use crate::portkey::headers;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "api-key-plaintext",
    area: Area::Key,
    level: Level::Warning,
    symptoms: &[Symptom::Unauthorized],
    summary: "the API key is in plain text in the config",
    why: "The config gets copied, committed, and shared when asking for help, and OpenClaw keeps \
          backups of it. A key in it is exposed each time.",
    fix: "Put the key in OpenClaw's `.env` and write `\"${PORTKEY_API_KEY}\"`; `{run: init \
          --key-in dotenv}` moves it.",
    bad: &[wired!(key r#"«"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"»"#)],
    good: &[
        wired!(key r#""${PORTKEY_API_KEY}""#),
        wired!(key r#""$PORTKEY_API_KEY""#),
        wired!(key r#"{ source: "file", provider: "default", id: "/portkey" }"#),
        // Part of it comes from a variable.
        wired!(key r#""pk-${PORTKEY_KEY_REST}""#),
        // Not a key: the gateway on this machine doesn't need one.
        wired!(provider
            "baseUrl: \"http://127.0.0.1:8787/v1\",\n      apiKey: \"unused\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

/// Anything shorter is a filler that people write if a key is required but not used.
const MIN_KEY_LENGTH: usize = 16;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let Some(view) = &provider.api_key else {
            continue;
        };
        let Some(text) = view.text() else {
            continue;
        };
        let literal =
            CredentialSource::of_text(&text) == CredentialSource::Literal && !has_variable(&text);
        if literal && !is_filler(provider, &text) {
            findings.at(
                view,
                "the API key is in plain text in the config",
                "put it in OpenClaw's .env and write \"${PORTKEY_API_KEY}\"; `{run: init --key-in \
                 dotenv}` moves it",
            );
        }
    }
}

/// A filler in place of a key that is never read.
fn is_filler(provider: &PortkeyProvider<'_>, text: &str) -> bool {
    let unread = matches!(&provider.url, Some(Ok(url)) if url.is_loopback())
        || provider.header(headers::API_KEY, None).is_some();
    unread && text.len() < MIN_KEY_LENGTH
}
