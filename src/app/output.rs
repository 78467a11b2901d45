//! What the commands print: diffs, notes, and one JSON document.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::diff::{Line, Sign, to_text};
use crate::document::Position;
use crate::error::{Failure, place};
use crate::mask::printable;
use crate::openclaw::VersionSource;
use crate::plan::Note;
use crate::store::Location;
use crate::ui::{Tone, Ui};

use super::change::{Outcome, Verdict};

/// The version of every JSON document; docs/json.md describes them.
pub(crate) const JSON_VERSION: u32 = 1;

/// Prints a command's one JSON document, where JSON is wanted.
pub(crate) fn finish(ui: &Ui, format: Format, command: &str, fields: impl FnOnce() -> Json) {
    if format != Format::Json {
        return;
    }
    let mut whole = json!({ "version": JSON_VERSION, "command": command });
    if let (Some(whole), Json::Object(fields)) = (whole.as_object_mut(), fields()) {
        whole.extend(fields);
    }
    ui.result(&format!("{whole:#}"));
}

/// Which config, and why that one.
pub(crate) fn config_json(location: &Location) -> Json {
    json!({
        "path": location.config.display().to_string(),
        "reason": location.reason.to_string(),
        "exists": location.exists,
    })
}

/// A file, and where in it.
pub(crate) fn location_json(file: &Path, position: Position) -> Json {
    json!({
        "file": file.display().to_string(),
        "line": position.line,
        "column": position.column,
    })
}

/// The OpenClaw that judges, and how it is known.
pub(crate) fn version_json(version: VersionSource) -> Json {
    json!({ "version": version.version().to_string(), "source": version.source() })
}

/// A path as people write it: `~` for the home folder.
pub(crate) fn short(path: &Path, home: Option<&Path>) -> String {
    let text = match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if !rest.as_os_str().is_empty() => {
            format!("~{}{}", std::path::MAIN_SEPARATOR, rest.display())
        }
        _ => path.display().to_string(),
    };
    printable(&text).into_owned()
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

/// Where the lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Result,
    Note,
}

/// Prints a diff, coloured where the stream is.
pub(crate) fn diff(ui: &Ui, lines: &[Line], stream: Stream) {
    for line in lines {
        let plain = to_text(std::slice::from_ref(line));
        let plain = printable(plain.trim_end_matches('\n')).replace("\\t", "\t");
        let tone = match line.sign {
            Sign::Header if plain.starts_with("@@") => Tone::Place,
            Sign::Header => Tone::Bold,
            Sign::Added => Tone::Good,
            Sign::Removed => Tone::Bad,
            Sign::Same => {
                put(ui, stream, &plain);
                continue;
            }
        };
        let painted = match stream {
            Stream::Result => ui.out(tone, &plain),
            Stream::Note => ui.err(tone, &plain),
        };
        put(ui, stream, &painted);
    }
}

fn put(ui: &Ui, stream: Stream, line: &str) {
    match stream {
        Stream::Result => ui.result(line),
        Stream::Note => ui.verbatim(line),
    }
}

/// Prints what the user should know. Of a file only the name is shown.
pub(crate) fn notes(ui: &Ui, notes: &[Note]) {
    for note in notes {
        let text = printable(&note.text);
        let at = note
            .place
            .as_ref()
            .map(|(file, position)| format!(" ({})", place(file_name(file), *position)))
            .unwrap_or_default();
        if note.warning {
            ui.alert(&format!("{} {text}{at}", ui.err(Tone::Warn, "warning:")));
        } else {
            ui.note(&format!("{} {text}{at}", ui.err(Tone::Place, "note:")));
        }
    }
}

pub(crate) fn notes_json(notes: &[Note]) -> Json {
    notes
        .iter()
        .map(|note| {
            json!({
                "level": if note.warning { "warning" } else { "note" },
                "message": note.text,
                "place": note.place.as_ref().map(|(file, position)| place(file, *position)),
            })
        })
        .collect()
}

pub(crate) fn failure_json(failure: &Failure) -> Json {
    json!({
        "kind": failure.kind.name(),
        "message": failure.message,
        "place": failure.place,
        "hints": failure.hints,
    })
}

/// Prints how the checks ended.
pub(crate) fn outcomes(ui: &Ui, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let (tone, sign) = match outcome.verdict {
            Verdict::Passed => (Tone::Good, "✓"),
            Verdict::Failed => (Tone::Bad, "✗"),
            Verdict::Skipped => (Tone::Dim, "·"),
        };
        ui.note(&format!(
            "{} {}",
            ui.err(tone, sign),
            printable(&outcome.text)
        ));
    }
}

/// Prints the checks that did not fail.
pub(crate) fn passed(ui: &Ui, all: &[Outcome]) {
    let passed: Vec<Outcome> = all
        .iter()
        .filter(|outcome| outcome.verdict != Verdict::Failed)
        .cloned()
        .collect();
    outcomes(ui, &passed);
}

pub(crate) fn outcomes_json(outcomes: &[Outcome]) -> Json {
    outcomes
        .iter()
        .map(|outcome| {
            let verdict = match outcome.verdict {
                Verdict::Passed => "passed",
                Verdict::Failed => "failed",
                Verdict::Skipped => "skipped",
            };
            json!({ "check": outcome.name, "status": verdict, "message": outcome.text })
        })
        .collect()
}
