//! Finds the secrets in a document by the names and contents of its values.

use std::collections::HashMap;
use std::ops::Range;

use crate::document::{Document, Kind, NodeId, unescape_with_offsets};
use crate::openclaw::is_variable_name;

use super::name::{self, Class};
use super::value;

/// Numbers with fewer digits are limits and ports, even under a secret name.
const MIN_DIGITS: usize = 8;

/// What a value inherits from its container.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    class: Class,
    /// The class of values with an inconclusive name.
    base: Class,
    is_headers: bool,
    is_providers: bool,
    depth: usize,
}

impl Holder {
    /// For the root value of a file.
    pub(super) const ROOT: Self = Self {
        class: Class::Unknown,
        base: Class::Unknown,
        is_headers: false,
        is_providers: false,
        depth: 0,
    };

    /// For the root value of a text of this class.
    pub(super) fn of_text(class: Class, depth: usize) -> Self {
        Self {
            class,
            base: class,
            depth,
            ..Self::ROOT
        }
    }
}

/// The secrets in the strings of a document whose span `wanted` accepts, as ranges of its text. A
/// string in place of a provider object is likely its key.
pub(super) fn secrets(
    document: &Document,
    root: Holder,
    wanted: &dyn Fn(&Range<usize>) -> bool,
) -> Vec<Range<usize>> {
    let text = document.text();
    let mut ranges = Vec::new();
    let mut classes = Classes::default();
    let mut open: Vec<(NodeId, Holder)> = vec![(document.root(), root)];
    while let Some((node, holder)) = open.pop() {
        match document.kind(node) {
            Kind::Object => {
                let reference = Reference::of(document, node);
                for member in document.members(node) {
                    if wanted(&member.key_span) {
                        in_key(text, member.key_span.clone(), holder, &mut ranges);
                    }
                    if wanted(&document.span(member.value)) {
                        let class = match reference {
                            Some(reference) => reference.class(&member.key),
                            None => classes.of(&member.key, holder),
                        };
                        let child = child(document, member.value, &member.key, class, holder);
                        open.push((member.value, child));
                    }
                }
            }
            Kind::Array => {
                let items = document.items(node);
                let shown = items.filter(|item| wanted(&document.span(*item)));
                open.extend(shown.map(|item| (item, holder)));
            }
            Kind::String => {
                let span = document.span(node);
                let inner = span.start + 1..span.end.saturating_sub(1);
                in_string(&text[inner.clone()], inner.start, holder, &mut ranges);
            }
            Kind::Number if holder.class == Class::Secret => {
                let span = document.span(node);
                if span.len() >= MIN_DIGITS {
                    ranges.push(span);
                }
            }
            _ => {}
        }
    }
    ranges
}

fn child(document: &Document, node: NodeId, key: &str, class: Class, holder: Holder) -> Holder {
    let is_providers = key == "providers";
    let is_misplaced = (is_providers || holder.is_providers) && document.kind(node) == Kind::String;
    // OpenClaw's own section says where secrets come from, and contains none.
    let is_section = key == "secrets"
        && (document.get(node, "providers").is_some() || document.get(node, "defaults").is_some());
    Holder {
        class: match class {
            _ if is_misplaced => Class::Secret,
            _ if is_section => holder.base,
            class => class,
        },
        is_providers,
        is_headers: key.ends_with("headers") || key.ends_with("Headers"),
        ..holder
    }
}

/// A key of an object; if it is all letters, it is a name.
fn in_key(text: &str, span: Range<usize>, holder: Holder, ranges: &mut Vec<Range<usize>>) {
    let source = &text[span.clone()];
    let is_name = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_');
    let quotes = usize::from(source.starts_with(['"', '\'']));
    let source = &source[quotes..source.len() - quotes];
    if !source.bytes().all(is_name) {
        let class = Class::Public;
        in_string(
            source,
            span.start + quotes,
            Holder { class, ..holder },
            ranges,
        );
    }
}

fn in_string(source: &str, start: usize, holder: Holder, ranges: &mut Vec<Range<usize>>) {
    /// Shorter keys aren't checked.
    const MIN_LENGTH: usize = 6;
    if holder.class != Class::Secret && source.len() < MIN_LENGTH {
        return;
    }
    if source.contains('\\') {
        let (value, offsets) = unescape_with_offsets(source);
        let found = value::ranges(&value, holder.class, holder.depth);
        ranges.extend(
            found
                .into_iter()
                .map(|range| offsets[range.start] + start..offsets[range.end] + start),
        );
    } else {
        let found = value::ranges(source, holder.class, holder.depth);
        ranges.extend(
            found
                .into_iter()
                .map(|range| range.start + start..range.end + start),
        );
    }
}

/// The classes of keys, cached: a config repeats the same few keys.
#[derive(Default)]
struct Classes {
    keys: HashMap<String, Class>,
}

impl Classes {
    fn of(&mut self, key: &str, holder: Holder) -> Class {
        let own = if holder.is_headers {
            name::header_class(key)
        } else if let Some(class) = self.keys.get(key) {
            *class
        } else {
            let class = name::class(key);
            self.keys.insert(key.to_owned(), class);
            class
        };
        match own {
            _ if holder.class == Class::Secret && !is_description(key) => Class::Secret,
            Class::Unknown => holder.base,
            own => own,
        }
    }
}

/// Whether a key describes where a secret is stored or how to get it.
fn is_description(key: &str) -> bool {
    matches!(
        key,
        "source" | "provider" | "mode" | "type" | "kind" | "path" | "command"
    )
}

/// A SecretRef: no part of it is secret, unless someone put a key in place of a name.
#[derive(Clone, Copy)]
struct Reference {
    has_name: bool,
}

impl Reference {
    fn of(document: &Document, node: NodeId) -> Option<Self> {
        let source = document.get(node, "source")?;
        let id = document.get(node, "id")?;
        let is_env = document.string(source).is_some_and(|text| text == "env");
        let name = document.string(id);
        Some(Self {
            has_name: !is_env || name.is_none_or(|name| is_variable_name(&name)),
        })
    }

    fn class(self, key: &str) -> Class {
        match key {
            "id" if !self.has_name => Class::Secret,
            "id" => Class::Unknown,
            _ => Class::Public,
        }
    }
}
