//! The new text as it is built: pieces of the old text in order, with new text in between.

use std::ops::Range;

use crate::edit::{Replacement, trivia};

pub(super) struct Output<'t> {
    old: &'t str,
    line_break: &'static str,
    /// The offset up to which the old text has been copied or dropped.
    copied: usize,
    /// New text since then.
    new: String,
    replacements: Vec<Replacement>,
    /// Replacements to apply to pieces when they are copied, in order.
    substitutes: Vec<Replacement>,
    /// Whether the last copied piece is a `//` comment, so that a line break must follow.
    in_line_comment: bool,
}

impl<'t> Output<'t> {
    pub(super) fn new(old: &'t str, line_break: &'static str) -> Self {
        let new = String::new();
        let replacements = Vec::new();
        Self {
            old,
            line_break,
            copied: 0,
            new,
            replacements,
            substitutes: Vec::new(),
            in_line_comment: false,
        }
    }

    /// Sets the pieces that are not copied verbatim.
    pub(super) fn substitute(&mut self, pieces: Vec<Replacement>) {
        self.substitutes = pieces;
    }

    /// Copies a piece of the old text; anything skipped before it is dropped.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        let first = self
            .substitutes
            .partition_point(|piece| piece.range.start < range.start);
        let mut start = range.start;
        for index in first..self.substitutes.len() {
            let piece = self.substitutes[index].clone();
            if piece.range.end > range.end {
                break;
            }
            self.copy_unchanged(start..piece.range.start);
            self.text().push_str(&piece.text);
            start = piece.range.end;
        }
        self.copy_unchanged(start..range.end);
    }

    fn copy_unchanged(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.in_line_comment && !starts_with_break(&self.old[range.clone()]) {
            self.new.push_str(self.line_break);
        }
        self.in_line_comment = false;
        if range.start > self.copied || !self.new.is_empty() {
            self.replace(range.start);
        }
        self.copied = range.end;
    }

    /// Copies a piece that is just whitespace and comments.
    pub(super) fn copy_trivia(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.copy(range.clone());
            self.in_line_comment = trivia::ends_in_line_comment(self.old, range);
        }
    }

    /// Adds whitespace.
    pub(super) fn blank(&mut self, blank: &str) {
        if self.in_line_comment && !blank.is_empty() {
            if !starts_with_break(blank) {
                self.new.push_str(self.line_break);
            }
            self.in_line_comment = false;
        }
        self.new.push_str(blank);
    }

    /// The buffer for new tokens.
    pub(super) fn text(&mut self) -> &mut String {
        if self.in_line_comment {
            self.new.push_str(self.line_break);
            self.in_line_comment = false;
        }
        &mut self.new
    }

    fn replace(&mut self, end: usize) {
        let range = self.copied..end;
        let text = std::mem::take(&mut self.new);
        if self.old[range.clone()] != text {
            self.replacements.push(Replacement { range, text });
        }
    }

    pub(super) fn finish(mut self) -> Vec<Replacement> {
        if self.copied < self.old.len() || !self.new.is_empty() {
            self.replace(self.old.len());
        }
        self.replacements
    }
}

fn starts_with_break(text: &str) -> bool {
    text.starts_with(['\n', '\r', '\u{2028}', '\u{2029}'])
}
