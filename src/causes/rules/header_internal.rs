//! `header-internal`

use crate::portkey::headers::{Use, known};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-internal",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "a header is internal to Portkey",
    why: "Such a header is not a setting: Portkey overwrites it, or mistakes it for its own.",
    fix: "Remove it. To choose a config, send `x-portkey-config`.",
    bad: &[
        wired!(headers r#"«"x-portkey-config-id"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x-portkey-prompt-id"»: "pp-1""#),
    ],
    good: &[wired!(headers r#""x-portkey-config": "pc-pplx-c-ca7a87""#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        if known(&header.name).is_some_and(|known| known.usage == Use::Internal) {
            findings.at_key(
                &header.holder,
                &header.written,
                format!("{} is set by Portkey itself", header.name),
                "remove it",
            );
            findings.fix_remove(&header.value, false, "remove it");
        }
    }
}
