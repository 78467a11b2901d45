//! The lines of OpenClaw's `.env`, parsed as OpenClaw parses them and changed one at a time.
//!
//! OpenClaw uses npm `dotenv` 17: a value may be unquoted (up to `#` or the end of the line) or in
//! `'…'`, `"…"` or `` `…` `` over several lines; only inside `"…"` are `\n` and `\r` line breaks;
//! there are no other escapes, and `$` isn't special; a leading `export` is allowed, and so is
//! `NAME: value`; if a name is repeated, the last line wins; a BOM counts as whitespace.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// OpenClaw ignores a longer file entirely, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a line couldn't be set. Never shows the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetError {
    /// Not a name that OpenClaw reads from a `.env`.
    BadName,
    /// No way of quoting preserves this value, or not without changing another line.
    Unrepresentable,
    /// The file would be longer than [`MAX_BYTES`].
    TooLong,
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadName => {
                "a name in .env must consist of letters, digits and `_`, and not \
                              start with a digit"
            }
            Self::Unrepresentable => "the value can't be written in .env",
            Self::TooLong => "the .env would exceed 1 MiB, and OpenClaw would ignore it",
        })
    }
}

impl std::error::Error for SetError {}

/// The value that OpenClaw reads for `name`. An empty value is returned, though OpenClaw treats it
/// as missing.
#[must_use]
pub fn get(text: &str, name: &str) -> Option<String> {
    let text = unix_lines(text);
    let last = entries(&text).filter(|entry| entry.name == name).last()?;
    Some(last.value(&text))
}

/// The line, from 1, of the value that [`get`] returns.
#[must_use]
pub fn line(text: &str, name: &str) -> Option<usize> {
    let text = unix_lines(text);
    let last = entries(&text).filter(|entry| entry.name == name).last()?;
    Some(1 + text[..last.span.start].matches('\n').count())
}

/// The last earlier line, from 1, that gives `name` a different value.
#[must_use]
pub fn contradicted_line(text: &str, name: &str) -> Option<usize> {
    let text = unix_lines(text);
    let counts = get(&text, name)?;
    let other = entries(&text)
        .filter(|entry| entry.name == name && entry.value(&text) != counts)
        .last()?;
    Some(1 + text[..other.span.start].matches('\n').count())
}

/// The names that OpenClaw reads from the file, without duplicates, in order of their first lines.
#[must_use]
pub fn names(text: &str) -> Vec<String> {
    let text = unix_lines(text);
    let mut names: Vec<String> = Vec::new();
    for Entry { name, .. } in entries(&text).filter(|entry| is_name(entry.name)) {
        if names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Sets `name` to a value: on the line that currently wins, or on a new line at the end. All other
/// bytes are kept, and the text is returned unchanged if `name` already has that value.
///
/// # Errors
/// See [`SetError`].
pub fn set(text: &str, name: &str, value: &str) -> Result<String, SetError> {
    if !is_name(name) {
        return Err(SetError::BadName);
    }
    if get(text, name).as_deref() == Some(value) {
        return Ok(text.to_owned());
    }
    let slot = Slot::find(text, name);
    let changed = literals(value, slot.quote)
        .iter()
        .map(|literal| slot.fill(text, literal))
        .find(|changed| differs_only_in(text, changed, name, value))
        .ok_or(SetError::Unrepresentable)?;
    if changed.len() > MAX_BYTES {
        return Err(SetError::TooLong);
    }
    Ok(changed)
}

/// Removes every line of `name`, including a trailing comment. All other bytes are kept.
///
/// # Errors
/// [`SetError::Unrepresentable`] if other lines would then be parsed differently.
pub fn remove(text: &str, name: &str) -> Result<String, SetError> {
    let mut changed = text.to_owned();
    loop {
        let lines = unix_lines(&changed);
        let Some(entry) = entries(&lines).find(|entry| entry.name == name) else {
            break;
        };
        let next_line = |from: usize| {
            let found = lines[from..].find(is_break);
            found.map_or(lines.len(), |at| from + at + width(&lines, from + at))
        };
        let line = lines[..entry.start].rfind(is_break);
        let start = line.map_or(0, |at| at + width(&lines, at));
        let range = original(&changed, start)..original(&changed, next_line(entry.span.end));
        drop(lines);
        changed.replace_range(range, "");
    }
    if others(text, name) == others(&changed, name) {
        Ok(changed)
    } else {
        Err(SetError::Unrepresentable)
    }
}

/// Where to put a value: a range of the text, and what must surround it there.
struct Slot {
    range: Range<usize>,
    before: String,
    after: &'static str,
    quote: Option<char>,
}

impl Slot {
    fn find(text: &str, name: &str) -> Self {
        let lines = unix_lines(text);
        if let Some(entry) = entries(&lines).filter(|entry| entry.name == name).last() {
            let range = original(text, entry.span.start)..original(text, entry.span.end);
            return Self {
                quote: quote_of(&text[range.clone()]),
                range,
                before: String::new(),
                after: "",
            };
        }
        let ending = line_ending(text);
        let open = !text.is_empty() && !text.ends_with(['\n', '\r']);
        Self {
            range: text.len()..text.len(),
            before: format!("{}{name}=", if open { ending } else { "" }),
            after: ending,
            quote: None,
        }
    }

    fn fill(&self, text: &str, literal: &str) -> String {
        [
            &text[..self.range.start],
            &self.before,
            literal,
            self.after,
            &text[self.range.end..],
        ]
        .concat()
    }
}

/// The ways to write a value, best first: quoted as before, unquoted if that works, then with the
/// quotes that need the least escaping; quotes that the value contains only as a last resort.
fn literals(value: &str, like: Option<char>) -> Vec<String> {
    let plain = !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c));
    let (inside, free): (Vec<_>, Vec<_>) = like
        .into_iter()
        .chain(['\'', '"', '`'])
        .partition(|quote| value.contains(*quote));
    let quoted = |quote: char| match quote {
        '"' => format!("\"{}\"", value.replace('\n', "\\n").replace('\r', "\\r")),
        _ => format!("{quote}{value}{quote}"),
    };
    let mut ways: Vec<_> = free.into_iter().chain(inside).map(quoted).collect();
    if plain {
        ways.insert(usize::from(like.is_some()), value.to_owned());
    }
    ways
}

/// Whether `after` has the new value, and every other line the same value as in `before`.
fn differs_only_in(before: &str, after: &str, name: &str, value: &str) -> bool {
    !value.contains('\0')
        && get(after, name).as_deref() == Some(value)
        && others(before, name) == others(after, name)
}

/// The names and values of all lines except those of a name.
fn others(text: &str, name: &str) -> Vec<(String, String)> {
    let text = unix_lines(text);
    entries(&text)
        .filter(|entry| entry.name != name)
        .map(|entry| (entry.name.to_owned(), entry.value(&text)))
        .collect()
}

/// Whether OpenClaw reads this name from a `.env`.
fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn line_ending(text: &str) -> &'static str {
    match text.find(['\r', '\n']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The text with `\r\n` and `\r` replaced by `\n`, as OpenClaw does before parsing.
fn unix_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// Maps an offset in [`unix_lines`] back to the text.
fn original(text: &str, place: usize) -> usize {
    let mut dropped = 0;
    for (at, _) in text.match_indices("\r\n") {
        // The `\r` was dropped; the break counts as passed once the offset is beyond it.
        if at - dropped >= place {
            break;
        }
        dropped += 1;
    }
    place + dropped
}

/// One `NAME=value`.
struct Entry<'a> {
    /// The start of the name.
    start: usize,
    name: &'a str,
    /// The value with its quotes, without surrounding whitespace.
    span: Range<usize>,
    /// Where the next line may start.
    end: usize,
}

impl Entry<'_> {
    fn value(&self, text: &str) -> String {
        let raw = &text[self.span.clone()];
        let Some(first) = quote_of(raw) else {
            return raw.to_owned();
        };
        let inner = raw[1..].strip_suffix(first).unwrap_or(raw);
        // Even if the quotes aren't a pair: OpenClaw only looks at the first one.
        if first == '"' {
            inner.replace("\\n", "\n").replace("\\r", "\r")
        } else {
            inner.to_owned()
        }
    }
}

fn quote_of(raw: &str) -> Option<char> {
    raw.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))
}

/// All entries of a text after [`unix_lines`].
fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        while let Some(start) = next {
            let line = skip(text, start, is_blank);
            let found = entry_at(text, line);
            let from = found.as_ref().map_or(line, |entry| entry.end);
            next = text[from..]
                .find(is_break)
                .map(|at| from + at + width(text, from + at));
            if found.is_some() {
                return found;
            }
        }
        None
    })
}

/// The entry that starts here, if any.
fn entry_at(text: &str, line: usize) -> Option<Entry<'_>> {
    let exported = text[line..]
        .strip_prefix("export")
        .filter(|rest| rest.starts_with(is_blank))
        .map(|rest| skip(text, text.len() - rest.len(), is_blank));
    // `export = 1` sets a variable named `export`.
    exported
        .and_then(|name| assignment_at(text, name))
        .or_else(|| assignment_at(text, line))
}

fn assignment_at(text: &str, start: usize) -> Option<Entry<'_>> {
    let name_end = skip(text, start, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
    });
    let sign = skip(text, name_end, is_blank);
    let after = match text[name_end..].strip_prefix(':') {
        Some(rest) if rest.starts_with(is_blank) => name_end + 1 + width(text, name_end + 1),
        _ if text[sign..].starts_with('=') => sign + 1,
        _ => return None,
    };
    let (span, end) = value_at(text, after);
    (name_end > start).then_some(Entry {
        start,
        name: &text[start..name_end],
        span,
        end,
    })
}

/// The value after the separator, and the end of its line. Quotes may open on a later line; they
/// count only if at most a comment follows the closing one, otherwise the value is unquoted.
fn value_at(text: &str, after: usize) -> (Range<usize>, usize) {
    let open = skip(text, after, is_blank);
    if let Some(quote) = quote_of(&text[open..]) {
        let closed = closings(text, open, quote)
            .into_iter()
            .rev()
            .find_map(|close| Some((open..close, rest_of_line(text, close)?)));
        if let Some(found) = closed {
            return found;
        }
    }
    let bare = skip(text, after, |c| c != '#' && c != '\n');
    let end = rest_of_line(text, bare).unwrap_or(bare);
    let value = text[after..bare].trim_matches(is_blank);
    let begin = skip(text, after, is_blank).min(bare);
    (begin..begin + value.len(), end)
}

/// Where a quoted value may end: after the first quote without a preceding backslash, or after an
/// earlier one.
fn closings(text: &str, open: usize, quote: char) -> Vec<usize> {
    let mut closings = Vec::new();
    for (at, _) in text[open + 1..].match_indices(quote) {
        let at = open + 1 + at;
        closings.push(at + 1);
        if at == open + 1 || !text[..at].ends_with('\\') {
            break;
        }
    }
    closings
}

/// The end of the line, if only whitespace, blank lines and a comment follow.
fn rest_of_line(text: &str, from: usize) -> Option<usize> {
    let next = skip(text, from, is_blank);
    if next == text.len() {
        Some(next)
    } else if text[next..].starts_with('#') {
        Some(skip(text, next, |c| !is_break(c)))
    } else {
        text[from..next].rfind(is_break).map(|at| from + at)
    }
}

fn skip(text: &str, from: usize, while_: impl Fn(char) -> bool) -> usize {
    text[from..]
        .find(|c| !while_(c))
        .map_or(text.len(), |at| from + at)
}

fn width(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// JavaScript's `\s`.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}' || c == '\u{feff}'
}

/// JavaScript's line terminators, except `\r`, which is already gone.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
