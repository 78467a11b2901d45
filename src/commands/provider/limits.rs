//! `provider limits`: the budget and rate limits of a provider.

use clap::Args;

use crate::app::Env;
use crate::app::providers::{finish, show};
use crate::commands::limit_args::LimitArgs;
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::limits::Holder;
use crate::ui::Ui;

use super::slug;

/// Arguments of `provider limits`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey provider limits gemini
  openclaw-portkey provider limits gemini --budget '500 usd/month'
  openclaw-portkey provider limits gemini --rate 100/min --rate '1M tokens/day'
  openclaw-portkey provider limits gemini --budget none

Without flags, it shows the current limits. `none` removes a limit.")]
pub(super) struct LimitsArgs {
    /// The provider, as in `@gemini/…`
    #[arg(value_name = "SLUG", value_parser = slug)]
    slug: String,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

pub(super) fn run(args: &LimitsArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let format = args.change.write.config.format;
    if args.limits.is_empty() {
        let (_session, admin) = args.change.open(env, false)?;
        show(&admin, &args.slug, format, ui)?;
        return Ok(Exit::Done);
    }
    let done = args.change.run((ui, env), false, |remote| {
        remote.provider_limits(&args.slug, |before| {
            args.limits.apply(before, Holder::Provider)
        })
    })?;
    finish(ui, format, "limits", || done.fields);
    Ok(done.exit)
}
