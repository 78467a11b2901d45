//! Lookups at Portkey for the configs of a run, once per key and URL.

use crate::causes::{Facts, Online, PortkeyProvider};
use crate::error::Failure;
use crate::http::{HttpError, Options};
use crate::openclaw::{CredentialSource, View};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::refusal::{Refusal, Refused};
use crate::secret::Secret;

use crate::app::Env;
use crate::app::credential;
use crate::app::inquiry::Inquiry;
use crate::app::named_models::routes_of;
use crate::app::session::Session;
use crate::portkey::key_variable::KEY_VARIABLE;

/// Looks things up at Portkey, and caches the answers.
pub(crate) struct OnlineCheck<'a> {
    env: &'a Env,
    /// The user's own config, if that is what is checked.
    own: Option<&'a Session<'a>>,
    inquiries: Vec<Inquiry>,
}

impl<'a> OnlineCheck<'a> {
    pub(crate) fn new(env: &'a Env, own: Option<&'a Session<'a>>) -> Self {
        Self {
            env,
            own,
            inquiries: Vec::new(),
        }
    }

    /// The key that may be sent for a config, to be masked everywhere.
    pub(crate) fn known(&self) -> Vec<Secret> {
        let key = self.env.text(KEY_VARIABLE);
        key.map(Secret::new).into_iter().collect()
    }

    /// Portkey's answers for a config, and why they are missing or incomplete.
    pub(crate) fn ask(&mut self, facts: &Facts<'_>) -> (Option<Online>, Option<String>) {
        match self.asked(facts) {
            Ok(online) => {
                let models = online.as_ref().map(|online| &online.models);
                let refused = models.and_then(|models| models.as_ref().err());
                // Rules report the others.
                let other = |refusal: &&Refusal| {
                    let cause = refusal.cause;
                    !cause.rejects_key() && cause != Refused::MissingScope
                };
                let gap = refused.filter(other).map(|refusal| {
                    let models = HttpError::Refused(refusal.clone());
                    format!("Portkey can't list models: {models}")
                });
                (online, gap)
            }
            Err(why) => (None, Some(why)),
        }
    }

    fn asked(&mut self, facts: &Facts<'_>) -> Result<Option<Online>, String> {
        let Some(provider) = facts.portkey.first() else {
            return Ok(None);
        };
        let url = provider
            .base_url
            .as_ref()
            .and_then(View::text)
            .and_then(|text| BaseUrl::parse(&text).ok())
            .ok_or("the base URL isn't known on this machine, so Portkey wasn't contacted")?;
        let secret = self.key(provider, &url)?;
        let known = self
            .inquiries
            .iter()
            .position(|inquiry| inquiry.is_for(&url, &secret));
        let index = if let Some(index) = known {
            index
        } else {
            let inquiry = Inquiry::new(&url, &secret, Options::default())
                .map_err(|error| error.to_string())?
                .routed_by(routes_of(provider, &[]));
            self.inquiries.push(inquiry);
            self.inquiries.len() - 1
        };
        let (online, unanswered) = self.inquiries[index]
            .online(&facts.config_ids())
            .map_err(ToString::to_string)?;
        match unanswered.filter(|_| online.models.is_ok()) {
            Some(error) => Err(error.to_string()),
            None => Ok(Some(online)),
        }
    }

    /// The key. A file from someone else could send a key anywhere: a host other than Portkey's
    /// gets only a key that the file itself contains.
    fn key(&self, provider: &PortkeyProvider<'_>, url: &BaseUrl) -> Result<Secret, String> {
        let message = |failure: Failure| failure.message;
        if let Some(session) = self.own {
            return credential::existing(session)
                .map(|key| key.secret)
                .ok_or_else(|| message(credential::missing(session, false)));
        }
        if let Some(view) = &provider.api_key
            && CredentialSource::read(view) == CredentialSource::Literal
        {
            return credential::checked(&view.text().unwrap_or_default()).map_err(message);
        }
        if !url.is_known_portkey_host() && !url.is_loopback() {
            return Err(format!(
                "{} isn't a Portkey host, so the key wasn't sent to it; only OpenClaw's own config (without FILE) is checked with any host",
                url.host()
            ));
        }
        let text = self
            .env
            .text(KEY_VARIABLE)
            .ok_or("no API key for Portkey; set PORTKEY_API_KEY")?;
        credential::checked(&text).map_err(message)
    }
}
