//! Auth profiles of the provider, of every agent. OpenClaw keeps them in a file up to 2026.6.1, and
//! in a database of each agent's from 2026.6.35 on; which of the two counts is the checks' business.

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
    match unread {
        Some(reason) if found.is_empty() => Fact::Unknown(reason),
        _ => Fact::Known(found),
    }
}

fn belongs(query: &Query<'_>, id: &str) -> bool {
    id.split_once(':')
        .is_some_and(|(provider, _)| provider.eq_ignore_ascii_case(&query.provider_id))
}

/// `agents/<id>/agent/auth-profiles.json`. A file that holds any profile at all counts where it was
/// not migrated.
fn in_file(query: &Query<'_>, agent: &Path) -> Result<Vec<AuthProfile>, String> {
    let file = agent.join("agent/auth-profiles.json");
    match text(&file)? {
        Some(text) => stored(query, agent, &file, &text, ProfileStore::File),
        None => Ok(Vec::new()),
    }
}

/// `agents/<id>/agent/openclaw-agent.sqlite`
fn in_database(query: &Query<'_>, agent: &Path) -> Result<Vec<AuthProfile>, String> {
    let file = agent.join("agent/openclaw-agent.sqlite");
    let mut found = Vec::new();
    for mut row in sqlite::rows(&file, "auth_profile_store")? {
        let is_primary = row.get("store_key").cloned().flatten().as_deref() == Some("primary");
        if let (true, Some(Some(json))) = (is_primary, row.remove("store_json")) {
            found.extend(stored(query, agent, &file, &json, ProfileStore::Database)?);
        }
    }
    Ok(found)
}

/// The profiles of a store, which has one form in the file and in the database.
fn stored(
    query: &Query<'_>,
    agent: &Path,
    file: &Path,
    json: &str,
    store: ProfileStore,
) -> Result<Vec<AuthProfile>, String> {
    let parsed: Value = serde_json::from_str(json)
        .map_err(|_| format!("the profiles in {} are not JSON", file.display()))?;
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
            agent: Some(name(agent).to_owned()),
            file: file.to_owned(),
            key: key(profile),
            store,
            is_ours: belongs(query, id),
        })
        .collect())
}
