//! Arguments that several commands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::diagnostic::Level;
use crate::error::{Failure, FailureKind};
use crate::help::RunContext;
use crate::http::Options;

/// The config to use.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Config")]
pub struct ConfigArgs {
    /// Use this config file instead of the one OpenClaw reads
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// OpenClaw's profile, as in `openclaw --profile NAME`
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub profile: Option<String>,
    /// Id of the Portkey provider in the config; needed only if there are several
    #[arg(long, value_name = "ID", value_parser = provider_id, hide_short_help = true)]
    pub provider_id: Option<String>,
    /// Output format
    #[arg(
        long,
        value_enum,
        default_value_t,
        help_heading = "Output",
        hide_short_help = true
    )]
    pub format: Format,
}

impl ConfigArgs {
    /// The flags to repeat in suggested commands.
    pub(crate) fn run_context(&self) -> RunContext {
        RunContext {
            profile: self.profile.clone(),
            config: self.config.clone(),
            provider_id: self.provider_id.clone(),
            ..RunContext::default()
        }
    }
}

/// Arguments of every command that writes.
#[derive(Clone, Debug, Default, Args)]
pub struct WriteArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub config: ConfigArgs,
    /// Show the change without writing it
    #[arg(long, help_heading = "Writing")]
    pub dry_run: bool,
    /// Write without asking for confirmation
    #[arg(long, short, help_heading = "Writing")]
    pub yes: bool,
}

/// Arguments of every command that contacts Portkey.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Portkey")]
pub struct PortkeyArgs {
    /// Don't contact Portkey
    #[arg(long, hide_short_help = true)]
    pub offline: bool,
    /// Send the key over plain http to a host other than this machine
    #[arg(long, hide_short_help = true)]
    pub insecure_http: bool,
    /// Seconds to wait for each answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600), hide_short_help = true)]
    pub timeout: u64,
}

impl Default for PortkeyArgs {
    fn default() -> Self {
        Self {
            offline: false,
            insecure_http: false,
            timeout: 10,
        }
    }
}

impl PortkeyArgs {
    /// The HTTP client's options.
    #[must_use]
    pub fn options(self) -> Options {
        Options {
            timeout: Duration::from_secs(self.timeout),
            insecure_http: self.insecure_http,
        }
    }
}

/// Arguments of commands that check with Portkey before they write.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub portkey: PortkeyArgs,
    /// Write even if Portkey reports a problem
    #[arg(long, help_heading = "Portkey", hide_short_help = true)]
    pub force: bool,
}

/// For commands that write but never contact Portkey.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct IgnoredOfflineArg {
    /// Accepted for consistency: this command never contacts Portkey
    #[arg(long, help_heading = "Portkey", hide_short_help = true)]
    pub offline: bool,
}

impl From<IgnoredOfflineArg> for CheckArgs {
    fn from(args: IgnoredOfflineArg) -> Self {
        Self {
            portkey: PortkeyArgs {
                offline: args.offline,
                ..PortkeyArgs::default()
            },
            force: false,
        }
    }
}

/// `--agent`, for commands that write but always apply to all agents.
#[derive(Clone, Debug, Default, Args)]
pub struct NoAgentArgs {
    #[arg(long, value_name = "ID", hide = true)]
    agent: Option<String>,
}

impl NoAgentArgs {
    /// # Errors
    /// If an agent is named; `why` is the message.
    pub fn check(&self, why: &str) -> Result<(), Failure> {
        match &self.agent {
            Some(_) => Err(Failure::new(FailureKind::Usage, why).hint("leave out --agent")),
            None => Ok(()),
        }
    }
}

/// The agent whose model to change.
#[derive(Clone, Debug, Default, Args)]
pub struct AgentArgs {
    /// Change this agent's own model instead of the defaults
    #[arg(long, value_name = "ID", help_heading = "Config")]
    pub agent: Option<String>,
}

/// Where the key comes from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "API key")]
#[group(multiple = false)]
pub struct KeyArgs {
    /// Read the key from an environment variable
    #[arg(long, value_name = "NAME")]
    pub api_key_env: Option<String>,
    /// Read the key from standard input
    #[arg(long, hide_short_help = true)]
    pub api_key_stdin: bool,
    /// Read the key from a file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub api_key_file: Option<PathBuf>,
}

/// The admin API of Portkey and its key.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Admin API")]
pub struct AdminArgs {
    /// Read the admin key from standard input instead of `PORTKEY_ADMIN_API_KEY`
    #[arg(long, conflicts_with = "admin_key_file", hide_short_help = true)]
    pub admin_key_stdin: bool,
    /// Read the admin key from a file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub admin_key_file: Option<PathBuf>,
    /// Base URL of Portkey's control plane, if it isn't api.portkey.ai
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub admin_url: Option<String>,
    /// The workspace, if the admin key is an organisation's
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub workspace: Option<String>,
}

/// For commands that may replace a key.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct ReplaceKeyArg {
    /// Let --yes replace an existing key
    #[arg(long, help_heading = "Writing", hide_short_help = true)]
    pub replace_key: bool,
}

/// Output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document on standard output.
    Json,
}

fn provider_id(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || !text.chars().all(fits) {
        return Err("a provider id can contain only letters, digits, `-`, `_` and `.`".to_owned());
    }
    Ok(text.to_owned())
}

/// The lowest level at which the command fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only.
    #[default]
    Error,
    /// Errors and warnings.
    Warning,
    /// Anything.
    Note,
}

impl FailOn {
    /// The level as used in reports.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

/// Arguments of commands that add models.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct MetadataArgs {
    /// Add models with id and name only, without limits, input types, reasoning or prices
    #[arg(long, help_heading = "Models", hide_short_help = true)]
    pub no_metadata: bool,
}

/// Where to store the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyIn {
    /// A line in OpenClaw's `.env`, which the gateway service reads
    Dotenv,
    /// Not stored; you set the variable yourself
    Env,
    /// In openclaw.json, in plain text
    Config,
}

/// The headers that `init` and `set-header` share.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Headers")]
pub struct HeaderArgs {
    /// Tag every request; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<String>,
    /// Send this gateway config with every request
    #[arg(long, value_name = "pc-…")]
    pub gateway_config: Option<String>,
    /// Set any other header; can be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub header: Vec<String>,
}

/// Output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow annotations.
    Github,
}

impl LintFormat {
    /// The format for failures of the command itself.
    #[must_use]
    pub fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Sarif | Self::Github => Format::Text,
        }
    }
}
