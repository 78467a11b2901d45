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
            let route = Route {
                document,
                steps: &change.path().0,
            };
            match change {
                Change::Set { value, .. } => route.set(&mut wanted, value)?,
                Change::Append { value, .. } => route.append(&mut wanted, value)?,
                Change::Remove { .. } => route.remove(&mut wanted)?,
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

/// The old tree and the way of one change through it.
struct Route<'a> {
    document: &'a Document,
    steps: &'a [Step],
}

impl Route<'_> {
    fn set(&self, root: &mut Wanted, value: &Value) -> Result<(), EditError> {
        if let Some(slot) = self.slot(root, self.steps.len(), Some(value))? {
            *slot = Wanted::New(value.clone());
        }
        Ok(())
    }

    fn append(&self, root: &mut Wanted, value: &Value) -> Result<(), EditError> {
        let missing = Value::Array(Vec::new());
        let Some(slot) = self.slot(root, self.steps.len(), Some(&missing))? else {
            return Ok(());
        };
        let found = slot.kind(self.document);
        let node = slot.old().unwrap_or(self.document.root());
        match slot.open_array(self.document) {
            Some(items) => {
                items.push(Item {
                    origin: None,
                    wanted: Wanted::New(value.clone()),
                });
                Ok(())
            }
            None => Err(self.no_container(self.steps.len(), Kind::Array, found, node)),
        }
    }

    fn remove(&self, root: &mut Wanted) -> Result<(), EditError> {
        let Some(depth) = self.steps.len().checked_sub(1) else {
            return Err(EditError::RootRemoved);
        };
        let Some(parent) = self.slot(root, depth, None)? else {
            return Ok(());
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
            }
            Step::Index(index) => {
                if let Some(items) = parent.open_array(self.document)
                    && *index < items.len()
                {
                    items.remove(*index);
                }
            }
        }
        Ok(())
    }

    /// The place that so many steps lead to. When it is missing, objects on the way and `missing`
    /// at its end are created; without `missing` there is no such place.
    fn slot<'w>(
        &self,
        root: &'w mut Wanted,
        depth: usize,
        missing: Option<&Value>,
    ) -> Result<Option<&'w mut Wanted>, EditError> {
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

    /// The place of a key: listed already, in the old object, or created.
    fn member<'w>(
        &self,
        object: &'w mut Wanted,
        key: &str,
        at: usize,
        missing: Option<&Value>,
    ) -> Result<Option<&'w mut Wanted>, EditError> {
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
                listed.push((key.to_owned(), old.map(Wanted::Old)));
                listed.len() - 1
            }
        };
        let slot = &mut listed[place].1;
        if slot.is_none() {
            *slot = fresh.map(Wanted::New);
        }
        Ok(slot.as_mut())
    }

    fn item<'w>(
        &self,
        array: &'w mut Wanted,
        index: usize,
        at: usize,
        is_needed: bool,
    ) -> Result<Option<&'w mut Wanted>, EditError> {
        let Some(items) = array.open_array(self.document) else {
            return Ok(None);
        };
        let len = items.len();
        match items.get_mut(index) {
            Some(item) => Ok(Some(&mut item.wanted)),
            None if is_needed => Err(EditError::NoSuchIndex {
                path: Path(self.steps[..=at].to_vec()),
                len,
            }),
            None => Ok(None),
        }
    }

    /// The value of the key that the step at `at` names, in the old object if there is one; an
    /// error when the object has it twice.
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
            .filter(|member| member.key == key);
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
