//! A unified diff from a list of replacements, with secrets masked, in context lines too.

use std::fmt::Write as _;
use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use crate::edit::Replacement;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its kind.
    pub sign: Sign,
    /// Its masked text, without the line break.
    pub text: String,
}

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `---`, `+++`, `@@`, and the note about a missing final line break.
    Header,
    /// Unchanged.
    Same,
    /// Added.
    Added,
    /// Removed.
    Removed,
}

/// One side of a diff: the text, which determines what changed, and a function that masks it.
#[derive(Clone, Copy)]
pub struct Side<'t> {
    /// The text.
    pub text: &'t str,
    /// Masks whole lines of the text, given by their byte range, and keeps their line breaks. Only
    /// called for the lines that are shown.
    pub masked: &'t dyn Fn(Range<usize>) -> String,
}

/// The unified diff of a file. Without `context`, shows only the changed lines, for files that are
/// entirely secret.
#[must_use]
pub fn unified(
    name: &str,
    old: Side<'_>,
    new: Side<'_>,
    replacements: &[Replacement],
    context: bool,
) -> Vec<Line> {
    let around = if context { CONTEXT } else { 0 };
    let mut lines = vec![header(format!("--- {name}")), header(format!("+++ {name}"))];
    let (mut old_lines, mut new_lines) = (LineCount::default(), LineCount::default());
    for touched in touched_lines(old.text, new.text, replacements, around) {
        let old_part = Part::of(old, touched.old, &mut old_lines);
        let new_part = Part::of(new, touched.new, &mut new_lines);
        hunks(&old_part, &new_part, around, &mut lines);
    }
    lines
}

/// The single replacement that turns one text into another: everything between their common prefix
/// and suffix.
#[must_use]
pub fn between(old: &str, new: &str) -> Replacement {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    Replacement {
        range: start..old.len() - end,
        text: new_rest[..new_rest.len() - end].to_owned(),
    }
}

/// The diff as plain text.
#[must_use]
pub fn to_text(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let sign = match line.sign {
            Sign::Header => "",
            Sign::Same => " ",
            Sign::Added => "+",
            Sign::Removed => "-",
        };
        let _ = writeln!(text, "{sign}{}", line.text);
    }
    text
}

fn header(text: String) -> Line {
    Line {
        sign: Sign::Header,
        text,
    }
}

/// Some lines of a side, including line breaks.
struct Part<'t> {
    /// The number of lines before it.
    before: usize,
    lines: Vec<&'t str>,
    masked: String,
}

impl<'t> Part<'t> {
    fn of(side: Side<'t>, bytes: Range<usize>, count: &mut LineCount) -> Self {
        Self {
            before: count.before(side.text, bytes.start),
            lines: side.text[bytes.clone()].split_inclusive('\n').collect(),
            masked: (side.masked)(bytes),
        }
    }

    fn shown(&self) -> Vec<&str> {
        self.masked.split_inclusive('\n').collect()
    }
}

/// Counts lines incrementally, so that the text is scanned only once.
#[derive(Default)]
struct LineCount {
    offset: usize,
    lines: usize,
}

impl LineCount {
    /// The number of lines that end before an offset, which must not be smaller than the previous
    /// one.
    fn before(&mut self, text: &str, offset: usize) -> usize {
        let passed = &text.as_bytes()[self.offset..offset];
        #[expect(
            clippy::naive_bytecount,
            reason = "compiled to a vector loop, no crate needed"
        )]
        let ends = passed.iter().filter(|&&byte| byte == b'\n').count();
        self.lines += ends;
        self.offset = offset;
        self.lines
    }
}

/// Whole lines of both texts, as byte ranges.
struct Touched {
    old: Range<usize>,
    new: Range<usize>,
}

/// The lines that replacements touch, with room for context; neighbours are merged.
fn touched_lines(
    old: &str,
    new: &str,
    replacements: &[Replacement],
    around: usize,
) -> Vec<Touched> {
    let mut touched: Vec<Touched> = Vec::new();
    let mut shift: isize = 0;
    for replacement in replacements {
        let length = replacement.text.len();
        let start = replacement.range.start.saturating_add_signed(shift);
        let next = Touched {
            old: lines_around(old, replacement.range.clone(), around + 1),
            new: lines_around(new, start..start + length, around + 1),
        };
        shift += length.cast_signed() - replacement.range.len().cast_signed();
        match touched.last_mut() {
            Some(last) if next.old.start <= last.old.end || next.new.start <= last.new.end => {
                last.old.end = next.old.end.max(last.old.end);
                last.new.end = next.new.end.max(last.new.end);
            }
            _ => touched.push(next),
        }
    }
    touched
}

/// The lines that contain a byte range, with `more` lines before and after.
fn lines_around(text: &str, bytes: Range<usize>, more: usize) -> Range<usize> {
    let ends_before = text[..bytes.start].rmatch_indices('\n');
    let start = ends_before.map(|(at, _)| at + 1).nth(more).unwrap_or(0);
    let ends_after = text[bytes.end..].match_indices('\n');
    let end = ends_after.map(|(at, _)| bytes.end + at + 1).nth(more);
    start..end.unwrap_or(text.len())
}

fn hunks(old: &Part<'_>, new: &Part<'_>, around: usize, lines: &mut Vec<Line>) {
    let (old_shown, new_shown) = (old.shown(), new.shown());
    let diff = TextDiff::from_slices(&old.lines, &new.lines);
    for group in diff.grouped_ops(around) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let old_range = first.old_range().start..last.old_range().end;
        let new_range = first.new_range().start..last.new_range().end;
        lines.push(header(format!(
            "@@ -{} +{} @@",
            span(&old_range, old.before),
            span(&new_range, new.before)
        )));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, text) = match (change.tag(), change.old_index(), change.new_index()) {
                (ChangeTag::Equal, Some(at), _) => (Sign::Same, old_shown.get(at)),
                (ChangeTag::Delete, Some(at), _) => (Sign::Removed, old_shown.get(at)),
                (ChangeTag::Insert, _, Some(at)) => (Sign::Added, new_shown.get(at)),
                _ => continue,
            };
            let text = text.copied().unwrap_or_default();
            lines.push(Line {
                sign,
                text: text.trim_end_matches(['\n', '\r']).to_owned(),
            });
            if !text.ends_with('\n') {
                lines.push(header("\\ No newline at end of file".to_owned()));
            }
        }
    }
}

/// `start,count` in unified diff format: the count is omitted if it is 1, and an empty range refers
/// to the line before it.
fn span(range: &Range<usize>, offset: usize) -> String {
    let start = range.start + offset;
    match range.len() {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str, old: &str, new: &str, edits: &[Replacement], context: bool) -> String {
        let old_side = Side {
            text: old,
            masked: &|lines| old[lines].to_owned(),
        };
        let new_side = Side {
            text: new,
            masked: &|lines| new[lines].to_owned(),
        };
        to_text(&unified(name, old_side, new_side, edits, context))
    }

    fn diff(old: &str, range: Range<usize>, text: &str, context: bool) -> String {
        let new = format!("{}{text}{}", &old[..range.start], &old[range.end..]);
        let replacement = Replacement {
            range,
            text: text.to_owned(),
        };
        plain("f", old, &new, &[replacement], context)
    }

    #[test]
    fn shows_the_change_with_its_context() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            diff(old, 8..9, "five", true),
            "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
        assert_eq!(
            diff(old, 8..9, "five", false),
            "--- f\n+++ f\n@@ -5 +5 @@\n-5\n+five\n"
        );
    }

    #[test]
    fn new_files_and_missing_line_ends() {
        assert_eq!(
            diff("", 0..0, "a\nb\n", true),
            "--- f\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        );
        assert_eq!(
            diff("a", 1..1, "b", true),
            "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+ab\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn two_changes_far_apart_are_two_hunks() {
        let old = "a\n".repeat(40);
        let mut new = old.clone();
        new.replace_range(60..61, "z");
        new.replace_range(4..5, "y");
        let edits = [
            Replacement {
                range: 4..5,
                text: "y".to_owned(),
            },
            Replacement {
                range: 60..61,
                text: "z".to_owned(),
            },
        ];
        let text = plain("f", &old, &new, &edits, true);
        assert_eq!(text.matches("@@ -").count(), 2, "{text}");
    }

    #[test]
    fn masks_only_the_lines_it_shows() {
        let old = "line\n".repeat(1000);
        let mut new = old.clone();
        new.insert_str(2500, "new\n");
        let asked = std::cell::RefCell::new(Vec::new());
        let masked = |lines: Range<usize>| {
            asked.borrow_mut().push(lines.clone());
            new[lines].to_owned()
        };
        let side = |text| Side {
            text,
            masked: &masked,
        };
        let edit = Replacement {
            range: 2500..2500,
            text: "new\n".to_owned(),
        };
        let lines = unified("f", side(&old), side(&new), &[edit], true);
        assert_eq!(lines[2].text, "@@ -498,6 +498,7 @@");
        assert!(asked.borrow().iter().all(|lines| lines.len() < 100));
    }

    #[test]
    fn between_finds_the_difference() {
        for (old, new, range, text) in [
            ("abc", "abc", 3..3, ""),
            ("abc", "aXc", 1..2, "X"),
            ("aa", "aaa", 2..2, "a"),
            ("é1", "é2", 2..3, "2"),
            ("", "x", 0..0, "x"),
        ] {
            let found = between(old, new);
            assert_eq!(
                (found.range, found.text.as_str()),
                (range, text),
                "{old} {new}"
            );
        }
    }

    #[test]
    fn compares_real_lines_but_shows_masked_ones() {
        let (old, new) = ("k: one\n", "k: two\n");
        let masked = &|_| "k: ***\n".to_owned();
        let edit = Replacement {
            range: 3..6,
            text: "two".to_owned(),
        };
        let lines = unified(
            "f",
            Side { text: old, masked },
            Side { text: new, masked },
            &[edit],
            true,
        );
        assert_eq!(
            to_text(&lines),
            "--- f\n+++ f\n@@ -1 +1 @@\n-k: ***\n+k: ***\n"
        );
    }
}
