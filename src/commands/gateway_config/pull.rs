//! `gateway-config pull`: writes a saved gateway config to a file.

use std::path::PathBuf;

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::{listing, saved, write};
use crate::error::Exit;
use crate::ui::Ui;

use super::remote::id;
use crate::commands::remote::ReadArgs;

/// Arguments of `gateway-config pull`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config pull pc-abc-123456 -o gateway.json
  openclaw-portkey gateway-config pull pc-abc-123456 -o gateway.json --force")]
pub(super) struct PullArgs {
    /// The config's id
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &PullArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(saved) = admin.read(ui, || saved::read(&admin, &args.id))? else {
        return Ok(Exit::Done);
    };
    write::write(
        &args.output,
        saved::text(&saved.config).as_bytes(),
        args.force,
    )?;
    listing::pulled(&saved, &args.output, args.remote.format(), ui);
    Ok(Exit::Done)
}
