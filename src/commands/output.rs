//! What the commands print: diffs, notes, and one JSON document.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::diff::{Line, Sign, to_text};
use crate::error::{Failure, place};
use crate::mask::printable;
use crate::plan::Note;
use crate::store::Written;
use crate::ui::{Tone, Ui};

use super::check::{Outcome, Verdict};

/// One JSON document with the version of its shape first.
pub(super) fn document(fields: &Json) -> String {
    let mut whole = json!({ "version": 1 });
    if let (Some(whole), Some(fields)) = (whole.as_object_mut(), fields.as_object()) {
        whole.extend(fields.clone());
    }
    format!("{whole:#}")
}

/// A path as people write it: `~` for the home folder.
pub(super) fn short(path: &Path, home: Option<&Path>) -> String {
    let text = match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if !rest.as_os_str().is_empty() => {
            format!("~{}{}", std::path::MAIN_SEPARATOR, rest.display())
        }
        _ => path.display().to_string(),
    };
    printable(&text).into_owned()
}

/// What a write did besides what was asked for.
pub(super) fn write_notes(ui: &Ui, written: &Written, short: impl Fn(&Path) -> String) {
    for file in &written.files {
        if let Some(mode) = file.tightened {
            ui.note(&format!(
                "{} only its owner can read {} now (its mode was {mode:03o})",
                ui.err(Tone::Place, "note:"),
                short(&file.path)
            ));
        }
    }
    for note in &written.notes {
        ui.alert(&format!("{} {note}", ui.err(Tone::Warn, "warning:")));
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

/// Where the lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Result,
    Note,
}

/// Prints a diff, coloured where the stream is.
pub(super) fn diff(ui: &Ui, lines: &[Line], stream: Stream) {
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
pub(super) fn notes(ui: &Ui, notes: &[Note]) {
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

pub(super) fn notes_json(notes: &[Note]) -> Json {
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

pub(super) fn failure_json(failure: &Failure) -> Json {
    json!({
        "kind": failure.kind.name(),
        "message": failure.message,
        "place": failure.place,
        "hints": failure.hints,
    })
}

/// Prints how the checks ended.
pub(super) fn outcomes(ui: &Ui, outcomes: &[Outcome]) {
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
pub(super) fn passed(ui: &Ui, all: &[Outcome]) {
    let passed: Vec<Outcome> = all
        .iter()
        .filter(|outcome| outcome.verdict != Verdict::Failed)
        .cloned()
        .collect();
    outcomes(ui, &passed);
}

pub(super) fn outcomes_json(outcomes: &[Outcome]) -> Json {
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
