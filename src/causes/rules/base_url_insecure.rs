//! `base-url-insecure`

use crate::document::Value;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "base-url-insecure",
    area: Area::Provider,
    level: Level::Warning,
    symptoms: &[Symptom::Network],
    summary: "the key and every conversation are sent unencrypted",
    why: "Over plain `http`, anyone between OpenClaw and the gateway can read the API key and all \
          prompts. OpenClaw allows it. In a private network this is a note; for this machine \
          itself, nothing is reported.",
    fix: "Use `https`.",
    bad: &[
        wired!(base_url r#"«"http://api.portkey.ai/v1"»"#),
        wired!(base_url r#"«"http://llm.example.com/v1"»"#),
        wired!(base_url r#"«"http://10.0.0.7:8787/v1"»"#),
    ],
    good: &[
        wired!(base_url r#""http://127.0.0.1:8787/v1""#),
        wired!(base_url r#""http://localhost:8787/v1""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for address in facts.addresses() {
        let (view, Ok(url)) = (&address.view, &address.url) else {
            continue;
        };
        if url.is_https() || url.is_loopback() {
            continue;
        }
        findings.at(
            view,
            "the key and every conversation are sent unencrypted over http",
            "use https",
        );
        if url.is_internal() {
            findings.level(Level::Note);
            continue;
        }
        // Portkey's own hosts support https; another gateway may not.
        findings.fix_set(
            view,
            url.is_known_portkey_host(),
            "use https",
            Value::String(url.as_str().replacen("http:", "https:", 1)),
        );
    }
}
