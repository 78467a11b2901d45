//! Schema issues and their messages.

use std::ops::Range;

use crate::document::{Kind, Path, Step};
use crate::openclaw::Version;
use crate::portkey::printable;

use super::table::{Literal, ObjectRow};

/// The index of an issue's file, the offset in it, and the kind.
pub type IssuePlace = (usize, usize, IssueKind);

/// A part of the config that OpenClaw rejects.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The index of the file in `Config::sources`.
    pub source: usize,
    /// The offending key or value.
    pub range: Range<usize>,
    /// Its path in the merged config.
    pub path: Path,
    pub(super) problem: Problem,
}

/// The kind of issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IssueKind {
    /// A key that no version knows here.
    UnknownKey,
    /// A key that only other versions know here.
    RetiredKey,
    /// A required key is missing.
    MissingKey,
    /// An invalid value.
    InvalidValue,
}

#[derive(Clone, Debug)]
pub(super) enum Problem {
    Unknown(&'static ObjectRow),
    /// The last version with this key.
    Removed(Version),
    /// The first version with this key.
    NotYet(Version),
    Missing,
    /// Empty if no value is allowed at all.
    Expected(Vec<Expected>),
    Wrong {
        message: String,
        help: String,
    },
    /// It may or may not be wrong.
    Unsure(String),
}

/// A type or value that is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expected {
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
    Value(&'static Literal),
}

impl Issue {
    pub(super) fn is_unsure(&self) -> bool {
        matches!(self.problem, Problem::Unsure(_))
    }

    /// The kind of issue.
    #[must_use]
    pub fn kind(&self) -> IssueKind {
        match self.problem {
            Problem::Unknown(_) => IssueKind::UnknownKey,
            Problem::Removed(_) | Problem::NotYet(_) => IssueKind::RetiredKey,
            Problem::Missing => IssueKind::MissingKey,
            Problem::Expected(_) | Problem::Wrong { .. } | Problem::Unsure(_) => {
                IssueKind::InvalidValue
            }
        }
    }

    /// The last key in its path.
    #[must_use]
    pub fn key(&self) -> &str {
        let keys = self.path.0.iter().rev();
        let mut keys = keys.filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        });
        keys.next().unwrap_or_default()
    }

    /// The version that knows a retired key, and whether that version is older.
    #[must_use]
    pub fn known_by(&self) -> Option<(Version, bool)> {
        match self.problem {
            Problem::Removed(version) => Some((version, true)),
            Problem::NotYet(version) => Some((version, false)),
            _ => None,
        }
    }

    /// What is wrong: a clause about the value, without a full stop.
    #[must_use]
    pub fn message(&self, found: Kind) -> String {
        let name = self.shown();
        match &self.problem {
            Problem::Unknown(_) => format!("OpenClaw doesn't know the key {name} here"),
            Problem::Removed(last) => {
                format!("OpenClaw no longer has the key {name} here ({last} had it)")
            }
            Problem::NotYet(first) => {
                format!("OpenClaw only has the key {name} here from {first} on")
            }
            Problem::Missing => format!("{name} is missing"),
            Problem::Expected(expected) if expected.is_empty() => {
                format!("{name} must not be here")
            }
            Problem::Expected(expected) => {
                let is_value = matches!(expected[..], [Expected::Value(_), ..])
                    && !matches!(found, Kind::Object | Kind::Array);
                let not = if is_value {
                    String::new()
                } else {
                    format!(", not {found}")
                };
                format!("{name} must be {}{not}", listed(expected))
            }
            Problem::Wrong { message, .. }
                if message.starts_with("must ") || message.starts_with("is ") =>
            {
                format!("{name} {message}")
            }
            Problem::Wrong { message, .. } => message.clone(),
            Problem::Unsure(reason) => reason.clone(),
        }
    }

    /// How to fix it, if the message doesn't already say.
    #[must_use]
    pub fn help(&self) -> &str {
        match &self.problem {
            Problem::Wrong { help, .. } => help,
            _ => "",
        }
    }

    fn shown(&self) -> String {
        match self.path.0.last() {
            None => "the config".to_owned(),
            Some(Step::Key(key)) => format!("`{}`", printable(key, 60)),
            Some(Step::Index(index)) => format!("`{}[{index}]`", printable(self.key(), 60)),
        }
    }

    /// What identifies an issue when comparing two versions.
    #[must_use]
    pub fn place(&self) -> IssuePlace {
        (self.source, self.range.start, self.kind())
    }
}

/// The maximum number of values to list.
const MAX_LISTED: usize = 12;

fn listed(expected: &[Expected]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for one in expected {
        let text = match one {
            Expected::String => "a string".to_owned(),
            Expected::Number => "a number".to_owned(),
            Expected::Integer => "a whole number".to_owned(),
            Expected::Boolean => "true or false".to_owned(),
            Expected::Array => "an array".to_owned(),
            Expected::Object => "an object".to_owned(),
            Expected::Value(Literal::Null) => "null".to_owned(),
            Expected::Value(Literal::Bool(value)) => value.to_string(),
            Expected::Value(Literal::Number(value)) => value.to_string(),
            Expected::Value(Literal::String(value)) => format!("\"{value}\""),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let more = texts.len().saturating_sub(MAX_LISTED);
    texts.truncate(MAX_LISTED);
    if more > 0 {
        return format!("{} or one of {more} others", texts.join(", "));
    }
    match texts.pop() {
        Some(last) if texts.is_empty() => last,
        Some(last) => format!("{} or {last}", texts.join(", ")),
        None => String::new(),
    }
}

/// Of the issues from each branch of a union, those of the branch that was intended.
pub(super) fn best_of(tried: Vec<Vec<Issue>>, depth: usize) -> Vec<Issue> {
    let is_own_type = |issues: &[Issue]| {
        issues
            .iter()
            .any(|one| one.path.0.len() == depth && matches!(one.problem, Problem::Expected(_)))
    };
    let (other, mut own): (Vec<_>, Vec<_>) =
        tried.into_iter().partition(|issues| is_own_type(issues));
    if own.is_empty() {
        return together(other);
    }
    // The key that distinguishes the branches is wrong in all of them.
    let first = own[0].iter().filter(|one| selects_branch(one, depth));
    let common = first.map(|one| one.path.clone()).find(|path| {
        own.iter().all(|issues| {
            issues
                .iter()
                .any(|one| one.path == *path && selects_branch(one, depth))
        })
    });
    if own.len() > 1
        && let Some(path) = common
    {
        let issues = own.into_iter().flatten();
        return together(vec![issues.filter(|one| one.path == path).collect()]);
    }
    own.sort_by_key(|issues| {
        (
            issues.iter().any(|one| selects_branch(one, depth)),
            issues.len(),
        )
    });
    own.swap_remove(0)
}

/// Whether the issue is about a literal such as `source: "env"`, which distinguishes the branches
/// of a union.
fn selects_branch(one: &Issue, depth: usize) -> bool {
    one.path.0.len() == depth + 1
        && matches!(&one.problem, Problem::Expected(values) if matches!(values[..], [Expected::Value(_), ..]))
}

/// One issue that lists what each branch expects.
fn together(tried: Vec<Vec<Issue>>) -> Vec<Issue> {
    let mut all = Vec::new();
    let mut first: Option<Issue> = None;
    for issue in tried.into_iter().flatten() {
        if let Problem::Expected(expected) = &issue.problem
            && first.as_ref().is_none_or(|first| first.path == issue.path)
        {
            all.extend(expected.iter().copied());
            first.get_or_insert(issue);
        }
    }
    first
        .into_iter()
        .map(|first| Issue {
            problem: Problem::Expected(all.clone()),
            ..first
        })
        .collect()
}

/// A pattern from the table, described in words.
pub(super) fn pattern_in_words(pattern: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        (
            "^[A-Z][A-Z0-9_]{0,127}$",
            "must be a variable name: capitals, digits and `_`, such as PORTKEY_API_KEY",
        ),
        (
            "^[a-z][a-z0-9_-]{0,63}$",
            "must be a name of lower-case letters, digits, `_` and `-`",
        ),
        ("^#?[0-9a-fA-F]{6}$", "must be a colour such as #1a2b3c"),
        (
            "^[a-z0-9-]+$",
            "must contain only lower-case letters, digits and `-`",
        ),
        ("\\S", "must not be blank"),
        ("^\\d+$", "must contain only digits"),
        ("^/", "must start with `/`"),
    ];
    let known = WORDS.iter().find(|(source, _)| *source == pattern);
    known.map_or_else(
        || format!("must match {pattern}"),
        |(_, words)| (*words).to_owned(),
    )
}
