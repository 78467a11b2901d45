//! Shows findings with their line, secrets masked.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level as Tone, Renderer, Snippet};
use serde_json::{Value as Json, json};

use crate::diagnostic::Level;
use crate::document::{Document, Position, is_printable};
use crate::edit;
use crate::gateway_config::check::{Finding, Fix};
use crate::gateway_config::read::GatewayConfig;
use crate::mask::{mask_in_place, printable, secret_ranges};
use crate::report::text::wrapped;
use crate::ui::{Tone as UiTone, Ui};

/// The width of messages, in columns.
const WIDTH: usize = 80;

/// How much of a long line to show on each side of a finding, in bytes.
const AROUND: usize = 100;

/// A config for display, secrets masked.
pub(crate) struct Shown<'c> {
    config: &'c GatewayConfig,
    name: String,
    masked: String,
    secrets: Vec<&'c str>,
}

impl<'c> Shown<'c> {
    pub(crate) fn new(config: &'c GatewayConfig, name: String) -> Self {
        let document = config.document();
        let ranges = secret_ranges(document, &[]);
        Self {
            config,
            name,
            masked: mask_in_place(document.text(), &ranges),
            secrets: ranges
                .iter()
                .map(|range| &document.text()[range.clone()])
                .collect(),
        }
    }

    fn document(&self) -> &'c Document {
        self.config.document()
    }

    pub(crate) fn text(&self, ui: &Ui, findings: &[Finding]) {
        for finding in findings {
            ui.result(&self.finding(finding, ui.colors_results()));
            ui.result("");
        }
        let count = |level| {
            findings
                .iter()
                .filter(|finding| finding.level == level)
                .count()
        };
        let (errors, warnings, notes) = (
            count(Level::Error),
            count(Level::Warning),
            count(Level::Note),
        );
        if errors + warnings + notes == 0 {
            ui.note(&format!(
                "{} no problems in {}",
                ui.err(UiTone::Good, "✓"),
                self.name
            ));
            return;
        }
        let parts = [(errors, "error"), (warnings, "warning"), (notes, "note")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        ui.note(&format!("{} in {}", parts.join(", "), self.name));
    }

    /// One line per finding.
    pub(crate) fn brief(&self, findings: &[Finding]) -> Vec<String> {
        let line = |finding: &Finding| {
            let at = self.document().locate(finding.range.start);
            let message = printable(&finding.message).into_owned();
            format!(
                "{}[{}]: {message} ({}:{at})",
                finding.level.name(),
                finding.rule.id,
                self.name
            )
        };
        findings.iter().map(line).collect()
    }

    fn finding(&self, finding: &Finding, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let tone = match finding.level {
            Level::Error => Tone::ERROR,
            Level::Warning => Tone::WARNING,
            _ => Tone::NOTE,
        };
        let start = self.document().locate(finding.range.start);
        let indent = finding.level.name().len() + finding.rule.id.len() + "[]: ".len();
        let title = wrapped(&printable(&finding.message), WIDTH.saturating_sub(indent));
        let help = wrapped(&printable(&finding.help), WIDTH - " = help: ".len());
        let line = self.line(&finding.range);
        let snippet = Snippet::source(line.text)
            .line_start(start.line)
            .path(&self.name)
            .annotation(AnnotationKind::Primary.span(line.span));
        let group = tone
            .primary_title(title)
            .id(finding.rule.id)
            .element(snippet)
            .element(Tone::HELP.message(help));
        let text = renderer.term_width(WIDTH).render(&[group]);
        // In a shortened line, the column isn't the one in the file.
        let mut placed = false;
        let lines = text.lines().map(|line| match line.split_once("--> ") {
            Some((arrow, place)) if !placed && place.contains(&self.name) => {
                placed = true;
                let before = &place[..place.find(&self.name).unwrap_or_default()];
                format!("{arrow}--> {before}{}:{start}", self.name)
            }
            _ => line.trim_end().to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The line where a range starts; only the part around it if the line is long.
    fn line(&self, range: &Range<usize>) -> Line {
        let text = self.masked.as_str();
        let before = text[..range.start]
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        let after = text[range.start..].find(['\n', '\r']);
        let after = after.map_or(text.len(), |at| range.start + at);
        let first = boundary(text, range.start.saturating_sub(AROUND).max(before));
        let end = range.end.min(after);
        let last = boundary(text, (end.min(range.start + AROUND) + AROUND).min(after));
        let mut line = Line {
            text: String::new(),
            span: 0..0,
        };
        if first > before {
            line.text.push('…');
        }
        for (at, c) in text[first..last].char_indices() {
            if first + at == range.start {
                line.span.start = line.text.len();
            }
            if first + at < end {
                line.span.end = line.text.len() + c.len_utf8();
            }
            line.text.push(if is_printable(c) || c == '\t' {
                c
            } else {
                '\u{fffd}'
            });
            if first + at < end {
                line.span.end = line.text.len();
            }
        }
        line.span.end = line.span.end.max(line.span.start);
        if last < after {
            line.text.push('…');
        }
        line
    }

    pub(crate) fn json(&self, findings: &[Finding]) -> Json {
        let count = |level| {
            findings
                .iter()
                .filter(|finding| finding.level == level)
                .count()
        };
        let list: Vec<Json> = findings
            .iter()
            .map(|finding| {
                json!({
                    "rule": finding.rule.id,
                    "level": finding.level.name(),
                    "range": self.range(&finding.range),
                    "path": finding.path.to_string(),
                    "message": printable(&finding.message),
                    "help": printable(&finding.help),
                    "fix": finding.fix.as_ref().map(|fix| self.fix(fix)),
                })
            })
            .collect();
        json!({
            "file": self.name,
            "findings": list,
            "summary": {
                "errors": count(Level::Error),
                "warnings": count(Level::Warning),
                "notes": count(Level::Note),
            },
        })
    }

    fn fix(&self, fix: &Fix) -> Json {
        let edited = edit::apply(self.document(), &fix.changes).ok();
        let leaks = |text: &str| self.secrets.iter().any(|secret| text.contains(secret));
        let edits = edited
            .map(|edited| edited.replacements)
            .filter(|edits| !edits.iter().any(|edit| leaks(&edit.text)));
        let edits = edits.map(|edits| {
            let edits = edits
                .iter()
                .map(|edit| json!({ "range": self.range(&edit.range), "text": edit.text }));
            edits.collect::<Vec<_>>()
        });
        json!({ "title": printable(&fix.title), "safe": fix.safe, "edits": edits })
    }

    fn range(&self, range: &Range<usize>) -> Json {
        let place = |offset: usize| {
            let Position { line, column } = self.document().locate(offset);
            json!({ "line": line, "column": column, "offset": offset })
        };
        json!({ "start": place(range.start), "end": place(range.end) })
    }
}

/// The visible part of a line, without control characters.
struct Line {
    text: String,
    span: Range<usize>,
}

/// The last character boundary up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}
