//! Finds out why requests don't reach Portkey: facts about config, machine and Portkey become
//! diagnostics, and those become one verdict.
//!
//! Everything is gathered beforehand ([`DoctorFacts`]). A check whose facts are missing is skipped
//! with a reason, and never passes.

pub mod facts;

mod gateway;
mod key;
mod place;
mod portkey;
pub mod probe;
mod profile;
mod settings;
mod table;
mod value;
mod verdict;
mod wiring;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::causes::{Area, Cause, Doubt, Facts, Online, Symptom};
use crate::diagnostic::{Diagnostic, Level};
use crate::openclaw::VersionSource;
use crate::secret::Secret;

use facts::{Fact, ForcedFallback, Machine, Probed};

pub use key::{KeyInUse, KeyOrigin, key_in_use, variable_in_use};
pub use table::CHECKS;
pub use verdict::{Verdict, verdict};

/// The located config file.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Whether it exists.
    pub exists: bool,
}

/// Portkey's answer for a key.
#[derive(Debug)]
pub enum Answer {
    /// The request wasn't sent: the reason.
    NotSent(String),
    /// The request failed.
    Failed {
        /// The kind of failure.
        cause: &'static Cause,
        /// One sentence.
        message: String,
    },
    /// Portkey's answer.
    Answered(Online),
}

impl Answer {
    /// The answer, if there is one.
    pub(crate) fn online(&self) -> Option<&Online> {
        match self {
            Self::Answered(online) => Some(online),
            Self::NotSent(_) | Self::Failed { .. } => None,
        }
    }

    /// Why there is no answer; `None` if there is one.
    fn reason(&self) -> Option<String> {
        match self {
            Self::NotSent(reason) => Some(reason.clone()),
            Self::Failed { cause, .. } => {
                Some(format!("Portkey could not be reached: {}", cause.summary))
            }
            Self::Answered(_) => None,
        }
    }
}

/// A key other than the one in use, and Portkey's answer for it.
#[derive(Debug)]
pub struct OtherKey {
    /// Its owner: `this shell`.
    pub whose: String,
    /// The answer.
    pub answer: Answer,
}

/// The input of the checks.
pub struct DoctorFacts<'e> {
    /// The located config file.
    pub config: ConfigFile,
    /// The facts about the config; `None` if it couldn't be read.
    pub facts: Option<&'e Facts<'e>>,
    /// The rules' diagnostics, safe to print.
    pub found: &'e [Diagnostic],
    /// Includes that couldn't be read, each with its location and the reason.
    pub unread: &'e [String],
    /// The id of the provider to check.
    pub provider_id: &'e str,
    /// The OpenClaw version that reads it.
    pub version: VersionSource,
    /// The machine.
    pub machine: &'e Machine,
    /// Portkey's answer for the key in use.
    pub answer: Answer,
    /// Its answer for this shell's key, if that is a different one.
    pub other_key: Option<OtherKey>,
    /// The proxy variables that the gateway service and this shell use for the base URL, if they
    /// differ; `None` in the pair means no proxy.
    pub proxies: Option<(Option<String>, Option<String>)>,
    /// Whether the base URL's host name resolves to a private address.
    pub resolves_privately: Fact<bool>,
    /// The version that a self-hosted gateway reports.
    pub health: Option<String>,
    /// The results of the probes.
    pub probes: Fact<Vec<Probed>>,
    /// The result of a forced fallback, if requested.
    pub forced: Option<ForcedFallback>,
    /// The current time.
    pub now: SystemTime,
    /// Formats a path for display.
    pub short: &'e dyn Fn(&Path) -> String,
}

impl DoctorFacts<'_> {
    /// Why nothing is known about the config.
    fn unreadable(&self) -> &'static str {
        if self.config.exists {
            "the config could not be read"
        } else {
            "no config"
        }
    }
}

/// The subject of a line in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Whether requests go through Portkey.
    Routing,
    /// The API key.
    Key,
    /// The models in use.
    Models,
    /// Headers and gateway configs.
    Headers,
    /// The connection to Portkey.
    Network,
    /// The test requests.
    Requests,
    /// The config as OpenClaw reads it, and its gateway.
    OpenClaw,
}

impl Row {
    /// Every row, in the order of the report.
    pub const ALL: [Self; 7] = [
        Self::Routing,
        Self::Key,
        Self::Models,
        Self::Headers,
        Self::Network,
        Self::Requests,
        Self::OpenClaw,
    ];

    /// Its name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Routing => "routing",
            Self::Key => "key",
            Self::Models => "models",
            Self::Headers => "headers",
            Self::Network => "network",
            Self::Requests => "requests",
            Self::OpenClaw => "OpenClaw",
        }
    }

    /// The row for a check's diagnostic: that of its cause's area, else the check's own. Results of
    /// test requests stay with the test requests.
    #[must_use]
    pub fn of(found: &Diagnostic) -> Self {
        let check = CHECKS.iter().find(|check| check.made(found));
        let by_check = check.map(|check| check.row);
        if by_check == Some(Self::Requests) {
            return Self::Requests;
        }
        let by_cause = found.cause.and_then(|cause| match cause.area {
            _ if cause.stops_openclaw => Some(Self::OpenClaw),
            Area::Provider | Area::References => Some(Self::Routing),
            Area::Key => Some(Self::Key),
            Area::Models => Some(Self::Models),
            Area::Routing | Area::Headers => Some(Self::Headers),
            Area::Connection => Some(Self::Network),
            _ => None,
        });
        by_cause.or(by_check).unwrap_or(Self::OpenClaw)
    }
}

/// A check.
#[derive(Debug)]
pub struct Check {
    /// Its id, in kebab-case.
    pub id: &'static str,
    /// The row of the report that it belongs to.
    pub row: Row,
    /// The symptoms if it fails.
    pub symptoms: &'static [Symptom],
    /// One line: what it checks.
    pub what: &'static str,
    /// Whether requests are in doubt if it doesn't run.
    pub doubt: Doubt,
    /// The areas that it vouches for when it passes: a problem in one of them retracts that.
    vouches_for: &'static [Area],
    run: fn(&DoctorFacts<'_>, &mut Diagnostics),
}

/// Two checks are equal if they are the same row.
impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Check {}

impl Check {
    /// Whether it reported a diagnostic.
    fn made(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.check == self.id
    }
}

/// Collects the checks' diagnostics.
struct Diagnostics {
    check: &'static Check,
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    fn passed(&mut self, message: impl Into<String>) {
        self.push(Diagnostic::passed(self.check.id, message));
    }

    fn skipped(&mut self, why: impl Into<String>) {
        self.push(Diagnostic::skipped(self.check.id, why));
    }

    fn note(&mut self, message: impl Into<String>) {
        self.push(Diagnostic::note(None, message));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        let symptoms = match diagnostic.symptoms {
            [] => self.check.symptoms,
            own => own,
        };
        self.all
            .push(diagnostic.check(self.check.id).symptoms(symptoms));
    }

    fn own(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter().filter(|one| self.check.made(one))
    }

    /// This check's diagnostics so far.
    fn own_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        let check = self.check;
        self.all.iter_mut().filter(move |one| check.made(one))
    }

    /// Whether this check has reported no problem so far.
    fn has_no_problem(&self) -> bool {
        !self.own().any(|one| one.level.is_problem())
    }

    /// Whether this check has reported nothing so far.
    fn is_empty(&self) -> bool {
        self.own().next().is_none()
    }
}

/// Runs the checks. A diagnostic is retracted if another check knows better.
#[must_use]
pub fn run(facts: &DoctorFacts<'_>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for check in CHECKS {
        let mut found = Diagnostics { check, all };
        (check.run)(facts, &mut found);
        if found.is_empty() {
            found.skipped("the check gave no result");
        }
        all = found.all;
    }
    retract(facts, &mut all);
    all
}

/// Retracts diagnostics that others contradict.
fn retract(facts: &DoctorFacts<'_>, all: &mut Vec<Diagnostic>) {
    // A model's answer says more about the key than a list of models.
    if verdict::answered(facts).is_some() {
        for one in all.iter_mut() {
            if table::KEY_ACCEPTED.made(one) {
                one.level = one.level.min(Level::Warning);
            }
        }
    }
    let problems: Vec<(&'static Cause, Level)> = all
        .iter()
        .filter(|one| one.level.is_problem())
        .filter_map(|one| Some((one.cause?, one.level)))
        .collect();
    let is_contradicted = |check: &Check| {
        problems.iter().any(|(cause, level)| {
            check.vouches_for.contains(&cause.area)
                || (*check == table::CONFIG_READABLE
                    && cause.stops_openclaw
                    && *level == Level::Error)
        })
    };
    // Each tested model has its own result. No other check passes if a diagnostic leaves a doubt.
    let doubts = |check: &Check| {
        *check != table::PROBE
            && all
                .iter()
                .any(|one| check.made(one) && verdict::bears(facts, one))
    };
    let contradicted: Vec<&Check> = CHECKS
        .iter()
        .copied()
        .filter(|check| is_contradicted(check) || doubts(check))
        .collect();
    all.retain(|one| {
        one.level != Level::Passed || !contradicted.iter().any(|check| check.made(one))
    });
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
