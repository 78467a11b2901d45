//! `set-key`: replaces the Portkey API key.

use std::path::PathBuf;

use clap::Args;

use crate::app::credential::{self, FoundKey};
use crate::app::init::{self, Request};
use crate::app::session::Session;
use crate::app::{Env, usage, wizard};
use crate::args::{CheckArgs, KeyArgs, NoAgentArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::plan::PlanError;
use crate::prompt::Terminal;
use crate::ui::Ui;

/// Arguments of `set-key`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-key
  openclaw-portkey set-key --yes --file new-key.txt
  openclaw-portkey set-key --provider-id portkey-work --env NEW_KEY

The key is stored in OpenClaw's .env; an existing reference in the config stays.
Prompts for the key if no flag provides it.")]
pub struct SetKeyArgs {
    // The aliases are the flags of `init` and `models`.
    /// Read the key from an environment variable
    #[arg(long, alias = "api-key-env", value_name = "NAME", group = "source")]
    env: Option<String>,
    /// Read the key from standard input
    #[arg(long, alias = "api-key-stdin", group = "source")]
    stdin: bool,
    /// Read the key from a file
    #[arg(long, alias = "api-key-file", value_name = "FILE", group = "source")]
    file: Option<PathBuf>,
    #[command(flatten)]
    agent: NoAgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `set-key`.
///
/// # Errors
/// The config has no Portkey provider, there is no key, Portkey refuses it, or the user declines.
pub fn run(args: &SetKeyArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    args.agent
        .check("a key belongs to a provider, whichever agent uses it")?;
    let session = Session::open_to_change(&args.write.config, env)?;
    let provider_id = session.provider_id()?;
    if session.provider(&provider_id).is_none() {
        return Err(PlanError::NotWired(provider_id).into());
    }
    let key = key(args, &session, ui)?;
    let mut request = Request::of_key("set-key", key, args.check);
    init::run(&mut request, &session, &args.write, false, ui)
}

fn key(args: &SetKeyArgs, session: &Session<'_>, ui: &Ui) -> Result<FoundKey, Failure> {
    let flags = KeyArgs {
        api_key_env: args.env.clone(),
        api_key_stdin: args.stdin,
        api_key_file: args.file.clone(),
    };
    if let Some(key) = credential::from_flags(&flags, session.env)? {
        return Ok(key);
    }
    let missing = || usage("no key given").hint("pass one with --stdin, --env NAME or --file FILE");
    if args.write.yes || !ui.can_ask() {
        return Err(missing());
    }
    let url = session.base_url(None)?;
    let is_portkey = url.is_known_portkey_host();
    wizard::ask_key(
        "New Portkey API key",
        is_portkey,
        &mut Terminal,
        ui.secrets(),
    )?
    .ok_or_else(missing)
}
