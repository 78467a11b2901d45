//! Times as OpenClaw writes them.

use std::time::{Duration, SystemTime};

/// Reads a time such as `2026-11-24T05:54:23.120Z`.
pub(super) fn parse_time(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-').map(str::parse::<u64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut time = time.split(':');
    let hour: u64 = time.next()?.parse().ok()?;
    let minute: u64 = time.next()?.parse().ok()?;
    let second: f64 = time.next()?.parse().ok()?;
    let is_sane = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && (0.0..61.0).contains(&second);
    if !is_sane {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    let whole = Duration::from_secs(days * 86_400 + hour * 3600 + minute * 60);
    Some(SystemTime::UNIX_EPOCH + whole + Duration::from_secs_f64(second))
}

#[cfg(test)]
mod tests {
    use super::parse_time;
    use std::time::{Duration, SystemTime};

    #[test]
    fn times_around_leap_days() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00.000Z", 951_782_400),
            ("2024-03-01T00:00:00.000Z", 1_709_251_200),
            ("2026-11-24T05:54:23.000Z", 1_795_499_663),
        ] {
            let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "2026-11-24",
            "2026-13-01T00:00:00Z",
            "1969-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
