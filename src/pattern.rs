//! JavaScript regular expressions, in bounded time.
//!
//! The pattern is rewritten for the engine: the two agree on groups, repeats and assertions, and
//! differ in classes, escapes and the meaning of a lone brace.

use fancy_regex::{Regex, RegexBuilder};

/// The maximum length of a pattern, in bytes.
const MAX_PATTERN: usize = 4096;

/// The engine's backtracking limit.
const MAX_STEPS: usize = 100_000;

/// The maximum size of a compiled pattern, in bytes.
const MAX_PROGRAM: usize = 1 << 20;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoMatch {
    /// JavaScript rejects the pattern.
    Invalid,
    /// Unsupported here.
    Unknown,
}

/// A compiled expression.
#[derive(Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// `new RegExp(pattern)`; `(?i)` before it ignores case.
    pub(crate) fn new(pattern: &str) -> Result<Self, NoMatch> {
        if pattern.len() > MAX_PATTERN {
            return Err(NoMatch::Unknown);
        }
        let (flags, bare) = match pattern.strip_prefix("(?i)") {
            Some(bare) => ("(?i)", bare),
            None => ("", pattern),
        };
        let rewritten = Rewriter::new(bare).whole()?;
        RegexBuilder::new(&format!("{flags}{rewritten}"))
            .backtrack_limit(MAX_STEPS)
            .delegate_size_limit(MAX_PROGRAM)
            .build()
            .map(Self)
            .map_err(|_| NoMatch::Unknown)
    }

    /// Whether a part of the text matches.
    pub(crate) fn test(&self, text: &str) -> Result<bool, NoMatch> {
        self.0.is_match(text).map_err(|_| NoMatch::Unknown)
    }
}

/// `new RegExp(pattern).test(text)`
pub(crate) fn test(pattern: &str, text: &str) -> Result<bool, NoMatch> {
    Pattern::new(pattern)?.test(text)
}

/// Whether JavaScript may accept a pattern.
pub(crate) fn is_valid(pattern: &str) -> bool {
    Rewriter::new(pattern).whole() != Err(NoMatch::Invalid)
}

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
/// A word boundary.
const EDGE: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const SPACE: &str = "\\t\\n\\x0B\\x0C\\r \\u{A0}\\u{1680}\\u{2000}-\\u{200A}\\u{2028}\\u{2029}\
                     \\u{202F}\\u{205F}\\u{3000}\\u{FEFF}";
const LINE_ENDS: &str = "\\n\\r\\u{2028}\\u{2029}";

struct Rewriter {
    chars: Vec<char>,
    at: usize,
    out: String,
    /// The number of capturing groups in the whole pattern.
    groups: usize,
}

impl Rewriter {
    fn new(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        Self {
            groups: groups(&chars),
            chars,
            at: 0,
            out: String::with_capacity(pattern.len() + 16),
        }
    }

    fn whole(mut self) -> Result<String, NoMatch> {
        let mut open = 0_usize;
        // Whether there is something that can be repeated.
        let mut atom = false;
        while let Some(c) = self.take() {
            match c {
                '(' => {
                    open += 1;
                    self.group()?;
                    atom = false;
                }
                ')' => {
                    open = open.checked_sub(1).ok_or(NoMatch::Invalid)?;
                    self.out.push(')');
                    atom = true;
                }
                '[' => {
                    self.class()?;
                    atom = true;
                }
                '\\' => atom = self.escape()?,
                '.' => {
                    self.push(&["[^", LINE_ENDS, "]"]);
                    atom = true;
                }
                '|' | '^' | '$' => {
                    self.out.push(c);
                    atom = false;
                }
                '*' | '+' | '?' => {
                    self.repeat(atom, &c.to_string())?;
                    atom = false;
                }
                '{' => {
                    let count = self.count();
                    match &count {
                        Some(count) => self.repeat(atom, count)?,
                        None => self.out.push_str("\\{"),
                    }
                    atom = count.is_none();
                }
                c => {
                    self.literal(c);
                    atom = true;
                }
            }
        }
        if open > 0 {
            return Err(NoMatch::Invalid);
        }
        Ok(self.out)
    }

    fn take(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn next_is(&mut self, text: &str) -> bool {
        let is_next = text
            .chars()
            .enumerate()
            .all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c));
        if is_next {
            self.at += text.chars().count();
        }
        is_next
    }

    fn push(&mut self, parts: &[&str]) {
        self.out.extend(parts.iter().copied());
    }

    fn literal(&mut self, c: char) {
        if !c.is_ascii_alphanumeric() && c.is_ascii_graphic() && c != '_' {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    fn repeat(&mut self, atom: bool, how: &str) -> Result<(), NoMatch> {
        if !atom {
            return Err(NoMatch::Invalid);
        }
        self.out.push_str(how);
        if self.next_is("?") {
            self.out.push('?');
        }
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,3}` after its brace; anything else isn't a repeat.
    fn count(&mut self) -> Option<String> {
        let rest = &self.chars[self.at..];
        let length = rest.iter().position(|c| *c == '}')?;
        let inner: String = rest[..length].iter().collect();
        let (low, high) = inner.split_once(',').unwrap_or((&inner, ""));
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        if low.is_empty() || !digits(low) || !digits(high) {
            return None;
        }
        self.at += length + 1;
        Some(format!("{{{inner}}}"))
    }

    fn group(&mut self) -> Result<(), NoMatch> {
        self.out.push('(');
        if !self.next_is("?") {
            return Ok(());
        }
        for kind in [":", "=", "!", "<=", "<!"] {
            if self.next_is(kind) {
                self.push(&["?", kind]);
                return Ok(());
            }
        }
        if self.next_is("<") {
            self.out.push_str("?<");
            return self.name();
        }
        Err(NoMatch::Invalid)
    }

    /// The name of a group, up to its `>`.
    fn name(&mut self) -> Result<(), NoMatch> {
        while let Some(c) = self.take() {
            self.out.push(c);
            match c {
                '>' => return Ok(()),
                c if c.is_ascii_alphanumeric() || c == '_' => {}
                _ => break,
            }
        }
        Err(NoMatch::Invalid)
    }

    /// Rewrites what follows a backslash. Returns whether it can be repeated.
    fn escape(&mut self) -> Result<bool, NoMatch> {
        let c = self.take().ok_or(NoMatch::Invalid)?;
        match c {
            'b' => self.out.push_str(EDGE),
            'B' => self.push(&["(?!", EDGE, ")"]),
            'd' => self.push(&["[", DIGIT, "]"]),
            'D' => self.push(&["[^", DIGIT, "]"]),
            'w' => self.push(&["[", WORD, "]"]),
            'W' => self.push(&["[^", WORD, "]"]),
            's' => self.push(&["[", SPACE, "]"]),
            'S' => self.push(&["[^", SPACE, "]"]),
            'k' if self.next_is("<") => {
                self.out.push_str("\\k<");
                self.name()?;
            }
            '1'..='9' => {
                let mut number = usize::from(c as u8 - b'0');
                while let Some(digit) = self.chars.get(self.at).and_then(|c| c.to_digit(10)) {
                    number = number.saturating_mul(10).saturating_add(digit as usize);
                    self.at += 1;
                }
                if number > self.groups {
                    return Err(NoMatch::Unknown);
                }
                self.push(&["(?:\\", &number.to_string(), ")"]);
            }
            c => {
                let c = self.character(c);
                self.literal(c);
            }
        }
        Ok(!matches!(c, 'b' | 'B'))
    }

    /// The character that an escape represents.
    fn character(&mut self, c: char) -> char {
        match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'f' => '\u{c}',
            '0' => '\0',
            'x' => self.hex(2).unwrap_or('x'),
            'u' => self.hex(4).unwrap_or('u'),
            c => c,
        }
    }

    fn hex(&mut self, length: usize) -> Option<char> {
        let digits: String = self.chars.get(self.at..self.at + length)?.iter().collect();
        let all = digits.chars().all(|c| c.is_ascii_hexdigit());
        let c = char::from_u32(u32::from_str_radix(&digits, 16).ok().filter(|_| all)?)?;
        self.at += length;
        Some(c)
    }

    fn class(&mut self) -> Result<(), NoMatch> {
        let negated = self.next_is("^");
        if self.next_is("]") {
            self.out.push_str(if negated { "(?s:.)" } else { "(?!)" });
            return Ok(());
        }
        self.out.push_str(if negated { "[^" } else { "[" });
        loop {
            match self.take().ok_or(NoMatch::Invalid)? {
                ']' => break,
                '\\' => match self.take().ok_or(NoMatch::Invalid)? {
                    'd' => self.out.push_str(DIGIT),
                    'w' => self.out.push_str(WORD),
                    's' => self.out.push_str(SPACE),
                    'D' => self.push(&["[^", DIGIT, "]"]),
                    'W' => self.push(&["[^", WORD, "]"]),
                    'S' => self.push(&["[^", SPACE, "]"]),
                    'b' => self.out.push_str("\\x08"),
                    c => {
                        let c = self.character(c);
                        self.literal(c);
                    }
                },
                '-' => self.out.push('-'),
                c => self.literal(c),
            }
        }
        self.out.push(']');
        Ok(())
    }
}

/// The number of capturing groups.
fn groups(chars: &[char]) -> usize {
    let mut count = 0;
    let mut in_class = false;
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        match c {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let named = chars.get(at + 1..at + 3) == Some(&['?', '<'])
                    && !matches!(chars.get(at + 3), Some('=' | '!'));
                count += usize::from(chars.get(at + 1) != Some(&'?') || named);
            }
            _ => {}
        }
        at += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_like_in_javascript() {
        let mut wrong = Vec::new();
        for (pattern, text, found) in [
            ("^gpt", "gpt-x", true),
            ("^gpt", "a gpt", false),
            ("", "anything", true),
            ("a.c", "a\nc", false),
            ("[^]", "\n", true),
            ("[]", "a", false),
            ("\\d", "٣", false),
            ("\\w+", "é", false),
            ("\\bx\\b", "a x b", true),
            ("a{2}", "aa", true),
            ("a{,2}", "a{,2}", true),
            ("{", "{", true),
            ("x]", "x]", true),
            ("[[]", "[", true),
            ("[a&&b]", "&", true),
            ("\\/v1\\/", "/v1/", true),
            ("(?<n>a)\\k<n>", "aa", true),
            ("(a)\\1", "ab", false),
            ("(?!b)a", "a", true),
            ("(?<=b)a", "ba", true),
            ("\\u0041\\x42", "AB", true),
            ("\\e\\a\\z", "eaz", true),
            ("#-~", "#-~", true),
            ("a$", "a\n", false),
            ("[\\w.-]+@x", "a.b-c@x", true),
        ] {
            let result = test(pattern, text);
            if result != Ok(found) {
                wrong.push(format!("{pattern} on {text:?}: {result:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn patterns_that_javascript_rejects_are_invalid() {
        for pattern in [
            "(", ")", "[a", "*a", "a**", "a++", "\\", "(?x)", "(?P<n>a)", "(?",
        ] {
            assert_eq!(test(pattern, "a"), Err(NoMatch::Invalid), "{pattern}");
        }
    }

    #[test]
    fn catastrophic_patterns_terminate() {
        let text = "a".repeat(200);
        assert_eq!(test("(a+)+b", &text), Ok(false));
        let found = test("(?=(a+)+b)(a+)+\\2c", &text);
        assert!(found != Ok(true), "{found:?}");
        assert_eq!(test(&"a".repeat(5000), "a"), Err(NoMatch::Unknown));
        assert_eq!(test("(a{1000}){1000}", "a"), Err(NoMatch::Unknown));
    }
}
