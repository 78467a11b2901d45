//! Prints the diagnostics by row, for people and as JSON.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::columns::wrap;
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::doctor::Row;
use crate::mask::printable;
use crate::ui::{Tone, Ui};

use super::examine::Report;
use crate::app::output;

/// Width of the table if stdout isn't a terminal, in columns.
const WIDTH: usize = 80;

/// The width of sign and row label.
const LEAD: usize = 13;

/// `fixes` says whether fixes are about to be applied anyway.
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
    let mut shown = Vec::new();
    for group in Row::ALL {
        let mut of_group: Vec<&Diagnostic> = report
            .outcomes
            .iter()
            .filter(|outcome| Row::of(outcome) == group)
            .collect();
        of_group.retain(|outcome| outcome.level != Level::Skipped);
        // The worst first, then passed checks in their order.
        of_group.sort_by_key(|outcome| std::cmp::Reverse(outcome.level.max(Level::Note)));
        for (index, outcome) in of_group.into_iter().enumerate() {
            let label = if index == 0 { group.name() } else { "" };
            // Text shown above isn't repeated.
            let said = (outcome.id(), &outcome.help);
            let is_repeated = outcome.cause.is_some() && shown.contains(&said);
            shown.push(said);
            for line in block(ui, label, outcome, is_repeated, width, report) {
                ui.result(&line);
            }
        }
    }
    for line in skipped(ui, &report.outcomes, width) {
        ui.result(&line);
    }
    ui.result("");
    let tone = match report.verdict.arrives {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Warn,
    };
    for line in wrap(&printable(&report.verdict.summary), width) {
        ui.result(&ui.out(tone, &line));
    }
    let fixable = report
        .outcomes
        .iter()
        .filter(|one| one.is_fixable())
        .count();
    if fixable > 0 && !fixes {
        ui.note(&format!(
            "{fixable} fixable with `openclaw-portkey doctor --fix`."
        ));
    }
}

/// The skipped checks, grouped by reason.
fn skipped(ui: &Ui, outcomes: &[Diagnostic], width: usize) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for outcome in outcomes.iter().filter(|one| one.level == Level::Skipped) {
        match reasons.iter_mut().find(|(why, _)| *why == outcome.message) {
            Some((_, checks)) => checks.push(outcome.check),
            None => reasons.push((&outcome.message, vec![outcome.check])),
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

/// Wrapped text after a sign and label.
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

/// The lines of one diagnostic.
fn block(
    ui: &Ui,
    label: &str,
    outcome: &Diagnostic,
    is_repeated: bool,
    width: usize,
    report: &Report,
) -> Vec<String> {
    let (tone, sign) = match outcome.level {
        Level::Passed => (Tone::Good, "✓"),
        Level::Skipped => (Tone::Dim, "·"),
        Level::Note => (Tone::Place, "i"),
        Level::Warning => (Tone::Warn, "!"),
        Level::Error => (Tone::Bad, "✗"),
    };
    let room = width.saturating_sub(LEAD);
    let mut lines = signed(ui, (tone, sign), label, &outcome.message, Tone::Bold, width);
    let home = report.home.as_deref();
    let at = outcome.location.as_ref().map(|at| place(at, home));
    let help = outcome.help.render(&report.context);
    let details = [
        ("at", at.as_deref().unwrap_or_default(), Tone::Place),
        ("why", &*outcome.why, Tone::Dim),
        ("fix", help.as_str(), Tone::Good),
        ("see", outcome.link, Tone::Place),
    ];
    for (name, text, tone) in details {
        if text.is_empty() || (is_repeated && name != "at") {
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

fn place(at: &Location, home: Option<&Path>) -> String {
    let file = output::short(&at.file, home);
    match (at.line, at.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        _ => file,
    }
}

/// The report as fields of the command's JSON document.
pub(crate) fn json(report: &Report) -> Json {
    json!({
        "config": report.config_json,
        "openclaw": report.openclaw_json,
        "arrives": report.verdict.arrives,
        "summary": report.verdict.summary,
        "checks": output::diagnostics_json(&report.outcomes, &report.context),
    })
}
