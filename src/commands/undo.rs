//! `undo`: restores the previous version of the files.

use clap::Args;

use crate::app::{Env, change};
use crate::args::{IgnoredOfflineArg, NoAgentArgs, WriteArgs};
use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `undo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey undo --dry-run
  openclaw-portkey undo --yes
  openclaw-portkey undo --list

Each undo goes back one more change; the last five can be undone.")]
pub struct UndoArgs {
    /// List the changes that can be undone, latest first
    #[arg(long, conflicts_with_all = ["force", "yes", "dry_run"])]
    list: bool,
    /// Undo even if a file has changed since; its current version is saved next to it
    #[arg(long, help_heading = "Writing")]
    force: bool,
    #[command(flatten)]
    agent: NoAgentArgs,
    #[command(flatten)]
    _check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `undo`.
///
/// # Errors
/// When there is nothing to undo, a file has changed since, or the user declines.
pub fn run(args: &UndoArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    args.agent
        .check("undo restores whole files, for all agents")?;
    if args.list {
        return Ok(change::list_writes(&args.write.config, ui, env)?);
    }
    change::undo(&args.write, args.force, ui, env)
}
