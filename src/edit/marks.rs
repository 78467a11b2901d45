//! What becomes of old nodes besides their values.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::document::{Member, NodeId};

/// What else becomes of old nodes.
#[derive(Default)]
pub(super) struct Marks {
    /// Those that go and leave the comments next to them.
    pub(super) leave_comments: BTreeSet<NodeId>,
    /// The members whose keys change, by their values.
    pub(super) renamed: BTreeMap<NodeId, Renamed>,
}

/// An old key, and what it becomes.
pub(super) struct Renamed {
    pub(super) span: Range<usize>,
    pub(super) key: String,
}

impl Marks {
    /// The key of an old member once the changes are made.
    pub(super) fn key<'a>(&'a self, member: &'a Member<'_>) -> &'a str {
        let renamed = self.renamed.get(&member.value);
        renamed.map_or(&*member.key, |renamed| &renamed.key)
    }
}
