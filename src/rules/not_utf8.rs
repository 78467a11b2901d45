//! `not-utf8`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule; what it finds comes from the reader.
pub(super) const RULE: Rule = Rule {
    id: "not-utf8",
    group: Group::File,
    level: Level::Error,
    summary: "the file is not UTF-8",
    why: "OpenClaw reads its config as UTF-8. Of a file in another encoding it sees broken text, \
          or nothing that it can parse.",
    fix: "Save the file again with the encoding UTF-8.",
    bad: &[],
    good: &[],
    check,
};

fn check(_facts: &Facts<'_>, _findings: &mut Findings) {}
