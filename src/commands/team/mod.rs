//! `team`: what a team keeps at Portkey, in one file.

mod init;

use clap::{Args, Subcommand};

use crate::args::Format;
use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `team`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team init
  openclaw-portkey team init config/team.json5

`init --from FILE` sets up an OpenClaw, `lint --policy FILE` checks one.")]
pub struct TeamArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Write a commented example
    Init(init::InitArgs),
}

impl TeamArgs {
    /// How results are printed.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::Init(args) => args.format,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read or written, arguments that do not fit, or Portkey's refusal.
pub fn run(args: &TeamArgs, ui: &Ui) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Init(args) => init::run(args, ui),
    }
}
