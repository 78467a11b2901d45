//! `gateway-config show`: a saved gateway config.

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::{listing, saved};
use crate::error::Exit;
use crate::ui::Ui;

use super::remote::id;
use crate::commands::remote::ReadArgs;

/// Arguments of `gateway-config show`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config show pc-abc-123456
  openclaw-portkey gateway-config show pc-abc-123456 --format json

Secrets are masked; `pull` writes the config unmasked.")]
pub(super) struct ShowArgs {
    /// The config's id
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ShowArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(saved) = admin.read(ui, || saved::read(&admin, &args.id))? else {
        return Ok(Exit::Done);
    };
    listing::show(&saved, args.remote.format(), ui);
    Ok(Exit::Done)
}
