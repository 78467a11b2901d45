//! A team file: a team's resources at Portkey, and settings for each `openclaw.json`.
//!
//! JSON5 text becomes a typed tree in which every setting has its byte range. Only text that can't
//! be parsed is an error here: a setting of the wrong type is left out of the tree, and
//! [`Team::check`] reports it with its location and help.

mod check;
mod example;
pub mod keys;
pub mod plan;
mod read;
mod structure;
pub mod terraform;
#[cfg(test)]
mod tests;
mod values;
pub mod wanted;

use std::ops::Range;
use std::path::PathBuf;

use crate::diagnostic::{Location, Span};
use crate::document::{Document, NodeId, Path, Spanned};

pub use example::EXAMPLE;

/// A list of texts.
pub type Texts = Spanned<Vec<Spanned<String>>>;

/// An object of texts, in its order.
pub type Pairs = Spanned<Vec<(Spanned<String>, Spanned<String>)>>;

/// A named member of an object.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// The name, with the byte range of the key.
    pub name: Spanned<String>,
    /// The value.
    pub value: T,
}

/// A team file.
#[derive(Clone, Debug)]
pub struct Team {
    document: Document,
    /// The file's name in messages.
    name: String,
    /// `workspace`: its slug or id, if the admin key is an organisation's.
    pub workspace: Option<Spanned<String>>,
    /// `providers`, by slug.
    pub providers: Vec<Named<Provider>>,
    /// `configs`, by name.
    pub configs: Vec<Named<Config>>,
    /// `keys`, by name.
    pub keys: Vec<Named<ApiKey>>,
    /// `openclaw`
    pub openclaw: OpenClaw,
    /// `policy`
    pub policy: Policy,
}

/// A provider of the Portkey workspace: its limits.
#[derive(Clone, Debug, Default)]
pub struct Provider {
    /// `budget`
    pub budget: Option<Spanned<String>>,
    /// `rate`
    pub rates: Vec<Spanned<String>>,
}

/// A gateway config of the team.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `file`, next to the team file.
    pub file: Option<Spanned<String>>,
    /// `id`: the config's id at Portkey.
    pub id: Option<Spanned<String>>,
    /// Whether it is an object, which has room for an id.
    pub is_object: bool,
}

/// An API key of the team.
#[derive(Clone, Debug, Default)]
pub struct ApiKey {
    /// `user`: an email address.
    pub user: Option<Spanned<String>>,
    /// `service`
    pub service: Option<Spanned<String>>,
    /// `agent`: an OpenClaw agent.
    pub agent: Option<Spanned<String>>,
    /// `config`: a name from `configs`, or `pc-…`.
    pub config: Option<Spanned<String>>,
    /// `pin`: whether requests can't choose another config.
    pub pin: Option<Spanned<bool>>,
    /// `budget`
    pub budget: Option<Spanned<String>>,
    /// `rate`
    pub rates: Vec<Spanned<String>>,
    /// `metadata`
    pub metadata: Option<Pairs>,
    /// `expires`: a period from its creation, or a date.
    pub expires: Option<Spanned<String>>,
    /// `alert`: email addresses.
    pub alerts: Vec<Spanned<String>>,
}

/// Settings for every `openclaw.json`.
#[derive(Clone, Debug, Default)]
pub struct OpenClaw {
    /// `baseUrl`, of a self-hosted gateway.
    pub base_url: Option<Spanned<String>>,
    /// `models`
    pub models: Option<Texts>,
    /// `primary`
    pub primary: Option<Spanned<String>>,
    /// `fallbacks`
    pub fallbacks: Option<Texts>,
    /// `config`: a name from `configs`, or `pc-…`.
    pub config: Option<Spanned<String>>,
    /// `metadata`
    pub metadata: Option<Pairs>,
    /// `headers`
    pub headers: Option<Pairs>,
}

/// The rules of `lint --policy`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// `requiredMetadata`
    pub required_metadata: Option<Texts>,
    /// `allowedModels`
    pub allowed_models: Option<Texts>,
    /// `noPlaintextKeys`
    pub no_plaintext_keys: Option<Spanned<bool>>,
    /// `noBypass`
    pub no_bypass: Option<Spanned<bool>>,
}

impl Team {
    /// `name` is the file's name in messages.
    #[must_use]
    pub fn new(document: Document, name: impl Into<String>) -> Self {
        read::team(document, name.into())
    }

    /// The parsed text.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The file's name in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The location of a byte range.
    pub(crate) fn location(&self, range: Range<usize>, path: Path) -> Location {
        let position = self.document.locate(range.start);
        Location {
            span: Some(Span { source: 0, range }),
            path,
            ..Location::new(PathBuf::from(&self.name), position)
        }
    }

    /// `file:line:column` of a setting, safe to show.
    #[must_use]
    pub fn place<T>(&self, at: &Spanned<T>) -> String {
        self.location(at.range.clone(), Path::root()).to_string()
    }

    /// The location of a setting, with its path.
    pub(crate) fn location_of<T>(&self, at: &Spanned<T>) -> Location {
        self.location(at.range.clone(), self.path(at.node))
    }

    /// The path to a node.
    pub(crate) fn path(&self, node: NodeId) -> Path {
        structure::path(&self.document, node)
    }

    /// A config by name.
    #[must_use]
    pub fn config(&self, name: &str) -> Option<&Named<Config>> {
        self.configs.iter().find(|config| config.name.value == name)
    }

    /// The id of a config, given its name or id; `None` if it isn't known yet.
    #[must_use]
    pub fn config_id<'t>(&'t self, named: &'t str) -> Option<&'t str> {
        if let Some(config) = self.config(named) {
            return Some(&config.value.id.as_ref()?.value);
        }
        named.starts_with("pc-").then_some(named)
    }

    /// Whether the rules allow a model; `reference` has no provider id prefix.
    #[must_use]
    pub fn allows(&self, model: &str) -> bool {
        let Some(allowed) = &self.policy.allowed_models else {
            return true;
        };
        allowed
            .value
            .iter()
            .any(|pattern| values::matches(&pattern.value, model))
    }

    /// The metadata that every request must have and that no key of the team adds.
    pub fn required_metadata(&self) -> impl Iterator<Item = &Spanned<String>> {
        let required = self.policy.required_metadata.iter();
        required.flat_map(|list| &list.value).filter(|name| {
            let brings = |key: &Named<ApiKey>| {
                let pairs = key.value.metadata.iter().flat_map(|pairs| &pairs.value);
                pairs.into_iter().any(|(key, _)| key.value == name.value)
            };
            self.keys.is_empty() || !self.keys.iter().all(brings)
        })
    }

    /// The metadata that every `openclaw.json` sends.
    pub fn metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.openclaw.metadata.iter().flat_map(|pairs| &pairs.value);
        pairs.map(|(key, value)| (key.value.as_str(), value.value.as_str()))
    }
}

impl Policy {
    /// Whether a flag is on.
    #[must_use]
    pub fn is_on(flag: Option<&Spanned<bool>>) -> bool {
        flag.is_some_and(|flag| flag.value)
    }
}
