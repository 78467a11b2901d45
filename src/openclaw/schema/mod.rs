//! Whether OpenClaw would start with a config, checked against the settings that each version
//! accepts.
//!
//! `table.txt` holds these settings, extracted from the packages of those versions by
//! `scripts/schema/run`. A version between two in the table is checked against both: only what both
//! reject is wrong.

mod checks;
mod issue;
mod keys;
mod lookup;
mod roster;
mod scalars;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

use std::collections::HashSet;

use crate::openclaw::{Config, Version};

pub use issue::{Issue, IssueKind, IssuePlace};
pub use lookup::{Accepted, accepted};

use issue::Problem;
use walk::Walk;

/// Whether OpenClaw accepts a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// OpenClaw starts with it.
    Accepted,
    /// OpenClaw rejects it.
    Refused,
    /// Can't be determined, with the reason.
    Unknown(String),
}

/// A verdict and the issues behind it.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The issues, in document order.
    pub issues: Vec<Issue>,
    /// Whether OpenClaw starts.
    pub verdict: Verdict,
    bit: u32,
}

/// The versions in the table, oldest first.
#[must_use]
pub fn versions() -> &'static [Version] {
    table::versions()
}

/// Whether the table covers a version: one it contains, or one between two of those.
#[must_use]
pub fn is_covered(version: Version) -> bool {
    versions().first().is_some_and(|oldest| *oldest <= version)
        && versions().last().is_some_and(|newest| version <= *newest)
}

/// Checks a config against a version of OpenClaw.
#[must_use]
pub fn validate(config: &Config, version: Version) -> Validation {
    let known = versions();
    let above = known.partition_point(|other| *other < version);
    let exact = known.get(above) == Some(&version);
    let newer = (above < known.len()).then_some(above);
    let older = above.checked_sub(1).filter(|_| !exact);
    let (first, second) = match (newer, older) {
        (Some(newer), older) => (newer, older),
        (None, older) => (older.unwrap_or_default(), None),
    };
    let bit = 1 << first;
    let issues = Walk::run(config, bit);
    let judged = Validation::of(issues, bit);
    let judged = match second {
        Some(second) if judged.verdict != Verdict::Accepted => {
            let other = Walk::run(config, 1 << second);
            judged.agreed_with(other, known[first], known[second])
        }
        Some(second) => match Validation::of(Walk::run(config, 1 << second), bit).verdict {
            Verdict::Refused => Validation {
                verdict: Verdict::Unknown(differ(known[first], known[second])),
                ..judged
            },
            verdict => Validation { verdict, ..judged },
        },
        None => judged,
    };
    if is_covered(version) {
        return judged;
    }
    let verdict = Verdict::Unknown(format!("the settings of OpenClaw {version} are unknown"));
    Validation { verdict, ..judged }
}

fn differ(accepting: Version, refusing: Version) -> String {
    format!("OpenClaw {accepting} accepts it, but {refusing} refuses it")
}

impl Validation {
    fn of(issues: Vec<Issue>, bit: u32) -> Self {
        let (unsure, issues): (Vec<_>, Vec<_>) = issues.into_iter().partition(Issue::is_unsure);
        let reason = unsure.into_iter().find_map(|issue| match issue.problem {
            Problem::Unsure(reason) => Some(format!("{}: {reason}", issue.path)),
            _ => None,
        });
        let verdict = match reason {
            _ if !issues.is_empty() => Verdict::Refused,
            Some(reason) => Verdict::Unknown(reason),
            None => Verdict::Accepted,
        };
        Self {
            issues,
            verdict,
            bit,
        }
    }

    /// Keeps only what both versions agree on.
    fn agreed_with(self, other: Vec<Issue>, newer: Version, older: Version) -> Self {
        let other = Self::of(other, self.bit);
        let places: Vec<_> = other.issues.iter().map(Issue::place).collect();
        let verdict = match (&self.verdict, &other.verdict) {
            (Verdict::Refused, Verdict::Refused) => Verdict::Refused,
            (Verdict::Unknown(reason), _) | (_, Verdict::Unknown(reason)) => {
                Verdict::Unknown(reason.clone())
            }
            (Verdict::Accepted, _) => Verdict::Unknown(differ(newer, older)),
            (_, Verdict::Accepted) => Verdict::Unknown(differ(older, newer)),
        };
        let issues = self
            .issues
            .into_iter()
            .filter(|issue| places.contains(&issue.place()))
            .collect();
        Self {
            issues,
            verdict,
            bit: self.bit,
        }
    }

    /// The positions and kinds of its issues, to look up an issue's `place` in.
    #[must_use]
    pub fn places(&self) -> HashSet<IssuePlace> {
        self.issues.iter().map(Issue::place).collect()
    }

    /// The known key that an unknown one was likely intended to be, and whether that key accepts
    /// the value.
    #[must_use]
    pub fn intended(&self, config: &Config, issue: &Issue) -> Option<(&'static str, bool)> {
        let key = self.closest(issue)?;
        let Problem::Unknown(row) = issue.problem else {
            return None;
        };
        let known = row.keys.iter().find(|known| known.name == key)?;
        let value = config.nearest(&issue.path);
        Some((key, Walk::takes(config, self.bit, &value, known.row)))
    }

    /// Like [`Self::closest`], for `key` instead of the issue's own.
    #[must_use]
    pub fn closest_to(&self, issue: &Issue, key: &str) -> Option<&'static str> {
        match issue.problem {
            Problem::Unknown(row) => keys::closest(row, key, self.bit),
            _ => None,
        }
    }

    /// The known key that an unknown one was likely intended to be.
    #[must_use]
    pub fn closest(&self, issue: &Issue) -> Option<&'static str> {
        self.closest_to(issue, issue.key())
    }
}
