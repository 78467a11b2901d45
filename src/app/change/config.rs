//! A change of the config by an intent: planned, checked with Portkey, and applied.

use std::cell::RefCell;

use serde_json::Value as Json;

use crate::args::{CheckArgs, Format, MetadataArgs, WriteArgs};
use crate::diagnostic::Diagnostic;
use crate::error::{Exit, Failure, FailureKind};
use crate::plan::{self, Intent, Target};
use crate::portkey::model_id::ModelId;
use crate::secret::Secret;
use crate::ui::Ui;

use super::propose::{EnvEntry, Proposal, propose};
use super::verify::{self, Check, FORCE, Named};
use super::{Change, Confirm, Ending};
use crate::app::credential::{self, FoundKey};
use crate::app::inquiry::{Inquiry, KEY_ACCEPTED};
use crate::app::model_facts::{self, Known};
use crate::app::named_models::routes;
use crate::app::session::Session;
use crate::app::{load, output};

/// When a change is checked with Portkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Checked {
    /// Before the write.
    Before,
    /// By the command itself, after the write.
    Later,
}

/// A change of the config by an intent.
pub(crate) struct ConfigChange<'a> {
    command: &'static str,
    session: &'a Session<'a>,
    write: &'a WriteArgs,
    ui: &'a Ui,
    agent: Option<&'a str>,
    check: CheckArgs,
    /// Whether new models get known facts such as limits.
    metadata: bool,
    key: Option<FoundKey>,
    dotenv: Option<EnvEntry>,
    /// Notes in addition to those of the plan.
    notes: Vec<Diagnostic>,
    replaces_keys: bool,
    /// Whether the change was already shown and confirmed.
    shown: bool,
    checked: Checked,
    /// An earlier connection to Portkey, with its answers.
    inquiry: RefCell<Option<Inquiry>>,
}

impl<'a> ConfigChange<'a> {
    pub(crate) fn new(
        command: &'static str,
        session: &'a Session<'a>,
        write: &'a WriteArgs,
        ui: &'a Ui,
    ) -> Self {
        Self {
            command,
            session,
            write,
            ui,
            agent: None,
            check: CheckArgs::default(),
            metadata: false,
            key: credential::existing(session),
            dotenv: None,
            notes: Vec::new(),
            replaces_keys: false,
            shown: false,
            checked: Checked::Before,
            inquiry: RefCell::new(None),
        }
    }

    /// Applies to this agent instead of the defaults.
    pub(crate) fn agent(mut self, agent: Option<&'a str>) -> Self {
        self.agent = agent;
        self
    }

    pub(crate) fn check(mut self, check: CheckArgs) -> Self {
        self.check = check;
        self
    }

    /// Adds known facts to new models, unless the command line says otherwise.
    pub(crate) fn metadata(mut self, args: MetadataArgs) -> Self {
        self.metadata = !args.no_metadata;
        self
    }

    /// Uses this key instead of OpenClaw's current one.
    pub(crate) fn key(mut self, key: Option<FoundKey>) -> Self {
        self.key = key;
        self
    }

    /// Sets this entry in `.env`.
    pub(crate) fn dotenv(mut self, entry: Option<EnvEntry>) -> Self {
        self.dotenv = entry;
        self
    }

    /// Adds the command's own notes.
    pub(crate) fn notes(mut self, notes: Vec<Diagnostic>) -> Self {
        self.notes = notes;
        self
    }

    /// Allows replacing a key without a prompt.
    pub(crate) fn replace_keys(mut self, replaces: bool) -> Self {
        self.replaces_keys = replaces;
        self
    }

    /// The change was already shown and confirmed, together with another one.
    pub(crate) fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// The command checks with Portkey after the write.
    pub(crate) fn checked_later(mut self) -> Self {
        self.checked = Checked::Later;
        self
    }

    /// The files that an intent changes, without contacting Portkey.
    pub(crate) fn preview(&self, intent: &Intent) -> Result<Proposal, Failure> {
        let target = self.session.target(self.agent)?;
        let known = credential::known(self.session, self.key.as_ref());
        self.propose(&target, intent, &known)
    }

    /// Applies the intent and returns the fields of the command's JSON document.
    pub(crate) fn write_now(&self, intent: Intent) -> Result<(Ending, Json), Failure> {
        let (proposal, checks) = self.prepare(intent)?;
        let mut change = Change::new(self.command, self.session, self.write, self.ui);
        if self.shown {
            change.confirm = Confirm::Shown;
        }
        let ending = change.apply(&proposal)?;
        let mut fields = change.json(&proposal, &ending);
        fields["checks"] = output::diagnostics_json(&checks, &self.session.run_context());
        Ok((ending, fields))
    }

    /// Reuses the answers of an earlier connection.
    pub(crate) fn inquiry(mut self, inquiry: Option<Inquiry>) -> Self {
        self.inquiry = RefCell::new(inquiry);
        self
    }

    /// Applies the intent and reports it.
    pub(crate) fn run(&self, intent: Intent) -> anyhow::Result<Exit> {
        self.run_with(intent, |_| Ok(None))
    }

    /// Like [`Self::run`], with a step that follows if the config is now as intended, and its check if it
    /// makes one.
    pub(crate) fn run_with(
        &self,
        intent: Intent,
        then: impl FnOnce(&Proposal) -> Result<Option<Diagnostic>, Failure>,
    ) -> anyhow::Result<Exit> {
        let (mut proposal, mut checks) = self.prepare(intent)?;
        proposal.notes.extend(self.notes.iter().cloned());
        let change = Change {
            replaces_keys: self.replaces_keys,
            ..Change::new(self.command, self.session, self.write, self.ui)
        };
        let ending = change.apply(&proposal)?;
        if self.write.config.format == Format::Text && matches!(ending, Ending::Nothing) {
            self.ui.result(&format!(
                "Nothing to change; {} is already up to date.",
                self.session.short(&self.session.location.config)
            ));
        }
        if matches!(ending, Ending::Written(_) | Ending::Nothing) {
            checks.extend(then(&proposal)?);
        }
        // `models --sync` is reported as `models`.
        let name = self.command.split(' ').next().unwrap_or_default();
        output::finish(self.ui, self.write.config.format, name, || {
            let mut fields = change.json(&proposal, &ending);
            fields["checks"] = output::diagnostics_json(&checks, &self.session.run_context());
            fields
        });
        Ok(ending.exit())
    }

    /// Plans, and if something changes, checks with Portkey; plans again if its list has more than
    /// the ids of the models.
    fn prepare(&self, mut intent: Intent) -> Result<(Proposal, Vec<Diagnostic>), Failure> {
        let target = self.session.target(self.agent)?;
        let named = Named::by(&intent);
        if self.metadata {
            intent.facts = model_facts::by_id(&named.models);
        }
        let known = credential::known(self.session, self.key.as_ref());
        let proposal = self.propose(&target, &intent, &known)?;
        plan::check_removals(self.session.config(), &target, &intent)?;
        self.stays_accepted(&proposal)?;
        if proposal.files.is_empty() || named.is_empty() || self.checked == Checked::Later {
            return Ok((proposal, Vec::new()));
        }
        if self.check.portkey.offline {
            let skipped = vec![Diagnostic::skipped(
                KEY_ACCEPTED,
                "not checked with Portkey",
            )];
            output::checks(self.ui, &skipped);
            return Ok((proposal, skipped));
        }
        let Some(key) = &self.key else {
            return Err(credential::missing(self.session, false).hint(credential::OFFLINE));
        };
        let facts = self.ask(&intent, &named, &target, &key.secret)?;
        let proposal = match facts {
            Some(facts) if facts != intent.facts && !facts.is_empty() => {
                intent.facts = facts;
                self.propose(&target, &intent, &known)?
            }
            _ => proposal,
        };
        let checks = self.verify(&proposal, &named, &target, &key.secret)?;
        Ok((proposal, checks))
    }

    fn propose(
        &self,
        target: &Target,
        intent: &Intent,
        known: &[Secret],
    ) -> Result<Proposal, Failure> {
        propose(self.session, target, intent, self.dotenv.as_ref(), known)
    }

    /// Sends all lookups at once; returns what Portkey's list says about the new models.
    fn ask(
        &self,
        intent: &Intent,
        named: &Named,
        target: &Target,
        key: &Secret,
    ) -> Result<Option<Known>, Failure> {
        let url = self.session.base_url(intent.base_url.as_deref())?;
        let mut slot = self.inquiry.borrow_mut();
        if !slot.as_ref().is_some_and(|before| before.is_for(&url, key)) {
            let options = self.check.portkey.options();
            let routes = routes(self.session, &intent.headers);
            *slot = Some(Inquiry::new(&url, key, options)?.routed_by(routes));
        }
        let Some(inquiry) = slot.as_ref() else {
            return Ok(None);
        };
        let (asked, facts) = self.ui.asking(url.host(), || {
            let asked = inquiry.online(&named.config_ids());
            let facts = match &asked {
                Ok((online, _)) if self.metadata && online.models.is_ok() => {
                    inquiry.facts(&self.undeclared(&named.models, target))
                }
                _ => None,
            };
            (asked, facts)
        });
        let unanswered = match &asked {
            Ok((_, unanswered)) => unanswered.as_ref(),
            Err(error) => Some(*error),
        };
        if let Some(error) = unanswered {
            return Err(
                Failure::from(error).hint(format!("nothing was written; {}", credential::OFFLINE))
            );
        }
        Ok(facts.map(|(facts, complete)| {
            if !complete {
                self.ui.note(model_facts::NO_PRICES);
            }
            facts
        }))
    }

    /// Whether Portkey accepts an intent; prints nothing.
    pub(crate) fn check_online(&self, intent: &Intent) -> Result<(), Failure> {
        let named = Named::by(intent);
        let Some(key) = self.key.as_ref().filter(|_| !named.is_empty()) else {
            return Ok(());
        };
        let target = self.session.target(self.agent)?;
        let proposal = self.propose(&target, intent, &[])?;
        self.ask(intent, &named, &target, &key.secret)?;
        let checks = self.checks(&proposal, &named, &target, &key.secret)?;
        verify::refusal(&checks).map_or(Ok(()), Err)
    }

    /// The answers of Portkey, for further lookups.
    pub(crate) fn into_inquiry(self) -> Option<Inquiry> {
        self.inquiry.into_inner()
    }

    /// Checks the planned config against Portkey's answers; an error stops the write unless
    /// `--force` is given.
    fn verify(
        &self,
        proposal: &Proposal,
        named: &Named,
        target: &Target,
        key: &Secret,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let checks = self.checks(proposal, named, target, key)?;
        if let Some(failure) = verify::refusal(&checks).filter(|_| !self.check.force) {
            // The failure itself lists the errors.
            output::checks_but_errors(self.ui, &checks);
            return Err(failure);
        }
        let inquiry = self.inquiry.borrow();
        let is_new = |check: &&Diagnostic| !inquiry.as_ref().is_some_and(|it| it.has_shown(check));
        output::checks(self.ui, checks.iter().filter(is_new));
        Ok(checks)
    }

    /// Stops a write that would keep OpenClaw from starting, unless `--force` is given.
    fn stays_accepted(&self, proposal: &Proposal) -> Result<(), Failure> {
        if proposal.files.is_empty() || self.check.force {
            return Ok(());
        }
        let planned = self.planned(proposal)?;
        match &planned.config {
            Some(planned) => {
                verify::stays_accepted(self.session.config(), planned, self.session.version)
                    .map_err(|failure| failure.hint(FORCE))
            }
            None => Ok(()),
        }
    }

    /// The config after the change.
    fn planned(&self, proposal: &Proposal) -> Result<load::Loaded, Failure> {
        load::file_or_empty(
            &self.session.location.config,
            &self.session.env.files,
            &proposal.overlay(self.session),
        )
    }

    fn checks(
        &self,
        proposal: &Proposal,
        named: &Named,
        target: &Target,
        key: &Secret,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let slot = self.inquiry.borrow();
        let Some(inquiry) = slot.as_ref() else {
            return Ok(Vec::new());
        };
        let catalogue = match inquiry.models() {
            Ok(catalogue) => catalogue,
            Err(_) if self.check.force => return Ok(Vec::new()),
            Err(error) => return Err(Failure::from(error).hint(FORCE)),
        };
        let (online, _) = inquiry.online(&named.config_ids())?;
        let planned = self.planned(proposal)?;
        let Some(planned) = &planned.config else {
            return Err(Failure::new(
                FailureKind::Internal,
                "the planned config cannot be read",
            ));
        };
        Ok(Check {
            before: self.session.config(),
            planned,
            version: self.session.version,
            provider_id: &target.provider_id,
            online: &online,
            catalogue,
            named,
            key,
        }
        .run())
    }

    /// The models that aren't in the config yet.
    fn undeclared(&self, ids: &[ModelId], target: &Target) -> Vec<ModelId> {
        let provider = self.session.provider(&target.provider_id);
        ids.iter()
            .filter(|id| !id.is_virtual())
            .filter(|id| {
                provider
                    .as_ref()
                    .is_none_or(|provider| !provider.declares(id.as_str()))
            })
            .cloned()
            .collect()
    }
}
