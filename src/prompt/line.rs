//! A line of text while it is typed.

use console::Key;

use crate::columns::{fit, width_of};

/// Ctrl-U: away with all of it.
const CLEAR: char = '\u{15}';
/// Ctrl-W: away with the word before the cursor.
const CLEAR_WORD: char = '\u{17}';

/// The text and where the cursor stands in it.
#[derive(Debug, Default)]
pub(super) struct Line {
    chars: Vec<char>,
    at: usize,
}

impl Line {
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Takes a key in, and says whether the text is another now.
    pub(super) fn key(&mut self, key: &Key) -> bool {
        let before = self.chars.len();
        match key {
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(self.chars.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.chars.len(),
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Del if self.at < self.chars.len() => {
                self.chars.remove(self.at);
            }
            Key::Char(CLEAR) => {
                self.chars.clear();
                self.at = 0;
            }
            Key::Char(CLEAR_WORD) => {
                let head = &self.chars[..self.at];
                let end = head.iter().rposition(|c| *c != ' ').map_or(0, |i| i + 1);
                let start = head[..end]
                    .iter()
                    .rposition(|c| *c == ' ')
                    .map_or(0, |i| i + 1);
                self.chars.drain(start..self.at);
                self.at = start;
            }
            Key::Char(c) if !crate::portkey::is_unprintable(*c) => {
                self.chars.insert(self.at, *c);
                self.at += 1;
            }
            _ => {}
        }
        self.chars.len() != before
    }

    /// The part around the cursor that fits into so many columns, and the cursor's column in it.
    pub(super) fn view(&self, room: usize) -> (String, usize) {
        let width = |chars: &[char]| -> usize { chars.iter().map(|c| width_of(*c)).sum() };
        let mut start = 0;
        while start < self.at && width(&self.chars[start..self.at]) + 1 > room {
            start += 1;
        }
        let column = width(&self.chars[start..self.at]);
        let shown: String = self.chars[start..].iter().collect();
        (fit(&shown, room), column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        for key in keys {
            line.key(key);
        }
        line
    }

    fn word(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    #[test]
    fn keys_edit_the_line() {
        let cases: [(&str, &[Key], &str); 8] = [
            ("ab", &[Key::Backspace], "a"),
            ("ab", &[Key::ArrowLeft, Key::Char('x')], "axb"),
            ("ab", &[Key::Home, Key::Del], "b"),
            (
                "ab",
                &[
                    Key::Home,
                    Key::ArrowRight,
                    Key::ArrowRight,
                    Key::ArrowRight,
                    Key::Char('c'),
                ],
                "abc",
            ),
            ("a b", &[Key::Char(CLEAR)], ""),
            ("a bc", &[Key::Char(CLEAR_WORD)], "a "),
            ("a bc  ", &[Key::Char(CLEAR_WORD)], "a "),
            (
                "é",
                &[
                    Key::Char('\u{1b}'),
                    Key::Char('\u{202e}'),
                    Key::Tab,
                    Key::Home,
                    Key::End,
                    Key::Char('!'),
                ],
                "é!",
            ),
        ];
        for (text, keys, expected) in cases {
            let mut all = word(text);
            all.extend_from_slice(keys);
            assert_eq!(typed(&all).text(), expected, "{text} {keys:?}");
        }
    }

    #[test]
    fn only_what_fits_is_shown() {
        let mut line = typed(&word("0123456789"));
        assert_eq!(line.view(20), ("0123456789".to_owned(), 10));
        assert_eq!(line.view(5), ("6789".to_owned(), 4));
        line.key(&Key::Home);
        assert_eq!(line.view(5), ("0123…".to_owned(), 0));
    }
}
