//! What the rules know. Everything is gathered beforehand; nothing is fetched by a rule.

use crate::openclaw::{Config, ModelChoice, Provider, VersionSource, View, aliases, choice, holders, providers};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::refusal::Refusal;

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
    pub portkey: Vec<Provider<'c>>,
    /// What Portkey said, where it was asked.
    pub online: Option<&'c Online>,
    aliases: Vec<(String, String)>,
}

/// What Portkey said.
#[derive(Debug)]
pub struct Online {
    /// The models of the key, or why it was refused.
    pub models: Result<Catalogue, Refusal>,
    /// Each config id that was asked for, with what Portkey said to it.
    pub configs: Vec<(String, Option<Refusal>)>,
}

impl<'c> Facts<'c> {
    /// The facts that a config alone gives.
    #[must_use]
    pub fn new(config: &'c Config, version: VersionSource) -> Self {
        Self {
            config,
            version,
            complete: true,
            portkey: providers(config).into_iter().filter(is_portkey).collect(),
            online: None,
            aliases: aliases(config),
        }
    }

    /// Every `model` value with a name for its holder: the defaults, or an agent.
    #[must_use]
    pub fn choices(&self) -> Vec<(Option<String>, ModelChoice<'c>)> {
        holders(self.config)
            .into_iter()
            .filter_map(|(agent, holder)| Some((agent, choice(&holder)?)))
            .collect()
    }

    /// The defaults' `model`.
    #[must_use]
    pub fn default_choice(&self) -> Option<ModelChoice<'c>> {
        choice(&self.config.at(&["agents", "defaults"])?)
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
    pub fn through<'t>(&'t self, reference: &'t str) -> Option<(&'t Provider<'c>, &'t str)> {
        let (id, model) = self.resolved(reference).split_once('/')?;
        let provider = self.portkey.iter().find(|provider| provider.id.eq_ignore_ascii_case(id))?;
        Some((provider, model))
    }

    /// Whether a value holds models or agents that a rule may judge.
    #[must_use]
    pub fn is_wired(&self) -> bool {
        !self.portkey.is_empty()
    }
}

/// A provider stands for Portkey when it is called so, goes to its host, or sends its headers.
fn is_portkey(provider: &Provider<'_>) -> bool {
    let by_host = || {
        provider
            .text("baseUrl")
            .and_then(|text| BaseUrl::parse(&text).ok())
            .is_some_and(|url| url.is_known_portkey_host())
    };
    let by_header = || {
        provider
            .headers()
            .iter()
            .any(|(name, _): &(String, View<'_>)| name.to_ascii_lowercase().starts_with("x-portkey-"))
    };
    provider.id.eq_ignore_ascii_case("portkey") || by_host() || by_header()
}
