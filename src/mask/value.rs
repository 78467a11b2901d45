//! Finds the secrets in a value by its name and contents: JSON inside the text, URLs, defaults of
//! variables, assignments, and text that looks like a key.

use std::ops::Range;

use crate::openclaw::{CredentialSource, is_variable_name};

use super::name::{Class, names_secret};
use super::{embedded, shape, united, url};

/// Shorter pieces of a secret are shown if the rest comes from a variable.
const MIN_PIECE: usize = 4;

/// The secrets in a value of this class, sorted, not overlapping. `depth` is how many texts it is
/// nested in.
pub(super) fn ranges(value: &str, class: Class, depth: usize) -> Vec<Range<usize>> {
    if class == Class::Secret {
        return secret(value);
    }
    let mut found = shape::ranges(value, class == Class::Unknown);
    if value.contains("://") {
        found.extend(url::ranges(value));
    }
    if value.contains("${") {
        found.extend(defaults(value, false));
    }
    if value.contains('=') {
        found.extend(assigned(value, Signs::Equals));
    }
    found.extend(embedded::ranges(value, class, depth));
    united(found)
}

/// What to hide in a value whose name marks it as secret: everything except variable references and
/// placeholders.
fn secret(value: &str) -> Vec<Range<usize>> {
    let trimmed = value.trim_start();
    let mut start = value.len() - trimmed.len();
    for scheme in ["Bearer ", "bearer ", "Basic ", "basic "] {
        if let Some(rest) = trimmed.strip_prefix(scheme) {
            start = value.len() - rest.trim_start().len();
        }
    }
    let rest = value[start..].trim_end();
    if is_reference(rest) || is_placeholder(rest) {
        return Vec::new();
    }
    let moved = |range: Range<usize>| range.start + start..range.end + start;
    let braced = rest.starts_with("${") && rest.ends_with('}');
    let defaults = defaults(rest, true);
    if braced && !defaults.is_empty() {
        return defaults.into_iter().map(moved).collect();
    }
    // Variables in it aren't secret.
    let mut pieces = Vec::new();
    let mut done = 0;
    for (at, _) in rest.match_indices("${") {
        let name = rest[at + 2..].split_once('}').map(|(name, _)| name);
        if let Some(name) = name.filter(|name| is_variable_name(name)) {
            pieces.push(done..at);
            done = at + name.len() + 3;
        }
    }
    pieces.push(done..rest.len());
    let is_long = |piece: &Range<usize>| {
        let letters = rest[piece.clone()].chars().filter(|c| c.is_alphanumeric());
        rest.len() == piece.len() || letters.count() >= MIN_PIECE
    };
    pieces.into_iter().filter(is_long).map(moved).collect()
}

/// A shorter word after a colon in a sentence isn't a secret.
const MIN_IN_SENTENCE: usize = 12;

/// Whether a value refers to a variable instead of containing a secret.
pub(super) fn is_reference(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .is_some_and(|name| is_name(name) && !shape::is_key(name))
        || text.strip_prefix('$').is_some_and(is_variable_name)
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a text is a placeholder such as `YOUR_API_KEY`, `<your key>` or `env:NAME`, which
/// consists of words.
pub(super) fn is_placeholder(text: &str) -> bool {
    const MAX_LENGTH: usize = 100;
    const MAX_WORD: usize = 14;
    let is_word = |word: &str| {
        word.len() <= 3 || (word.len() <= MAX_WORD && word.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    text.len() <= MAX_LENGTH
        && text.is_ascii()
        && (CredentialSource::of_text(text) == CredentialSource::Unexpanded || names_itself(text))
        && text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .all(is_word)
        && !shape::is_key(text)
}

/// `xoxb-YOUR-TOKEN`, `REPLACE_ME` and the like.
fn names_itself(text: &str) -> bool {
    const WORDS: [&str; 6] = [
        "YOUR",
        "REPLACE",
        "REDACTED",
        "CHANGEME",
        "PLACEHOLDER",
        "INSERT",
    ];
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| WORDS.contains(&word))
}

/// The defaults in `${NAME:-default}`: all of them, or only those of variables with a secret name.
fn defaults(value: &str, all: bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in value.match_indices("${") {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let from = at + 2;
        let rest = &value[from..];
        let name = &rest[..rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len())];
        let behind = &rest[name.len()..];
        let operator = behind.len() - behind.trim_start_matches([':', '-', '=', '?', '+']).len();
        if name.is_empty() || operator == 0 || !(all || names_secret(name)) {
            continue;
        }
        let start = from + name.len() + operator;
        let end = value[start..].find('}').map_or(value.len(), |i| start + i);
        if !is_filler(&value[start..end]) {
            found.push(start..end);
        }
    }
    found
}

/// What people write where a value is required but unused.
fn is_filler(text: &str) -> bool {
    is_reference(text)
        || is_placeholder(text)
        || (text.len() < 8 && text.bytes().all(|b| b.is_ascii_lowercase()))
}

/// The values of `NAME=value`, and with `:` also of `name: "value"`, for secret names.
pub(super) fn assigned(text: &str, signs: Signs) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices(|c| signs.has(c)) {
        if at < done {
            continue;
        }
        let name = text[..at]
            .trim_end()
            .trim_end_matches(['"', '\'', '`', '\\']);
        let start = name
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or(0, |i| {
                i + name[i..].chars().next().map_or(1, char::len_utf8)
            });
        if !names_secret(&name[start..]) {
            continue;
        }
        let rest = &text[at + 1..];
        let value = rest.trim_start_matches([' ', '\t', '=', '\\']);
        let from = at + 1 + (rest.len() - value.len());
        let (from, end) = match value.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let inner = &value[1..];
                let end = inner.find([quote, '\n']).unwrap_or(inner.len());
                (from + 1, from + 1 + end)
            }
            Some(c) if !matches!(c, '{' | '[' | '\n' | '\r') => {
                let end = value
                    .find([',', '\n', '\r', ' ', '&', '"', '\''])
                    .unwrap_or(value.len());
                (from, from + end)
            }
            _ => continue,
        };
        // As in the sentence "holds no token: see there".
        let is_sentence = text[at..].starts_with(':')
            && name[..start].ends_with(' ')
            && name[..start].trim_end().ends_with(char::is_alphabetic)
            && from == at + 1 + (rest.len() - value.len())
            && end - from < MIN_IN_SENTENCE
            && text[from..end]
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b == b'.');
        if is_sentence {
            continue;
        }
        done = end;
        let hidden = secret(&text[from..end]);
        found.extend(
            hidden
                .into_iter()
                .map(|one| one.start + from..one.end + from),
        );
    }
    found
}

/// The separators between a name and its value.
#[derive(Clone, Copy)]
pub(super) enum Signs {
    Equals,
    All,
}

impl Signs {
    fn has(self, c: char) -> bool {
        c == '=' || (c == ':' && matches!(self, Self::All))
    }
}
