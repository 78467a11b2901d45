//! `set-fallback`: the models that OpenClaw tries when the primary fails.

use clap::Args;

use crate::app::Env;
use crate::app::change::ConfigChange;
use crate::app::session::Session;
use crate::args::{AgentArgs, CheckArgs, MetadataArgs, WriteArgs};
use crate::error::Exit;
use crate::plan::{Fallbacks, Intent};
use crate::ui::Ui;

/// Arguments of `set-fallback`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-fallback @gemini/gemini-2.5-flash @openai-prod/gpt-5
  openclaw-portkey set-fallback --add @mistral/open-mixtral-8x7b
  openclaw-portkey set-fallback --clear

A model that the config doesn't have yet is added.")]
pub struct SetFallbackArgs {
    /// The models, as `@slug/model`, in the order they are tried
    #[arg(value_name = "MODEL", required_unless_present = "clear")]
    models: Vec<String>,
    /// Add these to the current fallbacks
    #[arg(long, conflicts_with_all = ["remove", "clear"])]
    add: bool,
    /// Remove these from the fallbacks; the models stay in the config
    #[arg(long, conflicts_with = "clear")]
    remove: bool,
    /// Remove all fallbacks
    #[arg(long, conflicts_with = "models")]
    clear: bool,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `set-fallback`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user says no.
pub fn run(args: &SetFallbackArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let ids = session.model_ids(&args.models)?;
    let fallbacks = if args.clear {
        Fallbacks::Clear
    } else if args.remove {
        Fallbacks::Remove(ids)
    } else if args.add {
        Fallbacks::Add(ids)
    } else {
        Fallbacks::Set(ids)
    };
    let intent = Intent {
        fallbacks,
        ..Intent::default()
    };
    ConfigChange::new("set-fallback", &session, &args.write, ui)
        .agent(args.agent.agent.as_deref())
        .check(args.check)
        .metadata(args.metadata)
        .run(intent)
}
