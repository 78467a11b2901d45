//! `key list`: your API keys.

use clap::Args;

use crate::app::Env;
use crate::app::keys::listing;
use crate::commands::remote::ReadArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::keys;
use crate::ui::Ui;

/// Arguments of `key list`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key list
  openclaw-portkey key list --format json | jq '.keys[].name'")]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ListArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(pages) = admin.read(ui, || admin.list(&keys::list(admin.workspace())))? else {
        return Ok(Exit::Done);
    };
    listing::list(&pages, args.remote.format(), ui);
    Ok(Exit::Done)
}
