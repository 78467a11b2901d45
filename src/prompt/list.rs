//! A list to pick from: search, cursor and marks.

use std::collections::HashMap;

use console::{Key, Style};

use super::line::Line;
use super::screen::Frame;
use super::{Item, Many};
use crate::columns::fit;

/// The most rows of items that are shown at a time.
const ROWS: usize = 12;
/// A list this long or longer says that it can be searched.
const SEARCHABLE: usize = 8;
/// From here on a text has the letters of the query only in this order, not in one piece.
const SCATTERED: usize = 10_000;

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The question is still open.
    Stay,
    /// It cannot be closed yet: nothing is marked.
    Needed,
    /// It is answered.
    Done,
}

/// The items and what the user did with them so far.
#[derive(Debug)]
pub(super) struct List<'a> {
    items: &'a [Item],
    /// What is searched, in lower case.
    texts: Vec<String>,
    query: Line,
    /// The items that match, in the order they are shown.
    found: Vec<usize>,
    /// The cursor, as an index of `found`.
    at: usize,
    marked: Vec<usize>,
    /// `None` where exactly one is chosen.
    many: Option<Many>,
}

/// A row on the screen.
#[derive(Clone, Copy)]
enum Row<'a> {
    Heading(&'a str),
    /// An index of `found`.
    Item(usize),
}

impl<'a> List<'a> {
    pub(super) fn one(items: &'a [Item], default: usize) -> Self {
        let mut list = Self::new(items);
        list.at = default.min(items.len().saturating_sub(1));
        list
    }

    pub(super) fn many(items: &'a [Item], many: Many) -> Self {
        let mut list = Self::new(items);
        list.marked.clone_from(&many.marked);
        list.many = Some(many);
        list
    }

    fn new(items: &'a [Item]) -> Self {
        Self {
            items,
            texts: items.iter().map(|item| item.text.to_lowercase()).collect(),
            query: Line::default(),
            found: (0..items.len()).collect(),
            at: 0,
            marked: Vec::new(),
            many: None,
        }
    }

    /// The chosen items, in the order they were marked.
    pub(super) fn chosen(&self) -> Vec<usize> {
        match self.many {
            Some(_) => self.marked.clone(),
            None => self.current().into_iter().collect(),
        }
    }

    /// The chosen items in words.
    pub(super) fn summary(&self) -> String {
        const NAMED: usize = 3;
        let chosen = self.chosen();
        let names: Vec<&str> = chosen
            .iter()
            .take(NAMED)
            .map(|index| self.items[*index].text.as_str())
            .collect();
        match chosen.len() {
            0 => "none".to_owned(),
            count if count > NAMED => format!("{} and {} more", names.join(", "), count - NAMED),
            _ => names.join(", "),
        }
    }

    /// An item with its mark and its note.
    pub(super) fn described(&self, index: usize) -> String {
        let note = self.items[index]
            .note
            .as_ref()
            .map(|note| format!("  ({note})"))
            .unwrap_or_default();
        format!("{}{}{note}", self.mark(index), self.items[index].text)
    }

    fn mark(&self, index: usize) -> String {
        let Some(many) = &self.many else {
            return String::new();
        };
        match self.marked.iter().position(|one| *one == index) {
            Some(order) if many.ordered => format!("[{}] ", order + 1),
            Some(_) => "[x] ".to_owned(),
            None => "[ ] ".to_owned(),
        }
    }

    pub(super) fn is_many(&self) -> bool {
        self.many.is_some()
    }

    /// The items that match, in the order they are shown.
    pub(super) fn found(&self) -> &[usize] {
        &self.found
    }

    fn current(&self) -> Option<usize> {
        self.found.get(self.at).copied()
    }

    pub(super) fn key(&mut self, key: &Key) -> Step {
        let last = self.found.len().saturating_sub(1);
        match key {
            Key::ArrowUp | Key::BackTab => self.at = self.at.checked_sub(1).unwrap_or(last),
            Key::ArrowDown | Key::Tab => self.at = if self.at < last { self.at + 1 } else { 0 },
            Key::PageUp => self.at = self.at.saturating_sub(ROWS),
            Key::PageDown => self.at = (self.at + ROWS).min(last),
            Key::Home => self.at = 0,
            Key::End => self.at = last,
            Key::Char(' ') if self.is_many() => {
                if let Some(index) = self.current() {
                    self.toggle(index);
                }
            }
            Key::Enter => return self.close(),
            other => {
                if self.query.key(other) {
                    let query = self.query.text();
                    self.search(&query);
                }
            }
        }
        Step::Stay
    }

    pub(super) fn toggle(&mut self, index: usize) {
        match self.marked.iter().position(|one| *one == index) {
            Some(at) => {
                self.marked.remove(at);
            }
            None => self.marked.push(index),
        }
    }

    /// Puts the cursor on an item, where it is among those found.
    pub(super) fn move_to(&mut self, index: usize) {
        if let Some(at) = self.found.iter().position(|one| *one == index) {
            self.at = at;
        }
    }

    /// Answers the question, where that is possible. With nothing marked where something has to
    /// be, the item under the cursor is meant.
    pub(super) fn close(&mut self) -> Step {
        let needed = self.many.as_ref().is_none_or(|many| many.needed);
        if !needed || !self.marked.is_empty() {
            return Step::Done;
        }
        match self.current() {
            Some(index) if self.is_many() => self.marked.push(index),
            Some(_) => {}
            None => return Step::Needed,
        }
        Step::Done
    }

    /// Narrows the list down. The best matches come first, groups kept together. What has the
    /// letters of the query only in this order is found where nothing has it in one piece.
    pub(super) fn search(&mut self, query: &str) {
        let query: Vec<char> = query.trim().to_lowercase().chars().collect();
        let mut scored: Vec<(usize, usize)> = (0..self.items.len())
            .filter_map(|index| Some((badness(&query, &self.texts[index])?, index)))
            .collect();
        if scored.iter().any(|(badness, _)| *badness < SCATTERED) {
            scored.retain(|(badness, _)| *badness < SCATTERED);
        }
        let mut best: HashMap<&Option<String>, (usize, usize)> = HashMap::new();
        for (badness, index) in &scored {
            let group = best
                .entry(&self.items[*index].group)
                .or_insert((*badness, *index));
            *group = (*group).min((*badness, *index));
        }
        let mut ranked: Vec<((usize, usize), usize, usize)> = scored
            .iter()
            .map(|(badness, index)| (best[&self.items[*index].group], *badness, *index))
            .collect();
        ranked.sort_unstable();
        self.found = ranked.into_iter().map(|(_, _, index)| index).collect();
        self.at = 0;
    }

    fn rows(&self) -> Vec<Row<'a>> {
        let mut rows = Vec::with_capacity(self.found.len());
        let mut group: Option<&str> = None;
        for (at, index) in self.found.iter().enumerate() {
            let own = self.items[*index].group.as_deref();
            if own != group {
                group = own;
                rows.extend(own.map(Row::Heading));
            }
            rows.push(Row::Item(at));
        }
        rows
    }

    /// Draws the search, the rows around the cursor and what the keys do.
    pub(super) fn draw(&self, frame: &mut Frame, needed: bool) {
        if self.items.len() >= SEARCHABLE || !self.query.is_empty() {
            let (shown, column) = self.query.view(frame.input_room());
            let shown = if shown.is_empty() {
                "type to search".to_owned()
            } else {
                shown
            };
            frame.input(&shown, column);
        }
        let rows = self.rows();
        let height = ROWS.min(frame.rows_left().saturating_sub(2)).max(1);
        let cursor = rows
            .iter()
            .position(|row| matches!(row, Row::Item(at) if *at == self.at))
            .unwrap_or(0);
        // The window moves in steps of its height less the heading, so that little flickers.
        let top = if rows.len() <= height {
            0
        } else {
            cursor.saturating_sub(height / 2).min(rows.len() - height)
        };
        for (i, row) in rows.iter().enumerate().skip(top).take(height) {
            match *row {
                Row::Heading(group) => frame.line(heading(frame, group)),
                // The first row tells the group, where its heading is further up.
                Row::Item(at) if i == top && top > 0 && height > 2 && i != cursor => {
                    match self.items[self.found[at]].group.as_deref() {
                        Some(group) => frame.line(heading(frame, group)),
                        None => self.draw_item(frame, at),
                    }
                }
                Row::Item(at) => self.draw_item(frame, at),
            }
        }
        if self.found.is_empty() {
            frame.line("  nothing matches".to_owned());
        }
        if needed {
            frame.objection("choose at least one");
        } else {
            frame.help(&self.help(rows.len() > height));
        }
    }

    fn draw_item(&self, frame: &mut Frame, at: usize) {
        let index = self.found[at];
        let item = &self.items[index];
        let active = at == self.at;
        let mark = self.mark(index);
        let note = item
            .note
            .as_ref()
            .map(|note| format!("  ({note})"))
            .unwrap_or_default();
        let pointer = if active { "❯ " } else { "  " };
        let room = frame.width().saturating_sub(2 + mark.len());
        // The heading says the group already.
        let short = item
            .group
            .as_ref()
            .and_then(|group| item.text.strip_prefix(group.as_str())?.strip_prefix('/'));
        let text = fit(&format!("{}{note}", short.unwrap_or(&item.text)), room);
        let styled = if active {
            Style::new().for_stderr().cyan().apply_to(text).to_string()
        } else {
            text
        };
        let mark = if self.marked.contains(&index) {
            Style::new().for_stderr().green().apply_to(mark).to_string()
        } else {
            mark
        };
        if active {
            frame.cursor_at_next();
        }
        frame.line(format!("{pointer}{mark}{styled}"));
    }

    fn help(&self, longer: bool) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(many) = &self.many {
            parts.push(
                if many.ordered {
                    "Space marks in order"
                } else {
                    "Space marks"
                }
                .to_owned(),
            );
            parts.push(match self.marked.len() {
                0 if many.needed => "Enter takes this one".to_owned(),
                0 => "Enter: none".to_owned(),
                count => format!("Enter takes {count}"),
            });
        } else {
            parts.push("Enter takes it".to_owned());
        }
        parts.push("Esc cancels".to_owned());
        if longer || self.found.len() < self.items.len() {
            parts.push(format!("{} of {}", self.found.len(), self.items.len()));
        }
        parts
    }
}

fn heading(frame: &Frame, group: &str) -> String {
    let text = fit(group, frame.width().saturating_sub(2));
    format!("  {}", Style::new().for_stderr().bold().apply_to(text))
}

/// How badly a text fits a query, both in lower case: 0 is best; `None` where it does not fit.
fn badness(query: &[char], text: &str) -> Option<usize> {
    let whole: String = query.iter().collect();
    if let Some(at) = text.find(&whole) {
        let starts_word = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        return Some(if starts_word { 0 } else { 1 + at });
    }
    let chars: Vec<char> = text.chars().collect();
    // Forward to where the last letter is found first, then back to where the first one can be.
    let mut wanted = query.iter().peekable();
    let end = chars.iter().position(|c| {
        wanted.next_if_eq(&c);
        wanted.peek().is_none()
    })?;
    let mut wanted = query.iter().rev().peekable();
    let length = chars[..=end].iter().rev().position(|c| {
        wanted.next_if_eq(&c);
        wanted.peek().is_none()
    })?;
    Some(SCATTERED + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(ids: &[&str]) -> Vec<Item> {
        ids.iter()
            .map(|id| Item {
                group: id.split_once('/').map(|(group, _)| group.to_owned()),
                ..Item::new(*id)
            })
            .collect()
    }

    fn press(list: &mut List<'_>, keys: &str) -> Step {
        keys.chars()
            .map(|c| {
                list.key(&match c {
                    '↑' => Key::ArrowUp,
                    '↓' => Key::ArrowDown,
                    '⏎' => Key::Enter,
                    c => Key::Char(c),
                })
            })
            .last()
            .unwrap()
    }

    const IDS: [&str; 5] = [
        "@gemini/gemini-2.5-flash",
        "@gemini/gemini-2.5-pro",
        "@openai/gpt-4o",
        "@openai/gpt-5",
        "@x/grok-fast-lash",
    ];

    fn found(query: &str) -> Vec<String> {
        let items = items(&IDS);
        let mut list = List::many(&items, Many::default());
        list.search(query);
        list.found()
            .iter()
            .map(|index| items[*index].text.clone())
            .collect()
    }

    #[test]
    fn finds_what_is_meant_best_first_with_groups_together() {
        assert_eq!(found(""), IDS);
        assert_eq!(found("flash"), ["@gemini/gemini-2.5-flash"]);
        assert_eq!(found("GPT5"), ["@openai/gpt-5"]);
        assert_eq!(found("pro"), ["@gemini/gemini-2.5-pro"]);
        assert_eq!(found("@openai/"), ["@openai/gpt-4o", "@openai/gpt-5"]);
        // `lash` starts a word only in the last one; `flash` has it inside.
        assert_eq!(
            found("lash"),
            ["@x/grok-fast-lash", "@gemini/gemini-2.5-flash"]
        );
        assert_eq!(found("zzz"), [""; 0]);
    }

    #[test]
    fn marks_keep_their_order_over_searches() {
        let items = items(&IDS);
        let mut list = List::many(
            &items,
            Many {
                ordered: true,
                ..Many::default()
            },
        );
        press(&mut list, "gpt5 ");
        press(&mut list, "\u{15}pro ");
        assert_eq!(list.chosen(), [3, 1]);
        press(&mut list, "\u{15}gpt-5 ");
        assert_eq!(list.chosen(), [1], "Space takes a mark away again");
        assert_eq!(press(&mut list, "⏎"), Step::Done);
        assert_eq!(list.summary(), "@gemini/gemini-2.5-pro");
    }

    #[test]
    fn enter_takes_the_one_under_the_cursor_where_one_is_needed() {
        let items = items(&IDS);
        let mut list = List::many(
            &items,
            Many {
                needed: true,
                ..Many::default()
            },
        );
        assert_eq!(press(&mut list, "zz⏎"), Step::Needed);
        assert_eq!(press(&mut list, "\u{15}↓⏎"), Step::Done);
        assert_eq!(list.chosen(), [1]);
        let mut list = List::many(&items, Many::default());
        assert_eq!(press(&mut list, "⏎"), Step::Done);
        assert_eq!(list.chosen(), [0; 0]);
        assert_eq!(list.summary(), "none");
    }

    #[test]
    fn the_cursor_goes_round() {
        let items = items(&IDS);
        let mut list = List::one(&items, 1);
        assert_eq!(list.chosen(), [1]);
        press(&mut list, "↑↑");
        assert_eq!(list.chosen(), [4]);
        press(&mut list, "↓");
        assert_eq!(list.chosen(), [0]);
        press(&mut list, "nothing");
        assert_eq!(press(&mut list, "⏎"), Step::Needed);
    }

    #[test]
    fn every_window_shows_the_cursor_and_fits() {
        let ids: Vec<String> = (0..5000)
            .map(|i| format!("@p{}/{}-{i}", i / 7, "long".repeat(40)))
            .collect();
        let items = items(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        let mut list = List::many(&items, Many::default());
        for _ in 0..60 {
            let mut frame = Frame::sized(24, 50);
            frame.question("Which?");
            list.draw(&mut frame, false);
            let lines = frame.lines();
            assert!(lines.len() < 24);
            assert!(
                lines.iter().all(|line| line.chars().count() <= 49),
                "{lines:#?}"
            );
            assert_eq!(
                lines.iter().filter(|line| line.starts_with('❯')).count(),
                1,
                "{lines:#?}"
            );
            list.key(&Key::ArrowUp);
            list.key(&Key::PageUp);
        }
    }
}
