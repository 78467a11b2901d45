//! `remove-model`: removes models.

use clap::Args;

use crate::app::Env;
use crate::app::change::ConfigChange;
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::args::{IgnoredOfflineArg, WriteArgs};
use crate::error::Exit;
use crate::plan::Intent;
use crate::ui::Ui;

/// Arguments of `remove-model`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey remove-model @openai-prod/gpt-5
  openclaw-portkey remove-model @a/x @b/y --dry-run")]
pub struct RemoveModelArgs {
    /// The models, as `@slug/model`
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,
    /// Remove them from this agent's own model and lists only; they stay in the config
    #[arg(long, value_name = "ID", help_heading = "Config")]
    agent: Option<String>,
    #[command(flatten)]
    check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `remove-model`.
///
/// # Errors
/// When the config cannot be edited, a model is a primary, or the user declines.
pub fn run(args: &RemoveModelArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let intent = Intent {
        remove_models: Naming::default()
            .declared()
            .models(&session, &args.models)?,
        ..Intent::default()
    };
    ConfigChange::new("remove-model", &session, &args.write, ui)
        .agent(args.agent.as_deref())
        .check(args.check.into())
        .run(intent)
}
