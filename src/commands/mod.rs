//! One file a command; here is what they share at the edge.

mod check;
pub mod choose;
pub mod complete;
pub mod completions;
pub mod doctor;
pub mod explain;
pub mod init;
mod key;
pub mod lint;
pub mod man;
pub mod metadata;
pub mod models;
pub mod models_edit;
mod output;
mod parallel_map;
mod road;
pub mod set_header;
pub mod show;
pub mod undo;
pub mod unwire;
mod wizard;
mod workspace;

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::json;

use crate::cli::{CheckArgs, Format, WriteArgs};
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::plan::{Intent, PlanError, Target};
use crate::portkey::model_id::ModelId;
use crate::prompt::{Ask, Terminal};
use crate::store::Environment;
use crate::ui::{Tone, Ui};

use metadata::MetadataArgs;
use road::{Means, Road};
use workspace::Workspace;

/// What a command knows of the process that it runs in.
#[derive(Debug)]
pub struct Env {
    /// What decides where OpenClaw's files are.
    pub files: Environment,
    /// A folder for what may be forgotten.
    pub cache: Option<PathBuf>,
    /// Looks up a variable; nothing is kept, since variables hold keys.
    pub variable: fn(&str) -> Option<OsString>,
}

impl Env {
    /// A variable's text, where it is set to more than white space.
    fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.into_string().ok()?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// The user's home folder, to shorten paths by.
    fn home(&self) -> Option<PathBuf> {
        self.text("HOME")
            .or_else(|| self.text("USERPROFILE"))
            .map(PathBuf::from)
    }
}

/// Says what went wrong, in the chosen format, and gives the exit code.
#[must_use]
pub fn report_failure(ui: &Ui, format: Format, failure: &Failure) -> Exit {
    if format == Format::Json {
        ui.result(&output::document(
            &json!({ "error": output::failure_json(failure) }),
        ));
    }
    tell_failure(ui, failure)
}

/// Says on standard error what went wrong.
fn tell_failure(ui: &Ui, failure: &Failure) -> Exit {
    if failure.kind == FailureKind::Cancelled {
        ui.alert(&failure.message);
        return Exit::Cancelled;
    }
    let title = ui.err(Tone::Bad, "error");
    // Aliases of files may hold what a terminal takes for orders.
    let message = printable(&failure.message);
    match (&failure.snippet, &failure.location) {
        (Some(snippet), _) => ui.alert(snippet),
        (None, Some(location)) => {
            ui.alert(&format!("{title}: {message}"));
            ui.alert(&format!(
                "  at {}",
                ui.err(Tone::Place, &location.to_string())
            ));
        }
        (None, None) => ui.alert(&format!("{title}: {message}")),
    }
    for hint in &failure.hints {
        ui.alert(&format!(
            "  {} {}",
            ui.err(Tone::Good, "→"),
            printable(hint)
        ));
    }
    failure.kind.exit()
}

/// The failure for arguments that do not fit.
fn usage(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Usage, message)
}

/// Asks unless `--yes`; without a terminal there is nobody to ask.
fn confirm(ui: &Ui, write: &WriteArgs, question: &str) -> Result<(), Failure> {
    if write.yes {
        return Ok(());
    }
    if !ui.can_ask() {
        return Err(usage("there is no terminal to ask for confirmation")
            .hint("--yes writes without asking, --dry-run only shows the change"));
    }
    match Terminal.confirm(question, true) {
        Ok(true) => Ok(()),
        _ => Err(Failure::cancelled()),
    }
}

/// Reads the models of a command line.
fn model_ids(texts: &[String], provider_id: &str) -> Result<Vec<ModelId>, Failure> {
    let mut ids = Vec::new();
    for text in texts {
        let id = ModelId::parse(text, provider_id).map_err(|error| usage(error.to_string()))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// A plan that cannot be made, with what to type instead.
fn plan_failure(error: &PlanError) -> Failure {
    let kind = match error {
        PlanError::Route(_) | PlanError::WrongKind { .. } | PlanError::NotWired(_) => {
            FailureKind::Config
        }
        _ => FailureKind::Usage,
    };
    let failure = Failure::new(kind, error.to_string());
    match error {
        PlanError::NotWired(id) if id == "portkey" => {
            failure.hint("`openclaw-portkey init` adds it")
        }
        PlanError::NotWired(id) => failure.hint(format!(
            "`openclaw-portkey init --provider-id {id}` adds it; without --provider-id the provider `portkey` is meant"
        )),
        PlanError::UnknownAgent(..) => failure.hint("name one that the config has, or leave out --agent"),
        PlanError::Route(route) => route.files.iter().fold(failure, |failure, file| {
            failure.hint(format!("edit {} by hand, or pass it with --config", file.display()))
        }),
        PlanError::WrongKind { location, .. } => Failure {
            location: Some(location.clone()),
            ..failure
        }
            .hint("nothing was written; mend the value and run the command again"),
        PlanError::RemovesPrimary(_, None) => {
            failure.hint("choose another first: `openclaw-portkey set-primary MODEL`")
        }
        PlanError::RemovesPrimary(_, Some(agent)) => failure.hint(format!(
            "choose another first: `openclaw-portkey set-primary MODEL --agent {agent}`"
        )),
        PlanError::FallbackIsPrimary(_) => failure.hint("name another model as primary or as fallback"),
        PlanError::NoPrimary(None) => failure.hint("`openclaw-portkey set-primary MODEL` first"),
        PlanError::NoPrimary(Some(agent)) => {
            failure.hint(format!("`openclaw-portkey set-primary MODEL --agent {agent}` first"))
        }
        PlanError::UndeclaredModel(id) => failure.hint(format!("`openclaw-portkey add-model {id}` first")),
    }
}

/// The road from an intent to a write, for the commands that have nothing else to find out.
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of a command, each as clap gives it"
)]
fn change(
    command: &'static str,
    intent: &Intent,
    agent: Option<&str>,
    check: &CheckArgs,
    metadata: Option<MetadataArgs>,
    write: &WriteArgs,
    ui: &Ui,
    env: &Env,
) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&write.config, env)?;
    change_in(
        &workspace, command, intent, agent, check, metadata, write, ui, env,
    )
}

#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of a command, each as clap gives it"
)]
fn change_in(
    workspace: &Workspace,
    command: &'static str,
    intent: &Intent,
    agent: Option<&str>,
    check: &CheckArgs,
    metadata: Option<MetadataArgs>,
    write: &WriteArgs,
    ui: &Ui,
    env: &Env,
) -> Result<Exit, Failure> {
    let target = Target {
        provider_id: write.config.provider_id.clone(),
        agent: agent.map(str::to_owned),
        version: workspace.version,
    };
    let key = key::existing(workspace, &target.provider_id, env);
    let known = key::known(workspace, &target.provider_id, env, None);
    let road = Road {
        command,
        ui,
        write,
        workspace,
        next_steps: Vec::new(),
    };
    let metadata = metadata.is_some_and(|args| !args.no_metadata);
    let (proposal, outcomes) = road.prepare(
        intent.clone(),
        &Means {
            target: &target,
            dotenv: None,
            known: &known,
            key: key.as_ref(),
            check,
            metadata,
        },
    )?;
    road.finish(&proposal, &outcomes)
}
