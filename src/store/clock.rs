//! The time, for the records that the store leaves behind.

use std::time::{SystemTime, UNIX_EPOCH};

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
    use super::format;

    #[test]
    fn dates_around_leap_days() {
        assert_eq!(format(0, 0), "1970-01-01T00:00:00.000Z");
        assert_eq!(format(951_782_400, 7), "2000-02-29T00:00:00.007Z");
        assert_eq!(format(1_709_251_199, 999), "2024-02-29T23:59:59.999Z");
        assert_eq!(format(1_795_499_663, 120), "2026-11-24T05:54:23.120Z");
        assert_eq!(format(4_107_542_400, 0), "2100-03-01T00:00:00.000Z");
    }
}
