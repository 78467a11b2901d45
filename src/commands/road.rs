//! The one road of every change: plan → judge → check → diff → confirm → store.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::cli::{CheckArgs, Format, WriteArgs};
use crate::diff::{self, Line, Side};
use crate::edit::{self, Change, EditError, Edited, Replacement};
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::{mask_lines, printable};
use crate::openclaw::{Config, find_provider};
use crate::plan::{self, Intent, Note, Target};
use crate::portkey::model_id::ModelId;
use crate::secret::Secret;
use crate::store::{self, Deadline, Pending, Snapshot};
use crate::ui::{Tone, Ui};

use super::check::{self, Outcome, Questions};
use super::key::FoundKey;
use super::metadata::{self, Known};
use super::output::{self, Stream};
use super::workspace::{Workspace, store_failure};
use super::{confirm, plan_failure, tell_failure, usage};

/// How long another process may hold OpenClaw's lock before a write is given up.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(2);

/// A file with its new text.
pub(super) struct FileChange<'w> {
    pub(super) snapshot: &'w Snapshot,
    pub(super) bytes: Vec<u8>,
    pub(super) diff: Vec<Line>,
}

/// All that a command is about to do.
#[derive(Default)]
pub(super) struct Proposal<'w> {
    pub(super) files: Vec<FileChange<'w>>,
    pub(super) notes: Vec<Note>,
}

impl Proposal<'_> {
    /// Whether a file is among those that change.
    pub(super) fn touches(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file.snapshot.path == path)
    }
}

/// A line for OpenClaw's `.env`.
#[derive(Debug)]
pub(super) struct EnvEntry {
    pub(super) name: String,
    pub(super) key: Secret,
}

/// Plans an intent and works out what the files will say.
pub(super) fn propose<'w>(
    workspace: &'w Workspace,
    target: &Target,
    intent: &Intent,
    dotenv: Option<&EnvEntry>,
    known: &[Secret],
) -> Result<Proposal<'w>, Failure> {
    let plan =
        plan::plan(&workspace.config, target, intent).map_err(|error| plan_failure(&error))?;
    let mut proposal = Proposal {
        files: Vec::new(),
        notes: plan.notes,
    };
    if let Some(line) = dotenv {
        proposal.files.extend(dotenv_change(workspace, line)?);
    }
    for (index, source) in workspace.config.sources().iter().enumerate() {
        let changes: Vec<Change> = plan
            .changes
            .iter()
            .filter(|(owner, _)| *owner == index)
            .map(|(_, change)| change.clone())
            .collect();
        if changes.is_empty() {
            continue;
        }
        let edited = edit::apply(&source.document, &changes)
            .map_err(|error| edit_failure(&workspace.config, index, &error))?;
        if !edited.replacements.is_empty() {
            proposal
                .files
                .push(config_change(workspace, index, &edited, known));
        }
    }
    Ok(proposal)
}

fn config_change<'w>(
    workspace: &'w Workspace,
    index: usize,
    edited: &Edited,
    known: &[Secret],
) -> FileChange<'w> {
    let source = &workspace.config.sources()[index];
    let snapshot = &workspace.snapshots[index];
    let new = edited.document.text();
    let name = workspace.short(&source.path);
    let new_side = Side {
        text: new,
        masked: &|lines| mask_lines(&edited.document, lines, known),
    };
    let diff = if snapshot.bytes.is_some() {
        let old_side = Side {
            text: source.document.text(),
            masked: &|lines| mask_lines(&source.document, lines, known),
        };
        diff::unified(&name, old_side, new_side, &edited.replacements, true)
    } else {
        let nothing = Side {
            text: "",
            masked: &|_| String::new(),
        };
        let whole = Replacement {
            range: 0..0,
            text: new.to_owned(),
        };
        diff::unified(&name, nothing, new_side, &[whole], true)
    };
    FileChange {
        snapshot,
        bytes: new.as_bytes().to_vec(),
        diff,
    }
}

fn dotenv_change<'w>(
    workspace: &'w Workspace,
    line: &EnvEntry,
) -> Result<Option<FileChange<'w>>, Failure> {
    let path = &workspace.location.dotenv;
    let unreadable = |what: String| {
        Failure::new(FailureKind::File, what).hint(format!(
            "write the line {}=… into it yourself and use --key-in env",
            line.name
        ))
    };
    let old = match workspace.dotenv.bytes {
        None => "",
        Some(_) => workspace
            .dotenv_text()
            .ok_or_else(|| unreadable(format!("{} is not UTF-8 text", path.display())))?,
    };
    let new = crate::dotenv::set(old, &line.name, line.key.expose())
        .map_err(|error| unreadable(format!("{} cannot hold the key: {error}", path.display())))?;
    if new == old {
        return Ok(None);
    }
    let name = workspace.short(path);
    let change = diff::between(old, &new);
    let diff = diff::unified(
        &name,
        Side {
            text: old,
            masked: &|lines| mask_assignments(&old[lines]),
        },
        Side {
            text: &new,
            masked: &|lines| mask_assignments(&new[lines]),
        },
        &[change],
        false,
    );
    Ok(Some(FileChange {
        snapshot: &workspace.dotenv,
        bytes: new.into_bytes(),
        diff,
    }))
}

/// Every value of a `.env` hidden. Only changed lines are ever shown, so a value over several
/// lines does not come into it.
pub(super) fn mask_assignments(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let body = line.trim_end_matches(['\n', '\r']);
            let end = &line[body.len()..];
            match body.split_once('=') {
                Some((name, _)) => format!("{name}={}{end}", crate::mask::MASK),
                None if body.trim().is_empty() => line.to_owned(),
                None => format!("{}{end}", crate::mask::MASK),
            }
        })
        .collect()
}

fn edit_failure(config: &Config, source: usize, error: &EditError) -> Failure {
    let kind = if matches!(error, EditError::Judge { .. }) {
        FailureKind::Internal
    } else {
        FailureKind::Config
    };
    let failure = Failure::new(kind, error.to_string());
    let source = &config.sources()[source];
    let span = match error {
        EditError::DuplicateKey { spans, .. } => spans.last(),
        EditError::NotAContainer { span, .. } => Some(span),
        _ => None,
    };
    let failure = match span {
        Some(span) => failure.at(&source.path, source.document.locate(span.start)),
        None => failure,
    };
    failure.hint("nothing was written; mend the file and run the command again")
}

/// How a road ended, for the JSON document.
#[derive(Clone, Copy)]
enum Ending<'e> {
    /// Nothing was written; by which refusal, unless that was asked for.
    Shown(Option<&'e Failure>),
    Written(&'e store::Written),
}

/// Runs an intent from the plan to the write.
pub(super) struct Road<'a> {
    pub(super) command: &'static str,
    pub(super) ui: &'a Ui,
    pub(super) write: &'a WriteArgs,
    pub(super) workspace: &'a Workspace,
    /// What to do after a write.
    pub(super) next_steps: Vec<String>,
}

/// What an intent is carried out with.
pub(super) struct Means<'a> {
    pub(super) target: &'a Target,
    pub(super) dotenv: Option<&'a EnvEntry>,
    pub(super) known: &'a [Secret],
    pub(super) key: Option<&'a FoundKey>,
    pub(super) check: &'a CheckArgs,
    /// Whether new models get what is known of them.
    pub(super) metadata: bool,
}

impl<'a> Road<'a> {
    /// Plans, checks against Portkey, and plans again with what it says of the models. Where nothing
    /// changes nothing is asked.
    pub(super) fn prepare(
        &self,
        mut intent: Intent,
        means: &Means<'_>,
    ) -> Result<(Proposal<'a>, Vec<Outcome>), Failure> {
        let questions = Questions::of(&intent);
        if means.metadata {
            intent.facts = metadata::by_id(&questions.models);
        }
        let propose = |intent: &Intent| {
            propose(
                self.workspace,
                means.target,
                intent,
                means.dotenv,
                means.known,
            )
        };
        let proposal = propose(&intent)?;
        if proposal.files.is_empty() {
            return Ok((proposal, Vec::new()));
        }
        let Some((outcomes, facts)) = self.verify(&intent, &questions, means)? else {
            return Ok((proposal, Vec::new()));
        };
        if facts.is_empty() || facts == intent.facts {
            return Ok((proposal, outcomes));
        }
        intent.facts = facts;
        Ok((propose(&intent)?, outcomes))
    }

    /// The checks before a write; with failures, and without `--force`, the write is off. Also what
    /// Portkey's list tells of the models; nothing where there is nothing to check.
    fn verify(
        &self,
        intent: &Intent,
        questions: &Questions,
        means: &Means<'_>,
    ) -> Result<Option<(Vec<Outcome>, Known)>, Failure> {
        if questions.is_empty() {
            return Ok(None);
        }
        if means.check.offline {
            let outcomes = vec![Outcome::skipped("portkey", "not checked against Portkey")];
            output::outcomes(self.ui, &outcomes);
            return Ok(Some((outcomes, Vec::new())));
        }
        let provider_id = &means.target.provider_id;
        let Some(key) = means.key else {
            return Err(no_key(self.workspace, provider_id));
        };
        let url = check::base_url(self.workspace, provider_id, intent.base_url.as_deref())?;
        let portkey = check::connect(&url, key.secret.clone(), means.check)?;
        let busy = self.ui.busy(&format!("asking {}", url.host()));
        let asked = check::ask(&portkey, questions);
        let told = match &asked {
            Ok((_, Some(catalogue))) if means.metadata => {
                let new = self.undeclared(&questions.models, provider_id);
                metadata::by_list(&new, catalogue, &portkey)
            }
            _ => (Vec::new(), true),
        };
        busy.done();
        let (mut outcomes, _) = asked
            .map_err(|failure| failure.hint("nothing was written; --offline goes on unchecked"))?;
        // What a server sends back may hold what was sent to it.
        for outcome in &mut outcomes {
            outcome.hide(&key.secret);
        }
        if let Some(failure) = check::refusal(&outcomes).filter(|_| !means.check.force) {
            // The failure itself says what failed.
            output::passed(self.ui, &outcomes);
            return Err(failure);
        }
        output::outcomes(self.ui, &outcomes);
        let (facts, complete) = told;
        if !complete {
            self.ui.note(metadata::NO_PRICES);
        }
        Ok(Some((outcomes, facts)))
    }

    /// The models that the config does not declare yet.
    fn undeclared(&self, ids: &[ModelId], provider_id: &str) -> Vec<ModelId> {
        let provider = find_provider(&self.workspace.config, provider_id);
        let declared = |id: &&ModelId| {
            let provider = provider.as_ref();
            !id.is_virtual()
                && provider.is_none_or(|provider| provider.model(id.as_str()).is_none())
        };
        ids.iter().filter(declared).cloned().collect()
    }

    /// Shows the proposal, asks, writes, and says what happened.
    pub(super) fn finish(
        &self,
        proposal: &Proposal<'_>,
        outcomes: &[Outcome],
    ) -> Result<Exit, Failure> {
        let json = self.write.config.format == Format::Json;
        if proposal.files.is_empty() {
            output::notes(self.ui, &proposal.notes);
            if json {
                self.print_json(proposal, outcomes, Ending::Shown(None));
            } else {
                self.ui.result(&format!(
                    "Nothing to change: {} already says so.",
                    self.workspace.short(&self.workspace.location.config)
                ));
            }
            return Ok(Exit::Done);
        }
        let read_only = self.workspace.location.read_only;
        let only_show = self.write.dry_run || read_only.is_some();
        let stream = if only_show && !json {
            Stream::Result
        } else {
            Stream::Note
        };
        for file in &proposal.files {
            output::diff(self.ui, &file.diff, stream);
        }
        output::notes(self.ui, &proposal.notes);
        if only_show {
            let refusal = read_only
                .filter(|_| !self.write.dry_run)
                .map(declared_read_only);
            if json {
                self.print_json(proposal, outcomes, Ending::Shown(refusal.as_ref()));
            }
            if let Some(refusal) = refusal {
                return Ok(tell_failure(self.ui, &refusal));
            }
            self.ui.note("Nothing was written: --dry-run.");
            return Ok(Exit::Done);
        }
        confirm(self.ui, self.write, "Write this?")?;
        let written = self.store(proposal)?;
        output::write_notes(self.ui, &written, |path| self.workspace.short(path));
        if json {
            self.print_json(proposal, outcomes, Ending::Written(&written));
        } else {
            for file in &written.files {
                self.ui.result(&self.ui.out(Tone::Good, &self.tell(file)));
            }
        }
        for step in &self.next_steps {
            self.ui.note(step);
        }
        Ok(Exit::Done)
    }

    fn store(&self, proposal: &Proposal<'_>) -> Result<store::Written, Failure> {
        let location = &self.workspace.location;
        let pending: Vec<Pending<'_>> = proposal
            .files
            .iter()
            .map(|file| Pending {
                snapshot: file.snapshot,
                new_bytes: &file.bytes,
                private: file.snapshot.path == location.dotenv,
            })
            .collect();
        let mut paths = vec![location.config.as_path()];
        paths.extend(
            proposal
                .files
                .iter()
                .map(|file| file.snapshot.path.as_path()),
        );
        let _locks = store::lock_all(&paths, Deadline::after(LOCK_WAIT))
            .map_err(|error| store_failure(&error))?;
        store::write(location, self.command, &pending).map_err(|error| store_failure(&error))
    }

    fn tell(&self, file: &store::Replaced) -> String {
        let short = |path: &std::path::PathBuf| self.workspace.short(path);
        let link = file
            .through
            .as_ref()
            .map(|target| format!(", a link to {}", short(target)));
        let backup = file.backup.as_ref().map(|backup| match backup.file_name() {
            Some(name) if backup.parent() == file.path.parent() => {
                format!(" (backup: {})", printable(&name.to_string_lossy()))
            }
            _ => format!(" (backup: {})", short(backup)),
        });
        let (link, backup) = (link.unwrap_or_default(), backup.unwrap_or_default());
        format!("Wrote {}{link}{backup}", short(&file.path))
    }

    fn print_json(&self, proposal: &Proposal<'_>, outcomes: &[Outcome], ending: Ending<'_>) {
        let (written, refusal) = match ending {
            Ending::Shown(refusal) => (None, refusal),
            Ending::Written(written) => (Some(written), None),
        };
        let files: Vec<_> = proposal
            .files
            .iter()
            .map(|file| {
                let path = &file.snapshot.path;
                let stored = written.and_then(|written| written.files.iter().find(|one| one.path == *path));
                json!({
                    "path": path.display().to_string(),
                    "written": stored.is_some(),
                    "backup": stored.and_then(|one| one.backup.as_ref()).map(|path| path.display().to_string()),
                    "diff": diff::to_text(&file.diff),
                })
            })
            .collect();
        let mut fields = json!({
            "command": self.command,
            "config": self.workspace.location.config.display().to_string(),
            "changed": !proposal.files.is_empty(),
            "written": written.is_some(),
            "files": files,
            "checks": output::outcomes_json(outcomes),
            "notes": output::notes_json(&proposal.notes),
        });
        if let Some(refusal) = refusal {
            fields["error"] = output::failure_json(refusal);
        }
        self.ui.result(&output::document(&fields));
    }
}

/// The config is not to be written.
pub(super) fn declared_read_only(variable: &str) -> Failure {
    Failure::new(
        FailureKind::File,
        format!("the config is declared read-only by {variable}; nothing was written"),
    )
    .hint("make the change where the config is generated")
}

/// Nothing to ask Portkey with.
pub(super) fn no_key(workspace: &Workspace, provider_id: &str) -> Failure {
    let given = find_provider(&workspace.config, provider_id)
        .and_then(|provider| provider.view.get("apiKey"))
        .map(|view| crate::openclaw::CredentialSource::read(&view));
    let failure = match given {
        Some(given) if given.variable().is_some() => usage(format!(
            "the key cannot be checked: {} is set neither in the environment nor in {}",
            given.variable().unwrap_or_default(),
            workspace.short(&workspace.location.dotenv)
        )),
        Some(given) if given.is_reference() => {
            return usage("the key cannot be checked: the config takes it from a secret store that only OpenClaw reads")
                .hint("--offline goes on unchecked");
        }
        _ => usage("there is no API key to check with"),
    };
    failure
        .hint("name one with --api-key-env, --api-key-stdin or --api-key-file (init), or set PORTKEY_API_KEY")
        .hint("--offline goes on unchecked")
}
