//! The key: found or asked for, and tried until Portkey takes it.

use crate::error::{Failure, FailureKind};
use crate::openclaw::CredentialSource;
use crate::portkey::catalogue::Catalogue;
use crate::prompt::{Item, Objection};
use crate::secret::Secret;
use crate::ui::Tone;

use super::super::check::{self, Questions};
use super::super::init::{Answers, KeyIn};
use super::super::key::{self, FoundKey, Origin};
use super::Wizard;

/// What follows a key that could not be tried, or was not taken.
#[derive(Clone, Copy)]
enum Next {
    Again,
    OtherKey,
    Unchecked,
    Stop,
}

impl Wizard<'_> {
    /// Finds the key and tries it. Returns what it can route to, where Portkey could be asked.
    pub(super) fn key(&mut self, answers: &mut Answers) -> Result<Option<Catalogue>, Failure> {
        if answers.key.is_none() && self.key_is_out_of_reach() {
            answers.unchecked = true;
            return Ok(None);
        }
        if let Some(key) = &answers.key {
            self.ui.note(&format!("Key: {}", key.origin));
        }
        loop {
            let known = answers.key.clone();
            let Some(key) = known.map_or_else(|| self.ask_key(), |key| Ok(Some(key)))? else {
                self.ui
                    .note("Going on without a key: nothing is checked against Portkey.");
                answers.unchecked = true;
                answers.key_in.get_or_insert(KeyIn::Env);
                return Ok(None);
            };
            answers.key = Some(key.clone());
            if self.args.check.offline {
                return Ok(None);
            }
            let failure = match self.try_key(&key) {
                Ok(catalogue) => {
                    self.check_flags(answers)?;
                    return Ok(Some(catalogue));
                }
                Err(failure) => failure,
            };
            self.tell(&failure);
            match self.after_failure(&failure)? {
                Next::Again => {}
                Next::OtherKey => answers.key = None,
                Next::Unchecked => {
                    answers.unchecked = true;
                    return Ok(None);
                }
                Next::Stop => return Err(Failure::cancelled()),
            }
        }
    }

    /// A key that is configured but cannot be read from here: says so.
    fn key_is_out_of_reach(&self) -> bool {
        let Some(view) = self
            .provider()
            .and_then(|provider| provider.view.get("apiKey"))
        else {
            return false;
        };
        let given = CredentialSource::read(&view);
        if let Some(name) = given.variable() {
            self.ui.note(&format!(
                "Key: the config refers to {name}, which is set neither here nor in {}.",
                self.workspace.short(&self.workspace.location.dotenv)
            ));
            return false;
        }
        if given.is_reference() {
            self.ui.note("Key: in a secret store that only OpenClaw reads; it stays there, and nothing is checked.");
            return true;
        }
        false
    }

    /// `None` where the user goes on without one.
    fn ask_key(&mut self) -> Result<Option<FoundKey>, Failure> {
        self.ui
            .note("Portkey's own API key, not a provider's: https://app.portkey.ai/api-keys");
        let typed = self.ask.secret(
            "Portkey API key (Enter alone goes on without)",
            &key_objection,
        )?;
        if typed.expose().trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(FoundKey {
            secret: key::checked(typed.expose())?,
            origin: Origin::CredentialSource("the prompt"),
        }))
    }

    fn try_key(&mut self, key: &FoundKey) -> Result<Catalogue, Failure> {
        let url = check::base_url(
            self.workspace,
            self.provider_id(),
            self.args.base_url.as_deref(),
        )?;
        let portkey = check::connect(&url, key.secret.clone(), &self.args.check)?;
        let busy = self.ui.busy(&format!("asking {}", url.host()));
        let answer = portkey.models(&[]);
        busy.done();
        let catalogue = answer.map_err(|error| check::http_failure(&error))?;
        self.portkey = Some(portkey);
        self.welcome(&catalogue);
        Ok(catalogue)
    }

    /// What the flags name is judged before anything else is asked.
    fn check_flags(&self, answers: &Answers) -> Result<(), Failure> {
        let named = answers
            .models
            .iter()
            .chain(&answers.primary)
            .chain(answers.fallbacks.iter().flatten());
        let questions = Questions {
            models: named.cloned().collect(),
            config: answers.headers.gateway_config.clone(),
            key: false,
        };
        let Some(portkey) = self.portkey.as_ref().filter(|_| !questions.is_empty()) else {
            return Ok(());
        };
        let busy = self.ui.busy("looking up what the flags name");
        let asked = check::ask(portkey, &questions);
        busy.done();
        match check::refusal(&asked?.0) {
            Some(failure) if !self.args.check.force => Err(failure),
            _ => Ok(()),
        }
    }

    fn welcome(&self, catalogue: &Catalogue) {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let reach = match catalogue.slugs().len() {
            0 => count(catalogue.models.len(), "model"),
            slugs => format!(
                "{} of {}",
                count(catalogue.models.len(), "model"),
                count(slugs, "provider")
            ),
        };
        self.ui.note(&format!(
            "{} Portkey accepts the key; it routes to {reach}.",
            self.ui.err(Tone::Good, "✓")
        ));
    }

    fn after_failure(&mut self, failure: &Failure) -> Result<Next, Failure> {
        let ways: &[(&str, Next)] = if failure.kind == FailureKind::Check {
            &[
                ("give another key", Next::OtherKey),
                ("try again", Next::Again),
                ("go on unchecked", Next::Unchecked),
                ("stop here", Next::Stop),
            ]
        } else {
            &[
                ("go on unchecked", Next::Unchecked),
                ("try again", Next::Again),
                ("give another key", Next::OtherKey),
                ("stop here", Next::Stop),
            ]
        };
        let items: Vec<Item> = ways.iter().map(|(text, _)| Item::new(*text)).collect();
        let index = self.ask.choose("What now?", &items, 0)?;
        Ok(ways[index].1)
    }
}

fn key_objection(text: &str) -> Result<(), Objection> {
    if text.trim().is_empty() {
        return Ok(());
    }
    key::checked(text)
        .map(|_: Secret| ())
        .map_err(|failure| failure.message)
}
