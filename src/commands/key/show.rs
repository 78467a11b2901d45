//! `key show`: one API key.

use clap::Args;

use crate::app::Env;
use crate::app::keys::{OPENCLAW, find, listing};
use crate::commands::remote::ReadArgs;
use crate::error::{Exit, Failure};
use crate::ui::Ui;

/// Arguments of `key show`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key show openclaw
  openclaw-portkey key show openclaw-ops --format json

Portkey doesn't show the key itself again.")]
pub(super) struct ShowArgs {
    /// The key's name or id
    #[arg(value_name = "KEY", default_value = OPENCLAW)]
    key: String,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ShowArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let (_session, admin) = args.remote.open(env)?;
    let busy = ui.busy(&format!("asking {}", admin.host()));
    let key = find(&admin, &args.key);
    busy.done();
    listing::show(&key?, args.remote.format(), ui);
    Ok(Exit::Done)
}
