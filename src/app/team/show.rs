//! Prints a plan as a table.

use serde_json::{Value as Json, json};

use crate::columns::{columns, wrap};
use crate::mask::printable;
use crate::team::plan::{Action, Row, Status};
use crate::ui::{Tone, Ui};

/// The gap between columns.
const GAP: usize = 2;

/// The minimum width of the details column.
const ROOM: usize = 24;

/// The details of a row.
fn words(row: &Row) -> String {
    match &row.action {
        Action::Unknown(why) => why.clone(),
        _ => row.details.join("; "),
    }
}

/// The rows with their details, and the number of each kind.
pub(crate) fn text(rows: &[Row], ui: &Ui) {
    let cells = |row: &Row| {
        let name = printable(&row.name).into_owned();
        [
            row.status().name().to_owned(),
            row.resource.name().to_owned(),
            name,
        ]
    };
    let widths = rows.iter().fold([0; 3], |mut widths, row| {
        for (width, cell) in widths.iter_mut().zip(cells(row)) {
            *width = columns(&cell).max(*width);
        }
        widths
    });
    let indent = widths.iter().sum::<usize>() + widths.len() * GAP;
    let room = ui.width().map(|width| width.saturating_sub(indent));
    for row in rows {
        let mut line = String::new();
        for (cell, width) in cells(row).into_iter().zip(widths) {
            line.push_str(&cell);
            line.push_str(&" ".repeat(width + GAP - columns(&cell)));
        }
        let tone = match row.status() {
            Status::Create => Tone::Good,
            Status::Change | Status::Unknown => Tone::Warn,
            Status::Unchanged => Tone::Dim,
        };
        let text = printable(&words(row)).into_owned();
        match room {
            None => ui.result(&ui.out(tone, format!("{line}{text}").trim_end())),
            Some(room) => {
                let (room, indent) = if room < ROOM {
                    (ROOM, 4)
                } else {
                    (room, indent)
                };
                let mut parts = wrap(&text, room).into_iter();
                let first = if indent == 4 {
                    String::new()
                } else {
                    parts.next().unwrap_or_default()
                };
                ui.result(&ui.out(tone, format!("{line}{first}").trim_end()));
                for part in parts.filter(|part| !part.is_empty()) {
                    ui.result(&ui.out(tone, &format!("{}{part}", " ".repeat(indent))));
                }
            }
        }
    }
    ui.note(&sentence(rows));
}

fn count(rows: &[Row], status: Status) -> usize {
    rows.iter().filter(|row| row.status() == status).count()
}

/// The summary line.
pub(crate) fn sentence(rows: &[Row]) -> String {
    let of = |status| count(rows, status);
    let mut parts = Vec::new();
    for (status, what) in [
        (Status::Create, "to create"),
        (Status::Change, "to change"),
        (Status::Unchanged, "unchanged"),
        (Status::Unknown, "unknown"),
    ] {
        if of(status) > 0 {
            parts.push(format!("{} {what}", of(status)));
        }
    }
    if parts.is_empty() {
        return "The file manages nothing at Portkey.".to_owned();
    }
    format!("{}.", parts.join(", "))
}

/// The rows and counts, as JSON.
pub(crate) fn json(rows: &[Row]) -> Json {
    let list: Vec<Json> = rows.iter().map(row_json).collect();
    json!({
        "rows": list,
        "summary": {
            "create": count(rows, Status::Create),
            "change": count(rows, Status::Change),
            "unchanged": count(rows, Status::Unchanged),
            "unknown": count(rows, Status::Unknown),
        },
    })
}

fn row_json(row: &Row) -> Json {
    let why = match &row.action {
        Action::Unknown(why) => Some(printable(why)),
        _ => None,
    };
    json!({
        "resource": row.resource.name(),
        "name": printable(&row.name),
        "status": row.status().name(),
        "details": row.details.iter().map(|one| printable(one)).collect::<Vec<_>>(),
        "reason": why,
    })
}
