//! What commands share, and the only place where the shells meet.

pub(crate) mod admin;
pub(crate) mod change;
pub(crate) mod complete;
pub(crate) mod credential;
pub(crate) mod doctor;
pub(crate) mod gateway_config;
pub(crate) mod headers;
pub(crate) mod init;
pub(crate) mod inquiry;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod model_facts;
pub(crate) mod models_sync;
pub(crate) mod models_table;
pub(crate) mod output;
pub(crate) mod parallel_map;
pub(crate) mod session;
pub(crate) mod wiring;
pub(crate) mod wizard;

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::args::Format;
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::plan::PlanError;
use crate::portkey::model_id::ModelId;
use crate::report::json::failure as failure_json;
use crate::store::{Environment, Locks};
use crate::ui::{Tone, Ui};

/// What a command knows of the process that it runs in.
pub struct Env {
    /// What decides where OpenClaw's files are.
    pub files: Environment,
    /// A folder for what may be forgotten.
    pub cache: Option<PathBuf>,
    /// Looks up a variable; nothing is kept, since variables hold keys.
    pub variable: fn(&str) -> Option<OsString>,
    /// The locks that the command holds from the start.
    pub locks: RefCell<Option<Locks>>,
}

impl Env {
    /// A variable's text, where it is set to more than white space.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.into_string().ok()?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// Whether the command holds the locks of all these files.
    pub(crate) fn hold(&self, files: &[&Path]) -> bool {
        let locks = self.locks.borrow();
        locks
            .as_ref()
            .is_some_and(|locks| files.iter().all(|file| locks.cover(file)))
    }

    /// Runs with locks held.
    pub(crate) fn with_locks<T>(&self, locks: Locks, run: impl Fn() -> T) -> T {
        self.locks.replace(Some(locks));
        let result = run();
        self.locks.replace(None);
        result
    }

    /// The user's home folder, to shorten paths by.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.text("HOME")
            .or_else(|| self.text("USERPROFILE"))
            .map(PathBuf::from)
    }
}

/// Says what went wrong, in the chosen format, and gives the exit code.
#[must_use]
pub(crate) fn report_failure(ui: &Ui, format: Format, command: &str, failure: &Failure) -> Exit {
    output::finish(
        ui,
        format,
        command,
        || json!({ "error": failure_json(failure) }),
    );
    tell_failure(ui, failure)
}

/// Says on standard error what went wrong.
pub(crate) fn tell_failure(ui: &Ui, failure: &Failure) -> Exit {
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
pub(crate) fn usage(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Usage, message)
}

/// Reads the models of a command line.
pub(crate) fn model_ids(texts: &[String], provider_id: &str) -> Result<Vec<ModelId>, Failure> {
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
pub(crate) fn plan_failure(error: &PlanError) -> Failure {
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
            "`openclaw-portkey init --provider-id {id}` adds it; without --provider-id the provider `portkey` is used"
        )),
        PlanError::UnknownAgent(..) => failure.hint("name one that the config has, or leave out --agent"),
        PlanError::Route(route) => route.files.iter().fold(failure, |failure, file| {
            failure.hint(format!("edit {} by hand, or pass it with --config", file.display()))
        }),
        PlanError::WrongKind { location, .. } => Failure {
            location: Some(location.clone()),
            ..failure
        }
        .hint("nothing was written; fix the value and run the command again"),
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
