//! `header-hides-requests`

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-hides-requests",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "a header hides requests or their contents from the dashboard",
    why: "With `x-portkey-ignore-service-log: true`, a request does not appear in the dashboard \
          at all. With `x-portkey-debug: false`, it only shows metrics, no contents, and the \
          cache is off. This is often why requests seem to be missing.",
    fix: "Remove the header, unless it is intended.",
    bad: &[
        wired!(headers r#""x-portkey-ignore-service-log": «"true"»"#),
        wired!(headers r#""X-Portkey-Debug": «"false"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-ignore-service-log": "false", "x-portkey-debug": "true""#),
        wired!(headers r#""x-portkey-debug": "${DEBUG}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal() else {
            continue;
        };
        let message = match (header.name.as_str(), text.as_ref()) {
            ("x-portkey-ignore-service-log", "true") => {
                "these requests do not appear in the dashboard"
            }
            ("x-portkey-debug", "false") => {
                "the dashboard only shows metrics, no contents, and the cache is off"
            }
            _ => continue,
        };
        findings.at(
            &header.value,
            message,
            "remove the header, unless it is intended",
        );
        findings.fix_remove(&header.value, false, "remove the header");
    }
}
