//! A list to choose from: key handling and drawing.

use console::{Key, style};

use super::line::Line;
use super::{Item, Many};
use crate::columns::columns;

/// The maximum number of items shown at a time.
const MAX_ROWS: usize = 12;
/// The space between two columns.
const GAP: &str = "  ";
/// Ctrl-N and Ctrl-P.
const NEXT: char = '\u{e}';
const PREVIOUS: char = '\u{10}';
const CLEAR: char = '\u{15}';

/// The result of a key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Go,
    Done,
    Cancel,
}

/// The items, the filter text, and the cursor.
#[derive(Debug)]
pub(super) struct List<'i> {
    items: &'i [Item],
    /// The searchable text of each item.
    haystacks: Vec<String>,
    filter: Line,
    /// Whether the next character extends the filter rather than replacing it.
    types: bool,
    matches: Vec<usize>,
    at: usize,
    top: usize,
    marks: Option<Many>,
    pub(super) objection: Option<&'static str>,
    facts: Vec<usize>,
}

impl<'i> List<'i> {
    /// A list for choosing one item.
    pub(super) fn one(items: &'i [Item], default: usize) -> Self {
        let widths = |index: usize| {
            let of_item = |item: &Item| item.facts.get(index).map_or(0, |text| columns(text));
            items.iter().map(of_item).max().unwrap_or(0)
        };
        let facts = items.iter().map(|item| item.facts.len()).max();
        Self {
            items,
            haystacks: items.iter().map(haystack).collect(),
            filter: Line::default(),
            types: true,
            matches: (0..items.len()).collect(),
            at: default.min(items.len().saturating_sub(1)),
            top: 0,
            marks: None,
            objection: None,
            facts: (0..facts.unwrap_or(0)).map(widths).collect(),
        }
    }

    /// A list for choosing any number of items.
    pub(super) fn many(items: &'i [Item], many: Many) -> Self {
        let first = many.marked.first().copied().unwrap_or(0);
        Self {
            marks: Some(many),
            ..Self::one(items, first)
        }
    }

    /// The item under the cursor.
    pub(super) fn current(&self) -> Option<usize> {
        self.matches.get(self.at).copied()
    }

    /// The marked items, in the order they were marked.
    pub(super) fn marked(&self) -> Vec<usize> {
        self.marks
            .as_ref()
            .map(|many| many.marked.clone())
            .unwrap_or_default()
    }

    /// What the keys currently do.
    pub(super) fn help(&self) -> &'static str {
        if self.marks.is_none() {
            "↑↓ move · type to search · Enter choose · Esc cancel"
        } else if self.space_marks() {
            "type to search · Space mark · Enter done · Esc cancel"
        } else {
            "Space next word · Tab mark · Enter done · Esc cancel"
        }
    }

    /// Whether Space marks the item. Directly after a filter text that several items match, it
    /// starts another word.
    fn space_marks(&self) -> bool {
        let text = self.filter.text();
        text.is_empty() || !self.types || text.ends_with(' ') || self.matches.len() == 1
    }

    pub(super) fn press(&mut self, key: &Key) -> Step {
        self.objection = None;
        let last = self.matches.len().saturating_sub(1);
        match key {
            Key::Escape => return Step::Cancel,
            Key::Enter => return self.enter(),
            Key::ArrowUp | Key::BackTab | Key::Char(PREVIOUS) => {
                self.go_to(if self.at == 0 { last } else { self.at - 1 });
            }
            Key::ArrowDown | Key::Char(NEXT) => {
                self.go_to(if self.at == last { 0 } else { self.at + 1 });
            }
            Key::PageUp => self.go_to(self.at.saturating_sub(MAX_ROWS)),
            Key::PageDown => self.go_to((self.at + MAX_ROWS).min(last)),
            Key::Tab if self.marks.is_some() => self.toggle(),
            Key::Tab => self.go_to(if self.at == last { 0 } else { self.at + 1 }),
            Key::Char(' ') if self.marks.is_some() && self.space_marks() => self.toggle(),
            Key::Char(CLEAR) => {
                self.filter.clear();
                self.search();
            }
            Key::Char(c) if !c.is_control() => {
                if !self.types {
                    self.filter.clear();
                }
                self.filter.press(key);
                self.search();
            }
            Key::Backspace | Key::Char(_) if self.filter.press(key) => self.search(),
            _ => {}
        }
        Step::Go
    }

    fn go_to(&mut self, at: usize) {
        self.at = at;
        self.types = false;
    }

    /// If nothing is marked, selects the item under the cursor, provided one is required or a
    /// filter was typed.
    fn enter(&mut self) -> Step {
        let current = self.current();
        let is_searched = !self.filter.is_empty();
        match (&mut self.marks, current) {
            (None, None) => return Step::Go,
            (Some(many), Some(current))
                if many.marked.is_empty() && (many.needed || is_searched) =>
            {
                many.marked.push(current);
            }
            (Some(many), None) if many.marked.is_empty() && many.needed => {
                self.objection = Some("choose at least one");
                return Step::Go;
            }
            _ => {}
        }
        Step::Done
    }

    fn toggle(&mut self) {
        let Some(current) = self.current() else {
            return;
        };
        self.types = false;
        if let Some(many) = &mut self.marks {
            match many.marked.iter().position(|index| *index == current) {
                Some(at) => drop(many.marked.remove(at)),
                None => many.marked.push(current),
            }
        }
    }

    fn search(&mut self) {
        self.types = true;
        let text = self.filter.text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let has_all = |index: &usize| {
            let haystack = &self.haystacks[*index];
            words.iter().all(|word| haystack.contains(word))
        };
        self.matches = (0..self.items.len()).filter(has_all).collect();
        self.at = 0;
        self.top = 0;
    }

    /// The rows, limited to `width` and `height`.
    pub(super) fn rows(&mut self, width: usize, height: usize) -> Vec<String> {
        let shown = height.saturating_sub(1).clamp(1, MAX_ROWS);
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + shown {
            self.top = self.at + 1 - shown;
        }
        let mut rows = vec![self.head(width)];
        if let Some(objection) = self.objection {
            let sign = style("✗").for_stderr().red();
            rows.push(format!("{sign} {objection}"));
        }
        let end = (self.top + shown).min(self.matches.len());
        let visible = &self.matches[self.top..end];
        let texts: Vec<String> = visible
            .iter()
            .map(|index| self.items[*index].text.clone())
            .collect();
        let layout = self.layout(&texts, width);
        for (row, index) in visible.iter().enumerate() {
            rows.push(self.row(*index, self.top + row == self.at, &layout));
        }
        rows
    }

    /// The filter text and the number of matches.
    fn head(&self, width: usize) -> String {
        let found = match self.matches.len() {
            0 => "no match".to_owned(),
            some if some == self.items.len() => some.to_string(),
            some => format!("{some} of {}", self.items.len()),
        };
        let marked = self.marked().len();
        let state = match marked {
            0 => found,
            _ => format!("{found} · {marked} marked"),
        };
        let room = width.saturating_sub(columns(&state) + 5).max(8);
        let (text, _) = self.filter.shown(room);
        let gap = if text.is_empty() { "" } else { GAP };
        let state = style(state).for_stderr().dim();
        let prompt = style("›").for_stderr().dim();
        format!("{prompt} {text}{gap}{state}")
    }

    /// How wide the texts are, how many facts fit next to them, and how wide the row is.
    fn layout(&self, texts: &[String], width: usize) -> Layout {
        let sign = if self.marks.is_some() { 6 } else { 2 };
        let room = width.saturating_sub(sign);
        let widths: Vec<usize> = texts.iter().map(|text| columns(text)).collect();
        let of_facts = |count: usize| -> usize {
            let own = self.facts.iter().take(count).filter(|own| **own > 0);
            own.map(|own| own + GAP.len()).sum()
        };
        // A fact is worth less than most ids in full; a single long id has none next to it.
        let fitting = |count: usize| {
            let room = room.saturating_sub(of_facts(count));
            widths.iter().filter(move |width| **width <= room)
        };
        let facts = (0..=self.facts.len())
            .rev()
            .find(|count| fitting(*count).count() * 2 > widths.len())
            .unwrap_or(0);
        let text = fitting(facts).max().copied().unwrap_or(room);
        Layout { room, text, facts }
    }

    fn row(&self, index: usize, is_current: bool, layout: &Layout) -> String {
        let item = &self.items[index];
        let mut line = cut(&item.text, layout.room);
        let shown = if columns(&line) <= layout.text {
            layout.facts
        } else {
            0
        };
        let facts = self.facts.iter().take(shown).enumerate();
        for (column, width) in facts.filter(|(_, width)| **width > 0) {
            let text = item.facts.get(column).map_or("", String::as_str);
            if column == 0 {
                let pad = layout.text.saturating_sub(columns(&line));
                line.push_str(&" ".repeat(pad));
            }
            let pad = width.saturating_sub(columns(text));
            line.push_str(GAP);
            line.push_str(&" ".repeat(pad));
            line.push_str(text);
        }
        let line = line.trim_end().to_owned();
        let note = note(item);
        let room = layout.room.saturating_sub(columns(&line) + GAP.len());
        let note = if note.is_empty() || room < 8 {
            String::new()
        } else {
            let note = style(cut_end(&note, room)).for_stderr().dim();
            format!("{GAP}{note}")
        };
        let mark = self.mark(index);
        if is_current {
            let sign = style("❯").for_stderr().cyan();
            let line = style(line).for_stderr().bold();
            format!("{sign} {mark}{line}{note}")
        } else {
            format!("{GAP}{mark}{line}{note}")
        }
    }

    fn mark(&self, index: usize) -> String {
        let Some(many) = &self.marks else {
            return String::new();
        };
        match many.marked.iter().position(|marked| *marked == index) {
            None => "[ ] ".to_owned(),
            Some(at) => {
                let sign = match at {
                    0..9 if many.ordered => (at + 1).to_string(),
                    _ => "x".to_owned(),
                };
                format!("{} ", style(format!("[{sign}]")).for_stderr().green())
            }
        }
    }
}

struct Layout {
    room: usize,
    text: usize,
    facts: usize,
}

fn haystack(item: &Item) -> String {
    let parts = [item.group.as_deref(), item.note.as_deref()];
    let mut text = item.text.clone();
    for part in parts.into_iter().flatten() {
        text.push(' ');
        text.push_str(part);
    }
    text.to_lowercase()
}

/// The note of an item, with its group unless the text already includes it.
fn note(item: &Item) -> String {
    let group = item
        .group
        .as_deref()
        .filter(|group| !item.text.starts_with(group));
    let notes: Vec<&str> = group.into_iter().chain(item.note.as_deref()).collect();
    if notes.is_empty() {
        String::new()
    } else {
        format!("({})", notes.join("; "))
    }
}

/// Shortens a long text in the middle, because model ids often differ at their ends.
fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let end = room / 3;
    let head = front(text, room.saturating_sub(end + 1));
    let mut tail = String::new();
    for c in text.chars().rev() {
        let longer = format!("{c}{tail}");
        if columns(&longer) > end {
            break;
        }
        tail = longer;
    }
    format!("{head}…{tail}")
}

fn cut_end(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    format!("{}…", front(text, room.saturating_sub(1)))
}

/// The start of a text, up to a width in columns.
fn front(text: &str, room: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let fits = ends.take_while(|end| columns(&text[..*end]) <= room);
    &text[..fits.last().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<Item> {
        let row = |id: &str, context: &str, price: &str| Item {
            facts: vec![context.to_owned(), price.to_owned()],
            ..Item::new(id)
        };
        vec![
            row("@gemini/gemini-2.5-flash", "1M", "0.3/2.5"),
            row("@gemini/gemini-2.5-pro", "1M", "1.25/10"),
            row("@openai-prod/gpt-5", "400K", "1.25/10").note("already in the config"),
        ]
    }

    fn many(needed: bool) -> Many {
        Many {
            needed,
            ordered: true,
            ..Many::default()
        }
    }

    fn press(list: &mut List<'_>, text: &str) {
        for c in text.chars() {
            assert_eq!(list.press(&Key::Char(c)), Step::Go);
        }
    }

    #[test]
    fn words_are_searched_in_any_order_and_case() {
        let items = items();
        let mut list = List::many(&items, many(true));
        press(&mut list, "GEMINI");
        assert_eq!(list.rows(80, 20)[0], "› GEMINI  2 of 3");
        press(&mut list, " 2.5 PRO");
        assert_eq!(list.current(), Some(1));
        press(&mut list, "x");
        assert_eq!(list.rows(80, 20), ["› GEMINI 2.5 PROx  no match"]);
        assert_eq!(list.press(&Key::Enter), Step::Go);
        assert!(list.rows(80, 20)[1].contains("choose at least one"));
        list.press(&Key::Char(CLEAR));
        assert_eq!(list.rows(80, 20)[0], "› 3");
    }

    #[test]
    fn space_marks_unless_it_separates_words() {
        let items = items();
        let mut list = List::many(&items, many(true));
        press(&mut list, "gemini");
        assert!(list.help().starts_with("Space next word"));
        press(&mut list, "  ");
        assert_eq!(list.marked(), [0]);
        // Text typed after marking starts another filter.
        press(&mut list, "gpt ");
        assert_eq!(list.marked(), [0, 2]);
        assert_eq!(list.rows(80, 20)[0], "› gpt  1 of 3 · 2 marked");
        press(&mut list, " ");
        assert_eq!(list.marked(), [0]);
        press(&mut list, "gemini");
        list.press(&Key::ArrowDown);
        press(&mut list, " ");
        assert_eq!(list.marked(), [0, 1]);
        list.press(&Key::Tab);
        assert_eq!(list.marked(), [0]);
        assert_eq!(list.press(&Key::Enter), Step::Done);
    }

    #[test]
    fn enter_selects_the_current_item_if_required_or_filtered() {
        let items = items();
        let mut list = List::many(&items, many(true));
        list.press(&Key::ArrowUp);
        assert_eq!(list.press(&Key::Enter), Step::Done);
        assert_eq!(list.marked(), [2]);
        let mut list = List::many(&items, many(false));
        assert_eq!(list.press(&Key::Enter), Step::Done);
        assert!(list.marked().is_empty());
        let mut list = List::many(&items, many(false));
        press(&mut list, "pro");
        assert_eq!(list.press(&Key::Enter), Step::Done);
        assert_eq!(list.marked(), [1]);
        assert_eq!(list.press(&Key::Escape), Step::Cancel);
    }

    #[test]
    fn facts_are_shown_in_columns_if_they_fit() {
        let items = items();
        let mut list = List::many(&items, many(true));
        press(&mut list, "gpt ");
        list.press(&Key::Char(CLEAR));
        assert_eq!(
            list.rows(80, 20),
            [
                "› 3 · 1 marked",
                "❯ [ ] @gemini/gemini-2.5-flash    1M  0.3/2.5",
                "  [ ] @gemini/gemini-2.5-pro      1M  1.25/10",
                "  [1] @openai-prod/gpt-5        400K  1.25/10  (already in the config)",
            ]
        );
        assert_eq!(list.rows(40, 20)[1], "❯ [ ] @gemini/gemini-2.5-flash    1M");
        assert_eq!(list.rows(24, 20)[1], "❯ [ ] @gemini/gem…-flash");
        // One id that is too long takes the facts from no other.
        let mut items = items;
        items[1].text = format!("@gemini/{}", "x".repeat(80));
        let mut list = List::many(&items, many(true));
        let rows = list.rows(60, 20);
        assert_eq!(rows[1], "❯ [ ] @gemini/gemini-2.5-flash    1M  0.3/2.5");
        assert!(rows[2].contains("…") && columns(&rows[2]) <= 60, "{rows:?}");
        let items = self::items();
        let mut list = List::many(&items, many(true));
        for width in 12..90 {
            for row in list.rows(width, 20).iter().skip(1) {
                assert!(columns(row) <= width, "{width}: {row}");
            }
        }
        let mut list = List::one(&items, 2);
        assert_eq!(list.rows(80, 2).len(), 2);
        assert!(list.rows(80, 2)[1].starts_with("❯ @openai-prod/gpt-5"));
    }

    #[test]
    fn shortened_text_fits() {
        assert_eq!(cut("日本語日本語", 7), "日本…語");
        assert_eq!(cut_end("(a long note)", 8), "(a long…");
        assert_eq!(cut("short", 5), "short");
    }
}
