//! What was found, as it is shown: text, JSON, SARIF, annotations for GitHub. No format shows a
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

/// A file as reports show it.
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
    /// A file that was read. `name` is how it is called, `known` are keys that nothing in the
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

    /// A file that the reader refused with an error of this kind; every string in it is masked.
    #[must_use]
    pub fn unread(name: impl Into<String>, bytes: &'t [u8], kind: ReadErrorKind) -> Self {
        // Nothing of it reads as text.
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

    /// A sentence about the file, safe to show.
    fn safe(&self, sentence: &str) -> String {
        printable(&mask_with(sentence, &self.secrets)).into_owned()
    }
}

/// The text of bytes that need not be UTF-8, at equal length: what is none shows as `?`.
fn byte_for_byte(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

/// Tells a diagnostic again when lines have moved: made from rule, path and value, of secrets only
/// that they are there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// The rule's id.
    pub rule: String,
    /// The way to the value.
    pub path: String,
    /// A hash of the value, 16 hexadecimal digits.
    pub value: String,
}

/// The diagnostics of one config, with its files.
#[derive(Debug)]
pub struct Report<'t> {
    files: Vec<File<'t>>,
    /// The diagnostics, sorted by location, safe to show. Of a fix that cannot be made, nothing is
    /// left.
    pub diagnostics: Vec<Diagnostic>,
    /// What the commands to type get from the current run.
    pub context: RunContext,
}

impl<'t> Report<'t> {
    /// Whether it knows the files, which it does where there is a diagnostic.
    #[must_use]
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// A sentence about the files, safe to show.
    #[must_use]
    pub fn safe(&self, sentence: &str) -> String {
        let mask = |text: String, file: &File<'_>| file.safe(&text);
        self.files.iter().fold(sentence.to_owned(), mask)
    }

    /// Makes diagnostics ready to be shown. The files are the sources of the config, where it could
    /// be read, and behind them those that could not; a diagnostic's source is an index into them.
    /// Without the config, fixes are promised untried and their edits not shown.
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

    /// What a file is called.
    #[must_use]
    pub fn name(&self, source: usize) -> &str {
        self.files.get(source).map_or("", |file| &file.name)
    }

    /// What distinguishes a diagnostic from others.
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

    /// The path to a value as it is shown; empty for the whole.
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

    /// What to do, with commands for the current run.
    fn help(&self, diagnostic: &Diagnostic) -> String {
        diagnostic.help.render(&self.context)
    }

    /// Where a diagnostic is.
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

/// A location as it is shown.
struct Shown<'r, 't> {
    file: Option<&'r File<'t>>,
    /// What the file is called.
    name: &'r str,
    range: Range<usize>,
    start: Position,
    /// Exclusive.
    end: Position,
    /// The path to the value in the merged config; empty for the whole.
    path: String,
}

fn safe(file: &File<'_>, diagnostic: Diagnostic, trial: &mut fixes::Trial<'_, '_>) -> Diagnostic {
    let mut diagnostic = diagnostic.map_text(|text| file.safe(text));
    diagnostic.fix = diagnostic.fix.and_then(|fix| trial.tried(fix));
    diagnostic
}

/// FNV-1a of a value's masked text. Of an object or array only that it is one, so that a finding
/// about what is missing in it stays the same when something else comes in.
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

/// How many findings of each level.
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
    /// Counts one more.
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

    /// All of them.
    #[must_use]
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// Those of a level and of worse ones.
    #[must_use]
    pub fn from_level_up(self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.errors + self.warnings,
            Level::Note | Level::Skipped | Level::Passed => self.total(),
        }
    }
}

/// What is reported once, behind the findings.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many files were looked at.
    pub files: usize,
    /// What OpenClaw makes of each.
    pub verdicts: Vec<FileVerdict>,
    /// What was found in them.
    pub counts: Counts,
    /// How many of the findings have a fix, and how many of those fixes are safe.
    pub fixable: (usize, usize),
    /// How many findings a comment silenced.
    pub ignored: usize,
    /// How many findings the baseline holds.
    pub suppressed: usize,
    /// Entries of the baseline that nothing was found for: file and fingerprint.
    pub stale: Vec<(String, Fingerprint)>,
    /// What could not be checked, one sentence each.
    pub skipped: Vec<String>,
    /// The files that fixes are for, as every JSON document has them.
    pub files_changed: Vec<serde_json::Value>,
    /// What could not be read or written.
    pub failed: Vec<Failure>,
}

/// What OpenClaw makes of a file.
#[derive(Clone, Debug)]
pub struct FileVerdict {
    /// The file as it was named.
    pub file: String,
    /// The version of OpenClaw it is judged by.
    pub version: String,
    /// Whether it starts with the file; nothing if that is unknown.
    pub accepted: Option<bool>,
    /// Why not, or why that is unknown.
    pub reason: Option<String>,
}

/// Escapes what JSON allows raw but a terminal should not see: DEL, C1 controls, and characters
/// that reorder a line.
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
    fn fingerprints_hold_no_secret_and_stay_when_lines_move() {
        assert_eq!(value_hash("\"***\""), value_hash("\"*********\""));
        assert_ne!(value_hash("\"a\""), value_hash("\"b\""));
        assert_eq!(value_hash("{ a: 1 }"), value_hash("{ b: 2, c: 3 }"));
        // The baselines that people keep depend on it.
        assert_eq!(value_hash("\"https://api.portkey.ai\""), "71b7db80d1e23714");
    }

    #[test]
    fn json_keeps_no_control_character() {
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
