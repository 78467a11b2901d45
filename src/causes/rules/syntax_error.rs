//! `syntax-error`

use crate::causes::{Area, Cause, Level, Symptom};

/// Its diagnostics come from parsing the file, which has no facts if that fails.
pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "syntax-error",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Dashboard],
    summary: "the file is not valid JSON5",
    why: "OpenClaw does not start with a config that it can't parse, and a running gateway keeps \
          the old one.",
    fix: "Fix the text at the location shown; the actual mistake may be shortly before it.",
    bad: &[],
    good: &[],
    stops_openclaw: true,
    ..Cause::BLANK
};
