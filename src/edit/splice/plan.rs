//! Plans what happens to the entries of a container, before generating any text.

use std::collections::{BTreeMap, HashMap};

use crate::document::{Document, NodeId, Path, Value};
use crate::edit::desired::Desired;
use crate::edit::marks::Marks;
use crate::edit::{EditError, align, verify};

/// What happens to an old value.
#[derive(Clone, Copy)]
pub(super) enum Goal<'w> {
    Keep,
    Desired(&'w Desired),
    Value(&'w Value),
}

/// What happens to the entries of a container. Entries not mentioned are kept as they are.
#[derive(Default)]
pub(super) struct Plan<'w> {
    /// For the value of an old entry, its goal; `None` if it is removed.
    pub(super) changed: BTreeMap<NodeId, Option<Goal<'w>>>,
    /// New entries, in order.
    pub(super) added: Vec<Added<'w>>,
}

pub(super) struct Added<'w> {
    /// The number of old entries before it.
    pub(super) after: usize,
    pub(super) key: Option<&'w str>,
    pub(super) value: &'w Value,
}

impl<'w> Plan<'w> {
    pub(super) fn goal(&self, entry: NodeId) -> Option<Goal<'w>> {
        self.changed
            .get(&entry)
            .copied()
            .unwrap_or(Some(Goal::Keep))
    }

    pub(super) fn removed(&self) -> usize {
        self.changed.values().filter(|goal| goal.is_none()).count()
    }
}

/// Plans the changes that make an object equal a value.
pub(super) fn for_members<'w>(
    document: &Document,
    object: NodeId,
    members: &'w [(String, Value)],
) -> Result<Plan<'w>, EditError> {
    let values: HashMap<&str, &'w Value> = members
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    let counting = verify::by_key(document, object);
    let mut plan = Plan::default();
    let mut after = 0;
    for member in document.members(object) {
        after += 1;
        let goal = match values.get(&*member.key) {
            // A duplicate that doesn't count may stay as long as the one that counts does.
            Some(_) if counting.get(&member.key) != Some(&member.value) => continue,
            Some(value) if verify::same(document, member.value, value) => continue,
            Some(value) => Some(Goal::Value(value)),
            None => None,
        };
        refuse_duplicates(document, object, &member.key)?;
        plan.changed.insert(member.value, goal);
    }
    let fresh = members
        .iter()
        .filter(|(key, _)| !counting.contains_key(key.as_str()));
    plan.added = fresh
        .map(|(key, value)| Added {
            after,
            key: Some(key),
            value,
        })
        .collect();
    Ok(plan)
}

fn refuse_duplicates(document: &Document, object: NodeId, key: &str) -> Result<(), EditError> {
    let members = document.members(object).filter(|member| member.key == key);
    let spans: Vec<_> = members.map(|member| member.key_span).collect();
    if spans.len() < 2 {
        return Ok(());
    }
    Err(EditError::DuplicateKey {
        path: Path::root().key(key),
        spans,
    })
}

/// Plans the changes to some members of an object.
pub(super) fn for_listed<'w>(
    document: &Document,
    object: NodeId,
    listed: &'w [(String, Option<Desired>)],
    marks: &Marks,
) -> Plan<'w> {
    let mut fresh: HashMap<&str, &'w Option<Desired>> = listed
        .iter()
        .map(|(key, wanted)| (key.as_str(), wanted))
        .collect();
    let mut plan = Plan::default();
    let mut after = 0;
    for member in document.members(object) {
        after += 1;
        if let Some(wanted) = fresh.remove(marks.key(&member)) {
            plan.changed
                .insert(member.value, wanted.as_ref().map(Goal::Desired));
        }
    }
    for (key, wanted) in listed
        .iter()
        .filter(|(key, _)| fresh.contains_key(key.as_str()))
    {
        if let Some(Desired::New(value)) = wanted {
            plan.added.push(Added {
                after,
                key: Some(key),
                value,
            });
        }
    }
    plan
}

/// Plans the changes that make an array equal some values.
pub(super) fn for_items<'w>(document: &Document, array: NodeId, values: &'w [Value]) -> Plan<'w> {
    let items: Vec<NodeId> = document.items(array).collect();
    let places = align::align(document, &items, values);
    let mut plan = Plan::default();
    let mut next = 0;
    for (after, (&item, &place)) in items.iter().zip(&places).enumerate() {
        if let Some(index) = place {
            plan.added
                .extend(values[next..index].iter().map(|value| Added {
                    after,
                    key: None,
                    value,
                }));
            next = index + 1;
        }
        plan.changed
            .insert(item, place.map(|index| Goal::Value(&values[index])));
    }
    let after = items.len();
    plan.added.extend(values[next..].iter().map(|value| Added {
        after,
        key: None,
        value,
    }));
    plan
}

/// Plans changed and added items of an array.
pub(super) fn for_changed_items<'w>(
    document: &Document,
    array: NodeId,
    changed: &'w BTreeMap<NodeId, Option<Desired>>,
    added: &'w [Desired],
) -> Plan<'w> {
    let after = document.item_count(array);
    let added = added.iter().filter_map(|wanted| match wanted {
        Desired::New(value) => Some(Added {
            after,
            key: None,
            value,
        }),
        _ => None,
    });
    let changed = changed
        .iter()
        .map(|(&node, wanted)| (node, wanted.as_ref().map(Goal::Desired)));
    Plan {
        added: added.collect(),
        changed: changed.collect(),
    }
}
