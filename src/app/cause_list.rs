//! The list of causes with summaries, for `explain` and `lint --rules`.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::causes::{Area, Cause};
use crate::columns::wrap_words;
use crate::diagnostic::Level;
use crate::error::Exit;
use crate::gateway_config::check;
use crate::ui::{Tone, Ui};

use super::output;

/// The width of a list if stdout isn't a terminal.
const WIDTH: usize = 80;

/// The minimum width of a summary next to its id.
const MIN_ROOM: usize = 30;

/// A row of the list: a cause, or a rule of `gateway-config check`.
#[derive(Debug)]
pub(crate) struct Entry {
    id: &'static str,
    /// The position of its group in the list.
    order: usize,
    group: &'static str,
    level: Level,
    summary: &'static str,
    statuses: &'static [u16],
    is_rule: bool,
}

impl From<&'static Cause> for Entry {
    fn from(cause: &'static Cause) -> Self {
        Self {
            id: cause.id,
            order: cause.area as usize,
            group: cause.area.name(),
            level: cause.level,
            summary: cause.summary,
            statuses: cause.statuses,
            is_rule: cause.is_rule(),
        }
    }
}

impl From<&'static check::Rule> for Entry {
    fn from(rule: &'static check::Rule) -> Self {
        Self {
            id: rule.id,
            order: Area::ALL.len(),
            group: check::GROUP,
            level: rule.level,
            summary: rule.summary,
            statuses: &[],
            is_rule: false,
        }
    }
}

/// Lists causes by group, and within groups in the order of the table.
pub(crate) fn list(ui: &Ui, format: Format, command: &str, mut causes: Vec<Entry>) -> Exit {
    causes.sort_by_key(|cause| cause.order);
    output::finish(
        ui,
        format,
        command,
        || json!({ "causes": causes.iter().map(row).collect::<Vec<_>>() }),
    );
    if format == Format::Json {
        return Exit::Done;
    }
    let (column, width) = columns(ui, &causes);
    let mut group = None;
    for cause in &causes {
        if group.replace(cause.group) != Some(cause.group) {
            ui.result(&format!("{}:", ui.out(Tone::Bold, cause.group)));
        }
        entry(ui, cause, column, width);
    }
    Exit::Done
}

/// The rows without headings, in the given order.
pub(crate) fn rows(ui: &Ui, causes: &[Entry]) {
    let (column, width) = columns(ui, causes);
    for cause in causes {
        entry(ui, cause, column, width);
    }
}

/// The start column of the summaries, and the width of the list.
fn columns(ui: &Ui, causes: &[Entry]) -> (usize, usize) {
    let width = ui.width().map_or(WIDTH, |width| width.min(WIDTH));
    let column = causes.iter().map(|cause| cause.id.len()).max();
    (column.unwrap_or_default() + 2, width)
}

/// The summary next to the id, or below it on a narrow terminal.
fn entry(ui: &Ui, cause: &Entry, column: usize, width: usize) {
    let room = width.saturating_sub(column + 2);
    let (first, indent) = if room >= MIN_ROOM {
        (format!("  {:column$}", cause.id), column + 2)
    } else {
        ui.result(&format!("  {}", cause.id));
        ("    ".to_owned(), 4)
    };
    let lines = wrap_words(cause.summary, width.saturating_sub(indent).max(1));
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            ui.result(&format!("{first}{line}"));
        } else {
            ui.result(&format!("{:indent$}{line}", ""));
        }
    }
}

fn row(cause: &Entry) -> Json {
    json!({
        "id": cause.id,
        "group": cause.group,
        "level": cause.level.name(),
        "summary": cause.summary,
        "statuses": cause.statuses,
        "rule": cause.is_rule,
    })
}
