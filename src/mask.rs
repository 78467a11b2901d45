//! What of a text must never be shown, and the one way of hiding it.

mod broken;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::document::{Document, Kind, NodeId, is_printable};
use crate::secret::Secret;

/// What stands in place of a secret.
pub const MASK: &str = "********";

/// A part of a document with its secrets hidden: strings under a key that names a secret, the same
/// strings in comments, credentials by their well-known shape, and every occurrence of a known
/// key. References such as `${VAR}` and SecretRef objects are no secrets.
///
/// The part has to be whole lines. Of a large document little but these lines is looked at.
#[must_use]
pub fn mask_lines(document: &Document, lines: Range<usize>, known: &[Secret]) -> String {
    let mut ranges = secrets_in(document, &lines, known);
    for range in &mut ranges {
        let within = |offset: usize| offset.clamp(lines.start, lines.end) - lines.start;
        *range = within(range.start)..within(range.end);
    }
    mask_ranges(&document.text()[lines], &ranges)
}

/// The secrets of a whole document, as for [`mask_lines`]. Sorted, not overlapping.
#[must_use]
pub fn secret_ranges(document: &Document, known: &[Secret]) -> Vec<Range<usize>> {
    secrets_in(document, &(0..document.text().len()), known)
}

/// The secrets that reach into whole lines of a document. Sorted, not overlapping.
fn secrets_in(document: &Document, lines: &Range<usize>, known: &[Secret]) -> Vec<Range<usize>> {
    let text = document.text();
    let touches = |span: &Range<usize>| span.start < lines.end && lines.start < span.end;
    let mut ranges = secret_strings(document, &touches);
    let comments: Vec<Range<usize>> = document.comments_in(lines.clone()).collect();
    if !comments.is_empty() {
        // A comment may repeat a secret that stands anywhere in the document.
        let all = secret_strings(document, &|_| true);
        let secrets: HashSet<&str> = all.into_iter().map(|range| &text[range]).collect();
        for comment in comments {
            let words = &text[comment.clone()];
            ranges.extend(
                assigned_secrets(words)
                    .into_iter()
                    .chain(repeated_secrets(words, &secrets))
                    .map(|range| range.start + comment.start..range.end + comment.start),
            );
        }
    }
    // Neither a key nor anything of a credential's shape goes over a line's end.
    let shown = &text[lines.clone()];
    let by_look = known_ranges(shown, known)
        .into_iter()
        .chain(shaped_ranges(shown));
    ranges.extend(by_look.map(|range| range.start + lines.start..range.end + lines.start));
    united(ranges)
}

/// The insides of strings under a key that names a secret, where `wanted` says yes to the span. A
/// string in the place of a provider, where an object belongs, is likely its key.
fn secret_strings(
    document: &Document,
    wanted: &dyn Fn(&Range<usize>) -> bool,
) -> Vec<Range<usize>> {
    let text = document.text();
    let mut ranges = Vec::new();
    let mut open: Vec<(NodeId, bool, bool)> = vec![(document.root(), false, false)];
    while let Some((node, secret, holds_providers)) = open.pop() {
        match document.kind(node) {
            Kind::Object => {
                let reference = is_secret_ref(document, node);
                let members = document.members(node);
                for member in members.filter(|member| wanted(&document.span(member.value))) {
                    let is_providers = member.key == "providers";
                    let misplaced = (is_providers || holds_providers)
                        && document.kind(member.value) == Kind::String;
                    let named = names_secret(&member.key) || misplaced;
                    let secret = !reference && (secret || named);
                    open.push((member.value, secret, is_providers));
                }
            }
            Kind::Array => {
                let items = document.items(node);
                let shown = items.filter(|item| wanted(&document.span(*item)));
                open.extend(shown.map(|item| (item, secret, false)));
            }
            Kind::String if secret => {
                let span = document.span(node);
                let inner = span.start + 1..span.end.saturating_sub(1);
                if !is_reference(&text[inner.clone()]) {
                    ranges.push(inner);
                }
            }
            _ => {}
        }
    }
    ranges
}

/// Hides the ranges, each behind [`MASK`]; line ends within them stay, so that lines still match.
#[must_use]
pub fn mask_ranges(text: &str, ranges: &[Range<usize>]) -> String {
    replace_ranges(text, ranges, |hidden| {
        let ends = hidden.chars().filter(|c| matches!(c, '\n' | '\r'));
        MASK.chars().chain(ends).collect()
    })
}

/// Hides every quoted string and every comment of a text that could not be parsed, what stands
/// under a name of a secret, and all that is shaped like a credential; byte for byte, so that
/// offsets still fit.
#[must_use]
pub fn mask_strings(text: &str) -> String {
    mask_in_place(text, &united(broken::secret_looking_ranges(text)))
}

/// Hides the ranges byte for byte, so that offsets still fit; line ends and spaces stay.
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

/// Hides known keys, and what is shaped like one, in a text from elsewhere.
#[must_use]
pub fn mask_known(text: &str, known: &[Secret]) -> String {
    let mut ranges = known_ranges(text, known);
    ranges.extend(shaped_ranges(text));
    mask_ranges(text, &united(ranges))
}

/// A text from a file or a server, made safe for a terminal: control characters are escaped,
/// line ends and tabs included.
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

/// Whether a key names something secret: `apiKey`, `botToken`, `OPENAI_API_KEY`, `Authorization`.
#[must_use]
pub fn names_secret(key: &str) -> bool {
    const WHOLE: [&str; 16] = [
        "secret",
        "secrets",
        "password",
        "passwords",
        "passwd",
        "passphrase",
        "token",
        "authorization",
        "credential",
        "credentials",
        "cookie",
        "bearer",
        "apikey",
        "apikeys",
        "pat",
        "jwt",
    ];
    const BEFORE_KEY: [&str; 10] = [
        "api",
        "access",
        "private",
        "secret",
        "signing",
        "encryption",
        "auth",
        "master",
        "service",
        "account",
    ];
    let words = words(key);
    let shouted = key.contains('_') && key.chars().all(|c| !c.is_lowercase());
    let last = words.last().map(String::as_str);
    words.iter().any(|word| WHOLE.contains(&word.as_str()))
        || words.windows(2).any(|pair| {
            matches!(pair[1].as_str(), "key" | "keys") && BEFORE_KEY.contains(&pair[0].as_str())
        })
        || (shouted && matches!(last, Some("key" | "keys")))
        || (last == Some("tokens")
            && words.len() == 2
            && matches!(words[0].as_str(), "access" | "auth" | "bot" | "api"))
}

/// `x-portkey-apiKey` → `x`, `portkey`, `api`, `key`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            after_lower = false;
            continue;
        }
        if c.is_uppercase() && after_lower {
            words.push(String::new());
        }
        after_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_secret_ref(document: &Document, node: NodeId) -> bool {
    document.get(node, "source").is_some() && document.get(node, "id").is_some()
}

/// A value that names a variable instead of holding a secret.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || (text.starts_with("${") && text.ends_with('}') && !text[2..].contains("${"))
        || text
            .strip_prefix('$')
            .is_some_and(crate::openclaw::is_variable_name)
}

/// `name: "value"` and `NAME=value` in a comment, where the name names a secret.
fn assigned_secrets(comment: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in comment.match_indices([':', '=']) {
        let name = comment[..at].trim_end().trim_end_matches(['"', '\'', '`']);
        let start = name
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or(0, |i| {
                i + name[i..].chars().next().map_or(1, char::len_utf8)
            });
        if !names_secret(&name[start..]) {
            continue;
        }
        let rest = &comment[at + 1..];
        let value = rest.trim_start_matches([' ', '\t', '=']);
        let from = at + 1 + (rest.len() - value.len());
        let (from, end) = match value.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let inner = &value[1..];
                let end = inner.find([quote, '\n']).unwrap_or(inner.len());
                (from + 1, from + 1 + end)
            }
            Some(c) if !matches!(c, '{' | '[' | '\n' | '\r') => {
                let end = value.find([',', '\n', '\r', ' ']).unwrap_or(value.len());
                (from, from + end)
            }
            _ => continue,
        };
        if end > from && !is_reference(&comment[from..end]) {
            found.push(from..end);
        }
    }
    found
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
        // `NAME=value` is one word, and so is a key that ends in `=`.
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

fn known_ranges(text: &str, known: &[Secret]) -> Vec<Range<usize>> {
    known
        .iter()
        .map(Secret::expose)
        .filter(|key| !key.trim().is_empty())
        .flat_map(|key| text.match_indices(key).map(|(at, hit)| at..at + hit.len()))
        .collect()
}

/// Credentials by the prefixes that their issuers give them, and passwords in URLs.
fn shaped_ranges(text: &str) -> Vec<Range<usize>> {
    const PREFIXES: [&str; 16] = [
        "sk-",
        "pk-",
        "xoxb-",
        "xoxp-",
        "xapp-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "AIza",
        "AKIA",
        "hf_",
        "gsk_",
        "eyJ",
        "Bearer ",
        "Basic ",
    ];
    /// Shorter than any real credential of these kinds, longer than any word in prose.
    const SHORTEST: usize = 16;
    let mut found = Vec::new();
    for prefix in PREFIXES {
        for (at, hit) in text.match_indices(prefix) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/')) {
                continue;
            }
            let from = at + hit.len();
            let length = text[from..]
                .find(|c: char| {
                    !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '='))
                })
                .unwrap_or(text.len() - from);
            let body = &text[from..from + length];
            let mixed = body.bytes().any(|b| b.is_ascii_digit());
            if length >= SHORTEST && mixed {
                found.push(if hit.ends_with(' ') { from } else { at }..from + length);
            }
        }
    }
    for (at, _) in text.match_indices("://") {
        let from = at + 3;
        let end = text[from..]
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`' | '?' | '#'))
            .map_or(text.len(), |i| from + i);
        if let Some(sign) = text[from..end].rfind('@')
            && let Some(colon) = text[from..from + sign].find(':')
        {
            found.push(from + colon + 1..from + sign);
        }
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
    use super::*;

    fn masked(text: &str) -> String {
        let document = Document::parse(text).unwrap();
        mask_lines(&document, 0..text.len(), &[Secret::new("known-key")])
    }

    #[test]
    fn hides_secrets_and_nothing_else() {
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
                r#"{u: "https://me:********@host/x"}"#,
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
    fn any_lines_are_masked_as_within_the_whole() {
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
    fn names() {
        for name in [
            "apiKey",
            "api_key",
            "X-Api-Key",
            "OPENAI_API_KEY",
            "botToken",
            "GITHUB_TOKEN",
            "clientSecret",
            "Authorization",
            "x-portkey-aws-secret-access-key",
            "MY_KEY",
            "password",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "maxTokens",
            "contextTokens",
            "key",
            "keyboard",
            "tokenizer",
            "author",
            "sessionKey",
            "maxTokensField",
            "monkey",
            "dmScope",
        ] {
            assert!(!names_secret(name), "{name}");
        }
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
}
