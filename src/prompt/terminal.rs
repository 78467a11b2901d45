//! Questions on a terminal. What is drawn is erased row by row, so no row is wider than the
//! terminal.

use std::io;
use std::time::{Duration, Instant};

use console::{Key, Style, Term, style};

use super::line::Line;
use super::list::{List, Step};
use super::modes::{Modes, discard_input, wait_for_end};
use super::{Ask, Cancelled, Check, Item, Many, Objection};
use crate::columns::{columns, few, wrap};
use crate::mask::{MASK, printable};
use crate::secret::Secret;

/// A line break this soon after a character was pasted along with it.
const PASTE: Duration = Duration::from_millis(50);
/// Ctrl-D, the end of the input.
const END: char = '\u{4}';
/// The columns next to a question for a short answer.
const ANSWER_WIDTH: usize = 24;

/// A user at a terminal that can move its cursor.
#[derive(Debug, Default)]
pub struct Terminal;

impl Terminal {
    /// Yes or no; `None` if the other key named in the hint is pressed.
    ///
    /// # Errors
    /// The user cancels.
    pub fn confirm_or(
        &mut self,
        question: &str,
        default: bool,
        other: Option<(char, &str)>,
    ) -> Result<Option<bool>, Cancelled> {
        let choice = if default { "Y/n" } else { "y/N" };
        let hint = match other {
            Some((_, hint)) => format!("({choice}, {hint})"),
            None => format!("({choice})"),
        };
        let mut open = Open::new(question)?;
        let mut rows = open.question(&hint, 4);
        rows.push(String::new());
        open.draw_with_cursor(rows)?;
        let yes = loop {
            match open.key()? {
                Key::Enter => break Some(default),
                Key::Char('y' | 'Y') => break Some(true),
                Key::Char('n' | 'N') => break Some(false),
                Key::Char(c) if other.is_some_and(|(key, _)| key == c) => break None,
                Key::Escape => return Err(Cancelled),
                _ => {}
            }
        };
        match yes {
            Some(true) => open.close("yes"),
            Some(false) => open.close("no"),
            None => {}
        }
        Ok(yes)
    }
}

impl Ask for Terminal {
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled> {
        self.confirm_or(question, default, None)
            .map(|yes| yes.unwrap_or(default))
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled> {
        let mut open = Open::new(question)?;
        let hint = default.map(|text| format!("({})", printable(text)));
        let value_of = |line: &Line| match line.text().trim() {
            "" => default.unwrap_or_default().to_owned(),
            text => text.to_owned(),
        };
        let value = open.line(hint.as_deref().unwrap_or_default(), check, &value_of, None)?;
        open.close(if value.is_empty() { "none" } else { &value });
        Ok(value)
    }

    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled> {
        let mut open = Open::new(question)?;
        let value_of = |line: &Line| line.text().trim().to_owned();
        let secret = Secret::new(open.line("", check, &value_of, Some(MASK))?);
        // Anything else that was pasted must not reach the next question, which shows it.
        discard_input();
        open.close(if secret.expose().is_empty() {
            "left empty"
        } else {
            MASK
        });
        Ok(secret)
    }

    fn choose(
        &mut self,
        question: &str,
        items: &[Item],
        default: usize,
    ) -> Result<usize, Cancelled> {
        let open = Open::new(question)?;
        let (open, list) = open.list(List::one(items, default))?;
        let chosen = list.current().unwrap_or(default);
        open.close(&items[chosen].text);
        Ok(chosen)
    }

    fn menu(&mut self, question: &str, items: &[Item], default: usize) -> Result<usize, Cancelled> {
        let mut open = Open::new(question)?;
        let chosen = open.menu(items, default);
        // Anything else that was pasted must not reach the next question, which may show it.
        discard_input();
        let chosen = chosen?;
        open.close(&items[chosen].text);
        Ok(chosen)
    }

    fn pick(
        &mut self,
        question: &str,
        items: &[Item],
        many: Many,
    ) -> Result<Vec<usize>, Cancelled> {
        let open = Open::new(question)?;
        let (open, list) = open.list(List::many(items, many))?;
        let marked = list.marked();
        open.close(&summary(items, &marked));
        Ok(marked)
    }
}

/// An open question. If dropped without an answer, it is erased.
struct Open {
    term: Term,
    question: String,
    /// The rows on screen.
    drawn: Vec<String>,
    /// Whether the cursor is in the last row rather than below it.
    is_inside: bool,
    /// Its column in that row.
    column: usize,
    _modes: Modes,
}

impl Open {
    fn new(question: &str) -> Result<Self, Cancelled> {
        let modes = Modes::for_keys().map_err(|_| Cancelled)?;
        // An Enter from before the question was shown, typed while Portkey was asked or pasted with
        // the answer before, is no answer to this one.
        discard_input();
        Ok(Self {
            term: Term::buffered_stderr(),
            question: question.to_owned(),
            drawn: Vec::new(),
            is_inside: false,
            column: 0,
            _modes: modes,
        })
    }

    /// A full last column makes some terminals wrap.
    fn width(&self) -> usize {
        usize::from(self.term.size().1).saturating_sub(1).max(20)
    }

    fn height(&self) -> usize {
        usize::from(self.term.size().0).saturating_sub(1).max(4)
    }

    /// Waits for a key.
    fn key(&self) -> Result<Key, Cancelled> {
        match self.term.read_key() {
            Ok(Key::Char(END)) => Ok(Key::Escape),
            Ok(key) => Ok(key),
            // Ctrl-C was raised as a signal, and its handler ends the process. Continuing here
            // would end it a second time, with a different message.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => wait_for_end(),
            Err(_) => Err(Cancelled),
        }
    }

    /// The rows of the question, followed by a hint. If the answer fits, they end on its row, else
    /// above it.
    fn question(&self, hint: &str, room: usize) -> Vec<String> {
        let bold = Style::new().for_stderr().bold();
        let dim = Style::new().for_stderr().dim();
        let sign = style("?").for_stderr().cyan();
        let prompt = dim.apply_to("›");
        let gap = if hint.is_empty() { "" } else { " " };
        let whole = format!("{}{gap}{hint}", self.question);
        if columns(&whole) + 5 + room <= self.width() {
            let question = bold.apply_to(&self.question);
            let hint = dim.apply_to(hint);
            return vec![format!("{sign} {question}{gap}{hint} {prompt} ")];
        }
        let lines = wrap(&whole, self.width() - 2).into_iter().enumerate();
        let mut rows: Vec<String> = lines
            .map(|(at, line)| {
                let line = bold.apply_to(line);
                if at == 0 {
                    format!("{sign} {line}")
                } else {
                    format!("  {line}")
                }
            })
            .collect();
        rows.push(format!("{prompt} "));
        rows
    }

    fn erase(&mut self) -> io::Result<()> {
        let width = usize::from(self.term.size().1).max(1);
        if self.is_inside {
            let last = self.drawn.last().map_or(0, |row| columns(row));
            self.term
                .move_cursor_down(lines(last, width) - self.column.min(last) / width)?;
            self.is_inside = false;
        }
        self.term.clear_line()?;
        let lines = self.drawn.iter().map(|row| lines(columns(row), width));
        self.term.clear_last_lines(lines.sum())?;
        self.drawn.clear();
        Ok(())
    }

    /// Replaces the drawn rows, if they differ.
    fn draw(&mut self, rows: &[String]) -> Result<(), Cancelled> {
        if self.drawn == rows && !self.is_inside {
            return Ok(());
        }
        self.erase().map_err(|_| Cancelled)?;
        for row in rows {
            self.term.write_line(row).map_err(|_| Cancelled)?;
        }
        self.drawn = rows.to_vec();
        self.term.flush().map_err(|_| Cancelled)
    }

    /// Draws rows, with the last two joined: the text before and after the cursor.
    fn draw_with_cursor(&mut self, mut rows: Vec<String>) -> Result<(), Cancelled> {
        let behind = rows.pop().unwrap_or_default();
        let before = rows.pop().unwrap_or_default();
        let at = columns(&before);
        rows.push(format!("{before}{behind}"));
        if self.drawn == rows && self.column == at {
            return Ok(());
        }
        self.draw(&rows)?;
        self.is_inside = true;
        self.column = at;
        let moved = self
            .term
            .move_cursor_up(1)
            .and_then(|()| self.term.move_cursor_right(at))
            .and_then(|()| self.term.show_cursor())
            .and_then(|()| self.term.flush());
        moved.map_err(|_| Cancelled)
    }

    /// Reads a line of text; a secret isn't shown, only whether there is one.
    fn line(
        &mut self,
        hint: &str,
        check: Check<'_>,
        value_of: &dyn Fn(&Line) -> String,
        mask: Option<&str>,
    ) -> Result<String, Cancelled> {
        let mut line = Line::default();
        let mut objection: Option<Objection> = None;
        loop {
            self.draw_line(hint, &line, objection.as_deref(), mask)?;
            match self.key()? {
                Key::Escape => return Err(Cancelled),
                Key::Enter => {
                    let value = value_of(&line);
                    match check(&value) {
                        Ok(()) => return Ok(value),
                        Err(text) => objection = Some(text),
                    }
                    // A rejected secret isn't edited blindly.
                    if mask.is_some() {
                        discard_input();
                        line.clear();
                    }
                }
                key => {
                    if line.press(&key) {
                        objection = None;
                    }
                }
            }
        }
    }

    fn draw_line(
        &mut self,
        hint: &str,
        line: &Line,
        objection: Option<&str>,
        mask: Option<&str>,
    ) -> Result<(), Cancelled> {
        let mut rows = Vec::new();
        if let Some(objection) = objection {
            let sign = style("✗").for_stderr().red();
            let wrapped = wrap(&printable(objection), self.width() - 2);
            for (at, text) in wrapped.into_iter().enumerate() {
                rows.push(if at == 0 {
                    format!("{sign} {text}")
                } else {
                    format!("  {text}")
                });
            }
        }
        rows.extend(self.question(hint, ANSWER_WIDTH));
        let mut last = rows.pop().unwrap_or_default();
        let room = self.width().saturating_sub(columns(&last)).max(4);
        let (shown, at) = match mask {
            Some(_) if line.is_empty() => (String::new(), 0),
            Some(mask) => (mask.to_owned(), columns(mask)),
            None => line.shown(room),
        };
        let split = shown
            .char_indices()
            .map(|(index, _)| index)
            .chain([shown.len()])
            .find(|index| columns(&shown[..*index]) >= at)
            .unwrap_or(shown.len());
        last.push_str(&shown[..split]);
        rows.push(last);
        rows.push(shown[split..].to_owned());
        self.draw_with_cursor(rows)
    }

    /// Reads a choice from a list, with the key help above it.
    fn list(mut self, mut list: List<'_>) -> Result<(Self, List<'_>), Cancelled> {
        let dim = Style::new().for_stderr().dim();
        self.term.hide_cursor().map_err(|_| Cancelled)?;
        loop {
            let mut rows = self.heading();
            let help = wrap(list.help(), self.width() - 2);
            rows.extend(help.iter().map(|line| format!("  {}", dim.apply_to(line))));
            let height = self.height().saturating_sub(rows.len() + 1);
            rows.extend(list.rows(self.width(), height));
            self.draw(&rows)?;
            match list.press(&self.key()?) {
                Step::Go => {}
                Step::Done => return Ok((self, list)),
                Step::Cancel => return Err(Cancelled),
            }
        }
    }

    /// The question above a list.
    fn heading(&self) -> Vec<String> {
        // Never wide enough for an answer next to it.
        let mut rows = self.question("", self.width());
        rows.pop();
        rows
    }

    /// Chooses one of a few items with movement keys only. Pasted text is ignored, including its
    /// line break.
    fn menu(&mut self, items: &[Item], default: usize) -> Result<usize, Cancelled> {
        let dim = Style::new().for_stderr().dim();
        let mut list = List::one(items, default);
        let mut typed = None;
        self.term.hide_cursor().map_err(|_| Cancelled)?;
        loop {
            let mut rows = self.heading();
            let help = "↑↓ move · Enter choose · Esc cancel";
            rows.push(format!("  {}", dim.apply_to(help)));
            // There is no filter, so leave out its row.
            rows.extend(list.rows(self.width(), self.height()).into_iter().skip(1));
            self.draw(&rows)?;
            match self.key()? {
                key @ (Key::ArrowUp | Key::ArrowDown | Key::Tab | Key::BackTab) => {
                    list.press(&key);
                }
                Key::Enter if typed.is_none_or(|at: Instant| at.elapsed() > PASTE) => {
                    return Ok(list.current().unwrap_or(default));
                }
                Key::Escape => return Err(Cancelled),
                _ => typed = Some(Instant::now()),
            }
        }
    }

    /// Leaves the question's name and the answer in its place.
    fn close(mut self, answer: &str) {
        let _ = self.erase();
        let name = self
            .question
            .split_once(" (")
            .map_or(&*self.question, |(name, _)| name);
        let sign = style("✓").for_stderr().green();
        let dot = style("·").for_stderr().dim();
        let answer = printable(answer);
        let _ = self
            .term
            .write_line(&format!("{sign} {name} {dot} {answer}"));
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.erase();
        let _ = self.term.show_cursor();
        let _ = self.term.flush();
    }
}

/// The lines of the terminal that a row takes, which is more than one once the terminal has become
/// narrower.
fn lines(columns: usize, width: usize) -> usize {
    columns.div_ceil(width).max(1)
}

/// Summarises the chosen items.
fn summary(items: &[Item], chosen: &[usize]) -> String {
    if chosen.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<&str> = chosen
        .iter()
        .map(|index| items[*index].text.as_str())
        .collect();
    few(&names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_as_many_lines_as_a_narrower_terminal_needs() {
        for (columns, width, wanted) in [(0, 40, 1), (40, 40, 1), (41, 40, 2), (79, 20, 4)] {
            assert_eq!(lines(columns, width), wanted, "{columns} in {width}");
        }
    }

    #[test]
    fn a_summary_lists_three() {
        let items = ["a", "b", "c", "d"].map(Item::new);
        assert_eq!(summary(&items, &[]), "none");
        assert_eq!(summary(&items, &[2, 0, 1]), "c, a, b");
        assert_eq!(summary(&items, &[3, 2, 1, 0]), "d, c, b and 1 more");
    }
}
