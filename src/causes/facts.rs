//! What the rules know. Everything is gathered beforehand; nothing is fetched by a rule.

use std::borrow::Cow;

use crate::document::Kind;
use crate::openclaw::{
    Aliases, Config, CredentialSource, Model, ModelChoice, OTHER_REFERENCES, Provider,
    VersionSource, View, choice, find_provider, has_variable, holders, providers,
};
use crate::portkey::base_url::{self, BaseUrl, BaseUrlError};
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers::{
    API_KEY, AUTHORIZATION, CONFIG, ConfigValue, PROVIDER, VIRTUAL_KEY, check_config,
};
use crate::portkey::refusal::Refusal;

use super::schema::{self, KeyError};

/// What the rules know of a config.
#[derive(Debug)]
pub struct Facts<'c> {
    /// The config with what it includes.
    pub config: &'c Config,
    /// The OpenClaw that will read it.
    pub version: VersionSource,
    /// Whether every include could be read. If not, nothing is said to be missing.
    pub complete: bool,
    /// The providers that lead to Portkey.
    pub portkey: Vec<PortkeyProvider<'c>>,
    /// The other providers.
    pub others: Vec<PortkeyProvider<'c>>,
    /// Every `model` value of the defaults and of the agents.
    pub choices: Vec<Choice<'c>>,
    /// The keys below `models` and `agents` that are unknown to OpenClaw, or duplicated;
    /// nothing without a provider for Portkey.
    pub strange: Vec<KeyError>,
    /// Every reference of the defaults and of the agents, those of `choices` first.
    pub references: Vec<Reference<'c>>,
    /// What Portkey said, where it was asked.
    pub online: Option<&'c Online>,
    /// The id of the provider that was asked about; of all where none is named.
    pub online_provider: Option<String>,
    names: Aliases,
}

/// A provider that leads to Portkey.
#[derive(Debug)]
pub struct PortkeyProvider<'c> {
    /// The key under `models.providers`, as written.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
    /// `baseUrl`, whatever it is.
    pub base_url: Option<View<'c>>,
    /// What `baseUrl` says; `None` where it is not text, or holds a variable.
    pub url: Option<Result<BaseUrl, BaseUrlError>>,
    /// `apiKey`, whatever it is.
    pub api_key: Option<View<'c>>,
    /// Its headers, then those of its models.
    pub headers: Vec<Header<'c>>,
    /// `models`, whatever it is.
    pub list: Option<View<'c>>,
    /// The entries of `models` that have a string `id`.
    pub models: Vec<Model<'c>>,
    /// The entries of `models` that have none.
    pub without_id: Vec<View<'c>>,
}

/// A header of a provider or of one of its models.
#[derive(Debug)]
pub struct Header<'c> {
    /// The name in lower case.
    pub name: String,
    /// The name as written.
    pub written: String,
    /// The `headers` object that it is in.
    pub holder: View<'c>,
    /// Its value, whatever it is.
    pub value: View<'c>,
    /// The index in [`PortkeyProvider::models`] of the model that it belongs to.
    pub model: Option<usize>,
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
    /// The string.
    pub view: View<'c>,
    /// Its text.
    pub text: Cow<'c, str>,
    /// The agent it belongs to; `None` for the defaults.
    pub agent: Option<String>,
    /// What it is for.
    pub role: Role,
}

/// What a reference is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The primary model.
    Primary,
    /// A model asked when the primary fails.
    Fallback,
    /// A key of its own, such as `utilityModel`.
    Other(&'static str),
}

/// Where OpenClaw, or the gateway, has a provider's key from.
#[derive(Debug)]
pub enum KeyFrom<'f, 'c> {
    /// `apiKey`, whatever it is.
    ApiKey(&'f View<'c>),
    /// A header that OpenClaw sends without an `apiKey`.
    Header(&'f Header<'c>),
    /// A key of the provider's, or an auth profile, that OpenClaw alone makes sense of.
    Elsewhere,
    /// Nowhere, and OpenClaw sends requests anyway: the host is not public, or not known.
    NotNeeded,
    /// Nowhere, and OpenClaw sends nothing. Holds an `apiKey` that is empty.
    Nowhere(Option<&'f View<'c>>),
}

/// What Portkey said.
#[derive(Debug)]
pub struct Online {
    /// The models of the key, or why it was refused.
    pub models: Result<Catalogue, Refusal>,
    /// Each config id that was asked for, with the refusal where it was one.
    pub configs: Vec<(String, Option<Refusal>)>,
}

/// The providers of a config that go to Portkey, whatever they are called.
#[must_use]
pub fn portkey_providers(config: &Config) -> Vec<PortkeyProvider<'_>> {
    providers(config)
        .into_iter()
        .map(PortkeyProvider::of)
        .filter(PortkeyProvider::is_portkey)
        .collect()
}

impl<'c> Facts<'c> {
    /// The facts that a config alone gives.
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
        let strange = if portkey.is_empty() {
            Vec::new()
        } else {
            schema::find(config, version)
        };
        Self {
            config,
            version,
            complete: true,
            portkey,
            strange,
            others,
            references: references(&holders, &choices),
            choices,
            online: None,
            online_provider: None,
            names: Aliases::of(config, version),
        }
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

    /// The provider of an id, whatever its case, for Portkey or not.
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

    /// The Portkey provider that OpenClaw finds for a model's id alone: the only one that has it.
    /// Seen in 5.28 and 9.6; 2.17 takes such an id for another vendor's.
    fn only_owner(&self, id: &str) -> Option<&PortkeyProvider<'c>> {
        let mut owners = self
            .portkey
            .iter()
            .chain(&self.others)
            .filter(|provider| provider.declares(id));
        let owner = owners.next()?;
        let guessed = self.version.version().guesses_providers();
        (guessed && owners.next().is_none() && self.portkey.iter().any(|p| p.id == owner.id))
            .then_some(owner)
    }

    /// Whether two references resolve to the same model.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        self.names.same(one, other)
    }

    /// The primary in force for a choice: its own, else the defaults'.
    #[must_use]
    pub fn primary_of(&self, choice: &Choice<'c>) -> Option<View<'c>> {
        let own = choice.model.primary.clone();
        own.or_else(|| self.defaults()?.primary.clone())
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

    /// The config ids that the headers name, each once.
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

impl<'c> PortkeyProvider<'c> {
    /// Where the key comes from.
    #[must_use]
    pub fn key_from(&self, config: &Config) -> KeyFrom<'_, 'c> {
        let empty = match &self.api_key {
            Some(view) if CredentialSource::read(view) != CredentialSource::Empty => {
                return KeyFrom::ApiKey(view);
            }
            empty => empty.as_ref(),
        };
        // OpenClaw sends `Bearer dummy` and the header.
        let is_sent = |header: &&Header<'_>| {
            header.name == AUTHORIZATION
                || matches!(
                    CredentialSource::read(&header.value),
                    CredentialSource::SecretRef { .. }
                )
        };
        let headers = [API_KEY, AUTHORIZATION];
        let mut sent = headers.iter().filter_map(|name| self.header(name, None));
        if let Some(header) = sent.find(is_sent) {
            return KeyFrom::Header(header);
        }
        if self.has_other_auth(config) {
            return KeyFrom::Elsewhere;
        }
        match &self.url {
            Some(Ok(url)) if !url.is_loopback() && !url.is_internal() => KeyFrom::Nowhere(empty),
            _ => KeyFrom::NotNeeded,
        }
    }

    /// Whether OpenClaw may have a key from its own settings.
    fn has_other_auth(&self, config: &Config) -> bool {
        let mut keys = ["auth", "request", "localService"].iter();
        keys.any(|key| self.view.get(key).is_some())
            || config
                .at(&["auth", "profiles"])
                .map(|profiles| profiles.entries())
                .unwrap_or_default()
                .iter()
                .any(|(name, _)| {
                    let owner = name.split(':').next().unwrap_or(name);
                    owner.eq_ignore_ascii_case(&self.id)
                })
    }

    fn of(provider: Provider<'c>) -> Self {
        let list = provider.view.get("models");
        let mut models = Vec::new();
        let mut without_id = Vec::new();
        for view in list.as_ref().map(View::items).unwrap_or_default() {
            match view.get("id").and_then(|id| id.text()) {
                Some(id) => models.push(Model { id, view }),
                None => without_id.push(view),
            }
        }
        let mut headers = headers_of(&provider.view, None);
        for (index, model) in models.iter().enumerate() {
            headers.extend(headers_of(&model.view, Some(index)));
        }
        let base_url = provider.view.get("baseUrl");
        let url = base_url
            .as_ref()
            .and_then(View::text)
            .filter(|text| !has_variable(text))
            .map(|text| BaseUrl::parse(&text));
        Self {
            base_url,
            url,
            api_key: provider.view.get("apiKey"),
            id: provider.id,
            view: provider.view,
            headers,
            list,
            models,
            without_id,
        }
    }

    /// The provider that OpenClaw finds under an id, for Portkey or not.
    #[must_use]
    pub fn find(config: &'c Config, id: &str) -> Option<Self> {
        find_provider(config, id).map(Self::of)
    }

    /// Whether it has a model of this id.
    #[must_use]
    pub fn declares(&self, id: &str) -> bool {
        self.models.iter().any(|model| model.id.trim() == id)
    }

    /// Whether a header says which provider answers, so that the `@slug` of the model need not.
    #[must_use]
    pub fn is_routed(&self, model: Option<usize>) -> bool {
        [CONFIG, PROVIDER, VIRTUAL_KEY]
            .iter()
            .any(|name| self.header(name, model).is_some())
    }

    /// It is called so, goes to Portkey's host, or sends Portkey's headers.
    fn is_portkey(&self) -> bool {
        let by_host = || {
            let text = self.base_url.as_ref()?.text()?;
            Some(base_url::names_portkey(&text))
        };
        self.id.eq_ignore_ascii_case("portkey")
            || by_host().unwrap_or(false)
            || self
                .headers
                .iter()
                .any(|header| header.name.starts_with("x-portkey-"))
    }

    /// The provider's own value of a header, its name in lower case; that of a model where `model`
    /// is its index and it has one.
    #[must_use]
    pub fn header(&self, name: &str, model: Option<usize>) -> Option<&Header<'c>> {
        let of = |owner: Option<usize>| {
            self.headers
                .iter()
                .find(|header| header.name == name && header.model == owner)
        };
        model.and_then(|_| of(model)).or_else(|| of(None))
    }
}

impl<'c> Header<'c> {
    /// The value as it is sent, without white space around it; none where it is not a string or is
    /// not known here (`${VAR}`, `$VAR`).
    #[must_use]
    pub fn literal(&self) -> Option<Cow<'c, str>> {
        let known = |text: &Cow<'_, str>| {
            !has_variable(text) && !CredentialSource::of_text(text).is_reference()
        };
        let text = self.value.text().filter(known)?;
        Some(match text {
            Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
            Cow::Owned(text) => Cow::Owned(trimmed(&text).to_owned()),
        })
    }
}

/// OpenClaw's HTTP client takes this white space away from both ends of a header's value.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
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

fn headers_of<'c>(view: &View<'c>, model: Option<usize>) -> Vec<Header<'c>> {
    let Some(holder) = view.get("headers") else {
        return Vec::new();
    };
    holder
        .entries()
        .into_iter()
        .map(|(written, value)| Header {
            name: written.to_ascii_lowercase(),
            written,
            holder: holder.clone(),
            value,
            model,
        })
        .collect()
}
