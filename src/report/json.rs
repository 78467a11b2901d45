//! For programs: one JSON document, `"version": 1`, a line a finding.

use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, Fix};
use crate::document::Position;

use super::{Fingerprint, Report, Summary, ascii_safe};

/// What comes before the findings.
pub const HEAD: &str = "{\n  \"version\": 1,\n  \"findings\": [";

/// What is between two findings.
pub const BETWEEN: &str = ",";

/// One finding, on a line of its own.
#[must_use]
pub fn render(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let place = report.place(diagnostic);
    let value = json!({
        "rule": diagnostic.check,
        "level": diagnostic.level.name(),
        "file": place.name,
        "range": range(&place.range, place.start, place.end),
        "path": place.path,
        "message": diagnostic.message,
        "help": report.help(diagnostic),
        "fix": diagnostic.fix.as_ref().map(|fix| fix_json(report, fix)),
        "fingerprint": report.value(diagnostic),
    });
    format!("\n    {}", ascii_safe(&value.to_string()))
}

/// What comes after the findings.
#[must_use]
pub fn tail(summary: &Summary) -> String {
    let fields = [
        (
            "summary",
            json!({
                "files": summary.files,
                "errors": summary.counts.errors,
                "warnings": summary.counts.warnings,
                "notes": summary.counts.notes,
                "fixable": summary.fixable.0,
                "safely_fixable": summary.fixable.1,
                "ignored_by_comment": summary.ignored,
                "suppressed_by_baseline": summary.suppressed,
            }),
        ),
        (
            "stale_baseline_entries",
            summary
                .stale
                .iter()
                .map(|(file, print)| entry(file, print))
                .collect(),
        ),
        ("skipped", json!(summary.skipped)),
        ("failed", json!(summary.failed)),
    ];
    let fields: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("  \"{name}\": {}", ascii_safe(&value.to_string())))
        .collect();
    let gap = if summary.counts.total() > 0 {
        "\n  "
    } else {
        ""
    };
    format!("{gap}],\n{}\n}}", fields.join(",\n"))
}

/// An entry of a baseline.
#[must_use]
pub fn entry(file: &str, print: &Fingerprint) -> Json {
    json!({ "file": file, "rule": print.rule, "path": print.path, "value": print.value })
}

fn fix_json(report: &Report<'_>, fix: &Fix) -> Json {
    let edits = fix.edits.as_ref().map(|edits| {
        edits
            .iter()
            .map(|edit| {
                json!({
                    "file": report.name(edit.source),
                    "range": range(&edit.range, edit.start, edit.end),
                    "text": edit.text,
                })
            })
            .collect::<Vec<_>>()
    });
    json!({ "title": fix.title, "safe": fix.safe, "edits": edits })
}

fn range(bytes: &std::ops::Range<usize>, start: Position, end: Position) -> Json {
    let place = |position: Position, offset: usize| json!({ "line": position.line, "column": position.column, "offset": offset });
    json!({ "start": place(start, bytes.start), "end": place(end, bytes.end) })
}
