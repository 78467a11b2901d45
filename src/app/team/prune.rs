//! `--prune`: removes what the team file doesn't name, with a prompt for each.

use serde_json::{Value as Json, json};

use crate::app::output::Stream;
use crate::app::remote::Remote;
use crate::app::usage;
use crate::args::Format;
use crate::error::Failure;
use crate::mask::printable;
use crate::portkey::admin::keys::{self, Kind};
use crate::portkey::admin::{Request, configs};
use crate::prompt::{Ask as _, Terminal};
use crate::team::Team;

/// Something at Portkey that the file doesn't name.
struct Extra {
    what: &'static str,
    name: String,
    id: String,
    request: Request,
}

/// Asks about each thing that the file doesn't name, and removes it if confirmed.
///
/// # Errors
/// There is no terminal for the prompts, or Portkey refuses.
pub(crate) fn run(remote: &Remote<'_>, team: &Team) -> Result<Json, Failure> {
    if !remote.write.dry_run && !remote.ui.can_ask() {
        return Err(usage("--prune needs a terminal for its prompts")
            .hint("run it in a terminal, or remove keys with `{run: key revoke NAME}`"));
    }
    let extras = remote.asking(|| extras(remote, team))?;
    let stream = match remote.write.config.format {
        Format::Text => Stream::Result,
        Format::Json => Stream::Note,
    };
    let mut removed = Vec::new();
    for extra in extras {
        let (name, id) = (printable(&extra.name), printable(&extra.id));
        let question = format!(
            "The file has no {} {name} ({id}). Remove it at Portkey?",
            extra.what
        );
        if remote.write.dry_run {
            remote
                .ui
                .note(&format!("not in the file: {} {name} ({id})", extra.what));
            let call = remote.call(&extra.request, Vec::new());
            call.show(remote.ui, stream, true);
        } else if Terminal.confirm(&question, false)? {
            remote.asking(|| remote.admin.send(&extra.request))?;
            remote.say(&format!("Removed {} {name} ({id})", extra.what));
            removed.push(json!({ "resource": extra.what, "name": name, "id": id }));
        }
    }
    Ok(removed.into())
}

fn extras(remote: &Remote<'_>, team: &Team) -> Result<Vec<Extra>, Failure> {
    let admin = remote.admin;
    let workspace = admin.workspace();
    let mut extras = Vec::new();
    let pages = admin.list(&keys::list(workspace))?;
    for key in keys::keys(&pages.items) {
        let is_ours = team.keys.iter().any(|one| one.name.value == key.name);
        // An organisation's key may be the admin key in use.
        let of_workspace = matches!(key.kind, Kind::WorkspaceService | Kind::WorkspaceUser);
        if !is_ours && of_workspace {
            extras.push(Extra {
                what: "key",
                request: keys::revoke(&key),
                name: key.name,
                id: key.id,
            });
        }
    }
    let pages = admin.list(&configs::list(workspace))?;
    for entry in configs::entries(&pages.items) {
        let is_ours = team.configs.iter().any(|config| {
            let id = config.value.id.as_ref().map(|id| &id.value);
            id.map_or(config.name.value == entry.name, |id| *id == entry.slug)
        });
        if !is_ours {
            extras.push(Extra {
                what: "config",
                request: configs::delete(&entry.slug, workspace),
                name: entry.name,
                id: entry.slug,
            });
        }
    }
    Ok(extras)
}
