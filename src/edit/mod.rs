//! Changes at paths become text replacements in the neighbours' style.
//!
//! The road: changes → what is wanted (`wanted`, values only) → replacements (`splice`, which
//! asks `layout` how its neighbours are written and `write` for new text) → the judge, which
//! reads the new text with two readers and compares it with what was wanted.

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

/// One wish of a caller.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The value at a path becomes this one; missing objects on the way are created.
    Set {
        /// Where.
        path: Path,
        /// What it becomes.
        value: Value,
    },
    /// An array gets one more item; a missing array is created.
    Append {
        /// Where the array is.
        path: Path,
        /// The item.
        value: Value,
    },
    /// A member or item goes away; a missing one is not an error.
    Remove {
        /// What goes.
        path: Path,
        /// Whether the comments next to it, up to the end of its line, stay on a line of their
        /// own; else they go with it.
        comments_stay: bool,
    },
    /// A member gets another key and stays where it is, comments and value untouched; a missing
    /// one is not an error. The changes after it find it under the new key.
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

    /// How many containers the change needs inside each other.
    fn depth(&self) -> usize {
        self.path().0.len()
            + match self {
                Self::Set { value, .. } => value.depth(),
                Self::Append { value, .. } => 1 + value.depth(),
                Self::Remove { .. } | Self::Rename { .. } => 0,
            }
    }
}

/// Bytes of the old text and what replaces them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that go, in the old text.
    pub range: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

/// An edit that the judge has passed.
#[derive(Clone, Debug)]
pub struct Edited {
    /// Sorted, not overlapping, relative to the old text; empty when nothing changes.
    pub replacements: Vec<Replacement>,
    /// The new text.
    pub document: Document,
}

/// Why an edit was refused. Nothing of a refused edit may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The object has the key more than once, so it is unclear which one to edit.
    DuplicateKey {
        /// The way to the key.
        path: Path,
        /// Where the keys are.
        spans: Vec<Range<usize>>,
    },
    /// Something on the way is neither missing nor a container of the needed kind.
    NotAContainer {
        /// The way to it.
        path: Path,
        /// What it should be.
        needed: Kind,
        /// What it is.
        found: Kind,
        /// Where it is (or what it is in, when a change before put it there).
        span: Range<usize>,
    },
    /// The object has the new key already.
    KeyTaken {
        /// The way to the key that is there.
        path: Path,
    },
    /// The array has no such item.
    NoSuchIndex {
        /// The way to the item.
        path: Path,
        /// How many items the array has.
        len: usize,
    },
    /// The outermost value cannot be removed.
    RootRemoved,
    /// The edit would nest containers deeper than [`MAX_DEPTH`].
    TooDeep {
        /// The way to the new value.
        path: Path,
    },
    /// The text is strict JSON, which has no infinities and no NaN.
    NotInJson {
        /// The way to the new value.
        path: Path,
    },
    /// The new text would reach a gigabyte.
    TooLarge,
    /// The new text does not say what was wanted: a bug of this program, nothing to write.
    Judge {
        /// What the judge saw.
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
                write!(f, "{path} doesn't exist: the array has {len} items")
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
            Self::Judge { reason } => write!(
                f,
                "the edit failed its own check ({reason}); this is a bug, and nothing was changed"
            ),
        }
    }
}

impl Error for EditError {}

impl EditError {
    /// The same, seen from one container further out.
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

/// Applies the changes one after the other and gives the whole as replacements of the old text.
/// Values that are already there are left alone, so applying the same again changes nothing.
///
/// # Errors
/// See [`EditError`]; all changes are refused together.
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
            _ => EditError::Judge {
                reason: "the new text can't be read",
            },
        })?
    };
    verify::judge(document, &wanted, &marks, &edited, !replacements.is_empty())?;
    Ok(Edited {
        replacements,
        document: edited,
    })
}

/// What can be refused without looking at the tree.
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

/// The old text with the replacements made.
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

/// Whether a comment would be left in a container once all its entries and the comments next to
/// them are gone.
#[must_use]
pub fn keeps_comment(document: &Document, container: NodeId) -> bool {
    splice::keeps_comment(document, container, &BTreeSet::new())
}

/// The text of a new file: JSON, two spaces, a final newline.
#[must_use]
pub fn create(value: &Value) -> String {
    write::document(value)
}
