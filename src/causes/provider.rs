//! A provider as the rules see it: its base URL, key, headers and models.

use std::borrow::Cow;

use crate::openclaw::{
    Config, CredentialSource, Model, Provider, View, find_provider, has_variable, providers,
    unexpanded_variable,
};
use crate::portkey::base_url::{self, BaseUrl, BaseUrlError};
use crate::portkey::headers::{API_KEY, AUTHORIZATION, CONFIG, PROVIDER, VIRTUAL_KEY};

/// A provider that uses Portkey.
#[derive(Debug)]
pub struct PortkeyProvider<'c> {
    /// The key under `models.providers`, as written.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
    /// `baseUrl`, of any type.
    pub base_url: Option<View<'c>>,
    /// The parsed `baseUrl`; `None` if it isn't text or contains a variable.
    pub url: Option<Result<BaseUrl, BaseUrlError>>,
    /// `apiKey`, of any type.
    pub api_key: Option<View<'c>>,
    /// Its headers, then those of its models.
    pub headers: Vec<Header<'c>>,
    /// `models`, of any type.
    pub list: Option<View<'c>>,
    /// The entries of `models` with a string `id`.
    pub models: Vec<Model<'c>>,
    /// The entries of `models` without one.
    pub without_id: Vec<View<'c>>,
}

/// A header of a provider or of one of its models.
#[derive(Debug)]
pub struct Header<'c> {
    /// The name in lower case.
    pub name: String,
    /// The name as written.
    pub written: String,
    /// The `headers` object that contains it.
    pub holder: View<'c>,
    /// Its value, of any type.
    pub value: View<'c>,
    /// The index in [`PortkeyProvider::models`] of its model; `None` for the provider's own.
    pub model: Option<usize>,
}

/// The base URL of a provider or of one of its models.
#[derive(Debug)]
pub struct Address<'c> {
    /// The index in [`PortkeyProvider::models`] of its model; `None` for the provider's own.
    pub model: Option<usize>,
    /// The value.
    pub view: View<'c>,
    /// The parsed value.
    pub url: Result<BaseUrl, BaseUrlError>,
}

/// Where OpenClaw or the gateway gets a provider's key.
#[derive(Debug)]
pub enum KeyFrom<'f, 'c> {
    /// `apiKey`, of any type.
    ApiKey(&'f View<'c>),
    /// A header, which OpenClaw sends without an `apiKey`.
    Header(&'f Header<'c>),
    /// A provider setting or an auth profile that only OpenClaw can read.
    Elsewhere,
    /// There is no key, but OpenClaw sends requests anyway: the host isn't public, or isn't known.
    NotNeeded,
    /// There is no key, and OpenClaw sends nothing. Holds the empty `apiKey`, if there is one.
    Nowhere(Option<&'f View<'c>>),
}

/// The providers of a config that use Portkey, whatever they are called.
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

    /// Whether OpenClaw may get a key from its own settings.
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

    /// The provider that OpenClaw finds under an id, whether it uses Portkey or not.
    #[must_use]
    pub fn find(config: &'c Config, id: &str) -> Option<Self> {
        find_provider(config, id).map(Self::of)
    }

    /// The known base URLs: the provider's own, then those of its models, which override it.
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

    /// Whether it has a model with this id.
    #[must_use]
    pub fn declares(&self, id: &str) -> bool {
        self.models.iter().any(|model| model.id.trim() == id)
    }

    /// Whether a header selects the provider, so that the model needs no `@slug`.
    #[must_use]
    pub fn is_routed(&self, model: Option<usize>) -> bool {
        [CONFIG, PROVIDER, VIRTUAL_KEY]
            .iter()
            .any(|name| self.header(name, model).is_some())
    }

    /// Its id is Portkey's, it uses Portkey's host, or it sends Portkey's headers.
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

    /// A header by its lower-case name: that of the model at index `model` if it has one, else the
    /// provider's own.
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
    /// The part of the value that looks like a variable but isn't expanded; `None` for an inline
    /// config, which may contain anything.
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

    /// The value as sent, trimmed; `None` if it isn't a string or contains a variable (`${VAR}`,
    /// `$VAR`).
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

/// OpenClaw's HTTP client trims this whitespace from header values.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// The parsed base URL; `None` if it isn't text or contains a variable.
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
