//! Recognises keys by their shape, anywhere: issuers' prefixes, and sequences of letters and digits
//! that no word, model or date has.

use std::ops::Range;

/// Prefixes of credentials, followed by at least [`MIN_BODY`] characters.
const PREFIXES: [&str; 36] = [
    "sk-",
    "pk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "pk_live_",
    "whsec_",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxe-",
    "xapp-",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "AIza",
    "AKIA",
    "ASIA",
    "ya29.",
    "hf_",
    "gsk_",
    "xai-",
    "pplx-",
    "r8_",
    "npm_",
    "nvapi-",
    "tvly-",
    "fw_",
    "dop_v1_",
    "lin_api_",
    "SG.",
    "eyJ",
];

/// Shorter than any real credential with a prefix, longer than any word in prose.
const MIN_BODY: usize = 16;

/// Shorter words are never considered random.
const MIN_LENGTH: usize = 10;

/// How much a word looks random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Word,
    /// So do hashes and ids.
    Id,
    Key,
}

/// The parts that look like a key. `wary` includes possible hashes and ids.
pub(super) fn ranges(text: &str, wary: bool) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut last = 0..0;
    while at < bytes.len() {
        if !is_token_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_token_byte(bytes[at]) {
            at += 1;
        }
        let run = &text[start..at];
        let scheme = &text[last.clone()];
        let after_scheme = last.end > 0
            && (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("basic"))
            && text[last.end..start].bytes().all(|b| b == b' ');
        if after_scheme && run.len() >= 8 && run.bytes().any(|b| b.is_ascii_digit()) {
            found.push(start..at);
        } else if run.len() >= MIN_LENGTH
            && let Some(key) = key_in(run, wary)
        {
            found.push(start + key.start..start + key.end);
        }
        last = start..at;
    }
    found
}

/// Whether a text contains something that looks like a key.
pub(super) fn is_key(text: &str) -> bool {
    !ranges(text, false).is_empty()
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-' | b'.')
}

/// The key in a text without spaces and quotes: from the part that looks like one to the end, since
/// a key may continue with any characters.
fn key_in(run: &str, wary: bool) -> Option<Range<usize>> {
    let least = if wary { Likeness::Id } else { Likeness::Key };
    let prefixed = prefixed(run);
    let mut start = 0;
    let mut random = None;
    for word in run.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if bare.len() >= MIN_LENGTH && likeness(bare) >= least {
            random = Some(segment_start(run, start));
            break;
        }
        start += word.len();
    }
    let from = prefixed
        .into_iter()
        .chain(random)
        .chain(base64(run))
        .min()?;
    let end = run.trim_end_matches('.').len();
    let key = run[from..].trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    Some(run.len() - key.len()..end)
}

/// The start of a credential with a prefix.
fn prefixed(run: &str) -> Option<usize> {
    /// How far to search for a digit.
    const MAX_SEARCHED: usize = 100;
    let starts = run.match_indices(['+', '=', '.']).map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).find(|&at| {
        let rest = &run[at..];
        let prefix = PREFIXES.iter().find(|prefix| rest.starts_with(**prefix));
        prefix.is_some_and(|prefix| {
            let body = &rest.as_bytes()[prefix.len()..];
            body.len() >= MIN_BODY && body.iter().take(MAX_SEARCHED).any(u8::is_ascii_digit)
        })
    })
}

/// Whether a path segment is an ordinary name of a file or model.
fn is_plain(segment: &str) -> bool {
    segment
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

/// The start of Base64 that `/` and `+` split into short words.
fn base64(run: &str) -> Option<usize> {
    const MIN_LENGTH: usize = 32;
    let is_one = |text: &str| {
        let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        letters.len() < text.len() && likeness(&letters) == Likeness::Key
    };
    let mut start = 0;
    run.split(['-', '_', '.', '=']).find_map(|text| {
        let end = start + text.len();
        let mut rest = text;
        while let Some((folder, inner)) = rest.split_once('/')
            && is_plain(folder)
        {
            rest = inner;
        }
        start = end + 1;
        (rest.len() >= MIN_LENGTH && is_one(rest)).then(|| end - rest.len())
    })
}

/// The start of the path or file name segment that contains a word, including preceding segments
/// that aren't ordinary names.
fn segment_start(run: &str, word: usize) -> usize {
    let mut start = word;
    while let Some(at) = run[..start].rfind(['/', '.', '=', '+']) {
        let segment = &run[at + 1..start];
        if segment.len() < start - at - 1 || run.as_bytes()[at] == b'=' {
            return at + 1;
        }
        let before = run[..at].rfind(['/', '.', '=', '+']).map_or(0, |at| at + 1);
        if is_plain(&run[before..at]) {
            return at + 1;
        }
        start = at;
    }
    0
}

/// Rates a word of letters and digits by how often the character class changes. A new hump in camel
/// case counts once.
fn likeness(word: &str) -> Likeness {
    // A ULID isn't secret.
    if word.len() == 26 && word.starts_with("01") {
        return Likeness::Word;
    }
    let Counts {
        digits,
        uppers,
        lowers,
        lower_runs,
        changes,
        is_hex,
    } = Counts::of(word);
    let length = word.len();
    let is_mixed = uppers >= 2 && lowers >= 2;
    // Camel case names have long humps.
    let is_choppy = lowers < 3 * lower_runs;
    let is_key = match (is_mixed, digits) {
        (true, 0) => length >= 24 && changes * 4 >= length && is_choppy,
        (true, _) if length < 16 => digits >= 2 && changes * 5 >= 2 * length,
        (true, _) => changes * 5 >= length && is_choppy,
        (false, _) if is_hex => false,
        (false, 3..) if lowers == 0 => length >= 16 && uppers >= 3 && changes * 10 >= 3 * length,
        (false, 3..) if length >= 32 => changes * 10 >= 3 * length,
        (false, 3..) => length >= 20 && changes * 5 >= 2 * length,
        _ => false,
    };
    let letters = uppers + lowers;
    if is_key {
        Likeness::Key
    } else if (is_hex && length >= 24 && digits >= 4 && letters >= 4)
        || (length >= 16 && digits >= 3 && letters >= 4 && changes * 10 >= 3 * length)
    {
        Likeness::Id
    } else {
        Likeness::Word
    }
}

/// The number of characters of each class in a word, and of changes between classes.
struct Counts {
    digits: usize,
    uppers: usize,
    lowers: usize,
    /// The number of runs of lower-case letters.
    lower_runs: usize,
    changes: usize,
    is_hex: bool,
}

impl Counts {
    fn of(word: &str) -> Self {
        let mut counts = Self {
            digits: 0,
            uppers: 0,
            lowers: 0,
            lower_runs: 0,
            changes: 0,
            is_hex: true,
        };
        let kind = |byte: u8| match byte {
            b'0'..=b'9' => 0,
            b'A'..=b'Z' => 1,
            _ => 2,
        };
        let mut last = None;
        for byte in word.bytes() {
            let now = kind(byte);
            match now {
                0 => counts.digits += 1,
                1 => counts.uppers += 1,
                _ => counts.lowers += 1,
            }
            counts.lower_runs += usize::from(now == 2 && last != Some(2));
            let is_change = last.is_some_and(|last| last != now && (last, now) != (1, 2));
            counts.changes += usize::from(is_change);
            counts.is_hex &= byte.is_ascii_hexdigit();
            last = Some(now);
        }
        // Hexadecimal digits all have the same case.
        counts.is_hex &= counts.uppers == 0 || counts.lowers == 0;
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, wary: bool) -> Vec<&str> {
        let ranges = ranges(text, wary);
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn finds_complete_keys() {
        for key in [
            "cAnArY7f3Q+x/Zz0=",
            "pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ",
            "wJalrXUtnFEMIK7MDENGbPxRfiCY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "sk-proj-0123456789abcdefghij",
            "AKIAIOSFODNN7EXAMPLE12345",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP",
            "k3x9q2w8z7p1m5n4b6v0",
            "JBSWY3DPEHPK3PXP7Q2A",
            "Zm9vYmFyYmF6cXV4cXV1eENvcmdl",
        ] {
            assert_eq!(found(key, false), [key]);
            for around in ["x {} y", "\"{}\"", "a={}", "({})", "{},", "see `{}`."] {
                let text = around.replace("{}", key);
                assert_eq!(found(&text, false), [key], "{text}");
            }
        }
        assert_eq!(found("Bearer abcd1234", false), ["abcd1234"]);
        assert_eq!(
            found("https://h/v1/pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ", false),
            ["pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"]
        );
        assert_eq!(found("d41d8cd98f00b204e9800998ecf8427e", true).len(), 1);
    }

    #[test]
    fn names_are_not_keys() {
        for text in [
            "claude-sonnet-4-20250514",
            "@openai-prod/gpt-5-2025-01-01",
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            "accounts/fireworks/models/qwen2p5-coder-32b-instruct",
            "mistralai/Mixtral-8x7B-Instruct-v0.1",
            "ft:gpt-4o-mini-2024-07-18:acme::A1b2C3d4",
            "memorySearchRemoteApiKeyV2",
            "550e8400-e29b-41d4-a716-446655440000",
            "d41d8cd98f00b204e9800998ecf8427e",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "pc-pplx-c-ca7a87",
            "iPhone15ProMax",
            "GPT4oMini2024",
            "2026-11-28T18:43:02.123Z",
            "/home/someone/.openclaw/openclaw.json5",
            "Bearer token",
            "Basic authentication",
        ] {
            assert_eq!(found(text, false), [""; 0], "{text}");
        }
    }
}
