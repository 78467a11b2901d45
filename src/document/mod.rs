//! A document is text plus byte ranges: a lossless parser for JSON5 as accepted by npm `json5`
//! 2.2.3.
//!
//! The tree is a flat tape in text order with twelve bytes per entry, so that a file of many
//! megabytes stays cheap and no traversal needs the stack.

mod error;
mod index;
mod path;
mod read;
mod scalar;
mod spanned;
mod trivia;
mod value;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use index::Index;

pub use error::{ReadError, ReadErrorKind};
pub use path::{Path, Step};
pub use scalar::{is_printable, places, unescape_with_offsets};
pub use spanned::Spanned;
pub use value::Value;

pub(crate) use scalar::is_plain_identifier;
pub(crate) use trivia::{Trivia, TriviaKind};
pub(crate) use value::same_number;

/// The maximum nesting depth. Deeper text is rejected, because recursive parsers (including the one
/// used to verify edits) would overflow the stack.
pub const MAX_DEPTH: usize = 500;

/// A node of a [`Document`], valid only for that document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// The type of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{ … }`
    Object,
    /// `[ … ]`
    Array,
    /// A quoted string.
    String,
    /// A number, including `Infinity` and `NaN`.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::Null => "null",
        })
    }
}

/// A `key: value` of an object.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The key, unescaped.
    pub key: Cow<'a, str>,
    /// The byte range of the key, including quotes.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: NodeId,
}

/// A position in the text, counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The position of a byte offset.
    fn of(text: &[u8], offset: usize) -> Self {
        let offset = offset.min(text.len());
        let starts = line_starts(text).take_while(|&start| start <= offset);
        let (line, start) = starts.enumerate().last().unwrap_or_default();
        Self::in_line(text, line, start, offset)
    }

    /// `line` counts from 0 here and starts at the offset `start`.
    fn in_line(text: &[u8], line: usize, start: usize, offset: usize) -> Self {
        // UTF-8 continuation bytes aren't characters.
        let chars = text[start..offset]
            .iter()
            .filter(|&&byte| byte & 0xC0 != 0x80)
            .count();
        Self {
            line: line + 1,
            column: chars + 1,
        }
    }
}

/// The offsets of all lines, including the first. Lines end at LF, CRLF and CR, as in editors.
fn line_starts(text: &[u8]) -> impl Iterator<Item = usize> {
    let ends = text.iter().enumerate().filter(|&(at, &byte)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1))
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A JSON5 text and the tree of its byte ranges.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    tape: Vec<Entry>,
    traits: Traits,
    /// The offsets of lines; computed for the first position.
    lines: OnceLock<Vec<u32>>,
    index: Index,
}

/// What the parser noticed on the way.
#[derive(Clone, Copy, Debug)]
struct Traits {
    /// The text uses nothing that JSON lacks (apart from a leading byte order mark).
    json: bool,
    /// The text contains something that npm `json5` accepts and the `json5` crate doesn't: lone
    /// surrogate escapes, or hexadecimal numbers beyond 128 bits.
    beyond_json5: bool,
}

/// A key or value on the tape. An object is followed by its keys, each before its value; an array
/// by its items.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    end: u32,
    /// Three bits of [`Tag`]; above them, the index after this entry's last descendant.
    tag_and_next: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
    Key,
}

impl Entry {
    const MAX_TAPE: usize = 1 << 29;

    fn new(tag: Tag, span: Range<usize>, next: usize) -> Self {
        let mut entry = Self {
            start: narrow(span.start),
            end: narrow(span.end),
            tag_and_next: 0,
        };
        entry.set(tag, next);
        entry
    }

    fn set(&mut self, tag: Tag, next: usize) {
        self.tag_and_next = (narrow(next) << 3) | tag as u32;
    }

    fn tag(self) -> Tag {
        match self.tag_and_next & 7 {
            0 => Tag::Object,
            1 => Tag::Array,
            2 => Tag::String,
            3 => Tag::Number,
            4 => Tag::Bool,
            5 => Tag::Null,
            _ => Tag::Key,
        }
    }

    fn next(self) -> u32 {
        self.tag_and_next >> 3
    }

    fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The parser rejects texts of a gigabyte, so every offset fits.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Document {
    /// Parses the bytes of a file.
    ///
    /// # Errors
    /// UTF-16, invalid UTF-8, and anything that [`Document::parse`] rejects.
    pub fn read(bytes: Vec<u8>) -> Result<Self, ReadError> {
        let is_utf16 = looks_like_utf16(&bytes);
        let read = match String::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(ReadError::not_utf8(error.as_bytes(), error.utf8_error())),
        };
        // A string that is the whole text may start with a NUL; no UTF-16 is valid as one.
        read.map_err(|error| if is_utf16 { ReadError::utf16() } else { error })
    }

    /// Parses a text.
    ///
    /// # Errors
    /// A text that npm `json5` rejects, is nested deeper than [`MAX_DEPTH`], or reaches a gigabyte.
    pub fn parse(text: impl Into<String>) -> Result<Self, ReadError> {
        let text = text.into();
        let (tape, traits) = read::read(&text)?;
        Ok(Self {
            text,
            tape,
            traits,
            lines: OnceLock::new(),
            index: Index::default(),
        })
    }

    /// The whole text, including a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is strict JSON, without any JSON5 syntax. A leading byte order mark is
    /// ignored.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.traits.json
    }

    /// The text in a form the `json5` crate can read, with the same length and value: lone
    /// surrogate escapes and hexadecimal numbers beyond its integers are rewritten.
    pub(crate) fn text_for_json5(&self) -> Cow<'_, str> {
        if !self.traits.beyond_json5 {
            return Cow::Borrowed(&self.text);
        }
        let mut text = self.text.clone();
        for entry in &self.tape {
            let span = entry.span();
            let source = &self.text[span.clone()];
            let respelt = match entry.tag() {
                Tag::String | Tag::Key => scalar::without_lone_surrogates(source),
                Tag::Number => scalar::without_huge_hex(source),
                _ => None,
            };
            if let Some(respelt) = respelt {
                text.replace_range(span, &respelt);
            }
        }
        Cow::Owned(text)
    }

    /// The root value.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The type of the node.
    #[must_use]
    pub fn kind(&self, node: NodeId) -> Kind {
        match self.entry(node).tag() {
            Tag::Object => Kind::Object,
            Tag::Array => Kind::Array,
            Tag::String | Tag::Key => Kind::String,
            Tag::Number => Kind::Number,
            Tag::Bool => Kind::Bool,
            Tag::Null => Kind::Null,
        }
    }

    /// The byte range of the node, including quotes and brackets.
    #[must_use]
    pub fn span(&self, node: NodeId) -> Range<usize> {
        self.entry(node).span()
    }

    /// The node's own text.
    #[must_use]
    pub fn slice(&self, node: NodeId) -> &str {
        &self.text[self.span(node)]
    }

    /// All nodes in document order, the root first. Keys aren't nodes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let values = self
            .tape
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.tag() != Tag::Key);
        values.map(|(index, _)| NodeId(narrow(index)))
    }

    /// The members of an object in document order, including duplicates; empty if the node isn't an
    /// object.
    pub fn members(&self, node: NodeId) -> impl Iterator<Item = Member<'_>> {
        self.children(node, Tag::Object)
            .map(|key| self.member_of(key))
    }

    fn member_of(&self, key: u32) -> Member<'_> {
        Member {
            key: self.key(key),
            key_span: self.tape[key as usize].span(),
            value: NodeId(key + 1),
        }
    }

    /// The text of a key, by its tape index.
    fn key(&self, index: u32) -> Cow<'_, str> {
        scalar::key(&self.text[self.tape[index as usize].span()])
    }

    /// The values of an object's members, or the items of an array.
    pub(crate) fn child_values(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let members = self.children(node, Tag::Object).map(|key| NodeId(key + 1));
        members.chain(self.children(node, Tag::Array).map(NodeId))
    }

    /// The byte range of the key of a member's value.
    pub(crate) fn key_span(&self, value: NodeId) -> Range<usize> {
        self.tape[value.0 as usize - 1].span()
    }

    /// The items of an array; empty if the node isn't an array.
    pub fn items(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        self.children(node, Tag::Array).map(NodeId)
    }

    /// The value of a key. If it is repeated, the last one counts, as in JavaScript.
    #[must_use]
    pub fn get(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.member(node, key).map(|member| member.value)
    }

    /// The member with a key. If it is repeated, the last one counts, as in JavaScript.
    #[must_use]
    pub fn member(&self, node: NodeId, key: &str) -> Option<Member<'_>> {
        let index = self.key_index(node, key)?;
        Some(self.member_of(index))
    }

    /// The node at a path.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<NodeId> {
        path.0
            .iter()
            .try_fold(self.root(), |node, step| match step {
                Step::Key(key) => self.get(node, key),
                Step::Index(index) => self.item(node, *index),
            })
    }

    /// The unescaped value of a string; lone surrogate escapes become U+FFFD.
    #[must_use]
    pub fn string(&self, node: NodeId) -> Option<Cow<'_, str>> {
        (self.kind(node) == Kind::String).then(|| scalar::quoted(self.slice(node)))
    }

    /// The value of a number.
    #[must_use]
    pub fn number(&self, node: NodeId) -> Option<f64> {
        (self.kind(node) == Kind::Number).then(|| scalar::number(self.slice(node)))
    }

    /// The value of a boolean.
    #[must_use]
    pub fn boolean(&self, node: NodeId) -> Option<bool> {
        (self.kind(node) == Kind::Bool).then(|| self.slice(node) == "true")
    }

    /// The node and everything below it as a value.
    #[must_use]
    pub fn value(&self, node: NodeId) -> Value {
        match self.kind(node) {
            Kind::Object => Value::from_members(
                self.members(node)
                    .map(|member| (member.key.into_owned(), self.value(member.value))),
            ),
            Kind::Array => Value::Array(self.items(node).map(|item| self.value(item)).collect()),
            Kind::String => Value::String(scalar::quoted(self.slice(node)).into_owned()),
            Kind::Number => Value::Number(scalar::number(self.slice(node))),
            Kind::Bool => Value::Bool(self.slice(node) == "true"),
            Kind::Null => Value::Null,
        }
    }

    /// The line and column of a byte offset. Lines end at LF, CRLF and CR.
    #[must_use]
    pub fn locate(&self, offset: usize) -> Position {
        let text = self.text.as_bytes();
        let offset = offset.min(text.len());
        let starts = self
            .lines
            .get_or_init(|| line_starts(text).map(narrow).collect());
        // The first line starts at 0, so there is always one.
        let line = starts.partition_point(|&start| start as usize <= offset) - 1;
        Position::in_line(text, line, starts[line] as usize, offset)
    }

    /// The byte ranges of the comments, in order. A line comment ends before its line break.
    pub fn comments(&self) -> impl Iterator<Item = Range<usize>> {
        trivia::comments(&self.text)
    }

    /// The comments that overlap part of the text, found without scanning what precedes it.
    pub fn comments_in(&self, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let earlier = self
            .tape
            .partition_point(|entry| (entry.start as usize) < part.start);
        // No comment contains a key or a value, so start after the last of them.
        let from = match earlier.checked_sub(1).map(|last| self.tape[last]) {
            Some(entry) if matches!(entry.tag(), Tag::Object | Tag::Array) => {
                entry.span().start + 1
            }
            Some(entry) => entry.span().end,
            None => 0,
        };
        trivia::comments(&self.text[from..])
            .map(move |comment| comment.start + from..comment.end + from)
            .take_while(move |comment| comment.start < part.end)
            .filter(move |comment| part.start < comment.end)
    }

    fn entry(&self, node: NodeId) -> Entry {
        self.tape[node.0 as usize]
    }

    /// Tape indices of the keys of an object, or of the items of an array.
    fn children(&self, node: NodeId, container: Tag) -> impl Iterator<Item = u32> {
        let entry = self.entry(node);
        let first = node.0 + 1;
        let end = if entry.tag() == container {
            entry.next()
        } else {
            first
        };
        let key = u32::from(container == Tag::Object);
        let inside = move |index: u32| (index < end).then_some(index);
        std::iter::successors(inside(first), move |&index| {
            inside(self.tape[(index + key) as usize].next())
        })
    }
}

/// A UTF-16 (or UTF-32) byte order mark, or text with a NUL in every other byte.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => true,
        [first, second, ..] => (*first == 0) != (*second == 0),
        _ => false,
    }
}
