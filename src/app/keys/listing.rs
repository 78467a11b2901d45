//! Prints keys.

use std::time::SystemTime;

use serde_json::{Value as Json, json};

use crate::app::table;
use crate::args::Format;
use crate::error::Exit;
use crate::mask::printable;
use crate::portkey::admin::keys::{Key, Settings};
use crate::portkey::admin::lists::Pages;
use crate::portkey::jwt::Jwt;
use crate::timestamp;
use crate::ui::Ui;

use super::{finish, key_json};

/// The columns, most important first.
const HEADINGS: [&str; 8] = [
    "name", "status", "budget", "rate", "config", "expires", "kind", "id",
];

/// All keys, by name.
pub(crate) fn list(pages: &Pages, format: Format, ui: &Ui) {
    let mut keys = crate::portkey::admin::keys::keys(&pages.items);
    keys.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    finish(ui, format, "list", || {
        let all: Vec<Json> = keys.iter().map(key_json).collect();
        json!({ "keys": all, "complete": !pages.is_partial() })
    });
    if format == Format::Text {
        let rows: Vec<Vec<String>> = keys.iter().map(row).collect();
        table::print(ui, &HEADINGS, &rows);
        if rows.is_empty() {
            ui.note("No keys that this admin key can list.");
        }
    }
    if pages.is_partial() {
        ui.alert("warning: Portkey has more keys than it listed");
    }
}

fn row(key: &Key) -> Vec<String> {
    let settings = &key.settings;
    let limits = &settings.limits;
    let rates: Vec<String> = limits.rates.iter().map(ToString::to_string).collect();
    let pinned = if settings.is_pinned() { " pinned" } else { "" };
    let config = settings.config.as_ref();
    let expires = settings.expires.as_deref().unwrap_or_default();
    vec![
        key.name.clone(),
        key.status.clone(),
        limits
            .budget
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        rates.join(", "),
        config
            .map(|config| format!("{config}{pinned}"))
            .unwrap_or_default(),
        expires.split('T').next().unwrap_or_default().to_owned(),
        key.kind.name().to_owned(),
        key.id.clone(),
    ]
}

/// One key.
pub(crate) fn show(key: &Key, format: Format, ui: &Ui) {
    finish(
        ui,
        format,
        "show",
        || json!({ "key": key_json(key), "jwt": null }),
    );
    if format == Format::Json {
        return;
    }
    for (what, value) in [
        ("name", &key.name),
        ("id", &key.id),
        ("kind", &key.kind.name().to_owned()),
        ("status", &key.status),
        ("user", &key.user),
        ("created", &key.created),
    ] {
        if !value.is_empty() {
            ui.result(&printable(&format!("{what}: {value}")));
        }
    }
    for line in settings(&key.settings) {
        ui.result(&printable(&line));
    }
}

/// A JWT that OpenClaw sends instead of a key.
pub(crate) fn jwt(jwt: &Jwt, (origin, now): (&str, SystemTime), format: Format, ui: &Ui) -> Exit {
    let faults = jwt.faults(now);
    let end = jwt.expires();
    let is_over = end.is_some_and(|end| end <= now);
    let when = end.map(timestamp::seconds);
    finish(ui, format, "show", || {
        let jwt = json!({
            "from": origin, "expires": when, "expired": is_over, "faults": faults,
        });
        json!({ "key": null, "jwt": jwt })
    });
    if format == Format::Text {
        ui.result(&printable(&format!("kind: JWT, from {origin}")));
        ui.result(&match (&when, is_over) {
            (Some(when), true) => format!("expired: {when}"),
            (Some(when), false) => format!("expires: {when}"),
            (None, _) => "expires: not stated".to_owned(),
        });
        for fault in &faults {
            ui.result(&printable(&format!("wrong: {fault}")));
        }
        ui.note("Decoded locally; the signature was not checked.");
    }
    if is_over || !faults.is_empty() {
        Exit::Problems
    } else {
        Exit::Done
    }
}

/// The settings of a key, one per line.
pub(crate) fn settings(settings: &Settings) -> Vec<String> {
    let limits = &settings.limits;
    let mut lines = Vec::new();
    let mut put = |what: &str, value: String| lines.push(format!("{what}: {value}"));
    if let Some(budget) = &limits.budget {
        put("budget", budget.to_string());
    }
    if let Some(at) = limits.alert_at {
        put("alert at", at.to_string());
    }
    if !settings.alert_emails.is_empty() {
        put("alert to", settings.alert_emails.join(", "));
    }
    for rate in &limits.rates {
        put("rate", rate.to_string());
    }
    if let Some(config) = &settings.config {
        let pinned = if settings.is_pinned() {
            " (pinned: requests can't name another)"
        } else {
            ""
        };
        put("gateway config", format!("{config}{pinned}"));
    }
    for (key, value) in &settings.metadata {
        put("metadata", format!("{key}={value}"));
    }
    if let Some(expires) = &settings.expires {
        put("expires", expires.clone());
    }
    if !settings.scopes.is_empty() {
        put("scopes", settings.scopes.join(", "));
    }
    lines
}
