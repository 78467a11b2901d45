//! What is wrong with a config, in words.

use std::ops::Range;

use crate::document::{Kind, Path, Step};
use crate::openclaw::Version;
use crate::portkey::printable;

use super::table::{Literal, ObjectRow};

/// The index of an issue's file, the offset in it, and the kind.
pub type IssuePlace = (usize, usize, IssueKind);

/// Something that OpenClaw refuses.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The index of the file in `Config::sources`.
    pub source: usize,
    /// Where it is: a key, or a value.
    pub range: Range<usize>,
    /// The way to it in the merged config.
    pub path: Path,
    pub(super) problem: Problem,
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IssueKind {
    /// A key that no version knows here.
    UnknownKey,
    /// A key that only other versions know here.
    RetiredKey,
    /// A key that has to be there.
    MissingKey,
    /// A value that does not do.
    InvalidValue,
}

#[derive(Clone, Debug)]
pub(super) enum Problem {
    Unknown(&'static ObjectRow),
    /// The last version that knew it.
    Removed(Version),
    /// The first version that knows it.
    NotYet(Version),
    Missing,
    /// Nothing here means that the value may not be there at all.
    Expected(Vec<Expected>),
    Wrong {
        message: String,
        help: String,
    },
    /// Whether it is wrong cannot be told.
    Unsure(String),
}

/// What may be in a place.
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

    /// What kind of thing is wrong.
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

    /// The last key on the way to it.
    #[must_use]
    pub fn key(&self) -> &str {
        let keys = self.path.0.iter().rev();
        let mut keys = keys.filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        });
        keys.next().unwrap_or_default()
    }

    /// The version that knows a retired key, and whether it is an older one.
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

    /// What to do about it, where more can be said than the message does.
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

    /// What has to be equal for two versions to say the same.
    #[must_use]
    pub fn place(&self) -> IssuePlace {
        (self.source, self.range.start, self.kind())
    }
}

/// How many values are listed.
const MOST: usize = 12;

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
    let more = texts.len().saturating_sub(MOST);
    texts.truncate(MOST);
    if more > 0 {
        return format!("{} or one of {more} others", texts.join(", "));
    }
    match texts.pop() {
        Some(last) if texts.is_empty() => last,
        Some(last) => format!("{} or {last}", texts.join(", ")),
        None => String::new(),
    }
}

/// Of what the branches of a union find, what the branch finds that was meant.
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
    // The key that tells the branches apart is wrong in all of them.
    let first = own[0].iter().filter(|one| tells_branch(one, depth));
    let common = first.map(|one| one.path.clone()).find(|path| {
        own.iter().all(|issues| {
            issues
                .iter()
                .any(|one| one.path == *path && tells_branch(one, depth))
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
            issues.iter().any(|one| tells_branch(one, depth)),
            issues.len(),
        )
    });
    own.swap_remove(0)
}

/// A literal such as `source: "env"` tells which branch of a union is meant.
fn tells_branch(one: &Issue, depth: usize) -> bool {
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

/// What a pattern of the table asks for.
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
