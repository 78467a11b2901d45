//! A line being typed, and the keys that edit it.

use console::Key;

use crate::columns::columns;

/// Ctrl-K, Ctrl-U and Ctrl-W.
const KILL_END: char = '\u{b}';
const KILL: char = '\u{15}';
const KILL_WORD: char = '\u{17}';

/// The text and the cursor position.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: Vec<char>,
    at: usize,
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.text.iter().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.at = 0;
    }

    /// Handles a key; returns whether the text changed.
    pub(super) fn press(&mut self, key: &Key) -> bool {
        let before = self.text.len();
        match key {
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(before),
            Key::Home => self.at = 0,
            Key::End => self.at = before,
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.text.remove(self.at);
            }
            Key::Del if self.at < before => drop(self.text.remove(self.at)),
            Key::Char(KILL) => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            Key::Char(KILL_END) => self.text.truncate(self.at),
            Key::Char(KILL_WORD) => {
                let head = &self.text[..self.at];
                let end = head.iter().rposition(|c| *c != ' ').map_or(0, |at| at + 1);
                let start = head[..end].iter().rposition(|c| *c == ' ');
                let start = start.map_or(0, |at| at + 1);
                self.text.drain(start..self.at);
                self.at = start;
            }
            Key::Char(c) if !c.is_control() => {
                self.text.insert(self.at, *c);
                self.at += 1;
            }
            _ => {}
        }
        self.text.len() != before
    }

    /// The part of the text around the cursor that fits into this many columns, and the cursor's
    /// column.
    pub(super) fn shown(&self, room: usize) -> (String, usize) {
        let width = |part: &[char]| columns(&part.iter().collect::<String>());
        let mut start = 0;
        while width(&self.text[start..self.at]) >= room.max(1) {
            start += 1;
        }
        let mut end = self.text.len();
        while end > self.at && width(&self.text[start..end]) > room {
            end -= 1;
        }
        let shown: String = self.text[start..end].iter().collect();
        (shown, width(&self.text[start..self.at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        for key in keys {
            line.press(key);
        }
        line
    }

    fn chars(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    #[test]
    fn keys_edit_the_line() {
        let after = |text: &str, keys: &[Key]| typed(&[&chars(text)[..], keys].concat()).text();
        assert_eq!(after("abc", &[]), "abc");
        assert_eq!(after("abc", &[Key::Backspace]), "ab");
        assert_eq!(after("abc", &[Key::ArrowLeft, Key::Char('x')]), "abxc");
        assert_eq!(after("abc", &[Key::Home, Key::Del, Key::Backspace]), "bc");
        assert_eq!(after("abc", &[Key::Home, Key::End, Key::Char('d')]), "abcd");
        assert_eq!(after("a b  ", &[Key::Char(KILL_WORD)]), "a ");
        assert_eq!(after("ab", &[Key::Char(KILL_WORD)]), "");
        assert_eq!(after("abc", &[Key::ArrowLeft, Key::Char(KILL)]), "c");
        assert_eq!(after("abc", &[Key::ArrowLeft, Key::Char(KILL_END)]), "ab");
        assert_eq!(after("é日", &[Key::Backspace, Key::Char('\u{7}')]), "é");
        assert_eq!(after("", &[Key::Backspace, Key::Del, Key::ArrowLeft]), "");
    }

    #[test]
    fn a_long_line_shows_the_part_around_the_cursor() {
        let mut line = typed(&chars("0123456789"));
        assert_eq!(line.shown(20), ("0123456789".to_owned(), 10));
        assert_eq!(line.shown(5), ("6789".to_owned(), 4));
        line.press(&Key::Home);
        assert_eq!(line.shown(5), ("01234".to_owned(), 0));
        assert_eq!(typed(&chars("日本語")).shown(5), ("本語".to_owned(), 4));
    }
}
