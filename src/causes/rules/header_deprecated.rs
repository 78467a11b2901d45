//! `header-deprecated`

use crate::portkey::headers::{Use, VIRTUAL_KEY, known};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-deprecated",
    area: Area::Headers,
    level: Level::Note,
    symptoms: &[Symptom::Config],
    summary: "a Portkey header is deprecated",
    why: "It still works, but may stop working. The settings of `x-portkey-mode`, \
          `x-portkey-cache` and `x-portkey-retry-count` belong in a Portkey config.",
    fix: "Move the setting to a Portkey config and send that: `{run: set-header --gateway-config \
          pc-…}`.",
    bad: &[
        wired!(headers r#"«"x-portkey-cache"»: "simple""#),
        wired!(headers r#"«"X-Portkey-Retry-Count"»: "3""#),
    ],
    good: &[wired!(headers r#""x-portkey-cache-namespace": "a""#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let old = known(&header.name).filter(|known| known.usage == Use::Deprecated);
        if let Some(known) = old.filter(|known| known.name != VIRTUAL_KEY) {
            findings.at_key(
                &header.holder,
                &header.written,
                format!("{} is deprecated", known.name),
                known.caution,
            );
        }
    }
}
