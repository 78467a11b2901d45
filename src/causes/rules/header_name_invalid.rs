//! `header-name-invalid`

use crate::portkey::headers::check_name;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-name-invalid",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "a header name has an invalid character",
    why: "OpenClaw accepts the file, but every request fails with `is an invalid header name`.",
    fix: "Use only letters, digits and `-`, without spaces or colons.",
    bad: &[
        wired!(headers r#"«"x-portkey-config:"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x portkey metadata"»: '{"team":"backend"}'"#),
        wired!(headers r#"«""»: "x""#),
    ],
    good: &[wired!(headers r#""x-team_1": "a""#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        if check_name(&header.written).is_err() {
            findings.at_key(
                &header.holder,
                &header.written,
                "this is not a valid header name, so every request with it fails",
                "use only letters, digits and -",
            );
        }
    }
}
