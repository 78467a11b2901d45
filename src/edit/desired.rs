//! What a document should contain after some changes: an overlay on the old tree. It only has
//! values, so that the new text can be verified independently of how it was spliced.

use std::collections::BTreeMap;

use super::marks::{Marks, Renamed};
use super::{Change, EditError};
use crate::document::{Document, Kind, NodeId, Path, Step, Value};

pub(super) enum Desired {
    /// An unchanged old node.
    Old(NodeId),
    /// A value from a change.
    New(Value),
    /// An object with some members listed, `None` for a removed one. The others are as in the old
    /// object, if there is one.
    Object {
        base: Option<NodeId>,
        listed: Vec<(String, Option<Desired>)>,
    },
    /// An array with some old items changed, `None` for a removed one, and some appended.
    Array {
        base: Option<NodeId>,
        changed: BTreeMap<NodeId, Option<Desired>>,
        added: Vec<Desired>,
    },
}

impl Desired {
    /// Applies the changes.
    pub(super) fn after(
        document: &Document,
        changes: &[Change],
    ) -> Result<(Self, Marks), EditError> {
        let root = document.root();
        let found = document.kind(root);
        if found != Kind::Object {
            let (path, span) = (Path::root(), document.span(root));
            return Err(EditError::NotAContainer {
                path,
                needed: Kind::Object,
                found,
                span,
            });
        }
        let mut wanted = Self::Old(root);
        let mut marks = Marks::default();
        for change in changes {
            let route = Route {
                document,
                marks: &marks,
                steps: &change.path().0,
            };
            match change {
                Change::Set { value, .. } => {
                    let replaced = route.set(&mut wanted, value)?;
                    if let Some(span) = replaced.map(|node| document.span(node)) {
                        marks
                            .renamed
                            .retain(|_, renamed| !span.contains(&renamed.span.start));
                    }
                }
                Change::Append { value, .. } => route.append(&mut wanted, value)?,
                Change::Remove { comments_stay, .. } => {
                    let removed = route.remove(&mut wanted)?;
                    marks
                        .leave_comments
                        .extend(removed.filter(|_| *comments_stay));
                }
                Change::Rename { key, .. } => {
                    let renamed = route.rename(&mut wanted, key)?;
                    marks.renamed.extend(renamed);
                }
            }
        }
        Ok((wanted.settled(document), marks))
    }

    /// The old node that this keeps or changes.
    fn old(&self) -> Option<NodeId> {
        match self {
            Self::Old(node) => Some(*node),
            Self::New(_) => None,
            Self::Object { base, .. } | Self::Array { base, .. } => *base,
        }
    }

    fn kind(&self, document: &Document) -> Kind {
        match self {
            Self::Old(node) => document.kind(*node),
            Self::Object { .. } => Kind::Object,
            Self::Array { .. } => Kind::Array,
            Self::New(value) => match value {
                Value::Null => Kind::Null,
                Value::Bool(_) => Kind::Bool,
                Value::Number(_) => Kind::Number,
                Value::String(_) => Kind::String,
                Value::Array(_) => Kind::Array,
                Value::Object(_) => Kind::Object,
            },
        }
    }

    /// The members of an object, for changing; `None` if this isn't an object.
    fn open_object(&mut self, document: &Document) -> Option<&mut Vec<(String, Option<Self>)>> {
        match self {
            Self::Old(node) if document.kind(*node) == Kind::Object => {
                *self = Self::Object {
                    base: Some(*node),
                    listed: Vec::new(),
                };
            }
            Self::New(Value::Object(members)) => {
                let members = std::mem::take(members).into_iter();
                let listed = members
                    .map(|(key, value)| (key, Some(Self::New(value))))
                    .collect();
                *self = Self::Object { base: None, listed };
            }
            _ => {}
        }
        match self {
            Self::Object { listed, .. } => Some(listed),
            _ => None,
        }
    }

    /// If this is an array, converts it to the form that can be changed.
    fn open_array(&mut self, document: &Document) {
        match self {
            Self::Old(node) if document.kind(*node) == Kind::Array => {
                *self = Self::array(Some(*node), Vec::new());
            }
            Self::New(Value::Array(values)) => {
                let values = std::mem::take(values).into_iter();
                *self = Self::array(None, values.map(Self::New).collect());
            }
            _ => {}
        }
    }

    fn array(base: Option<NodeId>, added: Vec<Self>) -> Self {
        Self::Array {
            base,
            changed: BTreeMap::new(),
            added,
        }
    }

    /// Converts containers without an old node back to plain values.
    fn settled(self, document: &Document) -> Self {
        let settle = |wanted: Option<Self>| wanted.map(|wanted| wanted.settled(document));
        match self {
            Self::Object {
                base: base @ Some(_),
                listed,
            } => {
                let listed = listed.into_iter();
                let listed = listed.map(|(key, wanted)| (key, settle(wanted))).collect();
                Self::Object { base, listed }
            }
            Self::Array {
                base: base @ Some(_),
                changed,
                added,
            } => {
                let changed = changed.into_iter();
                Self::Array {
                    base,
                    changed: changed
                        .map(|(node, wanted)| (node, settle(wanted)))
                        .collect(),
                    added: added
                        .into_iter()
                        .map(|wanted| wanted.settled(document))
                        .collect(),
                }
            }
            Self::Object { base: None, .. } | Self::Array { base: None, .. } => {
                Self::New(self.into_value(document))
            }
            Self::Old(_) | Self::New(_) => self,
        }
    }

    fn into_value(self, document: &Document) -> Value {
        match self {
            Self::Old(node) => document.value(node),
            Self::New(value) => value,
            Self::Object { base, listed } => {
                let mut members = match base.map(|node| document.value(node)) {
                    Some(Value::Object(members)) => members,
                    _ => Vec::new(),
                };
                for (key, wanted) in listed {
                    members.retain(|(name, _)| *name != key);
                    members.extend(wanted.map(|wanted| (key, wanted.into_value(document))));
                }
                Value::Object(members)
            }
            Self::Array {
                base,
                mut changed,
                added,
            } => {
                let old = base.into_iter().flat_map(|base| document.items(base));
                let kept =
                    old.filter_map(|node| changed.remove(&node).unwrap_or(Some(Self::Old(node))));
                Value::Array(
                    kept.chain(added)
                        .map(|item| item.into_value(document))
                        .collect(),
                )
            }
        }
    }
}

/// What an array index refers to.
enum Place {
    Old(NodeId),
    /// One of the appended items, or beyond them.
    Added(usize),
}

/// The old tree and the path of one change.
struct Route<'a> {
    document: &'a Document,
    marks: &'a Marks,
    steps: &'a [Step],
}

impl Route<'_> {
    /// Returns the old node that the value replaces.
    fn set(&self, root: &mut Desired, value: &Value) -> Result<Option<NodeId>, EditError> {
        let Some(slot) = self.slot(root, self.steps.len(), Some(value))? else {
            return Ok(None);
        };
        let old = slot.old();
        *slot = Desired::New(value.clone());
        Ok(old)
    }

    fn append(&self, root: &mut Desired, value: &Value) -> Result<(), EditError> {
        let missing = Value::Array(Vec::new());
        let Some(slot) = self.slot(root, self.steps.len(), Some(&missing))? else {
            return Ok(());
        };
        let found = slot.kind(self.document);
        let node = slot.old().unwrap_or(self.document.root());
        slot.open_array(self.document);
        let Desired::Array { added, .. } = slot else {
            return Err(self.no_container(self.steps.len(), Kind::Array, found, node));
        };
        added.push(Desired::New(value.clone()));
        Ok(())
    }

    /// Returns the old node that is removed.
    fn remove(&self, root: &mut Desired) -> Result<Option<NodeId>, EditError> {
        let Some(depth) = self.steps.len().checked_sub(1) else {
            return Err(EditError::RootRemoved);
        };
        let Some(parent) = self.slot(root, depth, None)? else {
            return Ok(None);
        };
        match &self.steps[depth] {
            Step::Key(key) => {
                let old = self.unique(parent.old(), key, depth)?;
                if let Some(listed) = parent.open_object(self.document) {
                    match listed.iter().position(|(name, _)| name == key) {
                        Some(place) => listed[place].1 = None,
                        None if old.is_some() => listed.push((key.clone(), None)),
                        None => {}
                    }
                }
                Ok(old)
            }
            Step::Index(index) => {
                let place = self.place(parent, *index);
                let Desired::Array { changed, added, .. } = parent else {
                    return Ok(None);
                };
                match place {
                    Place::Old(node) => {
                        changed.insert(node, None);
                        return Ok(Some(node));
                    }
                    Place::Added(index) if index < added.len() => drop(added.remove(index)),
                    Place::Added(_) => {}
                }
                Ok(None)
            }
        }
    }

    /// Returns the old value whose key changes, with the change.
    fn rename(
        &self,
        root: &mut Desired,
        key: &str,
    ) -> Result<Option<(NodeId, Renamed)>, EditError> {
        let Some((Step::Key(old_key), way)) = self.steps.split_last() else {
            return Ok(None);
        };
        let depth = way.len();
        let Some(parent) = self.slot(root, depth, None)? else {
            return Ok(None);
        };
        let old = parent.old();
        let node = self.unique(old, old_key, depth)?;
        let is_taken = self.unique(old, key, depth)?.is_some();
        let Some(listed) = parent.open_object(self.document) else {
            return Ok(None);
        };
        let place = listed.iter().position(|(name, _)| name == old_key);
        let is_there = match place {
            Some(place) => listed[place].1.is_some(),
            None => node.is_some(),
        };
        if !is_there || key == old_key {
            return Ok(None);
        }
        if is_taken || listed.iter().any(|(name, _)| name == key) {
            let path = Path(way.to_vec()).key(key);
            return Err(EditError::KeyTaken { path });
        }
        // Its earlier changes move along.
        if let Some(place) = place {
            key.clone_into(&mut listed[place].0);
        }
        let mut members = old
            .into_iter()
            .flat_map(|object| self.document.members(object));
        let member = members.find(|member| Some(member.value) == node);
        Ok(member.map(|member| {
            let (span, key) = (member.key_span, key.to_owned());
            (member.value, Renamed { span, key })
        }))
    }

    /// The slot at the first `depth` steps. If it is missing, creates the objects on the way and
    /// `missing` at its end; without `missing`, returns `None`.
    fn slot<'w>(
        &self,
        root: &'w mut Desired,
        depth: usize,
        missing: Option<&Value>,
    ) -> Result<Option<&'w mut Desired>, EditError> {
        let mut here = root;
        let mut nearest = self.document.root();
        for (at, step) in self.steps[..depth].iter().enumerate() {
            nearest = here.old().unwrap_or(nearest);
            let found = here.kind(self.document);
            let needed = match step {
                Step::Key(_) => Kind::Object,
                Step::Index(_) => Kind::Array,
            };
            if found != needed {
                if missing.is_none() {
                    return Ok(None);
                }
                return Err(self.no_container(at, needed, found, nearest));
            }
            let next = match step {
                Step::Key(key) => self.member(here, key, at, missing)?,
                Step::Index(index) => self.item(here, *index, at, missing.is_some())?,
            };
            let Some(next) = next else { return Ok(None) };
            here = next;
        }
        Ok(Some(here))
    }

    /// The slot of a key: already listed, in the old object, or created.
    fn member<'w>(
        &self,
        object: &'w mut Desired,
        key: &str,
        at: usize,
        missing: Option<&Value>,
    ) -> Result<Option<&'w mut Desired>, EditError> {
        let old = self.unique(object.old(), key, at)?;
        let fresh = missing.map(|missing| match self.steps.get(at + 1) {
            Some(Step::Key(_)) => Value::Object(Vec::new()),
            Some(Step::Index(_)) => Value::Array(Vec::new()),
            None => missing.clone(),
        });
        let Some(listed) = object.open_object(self.document) else {
            return Ok(None);
        };
        let place = match listed.iter().position(|(name, _)| name == key) {
            Some(place) => place,
            None if old.is_none() && fresh.is_none() => return Ok(None),
            None => {
                listed.push((key.to_owned(), old.map(Desired::Old)));
                listed.len() - 1
            }
        };
        let slot = &mut listed[place].1;
        if slot.is_none() {
            *slot = fresh.map(Desired::New);
        }
        Ok(slot.as_mut())
    }

    fn item<'w>(
        &self,
        array: &'w mut Desired,
        index: usize,
        at: usize,
        is_needed: bool,
    ) -> Result<Option<&'w mut Desired>, EditError> {
        let place = self.place(array, index);
        let Desired::Array { changed, added, .. } = array else {
            return Ok(None);
        };
        match place {
            Place::Old(node) => {
                let item = changed.entry(node).or_insert(Some(Desired::Old(node)));
                Ok(item.as_mut())
            }
            Place::Added(beyond) if beyond >= added.len() && is_needed => {
                let path = Path(self.steps[..=at].to_vec());
                let len = index - beyond + added.len();
                Err(EditError::NoSuchIndex { path, len })
            }
            Place::Added(beyond) => Ok(added.get_mut(beyond)),
        }
    }

    /// What is at an index of an array, which is converted to the form that can be changed.
    fn place(&self, array: &mut Desired, index: usize) -> Place {
        array.open_array(self.document);
        let Desired::Array { base, changed, .. } = array else {
            return Place::Added(index);
        };
        let old = base.iter().flat_map(|base| self.document.items(*base));
        let mut beyond = index;
        for node in old.filter(|node| !matches!(changed.get(node), Some(None))) {
            if beyond == 0 {
                return Place::Old(node);
            }
            beyond -= 1;
        }
        Place::Added(beyond)
    }

    /// The value of the key at step `at`, from the old object if there is one; an error if the
    /// object has the key twice.
    fn unique(
        &self,
        object: Option<NodeId>,
        key: &str,
        at: usize,
    ) -> Result<Option<NodeId>, EditError> {
        let Some(object) = object else {
            return Ok(None);
        };
        let mut members = self
            .document
            .members(object)
            .filter(|member| self.marks.key(member) == key);
        let Some(first) = members.next() else {
            return Ok(None);
        };
        let mut spans = vec![first.key_span];
        spans.extend(members.map(|member| member.key_span));
        if spans.len() > 1 {
            return Err(EditError::DuplicateKey {
                path: Path(self.steps[..=at].to_vec()),
                spans,
            });
        }
        Ok(Some(first.value))
    }

    fn no_container(&self, depth: usize, needed: Kind, found: Kind, node: NodeId) -> EditError {
        let path = Path(self.steps[..depth].to_vec());
        EditError::NotAContainer {
            path,
            needed,
            found,
            span: self.document.span(node),
        }
    }
}
