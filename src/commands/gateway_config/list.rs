//! `gateway-config list`: the saved gateway configs.

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::{listing, saved};
use crate::error::Exit;
use crate::ui::Ui;

use crate::commands::remote::ReadArgs;

/// Arguments of `gateway-config list`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config list
  openclaw-portkey gateway-config list --workspace ws-abc-123456 --format json")]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ListArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(entries) = admin.read(ui, || saved::all(&admin))? else {
        return Ok(Exit::Done);
    };
    listing::list(&entries, args.remote.format(), ui);
    Ok(Exit::Done)
}
