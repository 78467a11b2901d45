//! `gateway-config diff`: compares a file with a saved gateway config.

use std::path::PathBuf;

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::{listing, read, saved};
use crate::error::{Exit, Failure, FailureKind};
use crate::gateway_config::routing::strict;
use crate::ui::Ui;

use super::remote::id;
use crate::commands::remote::ReadArgs;

/// Arguments of `gateway-config diff`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config diff gateway.json pc-abc-123456
  openclaw-portkey gateway-config diff - pc-abc-123456 --format json \\
    < gateway.json

Shows what `push` would change. Exits with 1 if they differ.")]
pub(super) struct DiffArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the saved config
    #[arg(value_name = "pc-…", value_parser = id)]
    id: String,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &DiffArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let config = read(&args.file, ui)?;
    let wanted =
        strict(config.document()).map_err(|error| Failure::new(FailureKind::Config, error))?;
    let (_session, admin) = args.remote.open(env)?;
    let Some(saved) = admin.read(ui, || saved::read(&admin, &args.id))? else {
        return Ok(Exit::Done);
    };
    let lines = saved::difference(&args.id, Some(&saved.config), &wanted);
    listing::diff(&args.id, &lines, args.remote.format(), ui);
    Ok(if lines.is_empty() {
        Exit::Done
    } else {
        Exit::Problems
    })
}
