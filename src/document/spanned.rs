//! Values with their position in the document, for typed trees.

use std::ops::Range;

use super::{Document, Kind, Member, NodeId};

/// A value with its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its node in the document.
    pub node: NodeId,
    /// Its byte range.
    pub range: Range<usize>,
    /// The byte range of its key; for an array item, that of the item.
    pub key: Range<usize>,
}

impl<T> Spanned<T> {
    /// Another value at the same position.
    #[must_use]
    pub fn with<U>(&self, value: U) -> Spanned<U> {
        Spanned {
            value,
            node: self.node,
            range: self.range.clone(),
            key: self.key.clone(),
        }
    }
}

impl Spanned<()> {
    /// The value of a member.
    #[must_use]
    pub fn of(document: &Document, member: &Member<'_>) -> Self {
        Self {
            value: (),
            node: member.value,
            range: document.span(member.value),
            key: member.key_span.clone(),
        }
    }

    /// An item of an array.
    #[must_use]
    pub fn item(document: &Document, node: NodeId) -> Self {
        let range = document.span(node);
        Self {
            value: (),
            node,
            key: range.clone(),
            range,
        }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn string(&self, document: &Document) -> Option<Spanned<String>> {
        let text = document.string(self.node)?;
        Some(self.with(text.into_owned()))
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(&self, document: &Document) -> Option<Spanned<f64>> {
        Some(self.with(document.number(self.node)?))
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn boolean(&self, document: &Document) -> Option<Spanned<bool>> {
        Some(self.with(document.boolean(self.node)?))
    }

    /// The result of `read`, if it is an object.
    #[must_use]
    pub fn object<T>(
        &self,
        document: &Document,
        read: impl FnOnce(&Document, NodeId) -> T,
    ) -> Option<Spanned<T>> {
        let is_object = document.kind(self.node) == Kind::Object;
        is_object.then(|| self.with(read(document, self.node)))
    }

    /// The items that `read` accepts, if it is an array.
    #[must_use]
    pub fn list<T>(
        &self,
        document: &Document,
        read: impl Fn(&Self) -> Option<T>,
    ) -> Option<Spanned<Vec<T>>> {
        if document.kind(self.node) != Kind::Array {
            return None;
        }
        let items = document.items(self.node);
        let items = items.filter_map(|node| read(&Self::item(document, node)));
        Some(self.with(items.collect()))
    }

    /// The strings among the items, if it is an array.
    #[must_use]
    pub fn strings(&self, document: &Document) -> Option<Spanned<Vec<Spanned<String>>>> {
        self.list(document, |item| item.string(document))
    }
}
