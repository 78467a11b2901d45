//! `header-repeated`

use std::collections::HashMap;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-repeated",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "a header is duplicated with different capitalisation",
    why: "Header names are case-insensitive. OpenClaw only sends the last one; the others do \
          nothing (seen in 2026.2.17, 2026.5.28 and 2026.9.6).",
    fix: "Keep one of them.",
    bad: &[
        wired!(headers r#"«"x-portkey-config"»: "pc-pplx-c-ca7a87", "X-Portkey-Config": "pc-pplx-c-0b1c2d""#),
    ],
    good: &[
        // The model's header intentionally replaces the provider's.
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\", api: \"openai-completions\",
      headers: { \"x-portkey-config\": \"pc-pplx-c-ca7a87\" },
      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\", headers: { \"X-Portkey-Config\": \"pc-pplx-c-0b1c2d\" } }],"),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let names = || provider.headers.iter().map(|one| (&one.name, one.model));
        // The index of the last header of each name, which is the one that is sent.
        let last: HashMap<_, usize> = names().zip(0..).collect();
        for (index, (header, name)) in provider.headers.iter().zip(names()).enumerate() {
            let again = last[&name] > index;
            if again {
                findings.at_key(
                    &header.holder,
                    &header.written,
                    "the header is duplicated here, and only the last one is sent",
                    "keep one of them",
                );
                findings.fix_remove(&header.value, true, "remove the one that is not sent");
            }
        }
    }
}
