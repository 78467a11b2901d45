//! The values of keys, strings and numbers, whose syntax the parser has already checked.

use std::borrow::Cow;
use std::str::Chars;

use super::trivia;

/// Whether every reader accepts the key unquoted: an ASCII identifier of ECMAScript 5.1. Non-ASCII
/// letters are allowed too, but readers disagree on newer ones, so keys with those are quoted.
pub(crate) fn is_plain_identifier(key: &str) -> bool {
    key.is_ascii() && key.starts_with(starts_identifier) && key.chars().all(continues_identifier)
}

/// Whether an unquoted key may start with this character.
pub(super) fn starts_identifier(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic() || c == '$' || c == '_'
    } else {
        json5::char::is_json5_identifier_start(c)
    }
}

/// Whether an unquoted key may contain this character after its start.
pub(super) fn continues_identifier(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '$' || c == '_'
    } else {
        json5::char::is_json5_identifier(c)
    }
}

/// Whether a character may be sent to a terminal as is: not a control character or line separator,
/// not one that reorders the line, and not an invisible one.
#[must_use]
pub fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// The value of a key, quoted or not.
pub(super) fn key(source: &str) -> Cow<'_, str> {
    if source.starts_with(['"', '\'']) {
        quoted(source)
    } else {
        unescape(source)
    }
}

/// The value of a quoted string.
pub(super) fn quoted(source: &str) -> Cow<'_, str> {
    unescape(&source[1..source.len() - 1])
}

/// The value of a string, given the text between its quotes, and the source offset of each byte of
/// the value and of its end.
#[must_use]
pub fn unescape_with_offsets(source: &str) -> (String, Vec<usize>) {
    let mut value = String::with_capacity(source.len());
    let mut offsets = Vec::with_capacity(source.len() + 1);
    let mut chars = source.chars();
    loop {
        let start = source.len() - chars.as_str().len();
        match chars.next() {
            Some('\\') => escape(&mut chars, &mut value),
            Some(c) => value.push(c),
            None => break,
        }
        offsets.resize(value.len(), start);
    }
    offsets.push(source.len());
    (value, offsets)
}

fn unescape(source: &str) -> Cow<'_, str> {
    let Some(first) = source.find('\\') else {
        return Cow::Borrowed(source);
    };
    let mut value = String::with_capacity(source.len());
    value.push_str(&source[..first]);
    let mut chars = source[first..].chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            escape(&mut chars, &mut value);
        } else {
            value.push(c);
        }
    }
    Cow::Owned(value)
}

/// The offset in a string's source, with quotes, of each byte of its value; the last one is the
/// closing quote's.
#[must_use]
pub fn places(source: &str) -> Vec<usize> {
    let inner = source
        .get(1..source.len().saturating_sub(1))
        .unwrap_or_default();
    let (_, offsets) = unescape_with_offsets(inner);
    offsets.into_iter().map(|offset| offset + 1).collect()
}

fn escape(chars: &mut Chars<'_>, value: &mut String) {
    let Some(c) = chars.next() else { return };
    match c {
        'b' => value.push('\u{8}'),
        'f' => value.push('\u{C}'),
        'n' => value.push('\n'),
        'r' => value.push('\r'),
        't' => value.push('\t'),
        'v' => value.push('\u{B}'),
        '0' => value.push('\0'),
        'x' => value.push(char::from_u32(hex(chars, 2)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        'u' => {
            let unit = hex(chars, 4);
            value.push(with_low_surrogate(unit, chars));
        }
        '\r' => {
            if chars.as_str().starts_with('\n') {
                chars.next();
            }
        }
        c if trivia::is_line_break(c) => {}
        c => value.push(c),
    }
}

/// The character of a UTF-16 unit, combined with the following escape if both form a pair.
fn with_low_surrogate(unit: u32, chars: &mut Chars<'_>) -> char {
    if let Some(c) = char::from_u32(unit) {
        return c;
    }
    if let Some((low, length)) = pair_with(unit, chars.as_str()) {
        *chars = chars.as_str()[length..].chars();
        let point = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        return char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::REPLACEMENT_CHARACTER
}

/// The low surrogate escaped at the start of `rest`, if `unit` is a high one, and the end of its
/// escape. Line continuations between the two are skipped.
pub(super) fn pair_with(unit: u32, rest: &str) -> Option<(u32, usize)> {
    if !(0xD800..0xDC00).contains(&unit) {
        return None;
    }
    let mut start = 0;
    while let Some(length) = continuation(&rest[start..]) {
        start += length;
    }
    let digits = rest[start..].strip_prefix("\\u")?.get(..4)?;
    let low = u32::from_str_radix(digits, 16).ok()?;
    (0xDC00..0xE000).contains(&low).then_some((low, start + 6))
}

/// The length of the line continuation at the start of `rest`.
fn continuation(rest: &str) -> Option<usize> {
    let next = rest.strip_prefix('\\')?;
    if next.starts_with("\r\n") {
        return Some(3);
    }
    let c = next.chars().next().filter(|&c| trivia::is_line_break(c))?;
    Some(1 + c.len_utf8())
}

fn hex(chars: &mut Chars<'_>, digits: usize) -> u32 {
    chars
        .take(digits)
        .filter_map(|c| c.to_digit(16))
        .fold(0, |value, digit| value * 16 + digit)
}

/// The value of a number in any JSON5 notation, rounded like in JavaScript.
pub(super) fn number(source: &str) -> f64 {
    let (negative, digits) = match source.as_bytes().first() {
        Some(b'-') => (true, &source[1..]),
        Some(b'+') => (false, &source[1..]),
        _ => (false, source),
    };
    let magnitude = match digits.as_bytes() {
        b"Infinity" => f64::INFINITY,
        b"NaN" => f64::NAN,
        [b'0', b'x' | b'X', hex @ ..] => hex_number(hex),
        // Rust's float grammar includes all decimal forms that the parser accepts.
        _ => digits.parse().unwrap_or(f64::NAN),
    };
    if negative { -magnitude } else { magnitude }
}

/// The nearest double: the 64 leading bits, with any lower bits combined into one sticky bit.
#[expect(
    clippy::cast_precision_loss,
    reason = "rounding to the nearest double is the point"
)]
fn hex_number(digits: &[u8]) -> f64 {
    let mut leading: u64 = 0;
    let mut shifted: i32 = 0;
    for &digit in digits {
        let digit = u64::from(char::from(digit).to_digit(16).unwrap_or(0));
        if leading >> 60 == 0 {
            leading = (leading << 4) | digit;
        } else {
            leading |= u64::from(digit != 0);
            shifted = shifted.saturating_add(4);
        }
    }
    if shifted > 1024 {
        f64::INFINITY
    } else {
        leading as f64 * 2f64.powi(shifted)
    }
}

/// A string or key with each lone surrogate escape replaced by `\uFFFD`, its value here, and with
/// pairs joined across the line continuations between them; `None` if there is nothing to change.
pub(super) fn without_lone_surrogates(source: &str) -> Option<String> {
    let mut respelt: Option<String> = None;
    let mut at = 0;
    while let Some(length) = source[at..].find('\\') {
        at += length;
        let escaped = &source[at + 1..];
        let unit = escaped
            .strip_prefix('u')
            .and_then(|rest| u32::from_str_radix(rest.get(..4)?, 16).ok());
        at += match unit {
            Some(unit) => match pair_with(unit, &escaped[5..]) {
                Some((_, 6)) => 12,
                Some((_, length)) => {
                    let (between, low) = (at + 6..at + length, at + length..at + 6 + length);
                    let moved = [&source[low], &source[between]].concat();
                    let respelt = respelt.get_or_insert_with(|| source.to_owned());
                    respelt.replace_range(at + 6..at + 6 + length, &moved);
                    6 + length
                }
                None => {
                    if char::from_u32(unit).is_none() {
                        let respelt = respelt.get_or_insert_with(|| source.to_owned());
                        respelt.replace_range(at + 2..at + 6, "FFFD");
                    }
                    6
                }
            },
            None => 1 + escaped.chars().next().map_or(0, char::len_utf8),
        };
    }
    respelt
}

/// A hexadecimal number of more than 124 bits in decimal, padded to the same length.
pub(super) fn without_huge_hex(source: &str) -> Option<String> {
    let is_huge = source.len() > 33 && source.contains(['x', 'X']);
    let value = number(source);
    // `Infinity` fits as well: all huge numbers have more than 33 bytes.
    let decimal = if value.is_finite() {
        format!("{value:e}")
    } else {
        format!("{value}").replace("inf", "Infinity")
    };
    is_huge.then(|| format!("{decimal:width$}", width = source.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_of_a_value() {
        for source in [
            r#""plain""#,
            r#""a\"b\\c""#,
            r"'\u00e4\ud83d\ude00x\x41'",
            "'line\\\nbreak'",
            r#""ä\n""#,
            "''",
        ] {
            let value = quoted(source);
            let places = places(source);
            assert_eq!(places.len(), value.len() + 1, "{source}");
            assert_eq!(places[value.len()], source.len() - 1, "{source}");
            for (at, c) in value.char_indices() {
                let written = &source[places[at]..places[at + c.len_utf8()]];
                let is_one = written == c.to_string() || written.contains('\\');
                assert!(is_one, "{source}: {c:?} is not {written:?}");
            }
        }
    }

    #[test]
    fn hex_numbers_round_like_in_javascript() {
        for (source, expected) in [
            ("0x0", 0.0),
            ("0xdeadBEEF", 3_735_928_559.0),
            ("-0x10", -16.0),
            ("0x20000000000001", 9_007_199_254_740_992.0),
            ("0x20000000000003", 9_007_199_254_740_996.0),
            (
                "0x200000000000010000000000000000000",
                6.805_647_338_418_77e38,
            ),
            // A bit below the 64 leading bits must still break a tie.
            (
                "0x200000000000010000000000000000001",
                6.805_647_338_418_771e38,
            ),
        ] {
            assert_eq!(number(source).to_bits(), f64::to_bits(expected), "{source}");
        }
        let huge = format!("0x1{}", "0".repeat(400));
        assert_eq!(number(&huge).to_bits(), f64::INFINITY.to_bits());
        assert_eq!(number("-0x0").to_bits(), (-0.0f64).to_bits());
    }
}
