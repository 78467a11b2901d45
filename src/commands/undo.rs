//! `undo`: the bytes from before the last write.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{ConfigArgs, Format, IgnoredOfflineArg, NoAgentArgs, WriteArgs};
use crate::diff::{self, Line, Side};
use crate::document::Document;
use crate::error::{Exit, Failure};
use crate::mask::{mask_lines, mask_strings};
use crate::openclaw::{Config, CredentialSource, find_provider};
use crate::secret::Secret;
use crate::store::{self, Deadline, Restore};
use crate::ui::{Tone, Ui};

use super::output::{self, Stream};
use super::road::{self, LOCK_WAIT, mask_assignments};
use super::workspace::{Workspace, locate, store_failure};
use super::{Env, confirm, key};

/// Arguments of `undo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey undo --dry-run
  openclaw-portkey undo --yes

Each undo goes one write further back; the last five writes are kept.")]
pub struct UndoArgs {
    /// Undo even where a file was changed since; what it holds now is kept aside
    #[arg(long, help_heading = "Writing")]
    force: bool,
    #[command(flatten)]
    agent: NoAgentArgs,
    #[command(flatten)]
    _check: IgnoredOfflineArg,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `undo`.
///
/// # Errors
/// When there is nothing to undo, a file was changed since, or the user says no.
pub fn run(args: &UndoArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    args.agent
        .check("undo puts whole files back, whichever agent they are about")?;
    let config = &args.write.config;
    let location = locate(config, env)?;
    if let Some(variable) = location.read_only.filter(|_| !args.write.dry_run) {
        return Err(road::declared_read_only(variable));
    }
    let undo = store::undo_preview(&location).map_err(|error| store_failure(&error))?;
    let home = env.home();
    let short = |path: &std::path::Path| output::short(path, home.as_deref());
    let json = config.format == Format::Json;
    let stream = if args.write.dry_run && !json {
        Stream::Result
    } else {
        Stream::Note
    };
    ui.note(&format!("Undoing `{}` of {}", undo.what, undo.at));
    let known = known_keys(&undo, config, env);
    let mut diffs = Vec::new();
    for file in &undo.files {
        let lines = restoration_diff(file, &short(&file.now.path), &known);
        output::diff(ui, &lines, stream);
        if file.changed_since {
            ui.alert(&format!(
                "{} {} was changed since",
                ui.err(Tone::Warn, "warning:"),
                short(&file.now.path)
            ));
        }
        diffs.push(json!({
            "path": file.now.path.display().to_string(),
            "changedSince": file.changed_since,
            "diff": diff::to_text(&lines),
        }));
    }
    if !args.write.dry_run {
        confirm(ui, &args.write, "Put the old bytes back?")?;
        let mut paths = vec![location.config.as_path()];
        paths.extend(undo.files.iter().map(|file| file.now.path.as_path()));
        let _locks = store::lock_all(&paths, Deadline::after(LOCK_WAIT))
            .map_err(|error| store_failure(&error))?;
        let written = store::undo(&undo, args.force).map_err(|error| store_failure(&error))?;
        output::write_notes(ui, &written, short);
    }
    if json {
        ui.result(&output::document(&json!({
            "command": "undo",
            "config": location.config.display().to_string(),
            "written": !args.write.dry_run,
            "undone": { "command": undo.what, "at": undo.at },
            "files": diffs,
        })));
    } else if args.write.dry_run {
        ui.note("Nothing was written: --dry-run.");
    } else {
        for file in &undo.files {
            let what = if file.then.is_some() {
                "Put back"
            } else {
                "Removed"
            };
            ui.result(&ui.out(Tone::Good, &format!("{what} {}", short(&file.now.path))));
        }
    }
    Ok(Exit::Done)
}

/// The keys that the config, before or after, or OpenClaw's surroundings hold. An undo has to
/// work on a config that cannot be read, too; its strings are hidden all the same.
fn known_keys(undo: &store::Undo, config: &ConfigArgs, env: &Env) -> Vec<Secret> {
    let found = Workspace::open(config, env)
        .ok()
        .and_then(|workspace| key::existing(&workspace, &config.provider_id, env));
    let texts = undo
        .files
        .iter()
        .flat_map(|file| [file.now.bytes.as_deref(), file.then.as_deref()]);
    let written = texts.flatten().filter_map(|bytes| {
        let document = Document::read(bytes.to_vec()).ok()?;
        let view = Config::new(PathBuf::new(), document);
        let key = find_provider(&view, &config.provider_id)?
            .text("apiKey")?
            .into_owned();
        (CredentialSource::of_text(&key) == CredentialSource::Literal)
            .then(|| Secret::new(key.trim()))
    });
    found
        .into_iter()
        .map(|key| key.secret)
        .chain(written)
        .collect()
}

/// What an undo changes in a file, secrets masked; of a file that is no config, such as `.env`,
/// only the changed lines.
fn restoration_diff(file: &Restore, name: &str, known: &[Secret]) -> Vec<Line> {
    let text =
        |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (now, then) = (text(file.now.bytes.as_deref()), text(file.then.as_deref()));
    let is_dotenv = file.now.path.file_name().is_some_and(|name| name == ".env");
    let document = |text: &str| Document::parse(text).ok();
    let (document_now, document_then) = (document(&now), document(&then));
    let masked = |text: &str, document: Option<&Document>, lines: Range<usize>| match document {
        _ if is_dotenv => mask_assignments(&text[lines]),
        Some(document) => mask_lines(document, lines, known),
        None => mask_strings(text)[lines].to_owned(),
    };
    diff::unified(
        name,
        Side {
            text: &now,
            masked: &|lines| masked(&now, document_now.as_ref(), lines),
        },
        Side {
            text: &then,
            masked: &|lines| masked(&then, document_then.as_ref(), lines),
        },
        &[diff::between(&now, &then)],
        !is_dotenv,
    )
}
