//! All lookups at Portkey: each request is sent once, several in parallel, and the replies are kept
//! as facts. Nothing is judged here.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Instant;

use crate::causes::Online;
use crate::diagnostic::{Diagnostic, Level};
use crate::http::probe::{Api, Counted, Probe};
use crate::http::{HttpError, Options, Portkey};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::model_id::ModelId;
use crate::portkey::refusal::Refusal;
use crate::secret::Secret;

use super::model_facts::{self, Known};
use super::parallel_map::parallel_map;

/// The maximum number of concurrent requests.
pub(crate) const MAX_PARALLEL: usize = 8;

/// The check that passes if Portkey returns its models.
pub(crate) const KEY_ACCEPTED: &str = "key-accepted";

/// A connection to Portkey with a key.
pub(crate) struct Inquiry {
    portkey: Portkey,
    url: BaseUrl,
    key: Secret,
    options: Options,
    /// Headers sent with `GET /models` that choose the provider.
    routes: Vec<(String, String)>,
    models: OnceLock<Result<Catalogue, HttpError>>,
    /// Whether "key accepted" was already printed.
    shown: bool,
    /// The answer for each config id; `None` if it is accepted.
    configs: Mutex<HashMap<String, Option<Refusal>>>,
}

impl Inquiry {
    /// Prepares requests without sending any.
    ///
    /// # Errors
    /// The key would be sent unencrypted over a network.
    pub(crate) fn new(url: &BaseUrl, key: &Secret, options: Options) -> Result<Self, HttpError> {
        Ok(Self {
            portkey: Portkey::new(url, key.clone(), options)?,
            url: url.clone(),
            key: key.clone(),
            options,
            routes: Vec::new(),
            models: OnceLock::new(),
            shown: false,
            configs: Mutex::new(HashMap::new()),
        })
    }

    /// Adds the config's headers that choose the provider.
    pub(crate) fn routed_by(mut self, routes: Vec<(String, String)>) -> Self {
        self.routes = routes;
        self
    }

    /// Marks that "key accepted" was already printed.
    pub(crate) fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// Whether a check's result has already been shown.
    pub(crate) fn has_shown(&self, check: &Diagnostic) -> bool {
        self.shown && check.level == Level::Passed && check.check == KEY_ACCEPTED
    }

    pub(crate) fn url(&self) -> &BaseUrl {
        &self.url
    }

    pub(crate) fn key(&self) -> &Secret {
        &self.key
    }

    /// Whether it is a connection to this URL with this key.
    pub(crate) fn is_for(&self, url: &BaseUrl, key: &Secret) -> bool {
        self.url.as_str() == url.as_str() && self.key == *key
    }

    /// The models that the key can route to.
    pub(crate) fn models(&self) -> Result<&Catalogue, &HttpError> {
        let ask = || {
            let routes = self.routes.iter();
            let routes: Vec<(&str, &str)> = routes
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            self.portkey.models(&routes)
        };
        self.models.get_or_init(ask).as_ref()
    }

    /// Portkey's refusal of a config id; `None` if it exists.
    ///
    /// # Errors
    /// Portkey can't be reached.
    pub(crate) fn config(&self, id: &str) -> Result<Option<Refusal>, HttpError> {
        let known = |inquiry: &Self| inquiry.configs.lock().ok()?.get(id).cloned();
        if let Some(answer) = known(self) {
            return Ok(answer);
        }
        let answer = match self.portkey.check_config(id) {
            Ok(()) => None,
            Err(HttpError::Refused(refusal)) if refusal.is_answer() => Some(refusal),
            Err(error) => return Err(error),
        };
        if let Ok(mut configs) = self.configs.lock() {
            configs.insert(id.to_owned(), answer.clone());
        }
        Ok(answer)
    }

    /// The models and these config ids, requested in parallel, for the online rules. If config ids
    /// got no answer, the first failure is included; when the time is up, the rest is skipped.
    ///
    /// # Errors
    /// The models can't be requested.
    pub(crate) fn online(
        &self,
        config_ids: &[String],
    ) -> Result<(Online, Option<HttpError>), &HttpError> {
        let deadline = self.options.deadline();
        let ask = |id: &String| {
            let answer = if Instant::now() < deadline {
                self.config(id)
            } else {
                Err(self.portkey.timeout())
            };
            (id.clone(), answer)
        };
        let answers = thread::scope(|scope| {
            let configs = scope.spawn(|| parallel_map(MAX_PARALLEL, config_ids, ask));
            let _ = self.models();
            configs.join().unwrap_or_default()
        });
        let models = match self.models() {
            Ok(catalogue) => Ok(catalogue.clone()),
            Err(HttpError::Refused(refusal)) if refusal.is_answer() => Err(refusal.clone()),
            Err(error) => return Err(error),
        };
        let mut configs = Vec::new();
        let mut unanswered = None;
        for (id, answer) in answers {
            match answer {
                Ok(refusal) => configs.push((id, refusal)),
                Err(error) => {
                    unanswered.get_or_insert(error);
                }
            }
        }
        Ok((Online { models, configs }, unanswered))
    }

    /// Known facts about models from Portkey's list and prices, and whether all prices were
    /// available.
    pub(crate) fn facts(&self, ids: &[ModelId]) -> Option<(Known, bool)> {
        let catalogue = self.models().ok()?;
        Some(model_facts::by_list(ids, catalogue, &self.portkey))
    }

    /// The version of a gateway that reports its health.
    pub(crate) fn health(&self) -> Option<String> {
        self.portkey.health().ok()?.version
    }

    /// Sends a small request to a model.
    pub(crate) fn probe(&self, model: &str, headers: &[(String, String)], api: Api) -> Probe {
        self.portkey.probe(model, headers, api)
    }

    /// Whether Portkey has counted a request.
    pub(crate) fn arrived(&self, trace_id: &str) -> Counted {
        self.portkey.arrived(trace_id)
    }

    /// Whether Portkey has counted a request as rescued by a fallback.
    pub(crate) fn rescued(&self, trace_id: &str) -> Counted {
        self.portkey.rescued(trace_id)
    }
}
