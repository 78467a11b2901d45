//! `report`: a diagnosis to paste into an issue.

use clap::Args;

use crate::app::Env;
use crate::app::report::report;
use crate::args::{ConfigArgs, PortkeyArgs};
use crate::error::{Exit, Failure};
use crate::ui::Ui;

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey report
  openclaw-portkey report --offline > report.md

It contains no keys or names: slugs, agents, hosts and your home folder are
replaced. Still, read it before you post it.")]
pub struct ReportArgs {
    #[command(flatten)]
    config: ReportConfigArgs,
    #[command(flatten)]
    portkey: PortkeyArgs,
}

/// The config to report on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Config")]
struct ReportConfigArgs {
    /// Use this config file instead of the one OpenClaw reads
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// OpenClaw's profile, as in `openclaw --profile NAME`
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Id of the Portkey provider in the config; needed only if there are several
    #[arg(long, value_name = "ID", hide_short_help = true)]
    provider_id: Option<String>,
}

/// Runs `report`.
///
/// # Errors
/// When the config cannot be located or read.
pub fn run(args: &ReportArgs, version: &str, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let flags = ConfigArgs {
        config: args.config.config.clone(),
        profile: args.config.profile.clone(),
        provider_id: args.config.provider_id.clone(),
        ..ConfigArgs::default()
    };
    ui.result_part(&report(&flags, args.portkey, version, (ui, env))?);
    Ok(Exit::Done)
}
