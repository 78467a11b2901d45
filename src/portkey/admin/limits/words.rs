//! Splits a limit written by a person into a number and the words after it.

use serde_json::Number;

use super::MAX_AMOUNT;

/// A limit written by a person, split into parts.
#[derive(Debug)]
pub(super) struct Words {
    digits: u64,
    /// The power of ten to multiply by; negative for decimals.
    power: i32,
    /// Whether it starts with a dollar sign.
    pub(super) is_dollars: bool,
    /// The words after the number, in lower case, without `per` and `/`.
    pub(super) rest: Vec<String>,
}

impl Words {
    /// Splits a text.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let plain = ["us$", "$", "usd"]
            .iter()
            .find_map(|sign| text.strip_prefix(sign));
        let body = plain.unwrap_or(&text).trim_start();
        let end = body
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '_'))
            .unwrap_or(body.len());
        let (number, rest) = body.split_at(end);
        let (digits, decimals) = number_of(number)?;
        let (factor, rest) = factor(rest);
        let rest = rest.replace('/', " ").replace('$', " $ ");
        let mut rest: Vec<String> = rest
            .split_whitespace()
            .filter(|word| !matches!(*word, "per" | "a" | "an" | "each" | "every"))
            .map(str::to_owned)
            .collect();
        let mut power = factor - decimals;
        if let Some(more) = rest.first().and_then(|word| written_factor(word)) {
            power += more;
            rest.remove(0);
        }
        if power == -decimals {
            is_clear(number)?;
        }
        Ok(Self {
            digits,
            power,
            is_dollars: plain.is_some(),
            rest,
        })
    }

    /// The number, if it is an integer.
    pub(super) fn whole(&self) -> Option<u64> {
        let scale = 10_u64.checked_pow(self.power.unsigned_abs())?;
        let whole = if self.power >= 0 {
            self.digits.checked_mul(scale)?
        } else {
            self.digits
                .is_multiple_of(scale)
                .then(|| self.digits / scale)?
        };
        (whole <= MAX_AMOUNT).then_some(whole)
    }
}

/// The digits of a number, and how many of them are decimals.
fn number_of(text: &str) -> Result<(u64, i32), String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split([',', '_']);
    let first = groups.next().unwrap_or_default();
    let is_grouped = groups.clone().next().is_some();
    let fits = |group: &str| group.len() == 3;
    if first.is_empty() {
        return Err("a limit must begin with a number".to_owned());
    }
    let is_odd = (is_grouped && (first.len() > 3 || !groups.all(fits)))
        || fraction.contains(['.', ',', '_'])
        || (text.contains('.') && fraction.is_empty());
    if is_odd {
        return Err(format!(
            "`{text}` is not a number; write 10000, 10,000 or 1.5"
        ));
    }
    let fraction = fraction.trim_end_matches('0');
    let digits: String = whole
        .chars()
        .chain(fraction.chars())
        .filter(char::is_ascii_digit)
        .collect();
    let digits = digits
        .parse()
        .ok()
        .filter(|digits| *digits <= MAX_AMOUNT)
        .ok_or_else(|| format!("`{text}` is too large"))?;
    Ok((digits, i32::try_from(fraction.len()).unwrap_or(i32::MAX)))
}

/// Rejects `1.000`, which is one or a thousand, depending on the country.
fn is_clear(number: &str) -> Result<(), String> {
    match number.split_once('.') {
        Some((whole, fraction)) if fraction.len() == 3 => {
            let plain = number.trim_end_matches('0').trim_end_matches('.');
            Err(format!(
                "`{number}` can be read in two ways; write {whole}{fraction} or {plain}"
            ))
        }
        _ => Ok(()),
    }
}

/// `k`, `M` or `B` directly after the number, as a power of ten.
fn factor(rest: &str) -> (i32, &str) {
    let mut chars = rest.chars();
    let power = match chars.next() {
        Some('k') => 3,
        Some('m') => 6,
        Some('b') => 9,
        _ => return (0, rest),
    };
    let behind = chars.as_str();
    if behind.starts_with(|c: char| c.is_alphabetic()) {
        return (0, rest);
    }
    (power, behind)
}

fn written_factor(word: &str) -> Option<i32> {
    Some(match word {
        "thousand" | "k" => 3,
        "million" | "mio" | "mn" | "m" => 6,
        "billion" | "bn" => 9,
        _ => return None,
    })
}

/// A number in its shortest form: `10M`, `250k`.
pub(super) fn compact(number: &Number) -> String {
    let Some(whole) = number.as_u64().filter(|whole| *whole > 0) else {
        return number.to_string();
    };
    for (size, sign) in [(1_000_000_000, 'B'), (1_000_000, 'M'), (1_000, 'k')] {
        if whole.is_multiple_of(size) {
            return format!("{}{sign}", whole / size);
        }
    }
    whole.to_string()
}
