//! The time, for the records that the store leaves behind.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Now, as `2026-11-24T05:54:23.120Z`.
pub(super) fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format(since.as_secs(), since.subsec_millis())
}

/// Seconds since 1970 and milliseconds as an ISO 8601 date in UTC.
fn format(seconds: u64, millis: u32) -> String {
    const DAY: u64 = 86_400;
    let (mut year, mut day) = (1970, seconds / DAY);
    while day >= days_in_year(year) {
        day -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while day >= days_in_month(year, month) {
        day -= days_in_month(year, month);
        month += 1;
    }
    let time = seconds % DAY;
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}.{millis:03}Z",
        day + 1,
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

/// Reads what [`now`] writes, and OpenClaw, with or without the milliseconds.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, millis) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let is_sane = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61
        && millis.len() <= 3;
    if !is_sane {
        return None;
    }
    let days = (1970..year).map(days_in_year).sum::<u64>()
        + (1..month)
            .map(|month| days_in_month(year, month))
            .sum::<u64>()
        + day
        - 1;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(millis.parse().ok()?))
}

/// Three numbers with a sign between them.
fn numbers(text: &str, sign: char) -> Option<[u64; 3]> {
    let mut parts = text.split(sign).map(|part| part.parse().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_around_leap_days() {
        assert_eq!(format(0, 0), "1970-01-01T00:00:00.000Z");
        assert_eq!(format(951_782_400, 7), "2000-02-29T00:00:00.007Z");
        assert_eq!(format(1_709_251_199, 999), "2024-02-29T23:59:59.999Z");
        assert_eq!(format(1_795_499_663, 120), "2026-11-24T05:54:23.120Z");
        assert_eq!(format(4_107_542_400, 0), "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn dates_are_read_as_they_are_written() {
        for seconds in [0, 951_782_400, 1_709_251_199, 1_795_499_663, 4_107_542_400] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(120);
            assert_eq!(parse(&format(seconds, 120)), Some(time));
        }
        assert_eq!(
            parse("1970-01-01T00:00:01Z"),
            Some(UNIX_EPOCH + Duration::from_secs(1))
        );
        for text in [
            "",
            "1970-01-01",
            "1970-01-01T00:00:00",
            "1969-01-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1970-13-01T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:00Z",
            "1970-01-01T00:00:00.1234Z",
            "99999999999999999999-01-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
