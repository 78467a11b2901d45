//! Diagnostics for a file that can't be parsed as a config.

use std::path::Path as FilePath;

use crate::diagnostic::{Diagnostic, Location, Span};
use crate::document::{ReadError, ReadErrorKind};

use super::rules::{not_utf8, syntax_error};

/// The diagnostic for a file that can't be parsed; `source` is its index after those that could be.
#[must_use]
pub fn unreadable(file: &FilePath, error: &ReadError, source: usize) -> Diagnostic {
    let cause = match error.kind {
        ReadErrorKind::Utf16 | ReadErrorKind::NotUtf8 => &not_utf8::CAUSE,
        _ => &syntax_error::CAUSE,
    };
    let help = error
        .hint
        .unwrap_or("fix the text here; OpenClaw does not start with it");
    let location = Location {
        span: Some(Span {
            source,
            range: error.span.clone(),
        }),
        ..Location::new(file, error.position)
    };
    Diagnostic::of(cause, error.message.clone())
        .help(help)
        .because("")
        .at(location)
}
