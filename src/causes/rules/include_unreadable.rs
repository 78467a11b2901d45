//! `include-unreadable`

use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};
use crate::document::Path;

pub(super) static CAUSE: Cause = Cause {
    id: "include-unreadable",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Network],
    summary: "OpenClaw can't read an included file and won't start",
    why: "An `$include` makes the whole config invalid if it is missing, outside the config's \
          folder, larger than 2 MB, nested more than 10 files deep, or includes itself. Paths are \
          relative to the including file; `OPENCLAW_INCLUDE_ROOTS` allows more folders.",
    fix: "Create the file, correct its path, or remove the `$include`.",
    doubt: Doubt::Always,
    // `doctor` reports this itself.
    in_doctor: crate::causes::InDoctor::Elsewhere,
    check: Some(check),
    ..Cause::BLANK
};

/// Includes that multiply can produce hundreds of unread ones.
const MAX_REPORTED: usize = 20;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for unread in facts.unread.iter().take(MAX_REPORTED) {
        findings.at_range(
            (unread.source, unread.range.clone()),
            &Path::root().key("$include"),
            format!("OpenClaw can't read this include: {}", unread.reason),
            if unread.help.is_empty() {
                "correct the path, or remove the $include"
            } else {
                &unread.help
            }
            .to_owned(),
        );
    }
}
