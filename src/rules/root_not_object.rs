//! `root-not-object`

use crate::document::Kind;

use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "root-not-object",
    group: Group::File,
    level: Level::Error,
    summary: "the config is not an object",
    why: "OpenClaw expects `{ … }` and refuses a list, a text or `null`; it does not start.",
    fix: "Put the settings between `{` and `}`.",
    bad: &["«[]»\n", "«null»", "«\"openclaw\"»"],
    good: &[],
    check,
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
