//! Analyses the text between the entries of a container.

use std::ops::Range;

use crate::document::{Trivia, TriviaKind};

/// What follows an entry, up to the next one or the closing bracket.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    /// The offset of the comma, if there is one.
    pub(super) comma: Option<usize>,
    /// The end of the comments on the entry's line; the lead of the next entry starts here.
    pub(super) tail_end: usize,
}

impl Gap {
    /// The gap from `start`, the end of an entry or of an opening bracket.
    pub(super) fn after(text: &str, start: usize) -> Self {
        let end = trivia_end(text, start);
        let comma = (text.as_bytes().get(end) == Some(&b',')).then_some(end);
        let tail = comma.map_or(start, |comma| comma + 1);
        Self {
            comma,
            tail_end: tail_end(text, tail),
        }
    }

    /// The gap after an opening bracket, where no comma is allowed.
    pub(super) fn after_bracket(text: &str, start: usize) -> Self {
        Self {
            comma: None,
            tail_end: tail_end(text, start),
        }
    }
}

fn trivia_end(text: &str, start: usize) -> usize {
    Trivia::run(text, start)
        .last()
        .map_or(start, |piece| piece.span.end)
}

/// Comments at the end of a line belong to what precedes them. Comments before another token on the
/// same line belong to that token, unless it closes the container.
fn tail_end(text: &str, start: usize) -> usize {
    let mut comment_end = start;
    let mut end = start;
    for piece in Trivia::run(text, start) {
        if piece.kind == TriviaKind::Break {
            return piece.span.start;
        }
        end = piece.span.end;
        if piece.kind.is_comment() {
            comment_end = end;
        }
    }
    match text.as_bytes().get(end) {
        Some(b'}' | b']') => comment_end,
        _ => start,
    }
}

/// The pieces of a range that contains only trivia.
pub(super) fn pieces(text: &str, range: Range<usize>) -> impl Iterator<Item = Trivia> {
    Trivia::run(text, range.start).take_while(move |piece| piece.span.end <= range.end)
}

pub(super) fn has_comment(text: &str, range: Range<usize>) -> bool {
    pieces(text, range).any(|piece| piece.kind.is_comment())
}

pub(super) fn has_break(text: &str, range: Range<usize>) -> bool {
    pieces(text, range).any(|piece| piece.kind == TriviaKind::Break)
}

pub(super) fn first_break(text: &str, range: Range<usize>) -> Option<usize> {
    pieces(text, range)
        .find(|piece| piece.kind == TriviaKind::Break)
        .map(|piece| piece.span.start)
}

pub(super) fn last_comment_end(text: &str, range: Range<usize>) -> Option<usize> {
    pieces(text, range)
        .filter(|piece| piece.kind.is_comment())
        .last()
        .map(|piece| piece.span.end)
}

pub(super) fn ends_in_line_comment(text: &str, range: Range<usize>) -> bool {
    pieces(text, range)
        .last()
        .is_some_and(|piece| piece.kind == TriviaKind::LineComment)
}

/// Whether it starts with a blank line.
pub(super) fn starts_with_blank_line(text: &str, range: Range<usize>) -> bool {
    let before_comment = pieces(text, range).take_while(|piece| !piece.kind.is_comment());
    before_comment
        .filter(|piece| piece.kind == TriviaKind::Break)
        .count()
        > 1
}

/// Splits an entry's lead in two: the lines above it, and the part on its own line, starting with
/// the line break (or, without a line break, all of it).
pub(super) fn split_lead(text: &str, lead: Range<usize>) -> (Range<usize>, Range<usize>) {
    let last = pieces(text, lead.clone())
        .filter(|piece| piece.kind == TriviaKind::Break)
        .last();
    let at = last.map_or(lead.start, |piece| piece.span.start);
    (lead.start..at, at..lead.end)
}

/// The part of a range before its first comment.
pub(super) fn before_comments(text: &str, range: Range<usize>) -> Range<usize> {
    let first = pieces(text, range.clone()).find(|piece| piece.kind.is_comment());
    range.start..first.map_or(range.end, |piece| piece.span.start)
}

/// A range without leading spaces.
pub(super) fn without_first_blank(text: &str, range: Range<usize>) -> Range<usize> {
    match pieces(text, range.clone()).next() {
        Some(piece) if piece.kind == TriviaKind::Blank => piece.span.end..range.end,
        _ => range,
    }
}

/// A range without leading blank lines.
pub(super) fn without_blank_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let before_comment = pieces(text, range.clone()).take_while(|piece| !piece.kind.is_comment());
    let breaks = before_comment.filter(|piece| piece.kind == TriviaKind::Break);
    breaks.last().map_or(range.start, |piece| piece.span.start)..range.end
}

/// The indentation in an entry's lead; `None` if the entry doesn't start a line.
pub(super) fn indent(text: &str, lead: Range<usize>) -> Option<&str> {
    let own_line = split_lead(text, lead).1;
    let first = pieces(text, own_line.clone()).next()?;
    let blank = before_comments(text, first.span.end..own_line.end);
    (first.kind == TriviaKind::Break).then(|| &text[blank])
}

/// The start of the line that contains `offset`.
pub(super) fn line_start(text: &str, offset: usize) -> usize {
    // Two searches for one byte each are many times faster than one search for either.
    let feed = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    text[feed..offset]
        .rfind('\r')
        .map_or(feed, |at| feed + at + 1)
}

/// The indentation of the line that contains `offset`.
pub(super) fn line_indent(text: &str, offset: usize) -> &str {
    let line = line_start(text, offset);
    let line = if text[line..].starts_with('\u{FEFF}') {
        line + 3
    } else {
        line
    };
    let rest = &text[line..];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}

/// Whether the first entry of the container at `open` is on a new line.
pub(super) fn is_multiline(text: &str, open: usize) -> bool {
    Trivia::run(text, open + 1).any(|piece| piece.kind == TriviaKind::Break)
}
