//! `gateway-config check`: what is wrong with a gateway config, with line and fix.

use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Level as Tone, Renderer, Snippet};
use clap::Args;
use serde_json::{Value as Json, json};

use crate::cli::Format;
use crate::document::{Document, Position, is_printable};
use crate::edit;
use crate::error::{Exit, Failure};
use crate::gateway_config::check::{Facts, Finding, Fix, run as check};
use crate::gateway_config::compose::Leg;
use crate::gateway_config::read::GatewayConfig;
use crate::mask::{mask_in_place, printable, secret_ranges};
use crate::openclaw::Version;
use crate::report::text::wrapped;
use crate::rules::Level;
use crate::ui::{Tone as UiTone, Ui};

use super::super::{output, usage};

/// How wide messages are, in columns.
const WIDTH: usize = 80;

/// How much of a long line is shown on each side of a finding, in bytes.
const AROUND: usize = 100;

/// Arguments of `gateway-config check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config check gateway.json
  openclaw-portkey gateway-config check - --format json < gateway.json
  openclaw-portkey gateway-config check gateway.json --asked portkey-dynamic

Exits with 1 where there is an error or a warning.")]
pub(super) struct CheckArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The model that OpenClaw asks for, such as portkey-dynamic
    #[arg(long, value_name = "MODEL")]
    asked: Option<String>,
    /// A model that a provider is to use, for fixes; can be given several times
    #[arg(long = "model", value_name = "@PROVIDER/MODEL", value_delimiter = ',')]
    models: Vec<String>,
    /// The version of OpenClaw that sends the requests
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    openclaw: Option<Version>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: Format,
}

pub(super) fn run(args: &CheckArgs, ui: &Ui) -> Result<Exit, Failure> {
    let mut models = Vec::new();
    for text in &args.models {
        match Leg::parse(text).map_err(usage)? {
            Leg::Model(model) => models.push(model),
            Leg::Passthrough => return Err(usage("`passthrough` is not a model")),
        }
    }
    let config = super::read(&args.file)?;
    let asked = args.asked.as_deref().map(str::trim);
    let asked = asked.map(|model| model.strip_prefix("portkey/").unwrap_or(model));
    let facts = Facts {
        models,
        asked: asked.map(str::to_owned),
        version: args.openclaw.unwrap_or(Version::NEWEST),
        ..Facts::new(&config)
    };
    let findings = check(&facts);
    let name = super::name(&args.file).display().to_string();
    let shown = Shown::new(&config, printable(&name).into_owned());
    match args.format {
        Format::Json => ui.result(&output::document(&shown.json(&findings))),
        Format::Text => shown.text(ui, &findings),
    }
    let fails = findings.iter().any(|finding| finding.level > Level::Note);
    Ok(if fails { Exit::Problems } else { Exit::Done })
}

/// A config as it is shown: with its secrets masked.
struct Shown<'c> {
    config: &'c GatewayConfig,
    name: String,
    masked: String,
    secrets: Vec<&'c str>,
}

impl<'c> Shown<'c> {
    fn new(config: &'c GatewayConfig, name: String) -> Self {
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

    fn text(&self, ui: &Ui, findings: &[Finding]) {
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
                "{} nothing is wrong with {}",
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

    fn finding(&self, finding: &Finding, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let tone = match finding.level {
            Level::Error => Tone::ERROR,
            Level::Warning => Tone::WARNING,
            Level::Note => Tone::NOTE,
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
        // The column in the part of the line that is shown need not be that in the file.
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

    /// The line on which a range starts; of a long one the part around it.
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

    fn json(&self, findings: &[Finding]) -> Json {
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

/// The part of a line that is shown, without control characters.
struct Line {
    text: String,
    span: Range<usize>,
}

/// The last boundary of characters up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}
