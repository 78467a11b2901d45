//! `unwire`: removes Portkey from the config again.

use clap::Args;

use crate::app::Env;
use crate::app::change::ConfigChange;
use crate::app::session::Session;
use crate::args::{IgnoredOfflineArg, WriteArgs};
use crate::error::Exit;
use crate::plan::Intent;
use crate::ui::Ui;

/// Arguments of `unwire`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey unwire --dry-run
  openclaw-portkey unwire --yes
  openclaw-portkey unwire --agent kids

To go back to the previous version of the files, use `openclaw-portkey undo`.")]
pub struct UnwireArgs {
    /// Remove Portkey from this agent's own model and lists only
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
pub fn run(args: &UnwireArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open(&args.write.config, env)?;
    let intent = Intent {
        unwire: true,
        ..Intent::default()
    };
    ConfigChange::new("unwire", &session, &args.write, ui)
        .agent(args.agent.as_deref())
        .check(args.check.into())
        .run(intent)
}
