//! The result of a check: the one type that `lint`, `doctor`, the check before a write and the
//! notes of a plan produce, and that every report shows.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use crate::causes::{Cause, Symptom};
use crate::document::{Path, Position};
use crate::edit::Change;
use crate::help::{Help, RunContext};
use crate::mask::printable;
use crate::openclaw::{Place, View};

/// The outcome of a check, or the severity of what it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The check passed.
    Passed,
    /// The check didn't run.
    Skipped,
    /// Worth knowing.
    Note,
    /// Likely wrong, or a leak.
    Warning,
    /// OpenClaw won't start, or requests will fail or go elsewhere.
    Error,
}

impl Level {
    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Whether something is or may be wrong.
    #[must_use]
    pub fn is_problem(self) -> bool {
        self >= Self::Warning
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A location: a file, with as much detail as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The byte range, in a file of the config.
    pub span: Option<Span>,
    /// The path to the value in the merged config; the root for the whole file.
    pub path: Path,
}

/// A byte range in one of the files that make up a config.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The index of the file in `Config::sources`; higher for files that couldn't be read.
    pub source: usize,
    /// The bytes.
    pub range: Range<usize>,
}

impl Location {
    /// A whole file.
    #[must_use]
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            ..Self::default()
        }
    }

    /// A line and column in a file.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>, position: Position) -> Self {
        Self::file(file).at(position)
    }

    /// Sets the line, if known.
    #[must_use]
    pub fn line(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }

    /// Sets the line and column.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.line = Some(position.line);
        self.column = Some(position.column);
        self
    }

    /// The location of a config value.
    #[must_use]
    pub fn of(view: &View<'_>) -> Self {
        let (source, range) = view.range();
        Self {
            span: Some(Span { source, range }),
            path: view.path().clone(),
            ..Self::from(view.place())
        }
    }

    /// Line and column, if both are known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        Some(Position {
            line: self.line?,
            column: self.column?,
        })
    }

    /// `file:line:column` with another name for the file, safe for a terminal.
    #[must_use]
    pub fn named(&self, file: &FilePath) -> String {
        let file = file.display().to_string();
        let mut text = printable(&file).into_owned();
        for number in [self.line, self.line.and(self.column)]
            .into_iter()
            .flatten()
        {
            let _ = write!(text, ":{number}");
        }
        text
    }
}

impl From<Place<'_>> for Location {
    fn from(place: Place<'_>) -> Self {
        Self::new(place.file, place.position)
    }
}

/// `file:line:column`, safe for a terminal.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named(&self.file))
    }
}

/// A change that fixes a diagnostic.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it certainly preserves what the user intended.
    pub safe: bool,
    /// What it does, as a verb phrase: `add /v1`.
    pub title: String,
    /// The changes, each with the index of its file.
    pub changes: Vec<(usize, Change)>,
    /// The same as text edits, for a report; `None` if they weren't tried out or would show a
    /// secret.
    pub edits: Option<Vec<Edit>>,
}

/// One text edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The index of the file.
    pub source: usize,
    /// The byte range to replace.
    pub range: Range<usize>,
    /// Its start.
    pub start: Position,
    /// Its end, exclusive.
    pub end: Position,
    /// The new text.
    pub text: String,
}

/// The result of a check.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The check that reported it: the id of a `lint` rule or of a `doctor` check.
    pub check: &'static str,
    /// Its cause; `None` if it passed or was skipped.
    pub cause: Option<&'static Cause>,
    /// Its level.
    pub level: Level,
    /// The symptoms that the user sees; reports group by the first.
    pub symptoms: &'static [Symptom],
    /// Its location.
    pub location: Option<Location>,
    /// One sentence without a full stop: what is wrong, what passed, or why it was skipped.
    pub message: String,
    /// Why it matters; empty if the message is enough.
    pub why: Cow<'static, str>,
    /// How to fix it; empty if nothing needs to be done.
    pub help: Help,
    /// The page where it can be fixed; empty if there is none.
    pub link: &'static str,
    /// The change that fixes it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    fn new(
        cause: Option<&'static Cause>,
        check: &'static str,
        level: Level,
        message: impl Into<String>,
    ) -> Self {
        Self {
            check,
            cause,
            level,
            symptoms: cause.map_or(&[], |cause| cause.symptoms),
            location: None,
            message: message.into(),
            why: cause.map_or("", |cause| cause.why).into(),
            help: cause.map_or("", |cause| cause.fix).into(),
            link: cause.map_or("", |cause| cause.link),
            fix: None,
        }
    }

    /// A check that passed.
    #[must_use]
    pub fn passed(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(None, check, Level::Passed, message)
    }

    /// A check that didn't run, with the reason.
    #[must_use]
    pub fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self::new(None, check, Level::Skipped, why)
    }

    /// A cause at the level of its row, with the row's explanation, help and link.
    #[must_use]
    pub fn of(cause: &'static Cause, message: impl Into<String>) -> Self {
        Self::new(Some(cause), cause.id, cause.level, message)
    }

    fn at_level(level: Level, cause: Option<&'static Cause>, message: impl Into<String>) -> Self {
        Self::new(cause, cause.map_or("", |cause| cause.id), level, message)
    }

    /// A note. `None` means that it has no known cause.
    #[must_use]
    pub fn note(cause: impl Into<Option<&'static Cause>>, message: impl Into<String>) -> Self {
        Self::at_level(Level::Note, cause.into(), message)
    }

    /// A warning. `None` means that it has no known cause.
    #[must_use]
    pub fn warning(cause: impl Into<Option<&'static Cause>>, message: impl Into<String>) -> Self {
        Self::at_level(Level::Warning, cause.into(), message)
    }

    /// An error. `None` means that it has no known cause.
    #[must_use]
    pub fn error(cause: impl Into<Option<&'static Cause>>, message: impl Into<String>) -> Self {
        Self::at_level(Level::Error, cause.into(), message)
    }

    /// Sets the check, if it isn't the cause's own.
    #[must_use]
    pub fn check(mut self, check: &'static str) -> Self {
        self.check = check;
        self
    }

    /// Sets another level than the cause's.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Sets the location.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// Sets the help, if the cause's own is too general.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.help = help.into();
        self
    }

    /// Sets why it matters, if the cause's own text is too general.
    #[must_use]
    pub fn because(mut self, why: impl Into<Cow<'static, str>>) -> Self {
        self.why = why.into();
        self
    }

    /// Sets other symptoms than the cause's.
    #[must_use]
    pub fn symptoms(mut self, symptoms: &'static [Symptom]) -> Self {
        self.symptoms = symptoms;
        self
    }

    /// What is wrong and how to fix it, in one sentence without a full stop.
    #[must_use]
    pub fn sentence(&self, context: &RunContext) -> String {
        if self.help.is_empty() {
            return self.message.clone();
        }
        format!("{}; {}", self.message, self.help.render(context))
    }

    /// The cause's id.
    #[must_use]
    pub fn id(&self) -> Option<&'static str> {
        Some(self.cause?.id)
    }

    /// Whether it has this cause.
    #[must_use]
    pub fn is(&self, cause: &Cause) -> bool {
        self.cause == Some(cause)
    }

    /// The index of the config file that it points at.
    #[must_use]
    pub fn source(&self) -> Option<usize> {
        Some(self.span()?.source)
    }

    /// The byte range that it points at.
    #[must_use]
    pub fn span(&self) -> Option<&Span> {
        self.location.as_ref()?.span.as_ref()
    }

    /// Whether `--fix` can fix it.
    #[must_use]
    pub fn is_fixable(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.safe)
    }

    /// Applies a function to all its own texts, for example to hide a secret.
    #[must_use]
    pub fn map_text(mut self, change: impl Fn(&str) -> String) -> Self {
        self.message = change(&self.message);
        self.help = self.help.map(&change);
        if let Cow::Owned(why) = &self.why {
            self.why = change(why).into();
        }
        if let Some(fix) = &mut self.fix {
            fix.title = change(&fix.title);
        }
        self
    }

    /// Sorts by source, offset and check.
    pub(crate) fn sort_by_location(diagnostics: &mut [Self]) {
        diagnostics.sort_by_key(|one| {
            let span = one.span();
            (
                span.map(|span| span.source),
                span.map(|span| span.range.start),
                one.check,
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Level, Location};
    use crate::causes;
    use crate::document::Position;
    use crate::portkey::refusal::Refused;

    #[test]
    fn levels_are_ordered_and_named() {
        let all = [
            Level::Passed,
            Level::Skipped,
            Level::Note,
            Level::Warning,
            Level::Error,
        ];
        assert!(all.is_sorted());
        assert_eq!(
            all.map(Level::name),
            ["passed", "skipped", "note", "warning", "error"]
        );
        assert_eq!(
            all.map(Level::is_problem),
            [false, false, false, true, true]
        );
    }

    #[test]
    fn a_causes_texts_can_be_overridden() {
        let cause = causes::for_refusal(Refused::InvalidKey);
        let found = Diagnostic::of(cause, "401");
        assert_eq!(found.level, Level::Error);
        assert_eq!(found.id(), Some("invalid-key"));
        assert_eq!(found.why, cause.why);
        assert_eq!(found.link, cause.link);
        assert_eq!(found.symptoms, cause.symptoms);
        assert!(
            found
                .help
                .to_string()
                .ends_with("`openclaw-portkey init` stores it.")
        );
        let own = Diagnostic::note(cause, "x")
            .check("key")
            .help("do this")
            .because("so");
        assert_eq!((own.check, own.level), ("key", Level::Note));
        assert_eq!(own.help.to_string(), "do this");
        let none = Diagnostic::warning(None, "x");
        assert!(none.cause.is_none() && none.help.is_empty() && none.why.is_empty());
        let passed = Diagnostic::passed("key", "accepted");
        assert!(!passed.level.is_problem() && passed.id().is_none());
    }

    #[test]
    fn locations_show_what_is_known() {
        let at = Position { line: 3, column: 7 };
        for (location, want) in [
            (Location::file("a.json"), "a.json"),
            (Location::file("a.json").line(Some(3)), "a.json:3"),
            (Location::new("a\u{1b}.json", at), "a\\u{1b}.json:3:7"),
        ] {
            assert_eq!(location.to_string(), want);
        }
    }
}
