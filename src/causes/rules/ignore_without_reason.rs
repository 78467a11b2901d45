//! `ignore-without-reason`

use crate::causes::{Area, Cause, InDoctor, Level, Symptom};

/// Its diagnostics come from [`crate::causes::ignore`].
pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "ignore-without-reason",
    area: Area::File,
    level: Level::Note,
    symptoms: &[Symptom::OpenClaw],
    summary: "an ignore comment gives no reason",
    why: "Without a reason, readers can't tell whether ignoring the rule is intentional or just \
          left over. The comment still works.",
    fix: "Write the reason after the brackets: `// openclaw-portkey: ignore[base-url-insecure] a \
          lab behind a firewall`.",
    bad: &[],
    good: &[],
    in_doctor: InDoctor::Never,
    ..Cause::BLANK
};
