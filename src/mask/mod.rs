//! Decides what must never be shown, and masks it.
//!
//! A secret is recognised by its name (`name`), by its shape (`shape`), by its position in a URL
//! (`url`) or in JSON inside a string (`embedded`), or because it is known ([`Known`]).

mod broken;
mod embedded;
mod known;
mod name;
mod shape;
mod source;
mod url;
mod value;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::document::{Document, is_printable, unescape_with_offsets};
use crate::secret::Secret;
use name::Class;
use source::Holder;
use value::Signs;

pub use known::Known;
pub use name::names_secret;

/// Replaces a secret.
pub const MASK: &str = "********";

/// Part of a document with its secrets masked: strings under a secret name, the same strings in
/// comments, text that looks like a credential, and every occurrence of a known key. References
/// such as `${VAR}` and SecretRef objects aren't secret.
///
/// The part must be whole lines. In a large document, little else is examined.
#[must_use]
pub fn mask_lines(document: &Document, lines: Range<usize>, known: &[Secret]) -> String {
    let (mut ranges, _) = secrets_in(document, &lines, &all(known));
    for range in &mut ranges {
        let within = |offset: usize| offset.clamp(lines.start, lines.end) - lines.start;
        *range = within(range.start)..within(range.end);
    }
    mask_ranges(&document.text()[lines], &ranges)
}

/// A JSON value, pretty-printed with a final newline and with secrets masked.
#[must_use]
pub fn mask_json(value: &serde_json::Value) -> String {
    let text = format!("{value:#}\n");
    // serde's output always parses.
    Document::parse(text.as_str())
        .map(|document| mask_lines(&document, 0..text.len(), &[]))
        .unwrap_or_default()
}

/// The secrets in a whole document, as for [`mask_lines`]. Sorted, not overlapping.
#[must_use]
pub fn secret_ranges(document: &Document, known: &[Secret]) -> Vec<Range<usize>> {
    ranges_and_values(document, known).0
}

/// The secrets in a whole document, and the values of those in its strings.
#[must_use]
pub fn ranges_and_values(
    document: &Document,
    known: &[Secret],
) -> (Vec<Range<usize>>, Vec<Secret>) {
    let text = document.text();
    let (ranges, in_strings) = secrets_in(document, &(0..text.len()), &all(known));
    (ranges, values(text, in_strings))
}

/// The values of the secrets in a document's strings.
#[must_use]
pub fn secret_values(document: &Document) -> Vec<Secret> {
    let ranges = source::secrets(document, Holder::ROOT, &|_| true);
    values(document.text(), ranges)
}

fn values(text: &str, ranges: Vec<Range<usize>>) -> Vec<Secret> {
    let value = |range| unescape_with_offsets(&text[range]).0;
    ranges.into_iter().map(value).map(Secret::new).collect()
}

/// The parts of a text that look like keys.
#[must_use]
pub fn keys_in(text: &str) -> Vec<&str> {
    let ranges = shape::ranges(text, false);
    ranges.into_iter().map(|range| &text[range]).collect()
}

fn all(known: &[Secret]) -> Known {
    let mut all = Known::default();
    for secret in known {
        all.add(secret.expose());
    }
    all
}

/// The secrets that overlap whole lines of a document, sorted, not overlapping; and separately
/// those in strings.
fn secrets_in(
    document: &Document,
    lines: &Range<usize>,
    known: &Known,
) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let text = document.text();
    let touches = |span: &Range<usize>| span.start < lines.end && lines.start < span.end;
    let in_strings = source::secrets(document, Holder::ROOT, &touches);
    let mut ranges = in_strings.clone();
    let comments: Vec<Range<usize>> = document.comments_in(lines.clone()).collect();
    if !comments.is_empty() {
        // A comment may repeat a secret from anywhere in the document.
        let all = if lines.len() == text.len() {
            in_strings.clone()
        } else {
            source::secrets(document, Holder::ROOT, &|_| true)
        };
        let secrets: HashSet<&str> = all.into_iter().map(|range| &text[range]).collect();
        for comment in comments {
            let words = &text[comment.clone()];
            ranges.extend(
                value::assigned(words, Signs::All)
                    .into_iter()
                    .chain(repeated_secrets(words, &secrets))
                    .map(|range| range.start + comment.start..range.end + comment.start),
            );
        }
    }
    // Neither a key nor text in the shape of a credential spans lines.
    let shown = &text[lines.clone()];
    let by_look = known
        .ranges(shown)
        .into_iter()
        .chain(shape::ranges(shown, false))
        .chain(url::ranges(shown));
    ranges.extend(by_look.map(|range| range.start + lines.start..range.end + lines.start));
    (united(ranges), in_strings)
}

/// Replaces each range with [`MASK`], keeping line breaks inside it so that lines still match.
#[must_use]
pub fn mask_ranges(text: &str, ranges: &[Range<usize>]) -> String {
    replace_ranges(text, ranges, |hidden| {
        let ends = hidden.chars().filter(|c| matches!(c, '\n' | '\r'));
        MASK.chars().chain(ends).collect()
    })
}

/// Masks every quoted string and every comment in a text that can't be parsed, values of secret
/// names, and anything in the shape of a credential. Works byte for byte, so that offsets stay
/// valid.
#[must_use]
pub fn mask_strings(text: &str) -> String {
    mask_in_place(text, &united(broken::secret_looking_ranges(text)))
}

/// Masks the ranges byte for byte, so that offsets stay valid; keeps line breaks and spaces.
#[must_use]
pub fn mask_in_place(text: &str, ranges: &[Range<usize>]) -> String {
    replace_ranges(text, ranges, |hidden| {
        hidden
            .chars()
            .map(|c| match c {
                '\n' | '\r' | ' ' => c.to_string(),
                other => "*".repeat(other.len_utf8()),
            })
            .collect()
    })
}

/// Masks known keys, and what is shaped like a key, in untrusted text.
#[must_use]
pub fn mask_known(text: &str, known: &[Secret]) -> String {
    mask_with(text, &all(known))
}

/// Like [`mask_known`], with prepared keys.
#[must_use]
pub fn mask_with(text: &str, known: &Known) -> String {
    let mut ranges = known.ranges(text);
    ranges.extend(value::ranges(text, Class::Public, 0));
    mask_ranges(text, &united(ranges))
}

/// A config value with its secrets masked.
#[must_use]
pub fn mask_value(key: &str, value: &str) -> String {
    mask_ranges(value, &value::ranges(value, name::class(key), 0))
}

/// A header's value with its secrets masked.
#[must_use]
pub fn mask_header(name: &str, value: &str) -> String {
    mask_ranges(value, &value::ranges(value, name::header_class(name), 0))
}

/// Whether a header's name marks its value as secret.
#[must_use]
pub fn header_names_secret(name: &str) -> bool {
    name::header_class(name) == Class::Secret
}

/// A text typed by the user, in which words are short, with anything that looks like a key masked.
#[must_use]
pub fn mask_typed(text: &str) -> String {
    let mut ranges = shape::ranges(text, true);
    ranges.extend(value::ranges(text, Class::Unknown, 0));
    ranges.extend(value::assigned(text, Signs::All));
    mask_ranges(text, &united(ranges))
}

/// Text from a file or server, made safe for a terminal: control characters are escaped, including
/// line breaks and tabs.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_printable(c) {
            safe.push(c);
        } else {
            safe.extend(c.escape_default());
        }
    }
    Cow::Owned(safe)
}

/// The words of a comment that are secrets elsewhere.
fn repeated_secrets(comment: &str, secrets: &HashSet<&str>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if secrets.is_empty() {
        return found;
    }
    let body = comment.trim_start_matches(['/', '*']);
    let mut start = comment.len() - body.len();
    for word in body
        .trim_end_matches(['*', '/'])
        .split_inclusive(|c: char| c.is_whitespace() || "\"'`,;:()<>[]{}".contains(c))
    {
        let bare =
            word.trim_end_matches(|c: char| c.is_whitespace() || "\"'`,;:()<>[]{}.".contains(c));
        // `NAME=value` is a single word, and so is a key that ends in `=`.
        let value = bare.split_once('=').map_or(bare, |(_, value)| value);
        for part in [bare, value] {
            if !part.is_empty() && secrets.contains(part) {
                let end = start + bare.len();
                found.push(end - part.len()..end);
            }
        }
        start += word.len();
    }
    found
}

fn united(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    let mut united: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match united.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => united.push(range),
        }
    }
    united
}

fn replace_ranges(text: &str, ranges: &[Range<usize>], hide: impl Fn(&str) -> String) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        masked.push_str(&text[done..range.start]);
        masked.push_str(&hide(&text[range.clone()]));
        done = range.end;
    }
    masked.push_str(&text[done..]);
    masked
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn masked(text: &str) -> String {
        let document = Document::parse(text).unwrap();
        mask_lines(&document, 0..text.len(), &[Secret::new("known-key")])
    }

    #[test]
    fn masks_secrets_and_nothing_else() {
        let cases = [
            (r#"{apiKey: "abc"}"#, r#"{apiKey: "********"}"#),
            (
                r#"{apiKey: "${PORTKEY_API_KEY}"}"#,
                r#"{apiKey: "${PORTKEY_API_KEY}"}"#,
            ),
            (
                r#"{apiKey: "$PORTKEY_API_KEY"}"#,
                r#"{apiKey: "$PORTKEY_API_KEY"}"#,
            ),
            (
                r#"{apiKey: {source: "env", provider: "default", id: "PORTKEY_API_KEY"}}"#,
                r#"{apiKey: {source: "env", provider: "default", id: "PORTKEY_API_KEY"}}"#,
            ),
            (
                r#"{maxTokens: "8", contextTokens: "9"}"#,
                r#"{maxTokens: "8", contextTokens: "9"}"#,
            ),
            (
                r#"{a: "see known-key here"}"#,
                r#"{a: "see ******** here"}"#,
            ),
            ("{} // apiKey: \"abc\", x", "{} // apiKey: \"********\", x"),
            (
                "{} // OPENAI_API_KEY=abc def",
                "{} // OPENAI_API_KEY=******** def",
            ),
            ("{} /* token 'abc' */", "{} /* token 'abc' */"),
            (
                "{apiKey: 'ab12='} // was ab12= (ab12=), K=ab12=",
                "{apiKey: '********'} // was ******** (********), K=********",
            ),
            (
                "//ab12\n{apiKey: 'ab12'} /*ab12*/",
                "//********\n{apiKey: '********'} /**********/",
            ),
            (
                r#"{auth: ["sk-abc0123456789abcdef"]}"#,
                r#"{auth: ["********"]}"#,
            ),
            (
                r#"{u: "https://me:pw@host/x"}"#,
                r#"{u: "https://********@host/x"}"#,
            ),
            (
                r#"{h: {"x-portkey-api-key": 'k', "x-portkey-config": "pc-a"}}"#,
                r#"{h: {"x-portkey-api-key": '********', "x-portkey-config": "pc-a"}}"#,
            ),
            (
                r#"{tokens: {a: "b"}, token: ["b", {c: "d"}]}"#,
                r#"{tokens: {a: "b"}, token: ["********", {c: "********"}]}"#,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn lines_are_masked_like_the_whole_document() {
        let text = "{ // token: 'abc'\n  auth: {\n    password:\n      'one \\\ntwo', a: 1,\n  },\n  /*\n  secret: xyz */ b: 'known-key',\n}\n";
        let document = Document::parse(text).unwrap();
        let known = [Secret::new("known-key")];
        let whole = masked(text);
        let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let alone: String = [0]
            .iter()
            .chain(&starts)
            .zip(&starts)
            .map(|(&start, &end)| mask_lines(&document, start..end, &known))
            .collect();
        for secret in ["abc", "one", "two", "xyz", "known-key"] {
            assert!(!whole.contains(secret), "{whole}");
            assert!(!alone.contains(secret), "{alone}");
        }
        assert_eq!(alone.lines().count(), whole.lines().count());
        assert_eq!(
            mask_lines(&document, starts[0]..starts[1], &known),
            "  auth: {\n"
        );
    }

    #[test]
    fn broken_text_keeps_its_length() {
        let text = "{ apiKey: \"se\\\"cret é\", b: 'x\n, c: \"d\" ";
        let safe = mask_strings(text);
        assert_eq!(safe.len(), text.len());
        assert_eq!(safe, "{ apiKey: \"******** **\", b: '*\n, c: \"*\" ");
        let cases = [
            ("{ apiKey: abc123, b: 1 }", "{ apiKey: ******, b: 1 }"),
            ("{ // see abc 'x\n b: 'c' }", "{ // *** *** **\n b: '*' }"),
            ("{ /* abc\n 'd */ b: 'c' /", "{ /* ***\n ** */ b: '*' /"),
            ("// abc", "// ***"),
            (
                "aB3dE6gH9+k/= contextWindow: 1",
                "************* contextWindow: 1",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(mask_strings(text), expected);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(printable("plain é"), "plain é");
        assert_eq!(printable("a\u{1b}[31m\n"), "a\\u{1b}[31m\\n");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
    }

    #[test]
    fn hostile_texts_are_fast() {
        const SIZE: usize = 30_000;
        for pattern in [
            "${API_KEY:-",
            "${API_KEY:-x",
            "sk-.",
            "sk-=a",
            "a=",
            "token=",
            "token: ",
            "https://",
            "https://a@",
            "://?k=v&",
            "{\"a\":",
            "[",
            "\"{\"",
            "aB3",
            "a/+",
            "Aa1/",
            "Bearer ",
            "\\",
            "\\u0041",
            "/*",
            "// token='",
        ] {
            let value = pattern.repeat(SIZE / pattern.len());
            let quoted = serde_json::Value::from(value.as_str());
            let text = format!("{{a: {quoted}, apiKey: {quoted}, headers: {{x: {quoted}}}}}");
            let start = Instant::now();
            let document = Document::parse(text.as_str()).unwrap();
            let _ = secret_ranges(&document, &[Secret::new(value.as_str())]);
            let _ = mask_strings(&value);
            let _ = mask_typed(&value);
            let _ = mask_known(&value, &[Secret::new("cAnArY7f3Qx9Zz0pLm4T")]);
            assert!(start.elapsed() < Duration::from_secs(10), "{pattern}");
        }
    }
}
