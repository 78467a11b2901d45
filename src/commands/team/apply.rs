//! `team apply`: applies a team file to Portkey.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::app::Env;
use crate::app::remote::Remote;
use crate::app::team::apply::Apply;
use crate::app::team::key_files::KeyFiles;
use crate::app::team::{finish, load, prune, survey};
use crate::commands::remote::ChangeArgs;
use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `team apply`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team apply team.json5
  openclaw-portkey team apply team.json5 --dry-run
  openclaw-portkey team apply team.json5 --yes --keys ~/new-keys

New keys are written to files, never shown. What the file doesn't name is left
alone, unless you confirm its removal with --prune. If a run ends early, run it
again to continue.")]
pub(super) struct ApplyArgs {
    /// The team file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder for new keys [default: team-keys, next to the file]
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// Offer to remove each key and config that the file doesn't name
    #[arg(long, conflicts_with = "yes")]
    prune: bool,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

pub(super) fn run(args: &ApplyArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let team = load(&args.file, ui)?;
    let (session, mut admin) = args.change.open(env, false)?;
    super::in_workspace(&mut admin, &team);
    let files = survey::files(&team, &args.file, session.version.version(), ui)?;
    let keys = KeyFiles::new(&team, &args.file, args.keys.as_deref())?;
    let remote = Remote {
        session: &session,
        admin: &admin,
        write: &args.change.write,
        ui,
    };
    let apply = Apply {
        remote: &remote,
        team: &team,
        path: &args.file,
        files: &files,
        keys: &keys,
    };
    let (exit, mut fields) = apply.run()?;
    fields["removed"] = if args.prune {
        prune::run(&remote, &team)?
    } else {
        json!([])
    };
    finish(ui, args.change.write.config.format, "apply", || fields);
    Ok(exit)
}
