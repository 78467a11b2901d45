//! Turns the desired document into replacements of the old text. Only what differs is touched.

mod output;
mod plan;
mod row;

use std::collections::BTreeSet;
use std::ops::Range;

use self::output::Output;
use self::plan::{Added, Goal, Plan};
use self::row::Row;
use super::desired::Desired;
use super::layout::{self, Entries, Entry, Layout};
use super::marks::Marks;
use super::style::{self, Style};
use super::trivia::{self, Gap};
use super::write::{self, Place, Writer};
use super::{EditError, Replacement, verify};
use crate::document::{Document, Kind, NodeId, Step, Value};

/// The replacements that produce the desired document.
pub(super) fn splice(
    document: &Document,
    wanted: &Desired,
    marks: &Marks,
) -> Result<Vec<Replacement>, EditError> {
    let mut splicer = Splicer {
        document,
        text: document.text(),
        style: None,
        marks,
        output: Output::new(document.text(), style::line_break(document.text())),
    };
    let keys = splicer.new_keys();
    splicer.output.substitute(keys);
    let root = document.root();
    let span = document.span(root);
    splicer.output.copy(0..span.start);
    splicer.value(root, Goal::Desired(wanted), None)?;
    splicer.output.copy(span.end..document.text().len());
    Ok(splicer.output.finish())
}

struct Splicer<'d> {
    document: &'d Document,
    text: &'d str,
    /// The document's style, detected when the first new text is written.
    style: Option<Style>,
    marks: &'d Marks,
    output: Output<'d>,
}

impl Splicer<'_> {
    fn style(&mut self) -> &Style {
        let document = self.document;
        self.style.get_or_insert_with(|| Style::of(document))
    }

    /// The new keys of renamed members, quoted like the old ones.
    fn new_keys(&mut self) -> Vec<Replacement> {
        let marks = self.marks;
        let mut keys: Vec<Replacement> = marks
            .renamed
            .values()
            .map(|renamed| {
                let mut style = self.style().clone();
                match self.text[renamed.span.clone()].chars().next() {
                    Some(quote @ ('"' | '\'')) => {
                        style.bare_keys = false;
                        style.key_quote = quote;
                    }
                    _ => style.bare_keys = true,
                }
                let mut text = String::new();
                write::key(&renamed.key, &style, &mut text);
                Replacement {
                    range: renamed.span.clone(),
                    text,
                }
            })
            .collect();
        keys.sort_by_key(|key| key.range.start);
        keys
    }

    fn style_near(&mut self, container: Option<NodeId>) -> Style {
        let document = self.document;
        let style = self.style();
        container.map_or_else(
            || style.clone(),
            |container| style.near(document, container),
        )
    }

    /// Emits an old value with its changes.
    fn value(
        &mut self,
        node: NodeId,
        goal: Goal<'_>,
        parent: Option<NodeId>,
    ) -> Result<(), EditError> {
        let document = self.document;
        let plan = match goal {
            Goal::Keep | Goal::Desired(Desired::Old(_)) => {
                self.output.copy(document.span(node));
                return Ok(());
            }
            Goal::Desired(Desired::New(value)) | Goal::Value(value) => {
                if verify::same(document, node, value) {
                    self.output.copy(document.span(node));
                    return Ok(());
                }
                match (document.kind(node), value) {
                    (Kind::Object, Value::Object(members)) => {
                        plan::for_members(document, node, members)?
                    }
                    (Kind::Array, Value::Array(items)) => plan::for_items(document, node, items),
                    _ => {
                        self.replace(node, value, parent);
                        return Ok(());
                    }
                }
            }
            Goal::Desired(Desired::Object { listed, .. }) => {
                plan::for_listed(document, node, listed, self.marks)
            }
            Goal::Desired(Desired::Array { changed, added, .. }) => {
                plan::for_changed_items(document, node, changed, added)
            }
        };
        self.container(node, &plan, parent)
    }

    /// Replaces a value entirely.
    fn replace(&mut self, node: NodeId, value: &Value, parent: Option<NodeId>) {
        let document = self.document;
        let start = document.span(node).start;
        let mut style = self.style_near(parent);
        if document.kind(node) == Kind::String && !style.json {
            style.string_quote = if document.slice(node).starts_with('\'') {
                '\''
            } else {
                '"'
            };
        }
        let writer = Writer {
            document: Some(document),
        };
        let place = Place {
            style: &style,
            indent: trivia::line_indent(self.text, start),
            parent_is_multiline: parent
                .is_none_or(|parent| trivia::is_multiline(self.text, document.span(parent).start)),
            model: parent.and_then(|parent| writer.last_like(parent, value)),
            among_deep: false,
        };
        writer.value(value, place, self.output.text());
    }

    /// Emits a container in which some entries are changed, added or removed.
    fn container(
        &mut self,
        node: NodeId,
        plan: &Plan<'_>,
        parent: Option<NodeId>,
    ) -> Result<(), EditError> {
        let span = self.document.span(node);
        let entries = Entries::of(self.document, node);
        let removed = plan.removed();
        if removed == 0 && plan.added.is_empty() {
            let mut copied = span.start;
            for (&value, &goal) in &plan.changed {
                let value_span = self.document.span(value);
                self.output.copy(copied..value_span.start);
                self.entry_value(node, value, goal.unwrap_or(Goal::Keep))?;
                copied = value_span.end;
            }
            self.output.copy(copied..span.end);
        } else if entries.is_empty() {
            self.fill(node, plan, parent);
        } else if removed == entries.len()
            && plan.added.is_empty()
            && !keeps_comment(self.document, node, &self.marks.leave_comments)
        {
            self.output.copy(span.start..span.start + 1);
            self.output.copy(span.end - 1..span.end);
        } else {
            let style = self.style_near(Some(node));
            let layout = Layout::of(self.document, span.start, &entries, &style);
            self.output.copy(span.start..span.start + 1);
            let row = Row {
                splicer: self,
                container: node,
                entries: &entries,
                plan,
                layout: &layout,
                style: &style,
            };
            row.put()?;
            self.output.copy(span.end - 1..span.end);
        }
        Ok(())
    }

    /// Emits the value of an entry that stays, with its changes.
    fn entry_value(
        &mut self,
        container: NodeId,
        value: NodeId,
        goal: Goal<'_>,
    ) -> Result<(), EditError> {
        self.value(value, goal, Some(container))
            .map_err(|error| error.under(self.step(container, value)))
    }

    fn step(&self, container: NodeId, value: NodeId) -> Step {
        let member = self
            .document
            .members(container)
            .find(|member| member.value == value);
        match member {
            Some(member) => Step::Key(member.key.into_owned()),
            None => Step::Index(
                self.document
                    .items(container)
                    .take_while(|&item| item != value)
                    .count(),
            ),
        }
    }

    /// Adds entries to an empty container.
    fn fill(&mut self, node: NodeId, plan: &Plan<'_>, parent: Option<NodeId>) {
        let document = self.document;
        let text = self.text;
        let span = document.span(node);
        let inside = span.start + 1..span.end - 1;
        let has_break = trivia::has_break(text, inside.clone());
        let style = self.style_near(parent);
        let is_object = layout::is_object(document, node);
        let indent = trivia::line_indent(text, span.start);
        let is_multiline = has_break || self.fills_lines(node, parent, plan, &style);
        let mut layout = Layout::fresh(is_object, is_multiline, indent, &style);
        self.output.copy(span.start..inside.start);
        if let Some(comment_end) = trivia::last_comment_end(text, inside.clone()) {
            // Commented-out entries stay on top; the new ones go below them with the same
            // indentation.
            let comments = inside.start..comment_end;
            let last_line = trivia::split_lead(text, comments.clone()).1;
            if is_multiline && let Some(own) = trivia::indent(text, last_line) {
                own.clone_into(&mut layout.indent);
                layout.lead = format!("{}{own}", style.line_break);
                layout.first_lead.clone_from(&layout.lead);
            }
            if !is_multiline {
                " ".clone_into(&mut layout.first_lead);
            }
            self.output.copy_trivia(comments);
            let rest = comment_end..inside.end;
            if trivia::has_break(text, rest.clone()) || (!is_multiline && !rest.is_empty()) {
                text[rest].clone_into(&mut layout.last_tail);
            }
        }
        let count = plan.added.len();
        for (index, added) in plan.added.iter().enumerate() {
            let lead = if index == 0 {
                &layout.first_lead
            } else {
                &layout.lead
            };
            self.output.blank(lead);
            self.entry(node, added, &layout, &style);
            if index + 1 < count || layout.trailing_comma {
                self.output.text().push(',');
            }
        }
        self.output.blank(&layout.last_tail);
        self.output.copy(inside.end..span.end);
    }

    /// Whether an empty container is filled over several lines.
    fn fills_lines(
        &self,
        node: NodeId,
        parent: Option<NodeId>,
        plan: &Plan<'_>,
        style: &Style,
    ) -> bool {
        let document = self.document;
        let Some(parent) = parent else { return true };
        if !trivia::is_multiline(self.text, document.span(parent).start) {
            return false;
        }
        let is_object = layout::is_object(document, node);
        let value = if is_object {
            let members = plan.added.iter();
            Value::Object(
                members
                    .filter_map(|added| Some((added.key?.to_owned(), added.value.clone())))
                    .collect(),
            )
        } else {
            Value::Array(plan.added.iter().map(|added| added.value.clone()).collect())
        };
        let writer = Writer {
            document: Some(document),
        };
        let place = Place {
            style,
            indent: trivia::line_indent(self.text, document.span(node).start),
            parent_is_multiline: true,
            model: writer.last_like(parent, &value),
            among_deep: false,
        };
        let mut written = String::new();
        writer.value(&value, place, &mut written);
        written.contains(['\n', '\r'])
    }

    /// Emits one new entry.
    fn entry(&mut self, container: NodeId, added: &Added<'_>, layout: &Layout, style: &Style) {
        let writer = Writer {
            document: Some(self.document),
        };
        let out = self.output.text();
        if let Some(key) = added.key {
            let start = out.len();
            write::key(key, style, out);
            match layout.value_column {
                Some(column) => {
                    let width = layout.indent.chars().count() + out[start..].chars().count() + 1;
                    out.push(':');
                    out.extend(std::iter::repeat_n(
                        ' ',
                        column.saturating_sub(width).max(1),
                    ));
                }
                None => out.push_str(&style.colon),
            }
        }
        let place = Place {
            style,
            indent: &layout.indent,
            parent_is_multiline: layout.is_multiline,
            model: writer.last_like(container, added.value),
            among_deep: false,
        };
        writer.value(added.value, place, out);
    }
}

/// Whether a comment remains in a container after all its entries are removed. Those in
/// `leaves_comments` keep the comments next to them.
pub(super) fn keeps_comment(
    document: &Document,
    container: NodeId,
    leaves_comments: &BTreeSet<NodeId>,
) -> bool {
    let text = document.text();
    let span = document.span(container);
    let mut lead_start = Gap::after_bracket(text, span.start + 1).tail_end;
    if trivia::has_comment(text, span.start + 1..lead_start) {
        return true;
    }
    for entry in Entries::of(document, container).iter() {
        let lead = lead_start..entry.start;
        let own_lines = trivia::split_lead(text, lead.clone()).0;
        let gap = Gap::after(text, entry.end);
        let left = KeptComments::of(text, lead, entry, &gap, leaves_comments);
        if trivia::has_comment(text, own_lines) || !matches!(left, KeptComments::Nothing) {
            return true;
        }
        lead_start = gap.tail_end;
    }
    trivia::has_comment(text, lead_start..span.end - 1)
}

/// The comments that remain when an entry is removed, other than those on the lines above it.
enum KeptComments {
    Nothing,
    /// On their own lines between it and a comma on a later line.
    OwnLines(Range<usize>),
    /// All comments next to it: before it, before its comma and after the comma.
    Adjacent(Vec<Range<usize>>),
}

impl KeptComments {
    fn of(
        text: &str,
        lead: Range<usize>,
        entry: Entry,
        gap: &Gap,
        leaves_comments: &BTreeSet<NodeId>,
    ) -> Self {
        let before_comma = entry.end..gap.comma.unwrap_or(gap.tail_end);
        if !leaves_comments.contains(&entry.value) {
            let own_lines = gap
                .comma
                .and(trivia::first_break(text, before_comma.clone()))
                .map(|start| trivia::split_lead(text, start..before_comma.end).0)
                .filter(|own_lines| trivia::has_comment(text, own_lines.clone()));
            return own_lines.map_or(Self::Nothing, Self::OwnLines);
        }
        let before = trivia::split_lead(text, lead).1;
        let after = gap.comma.map_or(gap.tail_end, |comma| comma + 1)..gap.tail_end;
        let adjacent: Vec<Range<usize>> = [before, before_comma, after]
            .into_iter()
            .filter_map(|part| {
                let end = trivia::last_comment_end(text, part.clone())?;
                Some(trivia::before_comments(text, part).end..end)
            })
            .collect();
        if adjacent.is_empty() {
            Self::Nothing
        } else {
            Self::Adjacent(adjacent)
        }
    }
}
