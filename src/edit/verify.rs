//! Verifies an edit: the new text, parsed by both the `json5` crate and our own parser, must have
//! exactly the desired contents. Nothing here knows how the text was generated.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::EditError;
use super::desired::Desired;
use super::marks::Marks;
use crate::document::{Document, Kind, Member, NodeId, Value, same_number};

/// Verifies the new document.
///
/// # Errors
/// [`EditError::VerificationFailed`] if the parsers disagree or the contents aren't the desired ones.
pub(super) fn verify(
    old: &Document,
    wanted: &Desired,
    marks: &Marks,
    new: &Document,
    is_new_text: bool,
) -> Result<(), EditError> {
    let sides = Sides { old, marks, new };
    if !sides.matches(wanted, new.root()) {
        return Err(EditError::VerificationFailed {
            reason: "the new text has different contents",
        });
    }
    if old.is_json() && !new.is_json() {
        return Err(EditError::VerificationFailed {
            reason: "strict JSON would become JSON5",
        });
    }
    if is_new_text && !second_parser_agrees(new) {
        return Err(EditError::VerificationFailed {
            reason: "a second parser reads the new text differently",
        });
    }
    Ok(())
}

/// Both documents, and which old nodes were changed.
#[derive(Clone, Copy)]
struct Sides<'a> {
    old: &'a Document,
    marks: &'a Marks,
    new: &'a Document,
}

impl Sides<'_> {
    /// Whether a node of the new document has the desired contents.
    fn matches(&self, wanted: &Desired, node: NodeId) -> bool {
        let Self { old, new, .. } = *self;
        match wanted {
            Desired::Old(old_node) => same_nodes(old, *old_node, new, node),
            Desired::New(value) => same(new, node, value),
            Desired::Array {
                base,
                changed,
                added,
            } => {
                let mut found = new.items(node);
                let mut agrees = |wanted: Option<&Desired>, old_node: Option<NodeId>| {
                    found.next().is_some_and(|node| match (wanted, old_node) {
                        (Some(wanted), _) => self.matches(wanted, node),
                        (None, Some(old_node)) => same_nodes(old, old_node, new, node),
                        (None, None) => false,
                    })
                };
                new.kind(node) == Kind::Array
                    && base
                        .iter()
                        .flat_map(|base| old.items(*base))
                        .all(|old_node| match changed.get(&old_node) {
                            Some(None) => true,
                            Some(wanted) => agrees(wanted.as_ref(), None),
                            None => agrees(None, Some(old_node)),
                        })
                    && added.iter().all(|wanted| agrees(Some(wanted), None))
                    && found.next().is_none()
            }
            Desired::Object { base, listed } => {
                new.kind(node) == Kind::Object && self.object_matches(*base, listed, node)
            }
        }
    }

    /// Members must be in their old order, followed by new ones. That is stricter than necessary,
    /// but avoids a table of all keys.
    fn object_matches(
        &self,
        base: Option<NodeId>,
        listed: &[(String, Option<Desired>)],
        node: NodeId,
    ) -> bool {
        let Self { old, marks, new } = *self;
        let mut found = new.members(node);
        let mut next_is = |key: &str, matches: &dyn Fn(NodeId) -> bool| {
            found
                .next()
                .is_some_and(|member| member.key == key && matches(member.value))
        };
        let mut pending: HashMap<&str, &Option<Desired>> = listed
            .iter()
            .map(|(key, wanted)| (key.as_str(), wanted))
            .collect();
        for member in base.iter().flat_map(|base| old.members(*base)) {
            let key = marks.key(&member);
            let agrees = match pending.remove(key) {
                Some(None) => true,
                Some(Some(wanted)) => next_is(key, &|node| self.matches(wanted, node)),
                None => next_is(key, &|node| same_nodes(old, member.value, new, node)),
            };
            if !agrees {
                return false;
            }
        }
        let added = listed
            .iter()
            .filter(|(key, _)| pending.contains_key(key.as_str()));
        for (key, wanted) in added {
            let Some(wanted) = wanted else { continue };
            if !next_is(key, &|node| self.matches(wanted, node)) {
                return false;
            }
        }
        found.next().is_none()
    }
}

/// The effective members: the last one of duplicates.
pub(super) fn by_key(document: &Document, object: NodeId) -> HashMap<Cow<'_, str>, NodeId> {
    document
        .members(object)
        .map(|Member { key, value, .. }| (key, value))
        .collect()
}

/// Whether two nodes have the same value.
fn same_nodes(a: &Document, a_node: NodeId, b: &Document, b_node: NodeId) -> bool {
    // Equal text means equal values, and nearly all of an edited document is unchanged.
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
            a.item_count(a_node) == b.item_count(b_node)
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
                && document.item_count(node) == values.len()
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
            // A value's keys are unique, unless a caller has built it by hand.
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

/// Streams the text through the `json5` crate while walking our tree in step.
fn second_parser_agrees(document: &Document) -> bool {
    let text = document.text_for_json5();
    let mut reader = json5::Deserializer::from_str(&text);
    let walk = Walk {
        document,
        node: document.root(),
    };
    if walk.deserialize(&mut reader).is_err() {
        return false;
    }
    // There must be nothing left: reading one more value must fail at the end.
    match de::IgnoredAny::deserialize(&mut reader) {
        Ok(_) => false,
        Err(error) => error.code() == Some(json5::ErrorCode::EofParsingValue),
    }
}

/// A node that the other parser must produce next.
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
    /// `json5` 1.3.7 reads the integers `-0` and `-0x0` as 0. Only that is tolerated.
    fn integer<E: de::Error>(self, integer: f64) -> Result<(), E> {
        let ours = self.document.number(self.node);
        agree(ours.is_some_and(|ours| {
            same_number(ours, integer) || (integer == 0.0 && same_number(ours, -0.0))
        }))
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value that the other parser read")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        agree(self.document.kind(self.node) == Kind::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        agree(self.document.boolean(self.node) == Some(value))
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
        agree(ours.is_some_and(|ours| same_number(ours, value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        agree(
            self.document
                .string(self.node)
                .is_some_and(|ours| ours == value),
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        agree(self.document.kind(self.node) == Kind::Array)?;
        for node in self.document.items(self.node) {
            let next = seq.next_element_seed(Walk { node, ..self })?;
            agree(next.is_some())?;
        }
        let surplus = seq.next_element::<de::IgnoredAny>()?;
        agree(surplus.is_none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        agree(self.document.kind(self.node) == Kind::Object)?;
        for member in self.document.members(self.node) {
            let key = map.next_key_seed(SameKey(&member.key))?;
            agree(key.is_some())?;
            map.next_value_seed(Walk {
                node: member.value,
                ..self
            })?;
        }
        let surplus = map.next_key::<de::IgnoredAny>()?;
        agree(surplus.is_none())
    }
}

fn agree<E: de::Error>(agree: bool) -> Result<(), E> {
    if agree {
        Ok(())
    } else {
        Err(E::custom("the parsers differ"))
    }
}

/// A key that the other parser must produce next.
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
        agree(key == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;
    use crate::edit::Change;

    fn read(text: &str) -> Document {
        Document::parse(text).unwrap()
    }

    #[test]
    fn rejects_other_contents() {
        let old = read("{a: 1, b: [1, {c: 2}], d: 'x'}");
        let set = |path: Path, value: &str| {
            let document = read(value);
            Change::Set {
                path,
                value: document.value(document.root()),
            }
        };
        let changes = [
            set(Path::root().key("a"), "-0"),
            set(Path::root().key("b").index(1).key("c"), "[NaN]"),
            set(Path::root().key("e"), "{f: 1, g: 2}"),
            Change::Append {
                path: Path::root().key("b"),
                value: Value::Null,
            },
            Change::Remove {
                path: Path::root().key("d"),
                comments_stay: false,
            },
        ];
        let (wanted, marks) = Desired::after(&old, &changes).unwrap();
        let matches = |text: &str| verify(&old, &wanted, &marks, &read(text), true).is_ok();
        assert!(matches(
            "{a: -0, b: [1, {c: [NaN]}, null], e: {g: 2, f: 1}}"
        ));
        assert!(matches(
            "// c\n{'a': -0.0, b: [1.0, {c: [NaN,],},\nnull], e: {f: 0x1, g: 2}}//"
        ));
        for wrong in [
            "{a: 0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: NaN}, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: [0]}, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [2, {c: [NaN]}, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: [NaN], h: 1}, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: [NaN]}], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: [NaN]}, null, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [{c: [NaN]}, 1, null], e: {f: 1, g: 2}}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1}}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2, h: 3}}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2, g: 3}}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2}, d: 'x'}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2}, h: 1}",
            "{a: -0, b: [1, {c: [NaN]}, null], e: {f: 1, g: 2}, a: 1}",
            "{a: -0, b: [1, {c: [NaN]}, null]}",
            "{b: [1, {c: [NaN]}, null], e: {f: 1, g: 2}}",
            "[]",
        ] {
            assert!(!matches(wrong), "{wrong}");
        }
    }

    #[test]
    fn strict_json_must_stay_strict() {
        let old = read("{\"a\": 1}");
        let wanted = Desired::Old(old.root());
        let marks = Marks::default();
        let matches = |text: &str| verify(&old, &wanted, &marks, &read(text), true).is_ok();
        assert!(matches("{\"a\":1}"));
        assert!(!matches("{\"a\": 1,}"));
    }

    #[test]
    fn knows_the_gaps_of_the_second_parser() {
        for text in [
            "-0",
            "[-0x0, -0.0, 0, +0]",
            "['\\ud83d', '\\ud83d\\ude00\\ude00', '\\\\ud83d', '\\u00e4\\ud83dx']",
            "{'\\ude00': 1, a: 1, a: 2}",
            "[0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF, 0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF]",
            "-0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
            "\u{feff}{/**/a/**/:/**/.5e1/**/,}//",
        ] {
            assert!(second_parser_agrees(&read(text)), "{text}");
        }
        let huge = format!("[0x1{0}, -0x1{0}]", "0".repeat(300));
        assert!(second_parser_agrees(&read(&huge)));
    }
}
