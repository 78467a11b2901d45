//! What a document should say after some changes: an overlay on the old tree. Values only, so
//! that the judge can hold the new text against it whatever the splicing did.

use super::{Change, EditError};
use crate::document::{Document, Kind, NodeId, Path, Step, Value};

pub(super) enum Wanted {
    /// The old node, untouched.
    Old(NodeId),
    /// A value that a change brought.
    New(Value),
    /// An object of which some members are listed, `None` for a removed one. The others are as
    /// in the old object, when there is one.
    Object {
        base: Option<NodeId>,
        listed: Vec<(String, Option<Wanted>)>,
    },
    /// An array with all of its items.
    Array {
        base: Option<NodeId>,
        items: Vec<Item>,
    },
}

pub(super) struct Item {
    /// The old item in whose place this one stands.
    pub(super) origin: Option<NodeId>,
    pub(super) wanted: Wanted,
}

impl Wanted {
    pub(super) fn after(document: &Document, changes: &[Change]) -> Result<Self, EditError> {
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
        for change in changes {
            let tree = Tree {
                document,
                path: change.path(),
            };
            match change {
                Change::Set { value, .. } => {
                    if let Some(slot) = tree.slot(&mut wanted, Some(Value::Null))? {
                        *slot = Self::New(value.clone());
                    }
                }
                Change::Append { value, .. } => {
                    let missing = Value::Array(Vec::new());
                    if let Some(slot) = tree.slot(&mut wanted, Some(missing))? {
                        let found = slot.kind(document);
                        let span = slot.old().map(|node| document.span(node));
                        let Some(items) = slot.open_array(document) else {
                            let span = span.unwrap_or_else(|| document.span(root));
                            let path = change.path().clone();
                            return Err(EditError::NotAContainer {
                                path,
                                needed: Kind::Array,
                                found,
                                span,
                            });
                        };
                        items.push(Item {
                            origin: None,
                            wanted: Self::New(value.clone()),
                        });
                    }
                }
                Change::Remove { .. } => tree.remove(&mut wanted)?,
            }
        }
        Ok(wanted.settled(document))
    }

    /// The old node that this changes or keeps.
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

    /// The members of an object, ready to be changed; none when this is no object.
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

    /// The items of an array, ready to be changed; none when this is no array.
    fn open_array(&mut self, document: &Document) -> Option<&mut Vec<Item>> {
        match self {
            Self::Old(node) if document.kind(*node) == Kind::Array => {
                let old = document.items(*node);
                let items = old.map(|item| Item {
                    origin: Some(item),
                    wanted: Self::Old(item),
                });
                *self = Self::Array {
                    base: Some(*node),
                    items: items.collect(),
                };
            }
            Self::New(Value::Array(values)) => {
                let values = std::mem::take(values).into_iter();
                let items = values.map(|value| Item {
                    origin: None,
                    wanted: Self::New(value),
                });
                *self = Self::Array {
                    base: None,
                    items: items.collect(),
                };
            }
            _ => {}
        }
        match self {
            Self::Array { items, .. } => Some(items),
            _ => None,
        }
    }

    /// Containers without an old one beneath become plain values again.
    fn settled(self, document: &Document) -> Self {
        match self {
            Self::Object {
                base: Some(base),
                listed,
            } => {
                let listed = listed.into_iter();
                let settle = |wanted: Option<Self>| wanted.map(|wanted| wanted.settled(document));
                Self::Object {
                    base: Some(base),
                    listed: listed.map(|(key, wanted)| (key, settle(wanted))).collect(),
                }
            }
            Self::Array {
                base: Some(base),
                items,
            } => {
                let settle = |item: Item| Item {
                    wanted: item.wanted.settled(document),
                    ..item
                };
                Self::Array {
                    base: Some(base),
                    items: items.into_iter().map(settle).collect(),
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
                let old = base.map(|node| document.value(node));
                let Some(Value::Object(mut members)) = old.or(Some(Value::Object(Vec::new())))
                else {
                    return Value::Null;
                };
                for (key, wanted) in listed {
                    members.retain(|(name, _)| *name != key);
                    members.extend(wanted.map(|wanted| (key, wanted.into_value(document))));
                }
                Value::Object(members)
            }
            Self::Array { items, .. } => Value::Array(
                items
                    .into_iter()
                    .map(|item| item.wanted.into_value(document))
                    .collect(),
            ),
        }
    }
}

/// The old tree and the path of one change.
struct Tree<'a> {
    document: &'a Document,
    path: &'a Path,
}

impl Tree<'_> {
    /// The place at the path. When it is missing, objects on the way and `missing` at its end
    /// are created; without `missing` there is no such place.
    fn slot<'w>(
        &self,
        root: &'w mut Wanted,
        missing: Option<Value>,
    ) -> Result<Option<&'w mut Wanted>, EditError> {
        self.slot_of(&self.path.0, root, missing)
    }

    fn slot_of<'w>(
        &self,
        steps: &[Step],
        root: &'w mut Wanted,
        missing: Option<Value>,
    ) -> Result<Option<&'w mut Wanted>, EditError> {
        let mut here = root;
        let mut nearest = self.document.root();
        for (depth, step) in steps.iter().enumerate() {
            nearest = here.old().unwrap_or(nearest);
            let found = here.kind(self.document);
            let next = match step {
                Step::Key(key) => match here.old() {
                    _ if found != Kind::Object => None,
                    base => {
                        let is_last = depth + 1 == steps.len();
                        let fresh = match (&missing, steps.get(depth + 1)) {
                            (Some(_), Some(Step::Index(_))) => Some(Value::Array(Vec::new())),
                            (Some(_), Some(Step::Key(_))) => Some(Value::Object(Vec::new())),
                            (Some(value), None) if is_last => Some(value.clone()),
                            _ => None,
                        };
                        let old = match base {
                            Some(node) => self.unique(node, key, depth)?,
                            None => None,
                        };
                        let Some(slot) = here.member(self.document, key, old, fresh) else {
                            return Ok(None);
                        };
                        Some(slot)
                    }
                },
                Step::Index(index) => match here.open_array(self.document) {
                    None => None,
                    Some(items) => {
                        let len = items.len();
                        match items.get_mut(*index) {
                            Some(item) => Some(&mut item.wanted),
                            None if missing.is_none() => return Ok(None),
                            None => {
                                let path = Path(self.path.0[..=depth].to_vec());
                                return Err(EditError::NoSuchIndex { path, len });
                            }
                        }
                    }
                },
            };
            match next {
                Some(slot) => here = slot,
                None if missing.is_none() => return Ok(None),
                None => {
                    let needed = match step {
                        Step::Key(_) => Kind::Object,
                        Step::Index(_) => Kind::Array,
                    };
                    let path = Path(self.path.0[..depth].to_vec());
                    let span = self.document.span(nearest);
                    return Err(EditError::NotAContainer {
                        path,
                        needed,
                        found,
                        span,
                    });
                }
            }
        }
        Ok(Some(here))
    }

    fn remove(&self, root: &mut Wanted) -> Result<(), EditError> {
        let Some((last, parent)) = self.path.0.split_last() else {
            return Err(EditError::RootRemoved);
        };
        let Some(parent_slot) = self.slot_of(parent, root, None)? else {
            return Ok(());
        };
        match last {
            Step::Key(key) => {
                let base = parent_slot.old();
                if parent_slot.kind(self.document) != Kind::Object {
                    return Ok(());
                }
                let old = match base {
                    Some(node) => self.unique(node, key, parent.len())?,
                    None => None,
                };
                if let Some(listed) = parent_slot.open_object(self.document) {
                    match listed.iter().position(|(name, _)| name == key) {
                        Some(place) => listed[place].1 = None,
                        None if old.is_some() => listed.push((key.clone(), None)),
                        None => {}
                    }
                }
            }
            Step::Index(index) => {
                if let Some(items) = parent_slot.open_array(self.document)
                    && *index < items.len()
                {
                    items.remove(*index);
                }
            }
        }
        Ok(())
    }

    /// The value of the key at `depth` of the path; an error when the object has it twice.
    fn unique(&self, object: NodeId, key: &str, depth: usize) -> Result<Option<NodeId>, EditError> {
        let mut members = self
            .document
            .members(object)
            .filter(|member| member.key == key);
        let Some(first) = members.next() else {
            return Ok(None);
        };
        let mut spans = vec![first.key_span];
        spans.extend(members.map(|member| member.key_span));
        if spans.len() > 1 {
            let path = Path(self.path.0[..=depth].to_vec());
            return Err(EditError::DuplicateKey { path, spans });
        }
        Ok(Some(first.value))
    }
}

impl Wanted {
    /// The place of a key in an object: listed already, in the old object, or created with
    /// `fresh`; none without it.
    fn member(
        &mut self,
        document: &Document,
        key: &str,
        old: Option<NodeId>,
        fresh: Option<Value>,
    ) -> Option<&mut Self> {
        let listed = self.open_object(document)?;
        let place = if let Some(place) = listed.iter().position(|(name, _)| name == key) {
            place
        } else {
            if old.is_none() && fresh.is_none() {
                return None;
            }
            listed.push((key.to_owned(), old.map(Self::Old)));
            listed.len() - 1
        };
        let slot = &mut listed[place].1;
        if slot.is_none() {
            *slot = Some(Self::New(fresh?));
        }
        slot.as_mut()
    }
}
