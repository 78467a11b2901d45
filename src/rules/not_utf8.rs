//! `not-utf8`

use super::{Facts, Findings, Group, Level, Rule};

/// The rule. Its findings come from reading the file: there are no facts of a file that cannot be
/// read.
pub const RULE: Rule = Rule {
    id: "not-utf8",
    group: Group::File,
    level: Level::Error,
    summary: "the file is not UTF-8 text",
    why: "OpenClaw reads its config as UTF-8. In a file of another encoding it finds no JSON5, or \
          replaces what it cannot read, a part of a key for example.",
    fix: "Save the file as UTF-8.",
    bad: &[],
    good: &[],
    check,
};

fn check(_: &Facts<'_>, _: &mut Findings) {}
