//! The questions at a terminal, drawn by `dialoguer`.
//!
//! What `dialoguer` draws it erases by counting lines, not rows. So a question that is wider than
//! the terminal is written above its prompt, broken at spaces, and items are cut to one row.

use std::collections::HashSet;
use std::io;
use std::time::{Duration, Instant};

use console::{Key, Style, Term, style};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, FuzzySelect, Input, Password};

use super::modes::{Modes, discard_input, wait_for_end};
use super::{Ask, Cancelled, Check, Item, Many, Objection};
use crate::columns::{columns, wrap};
use crate::mask::{MASK, printable};
use crate::secret::Secret;

/// The most items that are shown at a time.
const ROWS: usize = 14;
/// A line end so soon after a character was pasted with it.
const PASTE: Duration = Duration::from_millis(50);
/// The columns next to a question that its signs and a short answer take.
const ANSWER_WIDTH: usize = 30;
const BEFORE_NOTE: &str = "  (";

/// A person at a terminal that can move its cursor.
#[derive(Debug, Default)]
pub struct Terminal;

impl Ask for Terminal {
    fn confirm(&mut self, question: &str, default: bool) -> Result<bool, Cancelled> {
        let open = Open::on_one_line(question, ANSWER_WIDTH, Modes::for_keys())?;
        let confirm = Confirm::with_theme(&*open.theme)
            .with_prompt(&open.prompt)
            .default(default)
            .report(false);
        let yes = answer(confirm.interact_on_opt(&open.term))?;
        open.close(if yes { "yes" } else { "no" });
        Ok(yes)
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: Check<'_>,
    ) -> Result<String, Cancelled> {
        let room = ANSWER_WIDTH + default.map_or(0, columns);
        let open = Open::on_one_line(question, room, Modes::for_keys())?;
        let value_of = |typed: &str| match typed.trim() {
            "" => default.unwrap_or_default().to_owned(),
            text => text.to_owned(),
        };
        let input = Input::<String>::with_theme(&*open.theme)
            .with_prompt(&open.prompt)
            .validate_with(|typed: &String| {
                check(&value_of(typed)).map_err(|text| open.broken(&text))
            })
            .report(false);
        let input = match default {
            Some(default) => input.default(default.to_owned()),
            None => input.allow_empty(true),
        };
        let typed = answer(input.interact_text_on(&open.term).map(Some))?;
        open.erase_wrapped(default, &typed);
        let text = value_of(&typed);
        open.close(if text.is_empty() { "none" } else { &text });
        Ok(text)
    }

    fn secret(&mut self, question: &str, check: Check<'_>) -> Result<Secret, Cancelled> {
        let open = Open::on_one_line(question, ANSWER_WIDTH / 2, Modes::for_line())?;
        let password = Password::with_theme(&*open.theme)
            .with_prompt(&open.prompt)
            .allow_empty_password(true)
            .validate_with(|typed: &String| check(typed.trim()).map_err(|text| open.broken(&text)))
            .report(false);
        let typed = answer(password.interact_on(&open.term).map(Some))?;
        // What else was pasted must not land in the next question, which shows it.
        discard_input();
        let secret = Secret::new(typed.trim());
        open.close(if secret.expose().is_empty() {
            "none"
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
        let open = Open::above(
            question,
            "↑↓ move · type to filter · Enter select · Esc cancel",
        )?;
        let mut order: Vec<usize> = (0..items.len()).collect();
        // A cursor further down would be out of sight.
        let default = default.min(items.len().saturating_sub(1));
        let cursor = if default < open.rows() {
            default
        } else {
            order[..=default].rotate_right(1);
            0
        };
        let texts = order.iter().map(|index| described(&items[*index]));
        let chosen = order[open.select(texts, cursor)?];
        open.close(&items[chosen].text);
        Ok(chosen)
    }

    fn menu(&mut self, question: &str, items: &[Item], default: usize) -> Result<usize, Cancelled> {
        let open = Open::above(question, "↑↓ move · Enter select · Esc cancel")?;
        let chosen = answer(open.menu(items, default).map_err(dialoguer::Error::IO));
        // What else was pasted must not land in the next question, which may show it.
        discard_input();
        let chosen = chosen?;
        open.close(&items[chosen].text);
        Ok(chosen)
    }

    /// Every mark is a question of its own, as only such a list can be searched. Those marked
    /// come first, in their order, so that they are in sight however long the list is.
    fn pick(
        &mut self,
        question: &str,
        items: &[Item],
        many: Many,
    ) -> Result<Vec<usize>, Cancelled> {
        let help = "↑↓ move · type to filter · Enter mark/unmark · Esc cancel";
        let mut open = Open::above(question, help)?;
        let mut marked = many.marked;
        let mut reminded = false;
        loop {
            let mut order = marked.clone();
            order.extend((0..items.len()).filter(|index| !marked.contains(index)));
            let done = format!("Done ({} chosen)", marked.len());
            let texts = order.iter().enumerate().map(|(at, index)| {
                let mark = match at {
                    at if at >= marked.len() => "[ ]".to_owned(),
                    at if many.ordered => format!("[{}]", at + 1),
                    _ => "[x]".to_owned(),
                };
                format!("{mark} {}", described(&items[*index]))
            });
            let is_missing = many.needed && marked.is_empty();
            let row = open.select(
                std::iter::once(done).chain(texts),
                usize::from(is_missing && !items.is_empty()),
            )?;
            match row.checked_sub(1) {
                Some(at) if at < marked.len() => drop(marked.remove(at)),
                Some(at) => marked.push(order[at]),
                None if is_missing && !reminded => {
                    open.object("choose at least one");
                    reminded = true;
                }
                None if is_missing => {}
                None => break,
            }
        }
        open.close(&summary(items, &marked));
        Ok(marked)
    }
}

/// An open question. Dropped without an answer it goes away without a trace.
struct Open {
    term: Term,
    theme: Box<dyn Theme>,
    question: String,
    /// What of the question `dialoguer` shows.
    prompt: String,
    /// The lines that are above it.
    above: usize,
    _modes: Modes,
}

impl Open {
    /// A question with the answer next to it, where that has so many columns left.
    fn on_one_line(
        question: &str,
        room: usize,
        modes: io::Result<Modes>,
    ) -> Result<Self, Cancelled> {
        let mut open = Self::new(question, modes)?;
        if columns(question) + room <= open.width() {
            question.clone_into(&mut open.prompt);
        } else {
            open.write_question();
        }
        Ok(open)
    }

    /// A question and what the keys do, with the answer below.
    fn above(question: &str, help: &str) -> Result<Self, Cancelled> {
        let mut open = Self::new(question, Modes::for_keys())?;
        open.write_question();
        let dim = Style::new().for_stderr().dim();
        for line in wrap(help, open.width() - 2) {
            open.write_above(&format!("  {}", dim.apply_to(line)));
        }
        Ok(open)
    }

    fn new(question: &str, modes: io::Result<Modes>) -> Result<Self, Cancelled> {
        Ok(Self {
            term: Term::buffered_stderr(),
            theme: theme(),
            question: question.to_owned(),
            prompt: String::new(),
            above: 0,
            _modes: modes.map_err(|_| Cancelled)?,
        })
    }

    /// A full last column makes some terminals wrap.
    fn width(&self) -> usize {
        usize::from(self.term.size().1).saturating_sub(1).max(20)
    }

    /// The items that are shown at a time: the prompt and the cursor's row fit, too.
    fn rows(&self) -> usize {
        usize::from(self.term.size().0)
            .saturating_sub(self.above + 2)
            .clamp(1, ROWS)
    }

    fn write_above(&mut self, line: &str) {
        // A failure to write will show with the prompt.
        let _ = self.term.write_line(line);
        self.above += 1;
    }

    fn write_question(&mut self) {
        let bold = Style::new().for_stderr().bold();
        let sign = style("?").for_stderr().yellow();
        for (i, line) in wrap(&self.question, self.width() - 2)
            .into_iter()
            .enumerate()
        {
            let line = bold.apply_to(line);
            self.write_above(&if i == 0 {
                format!("{sign} {line}")
            } else {
                format!("  {line}")
            });
        }
    }

    fn object(&mut self, text: &str) {
        let mut line = String::new();
        if self.theme.format_error(&mut line, text).is_ok() {
            self.write_above(&line);
        }
    }

    /// An objection in lines that fit behind the theme's sign.
    fn broken(&self, objection: &Objection) -> String {
        wrap(&printable(objection), self.width() - 7).join("\n  ")
    }

    /// One of several texts.
    fn select(
        &self,
        texts: impl Iterator<Item = String>,
        default: usize,
    ) -> Result<usize, Cancelled> {
        let select = FuzzySelect::with_theme(&*self.theme)
            .with_prompt(&self.prompt)
            .items(rows(texts, self.width() - 2))
            .default(default)
            .max_length(self.rows())
            .report(false);
        answer(select.interact_on_opt(&self.term))
    }

    /// One of a few, by the keys that move and choose alone. What is pasted is passed over with the
    /// line end behind it.
    fn menu(&self, items: &[Item], default: usize) -> io::Result<Option<usize>> {
        let texts = rows(items.iter().map(described), self.width() - 2);
        let mut at = default;
        let mut typed = None;
        self.term.hide_cursor()?;
        loop {
            for (index, text) in texts.iter().enumerate() {
                let mut line = String::new();
                let _ = self
                    .theme
                    .format_select_prompt_item(&mut line, text, index == at);
                self.term.write_line(&line)?;
            }
            self.term.flush()?;
            let key = self.term.read_key();
            self.term.clear_last_lines(texts.len())?;
            match key? {
                Key::ArrowUp | Key::BackTab => at = (at + texts.len() - 1) % texts.len(),
                Key::ArrowDown | Key::Tab => at = (at + 1) % texts.len(),
                Key::Enter if typed.is_none_or(|at: Instant| at.elapsed() > PASTE) => {
                    return Ok(Some(at));
                }
                Key::Escape => return Ok(None),
                _ => typed = Some(Instant::now()),
            }
        }
    }

    /// Erases the rows that a long answer took above its last one, which is erased already.
    fn erase_wrapped(&self, default: Option<&str>, typed: &str) {
        let mut line = String::new();
        let _ = self
            .theme
            .format_input_prompt(&mut line, &self.prompt, default);
        let length = columns(&line) + columns(typed);
        let rows = length.saturating_sub(1) / usize::from(self.term.size().1).max(1);
        let _ = self.term.clear_last_lines(rows);
    }

    fn erase_above(&mut self) {
        let _ = self.term.clear_last_lines(self.above);
        self.above = 0;
    }

    /// Leaves the question's name and the answer in its place.
    fn close(mut self, answer: &str) {
        self.erase_above();
        let name = self
            .question
            .split_once(" (")
            .map_or(&*self.question, |(name, _)| name);
        let mut line = String::new();
        if self
            .theme
            .format_input_prompt_selection(&mut line, name, &printable(answer))
            .is_ok()
        {
            let _ = self.term.write_line(&line);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.erase_above();
        // After an error it is still hidden.
        let _ = self.term.show_cursor();
        let _ = self.term.flush();
    }
}

/// Grey stands out on few palettes, and is none of the sixteen colours as `console` sends it.
fn theme() -> Box<dyn Theme> {
    if !console::colors_enabled_stderr() {
        return Box::new(SimpleTheme);
    }
    let quiet = |sign: &str| style(sign.to_owned()).for_stderr().dim();
    Box::new(ColorfulTheme {
        prompt_suffix: quiet("›"),
        success_suffix: quiet("·"),
        hint_style: Style::new().for_stderr().dim(),
        ..ColorfulTheme::default()
    })
}

fn answer<T>(answer: dialoguer::Result<Option<T>>) -> Result<T, Cancelled> {
    match answer {
        Ok(Some(answer)) => Ok(answer),
        // Ctrl-C was sent on as a signal, and whoever handles it ends the process. Going on here
        // would end it a second time, in other words.
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => {
            wait_for_end()
        }
        Ok(None) | Err(_) => Err(Cancelled),
    }
}

/// An item with its group, where it does not say it itself, and its note.
fn described(item: &Item) -> String {
    let group = item
        .group
        .as_deref()
        .filter(|group| !item.text.starts_with(group));
    let notes: Vec<&str> = group.into_iter().chain(item.note.as_deref()).collect();
    if notes.is_empty() {
        item.text.clone()
    } else {
        format!("{}{BEFORE_NOTE}{})", item.text, notes.join("; "))
    }
}

/// The chosen items in words.
fn summary(items: &[Item], chosen: &[usize]) -> String {
    const NAMED: usize = 3;
    let names: Vec<&str> = chosen
        .iter()
        .take(NAMED)
        .map(|index| items[*index].text.as_str())
        .collect();
    match chosen.len() {
        0 => "none".to_owned(),
        count if count > NAMED => format!("{} and {} more", names.join(", "), count - NAMED),
        _ => names.join(", "),
    }
}

/// Texts cut to so many bytes, which never take more columns: `FuzzySelect` compares bytes with
/// the terminal's width. It also finds the chosen one by its text, so no two may be alike.
fn rows(texts: impl Iterator<Item = String>, room: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    texts
        .enumerate()
        .map(|(i, text)| {
            let mut row = cut(&text, room);
            if seen.contains(&row) {
                let number = format!(" #{i}");
                row = cut(&text, room.saturating_sub(number.len())) + &number;
            }
            seen.insert(row.clone());
            row
        })
        .collect()
}

/// Takes the middle out of a text that is too long, as model ids often differ at their ends; with
/// a note behind it, the end.
fn cut(text: &str, room: usize) -> String {
    const GAP: &str = "…";
    if text.len() <= room {
        return text.to_owned();
    }
    let room = room.saturating_sub(GAP.len());
    let end = if text.contains(BEFORE_NOTE) {
        0
    } else {
        room / 3
    };
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let head = (0..=room - end).rev().find(is_boundary).unwrap_or(0);
    let tail = (text.len() - end..=text.len())
        .find(is_boundary)
        .unwrap_or(text.len());
    format!("{}{GAP}{}", &text[..head], &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_and_differ() {
        let long = |end: &str| format!("@p/{}{end}", "x".repeat(90));
        let texts = ["short", &long("-v1"), &long("-v2"), &"日本".repeat(20)];
        let cut = rows(texts.iter().map(|text| (*text).to_owned()), 30);
        assert_eq!(cut[0], "short");
        assert!(cut[1].starts_with("@p/xxx") && cut[1].ends_with("xxx-v1"));
        assert_eq!(cut[3], "日本日本日本…本日本");
        assert_eq!(super::cut("id  (a long note)", 14), "id  (a long…");

        let middles = (0..300).map(|i| format!("@p/{}{i}{}", "x".repeat(40), "y".repeat(40)));
        let cut = rows(middles, 30);
        assert!(cut.iter().all(|row| row.len() <= 30), "{cut:?}");
        assert_eq!(cut.iter().collect::<HashSet<_>>().len(), 300);
    }

    #[test]
    fn an_item_says_what_it_belongs_to_once() {
        let item = |text: &str, group: &str| Item {
            group: Some(group.to_owned()),
            ..Item::new(text).note("already in the config")
        };
        assert_eq!(
            described(&item("@gemini/flash", "@gemini")),
            "@gemini/flash  (already in the config)"
        );
        assert_eq!(
            described(&item("portkey-dynamic", "a config decides")),
            "portkey-dynamic  (a config decides; already in the config)"
        );
        assert_eq!(described(&Item::new("plain")), "plain");
    }

    #[test]
    fn a_summary_names_three() {
        let items = ["a", "b", "c", "d"].map(Item::new);
        assert_eq!(summary(&items, &[]), "none");
        assert_eq!(summary(&items, &[2, 0, 1]), "c, a, b");
        assert_eq!(summary(&items, &[3, 2, 1, 0]), "d, c, b and 1 more");
    }
}
