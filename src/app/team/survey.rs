//! What a team file is compared with: its gateway config files, and what exists at Portkey.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value as Json;

use crate::app::admin::Admin;
use crate::app::gateway_config::push::checked_for;
use crate::app::gateway_config::{read, saved};
use crate::error::{Failure, FailureKind};
use crate::gateway_config::routing::strict;
use crate::mask::printable;
use crate::openclaw::Version;
use crate::portkey::admin::lists::Pages;
use crate::portkey::admin::{Request, configs, keys, providers};
use crate::team::Team;
use crate::team::plan::{Listed, Observed};
use crate::ui::Ui;

/// The gateway configs of a team file by name, all without errors.
///
/// # Errors
/// A file can't be read, or has errors.
pub(crate) fn files(
    team: &Team,
    path: &Path,
    version: Version,
    ui: &Ui,
) -> Result<Vec<(String, Json)>, Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut all = Vec::new();
    for config in &team.configs {
        let Some(file) = &config.value.file else {
            continue;
        };
        let path = folder.join(&file.value);
        let read = read(&path, ui).map_err(|failure| at(team, file, failure))?;
        let shown = printable(&path.display().to_string()).into_owned();
        checked_for(version, (&read, &shown), false, ui)?;
        let json = strict(read.document()).map_err(|why| Failure::new(FailureKind::Config, why))?;
        all.push((config.name.value.clone(), json));
    }
    Ok(all)
}

/// Adds the location in the team file to the failure for a missing file.
fn at(team: &Team, file: &crate::document::Spanned<String>, failure: Failure) -> Failure {
    if failure.location.is_none() && failure.snippet.is_none() {
        return failure.at(team.location_of(file));
    }
    failure
}

/// What exists at Portkey, as far as the key can see.
///
/// # Errors
/// Portkey cannot be reached, or refuses the key.
pub(crate) fn observe(
    team: &Team,
    admin: Option<&Admin>,
    lost: HashSet<String>,
    ui: &Ui,
) -> Result<Observed, Failure> {
    let Some(admin) = admin else {
        let why = "Portkey wasn't contacted";
        return Ok(Observed {
            configs: Listed::unknown(why),
            providers: Listed::unknown(why),
            keys: Listed::unknown(why),
            lost,
        });
    };
    ui.asking(admin.host(), || asked(team, admin, lost))
}

fn asked(team: &Team, admin: &Admin, lost: HashSet<String>) -> Result<Observed, Failure> {
    let workspace = admin.workspace();
    let named = team.keys.iter().any(|key| key.value.config.is_some());
    let needs_configs = named || !team.configs.is_empty();
    let configs = list(admin, &configs::list(workspace), needs_configs, |pages| {
        let mut all = Vec::new();
        for entry in configs::entries(&pages.items) {
            let is_ours = team.configs.iter().any(|config| {
                let id = config.value.id.as_ref().map(|id| &id.value);
                config.name.value == entry.name || id == Some(&entry.slug)
            });
            if is_ours {
                let mut one = saved::read(admin, &entry.slug)?;
                // The name and id come from the list.
                one.entry = entry;
                all.push(one);
            } else {
                all.push(configs::Saved {
                    entry,
                    config: Json::Null,
                });
            }
        }
        Ok(all)
    })?;
    let providers = list(
        admin,
        &providers::list(workspace),
        !team.providers.is_empty(),
        |pages| Ok(providers::providers(&pages.items)),
    )?;
    let keys = list(
        admin,
        &keys::list(workspace),
        !team.keys.is_empty(),
        |pages| Ok(keys::keys(&pages.items)),
    )?;
    Ok(Observed {
        configs,
        providers,
        keys,
        lost,
    })
}

fn list<T>(
    admin: &Admin,
    request: &Request,
    is_needed: bool,
    read: impl FnOnce(&Pages) -> Result<Vec<T>, Failure>,
) -> Result<Listed<T>, Failure> {
    if !is_needed {
        return Ok(Listed {
            items: Vec::new(),
            gap: None,
        });
    }
    Ok(match admin.list_if_allowed(request)? {
        Err(why) => Listed::unknown(why),
        Ok(pages) => Listed {
            items: read(&pages)?,
            gap: pages
                .is_partial()
                .then(|| format!("{request}: Portkey has more than it listed")),
        },
    })
}
