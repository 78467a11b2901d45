//! The check before a write: the online rules, run on the planned config.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::app::inquiry::KEY_ACCEPTED;
use crate::causes::rules::config_unknown::CAUSE as CONFIG_UNKNOWN;
use crate::causes::{self, Facts, Online, PortkeyProvider};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::Kind;
use crate::error::{Failure, FailureKind};
use crate::mask::mask_known;
use crate::openclaw::schema::{self, Verdict};
use crate::openclaw::{Config, VersionSource};
use crate::plan::Intent;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers::{self, ConfigValue};
use crate::portkey::model_id::ModelId;
use crate::secret::Secret;

/// What an intent adds that Portkey can check.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The models that the config will name.
    pub(crate) models: Vec<ModelId>,
    /// The config id that will be sent.
    pub(crate) config: Option<String>,
    /// Whether the intent is about the key itself.
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

    /// The config id that Portkey can look up; an inline config has none.
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

/// The input of the check.
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
    /// Portkey's diagnostics for the planned config. An error is a failure if the change introduces it
    /// or it is about something that the change names.
    pub(crate) fn run(&self) -> Vec<Diagnostic> {
        let known: HashSet<String> = self
            .errors(self.before)
            .iter()
            .map(|(found, _)| print(found))
            .collect();
        let mut failed = Vec::new();
        let mut failed_models = Vec::new();
        for (found, subject) in self.errors(self.planned) {
            let is_named = subject
                .as_ref()
                .is_some_and(|id| self.named.models.iter().any(|model| model.as_str() == id));
            if !is_named && known.contains(&print(&found)) {
                continue;
            }
            failed_models.extend(subject);
            failed.push(found);
        }
        let mut all = vec![Diagnostic::passed(KEY_ACCEPTED, self.catalogue.accepted())];
        all.extend(self.config_known(&failed));
        for id in &self.named.models {
            if !failed_models.iter().any(|failed| failed == id.as_str()) {
                let listed = causes::listed(self.catalogue, id, self.is_routed(id));
                all.push(listed.diagnostic);
            }
        }
        all.extend(failed);
        // Portkey's answer may echo what was sent.
        let key = std::slice::from_ref(self.key);
        all.into_iter()
            .map(|one| one.map_text(|text| mask_known(text, key)))
            .collect()
    }

    /// The errors of the online rules, each with the text it is about.
    fn errors(&self, config: &Config) -> Vec<(Diagnostic, Option<String>)> {
        let mut facts = Facts::new(config, self.version);
        facts.online = Some(self.online);
        facts.online_provider = Some(self.provider_id.to_owned());
        let online: Vec<_> = causes::on().filter(|rule| rule.is_online()).collect();
        let found = causes::run(&facts, &online);
        let errors = found
            .into_iter()
            .filter(|found| found.level == Level::Error);
        errors
            .map(|found| {
                let path = found.location.as_ref().map(|location| &location.path);
                let at = path.and_then(|path| config.root().down(&path.0));
                let subject = at.and_then(|view| view.text().map(Cow::into_owned));
                (found, subject)
            })
            .collect()
    }

    /// Whether a header of the planned config decides which provider answers for a model.
    fn is_routed(&self, id: &ModelId) -> bool {
        PortkeyProvider::find(self.planned, self.provider_id).is_some_and(|provider| {
            let index = provider
                .models
                .iter()
                .position(|model| model.id.trim() == id.as_str());
            provider.is_routed(index)
        })
    }

    fn config_known(&self, failed: &[Diagnostic]) -> Option<Diagnostic> {
        const CHECK: &str = "config-known";
        let text = self.named.config.as_ref()?;
        if matches!(headers::check_config(text), Ok(ConfigValue::Inline)) {
            return Some(Diagnostic::skipped(
                CHECK,
                "only the gateway can check an inline config",
            ));
        }
        let answer = self.online.configs.iter().find(|(id, _)| id == text);
        match answer {
            Some((id, None)) => Some(Diagnostic::passed(CHECK, format!("the config {id} exists"))),
            _ if failed.iter().any(|one| one.is(&CONFIG_UNKNOWN)) => None,
            _ => Some(Diagnostic::skipped(
                CHECK,
                format!("Portkey gave no answer about the config {text}"),
            )),
        }
    }
}

/// Identifies a diagnostic regardless of line numbers.
fn print(found: &Diagnostic) -> String {
    let path = found
        .location
        .as_ref()
        .map(|location| location.path.to_string());
    format!(
        "{} {} {}",
        found.check,
        path.unwrap_or_default(),
        found.message
    )
}

/// Whether a change keeps OpenClaw from starting although it started before.
pub(crate) fn stays_accepted(
    before: &Config,
    after: &Config,
    version: VersionSource,
) -> Result<(), Failure> {
    let judged = schema::validate(after, version.version());
    let Some(issue) = judged
        .issues
        .first()
        .filter(|_| judged.verdict == Verdict::Refused)
    else {
        return Ok(());
    };
    if schema::validate(before, version.version()).verdict != Verdict::Accepted {
        return Ok(());
    }
    let found = after.root().down(&issue.path.0);
    let kind = found.map_or(Kind::Null, |view| view.kind());
    let message = format!(
        "OpenClaw {} wouldn't start with the changed config: {} ({})",
        version.version(),
        issue.message(kind),
        issue.path
    );
    Err(Failure::new(FailureKind::Check, message))
}

/// The failure that stops a write: the failed checks, and how to write anyway.
pub(crate) fn refusal(checks: &[Diagnostic]) -> Option<Failure> {
    let failed: Vec<&Diagnostic> = checks
        .iter()
        .filter(|one| one.level == Level::Error)
        .collect();
    if failed.is_empty() {
        return None;
    }
    let texts: Vec<&str> = failed.iter().map(|one| one.message.as_str()).collect();
    let mut failure = Failure::new(FailureKind::Check, texts.join("; "));
    for one in failed.iter().filter(|one| !one.help.is_empty()) {
        failure = failure.hint(one.help.clone());
    }
    failure.hints.dedup();
    Some(failure.hint(FORCE))
}

pub(crate) const FORCE: &str = "nothing was written; use --force to write anyway";

#[cfg(test)]
mod tests {
    use super::stays_accepted;
    use crate::document::Document;
    use crate::openclaw::{Config, Version, VersionSource};

    /// Only changes that newly break OpenClaw's start are stopped, not changes to a file that it
    /// already refuses or may refuse.
    #[test]
    fn an_accepted_config_stays_accepted() {
        let config =
            |text: &str| Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        for (before, after, wanted) in [
            ("{}", "{ models: {} }", None),
            (
                "{}",
                "{ models: { foo: 1 } }",
                Some(
                    "OpenClaw 2026.9.6 wouldn't start with the changed config: OpenClaw doesn't know the key `foo` here (models.foo)",
                ),
            ),
            ("{ foo: 1 }", "{ foo: 1, models: { foo: 1 } }", None),
            ("{}", "{ logging: { level: '${LEVEL}' } }", None),
        ] {
            let version = VersionSource::Flag(Version::NEWEST);
            let checked = stays_accepted(&config(before), &config(after), version);
            let message = checked.err().map(|failure| failure.message);
            assert_eq!(message.as_deref(), wanted, "{before} -> {after}");
        }
    }
}
