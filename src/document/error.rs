//! Parse errors.

use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::str::Utf8Error;

use super::Position;

/// Why a text was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// The bytes are UTF-16 or UTF-32.
    Utf16,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The text reaches a gigabyte.
    TooLarge,
    /// Nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// Nothing but whitespace and comments.
    Empty,
    /// The text is not JSON5.
    Syntax,
}

/// A parse error with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The kind of error.
    pub kind: ReadErrorKind,
    /// One sentence. Never quotes the text, which may contain secrets.
    pub message: String,
    /// The byte range it is about; empty if something is missing.
    pub span: Range<usize>,
    /// The start of the range.
    pub position: Position,
    /// What probably helps.
    pub hint: Option<&'static str>,
}

impl ReadError {
    pub(super) fn utf16() -> Self {
        Self {
            kind: ReadErrorKind::Utf16,
            message: "the file is UTF-16, but OpenClaw reads UTF-8".to_owned(),
            span: 0..0,
            position: Position { line: 1, column: 1 },
            hint: Some("save it as UTF-8"),
        }
    }

    pub(super) fn not_utf8(bytes: &[u8], error: Utf8Error) -> Self {
        let start = error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |len| start + len);
        Self {
            kind: ReadErrorKind::NotUtf8,
            message: "the file is not valid UTF-8".to_owned(),
            span: start..end,
            position: Position::of(bytes, start),
            hint: Some("save it as UTF-8"),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl Error for ReadError {}
