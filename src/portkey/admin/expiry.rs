//! When a key expires, as people write it: `90d`, `2027-01-31`.

use std::time::{Duration, SystemTime};

use humantime::{format_rfc3339_seconds, parse_duration, parse_rfc3339};

const FORM: &str = "write a duration such as `90d` or `12h`, or a date such as `2027-01-31`";

/// The maximum duration: a hundred years.
const MAX: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);

/// Parses a duration from now, a day (meaning its end), or a full timestamp.
///
/// # Errors
/// A sentence about what would be valid; the time has passed.
pub fn parse(text: &str, now: SystemTime) -> Result<String, String> {
    let text = text.trim();
    let at = if let Ok(span) = span(text) {
        now + span
    } else {
        let whole = if text.len() == 10 {
            format!("{text}T23:59:59Z")
        } else {
            text.to_owned()
        };
        parse_rfc3339(&whole).map_err(|_| FORM.to_owned())?
    };
    if at <= now {
        return Err(format!("{text} is in the past"));
    }
    Ok(format_rfc3339_seconds(at).to_string())
}

/// A timestamp without fractional seconds, which Portkey adds.
#[must_use]
pub fn to_the_second(text: &str) -> String {
    let time = parse_rfc3339(text).ok();
    time.map_or_else(
        || text.to_owned(),
        |time| format_rfc3339_seconds(time).to_string(),
    )
}

/// Parses a duration: `30m`, `90d`.
///
/// # Errors
/// A sentence about what would be valid.
pub fn span(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text.trim()).ok();
    span.filter(|span| !span.is_zero() && *span <= MAX)
        .ok_or_else(|| "write a duration such as `30m`, `12h` or `90d`".to_owned())
}

/// A length of time as it is written: `30m`, `1d 12h`.
#[must_use]
pub fn length(span: Duration) -> String {
    let mut rest = span.as_secs();
    let mut parts = Vec::new();
    for (seconds, unit) in [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')] {
        if rest >= seconds {
            parts.push(format!("{}{unit}", rest / seconds));
            rest %= seconds;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_several_ways() {
        let now = parse_rfc3339("2026-11-28T12:00:00Z").unwrap();
        for (text, wanted) in [
            ("90d", "2027-02-26T12:00:00Z"),
            ("12h", "2026-11-29T00:00:00Z"),
            (" 1w ", "2026-12-05T12:00:00Z"),
            ("1d 6h", "2026-11-29T18:00:00Z"),
            ("2027-01-31", "2027-01-31T23:59:59Z"),
            ("2026-11-28", "2026-11-28T23:59:59Z"),
            ("2027-01-31T08:00:00Z", "2027-01-31T08:00:00Z"),
        ] {
            assert_eq!(parse(text, now).as_deref(), Ok(wanted), "{text}");
        }
        for text in [
            "",
            "soon",
            "90",
            "0d",
            "2026-02-30",
            "31.01.2027",
            "9999999w",
            "-1d",
        ] {
            assert_eq!(parse(text, now), Err(FORM.to_owned()), "{text}");
        }
        for text in ["2026-11-27", "2020-01-01T00:00:00Z"] {
            assert!(parse(text, now).unwrap_err().contains("past"), "{text}");
        }
    }

    #[test]
    fn lengths_are_written_as_they_are_read() {
        for text in ["30m", "12h", "1d 12h", "400d", "90s"] {
            let read = span(text).unwrap();
            let wanted = if text == "90s" { "1m 30s" } else { text };
            assert_eq!(length(read), wanted);
            assert_eq!(span(&length(read)), Ok(read));
        }
    }
}
