//! What Portkey says about a config: asked once for each key and place.

use std::time::Duration;

use crate::causes::{Facts, Online, PortkeyProvider};
use crate::http::{HttpError, Options, Portkey};
use crate::openclaw::{CredentialSource, View};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::refusal::{Cause, Refusal};
use crate::secret::Secret;

use super::super::Env;
use super::super::key;

/// The longest that one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Asks Portkey, and remembers what it said.
pub(in crate::commands) struct Asker<'a> {
    env: &'a Env,
    /// OpenClaw's `.env`, where its own config is looked at.
    dotenv: Option<&'a str>,
    /// Whether the config is the user's own, not just any file.
    own: bool,
    models: Vec<(String, Secret, Result<Catalogue, Refusal>)>,
    configs: Vec<(String, Secret, String, Option<Refusal>)>,
}

impl<'a> Asker<'a> {
    pub(in crate::commands) fn new(env: &'a Env, dotenv: Option<&'a str>, own: bool) -> Self {
        Self {
            env,
            dotenv,
            own,
            models: Vec::new(),
            configs: Vec::new(),
        }
    }

    /// The key that is sent for a config, to be masked wherever it occurs.
    pub(in crate::commands) fn known(&self) -> Vec<Secret> {
        let key = self.env.text(key::KEY_VARIABLE);
        key.map(Secret::new).into_iter().collect()
    }

    /// What Portkey says about a config; `None` where there is nothing to ask.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub(in crate::commands) fn ask(&mut self, facts: &Facts<'_>) -> Result<Option<Online>, String> {
        let Some(provider) = facts.portkey.first() else {
            return Ok(None);
        };
        let url = provider
            .base_url
            .as_ref()
            .and_then(View::text)
            .and_then(|text| BaseUrl::parse(&text).ok())
            .ok_or("the base URL is not known here, so Portkey was not asked")?;
        let secret = self.key(provider, &url)?;
        let options = Options {
            timeout: TIMEOUT,
            insecure_http: false,
        };
        let portkey = Portkey::new(&url, secret.clone(), options).map_err(|e| e.to_string())?;
        let models = self.models(&portkey, &url, &secret)?;
        let mut configs = Vec::new();
        if models.is_ok() {
            for id in facts.config_ids() {
                let refusal = self.config(&portkey, &url, &secret, &id)?;
                configs.push((id, refusal));
            }
        }
        Ok(Some(Online { models, configs }))
    }

    /// The key. A file that somebody else wrote decides where a key goes: to a host that is
    /// not Portkey's only a key is sent that the file itself holds.
    fn key(&self, provider: &PortkeyProvider<'_>, url: &BaseUrl) -> Result<Secret, String> {
        let given = provider
            .api_key
            .as_ref()
            .map(|view| (CredentialSource::read(view), view));
        if let Some((CredentialSource::Literal, view)) = &given {
            let text = view.text().unwrap_or_default();
            return key::checked(&text).map_err(|failure| failure.message);
        }
        let trusted = self.own || url.is_known_portkey_host() || url.is_loopback();
        if !trusted {
            return Err(format!(
                "{} is not Portkey's, so the key was not sent there; without FILE, OpenClaw's own config is checked with any host",
                url.host()
            ));
        }
        let named = given
            .as_ref()
            .and_then(|(given, _)| given.variable())
            .filter(|_| self.own)
            .and_then(|name| self.variable(name));
        let text = named
            .or_else(|| self.variable(key::KEY_VARIABLE))
            .ok_or("there is no key to ask Portkey with: set PORTKEY_API_KEY")?;
        key::checked(&text).map_err(|failure| failure.message)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env
            .text(name)
            .or_else(|| crate::dotenv::get(self.dotenv?, name))
    }

    fn models(
        &mut self,
        portkey: &Portkey,
        url: &BaseUrl,
        secret: &Secret,
    ) -> Result<Result<Catalogue, Refusal>, String> {
        let known = self
            .models
            .iter()
            .find(|(place, key, _)| place == url.as_str() && key == secret);
        if let Some((_, _, known)) = known {
            return Ok(known.clone());
        }
        let said = match portkey.models(&[]) {
            Ok(catalogue) => Ok(catalogue),
            Err(HttpError::Refused(refusal)) if is_answer(&refusal) => Err(refusal),
            Err(error) => return Err(error.to_string()),
        };
        self.models
            .push((url.as_str().to_owned(), secret.clone(), said.clone()));
        Ok(said)
    }

    fn config(
        &mut self,
        portkey: &Portkey,
        url: &BaseUrl,
        secret: &Secret,
        id: &str,
    ) -> Result<Option<Refusal>, String> {
        let known = self
            .configs
            .iter()
            .find(|(place, key, config, _)| place == url.as_str() && key == secret && config == id);
        if let Some((_, _, _, known)) = known {
            return Ok(known.clone());
        }
        let said = match portkey.check_config(id) {
            Ok(()) => None,
            Err(HttpError::Refused(refusal)) if is_answer(&refusal) => Some(refusal),
            Err(error) => return Err(error.to_string()),
        };
        self.configs.push((
            url.as_str().to_owned(),
            secret.clone(),
            id.to_owned(),
            said.clone(),
        ));
        Ok(said)
    }
}

/// Whether a refusal is Portkey's word, and not that of something in between.
pub(in crate::commands) fn is_answer(refusal: &Refusal) -> bool {
    !matches!(
        refusal.cause,
        Cause::GatewayFailed | Cause::WebPage | Cause::Unknown
    )
}
