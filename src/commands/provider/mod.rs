//! `provider`: the providers of Portkey's Model Catalog, with their budgets and rates.

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

All of them need an admin key in PORTKEY_ADMIN_API_KEY; see docs/costs.md.")]
pub struct ProviderArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// List the providers that Portkey has, with their limits
    List(list::ListArgs),
    /// Add a provider with the key of its vendor
    Add(Box<add::AddArgs>),
    /// Show or set the budget and the rate of a provider
    Limits(Box<limits::LimitsArgs>),
}

impl ProviderArgs {
    /// How results are printed.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::List(args) => args.remote.format(),
            Command::Add(args) => args.change.write.config.format,
            Command::Limits(args) => args.change.write.config.format,
        }
    }

    /// How a command that changes something was told to.
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
/// Arguments that do not fit, or Portkey's refusal.
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
        return Err("a provider's slug has only letters, digits, `-` and `_`".to_owned());
    }
    Ok(slug.to_owned())
}
