//! `set-fallback`: the models that OpenClaw tries when the primary fails.

use clap::{Args, ValueEnum};

use crate::app::admin::Admin;
use crate::app::change::ConfigChange;
use crate::app::gateway_config::in_portkey;
use crate::app::gateway_config::publish::Publisher;
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::app::{Env, output};
use crate::args::{AdminArgs, AgentArgs, CheckArgs, MetadataArgs, WriteArgs};
use crate::error::Exit;
use crate::plan::{Fallbacks, Intent};
use crate::portkey::model_id::ModelId;
use crate::ui::Ui;

/// Arguments of `set-fallback`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-fallback @gemini/gemini-2.5-flash @openai-prod/gpt-5
  openclaw-portkey set-fallback --add @mistral/open-mixtral-8x7b
  openclaw-portkey set-fallback --clear
  openclaw-portkey set-fallback @openai-backup/gpt-5 --in portkey

Models that aren't in the config yet are added.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag on the command line is a bool"
)]
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
    /// Who falls back: openclaw, or portkey (faster)
    ///
    /// Portkey also falls back when a key is refused.
    #[arg(long = "in", value_enum, value_name = "WHO", default_value_t, hide_possible_values = true, hide_default_value = true, conflicts_with_all = ["add", "remove", "clear"])]
    who: Who,
    /// Name of the gateway config that --in portkey saves
    #[arg(long, value_name = "NAME", default_value = in_portkey::NAME, hide_short_help = true)]
    name: String,
    /// Don't send a small test request afterwards
    #[arg(long, hide_short_help = true)]
    no_probe: bool,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Who handles the fallback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Who {
    /// OpenClaw, with its list of fallbacks
    #[default]
    Openclaw,
    /// Portkey, with a saved gateway config (needs an admin key)
    Portkey,
}

/// Models to remove can be named as in the config.
fn naming(args: &SetFallbackArgs) -> Naming<'_> {
    let naming = Naming::default().ask(args.check.portkey);
    if args.remove {
        naming.declared()
    } else {
        naming
    }
}

/// Runs `set-fallback`.
///
/// # Errors
/// When the config cannot be edited, a check fails, or the user declines.
pub fn run(args: &SetFallbackArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let ids = naming(args).models(&session, &args.models)?;
    if args.who == Who::Portkey {
        return in_portkey(args, &session, &ids, ui);
    }
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

/// Saves a gateway config that falls back from the primary to these models, and makes OpenClaw use
/// it.
fn in_portkey(
    args: &SetFallbackArgs,
    session: &Session<'_>,
    ids: &[ModelId],
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let admin = Admin::open(&args.admin, args.check.portkey, session)?;
    let publisher = Publisher {
        command: "set-fallback",
        session,
        admin: &admin,
        write: &args.write,
        check: args.check,
        agent: args.agent.agent.as_deref(),
        uses: true,
        probes: !args.no_probe,
        ui,
    };
    save(&publisher, ids, args.name.trim())
}

/// Saves it and uses it.
pub(super) fn save(publisher: &Publisher<'_>, ids: &[ModelId], name: &str) -> anyhow::Result<Exit> {
    let outcome = in_portkey::set_fallback(publisher, ids, name)?;
    let format = publisher.write.config.format;
    output::finish(publisher.ui, format, publisher.command, || outcome.fields);
    Ok(outcome.exit)
}
