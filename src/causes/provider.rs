//! A provider of the config, as the rules see it: its base URL, key, headers and models.

use std::borrow::Cow;

use crate::openclaw::{
    Config, CredentialSource, Model, Provider, View, find_provider, has_variable, providers,
    unexpanded_variable,
};
use crate::portkey::base_url::{self, BaseUrl, BaseUrlError};
use crate::portkey::headers::{API_KEY, AUTHORIZATION, CONFIG, PROVIDER, VIRTUAL_KEY};

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

/// A base URL of a provider or of one of its models.
#[derive(Debug)]
pub struct Address<'c> {
    /// The index in [`PortkeyProvider::models`] of the model that it belongs to.
    pub model: Option<usize>,
    /// The value.
    pub view: View<'c>,
    /// What it says.
    pub url: Result<BaseUrl, BaseUrlError>,
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

/// The providers of a config that go to Portkey, whatever they are called.
#[must_use]
pub fn portkey_providers(config: &Config) -> Vec<PortkeyProvider<'_>> {
    providers(config)
        .into_iter()
        .map(PortkeyProvider::of)
        .filter(PortkeyProvider::is_portkey)
        .collect()
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

    pub(super) fn of(provider: Provider<'c>) -> Self {
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
        if let Some(request) = provider.view.get("request") {
            headers.extend(headers_of(&request, None));
        }
        for (index, model) in models.iter().enumerate() {
            headers.extend(headers_of(&model.view, Some(index)));
        }
        let base_url = provider.view.get("baseUrl");
        let url = base_url.as_ref().and_then(parsed);
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

    /// The base URLs that are known: the provider's own, then those of models, which OpenClaw
    /// prefers for them.
    #[must_use]
    pub fn addresses(&self) -> Vec<Address<'c>> {
        let own = self.base_url.clone().map(|view| (None, view));
        let models = self.models.iter().enumerate();
        let of_models = models.filter_map(|(index, model)| {
            let view = model.view.get("baseUrl")?;
            Some((Some(index), view))
        });
        own.into_iter()
            .chain(of_models)
            .filter_map(|(model, view)| {
                let url = parsed(&view)?;
                Some(Address { model, view, url })
            })
            .collect()
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
    #[must_use]
    pub fn is_portkey(&self) -> bool {
        let by_host = || {
            let text = self.base_url.as_ref()?.text()?;
            Some(base_url::names_portkey(&text))
        };
        let id = self.id.to_ascii_lowercase();
        id == "portkey"
            || id.starts_with("portkey-")
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
    /// What in the value looks like a variable and is none; a config that is written out may hold
    /// anything.
    #[must_use]
    pub fn unexpanded(&self) -> Option<String> {
        let text = self.value.text()?;
        let start = text.trim_start();
        let is_json = start.starts_with('{') && !start.starts_with("{{");
        if self.name == CONFIG && is_json {
            return None;
        }
        unexpanded_variable(&text).map(str::to_owned)
    }

    /// The value as it is sent, without white space around it; none where it is not a string or is
    /// not known here (`${VAR}`, `$VAR`).
    #[must_use]
    pub fn literal(&self) -> Option<Cow<'c, str>> {
        let known = |text: &Cow<'_, str>| {
            !has_variable(text) && !CredentialSource::of_text(text).is_reference()
        };
        let text = self.value.text().filter(known)?;
        if self.unexpanded().is_some() {
            return None;
        }
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

/// What a base URL says; none where it is not text, or holds a variable.
fn parsed(view: &View<'_>) -> Option<Result<BaseUrl, BaseUrlError>> {
    let text = view.text()?;
    let is_known = !has_variable(&text) && unexpanded_variable(&text).is_none();
    is_known.then(|| BaseUrl::parse(&text))
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
