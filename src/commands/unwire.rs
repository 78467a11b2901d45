//! `unwire`: Portkey out of the config again.

use clap::Args;

use crate::cli::{IgnoredOfflineArg, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::Intent;
use crate::ui::Ui;

use super::{Env, change};

/// Arguments of `unwire`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey unwire --dry-run
  openclaw-portkey unwire --yes
  openclaw-portkey unwire --agent kids

To go back to the bytes from before the last write, use `openclaw-portkey undo`.")]
pub struct UnwireArgs {
    /// Take Portkey out of this agent's own model and lists only
    #[arg(long, value_name = "ID", help_heading = "Config")]
    agent: Option<String>,
    #[command(flatten)]
    check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `unwire`.
///
/// # Errors
/// When the config cannot be edited, or the user says no.
pub fn run(args: &UnwireArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let intent = Intent {
        unwire: true,
        ..Intent::default()
    };
    change(
        "unwire",
        &intent,
        args.agent.as_deref(),
        &args.check.into(),
        None,
        &args.write,
        ui,
        env,
    )
}
