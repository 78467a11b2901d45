//! The outcomes by symptom, for people and as JSON.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::columns::wrap;
use crate::doctor::{Arrival, At, Outcome, Verdict};
use crate::mask::printable;
use crate::symptoms::Group;
use crate::ui::{Tone, Ui};

use super::examine::Report;
use crate::app::output;

/// How wide the table is where there is no terminal, in columns.
const WIDTH: usize = 80;

/// Sign and symptom take so many columns.
const LEAD: usize = 13;

/// Prints the report; `fixes` says whether the fixes are being made anyway.
pub(crate) fn text(ui: &Ui, report: &Report, fixes: bool) {
    let width = ui.width().unwrap_or(WIDTH).clamp(30, 100);
    let row = |label: &str, text: &str| {
        let lines = wrap(&printable(text), width.saturating_sub(LEAD));
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let label = format!("{label:LEAD$}");
            ui.result(&format!("{}{line}", ui.out(Tone::Bold, &label)));
        }
    };
    row("Config", &report.config);
    row("OpenClaw", &report.openclaw);
    ui.result("");
    for group in Group::ALL {
        let mut of_group: Vec<&Outcome> = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.group == group)
            .collect();
        of_group.retain(|outcome| outcome.verdict != Verdict::Skipped);
        // The worst first, and what is well in the order of the checks.
        of_group.sort_by_key(|outcome| std::cmp::Reverse(outcome.verdict.max(Verdict::Note)));
        let mut told = None;
        for (index, outcome) in of_group.into_iter().enumerate() {
            let label = if index == 0 { group.name() } else { "" };
            // What was just said of the same symptom is not said again.
            let is_told = outcome.id.is_some() && told == Some((outcome.id, &outcome.cure));
            told = Some((outcome.id, &outcome.cure));
            for line in block(ui, label, outcome, is_told, width, report.home.as_deref()) {
                ui.result(&line);
            }
        }
    }
    for line in skipped(ui, &report.outcomes, width) {
        ui.result(&line);
    }
    ui.result("");
    let (tone, sentence) = match &report.arrival {
        Arrival::Yes(sentence) => (Tone::Good, sentence),
        Arrival::No(sentence) => (Tone::Bad, sentence),
        Arrival::Unknown(sentence) => (Tone::Warn, sentence),
    };
    for line in wrap(&printable(sentence), width) {
        ui.result(&ui.out(tone, &line));
    }
    let fixable = report.outcomes.iter().filter(|one| one.fixable).count();
    if fixable > 0 && !fixes {
        ui.note(&format!(
            "`openclaw-portkey doctor --fix` mends {fixable} of these."
        ));
    }
}

/// What did not run, together where it is for the same reason.
fn skipped(ui: &Ui, outcomes: &[Outcome], width: usize) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for outcome in outcomes
        .iter()
        .filter(|one| one.verdict == Verdict::Skipped)
    {
        match reasons.iter_mut().find(|(why, _)| *why == outcome.found) {
            Some((_, checks)) => checks.push(outcome.check),
            None => reasons.push((&outcome.found, vec![outcome.check])),
        }
    }
    let mut lines = Vec::new();
    for (index, (why, checks)) in reasons.iter().enumerate() {
        let label = if index == 0 { "skipped" } else { "" };
        let text = format!("{}: {why}", checks.join(", "));
        lines.extend(signed(ui, (Tone::Dim, "·"), label, &text, Tone::Dim, width));
    }
    lines
}

/// A text behind sign and label, wrapped.
fn signed(
    ui: &Ui,
    (tone, sign): (Tone, &str),
    label: &str,
    text: &str,
    text_tone: Tone,
    width: usize,
) -> Vec<String> {
    let pad = LEAD - 2;
    let painted = |text: String| match text_tone {
        Tone::Dim => ui.out(Tone::Dim, &text),
        _ => text,
    };
    let lines = wrap(&printable(text), width.saturating_sub(LEAD));
    let line = |(index, text): (usize, String)| {
        if index == 0 {
            let label = ui.out(Tone::Bold, &format!("{label:pad$}"));
            format!("{} {label}{}", ui.out(tone, sign), painted(text))
        } else {
            format!("{:LEAD$}{}", "", painted(text))
        }
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// The lines of one outcome.
fn block(
    ui: &Ui,
    label: &str,
    outcome: &Outcome,
    is_told: bool,
    width: usize,
    home: Option<&Path>,
) -> Vec<String> {
    let (tone, sign) = match outcome.verdict {
        Verdict::Passed => (Tone::Good, "✓"),
        Verdict::Skipped => (Tone::Dim, "·"),
        Verdict::Note => (Tone::Place, "i"),
        Verdict::Warning => (Tone::Warn, "!"),
        Verdict::Problem => (Tone::Bad, "✗"),
    };
    let room = width.saturating_sub(LEAD);
    let mut lines = signed(ui, (tone, sign), label, &outcome.found, Tone::Bold, width);
    let at = outcome.at.as_ref().map(|at| place(at, home));
    let details = [
        ("at", at.as_deref().unwrap_or_default(), Tone::Place),
        ("why", outcome.cause.as_str(), Tone::Dim),
        ("cure", outcome.cure.as_str(), Tone::Good),
        ("see", outcome.link, Tone::Place),
    ];
    for (name, text, tone) in details {
        if text.is_empty() || (is_told && name != "at") {
            continue;
        }
        let indent = format!("{:LEAD$}", "");
        for (index, text) in wrap(&printable(text), room.saturating_sub(5))
            .into_iter()
            .enumerate()
        {
            let name = if index == 0 { name } else { "" };
            lines.push(format!(
                "{indent}{}{}",
                ui.out(Tone::Dim, &format!("{name:5}")),
                match tone {
                    Tone::Dim => text,
                    tone => ui.out(tone, &text),
                }
            ));
        }
    }
    lines
}

fn place(at: &At, home: Option<&Path>) -> String {
    let file = output::short(&at.file, home);
    match (at.line, at.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        _ => file,
    }
}

/// The report as fields of the command's JSON document.
pub(crate) fn json(report: &Report) -> Json {
    let (arrives, summary) = match &report.arrival {
        Arrival::Yes(sentence) => (Json::Bool(true), sentence),
        Arrival::No(sentence) => (Json::Bool(false), sentence),
        Arrival::Unknown(sentence) => (Json::Null, sentence),
    };
    let checks: Vec<Json> = report.outcomes.iter().map(one).collect();
    json!({
        "config": report.config_json,
        "openclaw": report.openclaw_json,
        "arrives": arrives,
        "summary": summary,
        "checks": checks,
    })
}

fn one(outcome: &Outcome) -> Json {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "check": outcome.check,
        "symptom": outcome.group.name(),
        "status": outcome.verdict.name(),
        "id": outcome.id,
        "found": outcome.found,
        "place": outcome.at.as_ref().map(|at| json!({
            "file": at.file.display().to_string(),
            "line": at.line,
            "column": at.column,
        })),
        "cause": text(&outcome.cause),
        "cure": text(&outcome.cure),
        "link": text(outcome.link),
        "fixable": outcome.fixable,
    })
}
