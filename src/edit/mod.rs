//! Turns changes at paths into text replacements that match the surrounding style.
//!
//! The pipeline: changes → the desired document (`desired`, values only) → replacements (`splice`,
//! which asks `layout` how the neighbours are formatted and `write` for new text) → `verify`, which
//! parses the new text with two parsers and compares it with the desired document.

mod align;
mod desired;
mod layout;
mod marks;
mod splice;
mod style;
mod trivia;
mod verify;
mod write;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::ops::Range;

use crate::document::{Document, Kind, MAX_DEPTH, NodeId, Path, ReadErrorKind, Step, Value};

/// A single change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Sets the value at a path; missing objects on the way are created.
    Set {
        /// Where.
        path: Path,
        /// The new value.
        value: Value,
    },
    /// Appends an item to an array; a missing array is created.
    Append {
        /// The path of the array.
        path: Path,
        /// The item.
        value: Value,
    },
    /// Removes a member or item; a missing one is not an error.
    Remove {
        /// What to remove.
        path: Path,
        /// Whether the comments next to it, up to the end of its line, stay on their own line;
        /// otherwise they are removed too.
        comments_stay: bool,
    },
    /// Renames a member in place, keeping comments and value; a missing one is not an error. Later
    /// changes find it under the new key.
    Rename {
        /// The member.
        path: Path,
        /// Its new key.
        key: String,
    },
}

impl Change {
    fn path(&self) -> &Path {
        match self {
            Self::Set { path, .. }
            | Self::Append { path, .. }
            | Self::Remove { path, .. }
            | Self::Rename { path, .. } => path,
        }
    }

    /// The nesting depth that the change needs.
    fn depth(&self) -> usize {
        self.path().0.len()
            + match self {
                Self::Set { value, .. } => value.depth(),
                Self::Append { value, .. } => 1 + value.depth(),
                Self::Remove { .. } | Self::Rename { .. } => 0,
            }
    }
}

/// A range of the old text and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The byte range to replace.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
}

/// A verified edit.
#[derive(Clone, Debug)]
pub struct Edited {
    /// Sorted, not overlapping, relative to the old text; empty if nothing changes.
    pub replacements: Vec<Replacement>,
    /// The new text.
    pub document: Document,
}

/// Why an edit was rejected. Never write any part of a rejected edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The object has the key more than once, so it is unclear which one to edit.
    DuplicateKey {
        /// The path of the key.
        path: Path,
        /// The ranges of the keys.
        spans: Vec<Range<usize>>,
    },
    /// Something on the path exists but isn't a container of the needed kind.
    NotAContainer {
        /// Its path.
        path: Path,
        /// The kind it should have.
        needed: Kind,
        /// The kind it has.
        found: Kind,
        /// Its range, or that of its container if an earlier change created it.
        span: Range<usize>,
    },
    /// The object already has the new key.
    KeyTaken {
        /// The path of the existing key.
        path: Path,
    },
    /// The array has no such item.
    NoSuchIndex {
        /// The path of the item.
        path: Path,
        /// The length of the array.
        len: usize,
    },
    /// The root value can't be removed.
    RootRemoved,
    /// The edit would exceed the nesting depth [`MAX_DEPTH`].
    TooDeep {
        /// The path of the new value.
        path: Path,
    },
    /// The text is strict JSON, which has no infinities and no NaN.
    NotInJson {
        /// The path of the new value.
        path: Path,
    },
    /// The new text would reach a gigabyte.
    TooLarge,
    /// The new text doesn't have the desired contents: a bug in this program. Nothing may be
    /// written.
    VerificationFailed {
        /// What differs.
        reason: &'static str,
    },
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKey { path, spans } => {
                write!(
                    f,
                    "{path} is in the same object {} times; keep one of them",
                    spans.len()
                )
            }
            Self::NotAContainer {
                path,
                needed,
                found,
                ..
            } => {
                write!(f, "{path} is {found}, but must be {needed}")
            }
            Self::KeyTaken { path } => write!(f, "{path} already exists"),
            Self::NoSuchIndex { path, len } => {
                let items = if *len == 1 { "item" } else { "items" };
                write!(f, "{path} doesn't exist: the array has {len} {items}")
            }
            Self::RootRemoved => f.write_str("the outermost value can't be removed"),
            Self::TooDeep { path } => {
                write!(f, "{path} would be nested deeper than {MAX_DEPTH} levels")
            }
            Self::NotInJson { path } => {
                write!(
                    f,
                    "{path} would be a number that strict JSON cannot express"
                )
            }
            Self::TooLarge => f.write_str("the new text would be too large to read"),
            Self::VerificationFailed { reason } => write!(
                f,
                "the edit failed its own check ({reason}); this is a bug, and nothing was changed"
            ),
        }
    }
}

impl Error for EditError {}

impl EditError {
    /// The same error, with the path extended by one parent.
    fn under(self, step: Step) -> Self {
        match self {
            Self::DuplicateKey {
                path: Path(mut steps),
                spans,
            } => {
                steps.insert(0, step);
                Self::DuplicateKey {
                    path: Path(steps),
                    spans,
                }
            }
            other => other,
        }
    }
}

/// Applies the changes in order and returns the result as replacements of the old text. Values that
/// are already set are left alone, so applying the same changes again does nothing.
///
/// # Errors
/// See [`EditError`]; all changes are rejected together.
pub fn apply(document: &Document, changes: &[Change]) -> Result<Edited, EditError> {
    for change in changes {
        check(document, change)?;
    }
    let (wanted, marks) = desired::Desired::after(document, changes)?;
    let replacements = splice::splice(document, &wanted, &marks)?;
    let edited = if replacements.is_empty() {
        document.clone()
    } else {
        let text = replaced(document.text(), &replacements);
        Document::parse(text).map_err(|error| match error.kind {
            ReadErrorKind::TooLarge => EditError::TooLarge,
            _ => EditError::VerificationFailed {
                reason: "the new text can't be read",
            },
        })?
    };
    verify::verify(document, &wanted, &marks, &edited, !replacements.is_empty())?;
    Ok(Edited {
        replacements,
        document: edited,
    })
}

/// Checks what doesn't need the tree.
fn check(document: &Document, change: &Change) -> Result<(), EditError> {
    let path = change.path().clone();
    if change.depth() > MAX_DEPTH {
        return Err(EditError::TooDeep { path });
    }
    match change {
        Change::Remove { .. } if path.0.is_empty() => Err(EditError::RootRemoved),
        Change::Set { value, .. } | Change::Append { value, .. }
            if document.is_json() && !is_finite(value) =>
        {
            Err(EditError::NotInJson { path })
        }
        _ => Ok(()),
    }
}

fn is_finite(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_finite(),
        Value::Array(items) => items.iter().all(is_finite),
        Value::Object(members) => members.iter().all(|(_, value)| is_finite(value)),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// The old text with the replacements applied.
#[must_use]
pub fn replaced(text: &str, replacements: &[Replacement]) -> String {
    let added: usize = replacements
        .iter()
        .map(|replacement| replacement.text.len())
        .sum();
    let mut new = String::with_capacity(text.len() + added);
    let mut copied = 0;
    for Replacement {
        range,
        text: inserted,
    } in replacements
    {
        new.push_str(&text[copied..range.start]);
        new.push_str(inserted);
        copied = range.end;
    }
    new.push_str(&text[copied..]);
    new
}

/// Whether a comment would remain in a container after removing all its entries and the comments
/// next to them.
#[must_use]
pub fn keeps_comment(document: &Document, container: NodeId) -> bool {
    splice::keeps_comment(document, container, &BTreeSet::new())
}

/// The text of a new file: JSON, two spaces, a final newline.
#[must_use]
pub fn create(value: &Value) -> String {
    write::document(value)
}
