//! What the system says about a process.

use std::time::{Duration, SystemTime};

/// The user's number, where the system has such.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
pub(super) fn user_id() -> Option<u32> {
    Some(rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
pub(super) fn user_id() -> Option<u32> {
    None
}

/// Whether there is such a process; where that cannot be told, it is assumed.
#[cfg(unix)]
pub(super) fn is_alive(pid: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};

    let Some(process) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return false;
    };
    match test_kill_process(process) {
        Ok(()) => stat_fields(pid).is_none_or(|fields| fields.first().is_none_or(|s| s != "Z")),
        Err(error) => error != rustix::io::Errno::SRCH,
    }
}

#[cfg(not(unix))]
pub(super) fn is_alive(_pid: u32) -> bool {
    true
}

/// The fields of `/proc/<pid>/stat` after the command's name, which may hold spaces itself.
/// `None` where the system has no such file.
fn stat_fields(pid: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// Clock ticks from boot to the start of the process.
pub(super) fn start_ticks(pid: u32) -> Option<u64> {
    stat_fields(pid)?.get(19)?.parse().ok()
}

/// When the process started, to about a second.
pub(super) fn started(pid: u32) -> Option<SystemTime> {
    /// What Linux promises programs, whatever its own clock.
    const TICKS_PER_SECOND: u64 = 100;
    let ticks = start_ticks(pid)?;
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let boot = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    let boot = Duration::from_secs(boot.trim().parse().ok()?);
    Some(SystemTime::UNIX_EPOCH + boot + Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

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

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_started_in_the_past() {
        let pid = std::process::id();
        assert!(super::is_alive(pid));
        let started = super::started(pid).unwrap();
        assert!(
            started
                <= std::fs::metadata("/proc/self").unwrap().modified().unwrap()
                    + Duration::from_secs(2)
        );
        assert!(!super::is_alive(u32::MAX));
    }
}
