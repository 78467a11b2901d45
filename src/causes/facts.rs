//! The input of the rules. Everything is gathered beforehand; a rule never fetches anything.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::document::Kind;
use crate::openclaw::{
    Aliases, Config, Feature, Model, ModelChoice, OTHER_REFERENCES, VersionSource, View, choice,
    has_variable, holders, providers,
};
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers::{CONFIG, ConfigValue, check_config};
use crate::portkey::refusal::Refusal;
use crate::team::Team;

use super::Validity;
use super::duplicates::{self, Duplicate};
use super::provider::{Address, Header, PortkeyProvider};

/// The input of the rules for one config.
#[derive(Debug)]
pub struct Facts<'c> {
    /// The config, including the files it includes.
    pub config: &'c Config,
    /// The OpenClaw version that will read it.
    pub version: VersionSource,
    /// Whether every include could be read. If not, nothing is reported as missing.
    pub complete: bool,
    /// The includes that OpenClaw can't read either.
    pub unread: Vec<UnreadInclude>,
    /// The providers that use Portkey.
    pub portkey: Vec<PortkeyProvider<'c>>,
    /// The other providers.
    pub others: Vec<PortkeyProvider<'c>>,
    /// Every `model` value of the defaults and of the agents.
    pub choices: Vec<Choice<'c>>,
    /// The repeated keys below `models` and `agents`; empty without a Portkey provider.
    pub duplicates: Vec<Duplicate>,
    /// Every reference of the defaults and of the agents; those in `choices` come first.
    pub references: Vec<Reference<'c>>,
    /// Portkey's answers, in an online run.
    pub online: Option<&'c Online>,
    /// The team whose rules the config must follow.
    pub team: Option<Arc<Team>>,
    /// The id of the provider that Portkey's answers are about; `None` for all of them.
    pub online_provider: Option<String>,
    names: Aliases,
    validity: OnceLock<Validity>,
}

/// An include that could not be read.
#[derive(Debug)]
pub struct UnreadInclude {
    /// The index of the including file in `Config::sources`.
    pub source: usize,
    /// Where the including file names it.
    pub range: Range<usize>,
    /// Why it could not be read.
    pub reason: String,
    /// How to fix it; may be empty.
    pub help: String,
}

/// A `model` value.
#[derive(Debug)]
pub struct Choice<'c> {
    /// The agent it belongs to; `None` for the defaults.
    pub agent: Option<String>,
    /// Primary and fallbacks.
    pub model: ModelChoice<'c>,
}

/// A reference to a model.
#[derive(Debug)]
pub struct Reference<'c> {
    /// The string value.
    pub view: View<'c>,
    /// Its text.
    pub text: Cow<'c, str>,
    /// The agent it belongs to; `None` for the defaults.
    pub agent: Option<String>,
    /// Its role.
    pub role: Role,
}

/// The role of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The primary model.
    Primary,
    /// A model tried when the primary fails.
    Fallback,
    /// A key other than `model`, such as `utilityModel`.
    Other(&'static str),
}

/// Portkey's answers.
#[derive(Debug)]
pub struct Online {
    /// The models of the key, or why the request was refused.
    pub models: Result<Catalogue, Refusal>,
    /// Each config id that was looked up, with the refusal if there was one.
    pub configs: Vec<(String, Option<Refusal>)>,
}

impl<'c> Facts<'c> {
    /// The facts that follow from the config alone.
    #[must_use]
    pub fn new(config: &'c Config, version: VersionSource) -> Self {
        let holders = holders(config);
        let choices: Vec<Choice<'c>> = holders
            .iter()
            .filter_map(|(agent, holder)| {
                let model = choice(holder)?;
                Some(Choice {
                    agent: agent.clone(),
                    model,
                })
            })
            .collect();
        let (portkey, others): (Vec<_>, Vec<_>) = providers(config)
            .into_iter()
            .map(PortkeyProvider::of)
            .partition(PortkeyProvider::is_portkey);
        let duplicates = if portkey.is_empty() {
            Vec::new()
        } else {
            duplicates::find(config)
        };
        Self {
            config,
            version,
            complete: true,
            unread: Vec::new(),
            portkey,
            duplicates,
            others,
            references: references(&holders, &choices),
            choices,
            online: None,
            team: None,
            online_provider: None,
            names: Aliases::of(config, version),
            validity: OnceLock::new(),
        }
    }

    /// Whether OpenClaw accepts the config.
    pub fn validity(&self) -> &Validity {
        self.validity
            .get_or_init(|| Validity::of(self.config, self.version))
    }

    /// The Portkey providers that Portkey's answers are about.
    pub fn asked(&self) -> impl Iterator<Item = &PortkeyProvider<'c>> {
        let asked = self.online_provider.as_deref();
        self.portkey
            .iter()
            .filter(move |provider| asked.is_none_or(|id| id.eq_ignore_ascii_case(&provider.id)))
    }

    /// The defaults' `model`.
    #[must_use]
    pub fn defaults(&self) -> Option<&ModelChoice<'c>> {
        let found = self.choices.iter().find(|choice| choice.agent.is_none())?;
        Some(&found.model)
    }

    /// A provider by its case-insensitive id, whether it uses Portkey or not.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&PortkeyProvider<'c>> {
        self.portkey
            .iter()
            .chain(&self.others)
            .find(|provider| provider.id.eq_ignore_ascii_case(id))
    }

    /// What a reference resolves to; see [`Aliases::resolved`].
    #[must_use]
    pub fn resolved<'t>(&'t self, reference: &'t str) -> &'t str {
        self.names.resolved(reference)
    }

    /// The Portkey provider that a reference goes through, with the model's id.
    #[must_use]
    pub fn through<'t>(&'t self, reference: &'t str) -> Option<(&'t PortkeyProvider<'c>, &'t str)> {
        let reference = self.resolved(reference);
        let Some((id, model)) = reference.split_once('/') else {
            return Some((self.only_owner(reference)?, reference));
        };
        let provider = self
            .portkey
            .iter()
            .find(|provider| provider.id.eq_ignore_ascii_case(id))?;
        Some((provider, model))
    }

    /// The Portkey provider that OpenClaw finds for a bare model id: the only one that has it. Seen
    /// from 4.15 on; before, OpenClaw assumes another vendor for such an id.
    fn only_owner(&self, id: &str) -> Option<&PortkeyProvider<'c>> {
        let mut owners = self
            .portkey
            .iter()
            .chain(&self.others)
            .filter(|provider| provider.declares(id));
        let owner = owners.next()?;
        let guessed = self.version.version().has(Feature::OwnerOfBareId);
        (guessed && owners.next().is_none() && self.portkey.iter().any(|p| p.id == owner.id))
            .then_some(owner)
    }

    /// Whether two references resolve to the same model.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        self.names.same(one, other)
    }

    /// The effective primary for a choice: its own, else the defaults'.
    #[must_use]
    pub fn primary_of(&self, choice: &Choice<'c>) -> Option<View<'c>> {
        let own = choice.model.primary.clone();
        own.or_else(|| self.defaults()?.primary.clone())
    }

    /// Every base URL of every Portkey provider.
    pub fn addresses(&self) -> impl Iterator<Item = Address<'c>> {
        self.portkey.iter().flat_map(PortkeyProvider::addresses)
    }

    /// Every header of every Portkey provider, with its provider.
    pub fn headers(&self) -> impl Iterator<Item = (&PortkeyProvider<'c>, &Header<'c>)> {
        self.portkey.iter().flat_map(|provider| {
            provider
                .headers
                .iter()
                .map(move |header| (provider, header))
        })
    }

    /// The config ids in headers, without duplicates.
    #[must_use]
    pub fn config_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for (_, header) in self.headers().filter(|(_, header)| header.name == CONFIG) {
            let Some(text) = header.value.text() else {
                continue;
            };
            let is_id = matches!(
                check_config(&text),
                Ok(ConfigValue::Id | ConfigValue::UnusualId)
            );
            if is_id && !ids.iter().any(|id| *id == text) {
                ids.push(text.into_owned());
            }
        }
        ids
    }

    /// Every model of every Portkey provider, with its provider.
    pub fn models(&self) -> impl Iterator<Item = (&PortkeyProvider<'c>, &Model<'c>)> {
        self.portkey
            .iter()
            .flat_map(|provider| provider.models.iter().map(move |model| (provider, model)))
    }
}

fn references<'c>(
    holders: &[(Option<String>, View<'c>)],
    choices: &[Choice<'c>],
) -> Vec<Reference<'c>> {
    let mut found = Vec::new();
    let mut add = |view: &View<'c>, agent: &Option<String>, role| {
        let known = |text: &Cow<'_, str>| !text.trim().is_empty() && !has_variable(text);
        if let Some(text) = view.text().filter(known) {
            found.push(Reference {
                view: view.clone(),
                text,
                agent: agent.clone(),
                role,
            });
        }
    };
    for Choice { agent, model } in choices {
        if let Some(primary) = &model.primary {
            add(primary, agent, Role::Primary);
        }
        for fallback in &model.fallbacks {
            add(fallback, agent, Role::Fallback);
        }
    }
    for (agent, holder) in holders {
        for keys in OTHER_REFERENCES {
            let Some(view) = keys
                .iter()
                .try_fold(holder.clone(), |view, key| view.get(key))
            else {
                continue;
            };
            let role = Role::Other(keys[0]);
            if view.kind() == Kind::Object {
                let fallbacks = view.get("fallbacks");
                let fallbacks = fallbacks.map(|list| list.items()).unwrap_or_default();
                for view in view.get("primary").into_iter().chain(fallbacks) {
                    add(&view, agent, role);
                }
            } else {
                add(&view, agent, role);
            }
        }
    }
    found
}
