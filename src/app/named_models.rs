//! Parses the models of a command line.

use crate::causes::PortkeyProvider;
use crate::error::Failure;
use crate::http::Options;
use crate::mask::printable;
use crate::plan::HeaderChange;
use crate::portkey::headers::{CONFIG, PROVIDER, VIRTUAL_KEY};
use crate::portkey::model_id::{ModelId, ModelIdError};

use super::inquiry::Inquiry;
use super::saved_models::saved_models;
use super::session::Session;
use super::{credential, usage};

/// The headers that choose the provider, which `GET /models` also accepts.
const ROUTES: [&str; 3] = [PROVIDER, VIRTUAL_KEY, "x-portkey-custom-host"];

/// The maximum number of suggestions for a model without its slug.
const MAX_SUGGESTIONS: usize = 3;

/// Which names are accepted besides `@slug/model`, and how to look up suggestions.
#[derive(Clone, Copy, Default)]
pub(crate) struct Naming<'a> {
    /// The headers that the command sets.
    headers: &'a [HeaderChange],
    /// Whether models can be named as in the config.
    declared: bool,
    /// How to contact Portkey.
    ask: Option<Options>,
}

impl<'a> Naming<'a> {
    /// Sets the headers.
    pub(crate) fn headers(self, headers: &'a [HeaderChange]) -> Self {
        Self { headers, ..self }
    }

    /// Accepts models as named in the config.
    pub(crate) fn declared(self) -> Self {
        Self {
            declared: true,
            ..self
        }
    }

    /// Allows looking up suggestions at Portkey.
    pub(crate) fn ask(self, portkey: crate::args::PortkeyArgs) -> Self {
        Self {
            ask: (!portkey.offline).then(|| portkey.options()),
            ..self
        }
    }

    /// Parses the models, without duplicates.
    ///
    /// # Errors
    /// A text isn't a model. If it lacks its `@slug/`, possible models are suggested: those in the
    /// config, those listed earlier, and those that Portkey lists.
    pub(crate) fn models(
        &self,
        session: &Session<'_>,
        texts: &[String],
    ) -> Result<Vec<ModelId>, Failure> {
        let provider_id = session.provider_id()?;
        let provider = session.provider(&provider_id);
        let mut ids = Vec::new();
        for text in texts {
            let id = match ModelId::parse(text, &provider_id) {
                Err(ModelIdError::NoSlug { given, .. })
                    if self.is_known(provider.as_ref(), &given) =>
                {
                    ModelId::bare(&given)
                }
                Err(error) => return Err(self.unknown(session, provider.as_ref(), &error)),
                Ok(id) => id,
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Whether a name without a slug is enough.
    fn is_known(&self, provider: Option<&PortkeyProvider<'_>>, given: &str) -> bool {
        let declared = || {
            let provider = provider?;
            let index = provider.models.iter().position(|model| model.id == given)?;
            Some((provider, index))
        };
        let names = [CONFIG, PROVIDER, VIRTUAL_KEY];
        let sets = |name: &str| {
            let mut changes = self.headers.iter();
            changes.any(|one| one.name.eq_ignore_ascii_case(name) && one.value.is_some())
        };
        names.iter().any(|name| sets(name))
            || provider.is_some_and(|provider| provider.is_routed(None))
            || declared()
                .is_some_and(|(provider, index)| self.declared || provider.is_routed(Some(index)))
    }

    fn unknown(
        &self,
        session: &Session<'_>,
        provider: Option<&PortkeyProvider<'_>>,
        error: &ModelIdError,
    ) -> Failure {
        let ModelIdError::NoSlug { given, .. } = error else {
            return usage(error.to_string());
        };
        let declared = provider.iter().flat_map(|provider| &provider.models);
        let declared: Vec<String> = declared.map(|model| model.id.to_string()).collect();
        let mut near = of_name(&declared, given);
        if near.is_empty() {
            near = of_name(&saved_models(provider, session.env), given);
        }
        if near.is_empty() {
            near = self.listed(session, given).unwrap_or_default();
        }
        if near.is_empty() {
            return usage(error.to_string());
        }
        near.truncate(MAX_SUGGESTIONS);
        usage(format!(
            "`{}` lacks the provider slug; write {}",
            printable(given),
            printable(&near.join(" or "))
        ))
    }

    /// The models that Portkey lists under this name.
    fn listed(&self, session: &Session<'_>, given: &str) -> Option<Vec<String>> {
        let key = credential::existing(session)?;
        let url = session.base_url(None).ok()?;
        let inquiry = Inquiry::new(&url, &key.secret, self.ask?).ok()?;
        let inquiry = inquiry.routed_by(routes(session, self.headers));
        let near = inquiry.models().ok()?.nearest(given, MAX_SUGGESTIONS);
        Some(near.into_iter().map(|model| model.id.clone()).collect())
    }
}

/// The models with this name after the slug.
fn of_name(ids: &[String], given: &str) -> Vec<String> {
    let is_it = |id: &&String| {
        let name = id.strip_prefix('@').and_then(|id| id.split_once('/'));
        name.is_some_and(|(_, name)| name.eq_ignore_ascii_case(given))
    };
    ids.iter().filter(is_it).cloned().collect()
}

/// The provider's headers that choose who answers, after the changes.
pub(crate) fn routes(session: &Session<'_>, changes: &[HeaderChange]) -> Vec<(String, String)> {
    let id = session.provider_id().ok();
    match id.and_then(|id| session.provider(&id)) {
        Some(provider) => routes_of(&provider, changes),
        None => changed_routes(None, changes),
    }
}

/// The same for a provider.
pub(crate) fn routes_of(
    provider: &PortkeyProvider<'_>,
    changes: &[HeaderChange],
) -> Vec<(String, String)> {
    changed_routes(Some(provider), changes)
}

fn changed_routes(
    provider: Option<&PortkeyProvider<'_>>,
    changes: &[HeaderChange],
) -> Vec<(String, String)> {
    let value = |name: &str| {
        let mut changes = changes.iter().rev();
        let set = changes.find(|one| one.model.is_none() && one.name.eq_ignore_ascii_case(name));
        if let Some(set) = set {
            return set.value.clone();
        }
        let header = provider?.header(name, None)?;
        Some(header.literal()?.into_owned())
    };
    let named = |name: &str| Some((name.to_owned(), value(name)?));
    ROUTES.iter().filter_map(|name| named(name)).collect()
}
