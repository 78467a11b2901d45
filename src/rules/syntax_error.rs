//! `syntax-error`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule. Its findings come from reading the file: there are no facts of a file that cannot be
/// read.
pub const RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::File,
    level: Level::Error,
    summary: "the file is not valid JSON5",
    why: "OpenClaw does not start with a config that it cannot read, and a running gateway goes \
          on with the old one.",
    fix: "Mend the text at the place that is shown; what is wrong may also stand shortly before it.",
    bad: &[],
    good: &[],
    check,
};

fn check(_: &Facts<'_>, _: &mut Findings) {}
