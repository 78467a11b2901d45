//! `key-scope-missing`

use crate::portkey::refusal::Cause;

use super::key_rejected::report;
use super::{Facts, Findings, Group, Level, Online, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "key-scope-missing",
    group: Group::Online,
    level: Level::Warning,
    summary: "the API key lacks a permission",
    why: "Portkey knows the key, and it may not list models (`models.list`, which some gateways \
          call `virtual_keys.list`). Chat needs another permission, `completions.write`, which \
          was not tried, since that would cost something.",
    fix: "Give the key both permissions at <https://app.portkey.ai/api-keys>.",
    bad: &[],
    good: &[],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if let Some(Online {
        models: Err(refusal),
        ..
    }) = facts.online
        && refusal.cause == Cause::MissingScope
    {
        report(facts, findings, refusal.cause);
    }
}
