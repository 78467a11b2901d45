//! `team export`: converts a team file for another tool.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::app::Env;
use crate::app::admin::Admin;
use crate::app::gateway_config::write::create;
use crate::app::session::Session;
use crate::app::team::{finish, load, survey};
use crate::args::{AdminArgs, ConfigArgs, Format, PortkeyArgs};
use crate::commands::remote::DryRunArg;
use crate::error::Exit;
use crate::mask::printable;
use crate::store;
use crate::team::terraform;
use crate::ui::Ui;

/// Arguments of `team export`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team export team.json5 --format terraform
  openclaw-portkey team export team.json5 --format terraform -o portkey.tf
  openclaw-portkey team export team.json5 --format terraform --offline

Import blocks adopt what already exists at Portkey; with --offline, only
configs with an id in the file are imported.")]
pub(super) struct ExportArgs {
    /// The team file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    portkey: PortkeyArgs,
    /// What to write
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: ExportFormat,
    #[command(flatten)]
    dry_run: DryRunArg,
}

/// The tool to export for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// HCL for Portkey's Terraform provider
    #[default]
    Terraform,
    /// The same in one JSON document
    Json,
}

impl ExportArgs {
    pub(super) fn format(&self) -> Format {
        match self.format {
            ExportFormat::Json => Format::Json,
            ExportFormat::Terraform => Format::Text,
        }
    }
}

pub(super) fn run(args: &ExportArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let team = load(&args.file, ui)?;
    let session = Session::open(&ConfigArgs::default(), env)?;
    let admin = if args.portkey.offline {
        None
    } else {
        let mut admin = Admin::open(&args.admin, args.portkey, &session)?;
        super::in_workspace(&mut admin, &team);
        args.dry_run.apply(&mut admin, args.format())?;
        Some(admin)
    };
    let files = survey::files(&team, &args.file, session.version.version(), ui)?;
    let observed = survey::observe(&team, admin.as_ref(), HashSet::new(), ui)?;
    if admin.as_ref().is_some_and(|admin| admin.shows_calls(ui)) {
        return Ok(Exit::Done);
    }
    let now = crate::timestamp::seconds(store::now());
    let text = terraform::render(&team, &files, &observed, &now);
    let output = args
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    if let Some(path) = output {
        create(path, text.as_bytes())?;
        ui.note(&format!("Wrote {}", printable(&path.display().to_string())));
    }
    finish(ui, args.format(), "export", || {
        let file = output.map(|path| printable(&path.display().to_string()).into_owned());
        json!({ "file": file, "terraform": text })
    });
    if output.is_none() && args.format() == Format::Text {
        ui.result_part(&text);
    }
    if admin.is_none() {
        ui.note(
            "Without Portkey, what already exists there isn't imported; leave out --offline to import it.",
        );
    }
    Ok(Exit::Done)
}
