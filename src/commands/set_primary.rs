//! `set-primary`: the model that OpenClaw uses first.

use clap::Args;

use crate::app::Env;
use crate::app::change::ConfigChange;
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::args::{AgentArgs, CheckArgs, MetadataArgs, WriteArgs};
use crate::error::Exit;
use crate::plan::Intent;
use crate::ui::Ui;

/// Arguments of `set-primary`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-primary @gemini/gemini-2.5-flash
  openclaw-portkey set-primary @openai-prod/gpt-5 --agent work

Models that aren't in the config yet are added.")]
pub struct SetPrimaryArgs {
    /// The model, as `@slug/model`
    #[arg(value_name = "MODEL")]
    model: String,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `set-primary`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user declines.
pub fn run(args: &SetPrimaryArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let ids = Naming::default()
        .ask(args.check.portkey)
        .models(&session, std::slice::from_ref(&args.model))?;
    let intent = Intent {
        primary: ids.into_iter().next(),
        ..Intent::default()
    };
    ConfigChange::new("set-primary", &session, &args.write, ui)
        .agent(args.agent.agent.as_deref())
        .check(args.check)
        .metadata(args.metadata)
        .run(intent)
}
