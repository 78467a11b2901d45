//! Checks a file against the table of keys: unknown, missing and duplicate keys, and wrong types.

use std::collections::HashSet;

use crate::causes::team as causes;
use crate::document::{Document, Kind, Member, NodeId, Path, Step};
use crate::nearest::{closest, did_you_mean};
use crate::portkey::printable;

use super::check::Problems;
use super::keys::{FILE, Holds, Key};

pub(super) fn check(problems: &mut Problems<'_>) {
    let document = problems.document();
    let mut walk = Walk {
        document,
        problems,
        path: Path::root(),
    };
    walk.object(document.root(), FILE);
}

struct Walk<'w, 't> {
    document: &'t Document,
    problems: &'w mut Problems<'t>,
    path: Path,
}

impl Walk<'_, '_> {
    /// Whether a value is of a kind; reports it if not.
    fn is(&mut self, node: NodeId, kind: Kind, wanted: &str) -> bool {
        let found = self.document.kind(node);
        if found == kind {
            return true;
        }
        let name = match self.path.0.last() {
            Some(Step::Key(key)) => format!("`{}`", printable(key, 60)),
            Some(Step::Index(_)) => "an entry of the list".to_owned(),
            None => "the team file".to_owned(),
        };
        self.problems.add(
            &causes::TYPE,
            self.document.span(node),
            self.path.clone(),
            format!("{name} is {wanted}, not {found}"),
            format!("write {wanted}"),
        );
        false
    }

    fn within(&mut self, step: Step, look: impl FnOnce(&mut Self)) {
        self.path.0.push(step);
        look(self);
        self.path.0.pop();
    }

    /// The members; reports duplicate keys.
    fn members(&mut self, node: NodeId) -> Vec<Member<'static>> {
        let mut later = HashSet::new();
        let all: Vec<_> = self.document.members(node).collect();
        let mut kept = Vec::new();
        for member in all.into_iter().rev() {
            let key = member.key.into_owned();
            if later.insert(key.clone()) {
                kept.push(Member {
                    key: key.into(),
                    key_span: member.key_span,
                    value: member.value,
                });
                continue;
            }
            self.problems.add(
                &causes::KEY_DUPLICATE,
                member.key_span,
                self.path.clone().key(&key),
                format!(
                    "duplicate key `{}`; the last one counts",
                    printable(&key, 60)
                ),
                "remove one of them",
            );
        }
        kept.reverse();
        kept
    }

    fn object(&mut self, node: NodeId, keys: &'static [Key]) {
        if !self.is(node, Kind::Object, "an object") {
            return;
        }
        for member in self.members(node) {
            let name = member.key.as_ref();
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                let near = closest(name, keys.iter().map(|key| key.name));
                let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                self.problems.add(
                    &causes::KEY_UNKNOWN,
                    member.key_span,
                    self.path.clone().key(name),
                    format!("unknown key `{}`", printable(name, 60)),
                    did_you_mean(near, &format!("the keys here are {}", names.join(", "))),
                );
                continue;
            };
            self.within(Step::Key(name.to_owned()), |walk| {
                walk.value(member.value, key.holds);
            });
        }
        for key in keys.iter().filter(|key| key.required) {
            if self.document.get(node, key.name).is_none() {
                self.problems.add(
                    &causes::KEY_MISSING,
                    self.document.span(node),
                    self.path.clone(),
                    format!("`{}` is missing", key.name),
                    format!("add `{}`", key.name),
                );
            }
        }
    }

    fn value(&mut self, node: NodeId, holds: Holds) {
        match holds {
            Holds::Text => {
                self.is(node, Kind::String, "a string");
            }
            Holds::Flag => {
                self.is(node, Kind::Bool, "true or false");
            }
            Holds::Texts => self.texts(node, "a list of strings"),
            Holds::TextOrTexts if self.document.kind(node) == Kind::String => {}
            Holds::TextOrTexts => self.texts(node, "a string or a list of strings"),
            Holds::Pairs => self.each(node, |walk, value| {
                walk.is(value, Kind::String, "a string");
            }),
            Holds::Object(keys) => self.object(node, keys),
            Holds::Named(keys) => self.each(node, |walk, value| walk.object(value, keys)),
            Holds::NamedOrText(keys) => self.each(node, |walk, value| {
                if walk.document.kind(value) != Kind::String {
                    walk.object(value, keys);
                }
            }),
        }
    }

    fn texts(&mut self, node: NodeId, wanted: &str) {
        if !self.is(node, Kind::Array, wanted) {
            return;
        }
        let items: Vec<NodeId> = self.document.items(node).collect();
        for (index, item) in items.into_iter().enumerate() {
            self.within(Step::Index(index), |walk| {
                walk.is(item, Kind::String, "a string");
            });
        }
    }

    fn each(&mut self, node: NodeId, look: impl Fn(&mut Self, NodeId)) {
        if !self.is(node, Kind::Object, "an object") {
            return;
        }
        for member in self.members(node) {
            let key = member.key.into_owned();
            if key.trim().is_empty() {
                self.problems.add(
                    &causes::VALUE,
                    member.key_span,
                    self.path.clone().key(&key),
                    "empty name".to_owned(),
                    "give it a name",
                );
            }
            self.within(Step::Key(key), |walk| look(walk, member.value));
        }
    }
}

/// The path to a node.
pub(super) fn path(document: &Document, node: NodeId) -> Path {
    let mut path = Path::root();
    let mut at = document.root();
    let wanted = document.span(node);
    while at != node {
        let holds = |value: NodeId| {
            let span = document.span(value);
            span.start <= wanted.start && wanted.end <= span.end
        };
        if let Some(member) = document.members(at).find(|member| holds(member.value)) {
            path = path.key(member.key);
            at = member.value;
            continue;
        }
        let item = document
            .items(at)
            .enumerate()
            .find(|(_, item)| holds(*item));
        let Some((index, item)) = item else {
            break;
        };
        path.0.push(Step::Index(index));
        at = item;
    }
    path
}
