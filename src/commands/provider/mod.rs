//! `provider`: the providers of Portkey's Model Catalog, with their budgets and rate limits.

mod add;
mod limits;
mod list;

use clap::{Args, Subcommand};

use crate::app::Env;
use crate::args::{Format, WriteArgs};
use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `provider`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey provider list
  openclaw-portkey provider add gemini --vendor google --key-env GEMINI_KEY
  openclaw-portkey provider limits gemini --budget '500 usd/month'

All commands need an admin key in PORTKEY_ADMIN_API_KEY; see docs/costs.md.")]
pub struct ProviderArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// List your providers, with their limits
    List(list::ListArgs),
    /// Add a provider with its vendor's key
    Add(Box<add::AddArgs>),
    /// Show or set a provider's budget and rate limits
    Limits(Box<limits::LimitsArgs>),
}

impl ProviderArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::List(args) => args.remote.format(),
            Command::Add(args) => args.change.write.config.format,
            Command::Limits(args) => args.change.write.config.format,
        }
    }

    /// The arguments of a command that writes.
    #[must_use]
    pub fn write(&self) -> Option<&WriteArgs> {
        match &self.command {
            Command::List(_) => None,
            Command::Add(args) => Some(&args.change.write),
            Command::Limits(args) => Some(&args.change.write),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// The arguments are invalid, or Portkey refuses.
pub fn run(args: &ProviderArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    Ok(match &args.command {
        Command::List(args) => list::run(args, ui, env),
        Command::Add(args) => add::run(args, ui, env),
        Command::Limits(args) => limits::run(args, ui, env),
    }?)
}

/// A provider's slug, with or without the `@`.
fn slug(text: &str) -> Result<String, String> {
    let slug = text.trim().trim_start_matches('@');
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if slug.is_empty() || slug.len() > 255 || !slug.chars().all(fits) {
        return Err("a provider slug can contain only letters, digits, `-` and `_`".to_owned());
    }
    Ok(slug.to_owned())
}
