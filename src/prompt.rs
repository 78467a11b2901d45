//! The wizard's questions: to a person at a terminal, or to a script in tests.

mod line;
mod list;
mod modes;
mod terminal;

use std::fmt;

use crate::secret::Secret;

pub use modes::restore_terminal;
pub use terminal::Terminal;

/// The user closed the question instead of answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cancelled")
    }
}

impl std::error::Error for Cancelled {}

/// Why an answer is not accepted; says what would be.
pub type Objection = String;

/// Judges an answer.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), Objection>;

/// Something to pick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What it belongs to; items of one group follow one another. Shown behind the text where the
    /// text does not begin with it.
    pub group: Option<String>,
    /// What is shown, and searched. Safe for a terminal, as the note is.
    pub text: String,
    /// What to compare it by, in columns next to the text.
    pub facts: Vec<String>,
    /// What to know about it.
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

    /// Adds what to know about it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// How several items are picked.
#[derive(Clone, Debug, Default)]
pub struct Many {
    /// Those that are marked beforehand.
    pub marked: Vec<usize>,
    /// At least one is needed.
    pub needed: bool,
    /// The order counts, and is shown.
    pub ordered: bool,
}

/// Asks the user.
pub trait Ask {
    /// Yes or no.
    ///
    /// # Errors
    /// When the user cancels.
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled>;

    /// A line of text; an empty answer takes the default.
    ///
    /// # Errors
    /// When the user cancels.
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled>;

    /// A secret, not shown while it is typed.
    ///
    /// # Errors
    /// When the user cancels.
    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled>;

    /// One of several, found by typing parts of it. Returns its index.
    ///
    /// # Errors
    /// When the user cancels.
    fn choose(
        &mut self,
        question: &str,
        items: &[Item],
        default: usize,
    ) -> Result<usize, Cancelled>;

    /// One of a few, where nothing is typed: what is pasted by mistake does not show.
    ///
    /// # Errors
    /// When the user cancels.
    fn menu(&mut self, question: &str, items: &[Item], default: usize) -> Result<usize, Cancelled> {
        self.choose(question, items, default)
    }

    /// Any number of several, found by typing parts of them. Returns their indices in the order
    /// they were marked.
    ///
    /// # Errors
    /// When the user cancels.
    fn pick(&mut self, question: &str, items: &[Item], many: Many)
    -> Result<Vec<usize>, Cancelled>;
}

#[cfg(test)]
#[path = "prompt/script.rs"]
pub(crate) mod script;
