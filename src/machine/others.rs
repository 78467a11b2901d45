//! Finds config files that could be confused with the located one.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{OtherConfig, OtherWhy};

use super::Query;
use super::files::{entries, name, same};
use super::service::Installed;

/// The folder and config for each former name of OpenClaw.
const OLD_NAMES: [(&str, &str); 3] = [
    (".openclaw", "clawdbot.json"),
    (".clawdbot", "clawdbot.json"),
    (".moltbot", "moltbot.json"),
];

/// The variables that select another file.
const VARIABLES: [(&str, &str); 2] = [
    ("OPENCLAW_CONFIG_PATH", ""),
    ("OPENCLAW_STATE_DIR", "openclaw.json"),
];

/// The state folders of every profile.
pub(super) fn state_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = home.map(entries).unwrap_or_default();
    folders.retain(|folder| {
        let name = name(folder);
        name == ".openclaw" || name.starts_with(".openclaw-")
    });
    folders
}

pub(super) fn find(query: &Query<'_>, installed: &[Installed]) -> Vec<OtherConfig> {
    let mut candidates = Vec::new();
    for (variable, file) in VARIABLES {
        if let Some(path) = (query.variable)(variable).filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            let path = if file.is_empty() {
                path
            } else {
                path.join(file)
            };
            candidates.push((path, OtherWhy::Variable(variable)));
        }
    }
    for Installed { service, .. } in installed {
        candidates.push((
            service.config.clone(),
            OtherWhy::Service(service.name.clone()),
        ));
    }
    for folder in state_folders(query.home.as_deref()) {
        let why = match name(&folder).strip_prefix(".openclaw-") {
            Some(profile) => OtherWhy::Profile(profile.to_owned()),
            None => OtherWhy::Default,
        };
        candidates.push((folder.join("openclaw.json"), why));
    }
    if let Some(home) = &query.home {
        candidates.extend(
            OLD_NAMES.map(|(folder, file)| (home.join(folder).join(file), OtherWhy::OldName)),
        );
    }
    let mut found: Vec<OtherConfig> = Vec::new();
    for (file, why) in candidates {
        let is_new = found.iter().all(|known| !same(&known.file, &file));
        if is_new && file.is_file() && !same(&file, &query.config) {
            found.push(OtherConfig { file, why });
        }
    }
    found
}
