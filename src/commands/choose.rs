//! `set-primary` and `set-fallback`.

use clap::Args;

use crate::cli::{AgentArgs, CheckArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::{Fallbacks, Intent};
use crate::ui::Ui;

use super::metadata::MetadataArgs;
use super::{Env, change, model_ids};

/// Arguments of `set-primary`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-primary @gemini/gemini-2.5-flash
  openclaw-portkey set-primary @openai-prod/gpt-5 --agent work

A model that is not declared yet is declared, too.")]
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

/// Arguments of `set-fallback`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-fallback @gemini/gemini-2.5-flash @openai-prod/gpt-5
  openclaw-portkey set-fallback --add @mistral/open-mixtral-8x7b
  openclaw-portkey set-fallback --clear

A model that is not declared yet is declared, too.")]
pub struct SetFallbackArgs {
    /// The models, as `@slug/model`, in the order they are asked
    #[arg(value_name = "MODEL", required_unless_present = "clear")]
    models: Vec<String>,
    /// Keep the fallbacks that are there, and add these
    #[arg(long, conflicts_with_all = ["remove", "clear"])]
    add: bool,
    /// Take these out of the fallbacks; they stay declared
    #[arg(long, conflicts_with = "clear")]
    remove: bool,
    /// Have no fallbacks
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

/// Runs `set-primary`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user says no.
pub fn set_primary(args: &SetPrimaryArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let ids = model_ids(
        std::slice::from_ref(&args.model),
        &args.write.config.provider_id,
    )?;
    let intent = Intent {
        primary: ids.into_iter().next(),
        ..Intent::default()
    };
    change(
        "set-primary",
        &intent,
        args.agent.agent.as_deref(),
        &args.check,
        Some(args.metadata),
        &args.write,
        ui,
        env,
    )
}

/// Runs `set-fallback`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user says no.
pub fn set_fallback(args: &SetFallbackArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let ids = model_ids(&args.models, &args.write.config.provider_id)?;
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
    change(
        "set-fallback",
        &intent,
        args.agent.agent.as_deref(),
        &args.check,
        Some(args.metadata),
        &args.write,
        ui,
        env,
    )
}
