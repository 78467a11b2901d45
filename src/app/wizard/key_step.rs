//! The key: found or asked for, and tried until Portkey takes it.

use crate::args::{KeyIn, WriteArgs};
use crate::error::{Failure, FailureKind};
use crate::openclaw::CredentialSource;
use crate::plan::{Intent, NewModel};
use crate::portkey::catalogue::Catalogue;
use crate::prompt::{Ask, Item, Objection};
use crate::secret::Secret;
use crate::ui::{Secrets, Tone};

use super::Wizard;
use crate::app::change::ConfigChange;
use crate::app::credential::{self, FoundKey, Origin};
use crate::app::init::{self, Answers};
use crate::app::inquiry::Inquiry;
use crate::app::named_models::routes;

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
    pub(crate) fn key(&mut self, answers: &mut Answers) -> Result<Option<Catalogue>, Failure> {
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
                    .note("Continuing without a key; nothing is checked with Portkey.");
                answers.unchecked = true;
                answers.key_in.get_or_insert(KeyIn::Env);
                return Ok(None);
            };
            answers.key = Some(key.clone());
            if self.request.check.portkey.offline {
                return Ok(None);
            }
            let failure = match self.try_key(&key) {
                Ok(catalogue) => {
                    self.check_flags(answers)?;
                    return Ok(Some(catalogue));
                }
                Err(failure) => failure,
            };
            self.show_error(&failure);
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
        let Some(view) = self.provider().and_then(|provider| provider.api_key) else {
            return false;
        };
        let given = CredentialSource::read(&view);
        if let Some(name) = given.variable() {
            self.ui.note(&format!(
                "Key: the config refers to {name}, which is set neither here nor in {}.",
                self.session.short(&self.session.location.dotenv)
            ));
            return false;
        }
        if given.is_reference() {
            self.ui.note("Key: in a secret store that only OpenClaw can read; it stays there and isn't checked.");
            return true;
        }
        false
    }

    /// `None` where the user goes on without one.
    fn ask_key(&mut self) -> Result<Option<FoundKey>, Failure> {
        self.ui
            .note("Portkey's own API key, not a provider's: https://app.portkey.ai/api-keys");
        ask_key(
            "Portkey API key (leave empty to skip)",
            self.ask,
            self.ui.secrets(),
        )
    }

    fn try_key(&mut self, key: &FoundKey) -> Result<Catalogue, Failure> {
        let url = self.session.base_url(self.request.base_url.as_deref())?;
        let options = self.request.check.portkey.options();
        let inquiry =
            Inquiry::new(&url, &key.secret, options)?.routed_by(routes(self.session, &[]));
        let busy = self.ui.busy(&format!("asking {}", url.host()));
        let catalogue = inquiry.models().cloned();
        busy.done();
        let catalogue = catalogue?;
        self.inquiry = Some(inquiry);
        self.ui.note(&format!(
            "{} {}.",
            self.ui.err(Tone::Good, "✓"),
            catalogue.accepted()
        ));
        Ok(catalogue)
    }

    /// What the flags name is judged before anything else is asked.
    fn check_flags(&mut self, answers: &Answers) -> Result<(), Failure> {
        if self.request.check.force {
            return Ok(());
        }
        // Their roles are judged with the answers to come.
        let models = answers
            .models
            .iter()
            .chain(&answers.primary)
            .chain(answers.fallbacks.iter().flatten());
        let intent = Intent {
            create: true,
            base_url: self.request.base_url.clone(),
            models: models
                .map(|id| NewModel {
                    id: id.clone(),
                    name: None,
                })
                .collect(),
            headers: init::named(answers, self.session)?.headers,
            ..Intent::default()
        };
        if intent.models.is_empty() && intent.headers.is_empty() {
            return Ok(());
        }
        let write = WriteArgs::default();
        let change = ConfigChange::new("init", self.session, &write, self.ui)
            .check(self.request.check)
            .key(answers.key.clone())
            .inquiry(self.inquiry.take());
        let judged = change.judge(&intent);
        self.inquiry = change.into_inquiry();
        judged
    }

    fn after_failure(&mut self, failure: &Failure) -> Result<Next, Failure> {
        let ways: &[(&str, Next)] = if failure.kind == FailureKind::Check {
            &[
                ("enter a different key", Next::OtherKey),
                ("try again", Next::Again),
                ("continue without checking", Next::Unchecked),
                ("quit", Next::Stop),
            ]
        } else {
            &[
                ("continue without checking", Next::Unchecked),
                ("try again", Next::Again),
                ("enter a different key", Next::OtherKey),
                ("quit", Next::Stop),
            ]
        };
        let items: Vec<Item> = ways.iter().map(|(text, _)| Item::new(*text)).collect();
        let index = self.ask.menu("What now?", &items, 0)?;
        Ok(ways[index].1)
    }
}

/// Asks for a key; `None` where nothing is typed.
pub(crate) fn ask_key(
    question: &str,
    ask: &mut dyn Ask,
    secrets: &Secrets,
) -> Result<Option<FoundKey>, Failure> {
    let typed = ask.secret(question, &key_objection)?;
    secrets.know(typed.expose());
    if typed.expose().trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(FoundKey {
        secret: credential::checked(typed.expose())?,
        origin: Origin::Given("the prompt"),
    }))
}

fn key_objection(text: &str) -> Result<(), Objection> {
    if text.trim().is_empty() {
        return Ok(());
    }
    credential::checked(text)
        .map(|_: Secret| ())
        .map_err(|failure| failure.message)
}
