//! Converts offsets to lines and columns, for many offsets in one text.

use std::ops::Range;

use crate::document::Position;

/// The number of bytes between cached character counts.
const STEP: usize = 4096;

/// The line starts of a text. Lines end at LF, CRLF and CR; columns count characters, as in
/// [`crate::document::Document::locate`], which is better for a single offset.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
    /// The number of characters before each multiple of [`STEP`].
    counts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Scans a text once.
    #[must_use]
    pub fn of(text: &'t [u8]) -> Self {
        let mut starts = vec![0];
        for (at, &byte) in text.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && text.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        let mut counts = vec![0];
        let mut total = 0;
        for piece in text.chunks(STEP) {
            total += characters(piece);
            counts.push(total);
        }
        Self {
            text,
            starts,
            counts,
        }
    }

    /// The line of an offset, from 0.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The byte range of a line, without its line break.
    #[must_use]
    pub fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let next = self
            .starts
            .get(line + 1)
            .copied()
            .unwrap_or(self.text.len());
        let body = &self.text[start..next];
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        start..start + body.len()
    }

    /// Part of the text, if it is valid UTF-8.
    #[must_use]
    pub fn text(&self, range: Range<usize>) -> Option<&'t str> {
        std::str::from_utf8(self.text.get(range)?).ok()
    }

    /// The line and column of an offset, both from 1.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line(offset);
        Position {
            line: line + 1,
            column: 1 + self.before(offset) - self.before(self.starts[line]),
        }
    }

    /// The number of characters before an offset.
    fn before(&self, offset: usize) -> usize {
        let step = offset / STEP;
        self.counts[step] + characters(&self.text[step * STEP..offset])
    }
}

/// UTF-8 continuation bytes aren't characters.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn matches_the_document_at_every_offset() {
        let long = format!("[ '{}',\r\n1 ]", "é".repeat(3 * STEP));
        for text in [
            "{}",
            "{\r\n\t'ä': 1,\r 'b': 2,\n\n}\n",
            "\u{feff}{ }\r",
            &long,
        ] {
            let document = Document::parse(text).unwrap();
            let lines = Lines::of(text.as_bytes());
            for offset in (0..=text.len()).step_by(1 + text.len() / 500) {
                assert_eq!(lines.position(offset), document.locate(offset), "{offset}");
            }
        }
    }

    #[test]
    fn ranges_exclude_line_breaks() {
        let lines = Lines::of(b"ab\r\nc\rd\n");
        let all: Vec<_> = (0..5).map(|line| lines.range(line)).collect();
        assert_eq!(all, [0..2, 4..5, 6..7, 8..8, 8..8]);
        assert_eq!(
            [0, 2, 3, 4, 5, 6, 8].map(|at| lines.line(at)),
            [0, 0, 0, 1, 1, 2, 3]
        );
    }
}
