//! `ignore-stale`

use crate::causes::{Area, Cause, InDoctor, Level, Symptom};

/// Its diagnostics come from [`crate::causes::ignore`].
pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "ignore-stale",
    area: Area::File,
    level: Level::Note,
    symptoms: &[Symptom::OpenClaw],
    summary: "an ignore comment ignores nothing",
    why: "The comment names a rule that reports nothing on its line, or that does not exist. It \
          would hide the next real problem there, or make readers believe that something is \
          hidden. Put the comment on the line that it applies to, or on the line above: `// \
          openclaw-portkey: ignore[base-url-insecure] a lab behind a firewall`.",
    fix: "Remove the comment, or correct the rule's name.",
    bad: &[],
    good: &[],
    in_doctor: InDoctor::Never,
    ..Cause::BLANK
};
