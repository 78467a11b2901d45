//! `key`: API keys at Portkey, with their budgets and rate limits.

mod create;
mod list;
mod revoke;
mod rotate;
mod settings;
mod show;
mod update;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::app::keys::place::{Place, Wiring};
use crate::app::keys::{OPENCLAW, finish};
use crate::app::remote::{Done, Remote};
use crate::app::session::Session;
use crate::app::{Env, usage};
use crate::args::{Format, WriteArgs};
use crate::error::{Exit, Failure};
use crate::openclaw::find_agent;
use crate::ui::Ui;

use super::remote::ChangeArgs;

/// Arguments of `key`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key list
  openclaw-portkey key create --agent ops --budget '20 usd/month' --rate 60/min
  openclaw-portkey key create --user alice@example.com --expires 90d
  openclaw-portkey key update openclaw-ops --budget '50 usd/month'
  openclaw-portkey key rotate

All commands need an admin key in PORTKEY_ADMIN_API_KEY; see docs/costs.md.")]
pub struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// List your API keys
    List(list::ListArgs),
    /// Show a key's limits, config, metadata and expiry
    Show(show::ShowArgs),
    /// Create a key for OpenClaw, an agent, a person or a program
    Create(Box<create::CreateArgs>),
    /// Change a key's limits, config, metadata or expiry
    Update(Box<update::UpdateArgs>),
    /// Revoke a key
    Revoke(revoke::RevokeArgs),
    /// Replace a key; the old one stays valid for a while
    Rotate(rotate::RotateArgs),
}

impl KeyArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> Format {
        match (&self.command, self.write()) {
            (_, Some(write)) => write.config.format,
            (Command::List(args), _) => args.remote.format(),
            (Command::Show(args), _) => args.remote.format(),
            _ => Format::Text,
        }
    }

    /// The arguments of a command that writes.
    #[must_use]
    pub fn write(&self) -> Option<&WriteArgs> {
        Some(match &self.command {
            Command::List(_) | Command::Show(_) => return None,
            Command::Create(args) => &args.change.write,
            Command::Update(args) => &args.change.write,
            Command::Revoke(args) => &args.change.write,
            Command::Rotate(args) => &args.change.write,
        })
    }
}

/// Runs the command.
///
/// # Errors
/// The arguments are invalid, a file can't be written, or Portkey refuses.
pub fn run(args: &KeyArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    Ok(match &args.command {
        Command::List(args) => list::run(args, ui, env),
        Command::Show(args) => show::run(args, ui, env),
        Command::Create(args) => create::run(args, ui, env),
        Command::Update(args) => update::run(args, ui, env),
        Command::Revoke(args) => revoke::run(args, ui, env),
        Command::Rotate(args) => rotate::run(args, ui, env),
    }?)
}

/// Where a new key is stored.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Key")]
struct PlaceArgs {
    /// Store the new key in this file, readable only by you
    #[arg(
        short,
        long,
        value_name = "FILE",
        conflicts_with = "print",
        hide_short_help = true
    )]
    out: Option<PathBuf>,
    /// Print the new key instead of storing it
    #[arg(long, hide_short_help = true)]
    print: bool,
}

impl PlaceArgs {
    /// The file or standard output, if given.
    fn chosen(&self, change: &ChangeArgs) -> Result<Option<Place<'static>>, Failure> {
        if self.print && change.write.config.format == Format::Json {
            return Err(usage(
                "--print can't be used with JSON output, which never contains a key",
            )
            .hint("use -o FILE to store the key in a file"));
        }
        if self.out.as_deref().is_some_and(|out| out == Path::new("-")) {
            return Err(usage("-o needs a file, not `-`").hint("use --print to print the key"));
        }
        let screen = self.print.then_some(Place::Screen);
        Ok(screen.or_else(|| self.out.clone().map(Place::File)))
    }
}

/// OpenClaw's provider, or an agent's.
fn openclaw<'e>(
    session: &Session<'e>,
    change: &ChangeArgs,
    agent: Option<&str>,
    pins: bool,
) -> Result<Place<'e>, Failure> {
    let wiring = Wiring::new(session, &change.write, change.check, agent, pins)?;
    Ok(Place::Openclaw(Box::new(wiring)))
}

/// An agent as spelled in the config: ids ignore case, metadata and names don't.
fn agent_id(session: &Session<'_>, agent: Option<&str>) -> Option<String> {
    let as_written = |id: &str| find_agent(session.config(), id).map(|found| found.id);
    agent.map(|id| as_written(id).unwrap_or_else(|| id.to_owned()))
}

fn changed(
    change: &ChangeArgs,
    action: &'static str,
    (ui, env): (&Ui, &Env),
    writes: bool,
    run: impl FnOnce(&Remote<'_>) -> Result<Done, Failure>,
) -> Result<Exit, Failure> {
    let done = change.run((ui, env), writes, run)?;
    finish(ui, change.write.config.format, action, || done.fields);
    Ok(done.exit)
}

/// The default name of a key: `openclaw`, or `openclaw-ops` for the agent `ops`.
fn default_name(agent: Option<&str>) -> String {
    agent.map_or_else(
        || OPENCLAW.to_owned(),
        |agent| format!("{OPENCLAW}-{agent}"),
    )
}
