//! `team plan`: what `team apply` would do.

use std::path::PathBuf;

use clap::Args;

use crate::app::Env;
use crate::app::team::key_files::KeyFiles;
use crate::app::team::{finish, load, show, survey, warn_of_prices};
use crate::args::Format;
use crate::commands::remote::ReadArgs;
use crate::error::Exit;
use crate::mask::printable;
use crate::team::plan::Status;
use crate::ui::Ui;

/// Arguments of `team plan`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team plan team.json5
  openclaw-portkey team plan team.json5 --format json
  openclaw-portkey team plan team.json5 --offline

With --offline, only the file is checked. Exits with 1 if a row is unknown.")]
pub(super) struct PlanArgs {
    /// The team file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder for new keys [default: team-keys, next to the file]
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
}

pub(super) fn run(args: &PlanArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let team = load(&args.file, ui)?;
    let (session, mut admin) = args.read.open_if_online(env)?;
    if let Some(admin) = &mut admin {
        super::in_workspace(admin, &team);
    }
    let files = survey::files(&team, &args.file, session.version.version(), ui)?;
    let lost = KeyFiles::new(&team, &args.file, args.keys.as_deref())?.lost();
    let observed = survey::observe(&team, admin.as_ref(), lost, ui)?;
    if admin.as_ref().is_some_and(|admin| admin.shows_calls(ui)) {
        return Ok(Exit::Done);
    }
    let rows = team.plan(&files, &observed);
    finish(ui, args.read.format(), "plan", || {
        let mut fields = show::json(&rows);
        fields["file"] = printable(team.name()).into();
        fields
    });
    if args.read.format() == Format::Text {
        show::text(&rows, ui);
    }
    if let Some(admin) = &admin {
        warn_of_prices(admin, &team, &rows, &session, ui);
    }
    let unknown = rows.iter().any(|row| row.status() == Status::Unknown);
    Ok(if unknown { Exit::Problems } else { Exit::Done })
}
