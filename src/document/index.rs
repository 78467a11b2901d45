//! Indexes the children of large containers, so that a lookup doesn't read all of them.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use super::{Document, NodeId, Tag};

/// Containers that take up less of the tape are searched linearly: building an index costs more.
const LARGE: u32 = 256;

/// The indexes built so far.
#[derive(Debug, Default)]
pub(super) struct Index {
    hasher: RandomState,
    items: RwLock<HashMap<u32, Arc<[u32]>>>,
    members: RwLock<HashMap<u32, Arc<Members>>>,
}

/// A clone builds its own.
impl Clone for Index {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The last key with each hash. `None` if two keys have the same hash.
type Members = Option<HashMap<u64, u32>>;

impl Document {
    /// An item of an array.
    #[must_use]
    pub fn item(&self, array: NodeId, index: usize) -> Option<NodeId> {
        if !self.is_large(array) {
            return self.items(array).nth(index);
        }
        self.indexed_items(array).get(index).copied().map(NodeId)
    }

    /// The length of an array; 0 for anything else.
    #[must_use]
    pub fn item_count(&self, array: NodeId) -> usize {
        if !self.is_large(array) {
            return self.items(array).count();
        }
        self.indexed_items(array).len()
    }

    /// The tape index of an object's key; the last one if it is repeated.
    pub(super) fn key_index(&self, object: NodeId, key: &str) -> Option<u32> {
        if self.is_large(object)
            && let Some(members) = &*self.indexed_members(object)
        {
            let found = *members.get(&self.index.hasher.hash_one(key))?;
            return (self.key(found) == key).then_some(found);
        }
        let keys = self.children(object, Tag::Object);
        keys.filter(|&index| self.key(index) == key).last()
    }

    fn is_large(&self, node: NodeId) -> bool {
        self.entry(node).next() - node.0 > LARGE
    }

    fn indexed_items(&self, array: NodeId) -> Arc<[u32]> {
        known(&self.index.items, array, || {
            self.children(array, Tag::Array).collect()
        })
    }

    fn indexed_members(&self, object: NodeId) -> Arc<Members> {
        known(&self.index.members, object, || {
            let mut members = HashMap::new();
            for index in self.children(object, Tag::Object) {
                let key = self.key(index);
                let other = members.insert(self.index.hasher.hash_one(&*key), index);
                if other.is_some_and(|other| self.key(other) != key) {
                    return Arc::new(None);
                }
            }
            Arc::new(Some(members))
        })
    }
}

/// The index of a container, built on first use.
fn known<T: ?Sized>(
    all: &RwLock<HashMap<u32, Arc<T>>>,
    node: NodeId,
    find: impl FnOnce() -> Arc<T>,
) -> Arc<T> {
    let earlier = all.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = earlier.get(&node.0) {
        return Arc::clone(found);
    }
    drop(earlier);
    let found = find();
    let mut all = all.write().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(all.entry(node.0).or_insert(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_containers_behave_like_small_ones() {
        for count in [0, 1, 3, 100, 1_000] {
            let items: Vec<String> = (0..count).map(|n| format!("[{n}]")).collect();
            let keys = (0..count).map(|n| format!("k{n}: {n}, 'k\\u00{:02x}': -1, ", n % 100));
            let text = format!(
                "{{list: [{}], map: {{{}last: 1, last: 2}}, flat: 1}}",
                items.join(","),
                keys.collect::<String>()
            );
            let document = Document::parse(text).unwrap();
            let root = document.root();
            let list = document.get(root, "list").unwrap();
            assert_eq!(document.item_count(list), count);
            for (at, item) in document.items(list).enumerate() {
                assert_eq!(document.item(list, at), Some(item));
            }
            assert_eq!(document.item(list, count), None);
            let map = document.get(root, "map").unwrap();
            for key in document.members(map).map(|member| member.key) {
                let strongest = document
                    .members(map)
                    .filter(|member| member.key == key)
                    .last();
                assert_eq!(
                    document.get(map, &key),
                    strongest.map(|member| member.value)
                );
            }
            for (node, key) in [(map, "k"), (map, ""), (list, "k0"), (root, "k1")] {
                assert_eq!(document.get(node, key), None, "{key}");
            }
            assert_eq!(document.item(map, 0), None);
            let flat = document.get(root, "flat").unwrap();
            assert_eq!(
                (document.item_count(flat), document.get(flat, "a")),
                (0, None)
            );
        }
    }
}
