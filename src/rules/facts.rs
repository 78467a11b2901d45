//! What the rules know. Everything is gathered beforehand; nothing is fetched by a rule.

use crate::openclaw::{
    Config, Model, ModelChoice, Provider, VersionSource, View, aliases, choice, has_variable,
    holders, providers,
};
use crate::portkey::base_url::{self, BaseUrl, BaseUrlError};
use crate::portkey::catalogue::Catalogue;
use crate::portkey::refusal::Refusal;

use super::strange::{self, Strange};

/// What the rules know of a config.
#[derive(Debug)]
pub struct Facts<'c> {
    /// The config with what it includes.
    pub config: &'c Config,
    /// The OpenClaw that will read it.
    pub version: VersionSource,
    /// Whether every include could be read. If not, nothing is said to be missing.
    pub complete: bool,
    /// The providers that stand for Portkey.
    pub portkey: Vec<Wired<'c>>,
    /// Every `model` value of the defaults and of the agents.
    pub choices: Vec<Choice<'c>>,
    /// The keys below `models` and `agents` that are none of OpenClaw's, or stand there twice;
    /// nothing without a provider for Portkey.
    pub strange: Vec<Strange>,
    /// What Portkey said, where it was asked.
    pub online: Option<&'c Online>,
    aliases: Vec<(String, String)>,
}

/// A provider that stands for Portkey.
#[derive(Debug)]
pub struct Wired<'c> {
    /// The key under `models.providers`, as written.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
    /// `baseUrl`, whatever it is.
    pub base_url: Option<View<'c>>,
    /// What `baseUrl` says; `None` where it is no text, or holds a variable.
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
    /// The `headers` object that it stands in.
    pub holder: View<'c>,
    /// Its value, whatever it is.
    pub value: View<'c>,
    /// The index in [`Wired::models`] of the model that it belongs to.
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

/// What Portkey said.
#[derive(Debug)]
pub struct Online {
    /// The models of the key, or why it was refused.
    pub models: Result<Catalogue, Refusal>,
    /// Each config id that was asked for, with the refusal where it was one.
    pub configs: Vec<(String, Option<Refusal>)>,
}

impl<'c> Facts<'c> {
    /// The facts that a config alone gives.
    #[must_use]
    pub fn new(config: &'c Config, version: VersionSource) -> Self {
        let choices = holders(config)
            .into_iter()
            .filter_map(|(agent, holder)| {
                let model = choice(&holder)?;
                Some(Choice { agent, model })
            })
            .collect();
        let portkey: Vec<_> = providers(config)
            .into_iter()
            .map(Wired::of)
            .filter(Wired::is_portkey)
            .collect();
        let strange = if portkey.is_empty() {
            Vec::new()
        } else {
            strange::find(config, version)
        };
        Self {
            config,
            version,
            complete: true,
            portkey,
            strange,
            choices,
            online: None,
            aliases: aliases(config),
        }
    }

    /// The defaults' `model`.
    #[must_use]
    pub fn defaults(&self) -> Option<&ModelChoice<'c>> {
        let found = self.choices.iter().find(|choice| choice.agent.is_none())?;
        Some(&found.model)
    }

    /// What a reference stands for: an alias is resolved.
    #[must_use]
    pub fn resolved<'t>(&'t self, reference: &'t str) -> &'t str {
        self.aliases
            .iter()
            .find(|(alias, _)| alias == reference)
            .map_or(reference, |(_, target)| target)
    }

    /// The Portkey provider that a reference goes through, with the model's id.
    #[must_use]
    pub fn through<'t>(&'t self, reference: &'t str) -> Option<(&'t Wired<'c>, &'t str)> {
        let (id, model) = self.resolved(reference).split_once('/')?;
        let provider = self
            .portkey
            .iter()
            .find(|provider| provider.id.eq_ignore_ascii_case(id))?;
        Some((provider, model))
    }

    /// Every header of every Portkey provider, with its provider.
    pub fn headers(&self) -> impl Iterator<Item = (&Wired<'c>, &Header<'c>)> {
        self.portkey.iter().flat_map(|provider| {
            provider
                .headers
                .iter()
                .map(move |header| (provider, header))
        })
    }

    /// Every model of every Portkey provider, with its provider.
    pub fn models(&self) -> impl Iterator<Item = (&Wired<'c>, &Model<'c>)> {
        self.portkey
            .iter()
            .flat_map(|provider| provider.models.iter().map(move |model| (provider, model)))
    }
}

impl<'c> Wired<'c> {
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
