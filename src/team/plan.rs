//! A team file next to what Portkey has: what is to be created and changed.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::portkey::admin::configs::{self, Saved};
use crate::portkey::admin::keys::{Key, Settings};
use crate::portkey::admin::limits::Limits;
use crate::portkey::admin::providers::Provider;

use super::wanted::{Ends, with_alert};
use super::{ApiKey, Named, Team};

/// What Portkey lists of a kind.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What it lists.
    pub items: Vec<T>,
    /// Why something may be missing.
    pub gap: Option<String>,
}

impl<T> Listed<T> {
    /// Nothing, since nobody could be asked.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self {
            items: Vec::new(),
            gap: Some(why.into()),
        }
    }
}

/// What is known of Portkey, and of this machine.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The gateway configs of the workspace, those of the team with their contents.
    pub configs: Listed<Saved>,
    /// Its providers.
    pub providers: Listed<Provider>,
    /// Its keys.
    pub keys: Listed<Key>,
    /// The names of keys that were asked for and never arrived.
    pub lost: HashSet<String>,
}

/// What a row is about.
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
    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Config => "config",
            Self::Key => "key",
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Action {
    /// Nothing: Portkey says what the file says.
    None,
    /// Nothing that could be told, and why.
    Unknown(String),
    /// The limits of a provider change.
    Limits(Box<Provider>, Limits),
    /// A config is saved.
    SaveConfig(Json),
    /// A config changes.
    ChangeConfig(String, Json),
    /// The file gets the id of a config.
    RecordId(String),
    /// A key is made.
    CreateKey,
    /// A key changes.
    ChangeKey(Box<Key>, Settings),
    /// A key gets a new value, since it was made and its value never arrived.
    RenewKey(Box<Key>, Settings),
}

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is made.
    Create,
    /// It changes.
    Change,
    /// It is as it should be.
    Unchanged,
    /// That cannot be told.
    Unknown,
}

impl Status {
    /// Its name in every output.
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
    /// What it is about.
    pub resource: Resource,
    /// Its name in the file.
    pub name: String,
    /// What is to be done.
    pub action: Action,
    /// What it comes to, a phrase each.
    pub details: Vec<String>,
}

impl Row {
    /// How it ends.
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

    /// Whether there is something to do.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        matches!(self.status(), Status::Create | Status::Change)
    }
}

impl Team {
    /// The rows of the plan: providers, configs, keys. `files` are the gateway configs by their names.
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
                    let why = format!("Portkey has no config {id}; remove the id to save it again");
                    (Action::Unknown(why), Vec::new())
                }
                None => (Action::SaveConfig(wanted.clone()), Vec::new()),
            },
            ([saved], _) => {
                let slug = saved.entry.slug.clone();
                if !configs::same(&saved.config, wanted) {
                    let details = vec![format!("{slug} gets the contents of the file")];
                    (Action::ChangeConfig(slug, wanted.clone()), details)
                } else if own.is_none() {
                    let details = vec![format!("{} gets its id, {slug}", self.name)];
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

    /// What a key that is there lacks.
    fn key_change(&self, key: &ApiKey, found: &Key, observed: &Observed) -> (Action, Vec<String>) {
        if found.kind != key.kind() {
            let why = format!(
                "it is a {} key at Portkey, and that cannot change; give this one another name",
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
        // A config that is not saved yet has its name for an id.
        let wanted = kept(key, slug.as_deref().or(named), &found.settings);
        if observed.lost.contains(&found.name) {
            let details = vec!["it was made and never arrived, so it gets a new value".to_owned()];
            return (Action::RenewKey(Box::new(found), wanted), details);
        }
        if wanted.same(&found.settings) && (slug.is_some() || named.is_none()) {
            return (Action::None, Vec::new());
        }
        let details = differences(&found.settings, &wanted);
        (Action::ChangeKey(Box::new(found), wanted), details)
    }

    /// The id of a config, by the file or by what Portkey lists under its name.
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

/// What a key is to say, with what a team file says nothing of as it is.
fn kept(key: &ApiKey, config: Option<&str>, before: &Settings) -> Settings {
    let mut wanted = key.settings(config);
    wanted.scopes.clone_from(&before.scopes);
    wanted.limits = with_alert(wanted.limits, &before.limits);
    if let Ends::After(_) = key.ends() {
        wanted.expires.clone_from(&before.expires);
    }
    wanted
}

/// What a new key comes to.
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
            let why = "Portkey has no such provider; `provider add` adds it".to_owned();
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

/// Settings as people read them: what, and its text; nothing where nothing is set.
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
