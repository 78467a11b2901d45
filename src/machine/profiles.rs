//! Reads the auth profiles of every agent. OpenClaw keeps them in a file up to 2026.6.1, and in
//! databases from 2026.6.35 on: one per agent, and (seen in 2026.9.6) one for all agents. The
//! checks decide which of them count.

use std::path::Path;

use serde_json::Value;

use crate::doctor::facts::{AuthProfile, Fact, ProfileStore};
use crate::secret::Secret;

use super::Query;
use super::files::{entries, name, text};
use super::sqlite;

/// The profiles in the files and databases of all agents.
pub(super) fn find(query: &Query<'_>) -> Fact<Vec<AuthProfile>> {
    let mut found = Vec::new();
    let mut unread = None;
    for agent in entries(&query.state_dir.join("agents")) {
        for stored in [in_file(query, &agent), in_database(query, &agent)] {
            match stored {
                Ok(profiles) => found.extend(profiles),
                Err(reason) => unread = Some(reason),
            }
        }
    }
    match in_state(query) {
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

/// `agents/<id>/agent/auth-profiles.json`. If the file wasn't migrated, it matters even if its
/// profiles are other providers'.
fn in_file(query: &Query<'_>, agent: &Path) -> Result<Vec<AuthProfile>, String> {
    let file = agent.join("agent/auth-profiles.json");
    match text(&file)? {
        Some(text) => stored(query, Some(agent), &file, &text, ProfileStore::File),
        None => Ok(Vec::new()),
    }
}

/// `agents/<id>/agent/openclaw-agent.sqlite`
fn in_database(query: &Query<'_>, agent: &Path) -> Result<Vec<AuthProfile>, String> {
    let file = agent.join("agent/openclaw-agent.sqlite");
    let stores = values(
        &file,
        "auth_profile_store",
        ("store_key", "primary"),
        "store_json",
    )?;
    of_database(query, Some(agent), &file, &stores)
}

/// `state/openclaw.sqlite`, for all agents.
fn in_state(query: &Query<'_>) -> Result<Vec<AuthProfile>, String> {
    let file = query.state_dir.join("state/openclaw.sqlite");
    let key = ("state_key", "authProfiles.store");
    let stores = values(&file, "config_machine_state", key, "value_json")?;
    of_database(query, None, &file, &stores)
}

/// The values of a column in the rows of a table with this key.
fn values(
    file: &Path,
    table: &str,
    (column, key): (&str, &str),
    value: &str,
) -> Result<Vec<String>, String> {
    let rows = sqlite::rows(file, table)?.into_iter();
    let wanted = rows.filter_map(|mut row| {
        let is_wanted = row.get(column).cloned().flatten().as_deref() == Some(key);
        row.remove(value).flatten().filter(|_| is_wanted)
    });
    Ok(wanted.collect())
}

fn of_database(
    query: &Query<'_>,
    agent: Option<&Path>,
    file: &Path,
    stores: &[String],
) -> Result<Vec<AuthProfile>, String> {
    let mut found = Vec::new();
    for json in stores {
        found.extend(stored(query, agent, file, json, ProfileStore::Database)?);
    }
    Ok(found)
}

/// The profiles of a store, which has the same format in the file and in the database.
fn stored(
    query: &Query<'_>,
    agent: Option<&Path>,
    file: &Path,
    json: &str,
    store: ProfileStore,
) -> Result<Vec<AuthProfile>, String> {
    let parsed: Value = serde_json::from_str(json)
        .map_err(|_| format!("the profiles in {} are not valid JSON", file.display()))?;
    let Some(profiles) = parsed.get("profiles").and_then(Value::as_object) else {
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
        .map(|(id, profile)| AuthProfile {
            id: id.clone(),
            agent: agent.map(|agent| name(agent).to_owned()),
            file: file.to_owned(),
            key: key(profile),
            store,
            is_ours: belongs(query, id),
        })
        .collect())
}
