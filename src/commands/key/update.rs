//! `key update`: changes a key's limits, config, metadata or expiry.

use clap::Args;

use crate::app::{Env, usage};
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::ui::Ui;

use super::changed;
use super::settings::SettingArgs;

/// Arguments of `key update`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key update openclaw-ops --rate none --expires never
  openclaw-portkey key update openclaw-ops --reset-usage
  openclaw-portkey key update openclaw-ops --budget '50 usd/month' \\
    --alert-at 80%

Other settings stay as they are. `none` removes a limit.")]
pub(super) struct UpdateArgs {
    /// The key's name or id
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    settings: SettingArgs,
    /// Let requests name another gateway config again
    #[arg(
        long,
        conflicts_with = "pin",
        help_heading = "Key",
        hide_short_help = true
    )]
    unpin: bool,
    /// Reset the counted usage to 0
    #[arg(long, help_heading = "Limits", hide_short_help = true)]
    reset_usage: bool,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

pub(super) fn run(args: &UpdateArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    if args.settings.is_empty() && !args.unpin && !args.reset_usage {
        return Err(usage("nothing to change")
            .hint("pass --budget, --rate, --expires, --gateway-config, --metadata or --alert"));
    }
    changed(&args.change, "update", (ui, env), false, |ring| {
        ring.update(&args.key, args.reset_usage, |before| {
            let mut wanted = args.settings.apply(before)?;
            if args.unpin {
                wanted.can_override = Some(true);
            }
            Ok(wanted)
        })
    })
}
