//! `gateway-config push`: saves a gateway config at Portkey.

use std::path::PathBuf;

use clap::Args;

use crate::app::Env;
use crate::app::gateway_config::push::push;
use crate::error::Exit;
use crate::ui::Ui;

use super::remote::SaveArgs;

/// Arguments of `gateway-config push`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config push gateway.json
  openclaw-portkey gateway-config push gateway.json --name main --use
  openclaw-portkey gateway-config push gateway.json --name pc-abc-123456 \\
    --dry-run

The file may be JSON5 with comments; it is saved as strict JSON. An existing
config with this name is updated; otherwise a new one is created.")]
pub(super) struct PushArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The config's name or id at Portkey [default: the file's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Make OpenClaw use it
    #[arg(long = "use")]
    uses: bool,
    #[command(flatten)]
    pub(super) save: SaveArgs,
}

pub(super) fn run(args: &PushArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    args.save.run("push", args.uses, ui, env, |publisher| {
        push(publisher, &args.file, args.name.as_deref())
    })
}
