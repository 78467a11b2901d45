//! `metadata-value-too-long`

use serde_json::Value;

use crate::portkey::headers::{METADATA, METADATA_VALUE_LIMIT};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "metadata-value-too-long",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "a value in `x-portkey-metadata` is longer than 128 characters",
    why: "Portkey accepts at most 128 characters per metadata value.",
    fix: "Shorten the value.",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «'{"note":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}'»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": '{"note":"01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"}'"#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == METADATA) else {
            continue;
        };
        let Ok(Value::Object(object)) = serde_json::from_str(&text) else {
            continue;
        };
        let long = object.iter().find(|(_, value)| {
            value
                .as_str()
                .is_some_and(|text| text.chars().count() > METADATA_VALUE_LIMIT)
        });
        if let Some((key, _)) = long {
            findings.at(
                &header.value,
                format!(
                    "the value of `{}` is longer than {METADATA_VALUE_LIMIT} characters, Portkey's limit",
                    printable(key, 60)
                ),
                "shorten it",
            );
        }
    }
}
