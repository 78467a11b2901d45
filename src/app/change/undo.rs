//! `undo` as a change: each file gets its previous version back.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::args::{ConfigArgs, Format, WriteArgs};
use crate::causes::portkey_providers;
use crate::diff::{self, Line, Side};
use crate::document::Document;
use crate::error::{Exit, Failure};
use crate::help::RunContext;
use crate::mask::{mask_lines, mask_strings, secret_values};
use crate::openclaw::{Config, CredentialSource};
use crate::secret::Secret;
use crate::store::{self, Recorded, Restore, Undo};
use crate::ui::{Tone, Ui};

use super::propose::{FileChange, dotenv_diff};
use super::{Change, Confirm, Ending, Proposal, declared_read_only};
use crate::app::Env;
use crate::app::output;
use crate::app::session::{Session, locate};

/// Undoes the last write. A config that can't be read doesn't prevent it.
///
/// # Errors
/// There is nothing to undo, a file has changed since, or the user declines.
pub(crate) fn undo(write: &WriteArgs, force: bool, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let location = locate(&write.config, env)?;
    if let Some(variable) = location.read_only.filter(|_| !write.dry_run) {
        return Err(declared_read_only(variable).into());
    }
    let undo = store::undo_preview(&location)?;
    let change = Change {
        command: "undo",
        verb: "Restored",
        ui,
        env,
        context: RunContext::default(),
        format: write.config.format,
        dry_run: write.dry_run,
        confirm: if write.yes {
            Confirm::Given
        } else {
            Confirm::Ask("Restore the previous version?")
        },
        location: &location,
        replaces_keys: true,
    };
    ui.note(&format!("Undoing `{}` of {}", undo.what, undo.at));
    let known = known_keys(&undo, write, env);
    let name = |path: &Path| output::short(path, env.home().as_deref());
    let files = undo.files.iter().map(|file| FileChange {
        snapshot: file.current.clone(),
        bytes: file.before.clone().unwrap_or_default(),
        removes: file.before.is_none(),
        diff: restore_diff(file, &name(&file.current.path), &known),
    });
    let proposal = Proposal::new(files.collect(), Vec::new(), &[], &name);
    for file in undo.files.iter().filter(|file| file.changed_since) {
        ui.alert(&format!(
            "{} {} has changed since",
            ui.err(Tone::Warn, "warning:"),
            name(&file.current.path)
        ));
    }
    let ending = change.apply_with(&proposal, || store::undo(&undo, force))?;
    output::finish(ui, change.format, "undo", || {
        json(&change, &undo, &proposal, &ending)
    });
    Ok(ending.exit())
}

/// Lists the writes that can be undone.
pub(crate) fn list_writes(flags: &ConfigArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let location = locate(flags, env)?;
    let writes = store::recorded(&location)?;
    output::finish(ui, flags.format, "undo", || {
        let rows: Vec<Json> = writes.iter().map(recorded_json).collect();
        json!({ "config": output::config_json(&location), "writes": rows })
    });
    if flags.format == Format::Json {
        return Ok(Exit::Done);
    }
    for (index, write) in writes.iter().enumerate() {
        let files = write
            .files
            .iter()
            .map(|file| output::file_name(file).display().to_string());
        let files: Vec<String> = files.collect();
        ui.result(&format!(
            "{}  {}  {}  {}",
            index + 1,
            ui.out(Tone::Dim, &write.at),
            ui.out(Tone::Bold, &write.what),
            files.join(", ")
        ));
    }
    if writes.is_empty() {
        ui.note(&format!(
            "Nothing to undo for {}.",
            output::short(&location.config, env.home().as_deref())
        ));
    }
    Ok(Exit::Done)
}

fn recorded_json(write: &Recorded) -> Json {
    json!({
        "command": write.what,
        "at": write.at,
        "files": write.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
    })
}

fn json(change: &Change<'_>, undo: &Undo, proposal: &Proposal, ending: &Ending) -> Json {
    let mut fields = change.json(proposal, ending);
    fields["undone"] = json!({ "command": undo.what, "at": undo.at });
    if let Some(files) = fields["files"].as_array_mut() {
        for (file, restore) in files.iter_mut().zip(&undo.files) {
            file["changedSince"] = Json::Bool(restore.changed_since);
        }
    }
    fields
}

/// The keys in the config before and after, and in OpenClaw's other files. If the config can't be
/// read, all its strings are masked anyway.
fn known_keys(undo: &Undo, write: &WriteArgs, env: &Env) -> Vec<Secret> {
    let session = Session::examine(&write.config, env).ok();
    let mut known = session.map(|session| session.secrets()).unwrap_or_default();
    let texts = undo
        .files
        .iter()
        .flat_map(|file| [file.current.bytes.as_deref(), file.before.as_deref()]);
    for bytes in texts.flatten() {
        let Ok(document) = Document::read(bytes.to_vec()) else {
            continue;
        };
        env.secrets.add_all(&secret_values(&document));
        let config = Config::new(std::path::PathBuf::new(), document);
        for provider in portkey_providers(&config) {
            let keys = provider.api_key.iter();
            known.extend(keys.filter_map(|view| {
                let literal = CredentialSource::read(view) == CredentialSource::Literal;
                Some(Secret::new(view.text().filter(|_| literal)?.trim()))
            }));
        }
    }
    known
}

/// The diff that an undo makes in a file, secrets masked; for a `.env`, only the changed lines.
fn restore_diff(file: &Restore, name: &str, known: &[Secret]) -> Vec<Line> {
    let text =
        |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (current, before) = (
        text(file.current.bytes.as_deref()),
        text(file.before.as_deref()),
    );
    if is_dotenv(&file.current.path) {
        return dotenv_diff(name, &current, &before);
    }
    let documents = (
        Document::parse(current.as_str()).ok(),
        Document::parse(before.as_str()).ok(),
    );
    let masked =
        |text: &str, document: Option<&Document>, lines: std::ops::Range<usize>| match document {
            Some(document) => mask_lines(document, lines, known),
            None => mask_strings(text)[lines].to_owned(),
        };
    diff::unified(
        name,
        Side {
            text: &current,
            masked: &|lines| masked(&current, documents.0.as_ref(), lines),
        },
        Side {
            text: &before,
            masked: &|lines| masked(&before, documents.1.as_ref(), lines),
        },
        &[diff::between(&current, &before)],
        true,
    )
}

fn is_dotenv(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == ".env")
}
