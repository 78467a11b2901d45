//! The judge: the new text, read by the `json5` crate and by this project's reader, must say
//! exactly what was wanted. Nothing here knows how the text was made.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::EditError;
use super::wanted::Wanted;
use crate::document::{Document, Kind, Member, NodeId, Value, same_number};

/// # Errors
/// [`EditError::Judge`] when the readers differ, or say another thing than was wanted.
pub(super) fn judge(
    old: &Document,
    wanted: &Wanted,
    new: &Document,
    is_new_text: bool,
) -> Result<(), EditError> {
    if !says(old, wanted, new, new.root()) {
        return Err(EditError::Judge {
            reason: "the new text says something else",
        });
    }
    if old.is_json() && !new.is_json() {
        return Err(EditError::Judge {
            reason: "strict JSON would become JSON5",
        });
    }
    if is_new_text && !second_reader_agrees(new) {
        return Err(EditError::Judge {
            reason: "another reader understands the new text differently",
        });
    }
    Ok(())
}

/// Whether a node of the new document says what is wanted.
fn says(old: &Document, wanted: &Wanted, new: &Document, node: NodeId) -> bool {
    match wanted {
        Wanted::Old(old_node) => same_nodes(old, *old_node, new, node),
        Wanted::New(value) => same(new, node, value),
        Wanted::Array { items, .. } => {
            new.kind(node) == Kind::Array
                && new.items(node).count() == items.len()
                && new
                    .items(node)
                    .zip(items)
                    .all(|(node, item)| says(old, &item.wanted, new, node))
        }
        Wanted::Object { base, listed } => {
            if new.kind(node) != Kind::Object {
                return false;
            }
            let mut missing = by_key(new, node);
            let listed_agree = listed.iter().all(|(key, wanted)| match wanted {
                Some(wanted) => missing
                    .remove(key.as_str())
                    .is_some_and(|node| says(old, wanted, new, node)),
                None => true,
            });
            let Some(base) = base else {
                return listed_agree && missing.is_empty();
            };
            let changed: HashMap<&str, ()> =
                listed.iter().map(|(key, _)| (key.as_str(), ())).collect();
            let untouched = by_key(old, *base)
                .into_iter()
                .filter(|(key, _)| !changed.contains_key(&**key));
            let mut untouched = untouched;
            listed_agree
                && untouched.all(|(key, old_node)| {
                    missing
                        .remove(&key)
                        .is_some_and(|node| same_nodes(old, old_node, new, node))
                })
                && missing.is_empty()
        }
    }
}

/// The members that count: of duplicates the last.
fn by_key(document: &Document, object: NodeId) -> HashMap<Cow<'_, str>, NodeId> {
    document
        .members(object)
        .map(|Member { key, value, .. }| (key, value))
        .collect()
}

/// Whether two nodes have the same value.
fn same_nodes(a: &Document, a_node: NodeId, b: &Document, b_node: NodeId) -> bool {
    // Equal text is equal value, and nearly all of an edited document is equal text.
    if a.slice(a_node) == b.slice(b_node) {
        return true;
    }
    match (a.kind(a_node), b.kind(b_node)) {
        (Kind::Object, Kind::Object) => {
            let (a_members, b_members) = (by_key(a, a_node), by_key(b, b_node));
            a_members.len() == b_members.len()
                && a_members.iter().all(|(key, &a_node)| {
                    b_members
                        .get(key)
                        .is_some_and(|&b_node| same_nodes(a, a_node, b, b_node))
                })
        }
        (Kind::Array, Kind::Array) => {
            a.items(a_node).count() == b.items(b_node).count()
                && a.items(a_node)
                    .zip(b.items(b_node))
                    .all(|(a_item, b_item)| same_nodes(a, a_item, b, b_item))
        }
        (Kind::Object | Kind::Array, _) | (_, Kind::Object | Kind::Array) => false,
        _ => a.value(a_node) == b.value(b_node),
    }
}

/// Whether a node has this value.
pub(super) fn same(document: &Document, node: NodeId, value: &Value) -> bool {
    match value {
        Value::Null => document.kind(node) == Kind::Null,
        Value::Bool(value) => document.boolean(node) == Some(*value),
        Value::Number(value) => document
            .number(node)
            .is_some_and(|number| same_number(number, *value)),
        Value::String(value) => document.string(node).is_some_and(|string| string == *value),
        Value::Array(values) => {
            document.kind(node) == Kind::Array
                && document.items(node).count() == values.len()
                && document
                    .items(node)
                    .zip(values)
                    .all(|(item, value)| same(document, item, value))
        }
        Value::Object(values) => {
            if document.kind(node) != Kind::Object {
                return false;
            }
            let members = by_key(document, node);
            // Keys of a value are unique, unless a caller has built it by hand.
            let wanted: HashMap<&str, &Value> = values
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .collect();
            members.len() == wanted.len()
                && wanted.iter().all(|(&key, value)| {
                    members
                        .get(key)
                        .is_some_and(|&node| same(document, node, value))
                })
        }
    }
}

/// Lets the `json5` crate stream through the text while the tree is walked beside it.
fn second_reader_agrees(document: &Document) -> bool {
    let text = document.text_for_json5();
    let mut reader = json5::Deserializer::from_str(&text);
    let walk = Walk {
        document,
        node: document.root(),
    };
    if walk.deserialize(&mut reader).is_err() {
        return false;
    }
    // Nothing may be left: asked for one more value, the crate must have reached the end.
    match de::IgnoredAny::deserialize(&mut reader) {
        Ok(_) => false,
        Err(error) => error.code() == Some(json5::ErrorCode::EofParsingValue),
    }
}

/// One node, expected to come out of the other reader next.
#[derive(Clone, Copy)]
struct Walk<'d> {
    document: &'d Document,
    node: NodeId,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl Walk<'_> {
    fn agree<E: de::Error>(self, agree: bool) -> Result<(), E> {
        if agree {
            Ok(())
        } else {
            Err(E::custom("the readers differ"))
        }
    }

    /// `json5` 1.3.7 reads the integers `-0` and `-0x0` as 0. Only that is forgiven.
    fn integer<E: de::Error>(self, integer: f64) -> Result<(), E> {
        let ours = self.document.number(self.node);
        self.agree(ours.is_some_and(|ours| {
            same_number(ours, integer) || (integer == 0.0 && same_number(ours, -0.0))
        }))
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the other reader saw")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.agree(self.document.kind(self.node) == Kind::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.agree(self.document.boolean(self.node) == Some(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "all numbers are doubles here, as in JavaScript"
    )]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.integer(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "all numbers are doubles here, as in JavaScript"
    )]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.integer(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        let ours = self.document.number(self.node);
        self.agree(ours.is_some_and(|ours| same_number(ours, value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.agree(
            self.document
                .string(self.node)
                .is_some_and(|ours| ours == value),
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.agree(self.document.kind(self.node) == Kind::Array)?;
        for node in self.document.items(self.node) {
            let next = seq.next_element_seed(Walk { node, ..self })?;
            self.agree(next.is_some())?;
        }
        let surplus = seq.next_element::<de::IgnoredAny>()?;
        self.agree(surplus.is_none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.agree(self.document.kind(self.node) == Kind::Object)?;
        for member in self.document.members(self.node) {
            let key = map.next_key_seed(SameKey(&member.key))?;
            self.agree(key.is_some())?;
            map.next_value_seed(Walk {
                node: member.value,
                ..self
            })?;
        }
        let surplus = map.next_key::<de::IgnoredAny>()?;
        self.agree(surplus.is_none())
    }
}

/// A key, expected to come out of the other reader next.
struct SameKey<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for SameKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for SameKey<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<(), E> {
        if key == self.0 {
            Ok(())
        } else {
            Err(E::custom("the readers differ"))
        }
    }
}
