//! `metadata-value-not-string`

use crate::document::Value;
use crate::portkey::headers::METADATA;
use crate::portkey::printable;

use super::header_type::{as_metadata, metadata_text};
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "metadata-value-not-string",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "a value in `x-portkey-metadata` is not a string",
    why: "Portkey expects strings as metadata values; what happens to numbers, lists or objects \
          is not documented.",
    fix: "Put the value in quotes.",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «'{"team":"backend","sprint":12}'»"#),
        wired!(headers r#""x-portkey-metadata": «"{\"tags\":[\"a\",\"b\"]}"»"#),
        wired!(headers r#""x-portkey-metadata": «'{"_user":null}'»"#),
    ],
    good: &[wired!(headers r#""x-portkey-metadata": '{"sprint":"12"}'"#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == METADATA) else {
            continue;
        };
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(&text) else {
            continue;
        };
        let Some((key, _)) = object.iter().find(|(_, value)| !value.is_string()) else {
            continue;
        };
        findings.at(
            &header.value,
            format!(
                "the value of `{}` is not a string, but Portkey only accepts strings",
                printable(key, 60)
            ),
            "put it in quotes",
        );
        if let Some(text) = metadata_text(&as_metadata(object)) {
            findings.fix_set(&header.value, true, "put it in quotes", Value::String(text));
        }
    }
}
