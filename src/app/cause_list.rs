//! All causes with their summaries: what `explain` and `lint --rules` list.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::causes::Cause;
use crate::columns::wrap_words;
use crate::error::Exit;
use crate::ui::{Tone, Ui};

use super::output;

/// The columns of a list that no terminal limits.
const WIDTH: usize = 80;

/// The fewest columns that a summary gets next to its id.
const MIN_ROOM: usize = 30;

/// Lists causes by their areas, and within these in the order of the table.
pub(crate) fn list(ui: &Ui, format: Format, command: &str, causes: &[&Cause]) -> Exit {
    let mut causes = causes.to_vec();
    causes.sort_by_key(|cause| cause.area as usize);
    output::finish(
        ui,
        format,
        command,
        || json!({ "causes": causes.iter().map(|cause| row(cause)).collect::<Vec<_>>() }),
    );
    if format == Format::Json {
        return Exit::Done;
    }
    let width = ui.width().map_or(WIDTH, |width| width.min(WIDTH));
    let column = causes.iter().map(|cause| cause.id.len()).max();
    let column = column.unwrap_or_default() + 2;
    let mut area = None;
    for cause in &causes {
        if area.replace(cause.area) != Some(cause.area) {
            ui.result(&format!("{}:", ui.out(Tone::Bold, cause.area.name())));
        }
        entry(ui, cause, column, width);
    }
    Exit::Done
}

/// The summary next to the id, or below it where the terminal is narrow.
fn entry(ui: &Ui, cause: &Cause, column: usize, width: usize) {
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

fn row(cause: &Cause) -> Json {
    json!({
        "id": cause.id,
        "group": cause.area.name(),
        "level": cause.level.name(),
        "summary": cause.summary,
        "statuses": cause.statuses,
        "rule": cause.is_rule(),
    })
}
