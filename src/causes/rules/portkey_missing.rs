//! `portkey-missing`

use crate::document::Kind;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "portkey-missing",
    area: Area::Provider,
    level: Level::Note,
    symptoms: &[Symptom::Dashboard],
    summary: "no provider goes through Portkey",
    why: "Nothing in the config goes to Portkey, so there is nothing else to check, and no other \
          rule reports anything.",
    fix: "Run `{run: init}` to add Portkey.",
    bad: &["«{ agents: { defaults: { model: { primary: \"anthropic/claude-sonnet-4-5\" } } } }»"],
    good: &[wired!(key r#""${PORTKEY_API_KEY}""#)],
    in_doctor: InDoctor::Elsewhere,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    if facts.complete && facts.portkey.is_empty() && root.kind() == Kind::Object {
        findings.at(
            &root,
            "the config has no provider for Portkey",
            "`{run: init}` adds one",
        );
    }
}
