//! Shared by the commands for Portkey's API keys: finding, showing and changing them.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod listing;
pub(crate) mod place;
pub(crate) mod price;
pub(crate) mod rotate;

use serde_json::{Value as Json, json};

use crate::app::admin::Admin;
use crate::app::change::{Change, Ending, Proposal};
use crate::app::gateway_config::saved::difference;
use crate::app::remote::Remote;
use crate::app::{output, usage};
use crate::args::Format;
use crate::diff::Line;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::keys::{self, Key, Settings};
use crate::ui::Ui;

/// The command's name in JSON.
const NAME: &str = "key";

/// The default name of OpenClaw's own key.
pub(crate) const OPENCLAW: &str = "openclaw";

/// Prints the JSON document of a subcommand, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// A key by name or id.
pub(crate) fn find(admin: &Admin, wanted: &str) -> Result<Key, Failure> {
    if is_id(wanted) {
        let reply = admin.find(&keys::get(wanted))?;
        let key = reply.map(|reply| keys::key(&reply));
        return key
            .filter(|key| !key.archived)
            .ok_or_else(|| unknown(wanted));
    }
    let key = named(admin, wanted)?.ok_or_else(|| unknown(wanted))?;
    // List entries may lack fields.
    let reply = admin.find(&keys::get(&key.id))?;
    Ok(reply.map_or(key, |reply| keys::key(&reply)))
}

/// A key by name, if it exists.
fn named(admin: &Admin, name: &str) -> Result<Option<Key>, Failure> {
    let pages = admin.list(&keys::list(admin.workspace()))?;
    let mut found = keys::keys(&pages.items);
    found.retain(|key| key.name == name);
    match found.len() {
        0 if pages.is_partial() => Err(Failure::new(
            FailureKind::Network,
            format!(
                "Portkey listed only {} of its keys, and `{}` may be among the others; nothing was changed",
                pages.items.len(),
                printable(name)
            ),
        )
        .hint("pass the key's id instead of its name")),
        0 | 1 => Ok(found.pop()),
        _ => {
            let ids: Vec<&str> = found.iter().map(|key| key.id.as_str()).collect();
            Err(usage(format!(
                "{} keys are called `{}`: {}",
                ids.len(),
                printable(name),
                printable(&ids.join(", "))
            ))
            .hint("pass the id of one instead of its name"))
        }
    }
}

/// Whether a text is a UUID, like key ids.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn unknown(wanted: &str) -> Failure {
    let message = format!("no key `{}` at Portkey", printable(wanted));
    Failure::new(FailureKind::Check, message).hint(
        Help::from("`")
            .run(Run::new("key list"))
            .text("` lists the keys"),
    )
}

/// A key as JSON.
pub(crate) fn key_json(key: &Key) -> Json {
    let mut fields = json!({
        "id": text(&key.id),
        "name": text(&key.name),
        "kind": key.kind.name(),
        "status": text(&key.status),
        "userId": text(&key.user),
        "created": text(&key.created),
        "updated": text(&key.updated),
    });
    if let (Some(all), Json::Object(settings)) =
        (fields.as_object_mut(), settings_json(&key.settings))
    {
        all.extend(settings);
    }
    fields
}

fn settings_json(settings: &Settings) -> Json {
    let limits = &settings.limits;
    let rates: Vec<String> = limits.rates.iter().map(ToString::to_string).collect();
    let pair = |(key, value): &(String, String)| (key.clone(), Json::from(value.as_str()));
    let metadata: serde_json::Map<String, Json> = settings.metadata.iter().map(pair).collect();
    json!({
        "budget": limits.budget.as_ref().map(ToString::to_string),
        "alertAt": limits.alert_at,
        "alertEmails": settings.alert_emails,
        "rates": rates,
        "gatewayConfig": settings.config,
        "pinned": settings.is_pinned(),
        "metadata": metadata,
        "expires": settings.expires,
        "scopes": settings.scopes,
    })
}

/// The settings for a diff; unset ones are left out.
fn brief(settings: &Settings) -> Json {
    let mut fields = settings_json(settings);
    if let Some(fields) = fields.as_object_mut() {
        let is_unset = |value: &Json| match value {
            Json::Null | Json::Bool(false) => true,
            Json::Array(list) => list.is_empty(),
            Json::Object(members) => members.is_empty(),
            _ => false,
        };
        fields.retain(|_, value| !is_unset(value));
    }
    fields
}

/// The difference between two settings.
fn settings_diff(title: &str, before: Option<&Settings>, after: &Settings) -> Vec<Line> {
    let before = before.map(brief);
    difference(title, before.as_ref(), &brief(after))
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A key for display: its name and id.
fn title(key: &Key) -> String {
    let title = match (key.name.as_str(), key.id.as_str()) {
        ("", id) => format!("key {id}"),
        (name, "") => format!("key {name} (new)"),
        (name, id) => format!("key {name} ({id})"),
    };
    printable(&title).into_owned()
}

impl Remote<'_> {
    /// Reads a key back; warns if Portkey returns something different.
    fn read_back(&self, id: &str, wanted: &Settings) -> Option<Key> {
        let read = || {
            let reply = self.admin.find(&keys::get(id))?;
            Ok(reply.map(|reply| keys::key(&reply)))
        };
        let key = self.until(read, |key: &Key| key.settings.same(wanted))?;
        if !key.settings.same(wanted) {
            let name = format!("{} as returned by Portkey", title(&key));
            self.differs(&settings_diff(&name, Some(wanted), &key.settings));
        }
        Some(key)
    }

    /// The fields that all documents about a changed key have.
    fn key_fields(change: &Change<'_>, proposal: &Proposal, ending: &Ending, key: &Key) -> Json {
        let mut fields = Self::fields(change, proposal, ending);
        fields["key"] = key_json(key);
        fields
    }
}
