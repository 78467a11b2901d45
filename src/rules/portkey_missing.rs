//! `portkey-missing`

use crate::document::Kind;

use super::example::wired;
use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "portkey-missing",
    group: Group::Provider,
    level: Level::Note,
    summary: "no provider goes through Portkey",
    why: "Nothing in the config leads to Portkey, so there is nothing else to check. This is the \
          only finding that a config without Portkey gets.",
    fix: "Run `openclaw-portkey init` to add Portkey.",
    bad: &["«{ agents: { defaults: { model: { primary: \"anthropic/claude-sonnet-4-5\" } } } }»"],
    good: &[wired!(key r#""${PORTKEY_API_KEY}""#)],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    if facts.complete && facts.portkey.is_empty() && root.kind() == Kind::Object {
        findings.at(
            &root,
            "the config has no provider for Portkey",
            "`openclaw-portkey init` adds one",
        );
    }
}
