//! `gateway-config history`: the versions of a gateway config.

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::{listing, saved};
use crate::error::{Exit, Failure};
use crate::ui::Ui;

use super::remote::id;
use crate::commands::remote::ReadArgs;

/// Arguments of `gateway-config history`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config history pc-abc-123456
  openclaw-portkey gateway-config history pc-abc-123456 --format json")]
pub(super) struct HistoryArgs {
    /// The config's id
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &HistoryArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let (_session, admin) = args.remote.open(env)?;
    let Some((current, versions)) = admin.read(ui, || {
        let current = saved::read(&admin, &args.id)?;
        Ok::<_, Failure>((current, saved::history(&admin, &args.id)?))
    })?
    else {
        return Ok(Exit::Done);
    };
    listing::history(&current, &versions, args.remote.format(), ui);
    Ok(Exit::Done)
}
