//! `gateway-config`: gateway configs, checked, tried out and made, without asking Portkey.

mod check;
mod new;
mod simulate;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::Format;
use crate::error::Exit;
use crate::gateway_config::{Gateway, client};
use crate::openclaw::Version;
use crate::ui::Ui;

/// The command's name in JSON.
const NAME: &str = "gateway-config";

/// Arguments of `gateway-config`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config check gateway.json
  openclaw-portkey gateway-config simulate gateway.json
  openclaw-portkey gateway-config simulate gateway.json --when @openai/gpt-5=429*3
  openclaw-portkey gateway-config new -o gateway.json --fallback @a/m,@b/n")]
pub struct GatewayConfigArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Find what is wrong with a gateway config
    Check(check::CheckArgs),
    /// Show which calls a gateway config makes, and what OpenClaw then does
    Simulate(simulate::SimulateArgs),
    /// Write a gateway config whose targets work
    New(new::NewArgs),
}

impl GatewayConfigArgs {
    /// How results are printed.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::Check(args) => args.format,
            Command::Simulate(args) => args.format,
            Command::New(args) => args.format,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read or written, or arguments that do not fit.
pub fn run(args: &GatewayConfigArgs, ui: &Ui) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Check(args) => check::run(args, ui),
        Command::Simulate(args) => simulate::run(args, ui),
        Command::New(args) => new::run(args, ui),
    }
}

/// Which gateway runs a config.
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

/// How requests come to OpenClaw's model client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum WayArg {
    /// Through a running OpenClaw gateway
    #[default]
    Gateway,
    /// By `openclaw agent --local`
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
    Version::parse(text).ok_or_else(|| "write a version such as 2026.9.6".to_owned())
}
