//! `team apply`: Portkey becomes what a team file says.

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

New keys go to files, never to the screen. What the file doesn't name stays as
it is, unless --prune asks and the answer is yes. A run that ends early is
finished by the next.")]
pub(super) struct ApplyArgs {
    /// The team file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder for new keys [default: team-keys, next to the file]
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// Ask for each key and config that the file doesn't name whether to remove it
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
