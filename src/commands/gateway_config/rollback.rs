//! `gateway-config rollback`: makes an earlier version the current one.

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::push::rollback;
use crate::error::Exit;
use crate::ui::Ui;

use super::remote::{SaveArgs, id};

/// Arguments of `gateway-config rollback`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config rollback pc-abc-123456 --to 3f2a91c0
  openclaw-portkey gateway-config rollback pc-abc-123456 --to 3f2a91c0 --dry-run

`history` lists the versions; the first characters are enough. The earlier
version is saved as a new one, so nothing is lost.")]
pub(super) struct RollbackArgs {
    /// The config's id
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    /// The version to go back to
    #[arg(long, value_name = "VERSION")]
    to: String,
    #[command(flatten)]
    pub(super) save: SaveArgs,
}

pub(super) fn run(args: &RollbackArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    args.save.run("rollback", false, ui, env, |publisher| {
        rollback(publisher, &args.id, args.to.trim())
    })
}
