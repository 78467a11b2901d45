//! Repeated keys below `models` and `agents`: only the last one counts.
//!
//! Walks the documents themselves, since a view shows only what counts.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Kind, NodeId, Path, Step};
use crate::openclaw::Config;

/// A repeated key.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The index of the file in `Config::sources`.
    pub source: usize,
    /// Its first occurrence.
    pub range: Range<usize>,
    /// The offset of its last occurrence.
    pub last: usize,
    /// The path to its value in the merged config.
    pub path: Path,
}

/// Finds repeated keys.
pub(super) fn find(config: &Config) -> Vec<Duplicate> {
    let mut walk = Walk {
        config,
        path: Path::root(),
        keys: Vec::new(),
        found: Vec::new(),
    };
    walk.root(0);
    walk.found
}

struct Walk<'c> {
    config: &'c Config,
    path: Path,
    /// The keys of one object with their ranges, sorted. Kept to reuse the allocation.
    keys: Vec<(Cow<'c, str>, Range<usize>)>,
    found: Vec<Duplicate>,
}

impl<'c> Walk<'c> {
    fn document(&self, source: usize) -> &'c Document {
        &self.config.sources()[source].document
    }

    /// Walks a file that is the config, or is included by its root.
    fn root(&mut self, source: usize) {
        let document = self.document(source);
        let root = document.root();
        for included in self.config.included_at(source, root) {
            self.root(included);
        }
        for key in ["models", "agents"] {
            let mut members = document.members(root).filter(|member| member.key == key);
            let Some(first) = members.next() else {
                continue;
            };
            let mut value = first.value;
            if let Some(last) = members.last() {
                self.add(source, first.key_span, last.key_span.start, key);
                value = last.value;
            }
            self.below(source, value, Step::Key(key.to_owned()));
        }
    }

    fn below(&mut self, source: usize, node: NodeId, step: Step) {
        self.path.0.push(step);
        self.value(source, node);
        self.path.0.pop();
    }

    fn value(&mut self, source: usize, node: NodeId) {
        let document = self.document(source);
        match document.kind(node) {
            Kind::Object => {
                for included in self.config.included_at(source, node) {
                    self.value(included, self.document(included).root());
                }
                let dead = self.repeated(source, node);
                for member in document.members(node) {
                    let counts = dead.binary_search(&member.key_span.start).is_err();
                    if counts && is_container(document, member.value) {
                        self.below(source, member.value, Step::Key(member.key.into_owned()));
                    }
                }
            }
            Kind::Array => {
                for (index, item) in document.items(node).enumerate() {
                    if is_container(document, item) {
                        self.below(source, item, Step::Index(index));
                    }
                }
            }
            _ => {}
        }
    }

    /// Finds keys that occur more than once. Returns the offsets of the ones that don't count,
    /// sorted.
    fn repeated(&mut self, source: usize, node: NodeId) -> Vec<usize> {
        let members = self.document(source).members(node);
        let mut keys = std::mem::take(&mut self.keys);
        keys.extend(members.map(|member| (member.key, member.key_span)));
        keys.sort_unstable_by(|(a, a_at), (b, b_at)| (a, a_at.start).cmp(&(b, b_at.start)));
        let mut dead = Vec::new();
        for same in keys.chunk_by(|(a, _), (b, _)| a == b) {
            if let [(key, first), .., (_, last)] = same {
                self.add(source, first.clone(), last.start, key);
                dead.extend(same[..same.len() - 1].iter().map(|(_, at)| at.start));
            }
        }
        keys.clear();
        self.keys = keys;
        dead.sort_unstable();
        dead
    }

    fn add(&mut self, source: usize, range: Range<usize>, last: usize, key: &str) {
        self.found.push(Duplicate {
            source,
            range,
            last,
            path: self.path.clone().key(key),
        });
    }
}

fn is_container(document: &Document, node: NodeId) -> bool {
    matches!(document.kind(node), Kind::Object | Kind::Array)
}
