//! Whatever is asked of Portkey: each question asked once, side by side where there are several,
//! and the replies kept as facts. Nothing is judged here.

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

/// The most requests that are under way at once.
pub(crate) const MAX_PARALLEL: usize = 8;

/// The check that passes where Portkey gives its models.
pub(crate) const KEY_ACCEPTED: &str = "key-accepted";

/// One Portkey, asked with one key.
pub(crate) struct Inquiry {
    portkey: Portkey,
    url: BaseUrl,
    key: Secret,
    options: Options,
    /// Sent along with `GET /models`: who answers.
    routes: Vec<(String, String)>,
    models: OnceLock<Result<Catalogue, HttpError>>,
    /// Whether it was shown that the key is accepted.
    shown: bool,
    /// What was said to each config id: `None` is yes.
    configs: Mutex<HashMap<String, Option<Refusal>>>,
}

impl Inquiry {
    /// Prepares to ask; sends nothing.
    ///
    /// # Errors
    /// The key would cross a network unencrypted.
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

    /// The same with the headers of the config that say who answers.
    pub(crate) fn routed_by(mut self, routes: Vec<(String, String)>) -> Self {
        self.routes = routes;
        self
    }

    /// The same, after it was shown that the key is accepted.
    pub(crate) fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// Whether a check's result has been shown before.
    pub(crate) fn has_shown(&self, check: &Diagnostic) -> bool {
        self.shown && check.level == Level::Passed && check.check == KEY_ACCEPTED
    }

    pub(crate) fn url(&self) -> &BaseUrl {
        &self.url
    }

    pub(crate) fn key(&self) -> &Secret {
        &self.key
    }

    /// Whether it asks this Portkey with this key.
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

    /// What Portkey says to a config id: nothing where it knows it.
    ///
    /// # Errors
    /// It could not be asked.
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

    /// The models and these config ids, asked side by side: what the online rules judge by. Of the
    /// config ids that got no answer, the first one's failure comes along; when the time is up, no
    /// more are asked.
    ///
    /// # Errors
    /// Portkey could not be asked for its models.
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

    /// What is known of models by Portkey's list and prices, and whether all prices were answered.
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

    /// Whether Portkey counted a request.
    pub(crate) fn arrived(&self, trace_id: &str) -> Counted {
        self.portkey.arrived(trace_id)
    }

    /// Whether Portkey counted a request as rescued by a fallback.
    pub(crate) fn rescued(&self, trace_id: &str) -> Counted {
        self.portkey.rescued(trace_id)
    }
}
