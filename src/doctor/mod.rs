//! Why requests don't reach Portkey: what is known of config, machine and Portkey becomes
//! diagnostics, and those become one verdict.
//!
//! Everything is gathered beforehand ([`DoctorFacts`]); a check whose facts are missing is skipped
//! and says why, and is never passed.

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

/// The file that was located.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Whether it exists.
    pub exists: bool,
}

/// What Portkey said to a key.
#[derive(Debug)]
pub enum Asked {
    /// It was not asked: why.
    No(String),
    /// It could not be asked.
    Failed {
        /// What kind of failure.
        cause: &'static Cause,
        /// One sentence.
        message: String,
    },
    /// It answered.
    Answered(Online),
}

impl Asked {
    /// What it answered.
    pub(crate) fn online(&self) -> Option<&Online> {
        match self {
            Self::Answered(online) => Some(online),
            Self::No(_) | Self::Failed { .. } => None,
        }
    }

    /// Why nothing can be said that only Portkey knows; `None` where it answered.
    fn reason(&self) -> Option<String> {
        match self {
            Self::No(reason) => Some(reason.clone()),
            Self::Failed { cause, .. } => {
                Some(format!("Portkey could not be reached: {}", cause.summary))
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
    /// What the rules found in it, safe to show.
    pub found: &'e [Diagnostic],
    /// Includes that could not be read, each with its place and the reason.
    pub unread: &'e [String],
    /// Id of the provider to check.
    pub provider_id: &'e str,
    /// The OpenClaw that reads it.
    pub version: VersionSource,
    /// The machine.
    pub machine: &'e Machine,
    /// What Portkey said to the key in use.
    pub asked: Asked,
    /// What it said to this shell's key, where that is another one.
    pub other_key: Option<OtherKey>,
    /// The variables whose proxies the gateway service and this shell use for the base URL, where
    /// those differ; `None` of the pair is no proxy.
    pub proxies: Option<(Option<String>, Option<String>)>,
    /// Whether the base URL's host name leads to a private address.
    pub resolves_privately: Fact<bool>,
    /// The version that a self-hosted gateway reports.
    pub health: Option<String>,
    /// What came of the probes.
    pub probes: Fact<Vec<Probed>>,
    /// What came of a fallback that was forced, where that was asked for.
    pub forced: Option<ForcedFallback>,
    /// The time.
    pub now: SystemTime,
    /// How a path is shown.
    pub short: &'e dyn Fn(&Path) -> String,
}

impl DoctorFacts<'_> {
    /// Why nothing is known of the config.
    fn unreadable(&self) -> &'static str {
        if self.config.exists {
            "the config could not be read"
        } else {
            "no config"
        }
    }
}

/// What a line of the report is about.
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
    /// The way to Portkey.
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

    /// The row of what a check found: what its cause is about, else what the check looks at. What
    /// came of a test request stays with the test requests.
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
    /// Its name: kebab-case.
    pub id: &'static str,
    /// The row of the report that it fills.
    pub row: Row,
    /// What it looks like to the user where it fails.
    pub symptoms: &'static [Symptom],
    /// One line: what is looked at.
    pub what: &'static str,
    /// Whether requests are in doubt where it does not run.
    pub doubt: Doubt,
    /// What is said of all of these areas where it passes: a problem in one takes that back.
    speaks_for: &'static [Area],
    run: fn(&DoctorFacts<'_>, &mut Found),
}

/// A check is its row.
impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Check {}

impl Check {
    /// Whether it made a diagnostic.
    fn made(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.check == self.id
    }
}

/// Collects what the checks find.
struct Found {
    check: &'static Check,
    all: Vec<Diagnostic>,
}

impl Found {
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

    /// What this check found so far.
    fn own_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        let check = self.check;
        self.all.iter_mut().filter(move |one| check.made(one))
    }

    /// Whether this check found no problem so far.
    fn has_no_problem(&self) -> bool {
        !self.own().any(|one| one.level.is_problem())
    }

    /// Whether this check found nothing so far.
    fn is_empty(&self) -> bool {
        self.own().next().is_none()
    }
}

/// Runs the checks. What one of them says is taken back where another knows better.
#[must_use]
pub fn run(facts: &DoctorFacts<'_>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for check in CHECKS {
        let mut found = Found { check, all };
        (check.run)(facts, &mut found);
        if found.is_empty() {
            found.skipped("the check gave no result");
        }
        all = found.all;
    }
    settle(facts, &mut all);
    all
}

/// Takes back what other diagnostics contradict.
fn settle(facts: &DoctorFacts<'_>, all: &mut Vec<Diagnostic>) {
    // A model that answered says more of the key than a list of models.
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
            check.speaks_for.contains(&cause.area)
                || (*check == table::CONFIG_READABLE
                    && cause.stops_openclaw
                    && *level == Level::Error)
        })
    };
    // Each model that is tested has a result of its own; of the other checks none passes what
    // leaves a doubt.
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
