//! `ignore-without-reason`

use crate::causes::{Area, Cause, InDoctor, Level, Symptom};

/// Its diagnostics come from [`crate::causes::ignore`].
pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "ignore-without-reason",
    area: Area::File,
    level: Level::Note,
    symptoms: &[Symptom::OpenClaw],
    summary: "an ignore comment does not say why",
    why: "Whoever reads the config next cannot know whether what the comment hides is intended or \
          forgotten. The comment still works.",
    fix: "Write the reason behind the brackets: \
          `// openclaw-portkey: ignore[base-url-insecure] a lab behind a firewall`.",
    bad: &[],
    good: &[],
    in_doctor: InDoctor::Never,
    ..Cause::BLANK
};
