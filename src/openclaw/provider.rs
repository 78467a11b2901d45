//! `models.providers`: the providers OpenClaw can call, and their settings.

use std::borrow::Cow;

use super::{Config, View};

/// A configured provider.
#[derive(Clone, Debug)]
pub struct Provider<'c> {
    /// The key under `models.providers`, as written.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
}

/// One entry of a provider's `models`.
#[derive(Clone, Debug)]
pub struct Model<'c> {
    /// `id`, as sent to the provider.
    pub id: Cow<'c, str>,
    /// The entry.
    pub view: View<'c>,
}

/// All providers, in document order.
#[must_use]
pub fn providers(config: &Config) -> Vec<Provider<'_>> {
    config
        .at(&["models", "providers"])
        .map(|view| view.entries())
        .unwrap_or_default()
        .into_iter()
        .map(|(id, view)| Provider { id, view })
        .collect()
}

/// The provider that OpenClaw finds under an id. Ids are case-insensitive; if several differ only
/// in case, the lower-case one wins.
#[must_use]
pub fn find_provider<'c>(config: &'c Config, id: &str) -> Option<Provider<'c>> {
    let mut same: Vec<Provider<'c>> = providers(config)
        .into_iter()
        .filter(|provider| provider.id.eq_ignore_ascii_case(id))
        .collect();
    let lower = same
        .iter()
        .position(|provider| provider.id == id.to_ascii_lowercase());
    match lower {
        Some(index) => Some(same.swap_remove(index)),
        None => same.into_iter().next(),
    }
}

impl<'c> Provider<'c> {
    /// A string field such as `baseUrl` or `api`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Cow<'c, str>> {
        self.view.get(key)?.text()
    }

    /// The models with a string `id`. If an id is repeated, the first one counts.
    #[must_use]
    pub fn models(&self) -> Vec<Model<'c>> {
        self.view
            .get("models")
            .map(|models| models.items())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|view| {
                let id = view.get("id")?.text()?;
                Some(Model { id, view })
            })
            .collect()
    }

    /// The model that OpenClaw finds under an id.
    #[must_use]
    pub fn model(&self, id: &str) -> Option<Model<'c>> {
        self.models().into_iter().find(|model| model.id == id)
    }

    /// The headers that OpenClaw adds to this provider's requests, with values as configured.
    #[must_use]
    pub fn headers(&self) -> Vec<(String, View<'c>)> {
        self.view
            .get("headers")
            .map(|headers| headers.entries())
            .unwrap_or_default()
    }

    /// A header by its case-insensitive name, with the key as written.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<(String, View<'c>)> {
        self.headers()
            .into_iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
    }
}
