//! Detects how a document is formatted: statistics over its nodes, refined by those of one
//! container.

use crate::document::{Document, Kind, NodeId, Trivia, TriviaKind, Value, is_plain_identifier};

use super::trivia::{self, Gap};

/// Enough nodes to know a document's style.
const SAMPLE: usize = 20_000;

/// A flat container wider than this isn't put on one line.
pub(super) const MAX_INLINE: usize = 100;

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the options are independent")]
pub(super) struct Style {
    /// Strict JSON: nothing else may be written.
    pub(super) json: bool,
    pub(super) line_break: &'static str,
    pub(super) unit: String,
    pub(super) key_quote: char,
    pub(super) bare_keys: bool,
    pub(super) string_quote: char,
    /// The text between key and value.
    pub(super) colon: String,
    /// Whether multi-line containers end with a comma.
    pub(super) trailing_comma: bool,
    /// Whether there is a space inside the brackets of a one-line container.
    pub(super) object_padding: bool,
    pub(super) array_padding: bool,
    /// Whether there is a space after a comma on one line.
    pub(super) comma_blank: bool,
    /// Whether containers of scalars are on one line although their parent isn't.
    pub(super) inline_arrays: bool,
    pub(super) inline_objects: bool,
}

impl Default for Style {
    /// The style in which `openclaw` itself writes the file.
    fn default() -> Self {
        Self {
            json: true,
            line_break: "\n",
            unit: "  ".to_owned(),
            key_quote: '"',
            bare_keys: false,
            string_quote: '"',
            colon: ": ".to_owned(),
            trailing_comma: false,
            object_padding: true,
            array_padding: false,
            comma_blank: true,
            inline_arrays: false,
            inline_objects: false,
        }
    }
}

/// Votes for and against an option.
#[derive(Clone, Copy, Default)]
struct Poll {
    yes: usize,
    no: usize,
}

impl Poll {
    fn vote(&mut self, yes: bool) {
        if yes {
            self.yes += 1;
        } else {
            self.no += 1;
        }
    }

    fn outcome(self, otherwise: bool) -> bool {
        if self.yes == self.no {
            otherwise
        } else {
            self.yes > self.no
        }
    }
}

/// Votes for spellings.
#[derive(Clone, Default)]
struct Election(Vec<(String, usize)>);

impl Election {
    fn vote(&mut self, spelling: &str) {
        if let Some((_, votes)) = self.0.iter_mut().find(|(known, _)| known == spelling) {
            *votes += 1;
        } else if self.0.len() < 32 {
            // Hundreds of spellings aren't a style; the first ones are enough.
            self.0.push((spelling.to_owned(), 1));
        }
    }

    /// The spelling with the most votes; the shortest one if tied.
    fn winner(self, otherwise: String) -> String {
        let best = self
            .0
            .into_iter()
            .max_by_key(|(spelling, votes)| (*votes, usize::MAX - spelling.len()));
        best.map_or(otherwise, |(spelling, _)| spelling)
    }
}

#[derive(Default)]
struct Statistics {
    bare_keys: Poll,
    single_quoted_keys: Poll,
    single_quoted_strings: Poll,
    colons: Election,
    units: Election,
    trailing_commas: Poll,
    object_padding: Poll,
    array_padding: Poll,
    comma_blanks: Poll,
    inline_arrays: Poll,
    inline_objects: Poll,
}

impl Style {
    /// The style of the whole document.
    pub(super) fn of(document: &Document) -> Self {
        let mut stats = Statistics::default();
        for node in document.nodes().take(SAMPLE) {
            stats.note(document, node);
            stats.note_flat_children(document, node);
        }
        let line_break = line_break(document.text());
        let json = document.is_json();
        let default = Self {
            json,
            line_break,
            inline_arrays: !json,
            ..Self::default()
        };
        default.with(stats)
    }

    /// The style of one container, falling back to the document's.
    pub(super) fn near(&self, document: &Document, container: NodeId) -> Self {
        let mut stats = Statistics::default();
        stats.note(document, container);
        for child in document.child_values(container).take(SAMPLE) {
            if document.kind(child) == Kind::String {
                stats.note(document, child);
            }
        }
        self.clone().with(stats)
    }

    fn with(self, stats: Statistics) -> Self {
        let quote = |poll: Poll, otherwise: char| {
            if poll.outcome(otherwise == '\'') {
                '\''
            } else {
                '"'
            }
        };
        let colon = stats.colons.winner(self.colon);
        // If nothing is on one line yet, the colon shows how compact the style is.
        let tight = colon.trim_start_matches(':').is_empty();
        let no_line = stats.comma_blanks.yes + stats.comma_blanks.no == 0;
        let airy = if no_line {
            self.comma_blank && !tight
        } else {
            self.comma_blank
        };
        Self {
            key_quote: quote(stats.single_quoted_keys, self.key_quote),
            bare_keys: stats.bare_keys.outcome(self.bare_keys),
            string_quote: quote(stats.single_quoted_strings, self.string_quote),
            unit: stats.units.winner(self.unit),
            trailing_comma: stats.trailing_commas.outcome(self.trailing_comma),
            object_padding: stats.object_padding.outcome(self.object_padding && !tight),
            array_padding: stats.array_padding.outcome(self.array_padding),
            comma_blank: stats.comma_blanks.outcome(airy),
            inline_arrays: stats.inline_arrays.outcome(self.inline_arrays),
            inline_objects: stats.inline_objects.outcome(self.inline_objects),
            colon,
            ..self
        }
    }
}

impl Statistics {
    fn note(&mut self, document: &Document, node: NodeId) {
        match document.kind(node) {
            Kind::Object => {
                self.note_keys(document, node);
                self.note_brackets(document, node);
            }
            Kind::Array => self.note_brackets(document, node),
            Kind::String => {
                let source = document.slice(node);
                if !source.contains(['\\']) && !source[1..source.len() - 1].contains(['"', '\'']) {
                    self.single_quoted_strings.vote(source.starts_with('\''));
                }
            }
            Kind::Number | Kind::Bool | Kind::Null => {}
        }
    }

    fn note_keys(&mut self, document: &Document, object: NodeId) {
        let text = document.text();
        for member in document.members(object).take(SAMPLE) {
            let source = &text[member.key_span.clone()];
            let is_quoted = source.starts_with(['"', '\'']);
            if is_quoted {
                self.single_quoted_keys.vote(source.starts_with('\''));
            }
            if is_plain_identifier(&member.key) {
                self.bare_keys.vote(!is_quoted);
            }
            let between = &text[member.key_span.end..document.span(member.value).start];
            if !between.contains(['/', '\n', '\r']) {
                self.colons.vote(between);
            }
        }
    }

    fn note_brackets(&mut self, document: &Document, container: NodeId) {
        let text = document.text();
        let span = document.span(container);
        let is_object = document.kind(container) == Kind::Object;
        let Some((first, last)) = ends(document, container) else {
            return;
        };
        let lead = span.start + 1..first;
        if let Some(indent) = trivia::indent(text, lead.clone()) {
            let outer = trivia::line_indent(text, span.start);
            if let Some(unit) = indent.strip_prefix(outer).filter(|unit| !unit.is_empty()) {
                self.units.vote(unit);
            }
            self.trailing_commas
                .vote(Gap::after(text, last).comma.is_some());
        } else if !trivia::is_multiline(text, span.start) {
            let padding = if is_object {
                &mut self.object_padding
            } else {
                &mut self.array_padding
            };
            padding.vote(!lead.is_empty());
            if let Some(comma) = Gap::after(text, first_end(document, container)).comma {
                let next = Trivia::at(text, comma + 1);
                if next
                    .as_ref()
                    .is_none_or(|piece| piece.kind == TriviaKind::Blank)
                {
                    self.comma_blanks.vote(next.is_some());
                }
            }
        }
    }

    /// Counts containers of scalars that are on one line although they needn't be.
    fn note_flat_children(&mut self, document: &Document, parent: NodeId) {
        let text = document.text();
        if !trivia::is_multiline(text, document.span(parent).start) {
            return;
        }
        for child in document.child_values(parent).take(SAMPLE) {
            let poll = match document.kind(child) {
                Kind::Array => &mut self.inline_arrays,
                Kind::Object => &mut self.inline_objects,
                _ => continue,
            };
            let is_inline = !trivia::is_multiline(text, document.span(child).start);
            // That a long list, or one with nested containers, spans several lines says nothing
            // about how a short flat one would be written.
            let words = || {
                document
                    .slice(child)
                    .split_whitespace()
                    .map(str::len)
                    .sum::<usize>()
            };
            match shape(document, child) {
                Shape::Flat if is_inline || words() < MAX_INLINE => poll.vote(is_inline),
                Shape::Deep if is_inline => poll.vote(true),
                _ => {}
            }
        }
    }
}

/// The line ending: that of the first line.
pub(super) fn line_break(text: &str) -> &'static str {
    let feed = text.find('\n').unwrap_or(text.len());
    match text[..feed].find('\r') {
        Some(at) if at + 1 == feed && feed < text.len() => "\r\n",
        Some(_) => "\r",
        None => "\n",
    }
}

/// The nesting of a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Empty,
    /// Only scalars and empty containers.
    Flat,
    /// Containers that aren't empty.
    Deep,
}

pub(super) fn shape(document: &Document, container: NodeId) -> Shape {
    let mut children = document.child_values(container).peekable();
    if children.peek().is_none() {
        return Shape::Empty;
    }
    if children.any(|child| is_filled(document, child)) {
        Shape::Deep
    } else {
        Shape::Flat
    }
}

/// Whether this is a container that isn't empty.
fn is_filled(document: &Document, node: NodeId) -> bool {
    document.child_values(node).next().is_some()
}

/// The shape of a value, if it is a container.
pub(super) fn shape_of(value: &Value) -> Option<Shape> {
    let is_filled = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    };
    let is_deep = match value {
        Value::Array(items) => items.iter().any(is_filled),
        Value::Object(members) => members.iter().any(|(_, value)| is_filled(value)),
        _ => return None,
    };
    Some(match (is_filled(value), is_deep) {
        (false, _) => Shape::Empty,
        (true, false) => Shape::Flat,
        (true, true) => Shape::Deep,
    })
}

/// The start of the first entry and the end of the last one; `None` for scalars and empty
/// containers.
fn ends(document: &Document, container: NodeId) -> Option<(usize, usize)> {
    match document.kind(container) {
        Kind::Object => {
            let first = document.members(container).next()?.key_span.start;
            let last = document.members(container).last()?.value;
            Some((first, document.span(last).end))
        }
        Kind::Array => {
            let first = document.items(container).next()?;
            let last = document.items(container).last()?;
            Some((document.span(first).start, document.span(last).end))
        }
        _ => None,
    }
}

fn first_end(document: &Document, container: NodeId) -> usize {
    let member = document
        .members(container)
        .next()
        .map(|member| member.value);
    let first = member.or_else(|| document.items(container).next());
    document.span(first.unwrap_or(container)).end
}
