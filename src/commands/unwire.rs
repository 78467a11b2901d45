//! `unwire`: removes Portkey from the config.

use clap::Args;

use crate::app::Env;
use crate::app::session::Session;
use crate::app::unwire::{self, KeyFate, Request};
use crate::args::{IgnoredOfflineArg, WriteArgs};
use crate::error::Exit;
use crate::prompt::{Ask, Terminal};
use crate::ui::Ui;

/// Arguments of `unwire`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey unwire --dry-run
  openclaw-portkey unwire --yes
  openclaw-portkey unwire --yes --remove-key --primary ollama/llama3
  openclaw-portkey unwire --agent kids

To go back to the previous version of the files, use `openclaw-portkey undo`.")]
pub struct UnwireArgs {
    /// Change only this agent's own model and lists
    #[arg(long, value_name = "ID", help_heading = "Config")]
    agent: Option<String>,
    /// The primary model from now on, as `provider/model`
    #[arg(long, value_name = "MODEL", help_heading = "Models")]
    primary: Option<String>,
    /// Also remove the key from OpenClaw's .env; NAME if the config no longer names the variable
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with = "keep_key",
        help_heading = "API key"
    )]
    remove_key: Option<String>,
    /// Keep the key without asking
    #[arg(long, help_heading = "API key", hide_short_help = true)]
    keep_key: bool,
    #[command(flatten)]
    _check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `unwire`.
///
/// # Errors
/// When the config cannot be edited, or the user declines.
pub fn run(args: &UnwireArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open(&args.write.config, env)?;
    let key = match &args.remove_key {
        Some(name) => KeyFate::Remove(Some(name.clone()).filter(|name| !name.is_empty())),
        None if args.keep_key => KeyFate::Keep,
        None => KeyFate::Open,
    };
    let request = Request {
        agent: args.agent.as_deref(),
        key,
        primary: args.primary.as_deref(),
        write: &args.write,
    };
    let asks = ui.can_ask() && !args.write.yes && !args.write.dry_run;
    let mut terminal = Terminal;
    let ask = asks.then_some(&mut terminal as &mut dyn Ask);
    unwire::run(&request, &session, ui, ask)
}
