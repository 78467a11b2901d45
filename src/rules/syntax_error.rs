//! `syntax-error`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule; what it finds comes from the reader.
pub(super) const RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::File,
    level: Level::Error,
    summary: "the file is not JSON5",
    why: "OpenClaw does not start with a config that it cannot read, and a running one goes on \
          with the old config.",
    fix: "Mend the text at the place that is shown.",
    bad: &[],
    good: &[],
    check,
};

fn check(_facts: &Facts<'_>, _findings: &mut Findings) {}
