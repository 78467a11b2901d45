//! Finds known secrets wherever they occur.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::{keys_in, mask_ranges, printable, shape, value};
use crate::causes;
use crate::portkey::headers;

/// The minimum length of a secret to search for, in bytes; shorter ones are words.
const MIN_LENGTH: usize = 8;

/// The minimum length if it consists of letters and digits.
const MIN_MIXED: usize = 6;

/// The minimum length if it consists only of letters.
const MIN_LETTERS: usize = 12;

/// How many bytes at the start of a secret are used to index it.
const START: usize = 4;

/// Known secrets. A single pass over a text finds all of them, however many there are.
#[derive(Clone, Default)]
pub struct Known {
    /// Each spelling, and whether it only matches as a whole word, because it may be part of a
    /// longer one.
    spellings: HashMap<String, bool>,
    /// The lengths of the spellings with the same start, longest first: a longer one may contain a
    /// shorter one.
    lengths: HashMap<[u8; START], Vec<usize>>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({})", self.spellings.len())
    }
}

impl Known {
    /// Adds a secret in all its spellings. Ignores secrets that may be ordinary words or words of
    /// this program.
    pub fn add(&mut self, secret: &str) {
        let has_lines = secret.trim().contains('\n');
        for line in secret.lines().map(str::trim) {
            // In a longer text, such as a service account's JSON, only what looks like a key
            // counts.
            let is_text = line.contains(['"', '{', ' ']);
            for key in keys_in(line).into_iter().filter(|_| is_text) {
                self.add_one(key, true);
            }
            if !is_text && shape::is_key(line) {
                self.add_one(line, true);
            } else if !has_lines && is_secret(line) {
                self.add_one(line, false);
            }
        }
    }

    fn add_one(&mut self, secret: &str, looks: bool) {
        let lower = looks.then(|| secret.to_ascii_lowercase());
        for spelling in spellings(secret).into_iter().chain(lower) {
            let Some(start) = spelling.as_bytes().first_chunk::<START>() else {
                continue;
            };
            let lengths = self.lengths.entry(*start).or_default();
            if let Err(at) = lengths.binary_search_by(|length| spelling.len().cmp(length)) {
                lengths.insert(at, spelling.len());
            }
            self.spellings.entry(spelling).or_insert(!looks);
        }
    }

    /// The ranges of known secrets in a text, sorted, not overlapping.
    #[must_use]
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.spellings.is_empty() {
            return found;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = bytes.get(at..).and_then(|rest| rest.first_chunk::<START>()) {
            let lengths = self.lengths.get(start).map_or(&[][..], Vec::as_slice);
            let length = lengths
                .iter()
                .copied()
                .find(|length| self.is_at(text, at..at + length));
            if let Some(length) = length {
                found.push(at..at + length);
            }
            at += length.unwrap_or(1);
        }
        found
    }

    fn is_at(&self, text: &str, range: Range<usize>) -> bool {
        let found = text.get(range.clone());
        let Some((spelling, alone)) = found.and_then(|it| self.spellings.get_key_value(it)) else {
            return false;
        };
        // A secret without digits may be part of a compound word.
        let is_word = !spelling.contains(|c: char| c.is_ascii_digit());
        let joins = |c: char| c.is_alphanumeric() || (is_word && matches!(c, '-' | '_'));
        let before = &text[..range.start];
        let begins = || !before.ends_with(joins) || ends_with_colour(before);
        !alone || (begins() && !text[range.end..].starts_with(joins))
    }

    /// Whether a text contains a known secret.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        !self.ranges(text).is_empty()
    }

    /// The text with known secrets masked.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let ranges = self.ranges(text);
        if ranges.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(mask_ranges(text, &ranges))
    }
}

/// Whether a text ends with a terminal colour sequence.
fn ends_with_colour(text: &str) -> bool {
    text.strip_suffix('m').is_some_and(|order| {
        let order = order.trim_end_matches(|c: char| c.is_ascii_digit() || c == ';');
        order.ends_with("\u{1b}[")
    })
}

/// Whether a text is a secret although it doesn't look like a key: not an ordinary word or number.
fn is_secret(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let is_mix = has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.len() < if is_mix { MIN_MIXED } else { MIN_LENGTH } {
        return false;
    }
    let is_word = text.len() < MIN_LETTERS && text.chars().all(char::is_alphabetic);
    let is_number = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let is_place = text.contains("://") || text.starts_with(['@', '/', '~', '.', '{', '[']);
    !(is_word
        || is_number
        || is_place
        || is_own(text)
        || value::is_reference(text)
        || value::is_placeholder(text))
}

/// Words that this program prints itself.
fn is_own(text: &str) -> bool {
    const OWN: [&str; 5] = [
        "openclaw-portkey",
        "portkey-dynamic",
        "openclaw.json",
        "api.portkey.ai",
        "not-needed",
    ];
    OWN.contains(&text) || causes::by_id(text).is_some() || headers::known(text).is_some()
}

/// The spellings of a text: as is, inside JSON, escaped for a terminal, in a URL.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned()];
    let mut add = |spelling: String| {
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    };
    let json = serde_json::Value::from(text).to_string();
    add(json[1..json.len() - 1].to_owned());
    let twice = serde_json::Value::from(json.as_str()).to_string();
    add(twice[3..twice.len() - 3].to_owned());
    add(printable(text).into_owned());
    add(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    spellings
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn finds_every_spelling() {
        let mut known = Known::default();
        known.add("pässword\"+/1");
        known.add("cAnArY7f3Q+x/Zz0=");
        known.add("  my-secret-key\n");
        for (text, masked) in [
            ("is pässword\"+/1!", "is ********!"),
            (r#"{"a":"pässword\"+/1"}"#, r#"{"a":"********"}"#),
            ("?k=p%C3%A4ssword%22%2B%2F1&x", "?k=********&x"),
            ("xcAnArY7f3Q+x/Zz0=x", "x********x"),
            ("(my-secret-key)", "(********)"),
            ("not my-secret-keys", "not my-secret-keys"),
        ] {
            assert_eq!(known.mask(text), masked);
        }
        assert_eq!(format!("{known:?}"), "Known(8)");
    }

    #[test]
    fn only_keys_in_longer_texts_are_secret() {
        let mut known = Known::default();
        known.add("{\n  \"type\": \"service_account\",\n  \"key\": \"cAnArY7f3Qx9Zz0pLm4T\"\n}");
        known.add("correct horse battery staple");
        for (text, masked) in [
            (
                "\"type\": \"service_account\",",
                "\"type\": \"service_account\",",
            ),
            ("key cAnArY7f3Qx9Zz0pLm4T", "key ********"),
            ("a correct horse battery staple", "a ********"),
            ("a correct horse", "a correct horse"),
        ] {
            assert_eq!(known.mask(text), masked);
        }
    }

    #[test]
    fn ignores_ordinary_words() {
        let mut known = Known::default();
        for text in [
            "ilt",
            "portkey",
            "openclaw",
            "${PORTKEY_API_KEY}",
            "YOUR_API_KEY",
            "PORTKEY_API_KEY",
            "https://api.portkey.ai/v1",
            "@openai-prod/gpt-5",
            "primary-missing",
            "x-portkey-api-key",
            "12345678",
            "",
        ] {
            known.add(text);
            assert!(known.spellings.is_empty(), "{text}");
        }
    }
}
