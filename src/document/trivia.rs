//! The text between tokens: whitespace, line breaks and comments.

use std::ops::Range;

/// A piece of the text between two tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trivia {
    pub(crate) kind: TriviaKind,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TriviaKind {
    /// Whitespace within a line.
    Blank,
    /// One line break; CRLF counts as one.
    Break,
    /// `// …`, without its line break.
    LineComment,
    /// `/* … */`
    BlockComment,
}

impl TriviaKind {
    pub(crate) fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment)
    }
}

/// Whether this ends a line comment: LF, CR, and the two Unicode separators.
pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

impl Trivia {
    /// The piece that starts at `start`; `None` at a token, at the end of the text, or at an
    /// invalid or unclosed comment.
    pub(crate) fn at(text: &str, start: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let (kind, end) = match *bytes.get(start)? {
            b'\r' if bytes.get(start + 1) == Some(&b'\n') => (TriviaKind::Break, start + 2),
            b'\n' | b'\r' => (TriviaKind::Break, start + 1),
            b'/' => match *bytes.get(start + 1)? {
                b'/' => (TriviaKind::LineComment, line_end(text, start)),
                b'*' => {
                    let length = text[start + 2..].find("*/")?;
                    (TriviaKind::BlockComment, start + 2 + length + 2)
                }
                _ => return None,
            },
            byte if byte.is_ascii() && !matches!(byte, b' ' | b'\t' | 0xB | 0xC) => return None,
            _ => {
                let blanks = blanks_end(text, start);
                if blanks > start {
                    (TriviaKind::Blank, blanks)
                } else {
                    // U+2028 or U+2029, three bytes each; any other character belongs to a token.
                    let c = text[start..].chars().next().filter(|&c| is_line_break(c))?;
                    (TriviaKind::Break, start + c.len_utf8())
                }
            }
        };
        Some(Self {
            kind,
            span: start..end,
        })
    }

    /// The pieces from `start` up to the next token.
    pub(crate) fn run(text: &str, start: usize) -> impl Iterator<Item = Self> {
        std::iter::successors(Self::at(text, start), move |piece| {
            Self::at(text, piece.span.end)
        })
    }
}

fn blanks_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        if matches!(byte, b' ' | b'\t' | 0xB | 0xC) {
            end += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            match text[end..].chars().next() {
                Some(c) if json5::char::is_json5_whitespace(c) && !is_line_break(c) => {
                    end += c.len_utf8();
                }
                _ => break,
            }
        }
    }
    end
}

fn line_end(text: &str, start: usize) -> usize {
    text[start..]
        .find(is_line_break)
        .map_or(text.len(), |length| start + length)
}

/// The comments of a text without syntax errors.
pub(super) fn comments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'"' | b'\'' => at = string_end(bytes, at),
                b'/' => {
                    let comment = Trivia::at(text, at)?.span;
                    at = comment.end;
                    return Some(comment);
                }
                _ => at += 1,
            }
        }
        None
    })
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if byte == bytes[start] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
