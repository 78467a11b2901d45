//! The wizard's questions, answered by a user at a terminal or by a script in tests.

mod line;
mod list;
mod modes;
mod terminal;

use std::fmt;

use crate::secret::Secret;

pub use modes::restore_terminal;
pub use terminal::Terminal;

/// The user closed the question without answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cancelled")
    }
}

impl std::error::Error for Cancelled {}

/// Why an answer isn't accepted; says what would be.
pub type Objection = String;

/// Validates an answer.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), Objection>;

/// An item to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The group it belongs to; items of a group are adjacent. Shown after the text unless the text
    /// starts with it.
    pub group: Option<String>,
    /// The text that is shown and searched. Like the note, safe for a terminal.
    pub text: String,
    /// Facts for comparison, in columns next to the text.
    pub facts: Vec<String>,
    /// A remark about it.
    pub note: Option<String>,
}

impl Item {
    /// An item without group or note.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Options for choosing several items.
#[derive(Clone, Debug, Default)]
pub struct Many {
    /// The items that are marked initially.
    pub marked: Vec<usize>,
    /// At least one is required.
    pub needed: bool,
    /// The order matters, and is shown.
    pub ordered: bool,
}

/// Asks the user.
pub trait Ask {
    /// Yes or no.
    ///
    /// # Errors
    /// The user cancels.
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled>;

    /// A line of text; an empty answer selects the default.
    ///
    /// # Errors
    /// The user cancels.
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled>;

    /// A secret, not shown while it is typed.
    ///
    /// # Errors
    /// The user cancels.
    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled>;

    /// One of several, found by typing parts of it. Returns its index.
    ///
    /// # Errors
    /// The user cancels.
    fn choose(
        &mut self,
        question: &str,
        items: &[Item],
        default: usize,
    ) -> Result<usize, Cancelled>;

    /// One of a few, without typing: accidentally pasted text isn't shown.
    ///
    /// # Errors
    /// The user cancels.
    fn menu(&mut self, question: &str, items: &[Item], default: usize) -> Result<usize, Cancelled> {
        self.choose(question, items, default)
    }

    /// Any number of several, found by typing parts of them. Returns their indices in the order
    /// they were marked.
    ///
    /// # Errors
    /// The user cancels.
    fn pick(&mut self, question: &str, items: &[Item], many: Many)
    -> Result<Vec<usize>, Cancelled>;
}

#[cfg(test)]
#[path = "prompt/script.rs"]
pub(crate) mod script;
