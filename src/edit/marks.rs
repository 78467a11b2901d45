//! Changes to old nodes other than to their values.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::document::{Member, NodeId};

/// Changes to old nodes other than to their values.
#[derive(Default)]
pub(super) struct Marks {
    /// Removed nodes whose neighbouring comments stay.
    pub(super) leave_comments: BTreeSet<NodeId>,
    /// The renamed members, by their value nodes.
    pub(super) renamed: BTreeMap<NodeId, Renamed>,
}

/// An old key and its new name.
pub(super) struct Renamed {
    pub(super) span: Range<usize>,
    pub(super) key: String,
}

impl Marks {
    /// The key of an old member after the changes.
    pub(super) fn key<'a>(&'a self, member: &'a Member<'_>) -> &'a str {
        let renamed = self.renamed.get(&member.value);
        renamed.map_or(&*member.key, |renamed| &renamed.key)
    }
}
