//! Text as people paste it: quoted, boxed, wrapped by a terminal, truncated with an ellipsis.

use serde_json::Value;

/// How much of a text to examine, in characters.
const MAX_CHARS: usize = 100_000;

/// How many letters of a phrase must precede an ellipsis to match.
const MIN_BEGINNING: usize = 9;

/// A phrase of several words with at least this many letters matches regardless of whitespace.
const MIN_PHRASE: usize = 10;

/// The maximum number of JSON documents to look for in a text.
const MAX_DOCUMENTS: usize = 20;

/// A pasted text, normalised for comparison.
#[derive(Debug)]
pub struct Pasted {
    /// Lower case, with whitespace and decoration collapsed.
    folded: String,
    /// The same with line breaks removed, in case a word was split.
    joined: String,
    /// Only letters and digits.
    letters: String,
    /// The letters before each ellipsis.
    cut: Vec<String>,
    status: Option<u16>,
}

impl Pasted {
    /// Normalises a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let lines: Vec<String> = without_escapes(&text).lines().map(undecorated).collect();
        let mut folded = fold(&lines.join(" "));
        let joined = fold(&lines.concat());
        let documents = documents(&folded);
        let status = status_in_json(&documents).or_else(|| status(&folded));
        for document in &documents {
            folded.push(' ');
            folded.push_str(&document.to_string());
        }
        Self {
            letters: letters(&folded),
            cut: cut(&folded),
            folded,
            joined,
            status,
        }
    }

    /// The HTTP status in the text.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The text in lower case on one line.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether it contains a lower-case word or phrase.
    #[must_use]
    pub fn has(&self, phrase: &str) -> bool {
        if phrase.bytes().all(|b| b.is_ascii_digit()) {
            return self.has_word(phrase);
        }
        let is_wrapped = || {
            let plain = letters(phrase);
            phrase.contains(' ') && plain.len() >= MIN_PHRASE && self.letters.contains(&plain)
        };
        self.folded.contains(phrase) || self.joined.contains(phrase) || is_wrapped()
    }

    /// Whether it contains a whole word.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        is_alone(&self.folded, word) || is_alone(&self.joined, word)
    }

    /// How many letters of a phrase precede an ellipsis.
    fn beginning(&self, phrase: &str) -> Option<usize> {
        let plain = letters(phrase);
        let longest = |head: &String| {
            (MIN_BEGINNING..plain.len())
                .rev()
                .find(|&end| plain.is_char_boundary(end) && head.ends_with(&plain[..end]))
        };
        self.cut.iter().filter_map(longest).max()
    }

    /// The total length of the matches of `phrases`; `None` if one is missing. With `cut`, the start
    /// of a phrase before an ellipsis counts.
    #[must_use]
    pub fn holds(&self, phrases: &[&str], cut: bool) -> Option<usize> {
        phrases
            .iter()
            .map(|phrase| {
                if self.has(phrase) {
                    Some(phrase.len())
                } else if cut {
                    self.beginning(phrase)
                } else {
                    None
                }
            })
            .sum()
    }
}

/// Whether a text contains a whole word.
fn is_alone(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(joins) && !text[at + word.len()..].starts_with(joins))
}

/// Removes terminal colour sequences.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.next();
            while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
        } else if c != '\u{1b}' {
            plain.push(c);
        }
    }
    plain
}

/// A line without what mails, tables and boxes add around it.
fn undecorated(line: &str) -> String {
    let is_decoration =
        |c: char| c.is_whitespace() || matches!(c, '>' | '|' | '\u{2500}'..='\u{259f}');
    line.trim_matches(is_decoration).to_owned()
}

/// Lower case, straight quotes, whitespace collapsed to single spaces, nothing invisible.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2500}'..='\u{259f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            '“' | '”' | '„' => folded.push('"'),
            '‘' | '’' | '`' => folded.push('\''),
            c if c.is_whitespace() || c.is_control() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.trim().to_owned()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters before each ellipsis.
fn cut(folded: &str) -> Vec<String> {
    let dots = folded.match_indices("...").chain(folded.match_indices('…'));
    dots.take(MAX_DOCUMENTS)
        .map(|(at, _)| letters(&folded[..at]))
        .collect()
}

/// The JSON objects in a text.
fn documents(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{').filter(|_| found.len() < MAX_DOCUMENTS) {
        rest = &rest[at..];
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            rest = &rest[stream.byte_offset()..];
            found.push(value);
        } else {
            rest = &rest[1..];
        }
    }
    found
}

fn is_status(number: u64) -> Option<u16> {
    let status = u16::try_from(number).ok()?;
    (status == 246 || (400..600).contains(&status)).then_some(status)
}

fn status_in_json(documents: &[Value]) -> Option<u16> {
    const PATHS: [&str; 6] = [
        "/status",
        "/statuscode",
        "/error/status",
        "/error/code",
        "/code",
        "/error/statuscode",
    ];
    documents.iter().find_map(|document| {
        PATHS.iter().find_map(|path| match document.pointer(path)? {
            Value::Number(number) => is_status(number.as_u64()?),
            Value::String(text) => is_status(text.parse().ok()?),
            _ => None,
        })
    })
}

/// The HTTP status, recognised by the words around a number.
fn status(folded: &str) -> Option<u16> {
    const BEFORE: [&str; 12] = [
        "http",
        "status",
        "statuscode",
        "status_code",
        "code",
        "error",
        "errors",
        "returned",
        "got",
        "detail",
        "rawerror",
        "answered",
    ];
    const AFTER: [&str; 14] = [
        "unauthorized",
        "unauthorised",
        "forbidden",
        "not",
        "too",
        "bad",
        "internal",
        "payment",
        "error",
        "errors",
        "precondition",
        "service",
        "gateway",
        "request",
    ];
    let separates = |c: char| !c.is_alphanumeric() && c != '_';
    let words: Vec<&str> = folded
        .split(separates)
        .filter(|word| !word.is_empty())
        .collect();
    let at = |index: usize| {
        let number = words[index];
        let status = is_status(number.parse().ok().filter(|_| number.len() == 3)?)?;
        // `HTTP/1.1 404`
        let mut before = words[..index]
            .iter()
            .rev()
            .skip_while(|word| matches!(**word, "1" | "2"));
        let is_named = before.next().is_none_or(|word| BEFORE.contains(word))
            || words
                .get(index + 1)
                .is_some_and(|word| AFTER.contains(word));
        is_named.then_some(status)
    };
    (0..words.len()).find_map(at)
}

#[cfg(test)]
mod tests {
    use super::Pasted;

    #[test]
    fn ignores_decoration_and_wrapping() {
        for text in [
            "No API key found for provider \"portkey\"",
            "  > No API key\n  > found for provider “portkey”",
            "│ No API key found for prov│\n│ider \"portkey\"          │",
            "No   API\tkey\r\nfound for\n  provider `portkey`",
            "\u{1b}[31mNo API key found for provider\u{1b}[0m 'portkey'",
            "| no api key found | \n| for provider |",
            "NO API KEY FOUND FOR PROVIDER",
        ] {
            assert!(
                Pasted::read(text).has("no api key found for provider"),
                "{text}"
            );
        }
        assert!(Pasted::read("connect ECONNREF\n  USED 127.0.0.1").has("econnrefused"));
        // Separate words don't join into another one.
        assert!(!Pasted::read("the resource not found").has("enotfound"));
        assert!(!Pasted::read("it took 14290 tokens").has("429"));
    }

    #[test]
    fn finds_a_status_by_the_words_around_it() {
        for (text, status) in [
            ("portkey/@x/y request failed (HTTP 446).", Some(446)),
            ("status=403 reason=auth", Some(403)),
            ("Request failed with status code 429", Some(429)),
            (
                r#"{"error":{"message":"slow down","code": 429}}"#,
                Some(429),
            ),
            ("the server said\n{\n  \"status\": \"412\"\n}", Some(412)),
            ("HTTP/1.1 404 Not Found", Some(404)),
            ("HTTP/2 502", Some(502)),
            ("401 errors", Some(401)),
            ("503 Service Unavailable", Some(503)),
            ("statusCode: 500", Some(500)),
            ("(authentication failed, HTTP 403)", Some(403)),
            ("detail=400 something", Some(400)),
            ("Error Code: 033", None),
            ("took 450 ms", None),
            ("port 443 is closed", None),
            ("HTTP 200", None),
            ("in 2026.4.15", None),
        ] {
            assert_eq!(Pasted::read(text).status(), status, "{text}");
        }
    }

    #[test]
    fn matches_the_start_of_a_phrase_before_an_ellipsis() {
        let phrase = ["provider rejected the request schema"];
        for (text, found) in [
            ("LLM request failed: provider rejected the req…", true),
            ("provider rejected the...", true),
            ("provider rejected the req", false),
            ("provider…", false),
        ] {
            let pasted = Pasted::read(text);
            assert_eq!(pasted.holds(&phrase, true).is_some(), found, "{text}");
            assert!(pasted.holds(&phrase, false).is_none(), "{text}");
        }
    }

    #[test]
    fn hostile_texts_are_fast() {
        for text in [
            "{".repeat(200_000),
            "…".repeat(200_000),
            "400 ".repeat(50_000),
        ] {
            let start = std::time::Instant::now();
            let _ = Pasted::read(&text).holds(&["some phrase that is not there"], true);
            assert!(start.elapsed().as_secs() < 5);
        }
    }
}
