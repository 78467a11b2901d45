//! `provider list`: your providers.

use clap::Args;

use crate::app::{Env, providers};
use crate::commands::remote::ReadArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::providers as requests;
use crate::ui::Ui;

/// Arguments of `provider list`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey provider list
  openclaw-portkey provider list --workspace ws-abc-123456 --format json")]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ListArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(pages) = admin.read(ui, || admin.list(&requests::list(admin.workspace())))? else {
        return Ok(Exit::Done);
    };
    providers::list(&pages, args.remote.format(), ui);
    Ok(Exit::Done)
}
