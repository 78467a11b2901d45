//! Finds possible secrets in a text that can't be parsed.

use std::ops::Range;

use super::value::{Signs, assigned};
use super::{shape, url};

/// The insides of what looks like quoted strings and comments, and words that look like
/// credentials. An unclosed string ends with its line.
pub(super) fn secret_looking_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = shape::ranges(text, true);
    found.extend(url::ranges(text));
    found.extend(assigned(text, Signs::All));
    found.extend(random_words(text));
    let mut at = 0;
    while let Some(next) = text[at..].find(['"', '\'', '`', '/']) {
        at += next;
        let rest = &text[at..];
        let until =
            |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |i| from + i);
        let (from, end, closing) = if rest.starts_with("//") {
            (at + 2, until("\n", at + 2), 0)
        } else if rest.starts_with("/*") {
            (at + 2, until("*/", at + 2), 2)
        } else if rest.starts_with('/') {
            at += 1;
            continue;
        } else {
            let from = at + 1;
            let end = from + string_length(&text[from..], &rest[..1]);
            (from, end, usize::from(text[end..].starts_with(&rest[..1])))
        };
        found.push(from..end);
        at = (end + closing).min(text.len());
    }
    found
}

/// Words that only credentials look like: long, with letters in both cases and digits.
fn random_words(text: &str) -> Vec<Range<usize>> {
    const MIN_LENGTH: usize = 12;
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "-_+/=.".contains(c)))
    {
        let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
        if word.len() >= MIN_LENGTH
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
        {
            found.push(
                start
                    ..start
                        + word
                            .trim_end_matches(|c: char| c.is_whitespace() || ",:}]".contains(c))
                            .len(),
            );
        }
        start += word.len();
    }
    found
}

/// The length of a string whose opening quote precedes the text.
fn string_length(text: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' | '\r' => return i,
            _ if text[i..].starts_with(quote) => return i,
            _ => {}
        }
    }
    text.len()
}
