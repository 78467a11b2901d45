//! How the entries of a container are laid out, so that new ones can match.

use std::ops::Range;

use crate::document::{Document, Kind, NodeId};

use super::style::Style;
use super::trivia::{self, Gap};

/// One member or item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The start of its key, or of the item.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: NodeId,
}

/// The entries of a container, in order.
pub(super) struct Entries<'d> {
    document: &'d Document,
    is_object: bool,
    values: Vec<NodeId>,
}

impl<'d> Entries<'d> {
    pub(super) fn of(document: &'d Document, container: NodeId) -> Self {
        Self {
            document,
            is_object: is_object(document, container),
            values: document.child_values(container).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(super) fn value(&self, index: usize) -> NodeId {
        self.values[index]
    }

    pub(super) fn get(&self, index: usize) -> Entry {
        let value = self.values[index];
        let span = self.document.span(value);
        let start = if self.is_object {
            self.document.key_span(value).start
        } else {
            span.start
        };
        Entry {
            start,
            end: span.end,
            value,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry> {
        (0..self.len()).map(|index| self.get(index))
    }
}

/// What goes around new entries.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Between the opening bracket and a new first entry.
    pub(super) first_lead: String,
    /// Between a comma and a new entry.
    pub(super) lead: String,
    /// Between an entry and its comma; only if lines start with commas.
    pub(super) before_comma: String,
    /// After the last entry, before the closing bracket; only if there was no entry.
    pub(super) last_tail: String,
    pub(super) trailing_comma: bool,
    /// The indentation of lines with new entries.
    pub(super) indent: String,
    pub(super) is_multiline: bool,
    /// The column at which all values start, if they are aligned.
    pub(super) value_column: Option<usize>,
}

/// How far back to look for an entry that starts a line.
const LOOK_BACK: usize = 16;

/// The text between an entry and the comma or bracket before it, and the gap that contains it.
fn lead_of(text: &str, open: usize, entries: &Entries<'_>, index: usize) -> (Gap, Range<usize>) {
    let gap = match index.checked_sub(1) {
        Some(before) => Gap::after(text, entries.get(before).end),
        None => Gap::after_bracket(text, open + 1),
    };
    let lead = gap.tail_end..entries.get(index).start;
    (gap, lead)
}

/// The text between an entry that ends at `end` and its comma, if the comma is on its own line.
fn comma_lead(text: &str, end: usize, gap: &Gap, style: &Style) -> String {
    let before = end..gap.comma.unwrap_or(end);
    if !trivia::has_break(text, before.clone()) {
        return String::new();
    }
    let indent = trivia::indent(text, before).unwrap_or_default();
    format!("{}{indent}", style.line_break)
}

impl Layout {
    /// The layout of a container that isn't empty.
    pub(super) fn of(
        document: &Document,
        open: usize,
        entries: &Entries<'_>,
        style: &Style,
    ) -> Self {
        let text = document.text();
        let lead_of = |index| lead_of(text, open, entries, index);
        let count = entries.len();
        let last = count - 1;
        let (gap, last_lead) = lead_of(last);
        let own_indent = (count.saturating_sub(LOOK_BACK)..count)
            .rev()
            .find_map(|index| trivia::indent(text, lead_of(index).1));
        let indent =
            own_indent.unwrap_or_else(|| trivia::line_indent(text, entries.get(last).start));
        let new_line = format!("{}{indent}", style.line_break);
        let same_line = || if style.comma_blank { " " } else { "" }.to_owned();

        let first_lead = lead_of(0).1;
        let first_lead = match trivia::indent(text, first_lead.clone()) {
            Some(_) => new_line.clone(),
            None => text[trivia::before_comments(text, first_lead)].to_owned(),
        };
        let mut before_comma = String::new();
        let lead = if trivia::indent(text, last_lead.clone()).is_some() {
            let is_spaced = (count.saturating_sub(3).max(1)..count)
                .all(|index| trivia::starts_with_blank_line(text, lead_of(index).1));
            if is_spaced && count > 1 {
                format!("{}{new_line}", style.line_break)
            } else {
                new_line
            }
        } else if last == 0 {
            same_line()
        } else {
            before_comma = comma_lead(text, entries.get(last - 1).end, &gap, style);
            let blank = &text[trivia::before_comments(text, last_lead)];
            if blank.len() > 1 {
                same_line()
            } else {
                blank.to_owned()
            }
        };
        Self {
            is_multiline: lead.starts_with(['\n', '\r']) || !before_comma.is_empty(),
            first_lead,
            lead,
            before_comma,
            last_tail: String::new(),
            trailing_comma: Gap::after(text, entries.get(last).end).comma.is_some(),
            indent: indent.to_owned(),
            value_column: value_column(document, entries),
        }
    }

    /// The layout for filling an empty container, over several lines or on one. `indent` is that of
    /// the line with the opening bracket.
    pub(super) fn fresh(is_object: bool, is_multiline: bool, indent: &str, style: &Style) -> Self {
        let padding = if is_object {
            style.object_padding
        } else {
            style.array_padding
        };
        if is_multiline {
            let inner = format!("{indent}{}", style.unit);
            let lead = format!("{}{inner}", style.line_break);
            Self {
                first_lead: lead.clone(),
                lead,
                before_comma: String::new(),
                last_tail: format!("{}{indent}", style.line_break),
                trailing_comma: style.trailing_comma,
                indent: inner,
                is_multiline,
                value_column: None,
            }
        } else {
            let padding = if padding { " " } else { "" }.to_owned();
            Self {
                first_lead: padding.clone(),
                lead: if style.comma_blank { " " } else { "" }.to_owned(),
                before_comma: String::new(),
                last_tail: padding,
                trailing_comma: false,
                indent: indent.to_owned(),
                is_multiline,
                value_column: None,
            }
        }
    }
}

/// The column at which the values of an object are aligned: the same for all values, although the
/// keys differ in length.
fn value_column(document: &Document, entries: &Entries<'_>) -> Option<usize> {
    let text = document.text();
    let mut column = None;
    let mut key_widths = Vec::new();
    for index in (0..entries.len()).rev().take(LOOK_BACK) {
        let entry = entries.get(index);
        let line = trivia::line_start(text, entry.start);
        let value = document.span(entry.value).start;
        let before_value = text.get(line..value)?;
        if value == entry.start || !text[line..entry.start].trim().is_empty() {
            return None;
        }
        let here = before_value.chars().count();
        if *column.get_or_insert(here) != here {
            return None;
        }
        key_widths.push(before_value.trim_end().chars().count());
    }
    key_widths.sort_unstable();
    let differ = key_widths.first() != key_widths.last();
    column.filter(|_| differ)
}

pub(super) fn is_object(document: &Document, container: NodeId) -> bool {
    document.kind(container) == Kind::Object
}
