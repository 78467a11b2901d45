//! A change of files or at Portkey: shown, confirmed, applied and reported; file changes are
//! recorded for undo. Every command that writes goes through here.

mod config;
mod keys;
mod propose;
mod remote;
mod report;
mod summary;
mod undo;
mod verify;

use std::time::Duration;

use crate::args::{Format, WriteArgs};
use crate::error::{Exit, Failure, FailureKind};
use crate::help::RunContext;
use crate::prompt::Terminal;
use crate::store::{self, Deadline, Location, Locks, Pending, Written};
use crate::ui::{Tone, Ui};

use super::session::{Session, locate};
use super::{Env, output, print_failure, usage};
use output::Stream;

pub(crate) use config::ConfigChange;
use propose::FileChange;
pub(crate) use propose::{EnvEntry, Proposal, document_diff, of_texts};
pub(crate) use remote::Call;
pub(crate) use report::files_json;
pub(crate) use undo::{list_writes, undo};
pub(crate) use verify::{FORCE, stays_accepted};

/// How long to wait for another process's lock before giving up, if a user is waiting.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The same for writes without confirmation, many of which may queue up.
const QUEUE_WAIT: Duration = Duration::from_secs(30);

/// The verb for most file changes.
pub(crate) const WROTE: &str = "Wrote";

/// Whether to ask for confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirm {
    /// Asks this question.
    Ask(&'static str),
    /// Asks this question, with no as the default: it can't be undone.
    AskForGood(&'static str),
    /// The command line already confirmed it.
    Given,
    /// The change was already shown and confirmed, together with another one.
    Shown,
}

/// A change of files, from the proposal to the report.
pub(crate) struct Change<'a> {
    /// The command's name in the undo record.
    pub(crate) command: &'a str,
    /// The verb for its file changes, in the past tense.
    pub(crate) verb: &'static str,
    pub(crate) ui: &'a Ui,
    pub(crate) env: &'a Env,
    pub(crate) location: &'a Location,
    /// The flags to repeat in suggested commands.
    pub(crate) context: RunContext,
    pub(crate) format: Format,
    pub(crate) dry_run: bool,
    pub(crate) confirm: Confirm,
    /// Whether a key may be replaced without a prompt.
    pub(crate) replaces_keys: bool,
}

/// The result of a change.
pub(crate) enum Ending {
    /// There was nothing to do.
    Nothing,
    /// It was shown but not written; with the refusal, unless only showing was requested.
    Shown(Option<Failure>),
    /// The files were written.
    Written(Written),
    /// The calls to Portkey were made; no file changed.
    Sent,
}

impl Ending {
    pub(crate) fn written(&self) -> Option<&Written> {
        match self {
            Self::Written(written) => Some(written),
            Self::Nothing | Self::Shown(_) | Self::Sent => None,
        }
    }

    /// The exit code of the command.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Shown(Some(refusal)) => refusal.kind.exit(),
            _ => Exit::Done,
        }
    }
}

impl Confirm {
    /// The question, and the default answer.
    fn question(self) -> Option<(&'static str, bool)> {
        match self {
            Self::Ask(question) => Some((question, true)),
            Self::AskForGood(question) => Some((question, false)),
            Self::Given | Self::Shown => None,
        }
    }
}

impl<'a> Change<'a> {
    /// The same with another question, if it asks one.
    #[must_use]
    pub(crate) fn asking(mut self, confirm: Confirm) -> Self {
        if self.confirm.question().is_some() {
            self.confirm = confirm;
        }
        self
    }

    /// A change of the session's config, with the command's flags.
    pub(crate) fn new(
        command: &'a str,
        session: &'a Session<'_>,
        write: &WriteArgs,
        ui: &'a Ui,
    ) -> Self {
        Self {
            command,
            verb: WROTE,
            ui,
            env: session.env,
            location: &session.location,
            context: session.run_context(),
            format: write.config.format,
            dry_run: write.dry_run,
            confirm: if write.yes {
                Confirm::Given
            } else {
                Confirm::Ask("Write this?")
            },
            replaces_keys: false,
        }
    }

    /// Shows the proposal, asks for confirmation, writes and reports.
    ///
    /// # Errors
    /// There is no terminal for the prompt, the user declines, or the write fails.
    pub(crate) fn apply(&self, proposal: &Proposal) -> Result<Ending, Failure> {
        self.apply_with(proposal, || {
            let pending: Vec<Pending<'_>> = proposal
                .files
                .iter()
                .map(|file| Pending {
                    snapshot: &file.snapshot,
                    new_bytes: &file.bytes,
                    private: file.snapshot.path == self.location.dotenv,
                })
                .collect();
            store::write(self.location, self.command, &pending)
        })
    }

    fn apply_with(
        &self,
        proposal: &Proposal,
        write: impl FnOnce() -> Result<Written, store::StoreError>,
    ) -> Result<Ending, Failure> {
        if let Some(ending) = self.offer(proposal)? {
            return Ok(ending);
        }
        let _locks = self.lock(proposal)?;
        let written = write()?;
        self.report(proposal, &written);
        Ok(Ending::Written(written))
    }

    /// Shows the proposal and asks for confirmation; returns the result if nothing is left to do.
    ///
    /// # Errors
    /// There is no terminal for the prompt, or the user declines.
    pub(crate) fn offer(&self, proposal: &Proposal) -> Result<Option<Ending>, Failure> {
        if proposal.is_empty() {
            output::notes(self.ui, &proposal.notes, &self.context);
            return Ok(Some(Ending::Nothing));
        }
        if self.confirm == Confirm::Shown {
            return Ok(None);
        }
        let read_only = self
            .location
            .read_only
            .filter(|_| !proposal.files.is_empty());
        let only_show = self.dry_run || read_only.is_some();
        let stream = if only_show && self.format == Format::Text {
            Stream::Result
        } else {
            Stream::Note
        };
        for call in &proposal.calls {
            call.show(self.ui, stream, self.dry_run);
        }
        // Before a prompt, long diffs are shown only on demand.
        let folds = !only_show && self.confirm.question().is_some() && self.ui.can_ask();
        let is_folded = |file: &&FileChange| folds && summary::is_long(&file.diff);
        for file in proposal.files.iter().filter(|file| !is_folded(file)) {
            output::diff(self.ui, &file.diff, stream);
        }
        output::notes(self.ui, &proposal.notes, &self.context);
        if only_show {
            let refusal = read_only.filter(|_| !self.dry_run).map(declared_read_only);
            match &refusal {
                Some(refusal) => {
                    print_failure(self.ui, refusal, &self.context);
                }
                None => self.ui.note("Nothing was written: --dry-run."),
            }
            return Ok(Some(Ending::Shown(refusal)));
        }
        if let [first, ..] = proposal.replaced.as_slice()
            && self.confirm == Confirm::Given
            && !self.replaces_keys
        {
            return Err(first.refusal(self.command));
        }
        let folded: Vec<&FileChange> = proposal.files.iter().filter(is_folded).collect();
        if folds && !proposal.files.is_empty() {
            let line = self.summary(proposal);
            self.ui
                .note(&format!("\n{}", self.ui.err(Tone::Bold, &line)));
        }
        self.confirm(&folded)?;
        Ok(None)
    }

    /// The locks of all files; `None` if the command already holds them.
    fn lock(&self, proposal: &Proposal) -> Result<Option<Locks>, Failure> {
        let mut paths = vec![self.location.config.as_path()];
        paths.extend(
            proposal
                .files
                .iter()
                .map(|file| file.snapshot.path.as_path()),
        );
        if self.env.hold(&paths) {
            return Ok(None);
        }
        let wait = match self.confirm.question() {
            None => QUEUE_WAIT,
            Some(_) => LOCK_WAIT,
        };
        store::lock_all(&paths, Deadline::after(wait))
            .map(Some)
            .map_err(Failure::from)
    }

    /// Asks for confirmation unless the command line already gave it; fails without a terminal. The
    /// folded diffs are shown on demand.
    pub(crate) fn confirm(&self, folded: &[&FileChange]) -> Result<(), Failure> {
        let Some((question, default)) = self.confirm.question() else {
            return Ok(());
        };
        if !self.ui.can_ask() {
            return Err(usage("no terminal to ask for confirmation")
                .hint("use --yes to write without asking, or --dry-run to only show the change"));
        }
        let mut more = (!folded.is_empty()).then_some(('d', "d shows the diff"));
        loop {
            match Terminal.confirm_or(question, default, more) {
                Ok(Some(true)) => return Ok(()),
                Ok(None) => {
                    for file in folded {
                        output::diff(self.ui, &file.diff, Stream::Note);
                    }
                    more = None;
                }
                _ => return Err(Failure::cancelled()),
            }
        }
    }
}

/// Runs a command that writes. If another process changed a file in the meantime and there was no
/// prompt, it runs again with the locks held from the start, so that it plans on the current
/// contents.
pub(crate) fn queued(
    write: &WriteArgs,
    env: &Env,
    run: impl Fn() -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    match run() {
        Err(failure) if failure.kind == FailureKind::Changed && write.yes => {
            let location = locate(&write.config, env)?;
            let locks = store::lock_all(
                &[&location.config, &location.dotenv],
                Deadline::after(QUEUE_WAIT),
            )?;
            env.with_locks(locks, run)
        }
        result => result,
    }
}

/// The failure for a read-only config.
pub(crate) fn declared_read_only(variable: &str) -> Failure {
    Failure::new(
        FailureKind::File,
        format!("the config is declared read-only by {variable}; nothing was written"),
    )
    .hint("make the change where the config is generated")
}
