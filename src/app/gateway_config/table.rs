//! The overview: every failure and its consequences.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::columns::columns;
use crate::gateway_config::Gateway;
use crate::gateway_config::client::{Reaction, worst};
use crate::gateway_config::overview::{Row, Scene, Summary, kind, label, rows, unharmed};
use crate::gateway_config::simulate::Request;
use crate::mask::printable;
use crate::ui::{Tone, Ui};

use super::finish;
use super::outcome::reaction_json;

/// At most so many ways are listed in one cell.
const MAX_WAYS: usize = 3;

pub(crate) fn show(scene: &Scene<'_>, request: &Request, format: Format, ui: &Ui) {
    let unharmed = unharmed(scene, request);
    let rows = rows(scene, request);
    finish(ui, format, "simulate", || {
        json(scene, request, &unharmed, &rows)
    });
    if format == Format::Text {
        text(scene, request, &unharmed, &rows, ui);
    }
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if (percent - percent.round()).abs() < 0.05 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// A duration for display.
pub(super) fn time(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        _ if milliseconds.is_multiple_of(1000) => format!("{} s", milliseconds / 1000),
        _ => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
    }
}

/// `3 calls and 2 s`
pub(super) fn calls(count: usize, elapsed: u64) -> String {
    let calls = match count {
        0 => "no call".to_owned(),
        1 => "1 call".to_owned(),
        _ => format!("{count} calls"),
    };
    if elapsed == 0 {
        calls
    } else {
        format!("{calls}, {}", time(elapsed))
    }
}

/// What OpenClaw does, in words.
pub(super) fn reaction(reaction: &Reaction, calls: usize) -> String {
    let mut parts = Vec::new();
    if let Some(tries) = reaction.tries.filter(|tries| *tries > 1) {
        let total = u64::from(tries) * calls as u64;
        let calls = if total == 1 { "call" } else { "calls" };
        parts.push(format!("sends it {tries} times = {total} {calls}"));
    }
    if !reaction.note.is_empty() {
        parts.push(reaction.note.to_owned());
    }
    match reaction.falls_back {
        Some(true) => parts.push("next model".to_owned()),
        Some(false) => parts.push("no fallback".to_owned()),
        None => {}
    }
    if parts.is_empty() {
        return "unknown".to_owned();
    }
    let guess = if is_guess(reaction) { GUESS } else { "" };
    format!("{}{guess}", parts.join(", "))
}

/// Marks reactions that weren't measured.
const GUESS: &str = " *";

fn is_guess(reaction: &Reaction) -> bool {
    !reaction.is_seen && reaction.tries.is_some()
}

/// The explanation of the mark.
pub(super) fn footnote<'r>(
    scene: &Scene<'_>,
    reactions: impl IntoIterator<Item = &'r Reaction>,
) -> Option<String> {
    reactions.into_iter().any(is_guess).then(|| {
        format!(
            "* not measured with OpenClaw {} this way; taken from the closest version",
            scene.version
        )
    })
}

pub(super) fn gateway(gateway: Gateway) -> &'static str {
    match gateway {
        Gateway::Hosted => "hosted",
        Gateway::OpenSource => "open-source",
    }
}

fn text(scene: &Scene<'_>, request: &Request, unharmed: &[Summary], rows: &[Row], ui: &Ui) {
    let asked = request.model().unwrap_or_default();
    ui.result(&format!(
        "{}; the request is for {}",
        ui.out(Tone::Bold, &kind(scene.config)),
        printable(asked)
    ));
    for summary in unharmed {
        let share = if unharmed.len() > 1 {
            format!("{}: ", percent(summary.share))
        } else {
            String::new()
        };
        ui.result(&printable(&format!("  {share}{}", way(scene, summary))));
    }
    ui.result("");
    failures(scene, rows, ui);
    let worst = worst(scene.config, scene.gateway, scene.version, scene.way);
    if worst.total() > 1 {
        ui.result("");
        ui.result(&format!(
            "at worst ({}): {} here × {} by OpenClaw = {} calls for one message",
            worst.failure.name,
            worst.calls,
            worst.tries,
            worst.total()
        ));
    }
    let reactions = rows.iter().flat_map(|row| &row.all);
    let reactions = reactions.filter_map(|summary| summary.reaction.as_ref());
    if let Some(footnote) = footnote(scene, reactions) {
        ui.result(&footnote);
    }
}

fn failures(scene: &Scene<'_>, rows: &[Row], ui: &Ui) {
    let head = [
        "if a target answers",
        "only the first",
        "all targets",
        "then OpenClaw",
    ];
    let mut table = vec![head.map(str::to_owned)];
    table.extend(rows.iter().map(|row| {
        [
            row.failure.name.to_owned(),
            cell(scene, &row.first),
            cell(scene, &row.all),
            then(&row.all),
        ]
        .map(|text| printable(&text).into_owned())
    }));
    let width = |column: usize| table.iter().map(|row| columns(&row[column])).max();
    let widths: Vec<usize> = (0..4).filter_map(width).collect();
    for (at, row) in table.iter().enumerate() {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            line.push_str(text);
            let gap = width.saturating_sub(columns(text)) + 2;
            line.extend(std::iter::repeat_n(' ', gap));
        }
        let line = line.trim_end();
        ui.result(&if at == 0 {
            ui.out(Tone::Bold, line)
        } else {
            line.to_owned()
        });
    }
}

/// The result of a request: who serves it, or how it fails.
fn way(scene: &Scene<'_>, summary: &Summary) -> String {
    let took = calls(summary.calls, summary.elapsed);
    match (summary.status, summary.target) {
        (Some(status), Some(target)) if (200..=299).contains(&status) => {
            let cut = if summary.is_cut { ", cut off" } else { "" };
            let status = if status == 200 {
                String::new()
            } else {
                format!(" ({status})")
            };
            format!("{}{status}{cut}, {took}", label(scene.config, target))
        }
        (Some(status), _) => format!("{status}, {took}"),
        (None, _) => "no answer, ever".to_owned(),
    }
}

pub(super) fn cell(scene: &Scene<'_>, ways: &[Summary]) -> String {
    let shown = ways.iter().take(MAX_WAYS).map(|summary| {
        let way = way(scene, summary);
        if ways.len() > 1 {
            format!("{} {way}", percent(summary.share))
        } else {
            way
        }
    });
    let mut shown: Vec<String> = shown.collect();
    if ways.len() > MAX_WAYS {
        shown.push("…".to_owned());
    }
    shown.join(" | ")
}

fn then(ways: &[Summary]) -> String {
    match ways.first() {
        Some(summary) => match &summary.reaction {
            Some(found) => reaction(found, summary.calls),
            None => "gets its answer".to_owned(),
        },
        None => String::new(),
    }
}

fn json(scene: &Scene<'_>, request: &Request, unharmed: &[Summary], rows: &[Row]) -> Json {
    let ways = |ways: &[Summary]| -> Json {
        ways.iter()
            .map(|summary| summary_json(scene, summary))
            .collect()
    };
    let worst = worst(scene.config, scene.gateway, scene.version, scene.way);
    let failures: Vec<Json> = rows
        .iter()
        .map(|row| {
            json!({
                "answer": row.failure.name,
                "first": ways(&row.first),
                "all": ways(&row.all),
            })
        })
        .collect();
    json!({
        "gateway": gateway(scene.gateway),
        "openclaw": scene.version.to_string(),
        "model": request.model(),
        "unharmed": ways(unharmed),
        "failures": failures,
        "worst": {
            "answer": worst.failure.name,
            "calls": worst.calls,
            "elapsed": worst.elapsed,
            "tries": worst.tries,
            "total": worst.total(),
        },
    })
}

fn summary_json(scene: &Scene<'_>, summary: &Summary) -> Json {
    json!({
        "share": summary.share,
        "calls": summary.calls,
        "elapsed": summary.elapsed,
        "status": summary.status,
        "index": summary.target.map(|target| scene.config.index(target)),
        "serves": summary.target.map(|target| label(scene.config, target)),
        "cut": summary.is_cut,
        "openclaw": summary.reaction.as_ref().map(reaction_json),
    })
}
