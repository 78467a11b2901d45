//! JavaScript's comparisons and conversions.

use crate::document::Value;

/// `a === b`. Objects are compared by identity, and no two here are the same object.
pub(super) fn strictly_equal(a: Option<&Value>, b: &Value) -> bool {
    match (a, b) {
        (Some(Value::Null), Value::Null) => true,
        (Some(Value::Bool(a)), Value::Bool(b)) => a == b,
        #[expect(clippy::float_cmp, reason = "JavaScript compares them exactly")]
        (Some(Value::Number(a)), Value::Number(b)) => a == b,
        (Some(Value::String(a)), Value::String(b)) => a == b,
        _ => false,
    }
}

/// `String(value)`
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        None => "undefined".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(value)) => number(*value),
        Some(Value::String(value)) => value.clone(),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(item).collect();
            items.join(",")
        }
        Some(Value::Object(_)) => "[object Object]".to_owned(),
    }
}

fn item(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        value => text(Some(value)),
    }
}

fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if (1e-6..1e21).contains(&magnitude) {
        value.to_string()
    } else {
        let text = format!("{value:e}");
        match text.split_once('e') {
            Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
            _ => text,
        }
    }
}

/// `parseFloat(value)`
pub(super) fn parse_float(value: Option<&Value>) -> f64 {
    let text = text(value);
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("Infinity") {
        return if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
    }
    // The longest prefix that is a number.
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let sign = text.len() - unsigned.len();
    let whole = digits(sign);
    let mut end = sign + whole;
    if bytes.get(end) == Some(&b'.') {
        let part = digits(end + 1);
        if whole + part > 0 {
            end += 1 + part;
        }
    }
    if end == sign {
        return f64::NAN;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let power = bytes
            .get(end + 1 + signed)
            .map_or(0, |_| digits(end + 1 + signed));
        if power > 0 {
            end += 1 + signed + power;
        }
    }
    text[..end].parse().unwrap_or(f64::NAN)
}

/// `Number.parseInt(text)`
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(unsigned.len());
    if end == 0 {
        return None;
    }
    let number = unsigned[..end].parse::<i64>().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') {
        -number
    } else {
        number
    })
}

/// Converts from JSON.
pub(super) fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(from_json).collect()),
        serde_json::Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| (key.clone(), from_json(value)))
                .collect(),
        ),
    }
}

/// Converts to JSON; what JSON can't represent becomes `null`, as with `JSON.stringify`.
pub(super) fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "in the range of exact integers"
        )]
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            (*number as i64).into()
        }
        Value::Number(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), to_json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_parsed_from_a_prefix() {
        for (text, number) in [
            ("1.5rem", 1.5),
            ("  -2e3x", -2000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e", 1.0),
            ("1e+", 1.0),
            ("-Infinity!", f64::NEG_INFINITY),
        ] {
            let found = parse_float(Some(&text.into()));
            assert!(
                (found - number).abs() < 1e-12 || found.to_bits() == number.to_bits(),
                "{text}: {found}"
            );
        }
        for text in ["", "x1", ".", "-", "undefined"] {
            assert!(parse_float(Some(&text.into())).is_nan(), "{text}");
        }
        assert!(parse_float(None).is_nan());
        for (text, number) in [("20", Some(20)), (" 3.7", Some(3)), ("-5", Some(-5))] {
            assert_eq!(parse_int(text), number);
        }
        assert_eq!(parse_int("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }

    #[test]
    fn values_print_as_in_javascript() {
        let list = Value::Array(vec![1.into(), Value::Null, "a".into(), 0.1.into()]);
        for (value, shown) in [
            (list, "1,,a,0.1"),
            (Value::Object(Vec::new()), "[object Object]"),
            (Value::Number(1e21), "1e+21"),
            (Value::Number(-0.0), "0"),
            (Value::Number(1.5e-7), "1.5e-7"),
            (Value::Null, "null"),
        ] {
            assert_eq!(text(Some(&value)), shown);
        }
        assert_eq!(text(None), "undefined");
    }
}
