//! The check before a write: the online rules, run over the config as it will be.

use std::collections::HashSet;

use crate::error::{Failure, FailureKind};
use crate::mask::mask_known;
use crate::openclaw::{Config, VersionSource};
use crate::plan::Intent;
use crate::portkey::catalogue::{Catalogue, Lookup, Mode};
use crate::portkey::headers::{self, ConfigValue};
use crate::portkey::model_id::ModelId;
use crate::rules::{self, Facts, Finding, Group, Level, Online, PortkeyProvider};
use crate::secret::Secret;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// It did not run; the text says why.
    Skipped,
}

/// One check.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
}

impl Outcome {
    fn passed(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Passed,
            ..Self::skipped(name, text)
        }
    }

    pub(crate) fn skipped(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Skipped,
            text: text.into(),
            hint: None,
        }
    }

    fn failed(finding: &Finding) -> Self {
        Self {
            name: finding.rule.id,
            verdict: Verdict::Failed,
            text: finding.message.clone(),
            hint: Some(finding.help.clone()),
        }
    }

    /// Hides a key in what came from elsewhere.
    fn hide(&mut self, key: &Secret) {
        let known = std::slice::from_ref(key);
        self.text = mask_known(&self.text, known);
        self.hint = self.hint.as_ref().map(|hint| mask_known(hint, known));
    }
}

/// What an intent brings in that Portkey can judge.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The models that the config will name.
    pub(crate) models: Vec<ModelId>,
    /// The config id that will be sent.
    pub(crate) config: Option<String>,
    /// Whether the key itself is what it is about.
    key: bool,
}

impl Named {
    pub(crate) fn by(intent: &Intent) -> Self {
        let mut models: Vec<ModelId> = Vec::new();
        let named = intent
            .models
            .iter()
            .map(|model| &model.id)
            .chain(&intent.primary)
            .chain(intent.fallbacks.wanted());
        for id in named {
            if !models.contains(id) {
                models.push(id.clone());
            }
        }
        let config = intent
            .headers
            .iter()
            .rev()
            .find(|header| header.name.eq_ignore_ascii_case(headers::CONFIG))
            .and_then(|header| header.value.clone());
        Self {
            models,
            config,
            key: intent.create || intent.api_key.is_some() || intent.base_url.is_some(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.models.is_empty() && self.config.is_none() && !self.key
    }

    /// The config id that Portkey can be asked about; an inline config has none.
    pub(crate) fn config_ids(&self) -> Vec<String> {
        let is_id = |text: &&String| {
            matches!(
                headers::check_config(text),
                Ok(ConfigValue::Id | ConfigValue::UnusualId)
            )
        };
        self.config.iter().filter(is_id).cloned().collect()
    }
}

/// What the check compares.
pub(crate) struct Check<'a> {
    pub(crate) before: &'a Config,
    pub(crate) planned: &'a Config,
    pub(crate) version: VersionSource,
    pub(crate) provider_id: &'a str,
    pub(crate) online: &'a Online,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) named: &'a Named,
    pub(crate) key: &'a Secret,
}

impl Check<'_> {
    /// What Portkey says of the planned config: an error that the change brings in, or that is
    /// about what the change names, fails.
    pub(crate) fn run(&self) -> Vec<Outcome> {
        let known: HashSet<String> = self
            .errors(self.before)
            .iter()
            .map(|(finding, _)| print(finding))
            .collect();
        let mut failed = Vec::new();
        let mut failed_models = Vec::new();
        for (finding, subject) in self.errors(self.planned) {
            let is_named = subject
                .as_ref()
                .is_some_and(|id| self.named.models.iter().any(|model| model.as_str() == id));
            if !is_named && known.contains(&print(&finding)) {
                continue;
            }
            failed_models.extend(subject);
            failed.push(Outcome::failed(&finding));
        }
        let mut outcomes = vec![Outcome::passed("key-accepted", self.catalogue.accepted())];
        outcomes.extend(self.config_outcome(&failed));
        let routed = |id: &ModelId| self.is_routed(id);
        for id in &self.named.models {
            if !failed_models.iter().any(|failed| failed == id.as_str()) {
                outcomes.push(model_outcome(self.catalogue, id, routed(id)));
            }
        }
        outcomes.extend(failed);
        for outcome in &mut outcomes {
            outcome.hide(self.key);
        }
        outcomes
    }

    /// The errors of the online rules, each with the model that it is about.
    fn errors(&self, config: &Config) -> Vec<(Finding, Option<String>)> {
        let mut facts = Facts::new(config, self.version);
        facts.online = Some(self.online);
        facts.online_provider = Some(self.provider_id.to_owned());
        let online: Vec<_> = rules::on()
            .filter(|rule| rule.group == Group::Online)
            .collect();
        let found = rules::run(&facts, &online);
        let errors = found
            .into_iter()
            .filter(|finding| finding.level == Level::Error);
        errors
            .map(|finding| {
                let at = config.root().down(&finding.path.0);
                let subject = at.and_then(|view| view.text().map(|text| text.into_owned()));
                (finding, subject)
            })
            .collect()
    }

    /// Whether a header of the planned config decides who answers for a model.
    fn is_routed(&self, id: &ModelId) -> bool {
        PortkeyProvider::find(self.planned, self.provider_id).is_some_and(|provider| {
            let index = provider
                .models
                .iter()
                .position(|model| model.id.trim() == id.as_str());
            provider.is_routed(index)
        })
    }

    fn config_outcome(&self, failed: &[Outcome]) -> Option<Outcome> {
        const NAME: &str = "config-known";
        let text = self.named.config.as_ref()?;
        if matches!(headers::check_config(text), Ok(ConfigValue::Inline)) {
            return Some(Outcome::skipped(
                NAME,
                "an inline gateway config is judged by the gateway alone",
            ));
        }
        let answer = self.online.configs.iter().find(|(id, _)| id == text);
        match answer {
            Some((id, None)) => Some(Outcome::passed(NAME, format!("the config {id} exists"))),
            _ if failed
                .iter()
                .any(|outcome| outcome.name == "config-unknown") =>
            {
                None
            }
            _ => Some(Outcome::skipped(
                NAME,
                format!("Portkey gave no answer about the config {text}"),
            )),
        }
    }
}

/// What makes two findings the same although lines have moved.
fn print(finding: &Finding) -> String {
    format!("{} {} {}", finding.rule.id, finding.path, finding.message)
}

/// What can be said of a model that no rule objects to.
fn model_outcome(catalogue: &Catalogue, id: &ModelId, is_routed: bool) -> Outcome {
    const NAME: &str = "model-known";
    if id.is_virtual() {
        return Outcome::skipped(
            NAME,
            format!("{id} is not a real model: the gateway config decides"),
        );
    }
    if is_routed {
        return Outcome::skipped(
            NAME,
            format!("{id} is not looked up: the gateway config decides"),
        );
    }
    match catalogue.lookup(id) {
        Lookup::Found(_) => Outcome::passed(NAME, format!("{id} is in the Model Catalog")),
        _ if catalogue.mode == Mode::ProviderBacked => Outcome::skipped(
            NAME,
            format!(
                "{id} is not looked up: a config attached to the key decides, and the list has no slugs"
            ),
        ),
        _ if catalogue.is_partial() => Outcome::skipped(
            NAME,
            format!("{id} is not among the models that arrived, and Portkey says there are more"),
        ),
        _ => Outcome::skipped(NAME, format!("{id} cannot be looked up")),
    }
}

/// The failure that stops a write: the failed checks, and how to write anyway.
pub(crate) fn refusal(outcomes: &[Outcome]) -> Option<Failure> {
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
    Some(failure.hint(FORCE))
}

/// How to write although a check failed.
pub(crate) const FORCE: &str = "nothing was written; --force writes anyway";
