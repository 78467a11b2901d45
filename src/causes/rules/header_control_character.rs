//! `header-control-character`

use crate::document::Value;
use crate::portkey::headers::ascii;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-control-character",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "a header value contains a line break or another control character",
    why: "OpenClaw accepts the file, but every request fails with `is an invalid header value`. \
          Whitespace at either end is harmless: it is not sent.",
    fix: "Write the value on one line.",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «"{\n  \"team\": \"backend\"\n}"»"#),
        wired!(headers r#""x-team": «"a\u0000b"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": "{\"team\":\"backend\"}\n""#),
        wired!(headers r#""x-team": "a\tb""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal() else {
            continue;
        };
        if !text.bytes().any(|b| (b < 0x20 && b != b'\t') || b == 0x7F) {
            continue;
        }
        findings.at(
            &header.value,
            "the value contains a line break or another control character, so every request with it fails",
            "write it on one line",
        );
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(&text)
            && json.is_object()
        {
            let line = ascii(&json.to_string());
            findings.fix_set(
                &header.value,
                true,
                "write it on one line",
                Value::String(line),
            );
        }
    }
}
