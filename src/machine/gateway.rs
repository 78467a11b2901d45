//! Finds running gateways by their lock files.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde::Deserialize;

use crate::doctor::facts::{Gateway, Health, Newer};

use super::Query;
use super::files::{entries, has_extension, name, same, text};
use super::service::{Installed, value_in};
use crate::{process, timestamp};

/// How long to wait for a gateway's answer; it is on this machine.
const TIMEOUT: Duration = Duration::from_millis(300);

/// OpenClaw's default port.
const DEFAULT_PORT: u16 = 18789;

/// How much later than the start a file must have changed: the start time is only known to the
/// second.
const SLACK: Duration = Duration::from_secs(1);

/// OpenClaw's record of a running gateway.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lock {
    pid: u32,
    config_path: PathBuf,
    port: Option<u16>,
    /// Missing or `gateway`; other commands take the same lock.
    role: Option<String>,
    /// On Linux, clock ticks from boot to the start of the process.
    start_time: Option<u64>,
    created_at: Option<String>,
}

/// Every running gateway; the one on the located config comes first. `variable_files` are the files
/// with variables that it read when it started.
pub(super) fn find(
    query: &Query<'_>,
    installed: &[Installed],
    variable_files: &[PathBuf],
) -> Vec<Gateway> {
    let mut locks: Vec<(PathBuf, Lock)> = Vec::new();
    for file in lock_files(query, installed) {
        let lock = text(&file)
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str::<Lock>(&text).ok());
        // A gateway takes one lock for its state and one for its config.
        if let Some(lock) = lock.filter(Lock::is_running)
            && locks.iter().all(|(_, known)| known.pid != lock.pid)
        {
            locks.push((file, lock));
        }
    }
    let mut found: Vec<Gateway> = thread::scope(|scope| {
        let asked: Vec<_> = locks
            .into_iter()
            .map(|(file, lock)| {
                scope.spawn(move || {
                    let port = lock.port.unwrap_or_else(|| guessed_port(query));
                    let health = health(port);
                    (file, lock, port, health)
                })
            })
            .collect();
        asked
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .map(|(file, lock, port, health)| {
                let is_ours = same(&lock.config_path, &query.config);
                let started = process::started(lock.pid).or_else(|| lock.taken());
                let newer = match started {
                    Some(started) if is_ours => newer(query, variable_files, started),
                    _ => Vec::new(),
                };
                Gateway {
                    pid: lock.pid,
                    lock: file,
                    config: lock.config_path,
                    is_ours,
                    port,
                    started,
                    health,
                    newer,
                }
            })
            .collect()
    });
    found.sort_by_key(|gateway| (!gateway.is_ours, gateway.pid));
    found
}

impl Lock {
    fn is_running(&self) -> bool {
        let is_gateway = self.role.as_deref().is_none_or(|role| role == "gateway");
        let is_reused = match (self.start_time, process::start_time(self.pid)) {
            (Some(recorded), Some(observed)) => recorded != observed,
            _ => false,
        };
        is_gateway && !is_reused && !process::is_dead(self.pid)
    }

    /// When the lock was taken, a few seconds after the start.
    fn taken(&self) -> Option<SystemTime> {
        timestamp::parse(self.created_at.as_deref()?)
    }
}

/// Locks are kept below the state folder from 2026.8.1 on, and before that below the system's
/// temporary folder.
fn lock_files(query: &Query<'_>, installed: &[Installed]) -> Vec<PathBuf> {
    let mut states = vec![query.state_dir.clone()];
    states.extend(installed.iter().map(|i| i.service.state_dir.clone()));
    states.extend(super::others::state_folders(query.home.as_deref()));
    let mut temporary: Vec<PathBuf> = states.iter().map(|state| state.join("tmp")).collect();
    temporary.extend((query.variable)("TMPDIR").map(PathBuf::from));
    temporary.extend(
        installed
            .iter()
            .filter_map(|installed| value_in(&installed.places, "TMPDIR").map(PathBuf::from)),
    );
    temporary.push(query.root.join("tmp"));
    let folder =
        process::user_id().map_or_else(|| "openclaw".to_owned(), |id| format!("openclaw-{id}"));
    let mut folders: Vec<PathBuf> = Vec::new();
    for base in temporary {
        let folder = base.join(&folder);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    // The one that names the port first.
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| entries(folder)).collect();
    files.retain(|file| name(file).starts_with("gateway.") && has_extension(file, "lock"));
    files
}

fn guessed_port(query: &Query<'_>) -> u16 {
    (query.variable)("OPENCLAW_GATEWAY_PORT")
        .and_then(|port| port.to_str()?.trim().parse().ok())
        .or(query.port)
        .unwrap_or(DEFAULT_PORT)
}

fn newer(query: &Query<'_>, variable_files: &[PathBuf], started: SystemTime) -> Vec<Newer> {
    let changed = |file: &Path| {
        let changed = fs::metadata(file).ok()?.modified().ok()?;
        let after = changed.duration_since(started).ok()?;
        (after > SLACK).then_some(after)
    };
    let config = std::iter::once((query.config.as_path(), true));
    let variables = variable_files.iter().map(|file| (file.as_path(), false));
    config
        .chain(variables)
        .filter_map(|(file, is_config)| {
            Some(Newer {
                file: file.to_owned(),
                is_config,
                after: changed(file)?,
            })
        })
        .collect()
}

/// `GET /health` on loopback, without credentials.
fn health(port: u16) -> Health {
    match answer(port) {
        Err(error) => Health::Silent(error.to_string()),
        Ok(answer) => {
            let status = answer
                .split_whitespace()
                .nth(1)
                .filter(|_| answer.starts_with("HTTP/"))
                .and_then(|status| status.parse().ok());
            match status {
                Some(200) if answer.contains(r#""status":"live""#) => Health::Live,
                Some(status) => Health::Answers(status),
                None => Health::Silent("the response is not HTTP".to_owned()),
            }
        }
    }
}

/// The start of the response.
fn answer(port: u16) -> std::io::Result<String> {
    let deadline = Instant::now() + TIMEOUT;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    // In one piece: otherwise a server may answer and hang up before the second.
    let request =
        format!("GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 2048];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || bytes.len() > 4096 {
            break;
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(size) => bytes.extend_from_slice(&chunk[..size]),
            Err(_) if !bytes.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
