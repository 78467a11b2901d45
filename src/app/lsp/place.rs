//! The location of the cursor, even in an incomplete file: the text is read token by token up to
//! the cursor.

use std::ops::Range;

use serde_json::{Value as Json, json};

use crate::document::Step;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Value,
}

/// A location in a file.
#[derive(Debug)]
pub(super) struct Place {
    /// The path to the object that contains a key, or to a value.
    pub(super) path: Vec<Step>,
    pub(super) role: Role,
    /// The byte range of the word at the cursor, without quotes.
    pub(super) word: Range<usize>,
    pub(super) is_quoted: bool,
}

enum Open {
    Object { key: Option<String>, colon: bool },
    Array(usize),
}

/// The location of a byte offset; `None` in a comment.
pub(super) fn place(text: &str, offset: usize) -> Option<Place> {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next()?;
        let (word, end, is_quoted) = match c {
            '/' if rest.starts_with("//") || rest.starts_with("/*") => {
                let close = if rest.starts_with("//") { "\n" } else { "*/" };
                let end = rest[2..]
                    .find(close)
                    .map_or(text.len(), |n| at + 2 + n + close.len());
                if offset > at && offset < end {
                    return None;
                }
                at = end;
                continue;
            }
            _ if at >= offset && (c.is_whitespace() || "{}[]:,".contains(c)) => break,
            '"' | '\'' => {
                let end = string_end(text, at, c);
                let closed = text[at + 1..end].ends_with(c) && end > at + 1;
                let inner = at + 1..if closed { end - 1 } else { end };
                (inner, end, true)
            }
            '{' | '}' | '[' | ']' | ':' | ',' => {
                punctuation(c, &mut open);
                at += 1;
                continue;
            }
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            _ => {
                let stops = |c: char| c.is_whitespace() || "{}[]:,\"'".contains(c);
                let end = rest[c.len_utf8()..]
                    .find(stops)
                    .map_or(text.len(), |n| at + c.len_utf8() + n);
                (at..end, end, false)
            }
        };
        if offset <= word.end && offset >= word.start {
            return Some(found(&open, word, is_quoted));
        }
        if at >= offset {
            break;
        }
        if let Some(Open::Object { key, colon: false }) = open.last_mut() {
            *key = Some(text[word].to_owned());
        }
        at = end;
    }
    Some(found(&open, offset..offset, false))
}

fn string_end(text: &str, start: usize, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text[start + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // An unclosed string ends with its line.
            '\n' => return start + 1 + at,
            _ if c == quote => return start + 1 + at + 1,
            _ => {}
        }
    }
    text.len()
}

fn punctuation(c: char, open: &mut Vec<Open>) {
    match (c, open.last_mut()) {
        ('{', _) => open.push(Open::Object {
            key: None,
            colon: false,
        }),
        ('[', _) => open.push(Open::Array(0)),
        ('}' | ']', _) => drop(open.pop()),
        (':', Some(Open::Object { colon, .. })) => *colon = true,
        (',', Some(Open::Object { key, colon })) => {
            *key = None;
            *colon = false;
        }
        (',', Some(Open::Array(index))) => *index += 1,
        _ => {}
    }
}

fn found(open: &[Open], word: Range<usize>, is_quoted: bool) -> Place {
    let mut path: Vec<Step> = Vec::new();
    let mut role = Role::Value;
    let last = open.len().saturating_sub(1);
    for (at, one) in open.iter().enumerate() {
        match one {
            Open::Object {
                key: Some(key),
                colon: true,
            } => path.push(Step::Key(key.as_str().into())),
            Open::Object { .. } if at == last => role = Role::Key,
            Open::Object { .. } => {}
            Open::Array(index) => path.push(Step::Index(*index)),
        }
    }
    Place {
        path,
        role,
        word,
        is_quoted,
    }
}

/// The byte offset of a position: a line, and UTF-16 units within it.
pub(super) fn offset(text: &str, position: &Json) -> usize {
    let number = |name: &str| {
        let number = position[name].as_u64().unwrap_or(0);
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let (line, units) = (number("line"), number("character"));
    let start = match line {
        0 => 0,
        _ => text
            .match_indices('\n')
            .nth(line - 1)
            .map_or(text.len(), |(at, _)| at + 1),
    };
    let mut seen = 0;
    for (at, c) in text[start..].char_indices() {
        if seen >= units || c == '\n' || text[start + at..].starts_with("\r\n") {
            return start + at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// Applies a client's changes to a text; a change without a range replaces all of it.
pub(super) fn changed(text: &str, changes: &[Json]) -> String {
    changes.iter().fold(text.to_owned(), |mut text, change| {
        let new = change["text"].as_str().unwrap_or_default();
        match change.get("range").filter(|range| range.is_object()) {
            Some(range) => {
                let start = offset(&text, &range["start"]);
                let end = offset(&text, &range["end"]).max(start);
                text.replace_range(start..end, new);
                text
            }
            None => new.to_owned(),
        }
    })
}

fn position(text: &str, offset: usize) -> Json {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let units = before[start..].encode_utf16().count();
    json!({ "line": before.matches('\n').count(), "character": units })
}

/// A byte range as a protocol range.
pub(super) fn range(text: &str, bytes: &Range<usize>) -> Json {
    json!({ "start": position(text, bytes.start), "end": position(text, bytes.end) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;

    /// `|` is the cursor.
    #[track_caller]
    fn at(text: &str) -> Option<(String, Role, String)> {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let place = place(&text, offset)?;
        Some((
            Path(place.path).to_string(),
            place.role,
            text[place.word].to_owned(),
        ))
    }

    #[test]
    fn the_path_to_the_cursor() {
        for (text, path, role, word) in [
            ("{ mod|els: {} }", "(root)", Role::Key, "models"),
            ("{ models: { | } }", "models", Role::Key, ""),
            ("{ models: { mode: | ", "models.mode", Role::Value, ""),
            ("{ a: 1, \"b\": 'x|y' }", "b", Role::Value, "xy"),
            (
                "{ a: [{ id: 1 }, { \"id\": \"@x/|",
                "a[1].id",
                Role::Value,
                "@x/",
            ),
            ("{ a: { b: 1 }, c|", "(root)", Role::Key, "c"),
            ("{ a: ['x', '|'] }", "a[1]", Role::Value, ""),
            ("{ // a: {\n  b: |\n}", "b", Role::Value, ""),
            ("{ a: 1, /* { */ 'b|", "(root)", Role::Key, "b"),
        ] {
            let found = at(text).unwrap();
            assert_eq!(found, (path.to_owned(), role, word.to_owned()), "{text}");
        }
        assert!(at("{ // com|ment\n}").is_none());
        for offset in 0..20 {
            let _ = place("{ a: \"é日", offset.min("{ a: \"é日".len()));
        }
    }

    #[test]
    fn changes_follow_one_another() {
        let edit = |line: u32, start: u32, end: u32, text: &str| {
            let at = |character| json!({ "line": line, "character": character });
            json!({ "range": { "start": at(start), "end": at(end) }, "text": text })
        };
        for (before, edits, after) in [
            ("ab", vec![edit(0, 1, 1, "x")], "axb"),
            (
                "a😀b",
                vec![edit(0, 1, 3, ""), edit(0, 1, 2, "é\n")],
                "aé\n",
            ),
            ("a\r\nb\r\n", vec![edit(1, 0, 9, "c")], "a\r\nc\r\n"),
            ("a", vec![json!({ "text": "b" }), edit(0, 1, 1, "c")], "bc"),
            // Ends before it starts, is inside a character, is past the end.
            ("😀b", vec![edit(0, 2, 1, "x")], "😀xb"),
            ("a", vec![edit(7, 7, 7, "x")], "ax"),
        ] {
            assert_eq!(changed(before, &edits), after, "{edits:?}");
        }
    }

    #[test]
    fn positions_count_utf_16() {
        let text = "a😀b\r\né\n";
        for (line, character, byte) in [(0, 0, 0), (0, 3, 5), (0, 9, 6), (1, 1, 10), (9, 9, 11)] {
            let position = json!({ "line": line, "character": character });
            assert_eq!(offset(text, &position), byte, "{position}");
        }
        assert_eq!(
            range(text, &(5..10)),
            json!({ "start": { "line": 0, "character": 3 }, "end": { "line": 1, "character": 1 } })
        );
    }
}
