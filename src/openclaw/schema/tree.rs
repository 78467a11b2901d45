//! The config as one tree across its files. Unlike `View`, its values don't carry their paths: a
//! walk keeps its own.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Kind, Path, Step};
use crate::openclaw::{At, Config, INCLUDE};

/// A value of the config.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    /// Its part in the strongest file.
    at: At,
    /// Its parts in weaker files; most configs have a single file.
    weaker: Vec<At>,
}

impl Cursor {
    /// Its parts, in the order in which arrays are joined.
    fn weakest_first(&self) -> impl Iterator<Item = &At> {
        self.weaker.iter().rev().chain(std::iter::once(&self.at))
    }
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Entry<'c> {
    pub(super) key: Cow<'c, str>,
    pub(super) source: usize,
    pub(super) key_range: Range<usize>,
    pub(super) value: Cursor,
}

/// Up to this many keys, compare them pairwise.
const FEW: usize = 24;

impl Config {
    pub(super) fn cursor(&self) -> Cursor {
        let node = self.sources[0].document.root();
        self.joined(vec![At { source: 0, node }])
    }

    fn joined(&self, mut parts: Vec<At>) -> Cursor {
        if !self.included.is_empty() {
            parts = self.merged(parts);
        }
        let weaker = if parts.len() > 1 {
            parts.split_off(1)
        } else {
            Vec::new()
        };
        Cursor {
            at: parts[0],
            weaker,
        }
    }

    fn single(&self, at: At) -> Cursor {
        if self.included.is_empty() {
            return Cursor {
                at,
                weaker: Vec::new(),
            };
        }
        self.joined(vec![at])
    }

    pub(super) fn kind(&self, cursor: &Cursor) -> Kind {
        self.document(cursor.at).kind(cursor.at.node)
    }

    /// The file of a value's strongest part, and its range there.
    pub(super) fn range(&self, cursor: &Cursor) -> (usize, Range<usize>) {
        let at = cursor.at;
        (at.source, self.document(at).span(at.node))
    }

    pub(super) fn text(&self, cursor: &Cursor) -> Option<Cow<'_, str>> {
        self.document(cursor.at).string(cursor.at.node)
    }

    pub(super) fn number(&self, cursor: &Cursor) -> Option<f64> {
        self.document(cursor.at).number(cursor.at.node)
    }

    pub(super) fn boolean(&self, cursor: &Cursor) -> Option<bool> {
        self.document(cursor.at).boolean(cursor.at.node)
    }

    /// The effective members, in document order.
    pub(super) fn entries(&self, cursor: &Cursor) -> Vec<Entry<'_>> {
        let mut found = self.own_entries(cursor.at);
        if cursor.weaker.is_empty() {
            return found;
        }
        let mut parts: Vec<Vec<At>> = found.iter().map(|entry| vec![entry.value.at]).collect();
        for weaker in &cursor.weaker {
            for entry in self.own_entries(*weaker) {
                let at = entry.value.at;
                if let Some(known) = found.iter().position(|known| known.key == entry.key) {
                    parts[known].push(at);
                } else {
                    found.push(entry);
                    parts.push(vec![at]);
                }
            }
        }
        for (entry, parts) in found.iter_mut().zip(parts) {
            entry.value = self.joined(parts);
        }
        found
    }

    fn own_entries(&self, at: At) -> Vec<Entry<'_>> {
        let mut found: Vec<Entry<'_>> = Vec::new();
        for member in self.document(at).members(at.node) {
            if member.key == INCLUDE {
                continue;
            }
            found.push(Entry {
                source: at.source,
                key_range: member.key_span,
                value: self.single(At {
                    node: member.value,
                    ..at
                }),
                key: member.key,
            });
        }
        without_repeated(&mut found);
        found
    }

    pub(super) fn get(&self, cursor: &Cursor, key: &str) -> Option<Cursor> {
        if cursor.weaker.is_empty() {
            let node = self.document(cursor.at).get(cursor.at.node, key)?;
            return Some(self.single(At { node, ..cursor.at }));
        }
        let found = self
            .entries(cursor)
            .into_iter()
            .find(|entry| entry.key == key);
        found.map(|entry| entry.value)
    }

    /// The value at a chain of keys.
    pub(super) fn down(&self, cursor: &Cursor, keys: &[&str]) -> Option<Cursor> {
        keys.iter()
            .try_fold(cursor.clone(), |at, key| self.get(&at, key))
    }

    pub(super) fn items(&self, cursor: &Cursor) -> Vec<Cursor> {
        cursor
            .weakest_first()
            .flat_map(|at| {
                let items = self.document(*at).items(at.node);
                items.map(|node| self.single(At { node, ..*at }))
            })
            .collect()
    }

    pub(super) fn item(&self, cursor: &Cursor, index: usize) -> Option<Cursor> {
        let item = self.item_of(cursor.weakest_first(), index)?;
        Some(self.single(item))
    }

    pub(super) fn item_count(&self, cursor: &Cursor) -> usize {
        let parts = cursor.weakest_first();
        parts.map(|at| self.document(*at).item_count(at.node)).sum()
    }

    pub(super) fn is_object(&self, cursor: &Cursor) -> bool {
        self.kind(cursor) == Kind::Object
    }

    pub(super) fn step(&self, from: &Cursor, step: &Step) -> Option<Cursor> {
        match step {
            Step::Key(key) => self.get(from, key),
            Step::Index(index) => self.item(from, *index),
        }
    }

    /// The value at a path, or its nearest existing ancestor.
    pub(super) fn nearest(&self, path: &Path) -> Cursor {
        let mut at = self.cursor();
        for step in &path.0 {
            let Some(next) = self.step(&at, step) else {
                break;
            };
            at = next;
        }
        at
    }
}

/// If a key is repeated, keeps only the last one.
fn without_repeated(entries: &mut Vec<Entry<'_>>) {
    let is_repeated: Vec<bool> = if entries.len() <= FEW {
        (0..entries.len())
            .map(|at| {
                entries[at + 1..]
                    .iter()
                    .any(|later| later.key == entries[at].key)
            })
            .collect()
    } else {
        let mut seen = std::collections::HashSet::new();
        let mut flags: Vec<bool> = entries
            .iter()
            .rev()
            .map(|entry| !seen.insert(&*entry.key))
            .collect();
        flags.reverse();
        flags
    };
    if is_repeated.contains(&true) {
        let mut flags = is_repeated.into_iter();
        entries.retain(|_| !flags.next().unwrap_or_default());
    }
}
