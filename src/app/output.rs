//! The output of commands: diffs, notes and a JSON document.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::diagnostic::{Diagnostic, Level};
use crate::diff::{Line, Sign, to_text};
use crate::help::RunContext;
use crate::mask::printable;
use crate::openclaw::VersionSource;
use crate::report::json;
use crate::store::Location as Located;
use crate::ui::{Tone, Ui};

/// Prints the JSON document of a command, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, command: &str, fields: impl FnOnce() -> Json) {
    if format == Format::Json {
        ui.result(&json::document(Some(command), fields()));
    }
}

/// The same for a subcommand: command and action.
pub(crate) fn finish_action(
    ui: &Ui,
    format: Format,
    (command, action): (&str, &str),
    fields: impl FnOnce() -> Json,
) {
    finish(ui, format, command, || {
        let mut whole = json!({ "action": action });
        if let (Some(whole), Json::Object(fields)) = (whole.as_object_mut(), fields()) {
            whole.extend(fields);
        }
        whole
    });
}

/// The config, and why it is used.
pub(crate) fn config_json(location: &Located) -> Json {
    json!({
        "path": location.config.display().to_string(),
        "reason": location.reason.to_string(),
        "exists": location.exists,
    })
}

/// The OpenClaw version that checks are based on, and its source.
pub(crate) fn version_json(version: VersionSource) -> Json {
    json!({ "version": version.version().to_string(), "source": version.source() })
}

/// A path for display, with `~` for the home folder.
pub(crate) fn short(path: &Path, home: Option<&Path>) -> String {
    let text = match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if !rest.as_os_str().is_empty() => {
            format!("~{}{}", std::path::MAIN_SEPARATOR, rest.display())
        }
        _ => path.display().to_string(),
    };
    printable(&text).into_owned()
}

pub(crate) fn file_name(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

/// The output stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Result,
    Note,
}

/// Prints a diff, coloured if the stream supports it.
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

/// Prints notes. Files are shown by name only.
pub(crate) fn notes(ui: &Ui, notes: &[Diagnostic], context: &RunContext) {
    for note in notes {
        let text = note.sentence(context);
        let text = printable(&text);
        let at = note
            .location
            .as_ref()
            .map(|location| format!(" ({})", location.named(file_name(&location.file))))
            .unwrap_or_default();
        if note.level.is_problem() {
            ui.alert(&format!("{} {text}{at}", ui.err(Tone::Warn, "warning:")));
        } else {
            ui.note(&format!("{} {text}{at}", ui.err(Tone::Place, "note:")));
        }
    }
}

/// Prints the results of checks, one per line.
pub(crate) fn checks<'a>(ui: &Ui, checks: impl IntoIterator<Item = &'a Diagnostic>) {
    for check in checks {
        let (tone, sign) = sign(check.level);
        ui.note(&format!(
            "{} {}",
            ui.err(tone, sign),
            printable(&check.message)
        ));
    }
}

/// Prints the checks that didn't fail.
pub(crate) fn checks_but_errors(ui: &Ui, all: &[Diagnostic]) {
    let others = all.iter().filter(|check| check.level != Level::Error);
    checks(ui, others);
}

pub(crate) fn sign(level: Level) -> (Tone, &'static str) {
    match level {
        Level::Passed => (Tone::Good, "✓"),
        Level::Skipped => (Tone::Dim, "·"),
        Level::Note => (Tone::Place, "i"),
        Level::Warning => (Tone::Warn, "!"),
        Level::Error => (Tone::Bad, "✗"),
    }
}

/// Diagnostics as JSON, the same in every document.
pub(crate) fn diagnostics_json(diagnostics: &[Diagnostic], context: &RunContext) -> Json {
    diagnostics
        .iter()
        .map(|one| json::diagnostic(one, context))
        .collect()
}
