//! Output formats for diagnostics: text, JSON, SARIF, GitHub annotations. None of them shows a
//! secret or a raw control character.

pub mod docs;
pub mod github;
pub mod json;
pub mod sarif;
pub mod text;
pub mod usage;

mod fixes;

use std::fmt::Write as _;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Document, Position, ReadErrorKind, is_printable};
use crate::error::Failure;
use crate::help::RunContext;
use crate::lines::Lines;
use crate::mask::{Known, mask_in_place, mask_strings, mask_with, printable, ranges_and_values};
use crate::openclaw::Config;
use crate::secret::Secret;

pub use fixes::changes_of;

/// A file as shown in reports.
#[derive(Debug)]
pub struct File<'t> {
    name: String,
    lines: Lines<'t>,
    /// The text with its secrets masked, byte for byte.
    masked: String,
    /// Its secrets.
    secrets: Known,
}

impl<'t> File<'t> {
    /// A file that was parsed. `name` is its display name; `known` are keys that nothing in the
    /// text gives away.
    #[must_use]
    pub fn read(name: impl Into<String>, document: &'t Document, known: &[Secret]) -> Self {
        let text = document.text();
        let (ranges, values) = ranges_and_values(document, known);
        let mut secrets = Known::default();
        for secret in values.iter().chain(known) {
            secrets.add(secret.expose());
        }
        Self {
            name: name.into(),
            lines: Lines::of(text.as_bytes()),
            masked: mask_in_place(text, &ranges),
            secrets,
        }
    }

    /// A file that was rejected with an error of this kind; every string in it is masked.
    #[must_use]
    pub fn unread(name: impl Into<String>, bytes: &'t [u8], kind: ReadErrorKind) -> Self {
        // None of it is readable text.
        let bytes = if kind == ReadErrorKind::Utf16 {
            &[]
        } else {
            bytes
        };
        Self {
            name: name.into(),
            lines: Lines::of(bytes),
            masked: mask_strings(&byte_for_byte(bytes)),
            secrets: Known::default(),
        }
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.masked.get(range).unwrap_or_default()
    }

    /// A sentence about the file, safe to print.
    fn safe(&self, sentence: &str) -> String {
        printable(&mask_with(sentence, &self.secrets)).into_owned()
    }
}

/// Possibly invalid UTF-8 as text of the same length: invalid bytes become `?`.
fn byte_for_byte(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

/// Identifies a diagnostic after lines have moved. Derived from rule, path and value; for secrets
/// only from their presence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// The rule's id.
    pub rule: String,
    /// The path to the value.
    pub path: String,
    /// A hash of the value, 16 hexadecimal digits.
    pub value: String,
}

/// The diagnostics of one config, with its files.
#[derive(Debug)]
pub struct Report<'t> {
    files: Vec<File<'t>>,
    /// The diagnostics, sorted by location, safe to print. Fixes that can't be applied are dropped.
    pub diagnostics: Vec<Diagnostic>,
    /// What suggested commands take from the current run.
    pub context: RunContext,
}

impl<'t> Report<'t> {
    /// Whether it has the files, as it does if there are any diagnostics.
    #[must_use]
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// A sentence about the files, safe to print.
    #[must_use]
    pub fn safe(&self, sentence: &str) -> String {
        let mask = |text: String, file: &File<'_>| file.safe(&text);
        self.files.iter().fold(sentence.to_owned(), mask)
    }

    /// Prepares diagnostics for output. `files` are the config's sources, if it could be read,
    /// followed by those that could not; a diagnostic's source is an index into them. Without the
    /// config, fixes aren't tried out and their edits aren't shown.
    #[must_use]
    pub fn new(
        files: Vec<File<'t>>,
        config: Option<&Config>,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let mut trial = fixes::Trial::new(config, &files);
        let diagnostics = diagnostics
            .into_iter()
            .filter_map(|one| {
                let file = files.get(one.source()?)?;
                Some(safe(file, one, &mut trial))
            })
            .collect();
        Self {
            files,
            diagnostics,
            context: RunContext::default(),
        }
    }

    /// The display name of a file.
    #[must_use]
    pub fn name(&self, source: usize) -> &str {
        self.files.get(source).map_or("", |file| &file.name)
    }

    /// What identifies a diagnostic.
    #[must_use]
    pub fn fingerprint(&self, diagnostic: &Diagnostic) -> Fingerprint {
        Fingerprint {
            rule: diagnostic.check.to_owned(),
            path: self.path(diagnostic),
            value: self.value(diagnostic),
        }
    }

    /// A hash of the value that a diagnostic points at.
    fn value(&self, diagnostic: &Diagnostic) -> String {
        let text = diagnostic.span().and_then(|span| {
            let file = self.files.get(span.source)?;
            Some(file.slice(span.range.clone()))
        });
        value_hash(text.unwrap_or_default())
    }

    /// The displayed path to a value; empty for the root.
    fn path(&self, diagnostic: &Diagnostic) -> String {
        let location = diagnostic.location.as_ref();
        let Some(location) = location.filter(|location| !location.path.0.is_empty()) else {
            return String::new();
        };
        let path = location.path.to_string();
        match location
            .span
            .as_ref()
            .and_then(|span| self.files.get(span.source))
        {
            Some(file) => mask_with(&path, &file.secrets),
            None => mask_with(&path, &Known::default()),
        }
    }

    /// How to fix it, with commands for the current run.
    fn help(&self, diagnostic: &Diagnostic) -> String {
        diagnostic.help.render(&self.context)
    }

    /// The location of a diagnostic.
    fn place(&self, diagnostic: &Diagnostic) -> Shown<'_, 't> {
        let span = diagnostic.span();
        let source = span.map_or(usize::MAX, |span| span.source);
        let range = span.map_or(0..0, |span| span.range.clone());
        let file = self.files.get(source);
        let position = |offset| {
            file.map_or(Position { line: 1, column: 1 }, |file| {
                file.lines.position(offset)
            })
        };
        Shown {
            name: self.name(source),
            start: position(range.start),
            end: position(range.end),
            path: self.path(diagnostic),
            file,
            range,
        }
    }
}

/// A location as displayed.
struct Shown<'r, 't> {
    file: Option<&'r File<'t>>,
    /// The display name of the file.
    name: &'r str,
    range: Range<usize>,
    start: Position,
    /// Exclusive.
    end: Position,
    /// The path to the value in the merged config; empty for the root.
    path: String,
}

fn safe(file: &File<'_>, diagnostic: Diagnostic, trial: &mut fixes::Trial<'_, '_>) -> Diagnostic {
    let mut diagnostic = diagnostic.map_text(|text| file.safe(text));
    diagnostic.fix = diagnostic.fix.and_then(|fix| trial.tried(fix));
    diagnostic
}

/// FNV-1a of a value's masked text. For an object or array only its type, so that a diagnostic
/// about something missing in it stays the same when other members are added.
fn value_hash(masked: &str) -> String {
    let text = match masked.as_bytes().first() {
        Some(b'{' | b'[') => &masked[..1],
        _ => masked,
    };
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut last = 0;
    for byte in text.bytes() {
        // A mask counts once, whatever its length.
        if byte == b'*' && last == b'*' {
            continue;
        }
        last = byte;
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// The number of diagnostics at each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Adds one.
    pub fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Note => self.notes += 1,
            Level::Skipped | Level::Passed => {}
        }
    }

    /// Adds those of another file.
    pub fn merge(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
    }

    /// The total.
    #[must_use]
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// The number at a level or above.
    #[must_use]
    pub fn from_level_up(self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.errors + self.warnings,
            Level::Note | Level::Skipped | Level::Passed => self.total(),
        }
    }
}

/// What is reported once, after the diagnostics.
#[derive(Debug, Default)]
pub struct Summary {
    /// The number of files checked.
    pub files: usize,
    /// Whether OpenClaw accepts each of them.
    pub verdicts: Vec<FileVerdict>,
    /// The diagnostics in them.
    pub counts: Counts,
    /// The number of diagnostics with a fix, and with a safe one.
    pub fixable: (usize, usize),
    /// The number of diagnostics ignored by comments.
    pub ignored: usize,
    /// The number of diagnostics in the baseline.
    pub suppressed: usize,
    /// Baseline entries that no longer match: file and fingerprint.
    pub stale: Vec<(String, Fingerprint)>,
    /// What couldn't be checked, one sentence each.
    pub skipped: Vec<String>,
    /// The files that fixes are for, in the form used by every JSON document.
    pub files_changed: Vec<serde_json::Value>,
    /// What couldn't be read or written.
    pub failed: Vec<Failure>,
}

/// Whether OpenClaw accepts a file.
#[derive(Clone, Debug)]
pub struct FileVerdict {
    /// The file, as named by the user.
    pub file: String,
    /// The OpenClaw version that it was checked against.
    pub version: String,
    /// Whether OpenClaw starts with the file; `None` if unknown.
    pub accepted: Option<bool>,
    /// Why not, or why it is unknown.
    pub reason: Option<String>,
}

/// Escapes what JSON allows unescaped but a terminal shouldn't get: DEL, C1 controls, and
/// characters that reorder a line.
fn ascii_safe(json: &str) -> String {
    if json.chars().all(is_printable) {
        return json.to_owned();
    }
    let mut safe = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if is_printable(c) || c == '\n' {
            safe.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_stable_and_contain_no_secret() {
        assert_eq!(value_hash("\"***\""), value_hash("\"*********\""));
        assert_ne!(value_hash("\"a\""), value_hash("\"b\""));
        assert_eq!(value_hash("{ a: 1 }"), value_hash("{ b: 2, c: 3 }"));
        // Existing baselines depend on this value.
        assert_eq!(value_hash("\"https://api.portkey.ai\""), "71b7db80d1e23714");
    }

    #[test]
    fn json_has_no_control_characters() {
        assert_eq!(
            ascii_safe("{\"a\u{7f}\u{9b}é\u{202e}\": 1}\n"),
            "{\"a\\u007f\\u009bé\\u202e\": 1}\n"
        );
    }

    #[test]
    fn bytes_keep_their_offsets() {
        let bytes = b"a\xff\xfeb\xc3\xa9\xe2\x82";
        assert_eq!(byte_for_byte(bytes), "a??bé??");
    }
}
