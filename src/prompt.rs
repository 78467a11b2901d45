//! The wizard's questions: to a person at a terminal, or to a script in tests.
//!
//! A question is drawn in place, holds the terminal without echo until it is answered, and
//! leaves one line with the answer. Esc, Ctrl-C and Ctrl-D close it. A terminal that cannot move
//! its cursor (`TERM=dumb`) gets the same questions line by line.

mod line;
mod list;
mod modes;
mod plain;
mod screen;

use console::Key;

use crate::secret::Secret;
use line::Line;
use list::{List, Step};
use screen::{Frame, Screen};

pub use modes::restore_terminal;

/// The user closed the question instead of answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Why an answer is not accepted; says what would be.
pub type Objection = String;

/// Judges an answer.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), Objection>;

/// Something to pick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The heading it stands under; items of one group follow one another. Where the text begins
    /// with it and a slash, this part is not shown again.
    pub group: Option<String>,
    /// What is shown, and searched. Safe for a terminal, as the note is.
    pub text: String,
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

    /// Any number of several, found by typing parts of them. Returns their indices in the order
    /// they were marked.
    ///
    /// # Errors
    /// When the user cancels.
    fn pick(&mut self, question: &str, items: &[Item], many: Many)
    -> Result<Vec<usize>, Cancelled>;
}

/// A person at a terminal.
#[derive(Debug, Default)]
pub struct Terminal;

impl Ask for Terminal {
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled> {
        if console::is_dumb() {
            return plain::confirm(question, default);
        }
        let choices = if default { "[Y/n]" } else { "[y/N]" };
        let mut screen = Screen::open()?;
        loop {
            let mut frame = Frame::new(&screen);
            frame.question(&format!("{question} {choices}"));
            frame.cursor_at_end();
            screen.draw(&frame)?;
            let yes = match screen.key()? {
                Key::Char('y' | 'Y') => true,
                Key::Char('n' | 'N') => false,
                Key::Enter => default,
                _ => continue,
            };
            screen.answer(question, if yes { "yes" } else { "no" });
            return Ok(yes);
        }
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled> {
        if console::is_dumb() {
            return plain::text(question, default, check);
        }
        let full = match default {
            Some(default) => format!("{question} (Enter: {default})"),
            None => question.to_owned(),
        };
        let mut screen = Screen::open()?;
        let text = typed(&mut screen, &full, default, check, Line::view)?;
        screen.answer(question, if text.is_empty() { "none" } else { &text });
        Ok(text)
    }

    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled> {
        if console::is_dumb() {
            return plain::secret(question, check);
        }
        let mut screen = Screen::open()?;
        // The number tells that something was pasted, without a row of dots over many lines.
        let hidden = |line: &Line, _: usize| {
            let shown = match line.len() {
                0 => String::new(),
                1 => "1 character, not shown".to_owned(),
                count => format!("{count} characters, not shown"),
            };
            let column = shown.chars().count();
            (shown, column)
        };
        let secret = typed(&mut screen, question, None, check, hidden).map(Secret::new)?;
        // What else was pasted must not land in the next question, which shows it.
        modes::discard_input();
        screen.answer(
            question,
            if secret.expose().is_empty() {
                "none"
            } else {
                crate::mask::MASK
            },
        );
        Ok(secret)
    }

    fn choose(
        &mut self,
        question: &str,
        items: &[Item],
        default: usize,
    ) -> Result<usize, Cancelled> {
        let mut list = List::one(items, default);
        if console::is_dumb() {
            plain::list(question, &mut list)?;
        } else {
            listed(question, &mut list)?;
        }
        list.chosen().first().copied().ok_or(Cancelled)
    }

    fn pick(
        &mut self,
        question: &str,
        items: &[Item],
        many: Many,
    ) -> Result<Vec<usize>, Cancelled> {
        let mut list = List::many(items, many);
        if console::is_dumb() {
            plain::list(question, &mut list)?;
        } else {
            listed(question, &mut list)?;
        }
        Ok(list.chosen())
    }
}

/// Lets a line be typed until it passes the check. `view` gives what is shown of it within so
/// many columns, and the cursor's column.
fn typed(
    screen: &mut Screen,
    question: &str,
    default: Option<&str>,
    check: Check<'_>,
    view: impl Fn(&Line, usize) -> (String, usize),
) -> Result<String, Cancelled> {
    let mut line = Line::default();
    let mut objection: Option<Objection> = None;
    loop {
        let mut frame = Frame::new(screen);
        frame.question(question);
        let (shown, column) = view(&line, frame.input_room());
        frame.input(&shown, column);
        if let Some(objection) = &objection {
            frame.objection(objection);
        }
        screen.draw(&frame)?;
        let key = screen.key()?;
        if key != Key::Enter {
            if line.key(&key) {
                objection = None;
            }
            continue;
        }
        let text = line.text().trim().to_owned();
        let text = if text.is_empty() {
            default.unwrap_or_default().to_owned()
        } else {
            text
        };
        match check(&text) {
            Ok(()) => return Ok(text),
            Err(reason) => objection = Some(reason),
        }
    }
}

/// Lets items be picked from a list.
fn listed(question: &str, list: &mut List<'_>) -> Result<(), Cancelled> {
    let mut screen = Screen::open()?;
    let mut needed = false;
    loop {
        let mut frame = Frame::new(&screen);
        frame.question(question);
        list.draw(&mut frame, needed);
        screen.draw(&frame)?;
        match list.key(&screen.key()?) {
            Step::Stay => needed = false,
            Step::Needed => needed = true,
            Step::Done => break,
        }
    }
    screen.answer(question, &list.summary());
    Ok(())
}

#[cfg(test)]
#[path = "prompt/script.rs"]
pub(crate) mod script;
