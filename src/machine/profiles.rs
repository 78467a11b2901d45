//! Auth profiles of the provider, which win over the config's key.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

use crate::doctor::facts::{AuthProfile, Fact};
use crate::secret::Secret;

use super::Query;
use super::files::{entries, name, text};

/// The largest answer of `openclaw` that is read, in bytes.
const ANSWER_LIMIT: u64 = 8 * 1024 * 1024;

/// The profiles in the files of all agents, and in the database of 2026.9.6.
pub(super) fn find(query: &Query<'_>) -> Fact<Vec<AuthProfile>> {
    let mut found = Vec::new();
    let mut unread = None;
    for agent in entries(&query.state_dir.join("agents")) {
        match in_file(query, &agent) {
            Ok(profiles) => found.extend(profiles),
            Err(reason) => unread = Some(reason),
        }
    }
    match in_database(query) {
        Ok(profiles) => found.extend(profiles),
        Err(reason) => unread = Some(reason),
    }
    match unread {
        Some(reason) if found.is_empty() => Fact::Unknown(reason),
        _ => Fact::Known(found),
    }
}

fn belongs(query: &Query<'_>, id: &str) -> bool {
    id.split_once(':')
        .is_some_and(|(provider, _)| provider.eq_ignore_ascii_case(&query.provider_id))
}

/// `agents/<id>/agent/auth-profiles.json`, up to 2026.5.28.
fn in_file(query: &Query<'_>, agent: &Path) -> Result<Vec<AuthProfile>, String> {
    let file = agent.join("agent/auth-profiles.json");
    let Some(text) = text(&file)? else {
        return Ok(Vec::new());
    };
    let store: Value =
        serde_json::from_str(&text).map_err(|_| format!("{} is not JSON", file.display()))?;
    let Some(profiles) = store.get("profiles").and_then(Value::as_object) else {
        return Ok(Vec::new());
    };
    let key = |profile: &Value| {
        ["key", "token"]
            .iter()
            .find_map(|name| profile.get(name)?.as_str())
            .map(Secret::new)
    };
    Ok(profiles
        .iter()
        .filter(|(id, _)| belongs(query, id))
        .map(|(id, profile)| AuthProfile {
            id: id.clone(),
            agent: Some(name(agent).to_owned()),
            file: file.clone(),
            key: key(profile),
        })
        .collect())
}

/// `state/openclaw.sqlite`. Where its bytes name no profile of the provider there is none; where
/// they do, it may also be a deleted one, so `openclaw` itself is asked.
fn in_database(query: &Query<'_>) -> Result<Vec<AuthProfile>, String> {
    let file = query.state_dir.join("state/openclaw.sqlite");
    let needle = format!("\"{}:", query.provider_id.to_lowercase());
    let parts = [
        file.clone(),
        query.state_dir.join("state/openclaw.sqlite-wal"),
    ];
    let mut is_named = false;
    for part in &parts {
        is_named |= contains(part, needle.as_bytes())
            .map_err(|error| format!("{} cannot be read: {error}", part.display()))?;
    }
    if !is_named {
        return Ok(Vec::new());
    }
    let status = ask(query).map_err(|reason| {
        format!(
            "{} names a profile of {}, but {reason}",
            file.display(),
            query.provider_id
        )
    })?;
    let labels = status
        .pointer("/auth/providers")
        .and_then(Value::as_array)
        .ok_or_else(|| "`openclaw models status --json` lists no providers".to_owned())?
        .iter()
        .filter_map(|provider| provider.pointer("/profiles/labels")?.as_array())
        .flatten()
        .filter_map(Value::as_str);
    // A label goes on with a part of the key.
    let ids = labels.filter_map(|label| label.split(['=', ' ']).next());
    Ok(ids
        .filter(|id| belongs(query, id))
        .map(|id| AuthProfile {
            id: id.to_owned(),
            agent: None,
            file: file.clone(),
            key: None,
        })
        .collect())
}

/// Whether a file holds these bytes. A missing file holds none.
fn contains(file: &Path, needle: &[u8]) -> std::io::Result<bool> {
    let mut file = match File::open(file) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut buffer = vec![0; 256 * 1024];
    let mut kept = 0;
    loop {
        let size = match file.read(&mut buffer[kept..]) {
            Ok(0) => return Ok(false),
            Ok(size) => kept + size,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let mut rest = &buffer[..size];
        while let Some(at) = rest.iter().position(|byte| *byte == needle[0]) {
            if rest[at..].starts_with(needle) {
                return Ok(true);
            }
            rest = &rest[at + 1..];
        }
        // What is sought may lie across the seam.
        kept = size.min(needle.len() - 1);
        buffer.copy_within(size - kept..size, 0);
    }
}

/// `openclaw models status --json`, stopped after the time limit.
fn ask(query: &Query<'_>) -> Result<Value, String> {
    let path = (query.variable)("PATH").unwrap_or_default();
    let program = program(&path).ok_or("no `openclaw` is on the PATH to ask")?;
    let mut command = Command::new(program);
    command
        .args(["models", "status", "--json"])
        .env("PATH", &path)
        // OpenClaw has no business with the admin key, which may be exported in this shell.
        .env_remove("PORTKEY_ADMIN_API_KEY")
        .env("OPENCLAW_CONFIG_PATH", &query.config)
        .env("OPENCLAW_STATE_DIR", &query.state_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // A group of its own, so that the processes that it starts end with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let cannot = |error: std::io::Error| format!("`openclaw` cannot be run: {error}");
    let mut child = command.spawn().map_err(cannot)?;
    let (sender, receiver) = mpsc::channel();
    let reader = child.stdout.take().map(|stdout| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.take(ANSWER_LIMIT).read_to_end(&mut bytes);
            drop(sender.send(read.map(|_| bytes)));
        })
    });
    let answer = receiver.recv_timeout(query.timeout);
    end(&mut child);
    drop(reader.map(thread::JoinHandle::join));
    let bytes = answer
        .map_err(|_| {
            let limit = query.timeout.as_secs_f32();
            format!("`openclaw models status` took longer than {limit} s")
        })?
        .map_err(cannot)?;
    let text = String::from_utf8_lossy(&bytes);
    // Notices may come before the document.
    let document = text.find('{').map_or("", |start| &text[start..]);
    serde_json::from_str(document)
        .map_err(|_| "`openclaw models status --json` does not answer with JSON".to_owned())
}

fn program(path: &std::ffi::OsStr) -> Option<PathBuf> {
    let name = if cfg!(windows) {
        "openclaw.cmd"
    } else {
        "openclaw"
    };
    std::env::split_paths(path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Ends a process that we started, with those that it started.
fn end(child: &mut std::process::Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
