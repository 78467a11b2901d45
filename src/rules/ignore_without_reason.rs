//! `ignore-without-reason`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule; what it finds comes from [`super::ignore`].
pub(super) const RULE: Rule = Rule {
    id: "ignore-without-reason",
    group: Group::File,
    level: Level::Note,
    summary: "an ignore comment does not say why",
    why: "Whoever reads the config next cannot tell whether what the comment hides is meant or \
          forgotten. The comment works all the same.",
    fix: "Write the reason behind the brackets: \
          `// openclaw-portkey: ignore[base-url-insecure] a lab behind a firewall`.",
    bad: &[],
    good: &[],
    check,
};

fn check(_facts: &Facts<'_>, _findings: &mut Findings) {}
