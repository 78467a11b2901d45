//! `gateway-config`: checks, simulates and writes gateway configs offline, and saves them at
//! Portkey.

mod check;
mod diff;
mod history;
mod list;
mod new;
mod pull;
mod push;
mod remote;
mod rollback;
mod show;
mod simulate;
mod use_it;

use clap::{Args, Subcommand, ValueEnum};

use crate::app::Env;
use crate::args::{Format, WriteArgs};
use crate::error::Exit;
use crate::gateway_config::{Gateway, client};
use crate::openclaw::Version;
use crate::ui::Ui;

/// Arguments of `gateway-config`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config check gateway.json
  openclaw-portkey gateway-config simulate gateway.json
  openclaw-portkey gateway-config simulate gateway.json \\
    --when @openai/gpt-5=429*3
  openclaw-portkey gateway-config new -o gateway.json --fallback @a/m,@b/n
  openclaw-portkey gateway-config push gateway.json --use")]
pub struct GatewayConfigArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Check a gateway config for problems
    Check(check::CheckArgs),
    /// Show the calls a gateway config makes, and how OpenClaw reacts
    Simulate(simulate::SimulateArgs),
    /// Write a gateway config whose targets work
    New(new::NewArgs),
    /// List the saved gateway configs
    List(list::ListArgs),
    /// Show a saved gateway config
    Show(show::ShowArgs),
    /// Compare a file with a saved gateway config
    Diff(diff::DiffArgs),
    /// Write a saved gateway config to a file
    Pull(pull::PullArgs),
    /// Save a gateway config at Portkey
    Push(push::PushArgs),
    /// List the versions of a saved gateway config
    History(history::HistoryArgs),
    /// Go back to an earlier version of a saved gateway config
    Rollback(rollback::RollbackArgs),
    /// Make OpenClaw use a saved gateway config
    Use(use_it::UseArgs),
}

impl GatewayConfigArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::Check(args) => args.config.format,
            Command::Simulate(args) => args.format(),
            Command::New(args) => args.format,
            Command::List(args) => args.remote.format(),
            Command::Show(args) => args.remote.format(),
            Command::Diff(args) => args.remote.format(),
            Command::Pull(args) => args.remote.format(),
            Command::History(args) => args.remote.format(),
            Command::Push(args) => args.save.write.config.format,
            Command::Rollback(args) => args.save.write.config.format,
            Command::Use(args) => args.write.config.format,
        }
    }

    /// The arguments of a command that writes OpenClaw's config.
    #[must_use]
    pub fn write(&self) -> Option<&WriteArgs> {
        match &self.command {
            Command::Push(args) => Some(&args.save.write),
            Command::Rollback(args) => Some(&args.save.write),
            Command::Use(args) => Some(&args.write),
            _ => None,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A file can't be read or written, the arguments are invalid, or Portkey refuses.
pub fn run(args: &GatewayConfigArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Check(args) => check::run(args, ui, env),
        Command::Simulate(args) => simulate::run(args, ui),
        Command::New(args) => new::run(args, ui),
        Command::List(args) => list::run(args, ui, env),
        Command::Show(args) => show::run(args, ui, env),
        Command::Diff(args) => diff::run(args, ui, env),
        Command::Pull(args) => pull::run(args, ui, env),
        Command::Push(args) => push::run(args, ui, env),
        Command::History(args) => history::run(args, ui, env),
        Command::Rollback(args) => rollback::run(args, ui, env),
        Command::Use(args) => use_it::run(args, ui, env),
    }
}

/// The gateway that runs a config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum GatewayArg {
    /// Portkey's own
    #[default]
    Hosted,
    /// The open-source gateway
    OpenSource,
}

impl From<GatewayArg> for Gateway {
    fn from(arg: GatewayArg) -> Self {
        match arg {
            GatewayArg::Hosted => Self::Hosted,
            GatewayArg::OpenSource => Self::OpenSource,
        }
    }
}

/// How requests reach OpenClaw's model client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum WayArg {
    /// Through a running OpenClaw gateway
    #[default]
    Gateway,
    /// With `openclaw agent --local`
    Local,
}

impl From<WayArg> for client::Way {
    fn from(arg: WayArg) -> Self {
        match arg {
            WayArg::Gateway => Self::Gateway,
            WayArg::Local => Self::Local,
        }
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "expected a version such as 2026.9.6".to_owned())
}
