//! JSON output: what all documents share, and `lint`'s own document, which is written one
//! diagnostic at a time, each on its own line.

use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Diagnostic, Fix, Location};
use crate::document::Position;
use crate::error::Failure;
use crate::help::RunContext;

use super::{FileVerdict, Fingerprint, Report, Summary, ascii_safe};

/// The version of every JSON document; described in docs/json.md.
pub const VERSION: u32 = 1;

/// Everything before the diagnostics.
pub const HEAD: &str = "{\n  \"version\": 1,\n  \"command\": \"lint\",\n  \"findings\": [";

/// The separator between two diagnostics.
pub const BETWEEN: &str = ",";

/// A whole document. `command` is `None` if the command line names no command.
#[must_use]
pub fn document(command: Option<&str>, fields: Json) -> String {
    let mut whole = json!({ "version": VERSION, "command": command });
    if let (Some(whole), Json::Object(fields)) = (whole.as_object_mut(), fields) {
        whole.extend(fields);
    }
    ascii_safe(&format!("{whole:#}"))
}

/// A file and the location in it.
#[must_use]
pub fn location(location: &Location) -> Json {
    json!({
        "file": location.file.display().to_string(),
        "line": location.line,
        "column": location.column,
    })
}

/// A failure.
#[must_use]
pub fn failure(failure: &Failure, context: &RunContext) -> Json {
    let hints: Vec<String> = failure
        .hints
        .iter()
        .map(|hint| hint.render(context))
        .collect();
    json!({
        "kind": failure.kind.name(),
        "message": failure.message,
        "location": failure.location.as_deref().map(location),
        "hints": hints,
    })
}

/// A diagnostic, in the same form in every document.
#[must_use]
pub fn diagnostic(one: &Diagnostic, context: &RunContext) -> Map<String, Json> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let symptoms: Vec<&str> = one.symptoms.iter().map(|symptom| symptom.name()).collect();
    let fields = [
        ("check", json!(text(one.check))),
        ("cause", json!(one.id())),
        ("level", json!(one.level.name())),
        ("symptoms", json!(symptoms)),
        ("message", json!(one.message)),
        ("why", json!(text(&one.why))),
        ("help", json!(text(&one.help.render(context)))),
        ("link", json!(text(one.link))),
        ("location", json!(one.location.as_ref().map(location))),
        ("fixable", json!(one.is_fixable())),
    ];
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// One diagnostic of `lint`, on its own line.
#[must_use]
pub fn render(report: &Report<'_>, one: &Diagnostic) -> String {
    let place = report.place(one);
    let mut fields = diagnostic(one, &report.context);
    for (name, value) in [
        (
            "location",
            json!({ "file": place.name, "line": place.start.line, "column": place.start.column }),
        ),
        ("range", range(&place.range, place.start, place.end)),
        ("path", json!(path(&place.path))),
        (
            "fix",
            json!(one.fix.as_ref().map(|fix| fix_json(report, fix))),
        ),
        ("fingerprint", json!(report.value(one))),
    ] {
        fields.insert(name.to_owned(), value);
    }
    format!("\n    {}", ascii_safe(&Json::Object(fields).to_string()))
}

/// Everything after the diagnostics.
#[must_use]
pub fn tail(summary: &Summary) -> String {
    let (fixable, safely) = summary.fixable;
    let stale = |(file, print): &(String, Fingerprint)| json!({ "file": file, "check": print.rule, "path": path(&print.path), "fingerprint": print.value });
    let verdict = |one: &FileVerdict| json!({ "file": one.file, "openclawVersion": one.version, "acceptedByOpenClaw": one.accepted, "reason": one.reason });
    let fields = [
        ("files", summary.verdicts.iter().map(verdict).collect()),
        (
            "summary",
            json!({
                "files": summary.files,
                "errors": summary.counts.errors,
                "warnings": summary.counts.warnings,
                "notes": summary.counts.notes,
                "fixable": safely,
                "unsafelyFixable": fixable - safely,
                "ignoredByComment": summary.ignored,
                "heldByBaseline": summary.suppressed,
            }),
        ),
        ("changes", json!(summary.files_changed)),
        (
            "staleBaselineEntries",
            summary.stale.iter().map(stale).collect(),
        ),
        ("skipped", json!(summary.skipped)),
        (
            "errors",
            summary
                .failed
                .iter()
                .map(|one| failure(one, &RunContext::default()))
                .collect(),
        ),
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

/// The path to a value; `None` for the root.
fn path(path: &str) -> Option<&str> {
    (!path.is_empty()).then_some(path)
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
