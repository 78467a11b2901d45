//! `root-not-object`

use crate::document::Kind;

use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "root-not-object",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Dashboard],
    summary: "the config is not an object",
    why: "OpenClaw expects `{ … }`, and does not start with a list, a string or `null`.",
    fix: "Put the settings between `{` and `}`.",
    bad: &["«[]»\n", "«null»", "«\"openclaw\"»"],
    good: &[],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    if root.kind() != Kind::Object {
        findings.at(
            &root,
            format!("the config must be an object, not {}", root.kind()),
            "put the settings between { and }",
        );
    }
}
