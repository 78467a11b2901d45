//! Answers questions from a script, in order.

use std::collections::VecDeque;

use super::{Ask, Cancelled, Check, Item, Many};
use crate::secret::Secret;

/// One answer.
#[derive(Debug)]
pub(crate) enum Answer {
    Yes(bool),
    /// An empty text selects the default.
    Text(&'static str),
    /// The first item that contains the text.
    Item(&'static str),
    /// For each text, the first item that contains it, in this order.
    Items(&'static [&'static str]),
    /// What pressing just Enter gives.
    Default,
    Cancel,
}

/// Replays answers and records the questions.
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

fn find(items: &[Item], part: &str) -> usize {
    let index = items.iter().position(|item| item.text.contains(part));
    index.unwrap_or_else(|| panic!("{part} is not in {items:?}"))
}

impl Ask for Script {
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled> {
        match self.next(question)? {
            Answer::Yes(yes) => Ok(yes),
            Answer::Default => Ok(default),
            other => panic!("{other:?} does not answer: {question}"),
        }
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled> {
        let text = match self.next(question)? {
            Answer::Text(text) if !text.is_empty() => text,
            Answer::Text(_) | Answer::Default => default.unwrap_or_default(),
            other => panic!("{other:?} does not answer: {question}"),
        };
        check(text).unwrap();
        Ok(text.to_owned())
    }

    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled> {
        let text = match self.next(question)? {
            Answer::Text(text) => text,
            Answer::Default => "",
            other => panic!("{other:?} does not answer: {question}"),
        };
        check(text).unwrap();
        Ok(Secret::new(text))
    }

    fn choose(
        &mut self,
        question: &str,
        items: &[Item],
        default: usize,
    ) -> Result<usize, Cancelled> {
        match self.next(question)? {
            Answer::Item(part) => Ok(find(items, part)),
            Answer::Default => Ok(default),
            other => panic!("{other:?} does not answer: {question}"),
        }
    }

    fn pick(
        &mut self,
        question: &str,
        items: &[Item],
        many: Many,
    ) -> Result<Vec<usize>, Cancelled> {
        match self.next(question)? {
            Answer::Items(parts) => Ok(parts.iter().map(|part| find(items, part)).collect()),
            Answer::Default if many.marked.is_empty() && many.needed => Ok(vec![0]),
            Answer::Default => Ok(many.marked),
            other => panic!("{other:?} does not answer: {question}"),
        }
    }
}
