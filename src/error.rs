//! Failures as shown to the user, and the exit codes.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::diagnostic::Location;
use crate::document::{ReadError, ReadErrorKind};
use crate::help::Help;
use crate::mask::{mask_strings, printable};
use crate::store;

/// The result of a run, the same for every command and format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// A check failed: problems were found.
    Problems,
    /// The command could not run.
    CouldNotRun,
    /// The user cancelled.
    Cancelled,
}

impl Exit {
    /// The process's exit status.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Problems => 1,
            Self::CouldNotRun => 2,
            Self::Cancelled => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}

/// The kind of a failure, which determines the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Invalid arguments.
    Usage,
    /// The config can't be read.
    Config,
    /// A file system error.
    File,
    /// Another process changed a file in the meantime.
    Changed,
    /// Portkey could not be reached.
    Network,
    /// A check failed: the key, a model, a config id.
    Check,
    /// The user declined, or pressed Ctrl-C.
    Cancelled,
    /// A bug in this program.
    Internal,
}

impl FailureKind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Config => "config",
            Self::File => "file",
            Self::Changed => "changed",
            Self::Network => "network",
            Self::Check => "check",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }

    /// The exit code for this kind.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Check => Exit::Problems,
            Self::Cancelled => Exit::Cancelled,
            _ => Exit::CouldNotRun,
        }
    }
}

/// A failure: what happened, where, and what to do next.
#[derive(Debug)]
pub struct Failure {
    /// Determines the exit code.
    pub kind: FailureKind,
    /// What happened, one sentence.
    pub message: String,
    /// Where it happened.
    pub location: Option<Box<Location>>,
    /// The source around it, rendered without colour and with secrets masked.
    pub snippet: Option<String>,
    /// What to do next.
    pub hints: Vec<Help>,
}

impl Failure {
    /// A failure without a location or hints.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            location: None,
            snippet: None,
            hints: Vec::new(),
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Help>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the location.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(Box::new(location.into()));
        self
    }

    /// The user cancelled.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(FailureKind::Cancelled, store::cancelled())
    }

    /// A file that isn't valid JSON5. `text` is shown around the error, with every string masked.
    #[must_use]
    pub fn unreadable(file: &Path, text: Option<&str>, error: &ReadError) -> Self {
        let mut failure = Self::new(FailureKind::Config, error.message.clone())
            .at(Location::new(file, error.position));
        if let Some(text) = text.filter(|_| error.kind == ReadErrorKind::Syntax) {
            let safe = mask_strings(text);
            let shown = window(&safe, &error.span);
            let path = printable(&file.display().to_string()).into_owned();
            let start = error.span.start - shown.start;
            let end = (error.span.end - shown.start).min(shown.text.len());
            let snippet = Snippet::source(shown.text)
                .line_start(shown.first_line)
                .path(path)
                .annotation(AnnotationKind::Primary.span(start.min(end)..end));
            let report = Level::ERROR
                .primary_title(error.message.as_str())
                .element(snippet);
            failure.snippet = Some(Renderer::plain().render(&[report]));
        }
        if let Some(hint) = error.hint {
            failure = failure.hint(hint);
        }
        failure.hint("nothing was written; fix the file and run the command again")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

struct Window<'t> {
    text: &'t str,
    start: usize,
    first_line: usize,
}

/// The two lines before a span, its own line and the next one, so that a large file isn't rendered
/// as a whole.
fn window<'t>(text: &'t str, span: &std::ops::Range<usize>) -> Window<'t> {
    let mut start = span.start.min(text.len());
    for _ in 0..3 {
        start = text[..start].rfind('\n').unwrap_or(0);
    }
    if start > 0 {
        start += 1;
    }
    let mut end = span.end.min(text.len());
    for _ in 0..2 {
        end = text[end..].find('\n').map_or(text.len(), |i| end + i + 1);
    }
    Window {
        text: &text[start..end],
        start,
        first_line: 1 + text[..start].matches('\n').count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes() {
        let codes = [
            Exit::Done,
            Exit::Problems,
            Exit::CouldNotRun,
            Exit::Cancelled,
        ];
        assert_eq!(codes.map(Exit::status), [0, 1, 2, 130]);
        assert_eq!(FailureKind::Check.exit(), Exit::Problems);
        assert_eq!(FailureKind::Network.exit(), Exit::CouldNotRun);
        assert_eq!(FailureKind::Cancelled.exit(), Exit::Cancelled);
    }

    #[test]
    fn unreadable_shows_the_location_but_no_secret() {
        let text = "{\n  // c\n  apiKey: \"canary\"\n  models: {}\n}\n";
        let error = crate::document::Document::parse(text).unwrap_err();
        let failure = Failure::unreadable(Path::new("openclaw.json"), Some(text), &error);
        let snippet = failure.snippet.unwrap();
        assert!(snippet.contains("apiKey: \"******\""), "{snippet}");
        assert!(!snippet.contains("canary"), "{snippet}");
        assert!(
            failure
                .location
                .unwrap()
                .to_string()
                .starts_with("openclaw.json:")
        );
        assert_eq!(failure.kind.exit().status(), 2);
    }
}
