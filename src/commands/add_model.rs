//! `add-model`: adds models.

use clap::Args;

use crate::app::change::ConfigChange;
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::app::{Env, usage};
use crate::args::{AgentArgs, CheckArgs, MetadataArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::{Fallbacks, Intent, NewModel};
use crate::portkey::model_id::ModelId;
use crate::ui::Ui;

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
    /// Display name; derived from the id by default
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Also use the models as primary or fallback
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
    /// Used first; only one model
    Primary,
    /// Used when the primary fails
    Fallback,
}

/// Runs `add-model`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user declines.
pub fn run(args: &AddModelArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let ids = Naming::default()
        .ask(args.check.portkey)
        .models(&session, &args.models)?;
    let intent = intent(args, &ids)?;
    ConfigChange::new("add-model", &session, &args.write, ui)
        .agent(args.agent.agent.as_deref())
        .check(args.check)
        .metadata(args.metadata)
        .run(intent)
}

fn intent(args: &AddModelArgs, ids: &[ModelId]) -> Result<Intent, Failure> {
    if ids.len() > 1 && args.name.is_some() {
        return Err(
            usage("--name applies to one model, but several are given").hint("add them one by one")
        );
    }
    if args
        .name
        .as_ref()
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(
            usage("the name must not be empty").hint("leave out --name to derive it from the id")
        );
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
    match (args.role, ids) {
        (Some(Role::Primary), [id]) => intent.primary = Some(id.clone()),
        (Some(Role::Primary), _) => {
            return Err(
                usage("only one model can be the primary, but several are given")
                    .hint("use --as fallback, or `{run: set-primary MODEL}` afterwards"),
            );
        }
        (Some(Role::Fallback), ids) => intent.fallbacks = Fallbacks::Add(ids.to_vec()),
        (None, _) => {}
    }
    Ok(intent)
}
