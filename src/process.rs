//! What the system knows about a process: whether it is alive, and since when.
//!
//! Used to judge locks, temporary files and gateways.
#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::disallowed_methods,
        reason = "the system reports this in files under /proc"
    )
)]

#[cfg(target_os = "linux")]
use std::time::Duration;
use std::time::SystemTime;

/// The user's id, if the system has one.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no user ids")]
pub(crate) fn user_id() -> Option<u32> {
    Some(rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
pub(crate) fn user_id() -> Option<u32> {
    None
}

/// Field 22 of `/proc/<pid>/stat`: clock ticks from boot to the start of the process. Together with
/// the id, it identifies a process uniquely. `None` if there is no such file.
#[cfg(target_os = "linux")]
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    stat_fields(pid)?.get(19)?.parse().ok()
}

/// Only Linux provides it cheaply; a lock without it is judged by its process id alone.
#[cfg(not(target_os = "linux"))]
pub(crate) fn start_time(_pid: u32) -> Option<u64> {
    None
}

/// When the process started, to about a second; `None` if the system doesn't say.
#[cfg(target_os = "linux")]
pub(crate) fn started(pid: u32) -> Option<SystemTime> {
    /// Linux's fixed user-space value, whatever its internal clock.
    const TICKS_PER_SECOND: u64 = 100;
    let ticks = start_time(pid)?;
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let boot = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    let boot = Duration::from_secs(boot.trim().parse().ok()?);
    Some(SystemTime::UNIX_EPOCH + boot + Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// Only Linux provides it cheaply.
#[cfg(not(target_os = "linux"))]
pub(crate) fn started(_pid: u32) -> Option<SystemTime> {
    None
}

/// The fields of `/proc/<pid>/stat` after the command name, which may contain spaces.
#[cfg(target_os = "linux")]
fn stat_fields(pid: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// A zombie has exited and waits for its parent; one with threads left is still running.
#[cfg(target_os = "linux")]
fn is_zombie(pid: u32) -> bool {
    stat_fields(pid).is_some_and(|fields| {
        fields.first().is_some_and(|state| state == "Z")
            && fields.get(17).is_some_and(|threads| threads == "1")
    })
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_zombie(_pid: u32) -> bool {
    false
}

/// What is known about a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It is running, or its id was reused.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix can tell"))]
    Alive,
    /// It has certainly exited, as far as this machine and container can see.
    Dead,
    /// The system doesn't say.
    Unknown,
}

/// Whether a process is still running.
#[cfg(unix)]
pub(crate) fn life(pid: u32) -> Life {
    use rustix::process::{Pid, test_kill_process};

    let Some(pid_t) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Life::Dead;
    };
    match test_kill_process(pid_t) {
        Ok(()) if is_zombie(pid) => Life::Dead,
        Err(error) if error == rustix::io::Errno::SRCH => Life::Dead,
        _ => Life::Alive,
    }
}

/// There is no safe call to find out.
#[cfg(not(unix))]
pub(crate) fn life(_pid: u32) -> Life {
    Life::Unknown
}

/// Whether the process has certainly exited.
pub(crate) fn is_dead(pid: u32) -> bool {
    life(pid) == Life::Dead
}

/// Identifies the namespace of this process's ids: the boot of this machine and, within it, the
/// container. `None` if the system doesn't provide it.
#[cfg(target_os = "linux")]
pub(crate) fn origin() -> Option<&'static str> {
    use std::sync::OnceLock;

    static ORIGIN: OnceLock<Option<String>> = OnceLock::new();
    let read = || {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
        let digits =
            |text: &str| -> String { text.chars().filter(char::is_ascii_hexdigit).collect() };
        let space = space.to_str()?.strip_prefix("pid:")?;
        let boot = digits(&boot);
        Some(format!("{}-{}", boot.get(..16)?, digits(space)))
    };
    ORIGIN.get_or_init(read).as_deref()
}

/// Other systems have no such containers, and a home folder shared by two machines is rare.
#[cfg(not(target_os = "linux"))]
pub(crate) fn origin() -> Option<&'static str> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    #[test]
    fn this_process_started_in_the_past() {
        let pid = std::process::id();
        assert!(!super::is_dead(pid));
        let started = super::started(pid).unwrap();
        assert!(
            started
                <= std::fs::metadata("/proc/self").unwrap().modified().unwrap()
                    + Duration::from_secs(2)
        );
        assert!(super::is_dead(u32::MAX));
    }

    #[test]
    fn origins_are_plain_text() {
        let origin = super::origin().unwrap();
        let (boot, space) = origin.split_once('-').unwrap();
        assert_eq!(boot.len(), 16, "{origin}");
        for part in [boot, space] {
            assert!(part.chars().all(|c| c.is_ascii_hexdigit()), "{origin}");
        }
        assert_eq!(super::origin(), Some(origin));
    }
}
