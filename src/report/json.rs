//! For programs: one JSON document, `"version": 1`, a line a finding.

use serde_json::{Value as Json, json};

use crate::document::Position;

use super::{Fingerprint, Report, Shown, ShownFix, Summary, ascii_safe};

/// What stands before the findings.
pub const HEAD: &str = "{\n  \"version\": 1,\n  \"findings\": [";

/// What stands between two findings.
pub const BETWEEN: &str = ",";

/// One finding, on a line of its own.
#[must_use]
pub fn render(report: &Report<'_>, finding: &Shown) -> String {
    let value = json!({
        "rule": finding.rule.id,
        "level": finding.level.name(),
        "file": report.name(finding.file),
        "range": range(&finding.range, finding.start, finding.end),
        "path": finding.path,
        "message": finding.message,
        "help": finding.help,
        "fix": finding.fix.as_ref().map(|fix| fix_json(report, fix)),
        "fingerprint": finding.fingerprint.value,
    });
    format!("\n    {}", ascii_safe(&value.to_string()))
}

/// What stands behind the findings.
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

fn fix_json(report: &Report<'_>, fix: &ShownFix) -> Json {
    let edits = fix.edits.as_ref().map(|edits| {
        edits
            .iter()
            .map(|edit| {
                json!({
                    "file": report.name(edit.file),
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
