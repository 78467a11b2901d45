//! `gateway-config`: gateway configs, checked, tried out and made, without asking Portkey.

mod check;
mod new;
mod simulate;
mod table;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::Format;
use crate::document::Document;
use crate::error::{Exit, Failure, FailureKind};
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::{Gateway, client};
use crate::openclaw::Version;
use crate::store::{self, MAX_BYTES};
use crate::ui::Ui;

use super::workspace::store_failure;

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
pub fn run(args: &GatewayConfigArgs, ui: &Ui) -> Result<Exit, Failure> {
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

/// The text of a file, or of standard input where it is `-`.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(MAX_BYTES).read_to_end(&mut bytes);
        return match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Failure::new(
                FailureKind::File,
                format!("cannot read standard input: {error}"),
            )),
        };
    }
    let snapshot = store::read(path).map_err(|error| store_failure(&error))?;
    snapshot.bytes.ok_or_else(|| {
        Failure::new(
            FailureKind::File,
            format!("{} does not exist", path.display()),
        )
        .hint("`openclaw-portkey gateway-config new -o FILE --fallback @a/m,@b/n` writes a new one")
    })
}

/// What a file is called in output.
fn name(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        PathBuf::from("<stdin>")
    } else {
        path.to_owned()
    }
}

/// Reads a gateway config.
fn read(path: &Path) -> Result<GatewayConfig, Failure> {
    let bytes = read_bytes(path)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match Document::read(bytes) {
        Ok(document) => Ok(GatewayConfig::new(document)),
        Err(error) => {
            let mut failure = Failure::unreadable(&name(path), Some(&text), &error);
            // Nothing was going to be written.
            failure.hints.pop();
            Err(failure.hint("fix the syntax there and run the command again"))
        }
    }
}
