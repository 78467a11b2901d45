//! Would OpenClaw start with a config? Judged over the settings that each version accepts.
//!
//! `table.txt` holds them, read out of the versions' own packages by `scripts/schema/run`. A version
//! between two of the table is judged by both: only what both refuse is wrong.

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

/// What OpenClaw makes of a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts with it.
    Accepted,
    /// It refuses it.
    Refused,
    /// That cannot be told; the reason.
    Unknown(String),
}

/// A verdict, and what it rests on.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What is wrong, in the order of the walk.
    pub issues: Vec<Issue>,
    /// Whether OpenClaw starts.
    pub verdict: Verdict,
    bit: u32,
}

/// The versions that the table has, oldest first.
#[must_use]
pub fn versions() -> &'static [Version] {
    table::versions()
}

/// Whether the table can speak for a version: one that it holds, or one between two of these.
#[must_use]
pub fn is_covered(version: Version) -> bool {
    versions().first().is_some_and(|oldest| *oldest <= version)
        && versions().last().is_some_and(|newest| version <= *newest)
}

/// What a version of OpenClaw says of a config.
#[must_use]
pub fn judge(config: &Config, version: Version) -> Judgement {
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
    let judged = Judgement::of(issues, bit);
    let judged = match second {
        Some(second) if judged.verdict != Verdict::Accepted => {
            let other = Walk::run(config, 1 << second);
            judged.agreed_with(other, known[first], known[second])
        }
        Some(second) => match Judgement::of(Walk::run(config, 1 << second), bit).verdict {
            Verdict::Refused => Judgement {
                verdict: Verdict::Unknown(differ(known[first], known[second])),
                ..judged
            },
            verdict => Judgement { verdict, ..judged },
        },
        None => judged,
    };
    if is_covered(version) {
        return judged;
    }
    let verdict = Verdict::Unknown(format!("the settings of OpenClaw {version} are not known"));
    Judgement { verdict, ..judged }
}

fn differ(accepting: Version, refusing: Version) -> String {
    format!("OpenClaw {accepting} accepts it, but {refusing} refuses it")
}

impl Judgement {
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

    /// What both of two versions say.
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

    /// Where its issues are, and of which kind; what an issue's place is looked up in.
    #[must_use]
    pub fn places(&self) -> HashSet<IssuePlace> {
        self.issues.iter().map(Issue::place).collect()
    }

    /// The known key that was likely intended by an unknown one, and whether it takes the value.
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

    /// The same for another key next to it.
    #[must_use]
    pub fn closest_to(&self, issue: &Issue, key: &str) -> Option<&'static str> {
        match issue.problem {
            Problem::Unknown(row) => keys::closest(row, key, self.bit),
            _ => None,
        }
    }

    /// The known key that was likely intended by an unknown one.
    #[must_use]
    pub fn closest(&self, issue: &Issue) -> Option<&'static str> {
        self.closest_to(issue, issue.key())
    }
}
