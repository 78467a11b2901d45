//! Drawing a question in place and reading keys, over `console`.

use console::{Key, Style, Term};

use super::Cancelled;
use super::modes::Quiet;
use crate::columns::{columns, wrap};

/// Ctrl-D, the end of the input.
const END: char = '\u{4}';

/// The lines of an open question. No line is wider than the terminal, so that the number of rows
/// is known when they are drawn again.
#[derive(Debug)]
pub(super) struct Frame {
    rows: usize,
    width: usize,
    lines: Vec<String>,
    /// Where the last line ends.
    end: usize,
    /// Row and column.
    cursor: Option<(usize, usize)>,
}

impl Frame {
    pub(super) fn new(screen: &Screen) -> Self {
        let (rows, columns) = screen.term.size();
        Self::sized(usize::from(rows), usize::from(columns))
    }

    pub(super) fn sized(rows: usize, columns: usize) -> Self {
        Self {
            rows: rows.max(6),
            // A full last column makes some terminals wrap.
            width: columns.saturating_sub(1).max(10),
            lines: Vec::new(),
            end: 0,
            cursor: None,
        }
    }

    #[cfg(test)]
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The rows that are still free.
    pub(super) fn rows_left(&self) -> usize {
        self.rows.saturating_sub(self.lines.len() + 1)
    }

    /// The columns for what is typed.
    pub(super) fn input_room(&self) -> usize {
        self.width - 2
    }

    /// Adds a line that fits.
    pub(super) fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    /// The question: its name in bold, and in parentheses what to know about it.
    pub(super) fn question(&mut self, text: &str) {
        let name = name_of(text);
        let bold = Style::new().for_stderr().bold();
        let lines = wrap(text, self.width - 2);
        self.end = 2 + lines.last().map_or(0, |line| columns(line));
        for (i, line) in lines.into_iter().enumerate() {
            let line = match line.strip_prefix(name) {
                Some(rest) if i == 0 => format!("{}{rest}", bold.apply_to(name)),
                _ => line,
            };
            let sign =
                Style::new()
                    .for_stderr()
                    .cyan()
                    .bold()
                    .apply_to(if i == 0 { "?" } else { " " });
            self.lines.push(format!("{sign} {line}"));
        }
    }

    pub(super) fn objection(&mut self, text: &str) {
        for (i, line) in wrap(&crate::mask::printable(text), self.width - 2)
            .into_iter()
            .enumerate()
        {
            let sign = Style::new()
                .for_stderr()
                .red()
                .apply_to(if i == 0 { "✗" } else { " " });
            self.lines.push(format!("{sign} {line}"));
        }
    }

    /// What the keys do, broken only between the parts.
    pub(super) fn help(&mut self, parts: &[String]) {
        let mut line = String::new();
        for part in parts {
            if line.is_empty() {
                line = format!("  {part}");
            } else if columns(&line) + 3 + columns(part) <= self.width {
                line = format!("{line} · {part}");
            } else {
                self.lines
                    .push(std::mem::replace(&mut line, format!("  {part}")));
            }
        }
        self.lines.push(line);
    }

    /// A question that is answered.
    fn answered(&mut self, question: &str, answer: &str) {
        let name = format!("{} · ", name_of(question));
        let answer = crate::mask::printable(answer);
        let cyan = Style::new().for_stderr().cyan();
        for (i, line) in wrap(&format!("{name}{answer}"), self.width - 2)
            .into_iter()
            .enumerate()
        {
            let sign = Style::new()
                .for_stderr()
                .green()
                .apply_to(if i == 0 { "✔" } else { " " });
            let line = match line.strip_prefix(&name) {
                Some(rest) if i == 0 => format!("{name}{}", cyan.apply_to(rest)),
                _ if i > 0 => cyan.apply_to(line).to_string(),
                _ => line,
            };
            self.lines.push(format!("{sign} {line}"));
        }
    }

    /// What is typed, with the cursor in it.
    pub(super) fn input(&mut self, shown: &str, column: usize) {
        let sign = Style::new().for_stderr().cyan().apply_to("›");
        self.cursor = Some((self.lines.len(), 2 + column));
        self.lines.push(format!("{sign} {shown}"));
    }

    /// The cursor stands behind the question.
    pub(super) fn cursor_at_end(&mut self) {
        self.cursor = Some((
            self.lines.len().saturating_sub(1),
            (self.end + 1).min(self.width),
        ));
    }

    /// The cursor stands at the next line, unless it is where something is typed.
    pub(super) fn cursor_at_next(&mut self) {
        self.cursor.get_or_insert((self.lines.len(), 0));
    }
}

/// An open question on the terminal.
pub(super) struct Screen {
    term: Term,
    /// The cursor's row, counted from the question's first.
    row: usize,
    _quiet: Quiet,
}

impl Screen {
    pub(super) fn open() -> Result<Self, Cancelled> {
        Ok(Self {
            term: Term::buffered_stderr(),
            row: 0,
            _quiet: Quiet::new().map_err(|_| Cancelled)?,
        })
    }

    /// Draws over what was drawn before.
    pub(super) fn draw(&mut self, frame: &Frame) -> Result<(), Cancelled> {
        self.try_draw(frame).map_err(|_| Cancelled)
    }

    fn try_draw(&mut self, frame: &Frame) -> std::io::Result<()> {
        let term = &self.term;
        term.move_cursor_up(self.row)?;
        term.write_str("\r")?;
        term.clear_to_end_of_screen()?;
        term.write_str(&frame.lines.join("\n"))?;
        let last = frame.lines.len().saturating_sub(1);
        let (row, column) = frame.cursor.unwrap_or((last, 0));
        term.move_cursor_up(last - row.min(last))?;
        term.write_str("\r")?;
        term.move_cursor_right(column)?;
        self.row = row.min(last);
        term.flush()
    }

    /// Waits for a key.
    pub(super) fn key(&self) -> Result<Key, Cancelled> {
        match self.term.read_key_raw() {
            Ok(Key::Escape | Key::CtrlC | Key::Char(END)) | Err(_) => Err(Cancelled),
            Ok(key) => Ok(key),
        }
    }

    /// Leaves the name of the question and the answer in place of the question.
    pub(super) fn answer(mut self, question: &str, answer: &str) {
        let mut frame = Frame::new(&self);
        frame.answered(question, answer);
        self.erase();
        // A failure to write will show with the next question.
        let _ = self.term.write_line(&frame.lines.join("\n"));
        let _ = self.term.flush();
    }

    fn erase(&mut self) {
        let _ = self.term.move_cursor_up(self.row);
        let _ = self.term.write_str("\r");
        let _ = self.term.clear_to_end_of_screen();
        self.row = 0;
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // After an answer there is nothing of the question below the cursor.
        self.erase();
        let _ = self.term.flush();
    }
}

/// What a question is about, without the explanation in parentheses.
pub(super) fn name_of(question: &str) -> &str {
    question.split_once(" (").map_or(question, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_never_grows_wider_than_the_terminal() {
        let mut frame = Frame::sized(24, 30);
        frame.question("A rather long question that does not fit");
        frame.objection("bad\u{1b}[31m characters");
        frame.input("abc", 3);
        assert_eq!(
            frame.lines(),
            [
                "? A rather long question that",
                "  does not fit",
                "✗ bad\\u{1b}[31m characters",
                "› abc"
            ]
        );
        assert_eq!(frame.cursor, Some((3, 5)));
    }

    #[test]
    fn an_answer_stands_beside_the_name_of_the_question() {
        let mut frame = Frame::sized(24, 30);
        frame.answered(
            "Models (which may be used?)",
            "@gemini/gemini-2.5-flash, @mistral/open\r",
        );
        assert_eq!(
            frame.lines(),
            [
                "✔ Models ·",
                "  @gemini/gemini-2.5-flash,",
                "  @mistral/open\\r"
            ]
        );
    }
}
