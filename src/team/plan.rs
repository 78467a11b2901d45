//! Compares a team file with Portkey: what to create and change.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::portkey::admin::configs::{self, Saved};
use crate::portkey::admin::keys::{Key, Settings};
use crate::portkey::admin::limits::Limits;
use crate::portkey::admin::providers::Provider;

use super::wanted::{Ends, with_alert};
use super::{ApiKey, Named, Team};

/// Portkey's list of one kind of resource.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// Why something may be missing.
    pub gap: Option<String>,
}

impl<T> Listed<T> {
    /// An empty list, since Portkey wasn't contacted.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self {
            items: Vec::new(),
            gap: Some(why.into()),
        }
    }
}

/// What is known about Portkey and this machine.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The gateway configs of the workspace; those of the team with contents.
    pub configs: Listed<Saved>,
    /// The providers.
    pub providers: Listed<Provider>,
    /// The API keys.
    pub keys: Listed<Key>,
    /// The names of keys that were requested but never arrived.
    pub lost: HashSet<String>,
}

/// The kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A provider's limits.
    Provider,
    /// A gateway config.
    Config,
    /// An API key.
    Key,
}

impl Resource {
    /// The name in all output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Config => "config",
            Self::Key => "key",
        }
    }
}

/// What to do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Nothing: Portkey matches the file.
    None,
    /// Unknown, and why.
    Unknown(String),
    /// Change the limits of a provider.
    Limits(Box<Provider>, Limits),
    /// Save a config.
    SaveConfig(Json),
    /// Change a config.
    ChangeConfig(String, Json),
    /// Add the id of a config to the file.
    RecordId(String),
    /// Create a key.
    CreateKey,
    /// Change a key.
    ChangeKey(Box<Key>, Settings),
    /// Give a key a new value, since it was created but its value never arrived.
    RenewKey(Box<Key>, Settings),
}

/// The status of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It will be created.
    Create,
    /// It will change.
    Change,
    /// It is up to date.
    Unchanged,
    /// It can't be determined.
    Unknown,
}

impl Status {
    /// The name in all output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Unchanged => "unchanged",
            Self::Unknown => "unknown",
        }
    }
}

/// A row of the plan.
#[derive(Clone, Debug)]
pub struct Row {
    /// The kind of resource.
    pub resource: Resource,
    /// The name in the file.
    pub name: String,
    /// What to do.
    pub action: Action,
    /// The details, one phrase each.
    pub details: Vec<String>,
}

impl Row {
    /// The status.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.action {
            Action::None => Status::Unchanged,
            Action::Unknown(_) => Status::Unknown,
            Action::SaveConfig(_) | Action::CreateKey => Status::Create,
            Action::Limits(..)
            | Action::ChangeConfig(..)
            | Action::RecordId(_)
            | Action::ChangeKey(..)
            | Action::RenewKey(..) => Status::Change,
        }
    }

    /// Whether there is anything to do.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        matches!(self.status(), Status::Create | Status::Change)
    }
}

impl Team {
    /// The rows of the plan: providers, configs, keys. `files` has the gateway configs by name.
    #[must_use]
    pub fn plan(&self, files: &[(String, Json)], observed: &Observed) -> Vec<Row> {
        let providers = self.providers.iter();
        let mut rows: Vec<Row> = providers
            .map(|provider| provider_row(provider, &observed.providers))
            .collect();
        for (name, wanted) in files {
            rows.push(self.config_row(name, wanted, &observed.configs));
        }
        let unknown: HashSet<String> = rows
            .iter()
            .filter(|row| row.resource == Resource::Config && row.status() == Status::Unknown)
            .filter(|row| self.slug(&row.name, observed).is_none())
            .map(|row| row.name.clone())
            .collect();
        for key in &self.keys {
            let named = key.value.config.as_ref();
            let lacking = named.filter(|config| unknown.contains(&config.value));
            let mut row = self.key_row(key, observed);
            if let Some(config) = lacking.filter(|_| row.status() != Status::Unknown) {
                row.action = Action::Unknown(format!("its config `{}` is unknown", config.value));
                row.details.clear();
            }
            rows.push(row);
        }
        rows
    }

    fn config_row(&self, name: &str, wanted: &Json, listed: &Listed<Saved>) -> Row {
        let own = self
            .config(name)
            .and_then(|config| config.value.id.as_ref());
        let own = own.map(|id| id.value.as_str());
        let is_one = |saved: &&Saved| match own {
            Some(id) => saved.entry.slug == id,
            None => saved.entry.name == name,
        };
        let found: Vec<&Saved> = listed.items.iter().filter(is_one).collect();
        let (action, details) = match (found[..].as_ref(), &listed.gap) {
            ([], Some(gap)) => (Action::Unknown(gap.clone()), Vec::new()),
            ([], None) => match own {
                Some(id) => {
                    let why = format!(
                        "config {id} doesn't exist at Portkey; remove the id to save it as a new one"
                    );
                    (Action::Unknown(why), Vec::new())
                }
                None => (Action::SaveConfig(wanted.clone()), Vec::new()),
            },
            ([saved], _) => {
                let slug = saved.entry.slug.clone();
                if !configs::same(&saved.config, wanted) {
                    let details = vec![format!("update {slug} with the contents of the file")];
                    (Action::ChangeConfig(slug, wanted.clone()), details)
                } else if own.is_none() {
                    let details = vec![format!("add its id {slug} to {}", self.name)];
                    (Action::RecordId(slug), details)
                } else {
                    (Action::None, Vec::new())
                }
            }
            (several, _) => {
                let slugs: Vec<&str> = several.iter().map(|one| one.entry.slug.as_str()).collect();
                let why = format!(
                    "{} configs have this name: {}; add the id of one",
                    several.len(),
                    slugs.join(", ")
                );
                (Action::Unknown(why), Vec::new())
            }
        };
        Row {
            resource: Resource::Config,
            name: name.to_owned(),
            action,
            details,
        }
    }

    fn key_row(&self, key: &Named<ApiKey>, observed: &Observed) -> Row {
        let name = key.name.value.clone();
        let listed = &observed.keys;
        let found: Vec<&Key> = listed.items.iter().filter(|one| one.name == name).collect();
        let (action, details) = match (found[..].as_ref(), &listed.gap) {
            ([], Some(gap)) => (Action::Unknown(gap.clone()), Vec::new()),
            ([], None) => (Action::CreateKey, key_details(&key.value)),
            ([one], _) => self.key_change(&key.value, one, observed),
            (several, _) => {
                let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
                let why = format!("{} keys have this name: {}", several.len(), ids.join(", "));
                (Action::Unknown(why), Vec::new())
            }
        };
        Row {
            resource: Resource::Key,
            name,
            action,
            details,
        }
    }

    /// The difference between an existing key and the file.
    fn key_change(&self, key: &ApiKey, found: &Key, observed: &Observed) -> (Action, Vec<String>) {
        if found.kind != key.kind() {
            let why = format!(
                "at Portkey it is a {} key, and the kind of a key can't be changed; give this one another name",
                found.kind.name()
            );
            return (Action::Unknown(why), Vec::new());
        }
        let mut found = found.clone();
        if let Some(config) = &found.settings.config {
            let by_id = observed.configs.items.iter();
            let slug = by_id
                .filter(|saved| saved.entry.id == *config)
                .map(|saved| saved.entry.slug.clone())
                .next();
            found.settings.config = slug.or(found.settings.config);
        }
        let named = key.config.as_ref().map(|config| config.value.as_str());
        let slug = named.and_then(|named| self.slug(named, observed));
        // A config that isn't saved yet has its name instead of an id.
        let wanted = kept(key, slug.as_deref().or(named), &found.settings);
        if observed.lost.contains(&found.name) {
            let details =
                vec!["it was created but never arrived, so it gets a new value".to_owned()];
            return (Action::RenewKey(Box::new(found), wanted), details);
        }
        if wanted.same(&found.settings) && (slug.is_some() || named.is_none()) {
            return (Action::None, Vec::new());
        }
        let details = differences(&found.settings, &wanted);
        (Action::ChangeKey(Box::new(found), wanted), details)
    }

    /// The id of a config, from the file or from Portkey's list.
    #[must_use]
    pub fn slug(&self, named: &str, observed: &Observed) -> Option<String> {
        if let Some(id) = self.config_id(named) {
            return Some(id.to_owned());
        }
        let mut found = observed.configs.items.iter();
        let found = found.find(|saved| saved.entry.name == named)?;
        Some(found.entry.slug.clone())
    }
}

/// The desired settings of a key; those that a team file can't set stay as they are.
fn kept(key: &ApiKey, config: Option<&str>, before: &Settings) -> Settings {
    let mut wanted = key.settings(config);
    wanted.scopes.clone_from(&before.scopes);
    wanted.limits = with_alert(wanted.limits, &before.limits);
    if let Ends::After(_) = key.ends() {
        wanted.expires.clone_from(&before.expires);
    }
    wanted
}

/// The details of a new key.
fn key_details(key: &ApiKey) -> Vec<String> {
    let mut details = Vec::new();
    for (what, text) in [
        ("user", &key.user),
        ("service", &key.service),
        ("agent", &key.agent),
    ] {
        details.extend(text.as_ref().map(|text| format!("{what} {}", text.value)));
    }
    let named = key.config.as_ref().map(|config| config.value.as_str());
    details.extend(phrases(&key.settings(named)));
    if let Ends::After(span) = key.ends() {
        details.push(format!("expires in {span}"));
    }
    details
}

fn provider_row(provider: &Named<super::Provider>, listed: &Listed<Provider>) -> Row {
    let name = provider.name.value.clone();
    let found = listed.items.iter().find(|one| one.slug == name);
    let (action, details) = match (found, &listed.gap) {
        (None, Some(gap)) => (Action::Unknown(gap.clone()), Vec::new()),
        (None, None) => {
            let why =
                "the provider doesn't exist at Portkey; add it with `provider add`".to_owned();
            (Action::Unknown(why), Vec::new())
        }
        (Some(found), _) => {
            let wanted = with_alert(provider.value.limits(), &found.limits);
            if wanted == found.limits {
                (Action::None, Vec::new())
            } else {
                let details = differences(&of(&found.limits), &of(&wanted));
                (Action::Limits(Box::new(found.clone()), wanted), details)
            }
        }
    };
    Row {
        resource: Resource::Provider,
        name,
        action,
        details,
    }
}

fn of(limits: &Limits) -> Settings {
    Settings {
        limits: limits.clone(),
        ..Settings::default()
    }
}

/// Settings for display: label and text; the text is empty if unset.
fn parts(settings: &Settings) -> Vec<(&'static str, String)> {
    let limits = &settings.limits;
    let rates: Vec<String> = limits.rates.iter().map(ToString::to_string).collect();
    let metadata = settings.metadata.iter();
    let mut metadata: Vec<String> = metadata
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    metadata.sort();
    let mut emails = settings.alert_emails.clone();
    emails.sort();
    let pinned = if settings.is_pinned() {
        " (pinned)"
    } else {
        ""
    };
    let config = settings.config.as_ref();
    vec![
        (
            "budget",
            limits
                .budget
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        ("rate", rates.join(", ")),
        (
            "config",
            config
                .map(|config| format!("{config}{pinned}"))
                .unwrap_or_default(),
        ),
        ("metadata", metadata.join(" ")),
        ("expires", settings.expires.clone().unwrap_or_default()),
        ("alert", emails.join(", ")),
    ]
}

fn phrases(settings: &Settings) -> Vec<String> {
    let parts = parts(settings).into_iter();
    parts
        .filter(|(_, text)| !text.is_empty())
        .map(|(what, text)| format!("{what} {text}"))
        .collect()
}

fn differences(before: &Settings, after: &Settings) -> Vec<String> {
    let or_none = |text: String| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    };
    let pairs = parts(before).into_iter().zip(parts(after));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((what, before), (_, after))| {
            format!("{what}: {} → {}", or_none(before), or_none(after))
        })
        .collect()
}
