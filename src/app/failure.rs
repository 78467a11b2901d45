//! Failures: converted from typed errors, and reported to the user.

use serde_json::json;

use crate::args::Format;
use crate::error::{Exit, Failure, FailureKind};
use crate::help::{Help, Run, RunContext};
use crate::http::HttpError;
use crate::mask::printable;
use crate::plan::PlanError;
use crate::portkey::headers::HeaderError;
use crate::prompt::Cancelled;
use crate::report::json::failure as failure_json;
use crate::store::StoreError;
use crate::ui::{Tone, Ui};

use super::output;

/// The failure for invalid arguments.
pub(crate) fn usage(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Usage, message)
}

/// Reports a failure in the chosen format and returns the exit code.
#[must_use]
pub(crate) fn report_failure(
    ui: &Ui,
    format: Format,
    command: &str,
    failure: &Failure,
    context: &RunContext,
) -> Exit {
    output::finish(
        ui,
        format,
        command,
        || json!({ "error": failure_json(failure, context) }),
    );
    print_failure(ui, failure, context)
}

/// Prints a failure to standard error.
pub(crate) fn print_failure(ui: &Ui, failure: &Failure, context: &RunContext) -> Exit {
    if failure.kind == FailureKind::Cancelled {
        ui.alert(&failure.message);
        return Exit::Cancelled;
    }
    let title = ui.err(Tone::Bad, "error");
    // File names may contain terminal control sequences.
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
            printable(&hint.render(context))
        ));
    }
    failure.kind.exit()
}

impl From<anyhow::Error> for Failure {
    /// A typed error keeps its kind, location and hints; the context precedes its message.
    fn from(error: anyhow::Error) -> Self {
        let context = error.to_string();
        let mut failure = error
            .downcast::<Self>()
            .or_else(|error| error.downcast::<StoreError>().map(Self::from))
            .or_else(|error| error.downcast::<HttpError>().map(Self::from))
            .or_else(|error| error.downcast::<PlanError>().map(Self::from))
            .or_else(|error| error.downcast::<HeaderError>().map(Self::from))
            .or_else(|error| error.downcast::<Cancelled>().map(Self::from))
            .unwrap_or_else(|error| {
                let kind = if error.is::<std::io::Error>() {
                    FailureKind::File
                } else {
                    FailureKind::Internal
                };
                Self::new(kind, error.root_cause().to_string())
            });
        if failure.message != context {
            failure.message = format!("{context}: {}", failure.message);
        }
        failure
    }
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Self {
        Self::cancelled()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::ChangedUnderneath(_) => FailureKind::Changed,
            _ => FailureKind::File,
        };
        let failure = Failure::new(kind, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<&HttpError> for Failure {
    fn from(error: &HttpError) -> Self {
        let kind = match error {
            HttpError::Refused(_) if !error.is_unreached() => FailureKind::Check,
            _ => FailureKind::Network,
        };
        Failure::new(kind, error.to_string()).hint(error.cause().fix)
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        Self::from(&error)
    }
}

impl From<HeaderError> for Failure {
    fn from(error: HeaderError) -> Self {
        usage(error.to_string())
    }
}

impl From<PlanError> for Failure {
    /// Adds the command to run instead.
    fn from(error: PlanError) -> Self {
        let kind = match &error {
            PlanError::Route(_) | PlanError::WrongKind { .. } | PlanError::NotWired(_) => {
                FailureKind::Config
            }
            _ => FailureKind::Usage,
        };
        let failure = Failure::new(kind, error.to_string());
        match &error {
            PlanError::NotWired(id) if id == "portkey" => failure.hint("`{run: init}` adds it"),
            PlanError::NotWired(id) => failure.hint(
                Help::from("`")
                    .run(Run::new("init").flag("--provider-id").value(id.as_str()))
                    .text("` adds it; without --provider-id, the provider `portkey` is used"),
            ),
            PlanError::UnknownAgent(..) => {
                failure.hint("use an agent in the config, or leave out --agent")
            }
            PlanError::Route(route) => route.files.iter().fold(failure, |failure, file| {
                failure.hint(format!(
                    "edit {} by hand, or pass it with --config",
                    file.display()
                ))
            }),
            PlanError::WrongKind { location, .. } => Failure {
                location: Some(location.clone()),
                ..failure
            }
            .hint("nothing was written; fix the value and run the command again"),
            PlanError::NotThere { .. } => failure.hint("`{run: show}` lists the config"),
            PlanError::RemovesPrimary(_, None) => {
                failure.hint("choose another first: `{run: set-primary MODEL}`")
            }
            PlanError::RemovesPrimary(_, Some(agent)) => failure.hint(
                Help::from("choose another first: `")
                    .run(set_primary(agent))
                    .text("`"),
            ),
            PlanError::FallbackIsPrimary(_) => {
                failure.hint("use another model as primary or fallback")
            }
            PlanError::NoPrimary(None) => failure.hint("`{run: set-primary MODEL}` first"),
            PlanError::NoPrimary(Some(agent)) => {
                failure.hint(Help::from("`").run(set_primary(agent)).text("` first"))
            }
            PlanError::UndeclaredModel(id) => failure.hint(
                Help::from("`")
                    .run(Run::new("add-model").value(id.as_str()))
                    .text("` first"),
            ),
        }
    }
}

fn set_primary(agent: &str) -> Run {
    Run::new("set-primary")
        .flag("MODEL")
        .flag("--agent")
        .value(agent)
}
