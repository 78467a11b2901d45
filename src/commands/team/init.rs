//! `team init`: writes a commented example of a team file.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::app::gateway_config::write::create;
use crate::app::team::finish;
use crate::args::Format;
use crate::error::Exit;
use crate::help::{Run, RunContext};
use crate::mask::printable;
use crate::team::EXAMPLE;
use crate::ui::Ui;

/// Arguments of `team init`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey team init
  openclaw-portkey team init config/team.json5

An existing file is never overwritten.")]
pub(super) struct InitArgs {
    /// The file to write; `-` is standard output
    #[arg(value_name = "FILE", default_value = "team.json5")]
    file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: Format,
}

pub(super) fn run(args: &InitArgs, ui: &Ui) -> anyhow::Result<Exit> {
    if args.file == Path::new("-") {
        finish(
            ui,
            args.format,
            "init",
            || json!({ "file": null, "text": EXAMPLE }),
        );
        if args.format == Format::Text {
            ui.result_part(EXAMPLE);
        }
        return Ok(Exit::Done);
    }
    create(&args.file, EXAMPLE.as_bytes())?;
    let file = args.file.display().to_string();
    let shown = printable(&file);
    finish(
        ui,
        args.format,
        "init",
        || json!({ "file": shown, "text": EXAMPLE }),
    );
    if args.format == Format::Text {
        ui.result(&format!("Wrote {shown}"));
    }
    let steps = [
        ("on a developer's machine", Run::new("init").flag("--from")),
        ("check a config", Run::new("lint").flag("--policy")),
    ];
    for (what, run) in steps {
        let run = run.value(file.as_str()).render(&RunContext::default());
        ui.note(&format!("  {what}: {run}"));
    }
    Ok(Exit::Done)
}
