//! `not-utf8`

use crate::causes::{Area, Cause, Level, Symptom};

/// Its diagnostics come from reading the file, which has no facts if that fails.
pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "not-utf8",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Dashboard],
    summary: "the file is not UTF-8 text",
    why: "OpenClaw reads its config as UTF-8. In a file with another encoding it finds no JSON5, \
          or replaces what it can't decode, such as part of a key.",
    fix: "Save the file as UTF-8.",
    bad: &[],
    good: &[],
    stops_openclaw: true,
    ..Cause::BLANK
};
