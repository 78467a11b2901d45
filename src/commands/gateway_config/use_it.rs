//! `gateway-config use`: makes OpenClaw send its requests through a gateway config.

use clap::Args;

use crate::app::Env;
use crate::app::admin::Admin;
use crate::app::change::ConfigChange;
use crate::app::gateway_config::{finish, saved, using};
use crate::app::session::Session;
use crate::args::{AdminArgs, AgentArgs, CheckArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::gateway_config::read::GatewayConfig;
use crate::ui::Ui;

use super::remote::id;

/// Arguments of `gateway-config use`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config use pc-abc-123456
  openclaw-portkey gateway-config use pc-abc-123456 --dynamic
  openclaw-portkey gateway-config use pc-abc-123456 --header-only

If the config chooses the model, OpenClaw's primary model becomes
`portkey-dynamic`, and only that model sends the header. With --dynamic or
--header-only, no admin key is needed.")]
pub(super) struct UseArgs {
    /// The config's id
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    /// The config chooses the model; skip reading it
    #[arg(long, conflicts_with = "header_only")]
    dynamic: bool,
    /// OpenClaw chooses the model; skip reading the config
    #[arg(long)]
    header_only: bool,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

/// Stand-ins for configs that aren't read.
const CHOOSES: &str = r#"{"override_params":{"model":"@provider/model"}}"#;
const PASSES: &str = r#"{"passthrough":true}"#;

pub(super) fn run(args: &UseArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open_to_change(&args.write.config, env)?;
    let config = config(args, &session, ui)?;
    let agent = args.agent.agent.as_deref();
    let intent = using::intent(&session, &config, &args.id, agent)?;
    let change = ConfigChange::new("gateway-config use", &session, &args.write, ui)
        .agent(agent)
        .check(args.check);
    let (ending, fields) = change.write_now(intent)?;
    using::report(&ending, &session, args.write.config.format, ui);
    finish(ui, args.write.config.format, "use", || fields);
    Ok(ending.exit())
}

fn config(args: &UseArgs, session: &Session<'_>, ui: &Ui) -> Result<GatewayConfig, Failure> {
    let fixed = match (args.dynamic, args.header_only) {
        (true, _) => Some(CHOOSES),
        (_, true) => Some(PASSES),
        _ => None,
    };
    if let Some(config) = fixed.and_then(|text| GatewayConfig::parse(text).ok()) {
        return Ok(config);
    }
    let admin = Admin::open(&args.admin, args.check.portkey, session).map_err(|failure| {
        failure.hint("pass --dynamic or --header-only to say who chooses the model without reading the config")
    })?;
    let saved = ui.asking(admin.host(), || saved::read(&admin, &args.id));
    saved::parsed(&saved?.config)
}
