//! `team`: a team's setup at Portkey, in one file.

mod apply;
mod export;
mod init;
mod plan;

use clap::{Args, Subcommand};

use crate::app::Env;
use crate::app::admin::Admin;
use crate::args::{Format, WriteArgs};
use crate::error::Exit;
use crate::team::Team;
use crate::ui::Ui;

/// Arguments of `team`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team init
  openclaw-portkey team plan team.json5
  openclaw-portkey team apply team.json5
  openclaw-portkey team export team.json5 --format terraform

`init --from FILE` sets up OpenClaw from the file, `lint --policy FILE` checks
its config. All but `team init` need an admin key; see docs/teams.md.")]
pub struct TeamArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Write a commented example
    Init(init::InitArgs),
    /// Compare a team file with Portkey
    Plan(Box<plan::PlanArgs>),
    /// Apply a team file to Portkey
    Apply(Box<apply::ApplyArgs>),
    /// Write a team file as Terraform
    Export(Box<export::ExportArgs>),
}

impl TeamArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::Init(args) => args.format,
            Command::Plan(args) => args.read.format(),
            Command::Apply(args) => args.change.write.config.format,
            Command::Export(args) => args.format(),
        }
    }

    /// The arguments of a command that writes.
    #[must_use]
    pub fn write(&self) -> Option<&WriteArgs> {
        match &self.command {
            Command::Apply(args) => Some(&args.change.write),
            _ => None,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A file can't be read or written, the arguments are invalid, or Portkey refuses.
pub fn run(args: &TeamArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Init(args) => init::run(args, ui),
        Command::Plan(args) => plan::run(args, ui, env),
        Command::Apply(args) => apply::run(args, ui, env),
        Command::Export(args) => export::run(args, ui, env),
    }
}

/// Uses the workspace of the file, unless the command line names one.
fn in_workspace(admin: &mut Admin, team: &Team) {
    let own = team.workspace.as_ref().map(|one| one.value.clone());
    admin.workspace = admin.workspace.take().or(own);
}
