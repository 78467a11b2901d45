//! Human-readable output in the style of rustc.

use annotate_snippets::{AnnotationKind, Level as Tone, Origin, Renderer, Snippet};

use crate::columns;
use crate::diagnostic::{Diagnostic, Fix, Level};
use crate::document::is_printable;
use crate::mask::printable;

use super::{Report, Shown};

/// The default width of the output, in columns.
const WIDTH: usize = 80;

/// How much of a line to examine on each side of a diagnostic, in bytes.
const CONTEXT_BYTES: usize = 120;

/// One diagnostic, without a final line break.
#[must_use]
pub fn render(report: &Report<'_>, diagnostic: &Diagnostic, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let tone = match diagnostic.level {
        Level::Error => Tone::ERROR,
        Level::Warning => Tone::WARNING,
        Level::Note | Level::Skipped | Level::Passed => Tone::NOTE,
    };
    let place = report.place(diagnostic);
    let indent = diagnostic.level.name().len() + diagnostic.check.len() + "[]: ".len();
    let title = wrapped(&diagnostic.message, WIDTH.saturating_sub(indent));
    let margin = place.start.line.to_string().len() + " = help: ".len();
    let help = wrapped(&help(report, diagnostic), WIDTH.saturating_sub(margin));
    let path = wrapped(&printable(&place.path), WIDTH.saturating_sub(margin));
    let name = printable(place.name).into_owned();
    let title = tone.primary_title(title).id(diagnostic.check);
    let line = Line::around(&place);
    let mut group = if line.text.is_empty() {
        title.element(Origin::path(&name).line(place.start.line))
    } else {
        let snippet = Snippet::source(line.text)
            .line_start(place.start.line)
            .path(&name)
            .annotation(AnnotationKind::Primary.span(line.span));
        title.element(snippet)
    };
    if !path.is_empty() {
        group = group.element(Tone::NOTE.message(path));
    }
    group = group.element(Tone::HELP.message(help));
    let text = renderer.term_width(WIDTH).render(&[group]);
    let mut lines: Vec<String> = Vec::new();
    let mut placed = false;
    for line in text.lines() {
        match line.split_once("--> ") {
            // The column in the shown part of the line may differ from the one in the file.
            Some((arrow, shown)) if !placed && shown.contains(&name) => {
                placed = true;
                let before = &shown[..shown.find(&name).unwrap_or_default()];
                lines.push(format!("{arrow}--> {before}{name}:{}", place.start));
            }
            // Empty source lines end with a space.
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    lines.join("\n")
}

/// How to fix it, and whether the program can.
fn help(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let flag = match diagnostic.fix {
        Some(Fix { safe: true, .. }) => " (fixable with --fix)",
        Some(Fix { safe: false, .. }) => " (fixable with --fix --unsafe-fixes)",
        None => "",
    };
    format!("{}{flag}", report.help(diagnostic))
}

/// The shown part of a line, without control characters.
struct Line {
    text: String,
    span: std::ops::Range<usize>,
}

impl Line {
    /// The line on which a location starts; for a long line, the part around it.
    fn around(place: &Shown<'_, '_>) -> Self {
        let Some(file) = place.file else {
            return Self {
                text: String::new(),
                span: 0..0,
            };
        };
        let whole = file.lines.range(place.start.line - 1);
        let from = place.range.start.min(whole.end);
        let to = place.range.end.clamp(from, whole.end);
        let text = &file.masked;
        let first = boundary(text, from.saturating_sub(CONTEXT_BYTES).max(whole.start));
        let last = boundary(
            text,
            (to.min(from + CONTEXT_BYTES) + CONTEXT_BYTES).min(whole.end),
        );
        let mut line = String::new();
        let mut span = 0..0;
        if first > whole.start {
            line.push('…');
        }
        let part = text.get(first..last).unwrap_or_default();
        for (at, c) in part.char_indices() {
            if first + at == from {
                span.start = line.len();
            }
            if first + at == to {
                span.end = line.len();
            }
            line.push(if is_printable(c) || c == '\t' {
                c
            } else {
                '\u{fffd}'
            });
        }
        if from >= first + part.len() {
            span.start = line.len();
        }
        if to >= first + part.len() {
            span.end = line.len();
        }
        if last < whole.end {
            line.push('…');
        }
        Self { text: line, span }
    }
}

/// The last character boundary up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}

/// Words wrapped to at most `width` columns; a longer word gets its own line.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> String {
    columns::wrap_words(text, width).join("\n")
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_are_not_split() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("a-long-word b", 3), "a-long-word\nb");
        assert_eq!(wrapped("", 3), "");
    }
}
