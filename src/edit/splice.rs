//! What is wanted becomes replacements of the old text: only what differs is touched.

mod output;
mod row;

use std::ops::Range;

use self::output::Output;
use self::row::Row;
use super::layout::{self, Entry, Layout};
use super::style::{self, Style};
use super::trivia::{self, Gap};
use super::wanted::{Item, Wanted};
use super::write::{self, Place, Writer};
use super::{EditError, Replacement, align, judge};
use crate::document::{Document, Kind, NodeId, Path, Step, Value};

/// The replacements that make the document say what is wanted.
pub(super) fn splice(document: &Document, wanted: &Wanted) -> Result<Vec<Replacement>, EditError> {
    let mut splicer = Splicer {
        document,
        text: document.text(),
        style: None,
        output: Output::new(document.text(), style::line_break(document.text())),
    };
    let root = document.root();
    let span = document.span(root);
    splicer.output.copy(0..span.start);
    splicer.value(root, Goal::Wanted(wanted), None)?;
    splicer.output.copy(span.end..document.text().len());
    Ok(splicer.output.finish())
}

/// What becomes of an old value.
#[derive(Clone, Copy)]
enum Goal<'w> {
    Keep,
    Wanted(&'w Wanted),
    Value(&'w Value),
}

/// What becomes of the entries of a container.
struct Plan<'w> {
    /// For each old entry; none when it goes.
    old: Vec<Option<Goal<'w>>>,
    /// New entries, each with the number of old ones that stand before it.
    added: Vec<Added<'w>>,
}

struct Added<'w> {
    after: usize,
    key: Option<&'w str>,
    value: &'w Value,
}

impl Plan<'_> {
    fn changes_entries(&self) -> bool {
        !self.added.is_empty() || self.old.iter().any(Option::is_none)
    }
}

struct Splicer<'d> {
    document: &'d Document,
    text: &'d str,
    /// The document's habits, looked for when the first new text is written.
    style: Option<Style>,
    output: Output<'d>,
}

impl<'d> Splicer<'d> {
    fn style(&mut self) -> &Style {
        let document = self.document;
        self.style.get_or_insert_with(|| Style::of(document))
    }

    fn style_near(&mut self, container: Option<NodeId>) -> Style {
        let document = self.document;
        let style = self.style();
        container.map_or_else(
            || style.clone(),
            |container| style.near(document, container),
        )
    }

    /// Puts out an old value as it is to become.
    fn value(
        &mut self,
        node: NodeId,
        goal: Goal<'_>,
        parent: Option<NodeId>,
    ) -> Result<(), EditError> {
        let document = self.document;
        let plan = match goal {
            Goal::Keep | Goal::Wanted(Wanted::Old(_)) => {
                self.output.copy(document.span(node));
                return Ok(());
            }
            Goal::Wanted(Wanted::New(value)) | Goal::Value(value) => {
                if judge::same(document, node, value) {
                    self.output.copy(document.span(node));
                    return Ok(());
                }
                match (document.kind(node), value) {
                    (Kind::Object, Value::Object(members)) => self.plan_members(node, members)?,
                    (Kind::Array, Value::Array(items)) => plan_items(document, node, items),
                    _ => {
                        self.replace(node, value, parent);
                        return Ok(());
                    }
                }
            }
            Goal::Wanted(Wanted::Object { listed, .. }) => self.plan_listed(node, listed),
            Goal::Wanted(Wanted::Array { items, .. }) => plan_kept_items(document, node, items),
        };
        self.container(node, &plan, parent)
    }

    /// Puts a value in the place of another one, of which nothing stays.
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
        };
        writer.value(value, place, self.output.text());
    }

    fn plan_members<'w>(
        &self,
        object: NodeId,
        members: &'w [(String, Value)],
    ) -> Result<Plan<'w>, EditError> {
        let document = self.document;
        let mut old = Vec::new();
        for member in document.members(object) {
            let value = members.iter().rev().find(|(key, _)| *key == member.key);
            let counts = document.get(object, &member.key) == Some(member.value);
            let goal = match value {
                Some((_, value)) if counts => {
                    let node = member.value;
                    Some(if judge::same(document, node, value) {
                        Goal::Keep
                    } else {
                        Goal::Value(value)
                    })
                }
                // A duplicate that does not count may stay where the one that counts does.
                Some(_) => Some(Goal::Keep),
                None => None,
            };
            if !matches!(goal, Some(Goal::Keep)) {
                self.refuse_duplicates(object, &member.key)?;
            }
            old.push(goal);
        }
        let is_new = |key: &str| document.get(object, key).is_none();
        let after = old.len();
        let fresh = members.iter().filter(|(key, _)| is_new(key));
        let added = fresh
            .map(|(key, value)| Added {
                after,
                key: Some(key),
                value,
            })
            .collect();
        Ok(Plan { old, added })
    }

    fn refuse_duplicates(&self, object: NodeId, key: &str) -> Result<(), EditError> {
        let members = self
            .document
            .members(object)
            .filter(|member| member.key == key);
        let spans: Vec<_> = members.map(|member| member.key_span).collect();
        if spans.len() < 2 {
            return Ok(());
        }
        Err(EditError::DuplicateKey {
            path: Path::root().key(key),
            spans,
        })
    }

    fn plan_listed<'w>(&self, object: NodeId, listed: &'w [(String, Option<Wanted>)]) -> Plan<'w> {
        let document = self.document;
        let mut is_old = vec![false; listed.len()];
        let mut old = Vec::new();
        for member in document.members(object) {
            let place = listed.iter().position(|(key, _)| *key == member.key);
            old.push(match place {
                None => Some(Goal::Keep),
                Some(place) => {
                    is_old[place] = true;
                    listed[place].1.as_ref().map(Goal::Wanted)
                }
            });
        }
        let after = old.len();
        let fresh = listed.iter().zip(is_old).filter(|(_, is_old)| !is_old);
        let added = fresh.filter_map(|((key, wanted), _)| match wanted {
            Some(Wanted::New(value)) => Some(Added {
                after,
                key: Some(key),
                value,
            }),
            _ => None,
        });
        Plan {
            added: added.collect(),
            old,
        }
    }

    /// Puts out a container of which some entries change, come or go.
    fn container(
        &mut self,
        node: NodeId,
        plan: &Plan<'_>,
        parent: Option<NodeId>,
    ) -> Result<(), EditError> {
        let span = self.document.span(node);
        let entries = layout::entries(self.document, node);
        let has_survivors = plan.old.iter().any(Option::is_some);
        if !plan.changes_entries() {
            self.output.copy(span.start..span.start + 1);
            let mut end = span.start + 1;
            for (entry, goal) in entries.iter().zip(&plan.old) {
                self.output.copy(end..entry.start);
                self.entry_value(node, *entry, goal.unwrap_or(Goal::Keep))?;
                end = entry.end;
            }
            self.output.copy(end..span.end);
        } else if entries.is_empty() {
            self.fill(node, plan, parent);
        } else if !has_survivors && plan.added.is_empty() && !self.keeps_comment(node, &entries) {
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

    /// Puts out an entry that stays, its value as it is to become.
    fn entry_value(
        &mut self,
        container: NodeId,
        entry: Entry,
        goal: Goal<'_>,
    ) -> Result<(), EditError> {
        let start = self.document.span(entry.value).start;
        self.output.copy(entry.start..start);
        self.value(entry.value, goal, Some(container))
            .map_err(|error| error.under(self.step(container, entry.value)))
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

    /// Whether a comment stays when all entries go.
    fn keeps_comment(&self, node: NodeId, entries: &[Entry]) -> bool {
        let text = self.text;
        let span = self.document.span(node);
        let head = Gap::after_bracket(text, span.start + 1);
        let mut lead_start = head.tail_end;
        if trivia::has_comment(text, span.start + 1..lead_start) {
            return true;
        }
        for entry in entries {
            let own_lines = trivia::split_lead(text, lead_start..entry.start).0;
            let gap = Gap::after(text, entry.end);
            if trivia::has_comment(text, own_lines)
                || own_lines_before_comma(text, entry, &gap).is_some()
            {
                return true;
            }
            lead_start = gap.tail_end;
        }
        trivia::has_comment(text, lead_start..span.end - 1)
    }

    /// Puts entries into an empty container.
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
            // Commented-out entries stay above; the new ones go below them, as far indented.
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

    /// Whether an empty container is filled on lines of its own.
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
        };
        let mut written = String::new();
        writer.value(&value, place, &mut written);
        written.contains(['\n', '\r'])
    }

    /// Puts out one new entry.
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
        };
        writer.value(added.value, place, out);
    }
}

fn plan_items<'w>(document: &Document, array: NodeId, values: &'w [Value]) -> Plan<'w> {
    let items: Vec<NodeId> = document.items(array).collect();
    let alignment = align::align(document, &items, values);
    let mut added = Vec::new();
    let mut next = 0;
    let mut add_until = |end: usize, after: usize| {
        added.extend((next..end).map(|index| Added {
            after,
            key: None,
            value: &values[index],
        }));
        next = end + 1;
    };
    let mut old = Vec::new();
    for (at, place) in alignment.old.iter().enumerate() {
        if let Some(index) = *place {
            add_until(index, at);
        }
        old.push(place.map(|index| Goal::Value(&values[index])));
    }
    add_until(values.len(), items.len());
    Plan { old, added }
}

fn plan_kept_items<'w>(document: &Document, array: NodeId, items: &'w [Item]) -> Plan<'w> {
    let mut old = Vec::new();
    let mut added = Vec::new();
    let mut items = items.iter().peekable();
    for node in document.items(array) {
        let kept = items.next_if(|item| item.origin == Some(node));
        old.push(kept.map(|item| Goal::Wanted(&item.wanted)));
    }
    for item in items {
        if let Wanted::New(value) = &item.wanted {
            added.push(Added {
                after: old.len(),
                key: None,
                value,
            });
        }
    }
    Plan { old, added }
}

/// Comments on lines of their own between an entry and a comma on a later line.
fn own_lines_before_comma(text: &str, entry: &Entry, gap: &Gap) -> Option<Range<usize>> {
    let comma = gap.comma?;
    let start = trivia::first_break(text, entry.end..comma)?;
    let own_lines = trivia::split_lead(text, start..comma).0;
    trivia::has_comment(text, own_lines.clone()).then_some(own_lines)
}
