//! Whether a process still lives: for locks and temporary files left by dead ones.

/// Field 22 of `/proc/<pid>/stat`: clock ticks from boot to the start of the process. Together
/// with the id it names a process for good. `None` where there is no such file.
#[cfg(target_os = "linux")]
pub(super) fn start_time(pid: u32) -> Option<u64> {
    stat_fields(pid)?.get(19)?.parse().ok()
}

/// Only Linux tells it cheaply; a lock without it is judged by its process id alone.
#[cfg(not(target_os = "linux"))]
pub(super) fn start_time(_pid: u32) -> Option<u64> {
    None
}

/// The fields of `/proc/<pid>/stat` after the command's name, which may hold spaces itself.
#[cfg(target_os = "linux")]
fn stat_fields(pid: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// A zombie has ended and only waits for its parent; one with threads left still works.
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

/// True only when the process has certainly ended.
#[cfg(unix)]
pub(super) fn is_dead(pid: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};

    let Some(pid_t) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return true;
    };
    match test_kill_process(pid_t) {
        Ok(()) => is_zombie(pid),
        Err(error) => error == rustix::io::Errno::SRCH,
    }
}

/// Unknown here, so a foreign lock is always honoured.
#[cfg(not(unix))]
pub(super) fn is_dead(_pid: u32) -> bool {
    false
}
