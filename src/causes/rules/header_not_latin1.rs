//! `header-not-latin1`

use crate::document::Value;
use crate::portkey::headers::ascii;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-not-latin1",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "a header value contains a character that headers can't carry",
    why: "Header values are limited to Latin-1. OpenClaw accepts the file, but every request \
          fails with `Cannot convert argument to a ByteString`. Typographic quotes, emoji and \
          most non-Latin scripts are affected.",
    fix: "In JSON, write the character as an escape (`\\u2019`), which Portkey decodes. Elsewhere \
          use Latin letters.",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «'{"team":"Łódź"}'»"#),
        wired!(headers r#""x-team": «"“backend”"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": "{\"team\":\"\\u0141\\u00f3d\\u017a\"}""#),
        wired!(headers r#""x-team": "Köln""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal() else {
            continue;
        };
        let Some(first) = text.chars().find(|c| u32::from(*c) > 0xFF) else {
            continue;
        };
        findings.at(
            &header.value,
            format!(
                "the value contains U+{:04X}, which no header can carry, so every request with it fails",
                u32::from(first)
            ),
            "in JSON, write it as a \\u escape; elsewhere use Latin letters",
        );
        if serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|json| json.is_object()) {
            findings.fix_set(
                &header.value,
                true,
                "write it as an escape",
                Value::String(ascii(&text)),
            );
        }
    }
}
