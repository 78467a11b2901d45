//! `set-header`: headers sent with every request.

use clap::Args;

use crate::app::change::ConfigChange;
use crate::app::headers::{checked, header_changes, no_name_twice};
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::app::{Env, usage};
use crate::args::{CheckArgs, HeaderArgs, NoAgentArgs, ReplaceKeyArg, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::{HeaderChange, Intent};
use crate::portkey::headers;
use crate::ui::Ui;

/// Arguments of `set-header`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-header --metadata team=backend --metadata project=api-v2
  openclaw-portkey set-header --gateway-config pc-abc-123456 \\
    --model @gemini/gemini-2.5-flash
  openclaw-portkey set-header --unset x-portkey-trace-id")]
pub struct SetHeaderArgs {
    /// Use one trace id for all requests (OpenClaw already sends one per run)
    #[arg(
        long,
        value_name = "ID",
        help_heading = "Headers",
        hide_short_help = true
    )]
    trace_id: Option<String>,
    #[command(flatten)]
    headers: HeaderArgs,
    /// Remove a header; can be repeated
    #[arg(long, value_name = "NAME", help_heading = "Headers")]
    unset: Vec<String>,
    /// Apply to one model instead of the whole provider
    #[arg(long, value_name = "MODEL", help_heading = "Config")]
    model: Option<String>,
    #[command(flatten)]
    agent: NoAgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    #[command(flatten)]
    replace: ReplaceKeyArg,
}

/// Runs `set-header`.
///
/// # Errors
/// When a header is invalid, the config cannot be edited, a check fails, or the user declines.
pub fn run(args: &SetHeaderArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    args.agent.check(
        "headers are sent with every request of a provider or a model, whichever agent uses it",
    )?;
    let session = Session::open_to_change(&args.write.config, env)?;
    let intent = Intent {
        headers: changes(args, &session)?,
        ..Intent::default()
    };
    ConfigChange::new("set-header", &session, &args.write, ui)
        .check(args.check)
        .replace_keys(args.replace.replace_key)
        .run(intent)
}

fn changes(args: &SetHeaderArgs, session: &Session<'_>) -> Result<Vec<HeaderChange>, Failure> {
    let models = Naming::default()
        .declared()
        .models(session, args.model.as_slice())?;
    let model = models.into_iter().next();
    let mut changes = header_changes(
        &args.headers,
        session.config(),
        &session.provider_id()?,
        model.as_ref(),
    )?;
    if let Some(id) = &args.trace_id {
        changes.push(checked(headers::TRACE_ID, id, model.as_ref())?);
        no_name_twice(&changes)?;
    }
    for name in &args.unset {
        let twice = changes
            .iter()
            .any(|change| change.name.eq_ignore_ascii_case(name));
        if twice {
            return Err(usage(format!("{name} cannot be both set and unset")));
        }
        headers::check_name(name)?;
        changes.push(HeaderChange {
            name: name.clone(),
            value: None,
            model: model.clone(),
        });
    }
    if changes.is_empty() {
        return Err(usage("no header given").hint(
            "--metadata, --gateway-config, --trace-id and --header set one, --unset removes one",
        ));
    }
    Ok(changes)
}
