//! `metadata-not-json-object`

use crate::document::{Document, Value};
use crate::portkey::headers::{HeaderError, METADATA, check_metadata};

use super::header_type::metadata_text;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "metadata-not-json-object",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "`x-portkey-metadata` is not a JSON object",
    why: "Portkey silently drops such metadata: the request succeeds, but the dashboard can't \
          filter by it.",
    fix: "Write a JSON object as a string, `\"{\\\"team\\\":\\\"backend\\\"}\"`, or run `{run: \
          set-header --metadata team=backend}`.",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «"team=backend"»"#),
        wired!(headers r#""x-portkey-metadata": «"{'team':'backend'}"»"#),
        wired!(headers r#""x-portkey-metadata": «"[\"backend\"]"»"#),
        wired!(headers r#""x-portkey-metadata": «'{"team":"backend",}'»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": "{\"team\":\"backend\"}""#),
        wired!(headers r#""x-portkey-metadata": '{"_user":"${USER}"}'"#),
        wired!(headers r#""x-portkey-metadata": "{}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == METADATA) else {
            continue;
        };
        if check_metadata(&text) != Err(HeaderError::MetadataNotObject) {
            continue;
        }
        findings.at(
            &header.value,
            "this is not a JSON object, so Portkey silently drops the metadata",
            r#"write a JSON object as a string, such as {"team":"backend"}"#,
        );
        // JSON with single quotes, bare keys or a trailing comma is unambiguous.
        let intended = Document::parse(text.as_ref())
            .ok()
            .map(|document| document.value(document.root()));
        if let Some(text) = intended.as_ref().and_then(metadata_text) {
            findings.fix_set(&header.value, true, "write it as JSON", Value::String(text));
        }
    }
}
