//! `ignore-stale`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule; what it finds comes from [`super::ignore`].
pub(super) const RULE: Rule = Rule {
    id: "ignore-stale",
    group: Group::File,
    level: Level::Note,
    summary: "an ignore comment ignores nothing",
    why: "The comment names a rule that finds nothing on its line, or one that does not exist. It \
          would hide the next real finding there, or makes readers believe that something is \
          hidden. A comment stands on the line of what it ignores, or above it: \
          `// openclaw-portkey: ignore[base-url-insecure] a lab behind a firewall`.",
    fix: "Take the comment out, or correct the rule's name.",
    bad: &[],
    good: &[],
    check,
};

fn check(_facts: &Facts<'_>, _findings: &mut Findings) {}
