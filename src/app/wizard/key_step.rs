//! The key: found or prompted for, and tested until Portkey accepts it.

use crate::args::{KeyIn, WriteArgs};
use crate::error::{Failure, FailureKind};
use crate::openclaw::CredentialSource;
use crate::plan::{Intent, NewModel};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::vendor_key::vendor_of_key;
use crate::prompt::{Ask, Item, Objection};
use crate::ui::{Secrets, Tone};

use super::Wizard;
use crate::app::change::ConfigChange;
use crate::app::credential::{self, FoundKey, Origin};
use crate::app::init::{self, Answers};
use crate::app::inquiry::Inquiry;
use crate::app::named_models::routes;

/// What to do if Portkey couldn't be reached.
#[derive(Clone, Copy)]
enum Next {
    Again,
    OtherKey,
    Unchecked,
    Stop,
}

impl Wizard<'_> {
    /// Finds the key and tests it. Returns the models it can route to, if Portkey could be reached.
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
            let Some(key) = known.map_or_else(|| self.first_key(), |key| Ok(Some(key)))? else {
                self.ui
                    .note("Continuing without a key; nothing will be checked with Portkey.");
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
            if failure.kind == FailureKind::Check {
                let question = "Portkey API key (leave empty to keep the refused one)";
                let Some(other) = self.ask_key(question)? else {
                    self.ui.note(
                        "Continuing with the refused key; nothing will be checked with Portkey.",
                    );
                    answers.unchecked = true;
                    return Ok(None);
                };
                answers.key = Some(other);
                continue;
            }
            match self.after_failure()? {
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

    /// Reports a configured key that can't be read from here.
    fn key_is_out_of_reach(&self) -> bool {
        let Some(view) = self.provider().and_then(|provider| provider.api_key) else {
            return false;
        };
        let given = CredentialSource::read(&view);
        if let Some(name) = given.variable() {
            self.ui.note(&format!(
                "Key: the config refers to {name}, which is set neither in this shell nor in {}.",
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

    /// `None` if the user twice chooses to continue without one.
    fn first_key(&mut self) -> Result<Option<FoundKey>, Failure> {
        self.ui
            .note("Portkey's own API key, not a provider's: https://app.portkey.ai/api-keys");
        if let Some(key) = self.ask_key("Portkey API key (paste it; leave empty to skip)")? {
            return Ok(Some(key));
        }
        self.ui
            .note("Without a key, nothing can be checked and no request will reach Portkey.");
        self.ask_key("Portkey API key (leave empty again to continue without)")
    }

    fn ask_key(&mut self, question: &str) -> Result<Option<FoundKey>, Failure> {
        let url = self.session.base_url(self.request.base_url.as_deref());
        // A self-hosted gateway may accept a vendor's key.
        let is_portkey = url.as_ref().is_ok_and(BaseUrl::is_known_portkey_host);
        ask_key(question, is_portkey, self.ask, self.ui.secrets())
    }

    /// Offers to replace an existing key, and tests the new one.
    pub(super) fn replace_key(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        loop {
            let question = "New Portkey API key (leave empty to keep the current one)";
            let Some(key) = self.ask_key(question)? else {
                return Ok(());
            };
            if self.request.check.portkey.offline || answers.unchecked {
                answers.key = Some(key);
                return Ok(());
            }
            match self.try_key(&key) {
                Ok(_) => {
                    answers.key = Some(key);
                    return Ok(());
                }
                Err(failure) => self.show_error(&failure),
            }
        }
    }

    pub(super) fn try_key(&mut self, key: &FoundKey) -> Result<Catalogue, Failure> {
        let url = self.session.base_url(self.request.base_url.as_deref())?;
        let options = self.request.check.portkey.options();
        let inquiry =
            Inquiry::new(&url, &key.secret, options)?.routed_by(routes(self.session, &[]));
        let catalogue = self.ui.asking(url.host(), || inquiry.models().cloned())?;
        self.inquiry = Some(inquiry.shown());
        self.ui.note(&format!(
            "{} {}.",
            self.ui.err(Tone::Good, "✓"),
            catalogue.accepted()
        ));
        Ok(catalogue)
    }

    /// Checks the values of the flags before the first prompt.
    fn check_flags(&mut self, answers: &Answers) -> Result<(), Failure> {
        if self.request.check.force {
            return Ok(());
        }
        // Their roles are checked with the remaining answers.
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
        let judged = change.check_online(&intent);
        self.inquiry = change.into_inquiry();
        judged
    }

    fn after_failure(&mut self) -> Result<Next, Failure> {
        let ways = [
            ("continue without checking", Next::Unchecked),
            ("try again", Next::Again),
            ("enter a different key", Next::OtherKey),
            ("quit", Next::Stop),
        ];
        let items: Vec<Item> = ways.iter().map(|(text, _)| Item::new(*text)).collect();
        let index = self.ask.menu("What now?", &items, 0)?;
        Ok(ways[index].1)
    }
}

/// Prompts for a key; `None` if the input is empty. `is_portkey` means that a vendor's key is a
/// mistake.
pub(crate) fn ask_key(
    question: &str,
    is_portkey: bool,
    ask: &mut dyn Ask,
    secrets: &Secrets,
) -> Result<Option<FoundKey>, Failure> {
    let check = |text: &str| key_objection(text, is_portkey);
    let typed = ask.secret(question, &check)?;
    let bare = credential::bare(typed.expose());
    secrets.add(bare);
    if bare.is_empty() {
        return Ok(None);
    }
    Ok(Some(FoundKey {
        secret: credential::checked(bare)?,
        origin: Origin::Given("the prompt"),
    }))
}

fn key_objection(text: &str, is_portkey: bool) -> Result<(), Objection> {
    let text = credential::bare(text);
    if text.is_empty() {
        return Ok(());
    }
    if let Some(vendor) = vendor_of_key(text).filter(|_| is_portkey) {
        return Err(format!(
            "this looks like {vendor}'s key. Add that one at Portkey (https://app.portkey.ai/model-catalog), and paste your Portkey key here (https://app.portkey.ai/api-keys)"
        ));
    }
    if let Some(mistake) = credential::mistaken(text) {
        return Err(mistake.to_owned());
    }
    credential::checked(text)
        .map(drop)
        .map_err(|failure| failure.message)
}
