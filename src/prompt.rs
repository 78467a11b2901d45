//! The wizard's questions: to a terminal, or to a script in tests.

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, FuzzySelect, Input, Password};

use crate::secret::Secret;

/// The user closed the question instead of answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Why an answer is not accepted; says what would be.
pub type Objection = String;

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
        check: &dyn Fn(&str) -> Result<(), Objection>,
    ) -> Result<String, Cancelled>;

    /// A secret, not shown while it is typed.
    ///
    /// # Errors
    /// When the user cancels.
    fn secret(&mut self, question: &str) -> Result<Secret, Cancelled>;

    /// One of several, found by typing parts of it. Returns its index.
    ///
    /// # Errors
    /// When the user cancels.
    fn choose(
        &mut self,
        question: &str,
        items: &[String],
        default: usize,
    ) -> Result<usize, Cancelled>;
}

/// A person at a terminal.
#[derive(Debug, Default)]
pub struct Terminal;

impl Terminal {
    fn theme() -> ColorfulTheme {
        ColorfulTheme::default()
    }
}

fn answered<T>(answer: dialoguer::Result<Option<T>>) -> Result<T, Cancelled> {
    answer.ok().flatten().ok_or(Cancelled)
}

impl Ask for Terminal {
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled> {
        answered(
            Confirm::with_theme(&Self::theme())
                .with_prompt(question)
                .default(default)
                .interact_opt(),
        )
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: &dyn Fn(&str) -> Result<(), Objection>,
    ) -> Result<String, Cancelled> {
        let theme = Self::theme();
        let mut input = Input::<String>::with_theme(&theme)
            .with_prompt(question)
            .allow_empty(true)
            .validate_with(|text: &String| check(text));
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        input.interact_text().map_err(|_| Cancelled)
    }

    fn secret(&mut self, question: &str) -> Result<Secret, Cancelled> {
        Password::with_theme(&Self::theme())
            .with_prompt(question)
            .allow_empty_password(true)
            .interact()
            .map(Secret::new)
            .map_err(|_| Cancelled)
    }

    fn choose(
        &mut self,
        question: &str,
        items: &[String],
        default: usize,
    ) -> Result<usize, Cancelled> {
        answered(
            FuzzySelect::with_theme(&Self::theme())
                .with_prompt(question)
                .items(items)
                .default(default)
                .max_length(12)
                .interact_opt(),
        )
    }
}

/// Answers given beforehand, in order.
#[cfg(test)]
pub(crate) mod script {
    use std::collections::VecDeque;

    use super::{Ask, Cancelled, Objection};
    use crate::secret::Secret;

    /// One answer.
    #[derive(Debug)]
    pub(crate) enum Answer {
        Yes(bool),
        /// An empty text takes the default.
        Text(&'static str),
        /// The first item that contains the text.
        Item(&'static str),
        Cancel,
    }

    /// Plays answers back and keeps the questions.
    #[derive(Debug)]
    pub(crate) struct Script {
        answers: VecDeque<Answer>,
        pub(crate) asked: Vec<String>,
    }

    impl Script {
        pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
            Self {
                answers: answers.into_iter().collect(),
                asked: Vec::new(),
            }
        }

        pub(crate) fn is_done(&self) -> bool {
            self.answers.is_empty()
        }

        fn next(&mut self, question: &str) -> Result<Answer, Cancelled> {
            self.asked.push(question.to_owned());
            match self.answers.pop_front() {
                Some(Answer::Cancel) => Err(Cancelled),
                Some(answer) => Ok(answer),
                None => panic!("no answer for: {question}"),
            }
        }
    }

    impl Ask for Script {
        fn confirm(&mut self, question: &str, _default: bool) -> Result<bool, Cancelled> {
            match self.next(question)? {
                Answer::Yes(yes) => Ok(yes),
                other => panic!("{other:?} does not answer: {question}"),
            }
        }

        fn text(
            &mut self,
            question: &str,
            default: Option<&str>,
            check: &dyn Fn(&str) -> Result<(), Objection>,
        ) -> Result<String, Cancelled> {
            let Answer::Text(text) = self.next(question)? else {
                panic!("no text for: {question}")
            };
            let text = if text.is_empty() {
                default.unwrap_or_default()
            } else {
                text
            };
            check(text).unwrap();
            Ok(text.to_owned())
        }

        fn secret(&mut self, question: &str) -> Result<Secret, Cancelled> {
            match self.next(question)? {
                Answer::Text(text) => Ok(Secret::new(text)),
                other => panic!("{other:?} does not answer: {question}"),
            }
        }

        fn choose(
            &mut self,
            question: &str,
            items: &[String],
            _default: usize,
        ) -> Result<usize, Cancelled> {
            let Answer::Item(part) = self.next(question)? else {
                panic!("no item for: {question}")
            };
            let index = items.iter().position(|item| item.contains(part));
            Ok(index.unwrap_or_else(|| panic!("{part} is not in {items:?}")))
        }
    }
}
