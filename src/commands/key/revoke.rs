//! `key revoke`: revokes a key.

use clap::Args;

use crate::app::Env;
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::ui::Ui;

use super::changed;

/// Arguments of `key revoke`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key revoke alice@example.com
  openclaw-portkey key revoke openclaw-ops --dry-run

A revoked key can't be restored.")]
pub(super) struct RevokeArgs {
    /// The key's name or id
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

pub(super) fn run(args: &RevokeArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    changed(&args.change, "revoke", (ui, env), false, |ring| {
        ring.revoke(&args.key)
    })
}
