//! Why requests do not arrive: what is known of config, machine and Portkey becomes outcomes,
//! sorted by what the user sees first.
//!
//! Everything is gathered beforehand ([`DoctorFacts`]); a check whose facts are missing is skipped
//! and says why, and is never passed.

pub mod facts;

mod arrival;
mod gateway;
mod key;
mod place;
mod portkey;
mod probe;
mod table;
mod wiring;

use std::path::{Path, PathBuf};

use crate::openclaw::VersionSource;
use crate::rules::{Facts, Level, Online, Rule};
use crate::secret::Secret;
use crate::symptoms::{self, Group, Symptom};

use facts::{Fact, Machine, Probed};

pub use arrival::{Arrival, arrival};
pub use key::{KeyInUse, KeyOrigin, key_in_use, variable_in_use};
pub use table::CHECKS;

/// The file that was located.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Whether it exists.
    pub exists: bool,
}

/// What a rule found in the config, with its place.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, safe to show.
    pub message: String,
    /// What to do, safe to show.
    pub help: String,
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// Whether there is a fix that surely keeps what was meant.
    pub fixable: bool,
}

/// What Portkey said to a key.
#[derive(Debug)]
pub enum Asked {
    /// It was not asked: why.
    No(String),
    /// It could not be asked.
    Failed {
        /// What kind of failure.
        symptom: &'static Symptom,
        /// One sentence.
        message: String,
    },
    /// It answered.
    Answered(Online),
}

impl Asked {
    /// Why nothing can be said that only Portkey knows; `None` where it answered.
    fn reason(&self) -> Option<String> {
        match self {
            Self::No(reason) => Some(reason.clone()),
            Self::Failed { symptom, .. } => {
                Some(format!("Portkey could not be asked: {}", symptom.title))
            }
            Self::Answered(_) => None,
        }
    }
}

/// A key other than the one in use, and what Portkey said to it.
#[derive(Debug)]
pub struct OtherKey {
    /// Whose it is: `this shell`.
    pub whose: String,
    /// What came of it.
    pub asked: Asked,
}

/// Everything that the checks know.
pub struct DoctorFacts<'e> {
    /// The located file.
    pub config: ConfigFile,
    /// What the config says; `None` where it could not be read.
    pub facts: Option<&'e Facts<'e>>,
    /// What the rules found in it.
    pub found: &'e [Found],
    /// Includes that could not be read, each with its place and the reason.
    pub unread: &'e [String],
    /// Id of the provider that is meant.
    pub provider_id: &'e str,
    /// The OpenClaw that reads it.
    pub version: VersionSource,
    /// The machine.
    pub machine: &'e Machine,
    /// What Portkey said to the key in use.
    pub asked: Asked,
    /// What it said to this shell's key, where that is another one.
    pub other_key: Option<OtherKey>,
    /// Whether the base URL's host name leads to a private address.
    pub resolves_privately: Fact<bool>,
    /// What a gateway that is not Portkey's own tells of its health: its version.
    pub health: Option<String>,
    /// What came of the probes.
    pub probes: Fact<Vec<Probed>>,
    /// How a path is shown.
    pub short: &'e dyn Fn(&Path) -> String,
}

impl DoctorFacts<'_> {
    /// Why nothing is known of the config.
    fn unreadable(&self) -> &'static str {
        if self.config.exists {
            "the config could not be read"
        } else {
            "there is no config"
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It found what should be.
    Passed,
    /// It did not run.
    Skipped,
    /// Worth knowing.
    Note,
    /// Likely wrong.
    Warning,
    /// Requests fail or go elsewhere.
    Problem,
}

impl Verdict {
    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

impl From<Level> for Verdict {
    fn from(level: Level) -> Self {
        match level {
            Level::Note => Self::Note,
            Level::Warning => Self::Warning,
            Level::Error => Self::Problem,
        }
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
}

/// What a check came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check.
    pub check: &'static str,
    /// What the user sees first where it fails.
    pub group: Group,
    /// How it ended.
    pub verdict: Verdict,
    /// The id of the symptom or rule that it comes down to; of what passed, none.
    pub id: Option<&'static str>,
    /// What was found, or why nothing was looked at.
    pub found: String,
    /// Where.
    pub at: Option<At>,
    /// One or two sentences; empty where `found` says it all.
    pub cause: String,
    /// What to type or click; empty where there is nothing to do.
    pub cure: String,
    /// The page where it is done; empty where none helps.
    pub link: &'static str,
    /// Whether `--fix` cures it.
    pub fixable: bool,
}

impl Outcome {
    /// Puts the place to it.
    fn at(mut self, file: &Path, line: Option<usize>) -> Self {
        self.at = Some(At {
            file: file.to_owned(),
            line,
            column: None,
        });
        self
    }

    /// What to do, where the symptom's own cure is too general.
    fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = cure.into();
        self
    }
}

/// A check.
#[derive(Debug)]
pub struct Check {
    /// Its name: kebab-case.
    pub id: &'static str,
    /// What the user sees first where it fails.
    pub group: Group,
    /// One line: what is looked at.
    pub what: &'static str,
    run: fn(&DoctorFacts<'_>, &mut Outcomes),
}

/// Collects what the checks come to.
struct Outcomes {
    check: &'static Check,
    all: Vec<Outcome>,
}

impl Outcomes {
    fn blank(&self, verdict: Verdict, found: impl Into<String>) -> Outcome {
        Outcome {
            check: self.check.id,
            group: self.check.group,
            verdict,
            id: None,
            found: found.into(),
            at: None,
            cause: String::new(),
            cure: String::new(),
            link: "",
            fixable: false,
        }
    }

    fn passed(&mut self, found: impl Into<String>) {
        let outcome = self.blank(Verdict::Passed, found);
        self.all.push(outcome);
    }

    fn skipped(&mut self, why: impl Into<String>) {
        let outcome = self.blank(Verdict::Skipped, why);
        self.all.push(outcome);
    }

    fn note(&mut self, found: impl Into<String>) {
        let outcome = self.blank(Verdict::Note, found);
        self.all.push(outcome);
    }

    /// An outcome with a symptom's cause and cure, ready to be added.
    fn symptom(&self, verdict: Verdict, symptom: &'static Symptom, found: String) -> Outcome {
        Outcome {
            group: symptom.group,
            id: Some(symptom.id),
            cause: symptom.why.to_owned(),
            cure: symptom.fix.to_owned(),
            link: symptom.link,
            ..self.blank(verdict, found)
        }
    }

    /// The same for the symptom of a name; a test shows that each exists.
    fn named(&self, verdict: Verdict, id: &'static str, found: impl Into<String>) -> Outcome {
        match symptoms::by_id(id) {
            Some(symptom) => self.symptom(verdict, symptom, found.into()),
            None => self.blank(verdict, found),
        }
    }

    fn push(&mut self, outcome: Outcome) {
        self.all.push(outcome);
    }

    /// What this check found so far.
    fn own_mut(&mut self) -> impl Iterator<Item = &mut Outcome> {
        let id = self.check.id;
        self.all
            .iter_mut()
            .filter(move |outcome| outcome.check == id)
    }

    /// Whether this check found nothing amiss so far.
    fn has_no_problem(&self) -> bool {
        !self
            .all
            .iter()
            .any(|outcome| outcome.check == self.check.id && outcome.verdict > Verdict::Note)
    }

    /// Whether this check found nothing so far.
    fn is_empty(&self) -> bool {
        !self
            .all
            .iter()
            .any(|outcome| outcome.check == self.check.id)
    }
}

/// Runs the checks.
#[must_use]
pub fn run(evidence: &DoctorFacts<'_>) -> Vec<Outcome> {
    let mut all = Vec::new();
    for check in CHECKS {
        let mut outcomes = Outcomes { check, all };
        (check.run)(evidence, &mut outcomes);
        all = outcomes.all;
    }
    all
}

/// The keys that must not be shown.
#[must_use]
pub fn known_keys(machine: &Machine) -> Vec<Secret> {
    let variables = machine
        .variables
        .iter()
        .flat_map(|variable| &variable.sources);
    let profiles = machine.profiles.known().into_iter().flatten();
    variables
        .filter_map(facts::KeySource::secret)
        .chain(profiles.filter_map(|profile| profile.key.as_ref()))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests;
