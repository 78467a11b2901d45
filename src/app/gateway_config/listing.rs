//! Prints saved gateway configs.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::app::output::{self, Stream};
use crate::args::Format;
use crate::columns::columns;
use crate::diff::{self, Line};
use crate::mask::{mask_json, printable};
use crate::portkey::admin::configs::{self, Entry, Saved};
use crate::ui::{Tone, Ui};

use super::{finish, saved};

/// All configs, by name.
pub(crate) fn list(entries: &[Entry], format: Format, ui: &Ui) {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
    finish(ui, format, "list", || {
        let configs: Vec<Json> = entries.iter().map(|entry| entry_json(entry)).collect();
        json!({ "configs": configs })
    });
    if format == Format::Json {
        return;
    }
    let rows: Vec<[String; 4]> = entries
        .iter()
        .map(|entry| {
            let status = match (entry.status.as_str(), entry.is_default) {
                ("" | "active", true) => "default",
                ("" | "active", false) => "",
                (other, _) => other,
            };
            [
                &entry.slug,
                &entry.name,
                &day(&entry.updated).to_owned(),
                &status.to_owned(),
            ]
            .map(|text| printable(text).into_owned())
        })
        .collect();
    table(&rows, ui);
    if rows.is_empty() {
        ui.note("No gateway configs that this key can list.");
    }
}

/// One config, secrets masked.
pub(crate) fn show(one: &Saved, format: Format, ui: &Ui) {
    let text = mask_json(&one.config);
    finish(ui, format, "show", || {
        let mut fields = entry_json(&one.entry);
        fields["config"] = serde_json::from_str(&text).unwrap_or_default();
        fields
    });
    if format == Format::Json {
        return;
    }
    let entry = &one.entry;
    for (what, value) in [
        ("name", &entry.name),
        ("version", &entry.version),
        ("changed", &entry.updated),
    ] {
        if !value.is_empty() {
            ui.note(&format!("{what}: {}", printable(value)));
        }
    }
    for line in text.lines() {
        ui.result(&printable(line));
    }
}

/// The difference between a file and a saved config.
pub(crate) fn diff(id: &str, lines: &[Line], format: Format, ui: &Ui) {
    finish(
        ui,
        format,
        "diff",
        || json!({ "id": id, "differs": !lines.is_empty(), "diff": diff::to_text(lines) }),
    );
    if format == Format::Text {
        output::diff(ui, lines, Stream::Result);
        if lines.is_empty() {
            ui.note(&format!(
                "{} the file and {id} are the same",
                ui.err(Tone::Good, "✓")
            ));
        }
    }
}

/// The result of writing a config to a file.
pub(crate) fn pulled(one: &Saved, path: &Path, format: Format, ui: &Ui) {
    let shown = printable(&path.display().to_string()).into_owned();
    finish(ui, format, "pull", || {
        let mut fields = entry_json(&one.entry);
        fields["file"] = shown.as_str().into();
        fields
    });
    ui.note(&format!("Wrote {shown}"));
    ui.note(&format!(
        "  Edit it, then run: openclaw-portkey gateway-config push {shown} --name {}",
        one.entry.slug
    ));
}

/// The versions of a config, newest first.
pub(crate) fn history(current: &Saved, versions: &[Saved], format: Format, ui: &Ui) {
    let is_current = |one: &Saved| match current.entry.version.as_str() {
        "" => configs::same(&one.config, &current.config),
        version => version == one.entry.version,
    };
    finish(ui, format, "history", || {
        let list: Vec<Json> = versions
            .iter()
            .map(|one| {
                let config = mask_json(&one.config);
                json!({
                    "versionId": text(&one.entry.version),
                    "changed": text(&one.entry.updated),
                    "current": is_current(one),
                    "config": serde_json::from_str::<Json>(&config).unwrap_or_default(),
                })
            })
            .collect();
        json!({ "id": current.entry.slug, "versions": list })
    });
    if format == Format::Json {
        return;
    }
    let rows: Vec<[String; 4]> = versions
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let before = versions.get(at + 1).map(|one| &one.config);
            let changed = match before {
                None => "first".to_owned(),
                Some(before) => {
                    let lines = saved::difference("", Some(before), &one.config);
                    let count = |sign| lines.iter().filter(|line| line.sign == sign).count();
                    format!(
                        "+{} -{}",
                        count(diff::Sign::Added),
                        count(diff::Sign::Removed)
                    )
                }
            };
            let current = if is_current(one) { "current" } else { "" };
            [
                &one.entry.version,
                &one.entry.updated,
                &changed,
                &current.to_owned(),
            ]
            .map(|text| printable(text).into_owned())
        })
        .collect();
    table(&rows, ui);
    if rows.is_empty() {
        ui.note("No versions of it that this key can read.");
    }
}

fn entry_json(entry: &Entry) -> Json {
    json!({
        "id": entry.slug,
        "name": text(&entry.name),
        "status": text(&entry.status),
        "default": entry.is_default,
        "changed": text(&entry.updated),
        "versionId": text(&entry.version),
    })
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The date of a timestamp.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

fn table(rows: &[[String; 4]], ui: &Ui) {
    let width = |column: usize| rows.iter().map(|row| columns(&row[column])).max();
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            line.push_str(text);
            line.extend(std::iter::repeat_n(' ', width + 2 - columns(text)));
        }
        ui.result(line.trim_end());
    }
}
