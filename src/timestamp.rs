//! UTC timestamps such as `2026-11-24T05:54:23.120Z`, as written by OpenClaw, Portkey and our own
//! records.

use std::time::SystemTime;

use humantime::{format_rfc3339_millis, format_rfc3339_seconds};

/// To the second: `2026-11-24T05:54:23Z`.
pub(crate) fn seconds(time: SystemTime) -> String {
    format_rfc3339_seconds(since_1970(time)).to_string()
}

/// To the millisecond: `2026-11-24T05:54:23.120Z`.
pub(crate) fn millis(time: SystemTime) -> String {
    format_rfc3339_millis(since_1970(time)).to_string()
}

/// Parses a timestamp that ends in `Z`.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

/// The clock of a board without a battery may be before 1970, which the format can't represent.
fn since_1970(time: SystemTime) -> SystemTime {
    time.max(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{millis, parse, seconds};
    use std::time::{Duration, SystemTime};

    fn at(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    #[test]
    fn times_around_leap_days_round_trip() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
            (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
            (1_795_499_663_120, "2026-11-24T05:54:23.120Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            let time = at(milliseconds);
            assert_eq!(millis(time), text);
            assert_eq!(parse(text), Some(time), "{text}");
            let whole = format!("{}Z", &text[..text.len() - 5]);
            assert_eq!(seconds(time), whole);
            assert_eq!(parse(&whole), Some(at(milliseconds / 1000 * 1000)));
        }
    }

    #[test]
    fn times_before_1970_become_1970() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(seconds(before), "1970-01-01T00:00:00Z");
        assert_eq!(millis(before), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn rejects_other_texts() {
        for text in [
            "",
            "now",
            "2026-11-24",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T05:54:23.1x0Z",
            "2026-11-24T05:54:23.120+02:00",
            "1969-01-01T00:00:00Z",
            "２０２６-11-24T05:54:23Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
