//! The check before a write: the key, the models and the config id, against Portkey itself.

use std::time::Duration;

use crate::causes::listed;
use crate::cli::CheckArgs;
use crate::diagnostic::Level;
use crate::error::{Failure, FailureKind};
use crate::help::Help;
use crate::http::{HttpError, Options, Portkey};
use crate::mask::mask_known;
use crate::openclaw::find_provider;
use crate::plan::Intent;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers::{self, ConfigValue};
use crate::portkey::model_id::ModelId;
use crate::portkey::refusal::Cause;
use crate::secret::Secret;

use super::usage;
use super::workspace::Workspace;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    /// It did not run; the text says why.
    Skipped,
}

/// One check.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) verdict: Verdict,
    pub(super) text: String,
    pub(super) hint: Option<String>,
}

impl Outcome {
    pub(super) fn skipped(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Skipped,
            text: text.into(),
            hint: None,
        }
    }

    fn passed(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Passed,
            ..Self::skipped(name, text)
        }
    }

    fn failed(name: &'static str, text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Failed,
            hint: Some(hint.into()),
            ..Self::skipped(name, text)
        }
    }
}

impl Outcome {
    /// Hides a key in what came from elsewhere.
    pub(super) fn hide(&mut self, key: &Secret) {
        let known = std::slice::from_ref(key);
        self.text = mask_known(&self.text, known);
        self.hint = self.hint.as_ref().map(|hint| mask_known(hint, known));
    }
}

/// What is to be checked.
#[derive(Debug, Default)]
pub(super) struct Questions {
    /// The models that the config will name.
    pub(super) models: Vec<ModelId>,
    /// The config id that will be sent.
    pub(super) config: Option<String>,
    /// Whether the key itself is what it is about.
    pub(super) key: bool,
}

impl Questions {
    /// What an intent brings in that Portkey can judge.
    pub(super) fn of(intent: &Intent) -> Self {
        let named = intent
            .models
            .iter()
            .map(|wish| &wish.id)
            .chain(&intent.primary)
            .chain(intent.fallbacks.wanted());
        let mut models: Vec<ModelId> = Vec::new();
        for id in named {
            if !models.contains(id) {
                models.push(id.clone());
            }
        }
        let config = intent
            .headers
            .iter()
            .rev()
            .find(|wish| wish.name.eq_ignore_ascii_case(headers::CONFIG))
            .and_then(|wish| wish.value.clone());
        Self {
            models,
            config,
            key: intent.create || intent.api_key.is_some() || intent.base_url.is_some(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.models.is_empty() && self.config.is_none() && !self.key
    }
}

/// The base URL that OpenClaw will use: what is wanted, what is configured, or Portkey's own.
pub(super) fn base_url(
    workspace: &Workspace,
    provider_id: &str,
    wanted: Option<&str>,
) -> Result<BaseUrl, Failure> {
    let provider = find_provider(&workspace.config, provider_id);
    let configured = provider
        .as_ref()
        .and_then(|provider| provider.text("baseUrl"));
    let text = wanted.or(configured.as_deref()).unwrap_or(DEFAULT_BASE_URL);
    BaseUrl::parse(text).map_err(|error| {
        let failure = usage(error.to_string());
        match (
            wanted,
            provider.and_then(|provider| provider.view.get("baseUrl")),
        ) {
            (None, Some(view)) => {
                let place = view.place();
                failure
                    .at(place.file, place.position)
                    .hint("`openclaw-portkey init --base-url URL` sets it")
            }
            _ => failure,
        }
    })
}

/// A connection to Portkey that no request has used yet.
pub(super) fn connect(url: &BaseUrl, key: Secret, args: &CheckArgs) -> Result<Portkey, Failure> {
    let options = Options {
        timeout: Duration::from_secs(args.timeout),
        insecure_http: args.insecure_http,
    };
    Portkey::new(url, key, options).map_err(|error| http_failure(&error))
}

/// A failure to reach Portkey, or its refusal, with the cure.
pub(super) fn http_failure(error: &HttpError) -> Failure {
    let kind = match error {
        HttpError::Refused(_) if !error.is_unreached() => FailureKind::Check,
        _ => FailureKind::Network,
    };
    Failure::new(kind, error.to_string()).hint(Help::from(error.cause().fix).to_string())
}

/// Asks Portkey all questions. What it says no to is an outcome; that it cannot be asked is an
/// error. Its list of models comes along.
pub(super) fn ask(
    portkey: &Portkey,
    questions: &Questions,
) -> Result<(Vec<Outcome>, Option<Catalogue>), Failure> {
    let catalogue = match portkey.models(&[]) {
        Ok(catalogue) => catalogue,
        Err(error) if error.is_unreached() => return Err(http_failure(&error)),
        Err(error @ HttpError::Refused(_)) => {
            let failed = Outcome::failed(
                "api-key",
                error.to_string(),
                Help::from(error.cause().fix).to_string(),
            );
            return Ok((vec![failed], None));
        }
        Err(error) => return Err(http_failure(&error)),
    };
    let mut outcomes = vec![Outcome::passed(
        "api-key",
        format!(
            "the key is accepted and routes to {} models",
            catalogue.models.len()
        ),
    )];
    if let Some(config) = &questions.config {
        outcomes.push(config_outcome(portkey, config)?);
    }
    for id in &questions.models {
        outcomes.push(model_outcome(&catalogue, id, questions.config.is_some()));
    }
    Ok((outcomes, Some(catalogue)))
}

fn config_outcome(portkey: &Portkey, config: &str) -> Result<Outcome, Failure> {
    const NAME: &str = "config";
    if matches!(headers::check_config(config), Ok(ConfigValue::Inline)) {
        return Ok(Outcome::skipped(
            NAME,
            "the config written out in the header is judged by the gateway alone",
        ));
    }
    match portkey.check_config(config) {
        Ok(()) => Ok(Outcome::passed(NAME, format!("the config {config} exists"))),
        Err(HttpError::Refused(refusal)) if refusal.cause == Cause::UnknownConfig => {
            Ok(Outcome::failed(
                NAME,
                format!("Portkey knows no config {config} in this key's workspace"),
                "copy the config's id from https://app.portkey.ai/configs",
            ))
        }
        Err(error @ HttpError::Refused(_)) if !error.is_unreached() => Ok(Outcome::failed(
            NAME,
            error.to_string(),
            Help::from(error.cause().fix).to_string(),
        )),
        Err(error) => Err(http_failure(&error)),
    }
}

fn model_outcome(catalogue: &Catalogue, id: &ModelId, under_config: bool) -> Outcome {
    let found = listed(catalogue, id, under_config).diagnostic;
    match found.level {
        Level::Passed => Outcome::passed(found.check, found.message),
        Level::Error => Outcome::failed(found.check, found.message, found.help.to_string()),
        _ => Outcome::skipped(found.check, found.message),
    }
}

/// The failure that stops a write: the failed checks, and how to write all the same.
pub(super) fn refusal(outcomes: &[Outcome]) -> Option<Failure> {
    let failed: Vec<&Outcome> = outcomes
        .iter()
        .filter(|one| one.verdict == Verdict::Failed)
        .collect();
    if failed.is_empty() {
        return None;
    }
    let texts: Vec<&str> = failed.iter().map(|outcome| outcome.text.as_str()).collect();
    let mut failure = Failure::new(FailureKind::Check, texts.join("; "));
    for outcome in &failed {
        if let Some(hint) = outcome.hint.as_ref().filter(|hint| !hint.is_empty()) {
            failure = failure.hint(hint.clone());
        }
    }
    failure.hints.dedup();
    Some(failure.hint("nothing was written; --force writes all the same"))
}
