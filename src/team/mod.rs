//! A team file: what a team keeps at Portkey, and what each of its `openclaw.json` says.
//!
//! JSON5 text becomes a typed tree in which every setting knows its bytes. Nothing is refused here
//! but text that cannot be parsed: a setting of the wrong type is absent from the tree, and
//! [`Team::check`] says what is wrong, with where and how to fix it.

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

/// A member of an object of names.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// The name, at the bytes of the key.
    pub name: Spanned<String>,
    /// What it names.
    pub value: T,
}

/// A team file.
#[derive(Clone, Debug)]
pub struct Team {
    document: Document,
    /// What the file is called where it is shown.
    name: String,
    /// `workspace`: its slug or id, for the key of an organisation.
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
    /// `id`: what Portkey calls it.
    pub id: Option<Spanned<String>>,
    /// Whether it is an object, so that an id has room.
    pub is_object: bool,
}

/// An API key of the team.
#[derive(Clone, Debug, Default)]
pub struct ApiKey {
    /// `user`: an e-mail address.
    pub user: Option<Spanned<String>>,
    /// `service`
    pub service: Option<Spanned<String>>,
    /// `agent`: an agent of OpenClaw's.
    pub agent: Option<Spanned<String>>,
    /// `config`: a name of `configs`, or `pc-…`.
    pub config: Option<Spanned<String>>,
    /// `pin`: whether requests cannot choose another config.
    pub pin: Option<Spanned<bool>>,
    /// `budget`
    pub budget: Option<Spanned<String>>,
    /// `rate`
    pub rates: Vec<Spanned<String>>,
    /// `metadata`
    pub metadata: Option<Pairs>,
    /// `expires`: a time from its creation, or a date.
    pub expires: Option<Spanned<String>>,
    /// `alert`: e-mail addresses.
    pub alerts: Vec<Spanned<String>>,
}

/// What every `openclaw.json` says.
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
    /// `config`: a name of `configs`, or `pc-…`.
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
    /// Reads a file that is called `name` where it is shown.
    #[must_use]
    pub fn new(document: Document, name: impl Into<String>) -> Self {
        read::team(document, name.into())
    }

    /// The text.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What the file is called where it is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where some bytes are.
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

    /// The way to a node.
    pub(crate) fn path(&self, node: NodeId) -> Path {
        structure::path(&self.document, node)
    }

    /// The config of a name.
    #[must_use]
    pub fn config(&self, name: &str) -> Option<&Named<Config>> {
        self.configs.iter().find(|config| config.name.value == name)
    }

    /// The id of a config that is named by its name or by its id; none where it is not known yet.
    #[must_use]
    pub fn config_id<'t>(&'t self, named: &'t str) -> Option<&'t str> {
        if let Some(config) = self.config(named) {
            return Some(&config.value.id.as_ref()?.value);
        }
        named.starts_with("pc-").then_some(named)
    }

    /// Whether a model may be used; `reference` has no provider id in front.
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

    /// The metadata that every request has to have, and no key of the team brings along.
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
