//! `key`: API keys at Portkey, with their budgets and rates.

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

All of them need an admin key in PORTKEY_ADMIN_API_KEY; see docs/costs.md.")]
pub struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// List the API keys that Portkey has
    List(list::ListArgs),
    /// Show a key: its limits, config, metadata and expiry
    Show(show::ShowArgs),
    /// Create a key, for OpenClaw, an agent, a person or a program
    Create(Box<create::CreateArgs>),
    /// Change a key's limits, config, metadata or expiry
    Update(Box<update::UpdateArgs>),
    /// Revoke a key
    Revoke(revoke::RevokeArgs),
    /// Replace a key; the old one stays valid for a while
    Rotate(rotate::RotateArgs),
}

impl KeyArgs {
    /// How results are printed.
    #[must_use]
    pub fn format(&self) -> Format {
        match (&self.command, self.write()) {
            (_, Some(write)) => write.config.format,
            (Command::List(args), _) => args.remote.format(),
            (Command::Show(args), _) => args.remote.format(),
            _ => Format::Text,
        }
    }

    /// How a command that changes something was told to.
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
/// Arguments that do not fit, a file that cannot be written, or Portkey's refusal.
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

/// Where a new key goes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Key")]
struct PlaceArgs {
    /// Keep the new key in this file, for its owner alone
    #[arg(
        short,
        long,
        value_name = "FILE",
        conflicts_with = "print",
        hide_short_help = true
    )]
    out: Option<PathBuf>,
    /// Print the new key on standard output and keep it nowhere
    #[arg(long, hide_short_help = true)]
    print: bool,
}

impl PlaceArgs {
    /// The file or the screen, where one is named.
    fn chosen(&self, change: &ChangeArgs) -> Result<Option<Place<'static>>, Failure> {
        if self.print && change.write.config.format == Format::Json {
            return Err(usage("--print is for text: no JSON document holds a key")
                .hint("-o FILE keeps the key in a file"));
        }
        if self.out.as_deref().is_some_and(|out| out == Path::new("-")) {
            return Err(usage("-o keeps the key in a file, and `-` is none")
                .hint("--print prints it on standard output"));
        }
        let screen = self.print.then_some(Place::Screen);
        Ok(screen.or_else(|| self.out.clone().map(Place::File)))
    }
}

/// OpenClaw's own provider, or that of an agent.
fn openclaw<'e>(
    session: &Session<'e>,
    change: &ChangeArgs,
    agent: Option<&str>,
    pins: bool,
) -> Result<Place<'e>, Failure> {
    let wiring = Wiring::new(session, &change.write, change.check, agent, pins)?;
    Ok(Place::Openclaw(Box::new(wiring)))
}

/// An agent as the config writes it: ids ignore case, metadata and names do not.
fn agent_id(session: &Session<'_>, agent: Option<&str>) -> Option<String> {
    let as_written = |id: &str| find_agent(session.config(), id).map(|known| known.id);
    agent.map(|id| as_written(id).unwrap_or_else(|| id.to_owned()))
}

/// Runs a command that changes something.
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

/// What a key of OpenClaw's is called: `openclaw`, or `openclaw-ops` of the agent `ops`.
fn default_name(agent: Option<&str>) -> String {
    agent.map_or_else(
        || OPENCLAW.to_owned(),
        |agent| format!("{OPENCLAW}-{agent}"),
    )
}
