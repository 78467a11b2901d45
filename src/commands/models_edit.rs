//! `add-model` and `remove-model`.

use clap::Args;

use crate::cli::{AgentArgs, CheckArgs, IgnoredOfflineArg, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::{Fallbacks, Intent, NewModel};
use crate::ui::Ui;

use super::metadata::MetadataArgs;
use super::{Env, change, model_ids, usage};

/// Arguments of `add-model`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey add-model @openai-prod/gpt-5
  openclaw-portkey add-model @gemini/gemini-2.5-flash --as fallback
  openclaw-portkey add-model @openai-prod/gpt-5 --name \"GPT 5\" --dry-run")]
pub struct AddModelArgs {
    /// The models, as `@slug/model`
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,
    /// The name that OpenClaw shows; made from the id when left out
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Use the models, too
    #[arg(long = "as", value_enum, value_name = "ROLE")]
    role: Option<Role>,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Role {
    /// Asked first; takes one model
    Primary,
    /// Asked when the primary fails
    Fallback,
}

/// Arguments of `remove-model`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey remove-model @openai-prod/gpt-5
  openclaw-portkey remove-model @a/x @b/y --dry-run")]
pub struct RemoveModelArgs {
    /// The models, as `@slug/model`
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,
    /// Take them out of this agent's own model and lists only; they stay declared
    #[arg(long, value_name = "ID", help_heading = "Config")]
    agent: Option<String>,
    #[command(flatten)]
    check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `add-model`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user says no.
pub fn add(args: &AddModelArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let ids = model_ids(&args.models, &args.write.config.provider_id)?;
    if ids.len() > 1 && args.name.is_some() {
        return Err(
            usage("--name names one model, and several are given").hint("add them one by one")
        );
    }
    if args
        .name
        .as_ref()
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(usage("OpenClaw needs a name that is not empty")
            .hint("leave out --name to have one made from the id"));
    }
    let mut intent = Intent {
        models: ids
            .iter()
            .map(|id| NewModel {
                id: id.clone(),
                name: args.name.clone(),
            })
            .collect(),
        ..Intent::default()
    };
    match (args.role, ids.as_slice()) {
        (Some(Role::Primary), [id]) => intent.primary = Some(id.clone()),
        (Some(Role::Primary), _) => {
            return Err(usage("there is one primary, and several models are given")
                .hint("use --as fallback, or `openclaw-portkey set-primary MODEL` afterwards"));
        }
        (Some(Role::Fallback), ids) => intent.fallbacks = Fallbacks::Add(ids.to_vec()),
        (None, _) => {}
    }
    change(
        "add-model",
        &intent,
        args.agent.agent.as_deref(),
        &args.check,
        Some(args.metadata),
        &args.write,
        ui,
        env,
    )
}

/// Runs `remove-model`.
///
/// # Errors
/// When the config cannot be edited, a model is a primary, or the user says no.
pub fn remove(args: &RemoveModelArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let intent = Intent {
        remove_models: model_ids(&args.models, &args.write.config.provider_id)?,
        ..Intent::default()
    };
    change(
        "remove-model",
        &intent,
        args.agent.as_deref(),
        &args.check.into(),
        None,
        &args.write,
        ui,
        env,
    )
}
