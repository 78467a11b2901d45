//! `portkey-missing`

use super::example::wired;
use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub const RULE: Rule = Rule {
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
    if facts.complete && facts.portkey.is_empty() {
        findings.at(
            &facts.config.root(),
            "the config has no provider for Portkey",
            "`openclaw-portkey init` adds one",
        );
    }
}
