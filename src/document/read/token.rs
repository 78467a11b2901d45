//! Parses keys, strings, numbers and words.

use std::ops::Range;

use json5::char::is_json5_whitespace;

use super::{Fault, Reader};
use crate::document::scalar::{self, continues_identifier, starts_identifier};
use crate::document::{Entry, Tag};

pub(super) const NO_EXPRESSIONS: &str =
    "the file is data, not JavaScript: write \"${NAME}\" to use an environment variable";
const TEMPLATE: &str = "this looks like a template's placeholder that was never filled in";

/// Whether a key or value may start with this character, so that a comma is probably missing before
/// it.
pub(super) fn starts_entry(c: char) -> bool {
    matches!(c, '"' | '\'' | '{' | '[' | '-' | '\\') || continues_identifier(c)
}

impl Reader<'_> {
    /// Parses the next value. `true` for a container, of which only the opening bracket is parsed.
    pub(super) fn value(&mut self) -> Result<bool, Fault> {
        let start = self.at;
        match self.peek() {
            None => Err(self.no_value_at_end()),
            Some(b'{') => self.open(Tag::Object).map(|()| true),
            Some(b'[') => self.open(Tag::Array).map(|()| true),
            Some(quote @ (b'"' | b'\'')) => {
                self.string(quote)?;
                self.push(Tag::String, start..self.at);
                Ok(false)
            }
            Some(b'0'..=b'9' | b'.' | b'+' | b'-') => {
                self.number()?;
                self.push(Tag::Number, start..self.at);
                Ok(false)
            }
            Some(_) => {
                self.word()?;
                Ok(false)
            }
        }
    }

    fn no_value_at_end(&self) -> Fault {
        if !self.in_object() {
            return self.never_closed();
        }
        let end = self.text.trim_end().len();
        Fault::new("expected a value, but the text ends here", end..end)
    }

    fn word(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let word_end = start
            + self.text[start..]
                .find(|c| !continues_identifier(c))
                .unwrap_or(self.text.len() - start);
        let tag = match &self.text[start..word_end] {
            "true" | "false" => Tag::Bool,
            "null" => Tag::Null,
            "Infinity" | "NaN" => {
                self.traits.json = false;
                Tag::Number
            }
            _ => return Err(self.no_value()),
        };
        self.at = word_end;
        self.push(tag, start..word_end);
        Ok(())
    }

    /// The error for anything other than a value.
    fn no_value(&self) -> Fault {
        let start = self.at;
        let after = if self.in_object() {
            "after this key"
        } else {
            "here"
        };
        let Some(c) = self.char() else {
            return self.no_value_at_end();
        };
        let here = start..start + c.len_utf8();
        let bare_end = self.bare_end();
        let bare = &self.text[start..bare_end];
        match c {
            ',' | '}' | ']' | ':' => Fault::new(format!("expected a value {after}"), here),
            '`' | '\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}' => {
                Fault::new("this is not a JSON5 quotation mark", here)
                    .hint("put strings in `\"` or `'`")
            }
            '@' | '<' | '%' => Fault::new("this is not a value", start..bare_end).hint(TEMPLATE),
            '$' if bare.starts_with("${") => Fault::new("this is not a value", start..bare_end)
                .hint("put it in quotes: \"${NAME}\""),
            '#' => Fault::new("this is not a value", here).hint("comments start with `//` or `/*`"),
            c if starts_identifier(c) => {
                let fault = Fault::new("this word is not a value", start..bare_end);
                match bare {
                    "True" | "False" | "None" | "TRUE" | "FALSE" | "NULL" | "Null" | "nil" => {
                        fault.hint("write `true`, `false` and `null` in lower case")
                    }
                    "undefined" => fault.hint("write `null`, or leave the key out"),
                    _ if bare.starts_with("process.env") => fault.hint(NO_EXPRESSIONS),
                    _ if bare.starts_with("__") => fault.hint(TEMPLATE),
                    _ => fault.hint("a string needs quotes"),
                }
            }
            _ => Fault::new(format!("expected a value {after}"), here),
        }
    }

    /// The end of what a person would see as one unquoted word.
    fn bare_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| {
            is_json5_whitespace(c) || matches!(c, ',' | ']' | '}' | ':' | '"' | '\'' | '/')
        });
        self.at + end.unwrap_or(rest.len()).max(1)
    }

    pub(super) fn key(&mut self) -> Result<(), Fault> {
        let start = self.at;
        match self.char() {
            None => return Err(self.never_closed()),
            Some(quote @ ('"' | '\'')) => {
                self.string(if quote == '"' { b'"' } else { b'\'' })?;
            }
            Some(c) if c == '\\' || starts_identifier(c) => {
                self.traits.json = false;
                self.bare_key()?;
            }
            Some(c) => {
                let here = start..start + c.len_utf8();
                return Err(match c {
                    '{' | '@' | '<' | '%' => {
                        Fault::new("expected a key or `}`", here).hint(TEMPLATE)
                    }
                    '#' => Fault::new("expected a key or `}`", here)
                        .hint("comments start with `//` or `/*`"),
                    '0'..='9' | '-' => Fault::new("this key needs quotes", here),
                    ',' => Fault::new("there is an extra comma", here),
                    _ => Fault::new("expected a key or `}`", here),
                });
            }
        }
        self.push(Tag::Key, start..self.at);
        Ok(())
    }

    fn bare_key(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(c) = self.char() {
            let is_first = self.at == start;
            let end = if c == '\\' {
                let end = self.unicode_escape(self.at)?;
                let unit = u32::from_str_radix(&self.text[end - 4..end], 16).ok();
                let allowed = unit.and_then(char::from_u32).is_some_and(|c| {
                    if is_first {
                        starts_identifier(c)
                    } else {
                        continues_identifier(c)
                    }
                });
                if !allowed {
                    return Err(Fault::new(
                        "this character is only allowed in a quoted key",
                        self.at..end,
                    ));
                }
                end
            } else if continues_identifier(c) {
                self.at + c.len_utf8()
            } else {
                break;
            };
            self.at = end;
        }
        Ok(())
    }

    /// Parses a string up to its closing quote.
    fn string(&mut self, quote: u8) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + 1;
        let mut json = quote == b'"';
        loop {
            match bytes.get(at).copied() {
                Some(byte) if byte == quote => break,
                Some(b'\\') => {
                    let (end, is_json) = self.escape(start, at)?;
                    json &= is_json;
                    at = end;
                }
                None | Some(b'\n' | b'\r') => return Err(unterminated(start..at)),
                Some(byte) => {
                    json &= byte >= b' ';
                    at += 1;
                }
            }
        }
        self.traits.json &= json;
        self.at = at + 1;
        Ok(())
    }

    /// The end of the escape at `at`, and whether it is valid JSON.
    fn escape(&mut self, string: usize, at: usize) -> Result<(usize, bool), Fault> {
        let Some(c) = self.text[at + 1..].chars().next() else {
            return Err(unterminated(string..self.text.len()));
        };
        let end = at + 1 + c.len_utf8();
        let digit_follows = || self.text[end..].starts_with(|c: char| c.is_ascii_digit());
        match c {
            '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => Ok((end, true)),
            'u' => {
                let end = self.unicode_escape(at)?;
                Ok((self.paired(end), true))
            }
            'x' => {
                let digits = self.text.as_bytes().get(end..end + 2);
                if digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    Ok((end + 2, false))
                } else {
                    Err(Fault::new("`\\x` needs two hexadecimal digits", at..end))
                }
            }
            '1'..='9' => Err(
                Fault::new("a backslash before a digit is not an escape", at..end)
                    .hint("write a literal backslash as `\\\\`"),
            ),
            '0' if digit_follows() => {
                Err(Fault::new("`\\0` cannot come before a digit", at..end).hint("write `\\x00`"))
            }
            '\r' if self.text[end..].starts_with('\n') => Ok((end + 1, false)),
            _ => Ok((end, false)),
        }
    }

    /// The end of the `\uXXXX` at `at`.
    fn unicode_escape(&self, at: usize) -> Result<usize, Fault> {
        let rest = &self.text[at..];
        if let Some(code) = rest.strip_prefix("\\u{") {
            let digits = code.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(0);
            let end = at + 3 + digits + usize::from(code[digits..].starts_with('}'));
            return Err(Fault::new("`\\u{…}` is not valid in JSON5", at..end).hint(
                "write the character itself, or `\\u` with four digits (twice for an emoji)",
            ));
        }
        let is_escape = rest.starts_with("\\u")
            && rest
                .as_bytes()
                .get(2..6)
                .is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
        if is_escape {
            Ok(at + 6)
        } else {
            let end = at + rest.chars().take(2).map(char::len_utf8).sum::<usize>();
            Err(Fault::new("`\\u` needs four hexadecimal digits", at..end))
        }
    }

    /// The end of a `\uXXXX` that ends at `end` or, for a surrogate pair, of both. Notes lone
    /// surrogates, and pairs with a line continuation between them.
    fn paired(&mut self, end: usize) -> usize {
        let unit = u32::from_str_radix(&self.text[end - 4..end], 16).unwrap_or(0);
        if char::from_u32(unit).is_some() {
            return end;
        }
        if let Some((_, length)) = scalar::pair_with(unit, &self.text[end..]) {
            // The continuation isn't JSON, and is parsed separately.
            if length == 6 {
                return end + length;
            }
        }
        self.traits.beyond_json5 = true;
        end
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let sign = usize::from(matches!(self.peek(), Some(b'+' | b'-')));
        let rest = &self.text[start + sign..];
        let (length, is_json) = match rest.as_bytes() {
            [b'0', b'x' | b'X', digits @ ..] => {
                let count = digits.iter().take_while(|d| d.is_ascii_hexdigit()).count();
                if count == 0 {
                    let message = "`0x` needs hexadecimal digits";
                    return Err(Fault::new(message, start..start + sign + 2));
                }
                // Beyond 127 bits, the integers of the `json5` crate overflow.
                self.traits.beyond_json5 |= count > 31;
                (2 + count, false)
            }
            _ if rest.starts_with("Infinity") => ("Infinity".len(), false),
            _ if rest.starts_with("NaN") => ("NaN".len(), false),
            bytes => decimal(bytes).map_err(|(message, at)| {
                let end = start + sign + at;
                Fault::new(message, start..end.max(start + 1))
            })?,
        };
        self.traits.json &= is_json && self.peek() != Some(b'+');
        self.at = start + sign + length;
        Ok(())
    }
}

fn unterminated(span: Range<usize>) -> Fault {
    Fault::new("unterminated string", span)
        .hint("close it on the same line, with the quote that opened it")
}

/// The length of a decimal number without sign, and whether it is valid JSON; or what is wrong, and
/// up to where.
fn decimal(bytes: &[u8]) -> Result<(usize, bool), (&'static str, usize)> {
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    if whole > 1 && bytes[0] == b'0' {
        return Err((
            "a number cannot start with a zero followed by other digits",
            whole,
        ));
    }
    let mut end = whole;
    let mut json = whole > 0;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        json &= fraction > 0;
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return Err(("expected digits in this number", end));
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        end += 1 + sign + exponent;
        if exponent == 0 {
            return Err(("expected digits after the exponent", end));
        }
    }
    Ok((end, json))
}

// Keep the tape small: a file of 50 MB has millions of entries.
const _: () = assert!(size_of::<Entry>() == 12);
